// SPDX-License-Identifier: Apache-2.0
// How long personal data is kept (docs/CLOUD.md, "What is forgotten, and when"), as pure rules.
#pragma once

#include "core/base/clock.hpp"
#include "core/base/result.hpp"
#include "core/service/contract.hpp"

#include <boost/json.hpp>

namespace machiai::cloud {

/// The provider's choice; days after the business date.
struct Keep {
  int people_days = 7;  ///< names, telephones, cards and birth dates of who has booked
  int cards_days = 30;  ///< cards that may book, after the facility's contract has ended
  int answers_days = 7; ///< what was answered to a key; not to be chosen: retries must find it
};
/// "keep" of the provider's document. Invalid "bad_settings" with the place.
[[nodiscard]] base::Result<Keep> read_keep(const boost::json::object& provider);

/// The last business dates of which this is forgotten.
struct Past {
  base::Date people;
  base::Date answers;
  base::Date notices;
};
[[nodiscard]] Past past_of(const Keep& keep, base::Date today);
/// Nobody books at a facility whose contract is over; its patients' cards go some days later.
[[nodiscard]] bool cards_go(const service::Contract& contract, const Keep& keep, base::Date today);

} // namespace machiai::cloud
