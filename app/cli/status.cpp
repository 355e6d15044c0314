// SPDX-License-Identifier: Apache-2.0
#include "app/cli/status.hpp"

#include "app/cli/print.hpp"
#include "core/base/clock.hpp"
#include "core/wire/messages.hpp"

#include <fmt/format.h>

namespace machiai::cli {

namespace json = boost::json;

namespace {

std::string counter_lines(const json::array& services) {
  std::string out;
  for (const json::value& each : services) {
    const json::object& service = each.as_object();
    out += fmt::format("{}: {}, {} waiting", text(service, "id"),
                       text(service, "open") == "true" ? "open" : "closed", text(service, "waiting"));
    if (text(service, "remote_stopped") == "true") out += ", stopped from outside";
    out += "\n";
  }
  return out;
}

std::string seat_lines(const json::array& seats) {
  std::string out;
  for (const json::value& each : seats) {
    const json::object& seat = each.as_object();
    out += fmt::format("{} {}: {}", text(seat, "role"), text(seat, "seat"),
                       text(seat, "connected") == "true" ? "here" : "away");
    if (const auto surface = text(seat, "surface"); !surface.empty()) out += ", films by " + surface;
    out += "\n";
  }
  return out;
}

std::string or_fine(const std::string& trouble) {
  return trouble.empty() ? "fine" : trouble;
}

std::string link_lines(const json::object& cloud) {
  if (text(cloud, "enrolled") != "true") return "cloud: not enrolled\n";
  std::string out = fmt::format("cloud: {} since {}", text(cloud, "connected") == "true" ? "linked" : "away",
                                text(cloud, "since"));
  if (const auto reason = text(cloud, "reason"); !reason.empty()) out += " (" + reason + ")";
  return out + ", certificate until " + text(cloud, "certificate_until") + "\n";
}

std::string trouble_lines(const json::array& troubles, std::string_view lang) {
  std::string out;
  for (const json::value& each : troubles) {
    const json::object& trouble = each.as_object();
    const std::string reason = text(trouble, "reason");
    out += fmt::format("{} {}: {} ({})\n", text(trouble, "part"), text(trouble, "level"),
                       wire::message(reason, lang), reason);
  }
  return out;
}

/// What is taken from outside, a line for each service; nothing when it is not known.
std::string outside_lines(const json::object& cloud) {
  const json::value* told = cloud.if_contains("outside");
  if (told == nullptr || !told->is_object()) return "";
  const json::object& outside = told->get_object();
  const bool current = text(outside, "current") == "true";
  std::string out;
  for (const json::value& each : outside.at("services").as_array()) {
    const json::object& v = each.as_object();
    const bool open = text(v, "open") == "true";
    out += fmt::format("outside {}: {}", text(v, "service"), open ? "open" : text(v, "reason"));
    if (const auto closes = text(v, "closes_at"); open && !closes.empty()) out += " until " + closes;
    if (const auto opens = text(v, "opens_at"); !open && !opens.empty()) {
      const auto on = text(v, "opens_on");
      out += ", opens " + (on.empty() ? "" : on + " ") + opens;
    }
    out += fmt::format(", {} booked, {} given", text(v, "booked"), text(v, "given"));
    if (text(v, "cap") != "0")
      out += fmt::format(" of {}, {} held for walk-ins", text(v, "cap"), text(v, "walk_ins"));
    if (const auto every = text(v, "every"); !every.empty() && every != "0" && every != "null")
      out += ", one in " + every + " places kept for them";
    for (const json::value& window : v.at("windows").as_array()) out += " " + std::string(window.as_string());
    if (!current)
      out += " (as of " + base::clock_text(base::instant_from_ms(outside.at("at").as_int64())) + ")";
    out += "\n";
  }
  return out;
}

/// What the contract says of now and of the days to come, a line each.
std::string standing_lines(const json::object& cloud) {
  std::string out;
  const json::value* told = cloud.if_contains("standing");
  if (told == nullptr || !told->is_array()) return out;
  for (const json::value& each : told->get_array()) {
    const json::object& v = each.as_object();
    out += "contract: " + text(v, "reason");
    for (const char* end : {"from", "until"})
      if (const auto at = v.at(end).as_int64(); at != 0)
        out += fmt::format(" {} {}", end, base::iso_instant(base::instant_from_ms(at)));
    if (const auto words = text(v, "words"); !words.empty()) out += " (" + words + ")";
    out += "\n";
  }
  return out;
}

/// What comes down from the cloud; nothing when it has told of nothing.
std::string download_lines(const json::object& cloud) {
  const json::value* told = cloud.if_contains("downloads");
  if (told == nullptr || !told->is_object()) return "";
  const json::object& downloads = told->get_object();
  std::string out = fmt::format("fetched: {} of {} files", text(downloads, "here"), text(downloads, "files"));
  if (const json::object* now = downloads.at("now").if_object())
    out += fmt::format(", {} % of {} \"{}\"", text(*now, "percent"), text(*now, "kind"), text(*now, "title"));
  else if (const auto reason = text(downloads, "waits"); !reason.empty())
    out += ", waits: " + reason;
  if (const auto missing = text(downloads, "missing_soon"); missing != "0")
    out += fmt::format(", {} needed within a day", missing);
  out += "\n";
  for (const json::value& each : downloads.at("refused").as_array()) {
    const json::object& refused = each.as_object();
    out += fmt::format("refused: {} v{} ({})\n", text(refused, "programme"), text(refused, "version"),
                       text(refused, "reason"));
  }
  return out;
}

} // namespace

std::string status_lines(const json::object& status, std::string_view lang) {
  const json::object& printer = status.at("printer").as_object();
  const std::string queue = text(printer, "queue");
  const std::string date = text(status, "date");
  std::string out = fmt::format("{}, machiai {}, {}\n", text(status, "facility"), text(status, "version"),
                                text(status, "now"));
  out +=
      date.empty() ? "no day is open\n" : fmt::format("day {}: {} numbers\n", date, text(status, "tickets"));
  out += counter_lines(status.at("services").as_array());
  out += "printer: " + (queue.empty() ? "none" : queue + ", " + or_fine(text(printer, "trouble"))) + "\n";
  out += "storage: " + or_fine(text(status.at("storage").as_object(), "trouble")) + "\n";
  const json::object& cloud = status.at("cloud").as_object();
  out += link_lines(cloud) + standing_lines(cloud) + outside_lines(cloud) + download_lines(cloud);
  out += seat_lines(status.at("seats").as_array());
  return out + trouble_lines(status.at("troubles").as_array(), lang);
}

} // namespace machiai::cli
