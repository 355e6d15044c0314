// SPDX-License-Identifier: Apache-2.0
#include "tests/queue/morning.hpp"

using namespace machiai::queue;
using machiai::test::Morning;

namespace {

/// The rule of these tests: two places back, twice.
Morning called_first_of(int patients) {
  Morning m;
  m.open();
  m.take(patients);
  REQUIRE(m.call() == "1");
  return m;
}

} // namespace

TEST_CASE("who does not answer keeps a place behind the next two") {
  Morning m = called_first_of(5);
  m.act(Verb::absent, "1");
  REQUIRE(m.line() == "2 3 1absent 4 5");
}

TEST_CASE("an absent patient is passed over until they are back") {
  Morning m = called_first_of(5);
  m.act(Verb::absent, "1");
  REQUIRE(m.call("1") == "2");
  REQUIRE(m.call("1") == "3");
  REQUIRE(m.call("1") == "4");
  m.act(Verb::back, "1");
  REQUIRE(m.call("1") == "1");
}

TEST_CASE("who is back early still waits for the place the rule gave") {
  Morning m = called_first_of(5);
  m.act(Verb::absent, "1");
  m.act(Verb::back, "1");
  REQUIRE(m.line() == "2 3 1 4 5");
  REQUIRE(queue_view(m.clinic, m.day, 0)[2].reason == "returned");
}

TEST_CASE("nobody counts as ahead who would be passed over") {
  Morning m = called_first_of(4);
  m.act(Verb::absent, "1");
  m.act(Verb::hold, "2");
  const auto at = resolve_ticket(m.clinic, m.day, "naika/4");
  REQUIRE(at);
  REQUIRE(people_ahead(m.day, *at) == 1);
}

TEST_CASE("after the second absence the place is at the end") {
  Morning m = called_first_of(6);
  m.act(Verb::absent, "1");
  for (const int again : {1, 2}) {
    (void)again;
    REQUIRE(m.when(CallNext{"naika", "1", "naika/1", std::nullopt}));
    m.act(Verb::absent, "1");
  }
  REQUIRE(m.line() == "2 3 4 5 6 1absent");
}

TEST_CASE("a rule of no places back sends to the end at once") {
  Morning m = called_first_of(4);
  m.clinic.absence.back = 0;
  m.act(Verb::absent, "1");
  REQUIRE(m.line() == "2 3 4 1absent");
}

TEST_CASE("who steps out while waiting keeps the place and is not charged an absence") {
  Morning m;
  m.open();
  m.take(3);
  m.act(Verb::absent, "2");
  REQUIRE(m.line() == "1 2absent 3");
  REQUIRE(queue_view(m.clinic, m.day, 0)[1].absences == 0);
}

TEST_CASE("who steps out while waiting goes where the desk says, if it says so") {
  Morning m;
  m.open();
  m.take(5);
  REQUIRE(m.when(Act{Verb::absent, "naika/1", 2}));
  REQUIRE(m.line() == "2 3 1absent 4 5");
  REQUIRE(m.when(Act{Verb::absent, "naika/2", 0}));
  REQUIRE(m.line() == "3 1absent 4 5 2absent");
  REQUIRE(queue_view(m.clinic, m.day, 0)[1].absences == 0);
  REQUIRE(m.when(Undo{}));
  REQUIRE(m.line() == "2 3 1absent 4 5");
}

TEST_CASE("who is on hold has no call to answer: absent, the place stays and nothing is counted") {
  Morning m;
  m.open();
  m.take(5);
  for (int round = 0; round < 3; ++round) {
    m.act(Verb::hold, "1");
    m.act(Verb::absent, "1");
    REQUIRE(m.line() == "1absent 2 3 4 5");
    m.act(Verb::back, "1");
  }
  REQUIRE(queue_view(m.clinic, m.day, 0)[0].absences == 0);
}

TEST_CASE("said once more with more, it is done") {
  Morning m;
  m.open();
  m.take(5);
  REQUIRE(m.when(Act{Verb::absent, "naika/1", 2}));
  REQUIRE(m.when(Act{Verb::absent, "naika/1", 0}));
  REQUIRE(m.line() == "2 3 4 5 1absent");
  REQUIRE(m.when(Undo{}));
  REQUIRE(m.line() == "2 3 1absent 4 5");
  REQUIRE(m.when(Act{Verb::absent, "naika/1"})->events.empty());
  REQUIRE(m.when(Act{Verb::hold, "naika/2", std::nullopt, "test"}));
  REQUIRE(m.when(Act{Verb::hold, "naika/2", std::nullopt, "other"}));
  REQUIRE(queue_view(m.clinic, m.day, 0)[0].reason == "other");
  REQUIRE(m.when(Act{Verb::hold, "naika/2", std::nullopt, "other"})->events.empty());
}
