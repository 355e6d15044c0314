// SPDX-License-Identifier: Apache-2.0
#include "core/wire/contract.hpp"

#include "core/wire/fields.hpp"

#include <boost/json.hpp>

#include <algorithm>

// The lists stand in the namespace of the structs, where the writer and the reader find them.
namespace machiai::service {

template <class A, wire::Is<HoursException> T> void fields(A& a, T& v) {
  a("date", v.date)("open", v.open)("close", v.close);
}
template <class A, wire::Is<ServerHours> T> void fields(A& a, T& v) {
  a("open", v.open)("close", v.close)("exceptions", v.exceptions);
}
template <class A, wire::Is<Span> T> void fields(A& a, T& v) {
  a("from", v.from)("until", v.until)("reason", v.reason);
}
template <class A, wire::Is<Contract> T> void fields(A& a, T& v) {
  a("queue", v.queue)("signage", v.signage)("begins", v.begins)("ended", v.ended);
  a("suspensions", v.suspensions);
}
template <class A, wire::Is<Provider> T> void fields(A& a, T& v) {
  a("hours", v.hours)("maintenance", v.maintenance);
}

} // namespace machiai::service

namespace machiai::wire {

namespace json = boost::json;
using base::Error;
using base::fail;

template <class A, class T>
requires std::is_same_v<std::remove_const_t<T>, ContractTold>
void fields(A& a, T& v) {
  a("at", v.at)("provider", v.provider)("contract", v.contract);
}

namespace {

constexpr std::size_t longest_words = 4 * service::longest_reason; ///< bytes

bool is_span(const service::Span& span) {
  return span.reason.size() <= longest_words && (!span.until || span.from < *span.until);
}

bool are_spans(const std::vector<service::Span>& spans) {
  return spans.size() <= service::most_spans && std::all_of(spans.begin(), spans.end(), is_span);
}

bool is_minute(int minute) {
  return minute >= 0 && minute <= 24 * 60;
}

bool is_day(const service::HoursException& day) {
  return is_minute(day.open) && is_minute(day.close) && day.open <= day.close;
}

/// The first field that is not what it says; empty: all are well.
std::string_view wrong(const ContractTold& told) {
  const service::ServerHours& hours = told.provider.hours;
  if (!is_day({{}, hours.open, hours.close})) return "hours";
  if (hours.exceptions.size() > service::most_exceptions ||
      !std::all_of(hours.exceptions.begin(), hours.exceptions.end(), is_day))
    return "exceptions";
  if (!are_spans(told.provider.maintenance)) return "maintenance";
  if (!are_spans(told.contract.suspensions)) return "suspensions";
  return {};
}

} // namespace

LinkDocument contract_document_of(const ContractTold& told) {
  return {std::string(contract_document), static_cast<std::uint64_t>(base::to_ms(told.at)),
          json::serialize(Writer::encode(told))};
}

base::Result<ContractTold> contract_from_text(std::string_view body) {
  boost::system::error_code error;
  const json::value parsed = json::parse(json::string_view(body.data(), body.size()), error);
  ContractTold told;
  if (error || !Reader::decode(parsed, told)) return fail(Error::Code::invalid, "bad_document");
  if (const auto field = wrong(told); !field.empty())
    return fail(Error::Code::invalid, "bad_document", std::string(field));
  return told;
}

std::vector<queue::StandingView> standing_views(const ContractTold& told, base::Instant now) {
  std::vector<queue::StandingView> views;
  for (const service::Announcement& each : service::announcements(told.provider, told.contract, now))
    views.push_back({each.reason, each.words, each.from.value_or(base::Instant{}),
                     each.until.value_or(base::Instant{}), each.now});
  return views;
}

queue::MessageView phones_rest(const ContractTold& told, base::Instant now) {
  constexpr int told_days = 30;
  const service::Contract& contract = told.contract;
  const base::Date today = base::civil_date(now);
  const service::Standing standing = service::standing(told.provider, contract, now);
  // Who never had it, or has it yet to come, looks at no phone.
  if (!contract.queue || standing.state == service::State::ok || standing.state == service::State::not_begun)
    return {};
  if (standing.state == service::State::ended) {
    const bool lately = today.days - contract.ended->days < told_days;
    return lately ? queue::MessageView{0, "phones_ended", "", 0, ""} : queue::MessageView{};
  }
  const bool later_today = standing.until && base::civil_date(*standing.until) == today;
  return {0, "phones_rest", "", 0, later_today ? base::clock_text(*standing.until) : ""};
}

} // namespace machiai::wire
