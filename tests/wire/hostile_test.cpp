// SPDX-License-Identifier: Apache-2.0
// Events that no clinic records: what the ledger's text lets through, the fold survives.
#include "core/queue/views.hpp"
#include "core/wire/events.hpp"
#include "tests/queue/history.hpp"

#include <boost/json.hpp>
#include <catch2/catch.hpp>

#include <algorithm>
#include <array>
#include <random>

using namespace machiai;
using namespace machiai::queue;
namespace json = boost::json;

namespace {

const std::array<const char*, 36> kinds{
    "day_opened", "day_closed", "counter_opened", "counter_closed", "ownership_taken", "ownership_released",
    "taken",      "taken",      "voided",         "called",         "recalled",        "entered",
    "absent",     "held",       "resumed",        "put_back",       "cancelled",       "finished",
    "moved",      "undone",     "reprinted",      "amended",        "transferred",     "no_show",
    "cap_set",    "hours_set",  "message_put",    "message_taken",  "refused",         "cloud_seen",
    "arrived",    "remote_set", "notice_shown",   "notice_cleared", "walk_ins_set",    "phoned"};

/// Says every field of every kind, mostly what fits, now and then what does not.
class Liar {
public:
  explicit Liar(std::uint32_t seed) : random_(seed) {}

  std::size_t below(std::size_t n) { return random_() % n; }
  const char* kind() { return below(60) == 0 ? "day_opened" : kinds[1 + below(kinds.size() - 1)]; }

