// SPDX-License-Identifier: Apache-2.0
#include "app/forecast/sessions.hpp"

#include "core/base/result.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <map>
#include <optional>

namespace machiai::forecasting {

namespace {

enum Column : std::size_t { session, slot, visit_count, start, service_time, columns };
constexpr std::array<std::string_view, columns> names{"Session", "AM_PM", "Visit.No", "StartTime",
                                                      "ServTime"};

using Read = tl::expected<void, FileError>;

constexpr queue::VisitKind first_visit = 0;
constexpr queue::VisitKind return_visit = 1;
constexpr queue::VisitKind unknown_visit = 2;
constexpr std::size_t most_slots = 64;

auto refuse(std::size_t line, std::string_view what) {
  return tl::unexpected<FileError>(fmt::format("line {}: {}", line, what));
}

/// The fields of one line; quoted ones may hold commas and doubled quotes, but no line break.
std::optional<std::vector<std::string>> split(std::string_view line) {
  std::vector<std::string> fields(1);
  bool quoted = false;
  for (std::size_t i = 0; i < line.size(); ++i) {
    const char c = line[i];
    if (quoted && c == '"' && i + 1 < line.size() && line[i + 1] == '"')
      fields.back() += line[i++];
    else if (c == '"')
      quoted = !quoted;
    else if (c == ',' && !quoted)
      fields.emplace_back();
    else
      fields.back() += c;
  }
  if (quoted) return std::nullopt;
  return fields;
}

std::optional<int> number(std::string_view text, int most) {
  int value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size() || value < 0 || value > most)
    return std::nullopt;
  return value;
}

/// "691", "691.5".
std::optional<double> decimal(std::string_view text, double most) {
  double value = 0;
  const char* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, value, std::chars_format::fixed);
  const bool in_range = value >= 0 && value <= most; // and a number at all
  return error == std::errc{} && stop == end && in_range ? std::optional(value) : std::nullopt;
}

/// Seconds since midnight of "8:31:40".
std::optional<int> time_of_day(std::string_view text) {
  const std::size_t one = text.find(':');
  const std::size_t two = text.find(':', one == std::string_view::npos ? one : one + 1);
  if (two == std::string_view::npos) return std::nullopt;
  const auto h = number(text.substr(0, one), 23);
  const auto m = number(text.substr(one + 1, two - one - 1), 59);
  const auto s = number(text.substr(two + 1), 59);
  if (!h || !m || !s) return std::nullopt;
  return (*h * 60 + *m) * 60 + *s;
}

/// Clinics do not record everything.
bool missing(std::string_view text) {
  return text.empty() || text == "NA";
}

std::optional<queue::VisitKind> kind_of(std::string_view visit_number) {
  if (missing(visit_number)) return unknown_visit;
  const auto count = decimal(visit_number, 1e6);
  if (!count || *count < 1 || *count != std::trunc(*count)) return std::nullopt;
  return *count == 1 ? first_visit : return_visit;
}

class Reader {
public:
  Read header(std::string_view line) {
    if (line.substr(0, 3) == "\xEF\xBB\xBF") line.remove_prefix(3);
    const auto fields = split(line);
    if (!fields) return refuse(1, "a quote is not closed");
    for (std::size_t column = 0; column < columns; ++column) {
      const auto found = std::find(fields->begin(), fields->end(), names[column]);
      if (found == fields->end()) return refuse(1, fmt::format("no column {}", names[column]));
      place_[column] = static_cast<std::size_t>(found - fields->begin());
    }
    width_ = fields->size();
    return {};
  }

  Read row(std::string_view line, std::size_t at) {
    const auto fields = split(line);
    if (!fields) return refuse(at, "a quote is not closed");
    if (fields->size() != width_)
      return refuse(at, fmt::format("{} fields where the first line has {}", fields->size(), width_));
    const auto text = [&](Column column) -> const std::string& { return (*fields)[place_[column]]; };
    const auto kind = kind_of(text(visit_count));
    const auto began = time_of_day(text(start));
    const bool timed = !missing(text(service_time));
    const auto seconds = decimal(text(service_time), 86'400);
    if (text(session).empty()) return refuse(at, "Session is empty");
    if (!kind) return refuse(at, "Visit.No is not a number from 1");
    if (!began) return refuse(at, "StartTime is not a time like 8:31:40");
    if (timed && !seconds) return refuse(at, "ServTime is not a number of seconds");
    const auto slot_number = slot_of(text(slot));
    if (!slot_number) return refuse(at, fmt::format("more than {} values of AM_PM", most_slots));
    queue::SessionLog& log = log_of(text(session), *slot_number);
    if (log.slot != *slot_number) return refuse(at, "AM_PM differs within the session");
    queue::Visit visit;
    visit.kind = *kind;
    visit.called = base::at_minute({}, 0) + std::chrono::seconds{*began};
    if (timed) visit.ended = visit.called + std::chrono::milliseconds{std::llround(*seconds * 1000)};
    visit.taken = base::at_minute({}, 0);
    log.visits.push_back(visit);
    return {};
  }

  std::vector<NamedSession> sorted() && {
    for (NamedSession& s : sessions_)
      std::stable_sort(s.log.visits.begin(), s.log.visits.end(),
                       [](const queue::Visit& a, const queue::Visit& b) { return a.called < b.called; });
    return std::move(sessions_);
  }

private:
  std::optional<std::uint8_t> slot_of(const std::string& name) {
    const auto [found, added] = slots_.try_emplace(name, static_cast<std::uint8_t>(slots_.size()));
    if (added && slots_.size() > most_slots) return std::nullopt;
    return found->second;
  }

  queue::SessionLog& log_of(const std::string& name, std::uint8_t slot_number) {
    const auto [found, added] = places_.try_emplace(name, sessions_.size());
    if (added) sessions_.push_back({name, {slot_number, {}}});
    return sessions_[found->second].log;
  }

  std::array<std::size_t, columns> place_{};
  std::size_t width_ = 0;
  std::map<std::string, std::uint8_t> slots_;
  std::map<std::string, std::size_t> places_;
  std::vector<NamedSession> sessions_;
};

} // namespace

tl::expected<std::vector<NamedSession>, FileError> read_sessions(std::istream& in) {
  Reader reader;
  std::string line;
  std::size_t at = 0;
  while (std::getline(in, line)) {
    ++at;
    if (line.ends_with('\r')) line.pop_back();
    if (at == 1)
      MACHIAI_TRY(reader.header(line));
    else if (!line.empty())
      MACHIAI_TRY(reader.row(line, at));
  }
  if (in.bad()) return tl::unexpected<FileError>("cannot be read");
  if (at == 0) return refuse(1, "the file is empty");
  return std::move(reader).sorted();
}

} // namespace machiai::forecasting
