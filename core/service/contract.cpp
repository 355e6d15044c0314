// SPDX-License-Identifier: Apache-2.0
#include "core/service/contract.hpp"

#include <algorithm>

namespace machiai::service {

namespace {

using base::Date;
using base::Instant;

constexpr int days_looked_ahead = 14;

bool serves(const ServerHours& hours, Instant now) {
  const HoursException today = hours_on(hours, base::civil_date(now));
  const int minute = base::minute_of_day(now);
  return minute >= today.open && minute < today.close;
}

std::optional<Instant> next_service(const ServerHours& hours, Instant now) {
  const Date today = base::civil_date(now);
  for (int ahead = 0; ahead <= days_looked_ahead; ++ahead) {
    const HoursException day = hours_on(hours, Date{today.days + ahead});
    const Instant open = base::at_minute(day.date, day.open);
    if (day.open < day.close && open > now) return open;
  }
  return std::nullopt;
}

const Span* span_at(const std::vector<Span>& spans, Instant now) {
  const auto found =
      std::find_if(spans.begin(), spans.end(), [&](const Span& each) { return within(each, now); });
  return found == spans.end() ? nullptr : &*found;
}

} // namespace

std::string_view state_name(State state) {
  switch (state) {
  case State::ok: return "ok";
  case State::outside_hours: return "outside_hours";
  case State::maintenance: return "maintenance";
  case State::suspended: return "suspended";
  case State::ended: return "ended";
  }
  return "ended";
}

HoursException hours_on(const ServerHours& hours, Date date) {
  // The last announcement counts.
  const auto found = std::find_if(hours.exceptions.rbegin(), hours.exceptions.rend(),
                                  [&](const HoursException& each) { return each.date == date; });
  return found == hours.exceptions.rend() ? HoursException{date, hours.open, hours.close} : *found;
}

bool within(const Span& span, Instant now) {
  return span.from <= now && (!span.until || now < *span.until);
}

Standing standing(const Provider& provider, const Contract& contract, Instant now) {
  const Date today = base::civil_date(now);
  if (contract.ended && today >= *contract.ended) return {State::ended, {}, std::nullopt};
  if (contract.begins && today < *contract.begins)
    return {State::ended, {}, base::at_minute(*contract.begins, 0)};
  if (const Span* span = span_at(contract.suspensions, now))
    return {State::suspended, span->reason, span->until};
  if (const Span* span = span_at(provider.maintenance, now))
    return {State::maintenance, span->reason, span->until};
  if (!serves(provider.hours, now)) return {State::outside_hours, {}, next_service(provider.hours, now)};
  return {};
}

} // namespace machiai::service
