// SPDX-License-Identifier: Apache-2.0
// A clinic's morning for tests that read as sentences.
#pragma once

#include "core/queue/decide.hpp"
#include "core/queue/views.hpp"
#include "tests/queue/history.hpp"

#include <catch2/catch.hpp>

#include <string>
#include <vector>

namespace machiai::test {

class Morning {
public:
  Morning() : clinic(small_clinic()), day(queue::new_day(clinic)) {}

  /// Carries the command out, or returns why not.
  base::Result<queue::Decision> when(const queue::Command& command, const std::string& seat = "desk-1",
                                     const std::string& key = "") {
    const std::string actor{std::holds_alternative<queue::Tick>(command) ? queue::by_itself : "desk"};
    auto decision = queue::decide(clinic, day, command, {actor, seat}, now);
    if (!decision) return decision;
    const std::uint64_t group = day.seq + 1;
    for (const queue::EventBody& body : decision->events)
      queue::fold(clinic, day, {day.seq + 1, group, 0, key, actor, seat, now, body});
    return decision;
  }
  std::string refusal(const queue::Command& command, const std::string& seat = "desk-1") {
    const auto result = when(command, seat);
    return result ? "" : result.error().reason;
  }
  void open(const std::string& service = "naika") { REQUIRE(when(queue::OpenCounter{service})); }
  /// The date that what comes from outside now is about.
  [[nodiscard]] base::Date date() const {
    return day.opened && !queue::has_passed(day, now) ? day.date : queue::business_date(day, now);
  }
  void take(int count, const std::string& service = "naika") {
    for (int i = 0; i < count; ++i) REQUIRE(when(queue::Take{service, "", "", "", false}));
  }
  /// A request from outside, accepted so many minutes ago.
  void book(const std::string& key, int minutes_ago = 0) {
    clinic.linked = true;
    if (!day.counters[0].owner)
      REQUIRE(when(queue::TakeOwnership{"naika", day.counters[0].epoch + 1, 0}, "link"));
    const queue::Receive request{"naika", date(), key, std::nullopt,
                                 "",      "",     "",  now - std::chrono::minutes{minutes_ago}};
    REQUIRE(when(request, "link", key));
  }
  std::string call(const std::string& room = "1", const std::string& service = "naika") {
    const auto result = when(queue::CallNext{service, room, std::nullopt, std::nullopt});
    REQUIRE(result);
    return queue::shown_number(clinic, *result->subject);
  }
  void act(queue::Verb verb, const std::string& number) {
    REQUIRE(when(queue::Act{verb, "naika/" + number}));
  }
  /// "1called 2 3absent": waiting ones by number alone, finished ones left out.
  [[nodiscard]] std::string line() const {
    std::string text;
    for (const queue::TicketView& t : queue::queue_view(clinic, day, 0)) {
      if (t.state == "done" || t.state == "cancelled" || t.state == "void") continue;
      text += (text.empty() ? "" : " ") + t.number + (t.state == "waiting" ? "" : t.state);
    }
    return text;
  }
  [[nodiscard]] std::string state(const std::string& number) const {
    const auto at = queue::resolve_ticket(clinic, day, "naika/" + number);
    return at ? std::string(queue::state_name(day.tickets[*at].state)) : "none";
  }

  queue::Clinic clinic;
  queue::Day day;
  base::Instant now = base::at_minute(*base::parse_iso_date("2026-11-24"), 9 * 60);
};

} // namespace machiai::test