  std::string body() {
    json::object all{{"ticket", ticket()},
                     {"before", ticket()},
                     {"told", json::array{number(), number()}},
                     {"service", service()},
                     {"series", series()},
                     {"from", number()},
                     {"to", number()},
                     {"group", below(8) == 0 ? json::value(number()) : json::value(group())},
                     {"fields", json::object{{"title", text()}}}};
    if (below(4) == 0) all["to"] = service();
    if (below(2) == 0) all["accepted"] = instant();
    if (below(3) == 0) all["behind"] = ticket();
    all["date"] = below(2) == 0 ? "2026-11-24" : "9999-12-31";
    all["until"] = instant();
    all["hours"] = below(2) == 0 ? "8:30-11:00" : "-";
    for (const char* name :
         {"epoch", "high", "ahead", "generation", "cap", "places", "every", "id", "minutes"})
      all[name] = number();
    for (const char* name : {"print", "open", "chosen", "keeps"}) all[name] = below(2) == 0;
    for (const char* name : {"session", "kind", "card", "name", "note", "reason", "pattern", "text", "what",
                             "template", "lang", "result"})
      all[name] = text();
    all["room"] = below(6) == 0 ? "cellar" : std::to_string(1 + below(2));
    return json::serialize(all);
  }
  std::uint64_t group() { return 1 + below(40); }
  base::Instant at() {
    return base::instant_from_ms(1'764'034'320'000 + static_cast<std::int64_t>(below(9'000)));
  }

private:
  json::value ticket() {
    if (below(25) == 0) return nullptr;
    return json::object{{"service", service()}, {"series", series()}, {"n", number()}};
  }
  json::value number() {
    constexpr std::array<std::int64_t, 8> odd{
        0, -1, 1'000'000, 60'000'000, 4'294'967'295, 4'294'967'296, 9'007'199'254'740'992, 1};
    return below(12) == 0 ? odd[below(odd.size())] : static_cast<std::int64_t>(1 + below(7));
  }
  json::value instant() {
    constexpr std::array<std::int64_t, 4> odd{INT64_MIN, INT64_MAX, -9'007'199'254'740'991, 0};
    return below(9) == 0 ? odd[below(odd.size())]
                         : 1'764'034'320'000 + static_cast<std::int64_t>(below(600'000));
  }
  std::string service() { return below(30) == 0 ? "ganka" : below(3) == 0 ? "shouni" : "naika"; }
  std::string series() {
    if (below(6) == 0) return "K" + std::to_string(1 + below(65'535));
    return std::array{"M", "M", "K", "W2"}[below(4)];
  }
  std::string text() { return below(40) == 0 ? std::string(20'000, 'x') : "first"; }

  std::mt19937 random_;
};

/// Everybody stands once in the line that is theirs, and nobody else does.
bool lines_are_whole(const Day& day) {
  std::vector<int> seen(day.tickets.size());
  for (std::size_t i = 0; i < day.counters.size(); ++i) {
    const Counter& counter = day.counters[i];
    if (counter.head > counter.line.size()) return false;
    for (const TicketIndex at : counter.line)
      if (at >= seen.size() || day.tickets[at].line != i || ++seen[at] != 1) return false;
  }
  return std::count(seen.begin(), seen.end(), 1) == static_cast<std::ptrdiff_t>(seen.size());
}

std::size_t numbers_held(const Day& day) {
  std::size_t all = 0;
  for (const Counter& counter : day.counters)
    for (const auto& [series, index] : counter.index) all += index.size();
  return all;
}

void apply(const Clinic& clinic, Day& day, const char* kind, const char* text, std::uint64_t group = 0) {
  const auto body = wire::event_from_json(clinic, kind, text);
  CAPTURE(kind, text);
  REQUIRE(body);
  const std::uint64_t seq = day.seq + 1;
  fold(clinic, day,
       {seq, group == 0 ? seq : group, 0, "", "desk", "desk-1", base::instant_from_ms(1), *body});
}

} // namespace

TEST_CASE("an event that names a number nobody can have is no event") {
  const Clinic clinic = test::small_clinic();
  const auto refused = [&](const char* kind, const std::string& text) {
    const auto body = wire::event_from_json(clinic, kind, text);
    CAPTURE(kind, text);
    REQUIRE_FALSE(body);
    REQUIRE(body.error().reason == "bad_event");
  };
  for (const char* n : {"0", "1000001", "60000000"}) {
    const std::string ticket = std::string(R"("ticket":{"service":"naika","series":"M","n":)") + n + "}";
    refused("called", "{" + ticket + R"(,"room":"1"})");
    refused("taken", "{" + ticket + R"(,"ahead":0,"print":false})");
    refused("undone", R"({"group":1,"what":"called",)" + ticket + "}");
    // A counter that is not known here does not excuse it.
    refused("transferred", "{" + ticket + R"(,"to":"ganka","before":null})");
  }
  refused("taken", R"({"ticket":null,"ahead":0,"print":false})");
  refused("called", R"({"ticket":null,"room":"1"})");
  refused("ownership_taken", R"({"service":"naika","epoch":1,"high":60000000})");
  for (const char* range : {R"("from":0,"to":3)", R"("from":4,"to":3)", R"("from":1,"to":1000001)"})
    refused("voided", std::string(R"({"service":"naika","series":"M","reason":"x",)") + range + "}");
  refused("voided",
          R"({"service":"naika","series":"M","from":1,"to":2,"reason":")" + std::string(65, 'x') + "\"}");
  refused("taken", R"({"ticket":{"service":"naika","series":"M","n":1},"ahead":0,"print":false,)"
                   R"("accepted":-9223372036854775808})");
  // The end of a line, and a command that was about nobody.
  REQUIRE(wire::event_from_json(
      clinic, "moved", R"({"ticket":{"service":"naika","series":"M","n":1},"before":null,"reason":""})"));
  REQUIRE(wire::event_from_json(clinic, "undone", R"({"group":1,"ticket":null,"what":"cap_set"})"));
}

TEST_CASE("a number is void twice and void it is") {
  const Clinic clinic = test::small_clinic();
  Day day = new_day(clinic);
  for (int i = 0; i < 2; ++i)
    apply(clinic, day, "voided", R"({"service":"naika","series":"M","from":2,"to":3,"reason":"x"})");
  REQUIRE(day.counters[0].index[main_series] ==
          std::vector<TicketIndex>{no_ticket, void_number, void_number});
}

TEST_CASE("a day has room for so many numbers, however many series they are said to be of") {
  const Clinic clinic = test::small_clinic();
  Day day = new_day(clinic);
  for (int i = 1; i <= 12; ++i) {
    const std::string ticket = R"({"ticket":{"service":"naika","series":"K)" + std::to_string(i) +
                               R"(","n":1000000},"ahead":0,"print":false})";
    apply(clinic, day, "taken", ticket.c_str());
  }
  REQUIRE(numbers_held(day) <= most_numbers_held);
  REQUIRE(lines_are_whole(day));
  // With the next date there is room again.
  apply(clinic, day, "day_opened", R"({"date":"2026-11-25"})");
  apply(clinic, day, "taken", R"({"ticket":{"service":"naika","series":"M","n":1},"ahead":0,"print":false})");
  REQUIRE(day.tickets.size() == 1);
}

TEST_CASE("who was called and handed on in one command is back in one line when it is undone") {
  const Clinic clinic = test::small_clinic();
  const char* one = R"({"ticket":{"service":"naika","series":"M","n":1},)";
  const std::string taken = std::string(one) + R"("ahead":0,"print":false})";
  const std::string called = std::string(one) + R"("room":"1"})";
  const std::string over = std::string(one) + R"("to":"shouni","before":null})";
  for (const bool first_called : {true, false}) {
    Day day = new_day(clinic);
    apply(clinic, day, "taken", taken.c_str());
    apply(clinic, day, first_called ? "called" : "transferred", (first_called ? called : over).c_str(), 2);
    apply(clinic, day, first_called ? "transferred" : "called", (first_called ? over : called).c_str(), 2);
    apply(clinic, day, "undone", (R"({"group":2,"what":"called","ticket":null})"), 4);
    REQUIRE(lines_are_whole(day));
  }
}

TEST_CASE("whatever is said of a day, it can be told") {
  const Clinic clinic = test::small_clinic();
  std::size_t kept = 0;
  for (std::uint32_t seed = 1; seed <= 400; ++seed) {
    Liar liar(seed);
    Day day = new_day(clinic);
    for (std::uint64_t seq = 1; seq <= 300; ++seq) {
      const char* kind = liar.kind();
      const auto body = wire::event_from_json(clinic, kind, liar.body());
      if (!body) continue;
      ++kept;
      const std::string key = liar.below(3) == 0 ? "" : std::to_string(liar.below(9));
      fold(clinic, day, {seq, liar.group(), 0, key, "desk", "desk-1", liar.at(), *body});
      CAPTURE(seed, seq, kind);
      REQUIRE(lines_are_whole(day));
    }
    REQUIRE(numbers_held(day) <= most_numbers_held);
    (void)board_view(clinic, day, liar.at());
    (void)desk_view(clinic, day, liar.at());
  }
  REQUIRE(kept > 20'000);
}
