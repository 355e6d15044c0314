// SPDX-License-Identifier: Apache-2.0
// clinic.toml: what a new home gets, and how it is read.
#include "core/base/text.hpp"
#include "core/programme/holidays.hpp"
#include "core/store/settings_keys.hpp"
#include "core/store/station.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <set>

namespace machiai::store {

namespace {

using base::Error;
using base::fail;
using base::Result;
using base::Status;

constexpr std::size_t longest_prefix = 3;
constexpr std::int64_t most_numbers = 9999; ///< of one service on one date: what slip and wall have room for

constexpr std::size_t most_kinds = 64; ///< of one service; a ticket has room for 256

constexpr std::string_view example_settings = R"toml(# Machiai station settings: a fictional clinic.
[facility]
id = "minato"
name = { ja = "みなとクリニック", en = "Minato Clinic", reading = "みなとくりにっく" }
phone = "00-0000-0000"
closed = []            # days off, "2026-12-29": counters that go by the timetable stay closed
closed_on_holidays = false  # the same on national holidays

[rules]
undo_seconds = 10      # every desk action can be undone for so long
settle_seconds = 60    # a called patient counts as in the room after this
absence = { back = 3, times = 2 }  # place kept behind so many; after so many absences at the end

[hub]
port = 0               # 0: any free port; the chosen one is in run/port
lan = ""               # "0.0.0.0:8443": tablets and PCs of the clinic's network, over TLS; "": off

[printer]
server = ""            # CUPS server: host:port or a socket's path; empty: the default one
queue = ""             # CUPS queue; empty: no printer, the number is shown on the screen
slip = "80mm"          # the paper: 80mm, 58mm, or the path of a layout file (see assets/slips)

[media]
quota_gb = 20          # films may take so much of the disk

[[service]]
id = "naika"
name = { ja = "内科", en = "Internal medicine", reading = "ないか" }
prefix = ""
acceptance = "manual"  # "timetable": the counter opens and closes by its hours
kinds = ["return", "first"]
hours = [
  { session = "morning", open = "8:30", close = "12:00" },
  { session = "afternoon", open = "14:30", close = "18:00" },
]

[[service]]
id = "shouni"
name = { ja = "小児科", en = "Paediatrics", reading = "しょうにか" }
prefix = "S"           # shown as S-1, S-2: the two lines cannot be mixed up
kinds = ["return", "first"]
hours = [
  { session = "morning", open = "8:30", close = "12:00" },
  { session = "afternoon", open = "14:30", close = "18:00" },
]

[[room]]
id = "1"
name = { ja = "診察室1", en = "Room 1", reading = "しんさつしつ、いち" }

[[room]]
id = "2"
name = { ja = "診察室2", en = "Room 2", reading = "しんさつしつ、に" }
)toml";

// What follows reads settings whose names and kinds are right (settings_keys.hpp).

tl::unexpected<Error> bad_settings(std::string where) {
  return fail(Error::Code::invalid, "bad_settings", std::move(where));
}

/// The same with the line of the setting, or of the table that should have it.
tl::unexpected<Error> bad_settings(const toml::table& of, std::string_view key, const std::string& where) {
  const auto at = of.find(key);
  const auto line = at == of.end() ? of.source().begin.line : at->first.source().begin.line;
  return bad_settings(fmt::format("line {}: {}", line, where));
}

Result<queue::Label> read_label(const toml::table& table, const std::string& otherwise) {
  queue::Label label;
  label.ja = table["name"]["ja"].value_or(otherwise);
  if (base::is_blank(label.ja)) return bad_settings(table, "name", otherwise + ": name");
  label.en = table["name"]["en"].value_or(label.ja);
  label.reading = table["name"]["reading"].value_or(label.ja);
  return label;
}

std::vector<std::string> read_strings(const toml::table& table, std::string_view name) {
  std::vector<std::string> strings;
  if (const auto* array = table[name].as_array())
    for (const auto& element : *array)
      if (const auto text = element.value<std::string>()) strings.push_back(*text);
  return strings;
}

bool crosses(const queue::Hours& a, const queue::Hours& b) {
  const auto on = [](const queue::Hours& hours, int day) {
    return hours.weekdays.empty() ||
           std::find(hours.weekdays.begin(), hours.weekdays.end(), day) != hours.weekdays.end();
  };
  bool same_day = false;
  for (int day = 0; day < 7; ++day) same_day = same_day || (on(a, day) && on(b, day));
  return same_day && a.open < b.close && b.open < a.close;
}

Result<std::vector<queue::Hours>> read_hours(const toml::table& table, const std::string& service) {
  std::vector<queue::Hours> all;
  const auto* array = table["hours"].as_array();
  if (array == nullptr) return all;
  for (const auto& element : *array) {
    const toml::table* entry = element.as_table();
    const auto open = queue::parse_minute((*entry)["open"].value_or(std::string{}));
    const auto close = queue::parse_minute((*entry)["close"].value_or(std::string{}));
    if (!open || !close || *close <= *open)
      return bad_settings(*entry, "close", fmt::format("service {}: hours", service));
    queue::Hours hours{(*entry)["session"].value_or(std::string("morning")), *open, *close, {}};
    if (hours.session != "morning" && hours.session != "afternoon" && hours.session != "evening")
      return bad_settings(*entry, "session", fmt::format("service {}: hours: session", service));
    if (const auto* weekdays = (*entry)["weekdays"].as_array())
      for (const auto& day : *weekdays)
        hours.weekdays.push_back(static_cast<int>(day.value_or(std::int64_t{-1})));
    if (std::any_of(hours.weekdays.begin(), hours.weekdays.end(), [](int day) { return day < 0 || day > 6; }))
      return bad_settings(*entry, "weekdays", fmt::format("service {}: hours: weekdays", service));
    if (std::any_of(all.begin(), all.end(), [&](const queue::Hours& other) { return crosses(hours, other); }))
      return bad_settings(*entry, "open", fmt::format("service {}: hours twice at one time", service));
    all.push_back(std::move(hours));
  }
  return all;
}

/// Two lines that called the same number could not be told apart, on the wall or by ear; nor could a number
/// of the web's or the kiosk's own series (W1-7, K-3) from that of a line with such a prefix.
Status check_prefix(const toml::table& entry, const queue::Clinic& clinic, const queue::Service& service) {
  const std::string& prefix = service.prefix;
  const bool plain = prefix.size() <= longest_prefix &&
                     std::all_of(prefix.begin(), prefix.end(), [](char c) { return c >= 'A' && c <= 'Z'; });
  if (!plain || prefix.starts_with('W') || prefix.starts_with('K'))
    return bad_settings(entry, "prefix", fmt::format("service {}: prefix", service.id));
  for (const queue::Service& other : clinic.services)
    if (other.prefix == prefix)
      return bad_settings(entry, "prefix",
                          fmt::format("service {}: prefix as service {}", service.id, other.id));
  return {};
}

/// Dates, and the national holidays if the clinic is closed on them.
Status read_closed(const toml::table& facility, queue::Clinic& clinic) {
  for (const std::string& text : read_strings(facility, "closed")) {
    const auto date = base::parse_iso_date(text);
    if (!date) return bad_settings(facility, "closed", "facility: closed " + text);
    clinic.closed.push_back(*date);
  }
  const base::Date holidays_until = *base::parse_iso_date("2051-01-01");
  if (facility["closed_on_holidays"].value_or(false))
    for (base::Date date = *base::parse_iso_date("2026-01-01"); date.days < holidays_until.days; ++date.days)
      if (programme::is_holiday(date)) clinic.closed.push_back(date);
  std::sort(clinic.closed.begin(), clinic.closed.end());
  return {};
}

Status read_rules(const toml::table& table, queue::Clinic& clinic) {
  const auto rules = table["rules"];
  struct Rule {
    const char* name;
    toml::node_view<const toml::node> value;
    int& into;
    int most;
  };
  for (const Rule& rule : {Rule{"undo_seconds", rules["undo_seconds"], clinic.undo_seconds, 3600},
                           Rule{"settle_seconds", rules["settle_seconds"], clinic.settle_seconds, 24 * 3600},
                           Rule{"absence back", rules["absence"]["back"], clinic.absence.back, 1000},
                           Rule{"absence times", rules["absence"]["times"], clinic.absence.times, 1000}}) {
    const auto value = rule.value.value_or(std::int64_t{rule.into});
    if (value < 0 || value > rule.most)
      return bad_settings(
          fmt::format("line {}: rules: {}", rule.value.node()->source().begin.line, rule.name));
    rule.into = static_cast<int>(value);
  }
  return {};
}

Status read_services(const toml::table& table, queue::Clinic& clinic) {
  const auto* array = table["service"].as_array();
  if (array == nullptr || array->empty()) return bad_settings("no service");
  for (const auto& element : *array) {
    const toml::table* entry = element.as_table();
    queue::Service service;
    service.id = (*entry)["id"].value_or(std::string{});
    if (!base::is_plain_id(service.id, 32)) return bad_settings(*entry, "id", "service id");
    if (queue::find_service(clinic, service.id))
      return bad_settings(*entry, "id", fmt::format("service {} twice", service.id));
    auto name = read_label(*entry, service.id);
    MACHIAI_TRY(name);
    service.name = std::move(*name);
    service.prefix = (*entry)["prefix"].value_or(std::string{});
    MACHIAI_TRY(check_prefix(*entry, clinic, service));
    service.kinds = read_strings(*entry, "kinds");
    if (const std::set<std::string> once(service.kinds.begin(), service.kinds.end());
        once.size() < service.kinds.size())
      return bad_settings(*entry, "kinds", fmt::format("service {}: a kind twice", service.id));
    if (std::any_of(service.kinds.begin(), service.kinds.end(),
                    [](const auto& kind) { return base::is_blank(kind); }))
      return bad_settings(*entry, "kinds", fmt::format("service {}: a kind without a name", service.id));
    if (service.kinds.size() > most_kinds)
      return bad_settings(*entry, "kinds",
                          fmt::format("service {}: more than {} kinds", service.id, most_kinds));
    service.rooms = read_strings(*entry, "rooms");
    const auto cap = (*entry)["cap"].value_or(std::int64_t{0});
    if (cap < 0 || cap > most_numbers)
      return bad_settings(*entry, "cap", fmt::format("service {}: cap", service.id));
    service.cap = static_cast<int>(cap);
    const auto acceptance = (*entry)["acceptance"].value_or(std::string("manual"));
    if (acceptance != "manual" && acceptance != "timetable")
      return bad_settings(*entry, "acceptance", fmt::format("service {}: acceptance", service.id));
    service.by_timetable = acceptance == "timetable";
    auto hours = read_hours(*entry, service.id);
    MACHIAI_TRY(hours);
    service.hours = std::move(*hours);
    clinic.services.push_back(std::move(service));
  }
  return {};
}

Status read_rooms(const toml::table& table, queue::Clinic& clinic) {
  const auto* array = table["room"].as_array();
  if (array == nullptr || array->empty()) return bad_settings("no room");
  for (const auto& element : *array) {
    const toml::table* entry = element.as_table();
    queue::Room room;
    room.id = (*entry)["id"].value_or(std::string{});
    if (!base::is_plain_id(room.id, 32)) return bad_settings(*entry, "id", "room id");
    if (queue::find_room(clinic, room.id))
      return bad_settings(*entry, "id", fmt::format("room {} twice", room.id));
    auto name = read_label(*entry, room.id);
    MACHIAI_TRY(name);
    room.name = std::move(*name);
    clinic.rooms.push_back(std::move(room));
  }
  for (const queue::Service& service : clinic.services)
    for (const std::string& room : service.rooms)
      if (!queue::find_room(clinic, room))
        return bad_settings(fmt::format("service {}: room {}", service.id, room));
  return {};
}

} // namespace

