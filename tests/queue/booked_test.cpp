// SPDX-License-Identifier: Apache-2.0
// Who booked from outside stands in the line and is passed over until they are here.
#include "core/queue/statistics.hpp"
#include "core/queue/visits.hpp"
#include "tests/queue/morning.hpp"

using namespace machiai::queue;
using machiai::test::Morning;

TEST_CASE("who has booked has a place by acceptance, and is called only once here") {
  Morning m;
  m.open();
  m.take(1);
  m.now += std::chrono::minutes{30};
  m.book("web-1", 45); // before the one at the kiosk
  REQUIRE(m.line() == "2booked 1");
  REQUIRE(people_ahead(m.day, 0) == 0);
  REQUIRE(m.day.counters[0].waiting == 1);
  REQUIRE(m.call("1") == "1");
  m.act(Verb::arrive, "2");
  REQUIRE(m.day.counters[0].waiting == 1);
  REQUIRE(m.call("2") == "2");
}

TEST_CASE("a slot of later today stands by its time and in nobody's way until then") {
  Morning m; // 9:00
  m.open();
  m.book("slot-11", -120); // 1: a slot is accepted at its own time
  m.book("slot-10", -60);  // 2
  m.take(2);               // 3, 4
  REQUIRE(m.line() == "3 4 2booked 1booked");
  m.now += std::chrono::minutes{20};
  m.book("web"); // 5: a queue booking, accepted now
  m.take(1);     // 6
  REQUIRE(m.line() == "3 4 5booked 6 2booked 1booked");
  m.act(Verb::arrive, "1"); // far too early
  m.take(1);                // 7
  REQUIRE(m.line() == "3 4 5booked 6 7 2booked 1");
  REQUIRE(m.call() == "3");
  REQUIRE(m.when(Move{"naika/4", "", "test"})); // to the end: of those whose time has come
  REQUIRE(m.line() == "3called 5booked 6 7 4 2booked 1");
  m.now += std::chrono::minutes{60}; // 10:20
  m.take(1);                         // 8
  REQUIRE(m.line() == "3called 5booked 6 7 4 2booked 8 1");
}

TEST_CASE("the desk is told which time was agreed, and who is here since when") {
  Morning m; // 9:00
  m.open();
  m.book("slot-11", -120);
  m.book("web", 20);
  m.take(1);
  const auto seen = [&](const char* number) {
    for (const TicketView& ticket : desk_view(m.clinic, m.day, m.now).tickets)
      if (ticket.number == number) return ticket;
    return TicketView{};
  };
  REQUIRE(seen("1").slot == m.now + std::chrono::minutes{120});
  REQUIRE_FALSE(seen("1").here);
  REQUIRE_FALSE(seen("2").slot);
  REQUIRE_FALSE(seen("2").here);
  REQUIRE_FALSE(seen("3").slot);
  REQUIRE(seen("3").here == m.now);
  m.now += std::chrono::minutes{10};
  m.act(Verb::arrive, "2");
  REQUIRE(seen("2").here == m.now);
  REQUIRE(seen("2").taken == m.now - std::chrono::minutes{30});
  m.act(Verb::no_show, "1");
  m.act(Verb::no_show, "3");
  REQUIRE_FALSE(seen("1").here);
  REQUIRE(seen("3").here);
}

TEST_CASE("two clocks that differ a little put nobody behind who came later") {
  Morning m;
  m.open();
  m.book("web", -1); // the cloud's clock is a minute ahead
  m.take(1);
  REQUIRE(m.line() == "1booked 2");
}

TEST_CASE("a clock that went back makes no slot of a place in the line") {
  Morning m;
  m.open();
  m.book("web");
  m.now -= std::chrono::hours{1};
  m.take(1);
  REQUIRE(m.line() == "1booked 2");
}

TEST_CASE("nobody is called while all who stand in the line are still on their way") {
  Morning m;
  m.open();
  m.book("web-1");
  REQUIRE(m.refusal(CallNext{"naika", "1", std::nullopt, std::nullopt}) == "nobody_waiting");
  // The desk knows better than the list.
  REQUIRE(m.when(CallNext{"naika", "1", "naika/1", std::nullopt}));
  REQUIRE(m.state("1") == "called");
}

