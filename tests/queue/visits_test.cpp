// SPDX-License-Identifier: Apache-2.0
// Visits read off a day's events, the waits told from them, and the day in numbers.
#include "core/queue/statistics.hpp"
#include "core/queue/visits.hpp"
#include "tests/queue/morning.hpp"

using namespace machiai;
using namespace machiai::queue;
using namespace std::chrono_literals;

namespace {

/// A day whose events are kept, as the ledger does.
class Kept {
public:
  Kept() : clinic(test::small_clinic()), day(new_day(clinic)), book(clinic), counter(clinic) {}
  void when(const Command& command) {
    const auto decision = decide(clinic, day, command, {"desk", "desk-1"}, now);
    REQUIRE(decision);
    const std::uint64_t group = day.seq + 1;
    for (const EventBody& body : decision->events) {
      const Event event{day.seq + 1, group, 0, "", "desk", "desk-1", now, body};
      fold(clinic, day, event);
      book.note(day, event);
      counter.note(event);
    }
  }
  void open() { when(OpenCounter{"naika"}); }
  void take(std::optional<WaitRange> told = std::nullopt) {
    when(Take{"naika", "", "", "", false, "", told});
  }
  void call(const std::string& room = "1") { when(CallNext{"naika", room, std::nullopt, std::nullopt}); }

  Clinic clinic;
  Day day;
  VisitBook book;
  DayCounter counter;
  base::Instant now = base::at_minute(*base::parse_iso_date("2026-11-24"), 9 * 60);
};

/// Ten visits of ten minutes each, so that something is known.
VisitHistory ten_minutes_each() {
  VisitHistory history;
  for (int day = 1; day <= 4; ++day) {
    SessionLog log;
    const base::Instant start = base::at_minute({20700 + day}, 9 * 60);
    for (int i = 0; i < 12; ++i)
      log.visits.push_back({0, 0, any_room, start, start + i * 10min, start + (i + 1) * 10min});
    learn(history, log);
  }
  return history;
}

} // namespace

TEST_CASE("a visit lasts from its call to its end, and a call that led to none is forgotten") {
  Kept k;
  k.open();
  for (int i = 0; i < 4; ++i) k.take();
  k.call();
  k.now += 8min;
  k.call(); // finishes 1, calls 2
  k.now += 2min;
  k.when(Act{Verb::absent, "naika/2"});
  k.call(); // 3
  k.now += 1s;
  k.when(Undo{});
  k.call(); // 3 again
  const SessionLog log = k.book.session(0);
  REQUIRE(log.visits.size() == 2);
  REQUIRE(*log.visits[0].ended - log.visits[0].called == 8min);
  REQUIRE_FALSE(log.visits[1].ended.has_value());
  REQUIRE(log.visits[1].called - log.visits[0].called == 10min + 1s);
}

TEST_CASE("a visit belongs to the session in which its number was given, however late it is called") {
  Kept k;
  k.open();
  k.take();
  k.take();
  k.call();
  k.now += 5h;
  k.call();
  REQUIRE(k.book.session(0).visits.size() == 2);
  k.take();
  k.call();
  REQUIRE(k.book.session(1).visits.size() == 1);
  REQUIRE(k.book.sessions().size() == 2);
}

TEST_CASE("nothing is told where too little is known") {
  Kept k;
  k.open();
  k.take();
  const Waits waits = waits_of(k.clinic, k.day, k.book, {}, k.now);
  REQUIRE(waits.reason == ForecastReason::too_little_known);
  REQUIRE(waits.tickets.empty());
  REQUIRE_FALSE(board_view(k.clinic, k.day, k.now, &waits).wait.has_value());
}

TEST_CASE("before the doctor comes the wait is counted from when the first is usually called, in the room "
          "that calls") {
  Kept k;
  k.now = base::at_minute(*base::parse_iso_date("2026-11-24"), 8 * 60 + 30);
  k.open();
  for (int i = 0; i < 3; ++i) k.take();
  const VisitHistory history = ten_minutes_each(); // from 9:00, in the first room
  const auto third = resolve_ticket(k.clinic, k.day, "naika/3").value();
  const auto wait = [&] { return waits_of(k.clinic, k.day, k.book, history, k.now).tickets.at(third); };
  CHECK(wait().minutes == Approx(50).margin(5));
  CHECK(wait().low > 30);
  k.now += 20min;
  CHECK(wait().minutes == Approx(30).margin(5));
  k.now += 15min; // the doctor is late: nobody knows how long
  CHECK(wait().minutes == Approx(20).margin(5));
  k.call("2");
  CHECK(wait().minutes == Approx(20).margin(5));
}

TEST_CASE("everybody in the line has a range, a new-comer stands behind the last, and two rooms are faster") {
  Kept k;
  k.open();
  for (int i = 0; i < 6; ++i) k.take();
  k.call("1");
  const VisitHistory history = ten_minutes_each();
  const Waits one = waits_of(k.clinic, k.day, k.book, history, k.now);
  REQUIRE(one.reason == ForecastReason::known);
  REQUIRE(one.tickets.size() == 5);
  const TicketIndex last = resolve_ticket(k.clinic, k.day, "naika/6").value();
  const TicketIndex first = resolve_ticket(k.clinic, k.day, "naika/2").value();
  REQUIRE(one.tickets.at(first).minutes < one.tickets.at(last).minutes);
  REQUIRE(one.newcomers[0]->minutes >= one.tickets.at(last).minutes);
  REQUIRE(one.newcomers[0]->minutes == Approx(60).margin(15));
  k.call("2");
  const Waits two = waits_of(k.clinic, k.day, k.book, history, k.now);
  REQUIRE(two.newcomers[0]->minutes < one.newcomers[0]->minutes * 0.7);
}

