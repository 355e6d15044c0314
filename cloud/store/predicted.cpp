// SPDX-License-Identifier: Apache-2.0
#include "cloud/store/predicted.hpp"

#include "cloud/told.hpp"

namespace machiai::cloud::store {

namespace {

namespace json = boost::json;

std::optional<std::int64_t> number_at(const json::object& projection, const std::string& service,
                                      std::string_view what) {
  const json::value* all = projection.if_contains("services");
  boost::system::error_code error;
  const json::value* number =
      all == nullptr ? nullptr : all->find_pointer("/" + service + std::string(what), error);
  return number != nullptr && number->is_int64() ? std::optional(number->get_int64()) : std::nullopt;
}

std::optional<base::Instant> end_of(const json::object& projection, const std::string& service,
                                    base::Instant now) {
  const auto high = number_at(projection, service, "/wait/high");
  return high ? std::optional(now + std::chrono::minutes{*high}) : std::nullopt;
}

} // namespace

std::optional<base::Instant> Predicted::at(base::Instant now) const {
  return end && now - said <= void_after ? end : std::nullopt;
}

void follow_projection(pqxx::work& work, const Profile& facility, base::Date date,
                       const json::object& projection, base::Instant now) {
  for (const auto& row : work.exec_prepared("lock_date", facility.id, date.days)) {
    const ServiceProfile* service = facility.service(row[0].c_str());
    if (service == nullptr) continue;
    if (const auto line = number_at(projection, service->id, "/line"))
      work.exec_prepared("save_line", facility.id, date.days, service->id, *line);
    if (!service->booking.through_by) continue;
    const auto end = end_of(projection, service->id, now);
    const booking::Load load{0, end, row[1].as<bool>()};
    const std::optional<std::int64_t> ends = end ? std::optional(base::to_ms(*end)) : std::nullopt;
    work.exec_prepared("save_predicted", facility.id, date.days, service->id,
                       booking::pauses(service->booking, load, now), ends, base::to_ms(now));
  }
}

} // namespace machiai::cloud::store
