// SPDX-License-Identifier: Apache-2.0
#include "cloud/near.hpp"

#include "cloud/over.hpp"

namespace machiai::cloud {

namespace {

namespace json = boost::json;

constexpr std::size_t longest_address = 254; // RFC 5321, 4.5.3.1
constexpr std::size_t longest_local = 64;
constexpr std::size_t longest_label = 63;
constexpr std::string_view letters_and_digits =
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";

/// Nobody is sent for who is with the doctor.
bool is_finished(std::string_view state) {
  return is_over(state) || state == "in_room";
}

const json::object* member(const json::object& from, std::string_view list, std::string_view name) {
  const json::value* all = from.if_contains({list.data(), list.size()});
  if (all == nullptr || !all->is_object()) return nullptr;
  const json::value* one = all->get_object().if_contains({name.data(), name.size()});
  return one == nullptr ? nullptr : one->if_object();
}

std::string_view text(const json::object& from, std::string_view name) {
  const json::value* value = from.if_contains({name.data(), name.size()});
  if (value == nullptr || !value->is_string()) return {};
  return {value->get_string().data(), value->get_string().size()};
}

/// Parts between dots, none of them empty or with another letter than `more` adds.
bool dotted(std::string_view name, std::string_view more, std::size_t longest) {
  while (true) {
    const std::string_view part = name.substr(0, name.find('.'));
    if (part.empty() || part.size() > longest) return false;
    for (const char each : part)
      if (letters_and_digits.find(each) == std::string_view::npos &&
          more.find(each) == std::string_view::npos)
        return false;
    if (part.size() == name.size()) return true;
    name.remove_prefix(part.size() + 1);
  }
}

} // namespace

std::string clinic_name(const Placed& ticket, base::Date date) {
  const std::string series = ticket.series == "M" ? "" : ticket.series + ".";
  return ticket.service + "-" + base::compact_date(date) + "-" + series + std::to_string(ticket.n);
}

Standing standing_of(const json::object& document, base::Date date, const Placed& ticket, int near) {
  if (is_finished(ticket.state)) return {Turn::over, 0};
  const json::object* service = member(document, "services", ticket.service);
  const json::object* said = member(document, "tickets", clinic_name(ticket, date));
  if (ticket.n == 0 || service == nullptr || said == nullptr) return {};
  const std::string_view state = text(*said, "state");
  if (is_finished(state)) return {Turn::over, 0};
  if (state != "booked" && state != "waiting") return {Turn::held, 0};
  // Who has booked and is still expected counts too (cloud/clinic_day).
  const json::value* ahead = said->if_contains("expected");
  if (ahead == nullptr || !ahead->is_int64()) return {};
  const int people = static_cast<int>(ahead->get_int64());
  const bool moves = text(*service, "state") != "before";
  return {moves && people <= near ? Turn::near : Turn::waiting, people};
}

std::string_view state_said(const json::object& document, base::Date date, const Placed& ticket) {
  const json::object* said = member(document, "tickets", clinic_name(ticket, date));
  return said == nullptr ? std::string_view{} : text(*said, "state");
}

bool is_called(const json::object& document, base::Date date, const Placed& ticket) {
  const std::string_view state = state_said(document, date, ticket);
  return state == "called" || state == "in_room";
}

bool is_email(std::string_view text) {
  const std::size_t at = text.find('@');
  if (text.size() > longest_address || at == std::string_view::npos || at > longest_local) return false;
  const std::string_view host = text.substr(at + 1);
  if (!dotted(text.substr(0, at), "!#$%&'*+-/=?^_`{|}~", longest_local)) return false;
  if (!dotted(host, "-", longest_label) || host.find('.') == std::string_view::npos) return false;
  return host.front() != '-' && host.back() != '-' && host.find("-.") == std::string_view::npos &&
         host.find(".-") == std::string_view::npos;
}

} // namespace machiai::cloud
