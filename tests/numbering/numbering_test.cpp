// SPDX-License-Identifier: Apache-2.0
// The day of a clinic and its cloud, one exchange after the other.
#include "core/numbering/clinic.hpp"
#include "core/numbering/cloud.hpp"
#include "core/numbering/guards.hpp"
#include "core/queue/guards.hpp"
#include "tests/queue/morning.hpp"

using namespace machiai;
using namespace machiai::numbering;
using What = Accepted::What;

namespace {

/// The clinic's side, linked.
class Linked : public test::Morning {
public:
  Linked() { clinic.linked = true; }

  /// The clinic hears the message; what it wrote comes up to the cloud. Returns what it answers.
  std::vector<Message> hears(const Message& message) {
    const About about{"naika", base::civil_date(now)};
    if (const auto command = react(clinic, day, about, message, now)) write(*command, key_of(message));
    return replies(clinic, day, about, message);
  }
  /// The first refusal, or "".
  std::string write(const queue::Command& command, const std::string& key = {}) {
    const auto decision = queue::decide(clinic, day, command, {"sync", "cloud"}, now);
    if (!decision) return decision.error().reason;
    const std::uint64_t group = day.seq + 1;
    for (const queue::EventBody& body : decision->events) {
      queue::fold(clinic, day, {day.seq + 1, group, 0, key, "sync", "cloud", now, body});
      cloud = learned(cloud, body);
    }
    return {};
  }
  /// Everything that the cloud says in a breath.
  void breathe() {
    for (const Message& said : numbering::breath(cloud, true)) hears(said);
  }
  void claim() {
    breathe();
    for (const Message& said : numbering::breath(clinic, day, 0, now)) {
      const CloudStep step = receive(cloud, std::get<Claim>(said));
      cloud = step.next;
      for (const Message& granted : step.send) hears(granted);
    }
  }
  std::string takes(bool linked = true, Alone alone = Alone::web_series) {
    const Accepted accepted = accept(cloud, std::nullopt, linked, alone);
    cloud = accepted.next;
    if (accepted.what == What::forward) return "forward";
    if (accepted.what == What::refused) return accepted.reason;
    return queue::shown_number(clinic, {0, accepted.number.series, accepted.number.n});
  }
  std::string kiosk() {
    const auto taken = when(queue::Take{"naika", "", "", "", false});
    return taken ? queue::shown_number(clinic, *taken->subject) : taken.error().reason;
  }
  [[nodiscard]] bool owner() const { return day.counters[0].owner; }

  Cloud cloud;
};

template <class G> struct Removed {
  explicit Removed(G guard) {
    if constexpr (std::is_same_v<G, numbering::Guard>)
      numbering::removed_guards = 1U << static_cast<unsigned>(guard);
    else
      queue::removed_guards = 1U << static_cast<unsigned>(guard);
  }
  Removed(const Removed&) = delete;
  Removed& operator=(const Removed&) = delete;
  ~Removed() { numbering::removed_guards = queue::removed_guards = 0; }
};

Offer live(const std::string& key, queue::Series series, std::uint32_t n, std::uint32_t generation = 1) {
  return {Offer::What::live, generation, key, series, n, n, {}, {}};
}

} // namespace

TEST_CASE("by night the cloud gives numbers, at the clinic's start they go on there, and back at its close") {
  Linked day;
  REQUIRE(day.takes() == "1");
  REQUIRE(day.takes() == "2");
  day.open();
  REQUIRE_FALSE(day.owner());
  day.claim();
  REQUIRE(day.owner());
  REQUIRE_FALSE(day.cloud.owner);
  REQUIRE(day.cloud.granting == 0);
  REQUIRE(day.kiosk() == "3");
  REQUIRE(day.takes() == "forward");
  REQUIRE(day.when(queue::CloseCounter{"naika"}));
  const auto back = hand_back(day.clinic, day.day, 0, day.now);
  REQUIRE(back);
  REQUIRE(day.write(*back).empty());
  REQUIRE_FALSE(day.owner());
  REQUIRE(day.cloud.owner);
  // The take at the kiosk has not come up in this test's cloud, so say what it gave.
  day.cloud = learned(day.cloud, Number{queue::main_series, 3});
  REQUIRE(day.takes() == "4");
}

