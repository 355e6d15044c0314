// SPDX-License-Identifier: Apache-2.0
// The station asks for its next certificate by the one it has. Nothing on the disk is touched but next.pem.
#pragma once

#include "core/store/station.hpp"
#include "sync/client.hpp"
#include "sync/pair.hpp"

#include <boost/asio/awaitable.hpp>

namespace machiai::sync {

/// A new key and its certificate, checked: of the same authority, facility and station, ending later than
/// the present one. Refused: forbidden "certificate_refused", "station_replaced", limit "renewed_too_often",
/// device "cloud_unreachable", storage "bad_enrolment" for an answer that does not fit.
[[nodiscard]] boost::asio::awaitable<base::Result<Pair>> ask_renewal(LinkSettings link);

struct Renewed {
  std::string facility;
  base::Instant until{};
};
/// The same, waited for and kept as next.pem: the daemon takes it at its next look or start. Also not_found
/// "not_enrolled".
[[nodiscard]] base::Result<Renewed> renew(const store::Home& home);

} // namespace machiai::sync
