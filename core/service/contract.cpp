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

using Announced = std::vector<Announcement>;

constexpr std::chrono::hours span_announced{48};
constexpr int end_announced = 31; ///< days

bool begun(const Contract& contract, Date today) {
  return !contract.begins || today >= *contract.begins;
}

bool over(const Contract& contract, Date today) {
  return contract.ended && today >= *contract.ended;
}

void tell_term(Announced& list, const Contract& contract, Date today) {
  const auto midnight = [](const std::optional<Date>& date) {
    return date ? std::optional(base::at_minute(*date, 0)) : std::nullopt;
  };
  if (over(contract, today)) {
    list.push_back({"contract_ended", {}, midnight(contract.ended), std::nullopt, true});
  } else if (!begun(contract, today)) {
    list.push_back({"contract_not_begun", {}, std::nullopt, midnight(contract.begins), true});
  } else if (contract.ended && contract.ended->days - today.days <= end_announced) {
    list.push_back({"contract_ends", {}, std::nullopt, midnight(contract.ended), false});
  }
}

void tell_spans(Announced& list, const std::vector<Span>& spans, std::string_view now_is,
                std::string_view ahead, Instant now) {
  for (const Span& each : spans) {
    if (within(each, now))
      list.push_back({std::string(now_is), each.reason, each.from, each.until, true});
    else if (each.from > now && each.from - now <= span_announced)
      list.push_back({std::string(ahead), each.reason, each.from, each.until, false});
  }
}

void tell_hours(Announced& list, const ServerHours& hours, Date today) {
  for (const int ahead : {0, 1}) {
    const HoursException day = hours_on(hours, Date{today.days + ahead});
    if (day.open == hours.open && day.close == hours.close) continue;
    list.push_back({ahead == 0 ? "hours_changed" : "hours_change_ahead",
                    {},
                    base::at_minute(day.date, day.open),
                    base::at_minute(day.date, day.close),
                    ahead == 0});
  }
}

/// The gravest state, until its own end.
Standing holds(const Provider& provider, const Contract& contract, Instant now) {
  const Date today = base::civil_date(now);
  if (over(contract, today)) return {State::ended, {}, std::nullopt};
  if (!begun(contract, today)) return {State::not_begun, {}, base::at_minute(*contract.begins, 0)};
  if (const Span* span = span_at(contract.suspensions, now))
    return {State::suspended, span->reason, span->until};
  if (const Span* span = span_at(provider.maintenance, now))
    return {State::maintenance, span->reason, span->until};
  if (!serves(provider.hours, now)) return {State::outside_hours, {}, next_service(provider.hours, now)};
  return {};
}

} // namespace

std::string_view state_name(State state) {
  switch (state) {
  case State::ok: return "ok";
  case State::outside_hours: return "outside_hours";
  case State::maintenance: return "maintenance";
  case State::suspended: return "suspended";
  case State::not_begun: return "not_begun";
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

std::vector<Span> not_over(std::vector<Span> spans, Instant now) {
  std::erase_if(spans, [&](const Span& each) { return each.until && *each.until <= now; });
  return spans;
}

std::vector<HoursException> not_over(std::vector<HoursException> exceptions, Instant now) {
  std::erase_if(exceptions, [&](const HoursException& each) { return each.date < base::civil_date(now); });
  return exceptions;
}

Standing standing(const Provider& provider, const Contract& contract, Instant now) {
  Standing told = holds(provider, contract, now);
  // What ends may end into something else: the hours that begin later, another span.
  while (told.until) {
    const Standing then = holds(provider, contract, *told.until);
    if (then.state == State::ok) break;
    told.until = then.until;
  }
  return told;
}

Signage signage(const Contract& contract, Instant now) {
  Signage told;
  const Date today = base::civil_date(now);
  told.covered = contract.signage && begun(contract, today) && !over(contract, today);
  told.suspended = span_at(contract.suspensions, now) != nullptr;
  const auto turns = [&](std::optional<Instant> at) {
    if (at && *at > now && (!told.until || *at < *told.until)) told.until = at;
  };
  if (contract.begins) turns(base::at_minute(*contract.begins, 0));
  if (contract.ended) turns(base::at_minute(*contract.ended, 0));
  for (const Span& each : contract.suspensions) {
    turns(each.from);
    turns(each.until);
  }
  return told;
}

std::vector<Announcement> announcements(const Provider& provider, const Contract& contract, Instant now) {
  Announced list;
  const Date today = base::civil_date(now);
  tell_term(list, contract, today);
  tell_spans(list, contract.suspensions, "contract_suspended", "suspension_ahead", now);
  tell_spans(list, provider.maintenance, "maintenance_now", "maintenance_ahead", now);
  tell_hours(list, provider.hours, today);
  // What holds comes before what is to come.
  std::stable_partition(list.begin(), list.end(), [](const Announcement& each) { return each.now; });
  return list;
}

} // namespace machiai::service
