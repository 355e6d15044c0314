// SPDX-License-Identifier: Apache-2.0
#include "core/wire/acceptance.hpp"

#include "core/base/text.hpp"
#include "core/queue/clinic.hpp"
#include "core/queue/places.hpp"
#include "core/wire/limits.hpp"
#include "core/wire/views.hpp"

#include <boost/json.hpp>

#include <algorithm>

namespace machiai::wire {

namespace json = boost::json;
using base::Error;
using base::fail;

namespace {

bool is_clock(const std::string& text) {
  return text.empty() || (text.size() <= 5 && queue::parse_minute(text));
}

bool is_window(const std::string& text) {
  const auto hours = queue::parse_hours(text);
  return text.size() <= 11 && hours && hours->size() == 1;
}

bool is_count(int value) {
  return value >= 0 && value <= static_cast<int>(most_numbers);
}

/// The first field that is not what it says; empty: all are well.
std::string_view wrong(const queue::OutsideView& v) {
  if (!base::is_plain_id(v.service, longest_id)) return "service";
  if (v.open ? !v.reason.empty() : !base::is_plain_id(v.reason, longest_reason)) return "reason";
  if (!is_clock(v.opens_at)) return "opens_at";
  if (!v.opens_on.empty() && !base::parse_iso_date(v.opens_on)) return "opens_on";
  if (!is_clock(v.closes_at)) return "closes_at";
  if (v.windows.size() > most_windows || !std::all_of(v.windows.begin(), v.windows.end(), is_window))
    return "windows";
  if (!is_count(v.cap)) return "cap";
  if (!is_count(v.given)) return "given";
  if (!is_count(v.booked)) return "booked";
  if (!is_count(v.walk_ins)) return "walk_ins";
  if (!is_count(v.walk_ins_rule)) return "walk_ins_rule";
  if (!queue::is_every(v.every.value_or(0))) return "every";
  if (!queue::is_every(v.every_rule.value_or(0))) return "every_rule";
  if (!is_count(v.absence_back.value_or(0))) return "absence_back";
  if (!is_count(v.absence_times.value_or(0))) return "absence_times";
  if (!is_clock(v.through_by)) return "through_by";
  return {};
}

} // namespace

LinkDocument acceptance_document_of(const queue::AcceptanceView& view) {
  queue::AcceptanceView told = view;
  told.current = false;
  return {std::string(acceptance_document), static_cast<std::uint64_t>(base::to_ms(told.at)),
          json::serialize(to_json(told))};
}

base::Result<queue::AcceptanceView> acceptance_from_text(std::string_view body) {
  boost::system::error_code error;
  const json::value parsed = json::parse(json::string_view(body.data(), body.size()), error);
  if (error || !parsed.is_object()) return fail(Error::Code::invalid, "bad_document");
  auto view = acceptance_from_json(parsed.as_object());
  if (!view) return fail(Error::Code::invalid, "bad_document");
  if (!base::parse_iso_date(view->date)) return fail(Error::Code::invalid, "bad_document", "date");
  if (view->services.size() > most_services) return fail(Error::Code::invalid, "bad_document", "services");
  for (const queue::OutsideView& each : view->services)
    if (const auto field = wrong(each); !field.empty())
      return fail(Error::Code::invalid, "bad_document", std::string(field));
  view->current = false;
  return view;
}

} // namespace machiai::wire
