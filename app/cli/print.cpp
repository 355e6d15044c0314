// SPDX-License-Identifier: Apache-2.0
#include "app/cli/print.hpp"

#include "app/cli/status.hpp"
#include "core/base/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

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

std::string wait_words(const json::object& wait) {
  if (text(wait, "n") == "0") return "nobody called";
  return fmt::format("waits of {}: median {:.1f} min, nine of ten within {:.1f}", text(wait, "n"),
                     wait.at("median").to_number<double>(), wait.at("ninth_of_ten").to_number<double>());
}

std::string counted_lines(const json::object& body) {
  std::string out;
  for (const json::value& each : body.at("services").as_array()) {
    const json::object& v = each.as_object();
    out += fmt::format("  {}: {} received, {} seen, {} cancelled, {} not come, {} missed; {}\n",
                       text(v, "service"), text(v, "taken"), text(v, "done"), text(v, "cancelled"),
                       text(v, "no_show"), text(v, "absences"), wait_words(v.at("wait").as_object()));
  }
  for (const json::value& each : body.at("rooms").as_array())
    out += fmt::format("  room {}: {} visits, {:.1f} min\n", text(each.as_object(), "room"),
                       text(each.as_object(), "visits"), each.at("minutes").to_number<double>());
  return out + fmt::format("  slips: {} printed, {} not out; {} asked for again\n", text(body, "printed"),
                           text(body, "print_failed"), text(body, "reprinted"));
}

std::string statistics_lines(const json::object& body) {
  const json::array& days = body.at("days").as_array();
  std::string out;
  for (const json::value& day : days)
    out += text(day.as_object(), "date") + "\n" + counted_lines(day.as_object());
  if (days.size() > 1) out += "together\n" + counted_lines(body.at("total").as_object());
  return out.empty() ? "none\n" : out;
}

} // namespace

std::string harmless(std::string text) {
  constexpr std::size_t longest = 300;
  return base::check_text(text, longest) ? text : "?";
}

std::string refusal_in_words(const json::object& error) {
  constexpr std::array<std::string_view, 36> told{
      "answer_lost",        "bad_argument",  "bad_date",          "bad_document",   "bad_identity",
      "bad_notice",         "bad_period",    "bad_programme",     "bad_settings",   "bad_time",
      "cannot_write",       "empty_value",   "expired",           "file_too_large", "foreign",
      "home_of_cloud",      "media_flashes", "media_needed",      "missing_file",   "no_permission",
      "no_program",         "no_such_file",  "not_a_file",        "not_a_folder",   "notice_field_missing",
      "period_overlaps",    "port_in_use",   "replayed",          "storage",        "storage_read_only",
      "template_elsewhere", "unknown_item",  "unknown_programme", "unknown_slot",   "unknown_template",
      "untrusted_key"};
  const std::string message = text(error, "message"), reason = text(error, "reason");
  const std::string detail = text(error, "detail");
  const bool helps = reason.starts_with("template_") || std::binary_search(told.begin(), told.end(), reason);
  if (message.empty()) return "refused";
  return helps && !detail.empty() ? fmt::format("{} ({})", message, harmless(detail)) : message;
}

namespace {

/// One value of an answer: names one after the other, all else as it is written.
std::string value_words(const json::object& body, const char* name) {
  const json::value& value = body.at(name);
  if (!value.is_array()) return text(body, name);
  std::string out;
  for (const json::value& each : value.as_array()) {
    if (!each.is_string()) return text(body, name);
    out += (out.empty() ? "" : ", ") + std::string(each.as_string());
  }
  return out.empty() ? "none" : out;
}

} // namespace

std::string in_words(const std::string& verb, const json::object& body, std::string_view lang) {
  if (verb == "queue") return queue_lines(body);
  if (verb == "status") return status_lines(body, lang);
  if (verb == "board") return board_lines(body);
  if (verb == "prints") return list_lines(body.at("prints").as_array());
  if (verb == "devices") return list_lines(body.at("devices").as_array());
  if (verb == "staff") return list_lines(body.at("people").as_array());
  if (verb == "access") return list_lines(body.at("entries").as_array());
  if (body.contains("csv")) return text(body, "csv");
  if (verb == "statistics") return statistics_lines(body);
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
  const bool several = verb == "close_day"; // all of them are named together
  for (const auto& member : body)
    if (!several || member.key() != "service")
      out += fmt::format("{}: {}\n", std::string(member.key()), value_words(body, member.key_c_str()));
  return out.empty() ? "done\n" : out;
}

} // namespace machiai::cli
