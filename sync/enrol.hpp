// SPDX-License-Identifier: Apache-2.0
// A machine becomes the clinic's station: it makes a key, asks the cloud for a certificate with the one-time
// code, and keeps both in HOME/cloud. The key never leaves it.
#pragma once

#include "core/base/clock.hpp"
#include "core/store/station.hpp"
#include "sync/client.hpp"

#include <optional>
#include <string>

namespace machiai::sync {

/// What HOME/cloud holds.
struct Enrolled {
  LinkSettings link;
  std::uint16_t station = 0; ///< generation of its kiosk series; 0: the clinic's first machine
  std::uint64_t lineage = 0;
};
/// None when the station is not enrolled. Error storage "bad_enrolment".
[[nodiscard]] base::Result<std::optional<Enrolled>> load_enrolled(const store::Home& home);
/// On the disk when it returns.
[[nodiscard]] base::Status keep_lineage(const store::Home& home, std::uint64_t lineage);

/// Why this machine gives no number: the cloud has said that another's record goes on in its place, which
/// would give the same. Remembered until the cloud lets it in. Empty: it gives them.
[[nodiscard]] std::string turned_out(const store::Home& home);
[[nodiscard]] base::Status keep_turned_out(const store::Home& home, const std::string& reason);

struct Enrolment {
  std::string facility;
  std::string link;        ///< "wss://HOST:PORT/v1/link"
  std::string fingerprint; ///< SHA-256 of the cloud's authority, for a person to compare
  base::Instant until{};   ///< the certificate's end
};
struct EnrolAsk {
  std::string cloud; ///< "https://HOST[:PORT]"
  std::string code;
  std::string ca; ///< PEM the cloud must show; empty: the one that the answer names is trusted from here on
};
/// Blocks for at most 20 s. Refused: invalid "bad_cloud_address", device "cloud_unreachable", forbidden
/// "enrol_refused", conflict "station_replaced" when this machine was given up, storage "bad_enrolment" for
/// an answer that does not fit our key.
[[nodiscard]] base::Result<Enrolment> enrol(const store::Home& home, const std::string& facility,
                                            const EnrolAsk& ask);

} // namespace machiai::sync