Status init_example(const Home& home) {
  std::error_code error;
  if (std::filesystem::exists(home.settings(), error)) return fail(Error::Code::conflict, "home_in_use");
  if (std::filesystem::exists(home.keys() / "card", error))
    return fail(Error::Code::conflict, "home_of_cloud", home.dir.string());
  // What others keep beside it stays open to them.
  const bool own = !std::filesystem::exists(home.dir, error) || std::filesystem::is_empty(home.dir, error);
  for (const auto& dir : {home.ledger().parent_path(), home.run()}) MACHIAI_TRY(make_folder(dir));
  if (own) std::filesystem::permissions(home.dir, std::filesystem::perms::owner_all, error);
  const auto tokens = load_tokens(home);
  MACHIAI_TRY(tokens);
  return write_file(home.settings(), example_settings, false);
}

Result<StationSettings> load_settings(const Home& home) {
  const auto text = read_file(home.settings());
  MACHIAI_TRY(text);
  const toml::parse_result parsed = toml::parse(*text);
  if (!parsed) return bad_settings(fmt::format("line {}", parsed.error().source().begin.line));
  const toml::table& table = parsed.table();
  if (auto unlike = unlike_settings(table)) return bad_settings(std::move(*unlike));
  StationSettings settings;
  queue::Clinic& clinic = settings.clinic;
  const auto* facility = table["facility"].as_table();
  if (facility == nullptr) return bad_settings("facility");
  clinic.id = (*facility)["id"].value_or(std::string{});
  if (!base::is_plain_id(clinic.id, 32)) return bad_settings(*facility, "id", "facility id");
  auto name = read_label(*facility, clinic.id);
  MACHIAI_TRY(name);
  clinic.name = std::move(*name);
  clinic.phone = (*facility)["phone"].value_or(std::string{});
  MACHIAI_TRY(read_rules(table, clinic));
  MACHIAI_TRY(read_closed(*facility, clinic));
  MACHIAI_TRY(read_services(table, clinic));
  MACHIAI_TRY(read_rooms(table, clinic));
  settings.printer.server = table["printer"]["server"].value_or(std::string{});
  settings.printer.queue = table["printer"]["queue"].value_or(std::string{});
  settings.printer.slip = table["printer"]["slip"].value_or(std::string{});
  const auto port = table["hub"]["port"].value_or(std::int64_t{0});
  if (port < 0 || port > 65535) return bad_settings(*table["hub"].as_table(), "port", "hub port");
  settings.hub_port = static_cast<int>(port);
  const auto quota = table["media"]["quota_gb"].value_or(std::int64_t{settings.media_quota_gb});
  if (quota < 1 || quota > 100'000)
    return bad_settings(*table["media"].as_table(), "quota_gb", "media quota_gb");
  settings.media_quota_gb = static_cast<int>(quota);
  settings.lan = table["hub"]["lan"].value_or(std::string{});
  return settings;
}

} // namespace machiai::store
