// SPDX-License-Identifier: Apache-2.0
#include "core/numbering/clinic.hpp"

#include "core/numbering/guards.hpp"

#include <algorithm>

namespace machiai::numbering {

namespace {

using queue::Counter;
using queue::Day;

bool is_open_date(const Day& day, base::Date date) {
  return day.opened && day.date == date;
}

const Counter& counter_of(const Day& day, int service) {
  return day.counters[static_cast<std::size_t>(service)];
}

std::uint32_t high_of(const Counter& counter) {
  const auto found = counter.index.find(queue::main_series);
  return found == counter.index.end() ? 0 : static_cast<std::uint32_t>(found->second.size());
}

/// The first number up to `to` that is nobody's and not explained; 0: none.
std::uint32_t first_hole(const Counter& counter, const queue::Series& series, std::uint32_t to) {
  const auto found = counter.index.find(series);
  if (found == counter.index.end()) return 0;
  const auto& index = found->second;
  const auto end = index.begin() + static_cast<std::ptrdiff_t>(std::min<std::size_t>(to, index.size()));
  const auto hole = std::find(index.begin(), end, queue::no_ticket);
  return hole == end ? 0 : static_cast<std::uint32_t>(hole - index.begin()) + 1;
}

/// One message against the day; `counter` is the service's, as it was before a new date.
class Reaction {
public:
  Reaction(const Counter& counter, const About& about, bool of_open_date, const Day& day)
      : counter_(counter), about_(about), of_open_date_(of_open_date), day_(day) {}
  using Wish = std::optional<queue::Command>;

  Wish operator()(const State& cloud) const {
    if (cloud.generation > counter_.generation) {
      // A cloud that can vouch for this date has forgotten nothing of it.
      if (cloud.trusted && !of_open_date_) return std::nullopt;
      // It hands back first: afterwards nothing says that it has to.
      if (cloud.trusted && queue::owns_unasked(counter_)) return std::nullopt;
      if (cloud.trusted) return queue::SeeCloud{about_.service, cloud.generation};
      return queue::Reclaim{about_.service, about_.date, cloud.generation, cloud.epoch, cloud.high, jump};
    }
    if (!of_open_date_ || !cloud.settled || cloud.generation != counter_.generation) return std::nullopt;
    return explain_holes(cloud);
  }

  Wish operator()(const Grant& grant) const {
    const bool of_now = grant.generation == counter_.generation;
    if (stops(Guard::generation_matches, !of_now)) return std::nullopt;
    if (!of_open_date_) return std::nullopt;
    return queue::TakeOwnership{about_.service, grant.epoch, grant.high};
  }

  Wish operator()(const Request& request) const {
    return queue::Receive{about_.service, about_.date, request.key,      std::nullopt, about_.kind,
                          about_.card,    about_.name, request.accepted, request.every};
  }

  Wish operator()(const Offer& offer) const {
    const bool heard = !offer.key.empty() && day_.outside.count(offer.key) != 0;
    // An offer of before a restore must not undo what was said since.
    if (offer.generation < counter_.generation && heard) return std::nullopt;
    switch (offer.what) {
    case Offer::What::live:
      return queue::Receive{
          about_.service, about_.date, offer.key,   queue::TicketRef{0, offer.series, offer.n},
          about_.kind,    about_.card, about_.name, offer.accepted,
          offer.every};
    case Offer::What::voided:
      return queue::Explain{about_.service, about_.date, offer.series, offer.n, offer.to, offer.reason};
    case Offer::What::refused:
      return queue::RefuseOutside{about_.service, about_.date, offer.key, offer.reason};
    }
    return std::nullopt;
  }

  Wish operator()(const Claim&) const { return std::nullopt; }
  Wish operator()(const Reply&) const { return std::nullopt; }

private:
  /// The cloud has handed over all it knows: what is missing still was lost with its restore (N3, N10).
  [[nodiscard]] Wish explain_holes(const State& cloud) const {
    if (const auto hole = first_hole(counter_, queue::main_series, cloud.high))
      return queue::Explain{
          about_.service, about_.date, queue::main_series, hole, std::min(cloud.high, high_of(counter_)),
          "lost_outside"};
    for (const auto& [series, index] : counter_.index) {
      if (series.letter != queue::web_series.letter || series.generation > cloud.generation) continue;
      const auto size = static_cast<std::uint32_t>(index.size());
      const std::uint32_t to = series.generation == cloud.generation ? std::min(size, cloud.web_high) : size;
      if (const auto hole = first_hole(counter_, series, to))
        return queue::Explain{about_.service, about_.date, series, hole, to, "lost_outside"};
    }
    return std::nullopt;
  }

  const Counter& counter_;
  const About& about_;
  bool of_open_date_;
  const Day& day_;
};

} // namespace

std::optional<queue::Command> react(const queue::Clinic& clinic, const Day& working, const About& about,
                                    const Message& message, base::Instant now) {
  const auto service = queue::find_service(clinic, about.service);
  if (!service) return std::nullopt;
  if (!queue::takes_date(working, about.date, now)) return std::nullopt;
  const bool open = is_open_date(working, about.date);
  return std::visit(Reaction(counter_of(working, *service), about, open, working), message);
}

std::string key_of(const Message& message) {
  if (const auto* request = std::get_if<Request>(&message)) return request->key;
  if (const auto* offer = std::get_if<Offer>(&message)) return offer->key;
  return {};
}

std::vector<Message> replies(const queue::Clinic& clinic, const Day& durable, const About& about,
                             const Message& message) {
  std::vector<Message> said;
  const auto service = queue::find_service(clinic, about.service);
  if (!service || !is_open_date(durable, about.date)) return said;
  if (const auto* request = std::get_if<Request>(&message)) {
    const auto known = durable.outside.find(request->key);
    if (known == durable.outside.end()) return said;
    if (known->second == queue::no_ticket) {
      said.emplace_back(Reply{request->key, {}, 0, "refused_outside"});
    } else {
      const queue::Ticket& ticket = durable.tickets[known->second];
      said.emplace_back(Reply{request->key, ticket.series, ticket.n, {}});
    }
  }
  return said;
}

bool wants_series(const queue::Clinic& clinic, const Day& day, int service, base::Instant now) {
  const Counter& counter = counter_of(day, service);
  if (!day.opened || !counter.ever_open) return false;
  return counter.open || queue::next_opening(queue::hours_of(clinic, day, service), now).has_value();
}

std::vector<Message> breath(const queue::Clinic& clinic, const Day& durable, int service, base::Instant now) {
  std::vector<Message> said;
  const Counter& counter = counter_of(durable, service);
  if (!counter.owner && wants_series(clinic, durable, service, now))
    said.emplace_back(Claim{counter.epoch, counter.generation});
  return said;
}

std::optional<queue::Command> hand_back(const queue::Clinic& clinic, const Day& working, int service,
                                        base::Instant now) {
  const Counter& counter = counter_of(working, service);
  // Taken on its own before it was enrolled: the cloud may give the same numbers, and has to grant it first.
  const bool unasked = queue::owns_unasked(counter);
  if (!clinic.linked || !counter.owner || (!unasked && wants_series(clinic, working, service, now)))
    return std::nullopt;
  return queue::ReleaseOwnership{clinic.services[static_cast<std::size_t>(service)].id};
}

} // namespace machiai::numbering