TEST_CASE("a phone is told its own wait; before the patient is here, from the present's to the expected's") {
  Morning m;
  m.open();
  m.book("early"); // 1
  m.take(2);       // 2, 3
  m.book("here");  // 4
  m.act(Verb::arrive, "4");
  m.book("late"); // 5
  const auto about = [](double minutes) { return Guess{minutes, minutes, minutes}; };
  Waits present{{}, {{1, about(10)}, {2, about(20)}, {3, about(30)}}, {about(40), std::nullopt}};
  const Waits expected{{},
                       {{0, about(10)}, {1, about(20)}, {2, about(30)}, {3, about(40)}, {4, about(50)}},
                       {about(60), std::nullopt}};
  const auto told = [&] { return outside_waits(m.day, present, expected); };
  using Told = std::vector<std::pair<TicketIndex, WaitRange>>;
  const auto shown = [&](double low, double high) {
    return WaitRange{shown_range(about(low)).low, shown_range(about(high)).high};
  };
  REQUIRE(told().tickets == Told{{0, shown(10, 10)}, {3, shown(30, 30)}, {4, shown(40, 50)}});
  REQUIRE(told().newcomers[0] == shown(40, 60));
  REQUIRE_FALSE(told().newcomers[1]);
  // A closed counter takes nobody who comes now, and what is behind the last one present is not known.
  m.when(CloseCounter{"naika"});
  REQUIRE(told().tickets == Told{{0, shown(10, 10)}, {3, shown(30, 30)}});
  REQUIRE_FALSE(told().newcomers[0]);
  // A patient whose wait is not known: nothing for the one before them either.
  present.tickets.erase(1);
  REQUIRE(told().tickets == Told{{3, shown(30, 30)}});
}

TEST_CASE("who has booked is expected until somebody behind them was called") {
  Morning m;
  m.open();
  m.book("first");
  m.take(1);
  m.book("last");
  REQUIRE(places_called(m.day, m.day.counters[0]) == 0);
  m.call(); // 2
  REQUIRE(places_called(m.day, m.day.counters[0]) == 2);
  VisitHistory history;
  history.visits = 1000;
  history.kinds.assign(8, {10, 100});
  const VisitBook book(m.clinic);
  const Waits waits = waits_of(m.clinic, m.day, book, history, m.now, Line::expected);
  REQUIRE(waits.tickets.count(2) == 1);
  REQUIRE(waits.tickets.count(0) == 0);
  REQUIRE(waits_of(m.clinic, m.day, book, history, m.now).tickets.empty());
}

TEST_CASE("an arrival is told once, and can be undone") {
  Morning m;
  m.open();
  m.book("web-1");
  m.act(Verb::arrive, "1");
  const auto again = m.when(Act{Verb::arrive, "naika/1"});
  REQUIRE(again);
  REQUIRE(again->events.empty());
  REQUIRE(m.when(Undo{}));
  REQUIRE(m.state("1") == "booked");
  REQUIRE(m.day.counters[0].waiting == 0);
  m.act(Verb::arrive, "1");
  m.call();
  REQUIRE(m.refusal(Act{Verb::arrive, "naika/1"}) == "not_booked");
  m.take(1);
  m.act(Verb::absent, "2");
  REQUIRE(m.refusal(Act{Verb::arrive, "naika/2"}) == "not_booked");
}

TEST_CASE("a booking may be cancelled, moved and transferred before anybody is here") {
  Morning m;
  m.open();
  m.open("shouni");
  m.book("web-1");
  m.book("web-2");
  m.book("web-3");
  REQUIRE(m.when(Move{"naika/3", "naika/1", "urgent"}));
  REQUIRE(m.line() == "3booked 1booked 2booked");
  m.act(Verb::cancel, "1");
  REQUIRE(m.when(Transfer{"naika/2", "shouni"}));
  REQUIRE(m.state("2") == "booked");
  REQUIRE(m.day.counters[0].waiting == 0);
  REQUIRE(m.day.counters[1].waiting == 0);
}

TEST_CASE("who never came is not left over at the end of the day") {
  Morning m;
  m.open();
  m.book("web-1");
  REQUIRE(m.when(CloseDay{}));
  REQUIRE(m.state("1") == "no_show");
}

TEST_CASE("a wait is counted from the arrival, not from the booking at home") {
  Morning m;
  DayCounter counter(m.clinic);
  m.open();
  m.book("web-1", 150);
  const Ticket& ticket = m.day.tickets.front();
  m.now += std::chrono::minutes{20};
  m.act(Verb::arrive, "1");
  REQUIRE(here_since(ticket) == m.now);
  REQUIRE(ticket.taken == m.now - std::chrono::minutes{170});
  const auto came = m.now;
  m.now += std::chrono::minutes{5};
  m.call();
  REQUIRE(here_since(ticket) == came);
}

