// SPDX-License-Identifier: Apache-2.0
#include "core/wire/aired.hpp"

#include <fmt/format.h>

#include <utility>

namespace machiai::wire {

namespace json = boost::json;
using programme::Aired;

namespace {

/// The members of a record, for a writer and for a reader.
template <class Record, class Visit> void each_member(Record& a, const Visit& visit) {
  visit("id", a.id);
  visit("item", a.item);
  visit("sha256", a.sha256);
  visit("kind", a.kind);
  visit("programme", a.programme);
  visit("version", a.version);
  visit("from", a.from);
  visit("until", a.until);
  visit("started", a.started);
  visit("ended", a.ended);
  visit("called_ms", a.called);
  visit("reason", a.reason);
}

bool read(const json::value& value, std::string& to) {
  if (value.is_string()) to = std::string(value.as_string());
  return value.is_string();
}
bool read(const json::value& value, int& to) {
  const bool fits = value.is_int64() && std::in_range<int>(value.as_int64());
  if (fits) to = static_cast<int>(value.as_int64());
  return fits;
}
/// Far from the ends of an int64, so that differences cannot overflow.
bool read_ms(const json::value& value, std::int64_t& ms) {
  constexpr std::int64_t most = std::int64_t{1} << 50;
  const bool fits = value.is_int64() && value.as_int64() > -most && value.as_int64() < most;
  if (fits) ms = value.as_int64();
  return fits;
}
bool read(const json::value& value, base::Instant& to) {
  std::int64_t ms = 0;
  const bool fits = read_ms(value, ms);
  to = base::instant_from_ms(ms);
  return fits;
}
bool read(const json::value& value, base::Millis& to) {
  std::int64_t ms = 0;
  const bool fits = read_ms(value, ms);
  to = base::Millis{ms};
  return fits;
}

json::value written(const std::string& text) {
  return json::value(text);
}
json::value written(int number) {
  return number;
}
json::value written(base::Instant at) {
  return base::to_ms(at);
}
json::value written(base::Millis span) {
  return span.count();
}

/// RFC 4180; a leading sign would be a formula to a spreadsheet.
std::string cell(const std::string& text) {
  const bool formula = !text.empty() && std::string_view("=+-@\t\r").find(text[0]) != std::string_view::npos;
  std::string out = formula ? fmt::format("'{}", text) : text;
  if (out.find_first_of(",\"\r\n") == std::string::npos) return out;
  std::string quoted = "\"";
  for (const char c : out) quoted += c == '"' ? std::string("\"\"") : std::string(1, c);
  return quoted + "\"";
}

json::object row_json(const Aired& a) {
  return {{"id", a.id},
          {"seat", a.seat},
          {"item", a.item},
          {"kind", a.kind},
          {"sponsor", a.sponsor},
          {"programme", a.programme},
          {"version", a.version},
          {"sha256", a.sha256},
          {"planned_from", base::iso_instant(a.from)},
          {"planned_until", base::iso_instant(a.until)},
          {"started", base::iso_instant(a.started)},
          {"ended", base::iso_instant(a.ended)},
          {"shown_ms", (a.ended - a.started).count()},
          {"shown_permille", programme::shown_permille(a)},
          {"called_ms", a.called.count()},
          {"outcome", programme::outcome_name(programme::outcome_of(a))},
          {"reason", a.reason}};
}

} // namespace

json::object aired_to_json(const Aired& aired) {
  json::object out;
  each_member(aired, [&](const char* name, const auto& member) { out[name] = written(member); });
  return out;
}

std::optional<Aired> aired_from_json(const json::value& value) {
  const json::object* o = value.if_object();
  if (o == nullptr) return std::nullopt;
  Aired aired;
  bool whole = true;
  each_member(aired, [&](const char* name, auto& member) {
    const json::value* found = o->if_contains(name);
    whole = whole && found != nullptr && read(*found, member);
  });
  return whole ? std::optional(std::move(aired)) : std::nullopt;
}

json::object airings_to_json(const std::vector<Aired>& records, programme::By by) {
  json::array rows, totals;
  for (const Aired& aired : records) rows.push_back(row_json(aired));
  for (const programme::AiredTotal& total : programme::totals(records, by))
    totals.push_back({{"name", total.name},
                      {"plays", total.plays},
                      {"whole", total.whole},
                      {"cut_short", total.cut_short},
                      {"blocked_by_call", total.blocked_by_call},
                      {"shown_ms", total.shown.count()}});
  return {{"airings", std::move(rows)}, {"totals", std::move(totals)}};
}

std::string airings_csv(const std::vector<Aired>& records) {
  std::string out = "id,seat,item,kind,sponsor,programme,version,sha256,planned_from,planned_until,started,"
                    "ended,shown_ms,shown_permille,called_ms,outcome,reason\r\n";
  for (const Aired& a : records)
    out +=
        fmt::format("{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{}\r\n", a.id, cell(a.seat),
                    cell(a.item), a.kind, cell(a.sponsor), cell(a.programme), a.version, a.sha256,
                    base::iso_instant(a.from), base::iso_instant(a.until), base::iso_instant(a.started),
                    base::iso_instant(a.ended), (a.ended - a.started).count(), programme::shown_permille(a),
                    a.called.count(), programme::outcome_name(programme::outcome_of(a)), a.reason);
  return out;
}

} // namespace machiai::wire