TEST_CASE("a series that was taken before the enrolment is handed back first, and asked for") {
  Linked day;
  day.clinic.linked = false;
  day.open();
  REQUIRE(day.kiosk() == "1");
  day.clinic.linked = true;
  const auto back = hand_back(day.clinic, day.day, 0, day.now);
  REQUIRE(back);
  REQUIRE(day.write(*back).empty());
  REQUIRE_FALSE(day.owner());
  REQUIRE(day.kiosk() == "K-1");
  day.claim();
  REQUIRE(day.owner());
  REQUIRE_FALSE(day.cloud.owner);
  REQUIRE_FALSE(hand_back(day.clinic, day.day, 0, day.now));
  REQUIRE(day.kiosk() == "2");
}

TEST_CASE("a claim that is heard before what was handed back leaves the series with one owner") {
  Linked day;
  day.clinic.linked = false;
  day.open();
  const queue::OwnershipTaken taken{0, day.day.counters[0].epoch, 0};
  day.clinic.linked = true;
  REQUIRE(day.when(*hand_back(day.clinic, day.day, 0, day.now)));
  const auto said = numbering::breath(day.clinic, day.day, 0, day.now);
  day.cloud = receive(day.cloud, std::get<Claim>(said.front())).next;
  REQUIRE(day.cloud.granting == 2);
  const queue::OwnershipReleased released{0, taken.epoch + 1};
  const Cloud granted = learned(day.cloud, taken);
  REQUIRE_FALSE(learned(granted, released).owner);
  REQUIRE(learned(granted, released).granting == 2);
  const Removed removed(numbering::Guard::release_before_grant);
  REQUIRE(learned(granted, released).owner); // while the grant is on its way
}

TEST_CASE("a series that the clinic has taken is the cloud's no more, whatever it has heard before") {
  Cloud cloud;
  cloud.epoch = 3;
  REQUIRE(learned(cloud, queue::OwnershipTaken{0, 2, 5}).owner); // of before
  const Cloud after = learned(cloud, queue::OwnershipTaken{0, 3, 7});
  REQUIRE_FALSE(after.owner);
  REQUIRE(after.high == 7);
}

TEST_CASE("a series that was taken before the enrolment is handed back before the cloud counts as seen") {
  Linked day;
  day.clinic.linked = false;
  day.open();
  day.clinic.linked = true;
  day.breathe(); // or nothing would say that it has to be
  REQUIRE(day.day.counters[0].generation == 0);
  REQUIRE(day.write(*hand_back(day.clinic, day.day, 0, day.now)).empty());
  day.breathe();
  REQUIRE(day.day.counters[0].generation == 1);
}

TEST_CASE("numbers of before the enrolment go on above what a restored cloud may have forgotten") {
  Linked day;
  day.clinic.linked = false;
  day.open();
  REQUIRE(day.kiosk() == "1");
  day.clinic.linked = true;
  day.cloud = restored(day.cloud, 2);
  day.breathe();
  REQUIRE(day.cloud.trusted);
  REQUIRE(day.owner());
  REQUIRE(day.kiosk() == "122");
}

TEST_CASE("a restored cloud trusts itself with the last of what the clinic writes") {
  Linked day;
  day.open();
  const auto decision = queue::decide(day.clinic, day.day, queue::Reclaim{"naika", day.date(), 2, 1, 4, jump},
                                      {"sync", "cloud"}, day.now);
  REQUIRE(decision);
  REQUIRE(std::holds_alternative<queue::CloudSeen>(decision->events.back()));
}

TEST_CASE("of a number that a clinic gave before its enrolment the paper holds") {
  REQUIRE(gives_way("w1", "k1"));
  REQUIRE_FALSE(gives_way("w1", "w1")); // it has taken ours in
  REQUIRE_FALSE(gives_way("", "k1"));   // void, or a kiosk's
  const Removed removed(numbering::Guard::paper_stays);
  REQUIRE_FALSE(gives_way("w1", "k1"));
}

TEST_CASE("a forwarded request is given once, however often it comes") {
  Linked day;
  day.open();
  day.claim();
  const auto first = day.hears(Request{"w1", day.now});
  const auto again = day.hears(Request{"w1", day.now});
  REQUIRE(first.size() == 1);
  REQUIRE(std::get<Reply>(first.front()).n == 1);
  REQUIRE(first == again);
}

TEST_CASE("a clinic that does not own the series answers no request") {
  Linked day;
  day.open();
  REQUIRE(day.hears(Request{"w1", day.now}).empty());
}

TEST_CASE("without the clinic the web goes on in its own series, or refuses, as the clinic chose") {
  Linked day;
  day.open();
  day.claim();
  REQUIRE(day.takes(false) == "W1-1");
  REQUIRE(day.takes(false, Alone::refuse) == "clinic_unreachable");
}