TEST_CASE("places for walk-ins are held for the day, also before it begins") {
  Morning m;
  REQUIRE(m.when(SetWalkIns{"naika", 5}));
  REQUIRE(m.day.opened);
  REQUIRE(m.day.counters[0].walk_ins == 5);
  REQUIRE(m.day.counters[1].walk_ins == -1);
  REQUIRE(m.when(SetWalkIns{"naika", 5})->events.empty());
  REQUIRE(desk_view(m.clinic, m.day, m.now).exceptions ==
          std::vector<ExceptionView>{{"naika", "walk_ins", "5"}});
  // None held is something else than what the rules say.
  REQUIRE(m.when(SetWalkIns{"naika", 0}));
  REQUIRE(desk_view(m.clinic, m.day, m.now).exceptions.front().value == "0");
  REQUIRE(m.when(SetWalkIns{"naika", -1}));
  REQUIRE(desk_view(m.clinic, m.day, m.now).exceptions.empty());
  REQUIRE(m.when(SetWalkIns{"naika", most_walk_ins}));
  for (const int places : {-2, most_walk_ins + 1, 1'000'000'000})
    REQUIRE(m.refusal(SetWalkIns{"naika", places}) == "bad_walk_ins");
  REQUIRE(m.refusal(SetWalkIns{"nobody", 1}) == "unknown_service");
  REQUIRE(m.day.counters[0].walk_ins == most_walk_ins);
  m.now += std::chrono::hours{24};
  m.open();
  REQUIRE(m.day.counters[0].walk_ins == -1);
}

TEST_CASE("who comes to the reception gets a number also when all that are left are held") {
  Morning m;
  m.clinic.services[0].cap = 2;
  m.open();
  REQUIRE(m.when(SetWalkIns{"naika", 2}));
  m.take(2);
  REQUIRE(m.refusal(Take{"naika", "", "", "", false}) == "cap_reached");
}

TEST_CASE("bookings from outside can be stopped for the day, also before it begins") {
  Morning m;
  const auto stopped = m.when(SetRemote{"naika", false});
  REQUIRE(stopped);
  REQUIRE(m.day.opened);
  REQUIRE(m.day.counters[0].remote_stopped);
  REQUIRE_FALSE(m.day.counters[1].remote_stopped);
  REQUIRE(m.when(SetRemote{"naika", false})->events.empty());
  const auto exceptions = desk_view(m.clinic, m.day, m.now).exceptions;
  REQUIRE(exceptions.size() == 1);
  REQUIRE(exceptions.front() == ExceptionView{"naika", "remote", "closed"});
  REQUIRE(m.when(SetRemote{"naika", true}));
  REQUIRE_FALSE(m.day.counters[0].remote_stopped);
  // The next date begins as the settings say.
  REQUIRE(m.when(SetRemote{"naika", false}));
  m.now += std::chrono::hours{24};
  m.open();
  REQUIRE_FALSE(m.day.counters[0].remote_stopped);
}

TEST_CASE("who has booked and is not here stays so, whatever is done and taken back before they come") {
  Morning m;
  m.open();
  m.book("web");
  m.take(1);
  SECTION("on hold and back") {
    m.act(Verb::hold, "1");
    REQUIRE(m.line() == "1hold 2");
    m.act(Verb::resume, "1");
  }
  SECTION("missed and back") {
    m.act(Verb::absent, "1");
    m.act(Verb::back, "1");
  }
  SECTION("called out of turn, and the call taken back") {
    REQUIRE(m.when(CallNext{"naika", "1", "naika/1", std::nullopt}));
    m.act(Verb::back, "1");
  }
  SECTION("on hold and sent to another counter and back") {
    m.act(Verb::hold, "1");
    REQUIRE(m.when(Transfer{"naika/1", "shouni"}));
    REQUIRE(m.when(Transfer{"naika/1", "naika"}));
  }
  SECTION("there is nothing to put back") {
    REQUIRE(m.refusal(Act{Verb::back, "naika/1"}) == "not_called");
  }
  REQUIRE(m.state("1") == "booked");
  REQUIRE(m.day.counters[0].waiting == 1);
  m.now += std::chrono::minutes{20};
  m.act(Verb::arrive, "1");
  REQUIRE(m.state("1") == "waiting");
  REQUIRE(here_since(m.day.tickets[0]) == m.now);
  m.act(Verb::hold, "1");
  m.act(Verb::resume, "1");
  REQUIRE(m.state("1") == "waiting");
  REQUIRE(m.when(CallNext{"naika", "1", "naika/1", std::nullopt}));
  m.act(Verb::absent, "1");
  m.act(Verb::back, "1");
  REQUIRE(m.state("1") == "waiting");
}
