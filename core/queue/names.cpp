// SPDX-License-Identifier: Apache-2.0
// A ticket as people name it.
#include "core/queue/decide.hpp"

#include <algorithm>
#include <charconv>

namespace machiai::queue {

using base::Error;
using base::fail;
using Code = Error::Code;

namespace {

/// "naika-20261124-12" or "naika/12" -> the shown number and its service; otherwise the number alone.
struct Named {
  std::optional<int> service;
  std::string number;
  bool of_today = true;
};

Named split_name(const Clinic& clinic, const Day& day, const std::string& text) {
  if (const auto slash = text.find('/'); slash != std::string::npos)
    return {find_service(clinic, text.substr(0, slash)).value_or(-1), text.substr(slash + 1)};
  const auto last = text.rfind('-');
  if (last == std::string::npos || last < 9) return {std::nullopt, text};
  const std::string date = text.substr(last - 8, 8);
  const auto service = text[last - 9] == '-' ? find_service(clinic, text.substr(0, last - 9)) : std::nullopt;
  if (!service) return {std::nullopt, text};
  return {service, text.substr(last + 1), date == base::compact_date(day.date)};
}

/// "12" -> main 12; "K3" and "K-3" -> kiosk 3; "W2.7" and "W2-7" -> web 7 of generation 2.
std::optional<TicketRef> parse_number(int service, std::string number) {
  TicketRef ref{service, main_series, 0};
  if (!number.empty() && (number[0] == kiosk_series.letter || number[0] == web_series.letter)) {
    const auto mark = number.find_first_of(".-");
    const auto series = parse_series(number.substr(0, mark == std::string::npos ? 1 : mark));
    if (!series) return std::nullopt;
    ref.series = *series;
    number.erase(0, mark == std::string::npos ? 1 : mark + 1);
  }
  if (number.empty() || number.size() > 9 || number.find_first_not_of("0123456789") != std::string::npos)
    return std::nullopt;
  ref.n = static_cast<std::uint32_t>(std::stoul(number));
  return ref;
}

} // namespace

std::string series_text(const Series& series) {
  std::string text(1, series.letter);
  if (series.generation != 0) text += std::to_string(series.generation);
  return text;
}

std::optional<Series> parse_series(std::string_view text) {
  const auto known = [&](const Series& series) { return !text.empty() && text[0] == series.letter; };
  if (!known(main_series) && !known(kiosk_series) && !known(web_series)) return std::nullopt;
  Series series(text[0]);
  const char* end = text.data() + text.size();
  if (text.size() == 1) return series;
  const auto read = std::from_chars(text.data() + 1, end, series.generation);
  const bool plain = read.ec == std::errc() && read.ptr == end && text[1] != '0';
  return plain && !known(main_series) ? std::optional(series) : std::nullopt;
}

base::Result<TicketIndex> resolve_ticket(const Clinic& clinic, const Day& day, const std::string& text) {
  const Named named = split_name(clinic, day, text);
  // Where a counter has no prefix 8 is of that one: S-8 is somebody else.
  const bool bare = std::any_of(clinic.services.begin(), clinic.services.end(),
                                [](const Service& each) { return each.prefix.empty(); });
  std::optional<TicketIndex> found;
  for (int service = 0; service < static_cast<int>(clinic.services.size()); ++service) {
    if (named.service && *named.service != service) continue;
    std::string number = named.number;
    const std::string& prefix = clinic.services[static_cast<std::size_t>(service)].prefix;
    const bool as_shown = number.starts_with(prefix);
    if (!as_shown && !named.service && bare) continue;
    if (as_shown && !prefix.empty()) number.erase(0, prefix.size() + (number[prefix.size()] == '-' ? 1 : 0));
    const auto ref = parse_number(service, number);
    const auto at = ref && named.of_today ? find_ticket(day, *ref) : std::nullopt;
    if (!at) continue;
    if (found) return fail(Code::conflict, "ambiguous_ticket");
    found = at;
  }
  if (!found) return fail(Code::not_found, "unknown_ticket");
  return *found;
}

} // namespace machiai::queue
