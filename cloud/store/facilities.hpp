// SPDX-License-Identifier: Apache-2.0
// The facilities and what holds for all of them; codes and certificates of their stations.
#pragma once

#include "cloud/authority.hpp"
#include "cloud/keep.hpp"
#include "cloud/profile.hpp"
#include "core/base/clock.hpp"
#include "core/base/result.hpp"

#include <pqxx/pqxx>

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace machiai::cloud::store {

/// What a column of JSON holds; no object: an empty one.
[[nodiscard]] boost::json::object object_in(const char* column);

struct Facilities {
  service::Provider provider;
  Keep keep;
  std::vector<Profile> all;
};
/// Facilities whose profile cannot be read are left out and named in the log.
[[nodiscard]] Facilities load_facilities(pqxx::connection& connection);

/// Puts in those of the document that are not there yet, with their cards, and the subscribers that it names;
/// what is there stays.
[[nodiscard]] base::Status add_facilities(pqxx::connection& connection, std::string_view document,
                                          const std::string& card_key, base::Instant now);

/// What was done with a list of cards: its lines, those of them that changed something, and all cards now.
struct CardsChanged {
  std::int64_t read = 0;
  std::int64_t changed = 0;
  std::int64_t now = 0;
};
/// A card with its birth date, as pair_mac and typed_pair_mac make them.
struct CardMacs {
  std::string mac;
  std::string typed;
};
/// Adds or takes away the cards that `next` gives for the facility, until it gives none: all of them, or none
/// when it fails. What was kept of a card as it was written gives way. Not_found "unknown_facility".
[[nodiscard]] base::Result<CardsChanged>
change_cards(pqxx::connection& connection, const std::string& facility,
             const std::function<base::Result<std::optional<CardMacs>>(int)>& next, bool remove);

/// The facility that an operator names by its short name or its number; where somebody's short name is
/// another's number it is the short name. Not_found "unknown_facility".
[[nodiscard]] base::Result<int> find_facility(pqxx::transaction_base& work, const std::string& text);

/// A code for the facility, by its short name or number. Not_found "unknown_facility".
[[nodiscard]] base::Result<std::string> make_code(pqxx::connection& connection, const std::string& facility,
                                                  base::Instant now);
/// In a transaction that says more.
[[nodiscard]] std::string add_code(pqxx::work& work, int facility, base::Instant now);

struct Certified {
  int facility = 0;
  std::string serial;
  std::string station;
  std::string fingerprint; ///< SHA-256 of the DER
  base::Instant not_after{};
};
/// Uses the code up and enters the certificate; earlier ones of the facility are revoked. Gives the station's
/// number (numbering::Seat). `was`: that of a machine that was enrolled before. Forbidden "enrol_refused",
/// conflict "station_replaced".
[[nodiscard]] base::Result<int> enrol(pqxx::connection& connection, const std::string& code,
                                      const Certified& certified, std::optional<int> was, base::Instant now);

/// The station of a certificate we gave and did not revoke. Forbidden "certificate_unknown",
/// "certificate_revoked", "station_replaced".
[[nodiscard]] base::Result<std::string> station_of(pqxx::connection& connection, const Shown& shown);

/// Enters another certificate for the station whose certificate is shown, which stays as it is. Forbidden as
/// above, limit "renewed_too_often".
[[nodiscard]] base::Status renew(pqxx::connection& connection, const Shown& shown, const Certified& certified,
                                 base::Instant now);

} // namespace machiai::cloud::store
