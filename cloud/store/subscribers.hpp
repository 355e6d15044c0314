// SPDX-License-Identifier: Apache-2.0
// Subscribers (契約者, §3-1(13)) and whose each facility is. What a subscriber's log-in may manage, once
// there are such, is `facilities_of` and nothing else.
#pragma once

#include "core/base/clock.hpp"
#include "core/base/result.hpp"

#include <boost/json.hpp>
#include <pqxx/pqxx>

#include <optional>
#include <string>
#include <vector>

namespace machiai::cloud::store {

struct Subscriber {
  int number = 0;
  std::string id;               ///< short name
  boost::json::object document; ///< "name" {"ja", "en"}, "phone", "address"
};
struct FacilityOf {
  int number = 0;
  std::string id;
  boost::json::object name;
  boost::json::object contract;
  base::Instant since{}; ///< when it became theirs; 1970: it always was
};

/// Invalid "bad_settings" with the field: what a subscriber's document may hold.
[[nodiscard]] base::Status check_subscriber(const boost::json::object& document);
/// With the next number. Conflict "subscriber_exists", invalid "bad_settings".
[[nodiscard]] base::Result<Subscriber> add_subscriber(pqxx::work& work, const std::string& id,
                                                      const boost::json::object& document, base::Instant now);
/// The fields that `changes` has in the place of those before; null takes one away. Not_found
/// "unknown_subscriber".
[[nodiscard]] base::Result<Subscriber> change_subscriber(pqxx::work& work, const std::string& subscriber,
                                                         const boost::json::object& changes);
/// By short name or number. Not_found "unknown_subscriber".
[[nodiscard]] base::Result<Subscriber> find_subscriber(pqxx::transaction_base& work,
                                                       const std::string& subscriber);
[[nodiscard]] std::vector<Subscriber> subscribers(pqxx::transaction_base& work);
[[nodiscard]] std::vector<FacilityOf> facilities_of(pqxx::transaction_base& work, int subscriber);
/// Short name of the one whose facility it is, by its short name or number. Not_found "unknown_facility".
[[nodiscard]] base::Result<std::string> subscriber_of(pqxx::transaction_base& work,
                                                      const std::string& facility);
/// From now on the facility is another's; its contract goes on as it stands. Not_found "unknown_facility",
/// "unknown_subscriber".
[[nodiscard]] base::Status move_facility(pqxx::work& work, const std::string& facility,
                                         const std::string& subscriber, base::Instant now);

} // namespace machiai::cloud::store