TEST_CASE("without the cloud the kiosk goes on in its own series") {
  Linked day;
  day.open();
  REQUIRE(day.kiosk() == "K-1");
  day.clinic.station = 2;
  REQUIRE(day.kiosk() == "K2-1");
}

TEST_CASE("a number given outside stands by the time of its acceptance") {
  Linked day;
  day.open();
  day.claim();
  REQUIRE(day.kiosk() == "1");
  day.now += std::chrono::minutes{10};
  REQUIRE(day.kiosk() == "2");
  Offer offer = live("w1", {'W', 1}, 1);
  offer.accepted = day.now - std::chrono::minutes{5};
  day.hears(offer);
  REQUIRE(day.line() == "1 W1-1booked 2");
}

TEST_CASE("of two numbers for one request the one shown outside stays") {
  Linked day;
  day.open();
  day.claim();
  day.hears(Request{"w1", day.now}); // its answer is lost
  day.hears(live("w1", {'W', 1}, 1));
  REQUIRE(day.line() == "W1-1booked");
  REQUIRE(day.state("1") == "void");
}

TEST_CASE("a request that was refused outside gets no number later") {
  Linked day;
  day.open();
  day.claim();
  day.hears(Request{"w1", day.now});
  day.hears(Offer{Offer::What::refused, 1, "w1", {}, 0, 0, "clinic_unreachable", {}});
  REQUIRE(day.line().empty());
  const auto again = day.hears(Request{"w1", day.now});
  REQUIRE(std::get<Reply>(again.front()).n == 0);
}

TEST_CASE("a number of another patient is not taken in twice") {
  Linked day;
  day.open();
  day.hears(live("w1", queue::main_series, 1));
  const queue::Receive second{"naika", day.date(), "w2", queue::TicketRef{0, queue::main_series, 1}};
  REQUIRE(day.write(second) == "number_taken");
  const Removed removed(queue::Guard::adopted_once);
  REQUIRE(day.write(second).empty());
}

TEST_CASE("a restored cloud gives no main number until the clinic has gone on above what was forgotten") {
  Linked day;
  day.open();
  day.breathe();
  const Cloud backup = day.cloud;
  REQUIRE(day.takes() == "1");
  REQUIRE(day.takes() == "2");
  day.cloud = restored(backup, 2);
  REQUIRE(day.takes(false) == "W2-1");
  day.breathe();
  REQUIRE(day.owner());
  REQUIRE(day.cloud.trusted);
  REQUIRE_FALSE(day.cloud.owner);
  REQUIRE(day.kiosk() == "121");
}

TEST_CASE("a grant of before the restore is void") {
  Linked day;
  day.open();
  day.breathe();
  const Grant before{9, 40, day.cloud.generation};
  day.cloud = restored(day.cloud, 2);
  day.breathe();
  REQUIRE(day.when(queue::CloseCounter{"naika"}));
  REQUIRE(day.write(*hand_back(day.clinic, day.day, 0, day.now)).empty());
  REQUIRE(day.cloud.owner);
  day.hears(before);
  REQUIRE_FALSE(day.owner());
  const Removed removed(numbering::Guard::generation_matches);
  day.hears(before);
  REQUIRE(day.owner());
}

TEST_CASE("numbers that a restore has lost are explained once the cloud has handed over all it knows") {
  Linked day;
  day.open();
  day.breathe();
  day.hears(live("w3", queue::main_series, 3));
  day.cloud.high = 3;
  for (const Message& said : numbering::breath(day.cloud, false)) day.hears(said);
  REQUIRE(day.day.counters[0].index.at(queue::main_series)[0] == queue::no_ticket);
  day.breathe();
  REQUIRE(day.day.counters[0].index.at(queue::main_series)[0] == queue::void_number);
  REQUIRE(day.day.counters[0].index.at(queue::main_series)[1] == queue::void_number);
  REQUIRE(day.line() == "3booked");
}

TEST_CASE("when the clinic's machine is lost the cloud goes on above what it may have given") {
  Linked day;
  day.open();
  day.claim();
  const std::uint64_t epoch = day.cloud.epoch;
  const TakenOver taken = take_over(day.cloud);
  REQUIRE(taken.next.owner);
  REQUIRE(taken.next.epoch > epoch);
  REQUIRE(taken.void_from == 1);
  REQUIRE(taken.void_to == 120);
  // Paper knows of a number beyond that, or of one that is counted on anyway.
  REQUIRE(take_over(day.cloud, 250).void_to == 250);
  REQUIRE(take_over(day.cloud, 250).next.high == 250);
  REQUIRE(take_over(day.cloud, 100).void_to == 120);
  REQUIRE((take_over(Cloud{}, 3).void_from == 1 && take_over(Cloud{}, 3).void_to == 3));
  day.cloud = taken.next;
  REQUIRE(day.takes() == "121");
  REQUIRE(take_over(Cloud{}).void_to == 0); // it owned the series: nothing is unknown
}

