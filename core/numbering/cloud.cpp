// SPDX-License-Identifier: Apache-2.0
#include "core/numbering/cloud.hpp"

#include "core/numbering/guards.hpp"

#include <algorithm>

namespace machiai::numbering {

namespace {

/// Jumps that a lost clinic may have made, each with numbers of its own above it, since the backup of a cloud
/// that it could not tell of them.
constexpr std::uint32_t restored_and_lost = 8;

bool may_give(const Cloud& cloud) {
  return cloud.owner && !stops(Guard::trust_first, !cloud.trusted);
}

Accepted give_main(Cloud next) {
  ++next.high;
  const Number number{queue::main_series, next.high};
  return {Accepted::What::given, number, {}, next};
}

Accepted give_alone(Cloud next, Alone alone) {
  if (alone == Alone::refuse) return {Accepted::What::refused, {}, "clinic_unreachable", next};
  ++next.web_high;
  const std::uint32_t generation = guard_on(Guard::web_series_of_generation) ? next.generation : 1;
  const Number number{{queue::web_series.letter, static_cast<std::uint16_t>(generation)}, next.web_high};
  return {Accepted::What::given, number, {}, next};
}

std::optional<Accepted> repeat(const Cloud& cloud, const std::optional<Known>& known) {
  if (!known || !guard_on(Guard::one_number_a_request)) return std::nullopt;
  if (known->number) return Accepted{Accepted::What::known, *known->number, {}, cloud};
  return Accepted{Accepted::What::refused, {}, known->refused, cloud};
}

Grant grant_of(const Cloud& cloud) {
  return {cloud.granting, cloud.high, cloud.generation};
}

/// One event of the clinic against the cloud's value.
class Learner {
public:
  explicit Learner(Cloud& cloud) : c_(cloud) {}

  void operator()(const queue::Taken& e) { number({e.ticket.series, e.ticket.n}); }
  void operator()(const queue::Voided& e) { number({e.series, e.to}); }
  void operator()(const queue::CloudSeen& e) {
    // The clinic knows of the restore and goes on above everything that either remembers.
    if (e.generation == c_.generation) c_.trusted = true;
  }
  void operator()(const queue::OwnershipTaken& e) {
    number({queue::main_series, e.high});
    if (e.epoch < c_.epoch) return;
    c_.epoch = e.epoch;
    c_.owner = false;
    if (e.epoch >= c_.granting) c_.granting = 0;
  }
  void operator()(const queue::OwnershipReleased& e) {
    if (stops(Guard::trust_first, !c_.trusted) || e.epoch <= c_.epoch) return;
    // A clinic that opened before it was enrolled claims before this has come up.
    if (stops(Guard::release_before_grant, e.epoch <= c_.granting)) return;
    c_.epoch = e.epoch;
    c_.owner = true;
    c_.granting = 0;
  }
  void operator()(const auto&) {}

  void number(const Number& given) {
    if (given.series == queue::main_series) c_.high = std::max(c_.high, given.n);
    if (given.series.letter == queue::web_series.letter && given.series.generation == c_.generation)
      c_.web_high = std::max(c_.web_high, given.n);
  }

private:
  Cloud& c_;
};

} // namespace

Cloud begin_date(std::uint32_t generation, base::Date date, std::optional<base::Date> restored_on) {
  Cloud cloud;
  cloud.generation = generation;
  if (restored_on && date <= *restored_on) cloud.trusted = cloud.owner = false;
  return cloud;
}

Accepted accept(const Cloud& cloud, const std::optional<Known>& known, bool linked, Alone alone) {
  if (auto again = repeat(cloud, known)) return std::move(*again);
  if (may_give(cloud)) return give_main(cloud);
  if (linked) return {Accepted::What::forward, {}, {}, cloud};
  return give_alone(cloud, alone);
}

bool waited_enough(base::Instant since, base::Instant now, base::Millis patience) {
  return now - since >= patience || stops(Guard::clock_set_back, now < since);
}

Accepted give_up_waiting(const Cloud& cloud, const std::optional<Known>& known, Alone alone) {
  return accept(cloud, known, false, alone);
}

CloudStep receive(const Cloud& cloud, const Claim& claim) {
  CloudStep step{cloud, {}};
  Cloud& c = step.next;
  const bool of_now = claim.generation == c.generation || claim.generation == 0;
  if (!of_now) return step;
  if (c.granting == 0) {
    if (!may_give(c)) return step;
    c.granting = std::max(c.epoch, claim.epoch) + 1;
    if (guard_on(Guard::hold_before_grant)) c.owner = false;
  }
  step.send.emplace_back(grant_of(c));
  return step;
}

std::vector<Message> breath(const Cloud& cloud, bool settled) {
  std::vector<Message> said;
  said.emplace_back(
      State{cloud.epoch, cloud.generation, cloud.high, cloud.web_high, cloud.owner, cloud.trusted, settled});
  if (cloud.granting != 0) said.emplace_back(grant_of(cloud));
  return said;
}

Cloud learned(const Cloud& cloud, const queue::EventBody& event) {
  Cloud next = cloud;
  std::visit(Learner(next), event);
  return next;
}

Cloud learned(const Cloud& cloud, const Number& number) {
  Cloud next = cloud;
  Learner(next).number(number);
  return next;
}

bool gives_way(const std::string& ours, const std::string& theirs) {
  return stops(Guard::paper_stays, !ours.empty() && ours != theirs);
}

Offer::What offered_as(const Number& number, bool voided, const std::optional<Known>& of_key) {
  const bool replaced = of_key && of_key->number != number;
  return voided || stops(Guard::later_answer_holds, replaced) ? Offer::What::voided : Offer::What::live;
}

Cloud restored(const Cloud& backup, std::uint32_t generation) {
  Cloud next = backup;
  next.generation = generation;
  next.web_high = 0;
  next.granting = 0;
  next.trusted = false;
  if (guard_on(Guard::trust_first)) next.owner = false;
  return next;
}

TakenOver take_over(const Cloud& cloud, std::uint32_t above) {
  TakenOver taken{cloud, 0, 0};
  Cloud& next = taken.next;
  next.epoch = std::max(cloud.epoch, cloud.granting) + 1;
  next.granting = 0;
  const bool held = cloud.owner && cloud.trusted;
  const std::uint32_t unknown = cloud.trusted ? jump : restored_and_lost * jump;
  next.owner = next.trusted = true;
  const bool lost = !held && guard_on(Guard::jump_over_lost_owner);
  const std::uint32_t to = std::max(lost ? cloud.high + unknown : cloud.high, above);
  if (to == cloud.high) return taken;
  taken.void_from = cloud.high + 1;
  taken.void_to = next.high = to;
  return taken;
}

} // namespace machiai::numbering
