// SPDX-License-Identifier: Apache-2.0
// Who comes with a card or a ticket. Built with removable guards as well: there each has its control.
#include "core/queue/guards.hpp"
#include "tests/queue/morning.hpp"

using namespace machiai::queue;
using machiai::test::Morning;

namespace {

/// A clinic's morning in which patients have cards.
struct Cards : Morning {
  Cards() { open(); }
  void book_card(const std::string& card, const std::string& service = "naika") {
    clinic.linked = true;
    const auto index = static_cast<std::size_t>(*find_service(clinic, service));
    if (!day.counters[index].owner)
      REQUIRE(when(TakeOwnership{service, day.counters[index].epoch + 1, 0}, "link"));
    const std::string key = "web-" + std::to_string(day.seq);
    REQUIRE(when(Receive{service, date(), key, std::nullopt, "", card, "港 花子", now}, "link", key));
  }
  std::optional<CheckIn> instead(const std::string& card, const std::string& service = "naika") const {
    Take take;
    take.service = service;
    take.card = card;
    return check_in_instead(clinic, day, take, now);
  }
};

CheckIn card(const std::string& number) {
  return {number, {}};
}

} // namespace

TEST_CASE("a card that booked arrives, gets a slip, and keeps number and place") {
  Cards m;
  m.book_card("1001");
  m.take(2);
  REQUIRE(m.line() == "1booked 2 3");
  const auto here = m.when(card("1001"));
  REQUIRE(here);
  REQUIRE(here->events.size() == 1);
  REQUIRE(here->slips);
  REQUIRE(shown_number(m.clinic, *here->subject) == "1");
  REQUIRE(m.line() == "1 2 3");
  // Once more changes nothing, also after the call.
  REQUIRE(m.when(card("1001"))->events.empty());
  REQUIRE(m.call() == "1");
  REQUIRE(m.when(card("1001"))->events.empty());
  REQUIRE(m.state("1") == "called");
}

TEST_CASE("a ticket arrives by its id; one of another day and one that is over do not") {
  Cards m;
  m.book_card("1001");
  CheckIn ticket{{}, "naika-20261124-1"};
  ticket.print = false;
  const auto here = m.when(ticket);
  REQUIRE(here);
  REQUIRE_FALSE(here->slips);
  REQUIRE(m.state("1") == "waiting");
  REQUIRE(m.refusal(CheckIn{{}, "naika-20261123-1"}) == "unknown_ticket");
  REQUIRE(m.refusal(CheckIn{{}, "naika-20261124-2"}) == "unknown_ticket");
  m.act(Verb::cancel, "1");
  REQUIRE(m.refusal(ticket) == "finished");
}

TEST_CASE("zeros in front, blanks and width do not make another card of it") {
  Cards m;
  m.book_card("0012734");
  REQUIRE(m.instead("12734"));
  REQUIRE_FALSE(m.instead("127340"));
  const auto here = m.when(card("１２７３４"));
  REQUIRE(here);
  REQUIRE(here->events.size() == 1);
  // What was typed first stays as it was typed.
  REQUIRE(queue_view(m.clinic, m.day, 0).front().card == "0012734");
  REQUIRE(m.refusal(card("2734")) == "not_booked_today");
}

TEST_CASE("a card nobody knows today is told so: unknown, over, or of the day before") {
  Cards m;
  REQUIRE(m.refusal(card("1001")) == "not_booked_today");
  REQUIRE(m.refusal(card("")) == "not_booked_today");
  m.take(1); // without a card
  REQUIRE(m.refusal(card("")) == "not_booked_today");
  m.book_card("1001");
  m.act(Verb::cancel, "2");
  REQUIRE(m.refusal(card("1001")) == "not_booked_today");
  m.book_card("1002");
  m.when(CloseCounter{"naika"});
  REQUIRE(m.when(card("1002"))); // before it is opened, or after it has closed
  m.now += std::chrono::hours{24};
  REQUIRE(m.refusal(card("1002")) == "not_booked_today");
  REQUIRE(m.refusal(CheckIn{{}, "naika-20261124-3"}) == "unknown_ticket");
  REQUIRE(m.refusal(card(std::string(200, '1'))) != "");
}

TEST_CASE("all that a card has booked arrives together") {
  Cards m;
  m.open("shouni");
  m.book_card("1001");
  m.book_card("1001", "shouni");
  m.book_card("1002");
  REQUIRE(m.when(card("1001"))->events.size() == 2);
  REQUIRE(m.line() == "1 2booked");
  REQUIRE(tickets_of(m.clinic, m.day, card("1001"), m.now)->size() == 2);
}

TEST_CASE("who missed the call or is on hold is sent to the reception") {
  Cards m;
  m.book_card("1001");
  m.when(card("1001"));
  m.call();
  m.act(Verb::absent, "1");
  REQUIRE(m.refusal(card("1001")) == "missed_call");
  m.book_card("1002");
  m.act(Verb::hold, "2");
  REQUIRE(m.refusal(CheckIn{{}, "naika-20261124-2"}) == "on_hold");
  // Another booking of the same card arrives all the same.
  m.book_card("1001");
  REQUIRE(m.when(card("1001"))->events.size() == 1);
  REQUIRE(m.line() == "1absent 2hold 3");
}

TEST_CASE("at the kiosk a card takes no second place in one line") {
  Cards m;
  m.open("shouni");
  m.book_card("1001");
  REQUIRE(m.instead("1001"));
  REQUIRE(m.instead("1001")->service == "naika");
  REQUIRE(m.when(*m.instead("1001"))->events.size() == 1);
  REQUIRE(m.instead("1001")); // waiting by now
  REQUIRE_FALSE(m.instead("1001", "shouni"));
  REQUIRE_FALSE(m.instead("1002"));
  REQUIRE_FALSE(m.instead(""));
  m.call();
  m.act(Verb::finish, "1");
  REQUIRE_FALSE(m.instead("1001")); // a second visit on one day
}

#ifdef MACHIAI_REMOVABLE_GUARDS
namespace {
struct Without {
  explicit Without(Guard guard) { removed_guards = 1U << static_cast<unsigned>(guard); }
  Without(const Without&) = delete;
  Without& operator=(const Without&) = delete;
  ~Without() { removed_guards = 0; }
};
} // namespace

TEST_CASE("without its guard each of these would let somebody in wrongly") {
  Cards m;
  m.book_card("1001");
  m.when(card("1001"));
  m.call();
  {
    const Without guard(Guard::booked_arrives);
    REQUIRE_FALSE(m.when(card("1001"))->events.empty());
    REQUIRE(m.state("1") == "waiting"); // out of the room again
  }
  m.call();
  m.act(Verb::absent, "1");
  {
    const Without guard(Guard::missed_to_desk);
    REQUIRE(m.refusal(card("1001")) == "");
  }
  const Without guard(Guard::one_place_a_card);
  REQUIRE_FALSE(m.instead("1001"));
}
#endif