TEST_CASE("a room that calls for another service does not shorten this one's wait") {
  Kept k;
  k.open();
  k.when(OpenCounter{"shouni"});
  for (int i = 0; i < 6; ++i) k.take();
  for (int i = 0; i < 2; ++i) k.when(Take{"shouni", "", "", "", false});
  k.call("1");
  const VisitHistory history = ten_minutes_each();
  k.when(CallNext{"shouni", "2", std::nullopt, std::nullopt});
  const Waits waits = waits_of(k.clinic, k.day, k.book, history, k.now);
  // Five wait in front of room 1 and one in front of room 2; both rooms have just called.
  REQUIRE(waits.newcomers[0]->minutes == Approx(60).margin(2));
  REQUIRE(waits.newcomers[1]->minutes == Approx(20).margin(2));
}

TEST_CASE("the ranges reach board, kiosk, desk and list, and only for counters that are open") {
  Kept k;
  k.open();
  for (int i = 0; i < 4; ++i) k.take();
  k.call("1");
  const VisitHistory history = ten_minutes_each();
  const Waits waits = waits_of(k.clinic, k.day, k.book, history, k.now);
  const BoardView board = board_view(k.clinic, k.day, k.now, &waits);
  REQUIRE(board.wait.has_value());
  REQUIRE(board.wait->low % 5 == 0);
  REQUIRE(board.wait->high % 5 == 0);
  REQUIRE(board.wait->low < board.wait->high);
  REQUIRE_FALSE(board.services[1].wait.has_value());
  REQUIRE(kiosk_view(k.clinic, k.day, k.now, &waits).services[0].wait == board.wait);
  const DeskView desk = desk_view(k.clinic, k.day, k.now, &waits);
  for (const TicketView& ticket : desk.tickets)
    REQUIRE(ticket.wait.has_value() == (ticket.state == "waiting"));
}

TEST_CASE("a day in numbers counts what happened and what was told") {
  Kept k;
  k.open();
  k.take(WaitRange{0, 15});
  k.take(WaitRange{5, 10});
  k.take();
  k.take();
  k.now += 10min;
  k.call();
  k.now += 20min;
  k.call();
  k.now += 5min;
  k.call();
  k.when(Act{Verb::absent, "naika/3"});
  k.when(Act{Verb::cancel, "naika/4"});
  k.take();
  k.when(Undo{}); // the number is void: nobody had it
  k.when(CloseDay{});
  const DayCount count = k.counter.count();
  REQUIRE(count.date == *base::parse_iso_date("2026-11-24"));
  const ServiceCount& naika = count.services[0];
  REQUIRE(naika.taken == 4);
  REQUIRE(naika.done == 2);
  REQUIRE(naika.absences == 1);
  REQUIRE(naika.no_show == 1);
  REQUIRE(naika.cancelled == 1);
  REQUIRE(naika.waits == std::vector<double>{10, 30, 35});
  REQUIRE(naika.kinds.at("return") == 4);
  REQUIRE(count.arrivals[9] == 4);
  REQUIRE(count.rooms[0].visits == 2);
  REQUIRE(count.rooms[0].minutes == Approx(25));
  const Accuracy record = accuracy(count.outcomes);
  REQUIRE(record.n == 2);
  REQUIRE(record.inside == Approx(0.5));
  REQUIRE(record.late == Approx(0.5));
}

TEST_CASE("a call that was undone is no wait") {
  Kept k;
  k.open();
  k.take();
  k.now += 10min;
  k.call();
  k.now += 1s;
  k.when(Undo{});
  k.now += 10min;
  k.call();
  REQUIRE(k.counter.count().services[0].waits == std::vector<double>{20 + 1.0 / 60});
}

TEST_CASE("the middle and the ninth of ten are values that came") {
  REQUIRE(median({}) == 0);
  REQUIRE(median({7}) == 7);
  REQUIRE(median({3, 1, 2}) == 2);
  REQUIRE(ninth_of_ten({1, 2, 3, 4, 5, 6, 7, 8, 9, 10}) == 9);
}

TEST_CASE("in a line longer than any clinic's the first thousand are told a wait, and nobody who comes now") {
  Kept k;
  k.open();
  for (int i = 0; i < 1000; ++i) k.take();
  const Waits whole = waits_of(k.clinic, k.day, k.book, ten_minutes_each(), k.now);
  REQUIRE(whole.tickets.size() == 1000);
  REQUIRE(whole.newcomers[0].has_value());
  k.take();
  const Waits longer = waits_of(k.clinic, k.day, k.book, ten_minutes_each(), k.now);
  REQUIRE(longer.tickets.size() == 1000);
  REQUIRE_FALSE(longer.newcomers[0].has_value());
}
