// SPDX-License-Identifier: Apache-2.0
#include "cloud/store/predicted.hpp"

#include "cloud/told.hpp"

#include <algorithm>

namespace machiai::cloud::store {

namespace {

namespace json = boost::json;

std::optional<base::Instant> end_of(const json::object& projection, const std::string& service,
                                    base::Instant now) {
  boost::system::error_code error;
  const json::value whole(projection);
  const json::value* high = whole.find_pointer("/services/" + service + "/wait/high", error);
  if (high == nullptr || !high->is_int64()) return std::nullopt;
  return now + std::chrono::minutes{high->get_int64()};
}

} // namespace

Predicted::Predicted(const pqxx::field& ends, const pqxx::field& at) {
  if (ends.is_null() || at.is_null()) return;
  end = base::instant_from_ms(ends.as<std::int64_t>());
  said = base::instant_from_ms(at.as<std::int64_t>());
}

std::optional<base::Instant> Predicted::at(base::Instant now) const {
  return end && now - said <= void_after ? end : std::nullopt;
}

void save_predicted(pqxx::work& work, const Profile& facility, base::Date date,
                    const json::object& projection, base::Instant now) {
  const auto stops = [](const ServiceProfile& each) { return each.booking.through_by.has_value(); };
  if (std::none_of(facility.services.begin(), facility.services.end(), stops)) return;
  for (const auto& row : work.exec_prepared("lock_predicted", facility.id, date.days)) {
    const ServiceProfile* service = facility.service(row[0].c_str());
    if (service == nullptr || !stops(*service)) continue;
    const auto end = end_of(projection, service->id, now);
    const booking::Load load{0, end, row[1].as<bool>()};
    const std::optional<std::int64_t> ends = end ? std::optional(base::to_ms(*end)) : std::nullopt;
    work.exec_prepared("save_predicted", facility.id, date.days, service->id,
                       booking::pauses(service->booking, load, now), ends, base::to_ms(now));
  }
}

} // namespace machiai::cloud::store
