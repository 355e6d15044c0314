// SPDX-License-Identifier: Apache-2.0
#include "core/numbering/cloud.hpp"

#include "core/numbering/guards.hpp"

#include <algorithm>

namespace machiai::numbering {

namespace {

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

/// One message against the cloud's value.
class Receiver {
public:
  explicit Receiver(const Cloud& cloud) : step_{cloud, {}} {}

  void operator()(const Claim& claim) {
    Cloud& c = step_.next;
    const bool of_now = claim.generation == c.generation || claim.generation == 0;
    if (stops(Guard::generation_matches, !of_now)) return;
    if (c.granting == 0) {
      if (!may_give(c)) return;
      c.granting = std::max(c.epoch, claim.epoch) + 1;
      if (guard_on(Guard::hold_before_grant)) c.owner = false;
    }
    step_.send.emplace_back(grant());
  }

  void operator()(const Grant& offered) {
    Cloud& c = step_.next;
    const bool stale = offered.generation != c.generation || !c.trusted;
    if (stops(Guard::generation_matches, stale)) return;
    if (!stops(Guard::epoch_rises, offered.epoch <= c.epoch)) {
      c.epoch = offered.epoch;
      c.owner = true;
      c.high = guard_on(Guard::epoch_rises) ? std::max(c.high, offered.high) : offered.high;
      c.granting = 0;
    }
    step_.send.emplace_back(Granted{offered.epoch});
  }

  void operator()(const Granted& arrived) { end_grant(arrived.epoch); }

  void operator()(const State& clinic) {
    Cloud& c = step_.next;
    if (clinic.generation != c.generation) return;
    // A grant that arrived, though its answer did not.
    if (c.granting != 0 && clinic.epoch >= c.granting) end_grant(c.granting);
    if (c.trusted) return;
    // The clinic knows of the restore and has taken the series above everything that either remembers.
    c.trusted = true;
    c.owner = false;
    c.granting = 0;
    c.epoch = std::max(c.epoch, clinic.epoch);
    c.high = std::max(c.high, clinic.high);
  }

  void operator()(const Request&) {}
  void operator()(const Reply&) {}
  void operator()(const Offer&) {}

  [[nodiscard]] CloudStep take() && { return std::move(step_); }

private:
  [[nodiscard]] Grant grant() const { return {step_.next.granting, step_.next.high, step_.next.generation}; }
  void end_grant(std::uint64_t epoch) {
    Cloud& c = step_.next;
    if (c.granting == 0 || c.granting != epoch) return;
    c.granting = 0;
    c.owner = false;
    c.epoch = std::max(c.epoch, epoch);
  }

  CloudStep step_;
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

CloudStep receive(const Cloud& cloud, const Message& message) {
  Receiver receiver(cloud);
  std::visit(receiver, message);
  return std::move(receiver).take();
}

std::vector<Message> breath(const Cloud& cloud, bool settled) {
  std::vector<Message> said;
  said.emplace_back(State{cloud.epoch, cloud.generation, cloud.high, cloud.owner, cloud.trusted, settled});
  if (cloud.granting != 0) said.emplace_back(Grant{cloud.granting, cloud.high, cloud.generation});
  return said;
}

Cloud learned(const Cloud& cloud, const Number& number) {
  Cloud next = cloud;
  if (number.series == queue::main_series) next.high = std::max(next.high, number.n);
  if (number.series.letter == queue::web_series.letter && number.series.generation == cloud.generation)
    next.web_high = std::max(next.web_high, number.n);
  return next;
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

TakenOver take_over(const Cloud& cloud) {
  TakenOver taken{cloud, 0, 0};
  Cloud& next = taken.next;
  next.epoch = std::max(cloud.epoch, cloud.granting) + 1;
  next.granting = 0;
  const bool held = cloud.owner && cloud.trusted;
  next.owner = next.trusted = true;
  if (held || !guard_on(Guard::jump_over_lost_owner)) return taken;
  taken.void_from = cloud.high + 1;
  taken.void_to = next.high = cloud.high + jump;
  return taken;
}

} // namespace machiai::numbering
