// SPDX-License-Identifier: Apache-2.0
#include "app/cli/print.hpp"

#include "core/base/clock.hpp"

#include <fmt/format.h>

namespace machiai::cli {

namespace json = boost::json;

std::string text(const json::object& body, const char* name) {
  const json::value* value = body.if_contains(name);
  if (value == nullptr || value->is_null()) return "";
  return value->is_string() ? std::string(value->as_string()) : json::serialize(*value);
}

namespace {

std::string queue_lines(const json::object& body) {
  std::string out = fmt::format("{}  {}  waiting {}\n", text(body, "service"),
                                text(body, "open") == "true" ? "open" : "closed", text(body, "waiting"));
  for (const json::value& each : body.at("tickets").as_array()) {
    const json::object& ticket = each.as_object();
    out += fmt::format("{:>6}  {:<10} ahead {:>3}  {}  {}\n", text(ticket, "number"), text(ticket, "state"),
                       text(ticket, "ahead"), text(ticket, "ticket"), text(ticket, "room"));
  }
  return out;
}

std::string board_lines(const json::object& body) {
  std::string out =
      fmt::format("{}  {}  waiting {}\n", text(body, "date"), text(body, "state"), text(body, "waiting"));
  for (const json::value& room : body.at("rooms").as_array())
    out += fmt::format("room {}: {} {}\n", text(room.as_object(), "id"), text(room.as_object(), "number"),
                       text(room.as_object(), "state"));
  out += "next:";
  for (const json::value& stone : body.at("next").as_array()) out += " " + text(stone.as_object(), "number");
  return out + "\n";
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

std::string list_lines(const json::array& rows) {
  std::string out;
  for (const json::value& row : rows) {
    for (const auto& member : row.as_object())
      out += fmt::format("{}={}  ", std::string(member.key()), text(row.as_object(), member.key_c_str()));
    out += "\n";
  }
  return out.empty() ? "none\n" : out;
}

std::string replay_lines(const json::object& body) {
  std::string out = text(body, "date") + " " + text(body, "at") + "\n";
  for (const json::value& each : body.at("services").as_array()) out += queue_lines(each.as_object());
  return out + list_lines(body.at("before").as_array());
}

} // namespace

std::string in_words(const std::string& verb, const json::object& body) {
  if (verb == "queue") return queue_lines(body);
  if (verb == "board") return board_lines(body);
  if (verb == "prints") return list_lines(body.at("prints").as_array());
  if (verb == "devices") return list_lines(body.at("devices").as_array());
  if (verb == "staff") return list_lines(body.at("people").as_array());
  if (verb == "access") return list_lines(body.at("entries").as_array());
  if (body.contains("csv")) return text(body, "csv");
  if (verb == "airings") return list_lines(body.at("totals").as_array());
  if (verb == "replay") return replay_lines(body);
  if (verb == "order")
    return fmt::format("{} and {}\n", text(body, "ticket"), text(body, "other")) +
           list_lines(body.at("steps").as_array());
  if (verb == "why") {
    json::object head = body;
    head.erase("events");
    return list_lines({head}) + list_lines(body.at("events").as_array());
  }
  std::string out;
  for (const auto& member : body)
    out += fmt::format("{}: {}\n", std::string(member.key()), text(body, member.key_c_str()));
  if (const json::value* cloud = body.if_contains("cloud"); verb == "status" && cloud != nullptr)
    out += standing_lines(cloud->as_object()) + outside_lines(cloud->as_object()) +
           download_lines(cloud->as_object());
  return out.empty() ? "done\n" : out;
}

} // namespace machiai::cli
