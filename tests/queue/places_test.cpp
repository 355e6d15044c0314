// SPDX-License-Identifier: Apache-2.0
// Places kept between bookings for those who walk in (docs/held-places.md).
#include "core/queue/places.hpp"
#include "core/queue/visits.hpp"
#include "morning.hpp"

using namespace machiai;
using namespace machiai::queue;
using test::Morning;

namespace {

/// Six who booked from outside, every third place kept; nobody is here yet.
struct Booked : Morning {
  explicit Booked(int every = 3, int people = 6) {
    open();
    for (int i = 0; i < people; ++i) ask(every);
  }
  void ask(int every) {
    const std::string key = "b" + std::to_string(++asked);
    REQUIRE(when(Receive{"naika", date(), key, std::nullopt, "", "", "", now, every}, "link", key));
    now += std::chrono::seconds{20};
  }
  void here(std::initializer_list<const char*> numbers) {
    for (const char* number : numbers) act(Verb::arrive, number);
  }
  [[nodiscard]] int told(const std::string& number) const {
    return told_ahead(day, *resolve_ticket(clinic, day, "naika/" + number));
  }
  [[nodiscard]] std::string places() const {
    std::string text;
    for (const TicketIndex at : kept_places(day, 0))
      text += shown_number(clinic, ref_of(day.tickets[at])) + " ";
    return text;
  }
  int asked = 0;
};

} // namespace

TEST_CASE("behind each two bookings a place is kept, and told as a person") {
  Booked m;
  REQUIRE(m.places() == "2 4 6 ");
  REQUIRE(m.told("1") == 0);
  REQUIRE(m.told("5") == 2);
  m.here({"1", "2", "3", "4"});
  REQUIRE(m.told("5") == 6);
  const auto view = queue_view(m.clinic, m.day, 0);
  REQUIRE(view[4].ahead == 4);
  REQUIRE(view[4].kept_ahead == 2);
  REQUIRE_FALSE(view[1].kept_ahead);
  REQUIRE(Booked(0).places().empty());
  REQUIRE(Booked(2, 3).places() == "1 2 3 ");
}

TEST_CASE("who walks in gets the next number and the first kept place behind those who stay near") {
  Booked m;
  m.here({"1", "2", "3", "4", "5"});
  const auto before = m.told("5");
  const auto taken = m.when(Take{"naika", "", "", "", false});
  REQUIRE(taken);
  REQUIRE(m.line() == "1 2 3 4 7 5 6booked");
  const auto& event = std::get<Taken>(taken->events.front());
  REQUIRE(event.behind == TicketRef{0, main_series, 4});
  REQUIRE(event.ahead == 5); // four people and the place behind 2
  REQUIRE(m.told("5") == before);
  REQUIRE(queue_view(m.clinic, m.day, 0)[4].reason == "walk_in_place");
  REQUIRE(board_view(m.clinic, m.day, m.now).next[4].reason == "walk_in_place");
  REQUIRE(m.when(Take{"naika", "", "", "", false}));
  REQUIRE(m.line() == "1 2 3 4 7 5 6booked 8"); // behind 6, and the places are used up
  REQUIRE(m.places() == "2 ");
}

TEST_CASE("a place is gone once those in front of it have been called") {
  Booked m;
  m.here({"1", "2", "3", "4", "5", "6"});
  const int before = m.told("6");
  m.call();
  REQUIRE(m.places() == "4 6 "); // one is left in front of the other: nobody is put before who stays near
  REQUIRE(m.told("6") == before - 2);
  REQUIRE(m.when(Undo{}));
  REQUIRE(m.places() == "2 4 6 ");
  REQUIRE(m.told("6") == before);
}

TEST_CASE("an undone number gives the place back, a cancelled booking takes its place along") {
  Booked m;
  m.here({"1", "2", "3", "4", "5"});
  REQUIRE(m.when(Take{"naika", "", "", "", false}));
  REQUIRE(m.places() == "2 6 ");
  REQUIRE(m.when(Undo{}));
  REQUIRE(m.places() == "2 4 6 ");
  m.act(Verb::cancel, "4");
  REQUIRE(m.places() == "2 6 ");
}

TEST_CASE("what the desk says of today goes before the cloud's rules, from the next booking on") {
  Booked m;
  REQUIRE(m.refusal(SetWalkIns{"naika", -1, 1}) == "bad_every");
  REQUIRE(m.refusal(SetWalkIns{"naika", -1, most_every + 1}) == "bad_every");
  REQUIRE(m.when(SetWalkIns{"naika", -1, 0}));
  REQUIRE(m.places().empty()); // given up, also those behind who had booked
  REQUIRE(m.when(Undo{}));
  REQUIRE(m.places() == "2 4 6 ");
  REQUIRE(m.when(SetWalkIns{"naika", -1, 0}));
  REQUIRE(m.when(SetWalkIns{"naika", -1, 2}));
  REQUIRE(m.places().empty());
  m.ask(0);
  REQUIRE(m.places() == "7 ");
  REQUIRE(desk_view(m.clinic, m.day, m.now).exceptions ==
          std::vector<ExceptionView>{{"naika", "every", "2"}});
  REQUIRE(m.when(SetWalkIns{"naika", 4}));
  REQUIRE(m.day.counters[0].every == 2); // what is not said stays
}

TEST_CASE("a kept place counts as the share of it that was taken on earlier days") {
  VisitHistory history;
  REQUIRE(share_taken(history, 0) == Approx(0.5));
  history.places = {{80, 0}, {80, 80}};
  REQUIRE(share_taken(history, 0) < 0.1);
  REQUIRE(share_taken(history, 1) > 0.9);
  history.kinds = {{200, 20}};
  history.visits = 20;
  Booked m;
  m.here({"1", "2", "3", "4", "5", "6"});
  const VisitBook book(m.clinic);
  const auto wait = [&](double taken) {
    history.places = {{1000, 1000 * taken}};
    return waits_of(m.clinic, m.day, book, history, m.now);
  };
  const TicketIndex last = *resolve_ticket(m.clinic, m.day, "naika/6");
  REQUIRE(wait(1).tickets.at(last).minutes > wait(0).tickets.at(last).minutes + 5);
  // Who comes now stands in front of the fifth, not at the end.
  REQUIRE(wait(1).walk_ins[0]->minutes < wait(1).tickets.at(last).minutes);
  REQUIRE(wait(1).newcomers[0]->minutes > wait(1).tickets.at(last).minutes);
}
