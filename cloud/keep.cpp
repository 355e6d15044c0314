// SPDX-License-Identifier: Apache-2.0
#include "cloud/keep.hpp"

namespace machiai::cloud {

namespace {

constexpr int most_days = 366;

base::Status days_in(const boost::json::object& from, const char* name, int least, int& days) {
  const boost::json::value* value = from.if_contains(name);
  if (value == nullptr) return {};
  if (!value->is_int64() || value->get_int64() < least || value->get_int64() > most_days)
    return base::fail(base::Error::Code::invalid, "bad_settings", name);
  days = static_cast<int>(value->get_int64());
  return {};
}

} // namespace

base::Result<Keep> read_keep(const boost::json::object& provider) {
  Keep keep;
  const boost::json::value* document = provider.if_contains("keep");
  if (document == nullptr) return keep;
  if (!document->is_object()) return base::fail(base::Error::Code::invalid, "bad_settings", "keep");
  // A day at least: today's patients are still to come, or just gone.
  MACHIAI_TRY(days_in(document->get_object(), "people_days", 1, keep.people_days));
  MACHIAI_TRY(days_in(document->get_object(), "cards_days", 0, keep.cards_days));
  return keep;
}

Past past_of(const Keep& keep, base::Date today) {
  return {base::Date{today.days - keep.people_days}, base::Date{today.days - keep.answers_days - 1},
          base::Date{today.days - 1}};
}

bool cards_go(const service::Contract& contract, const Keep& keep, base::Date today) {
  return contract.ended && contract.ended->days + keep.cards_days <= today.days;
}

} // namespace machiai::cloud