TEST_CASE("a date of the day of a restore begins untrusted") {
  REQUIRE(begin_date(1, {20783}, std::nullopt).trusted);
  REQUIRE(begin_date(2, {20784}, base::Date{20783}).owner);
  REQUIRE_FALSE(begin_date(2, {20783}, base::Date{20783}).trusted);
  REQUIRE_FALSE(begin_date(2, {20783}, base::Date{20783}).owner);
}

TEST_CASE("a message about another date asks for nothing") {
  Linked day;
  day.open();
  const About tomorrow{"naika", {base::civil_date(day.now).days + 1}};
  REQUIRE_FALSE(react(day.clinic, day.day, tomorrow, live("w1", queue::main_series, 1), day.now).has_value());
  const About unknown{"nowhere", base::civil_date(day.now)};
  REQUIRE_FALSE(react(day.clinic, day.day, unknown, live("w1", queue::main_series, 1), day.now).has_value());
}

TEST_CASE("a number of the new date is not taken into the night of the one before") {
  Linked night;
  const base::Date date = base::civil_date(night.now);
  night.now = base::at_minute(date, 23 * 60);
  night.open();
  night.now = base::at_minute(date, 24 * 60 + 10);
  const About tomorrow{"naika", {date.days + 1}};
  const Message offer = live("w1", queue::main_series, 1);
  REQUIRE_FALSE(react(night.clinic, night.day, tomorrow, offer, night.now).has_value());
  REQUIRE(night.when(queue::CloseCounter{"naika"}));
  REQUIRE(react(night.clinic, night.day, tomorrow, offer, night.now).has_value());
}

TEST_CASE("a message about the open date is written to it, though the clock says that it has passed") {
  const auto about_w2 = [](Linked& day, base::Date date) {
    const About about{"naika", date};
    const auto command = react(day.clinic, day.day, about, live("w2", queue::main_series, 2), day.now);
    REQUIRE(command);
    return *command;
  };
  Linked day;
  day.open();
  day.hears(live("w1", queue::main_series, 1));
  REQUIRE(day.when(queue::CloseCounter{"naika"}));
  const base::Date date = day.day.date;
  day.now += std::chrono::hours{24}; // a clock that runs a day ahead
  REQUIRE(queue::has_passed(day.day, day.now));
  REQUIRE(day.write(about_w2(day, date), "w2").empty());
  REQUIRE(day.day.date == date);
  REQUIRE(day.line() == "1booked 2booked");
  SECTION("what was decided before another date began is not written to that one") {
    const queue::Command late =
        queue::Receive{"naika", date, "w3", queue::TicketRef{0, queue::main_series, 3}};
    day.open();
    REQUIRE(day.day.date.days == date.days + 1);
    REQUIRE(day.write(late, "w3") == "other_date");
    REQUIRE(day.write(queue::Explain{"naika", date, queue::main_series, 3, 3, "lost_outside"}) ==
            "other_date");
    REQUIRE(day.write(queue::RefuseOutside{"naika", date, "w3", "clinic_unreachable"}) == "other_date");
    REQUIRE(day.write(queue::Reclaim{"naika", date, 9, 9, 9, 100}) == "other_date");
    REQUIRE(day.line().empty());
    const Removed removed(queue::Guard::of_its_date);
    REQUIRE(day.write(late, "w3").empty()); // two dates would hold one patient
  }
  SECTION("without the guard the message itself ends the date") {
    const Removed removed(queue::Guard::of_its_date);
    REQUIRE(day.write(queue::Receive{"naika", date, "w3", queue::TicketRef{0, queue::main_series, 3}}, "w3")
                .empty());
    REQUIRE(day.day.date.days == date.days + 1);
  }
}

TEST_CASE("a wait that began in the future is over") {
  const base::Instant now = base::instant_from_ms(1'000'000);
  REQUIRE_FALSE(waited_enough(now, now + base::Millis{1999}, forward_patience));
  REQUIRE(waited_enough(now, now + base::Millis{2000}, forward_patience));
  REQUIRE(waited_enough(now, now - base::Millis{1}, forward_patience));
}
