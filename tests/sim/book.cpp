// SPDX-License-Identifier: Apache-2.0
// The judge: what was given, what was answered, what was lost; and N1-N12 at the end of the day.
#include "tests/queue/history.hpp"
#include "tests/sim/world.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace machiai::sim {

namespace {

std::string text(const Number& number) {
  return number.series == queue::main_series
             ? std::to_string(number.n)
             : fmt::format("{}-{}", queue::series_text(number.series), number.n);
}

} // namespace

void World::tell(const std::string& what) const {
  if (!plan_.trace) return;
  const numbering::Cloud& c = store_.cloud;
  const queue::Counter& k = station_->day.counters[0];
  fmt::print("{:70} | cloud e{}{} h{} g{} grant {}{} | clinic {} e{}{} g{}\n", what, c.epoch,
             c.owner ? "*" : "", c.high, c.generation, c.granting, c.trusted ? "" : " untrusted",
             station_->nonce, k.epoch, k.owner ? "*" : "", k.generation);
}

void World::tell(const Packet& packet) const {
  static constexpr const char* bodies[] = {"hello", "welcome", "turned", "events", "ack", "says"};
  static constexpr const char* messages[] = {"state", "claim", "grant", "request", "reply", "offer"};
  std::string what =
      fmt::format("{} {} {}", packet.up ? "up  " : "down", packet.nonce, bodies[packet.body.index()]);
  if (const auto* turned = std::get_if<Turned>(&packet.body))
    what += fmt::format(" {} {}", turned->reason, turned->prove);
  if (const auto* hello = std::get_if<numbering::Hello>(&packet.body))
    what += fmt::format(" lineage {} seq {} proof {}", hello->lineage, hello->seq, hello->proof_seq);
  if (const auto* message = std::get_if<numbering::Message>(&packet.body)) {
    what += fmt::format(" {}", messages[message->index()]);
    if (const auto* offer = std::get_if<numbering::Offer>(message))
      what += fmt::format(" {} {}..{} of {}", static_cast<int>(offer->what), text({offer->series, offer->n}),
                          offer->to, offer->key);
    if (const auto* request = std::get_if<numbering::Request>(message)) what += " " + request->key;
    if (const auto* reply = std::get_if<numbering::Reply>(message))
      what += fmt::format(" {} {}", reply->key, text({reply->series, reply->n}));
    if (const auto* grant = std::get_if<numbering::Grant>(message))
      what += fmt::format(" e{} h{} g{}", grant->epoch, grant->high, grant->generation);
    if (const auto* state = std::get_if<numbering::State>(message))
      what += fmt::format(" e{} h{} g{}{}", state->epoch, state->high, state->generation,
                          state->settled ? " settled" : "");
  }
  tell(what);
}

void World::broke(const std::string& what) {
  if (violation_.empty()) violation_ = what;
}

void World::note_issue(const Number& number, const std::string& key, int issuer, bool alone) {
  ++tally_.given;
  if (plan_.trace) tell(fmt::format("{} gives {} to {}", issuer, text(number), key));
  issued_[number].push_back({key, issuer, ++stamp_, alone});
}

/// The clinic and the cloud may both have given it, before either could know of the other.
bool World::given_alone(const Number& number) const {
  const auto issues = issued_.find(number);
  return issues != issued_.end() && std::any_of(issues->second.begin(), issues->second.end(),
                                                [](const Issue& issue) { return issue.alone; });
}

/// What a patient was shown does not change (N6), unless it is among what a restore took along, or the number
/// is on paper of a clinic that gave it before it was enrolled.
void World::note_answer(const std::string& key, const Number& number, const std::string& refused) {
  if (!refused.empty()) ++tally_.refused;
  if (plan_.trace) tell(fmt::format("{} is shown {} {}", key, text(number), refused));
  const auto [answer, first] = answers_.try_emplace(key, Answer{number, refused});
  if (first) return;
  const bool gives_way = key[0] == 'w' && given_alone(answer->second.number);
  if (answer->second.number != number && !gives_way && excused_.count(key) == 0)
    broke(fmt::format("N6: {} was shown {} and then {}{}", key, text(answer->second.number), text(number),
                      refused));
  answer->second = {number, refused};
}

/// A restore takes along what the cloud accepted after the backup and had not handed on (N10). Nothing else.
void World::note_lost(const CloudStore& before) {
  if (plan_.trace) tell("the cloud is restored");
  // Of two copies either may be the one that is served in the end.
  std::map<std::pair<Number, std::string>, int> handed_on;
  int machines = 0;
  for (const auto& m : machines_) {
    if (m->settings.station != store_.seat.station) continue;
    ++machines;
    for (const queue::Event& event : m->ledger)
      if (const auto* taken = std::get_if<queue::Taken>(&event.body))
        ++handed_on[{{taken->ticket.series, taken->ticket.n}, event.key}];
  }
  for (const auto& [number, row] : before.rows)
    if (!row.voided && backup_.rows.count(number) == 0 && handed_on[{number, row.key}] < machines &&
        excused_.insert(row.key).second)
      ++tally_.lost;
  // Who gave way since the backup does so once more, for another number.
  for (const auto& [key, known] : backup_.keys)
    if (known.number && given_alone(*known.number) && before.keys.at(key).number != known.number)
      excused_.insert(key);
  for (const auto& [key, there] : before.refused)
    if ((!there || machines > 1) && backup_.refused.count(key) == 0) excused_.insert(key);
}

const Machine* World::served() const {
  for (const auto& m : machines_)
    if (m->alive && m->nonce == store_.seat.nonce) return m.get();
  return nullptr;
}

/// Two owners at once would give the same numbers (N4).
void World::check_owners() {
  if (copied_) return; // a copy does not know what its original gave away; the end shows which is served
  const Machine* m = station_;
  if (queue::owns_unasked(m->day.counters[0])) return; // neither side knows of the other
  if (m->day.counters[0].owner && store_.cloud.owner && store_.cloud.trusted) broke("N4: two owners");
}

/// What a copy that lost, or a machine that had been given up, gave afterwards is not the clinic's.
bool World::counts(const Issue& issue, const Machine& m) const {
  // What a restore took from the cloud and only the copy that lost has: three faults at once, which no side
  // can see.
  if (issue.issuer < 0) return copied_at_ == 0 || excused_.count(issue.key) == 0;
  if (issue.issuer == m.id) return true;
  if (replaced_at_ != 0 && issue.stamp > replaced_at_) return false;
  if (copied_at_ != 0 && issue.stamp > copied_at_) return issue.issuer == 0 && m.id != 1;
  return true;
}

void World::judge_numbers(const Machine& m) {
  std::map<int, std::uint32_t> main_by_time;
  for (const auto& [number, issues] : issued_) {
    const Issue* first = nullptr;
    // One that was given before the cloud was known stands beside it.
    const auto found =
        std::find_if(issues.begin(), issues.end(), [](const Issue& each) { return each.alone; });
    const Issue* alone = found == issues.end() ? nullptr : &*found;
    for (const Issue& issue : issues) {
      if (!counts(issue, m)) continue;
      const Issue*& known = alone != nullptr && (issue.alone || issue.key == alone->key) ? alone : first;
      if (known != nullptr && known->key != issue.key)
        broke(fmt::format("N1: {} was given to {} and to {}", text(number), known->key, issue.key));
      if (known == nullptr) known = &issue;
    }
    // Later issues of the number are its adoption.
    if (first == &issues.front() && alone == nullptr && number.series == queue::main_series)
      main_by_time[first->stamp] = number.n;
  }
  std::uint32_t high = 0;
  for (const auto& [stamp, n] : main_by_time) {
    if (n <= high) broke(fmt::format("N8: {} was given after {}", n, high));
    high = n;
  }
  for (const auto& [series, index] : m.day.counters[0].index)
    for (std::size_t i = 0; i < index.size(); ++i)
      if (index[i] == queue::no_ticket)
        broke(fmt::format("N3: {} is not explained", text({series, static_cast<std::uint32_t>(i) + 1})));
}

void World::judge_requests(const Machine& m) {
  std::map<std::string, std::vector<Number>> live;
  std::set<std::string> refused;
  for (const queue::Event& event : m.ledger) {
    if (std::holds_alternative<queue::Refused>(event.body)) refused.insert(event.key);
    const auto* taken = std::get_if<queue::Taken>(&event.body);
    const auto at = taken == nullptr ? std::nullopt : queue::find_ticket(m.day, taken->ticket);
    if (at && queue::is_live(m.day.tickets[*at].state))
      live[event.key].push_back({taken->ticket.series, taken->ticket.n});
  }
  const bool own_kiosk = &m == station_;
  for (const auto* keys : {&web_keys_, own_kiosk ? &kiosk_keys_ : &web_keys_})
    for (const std::string& key : *keys) {
      const auto answer = answers_.find(key);
      const auto& numbers = live[key];
      const bool excused = excused_.count(key) != 0;
      if (numbers.size() > 1) broke(fmt::format("N2: {} has {} tickets", key, numbers.size()));
      if (answer == answers_.end()) {
        if (!excused) broke(fmt::format("N9: {} was never answered", key));
        continue;
      }
      if (excused) continue;
      const bool given = answer->second.refused.empty();
      if (given && numbers.empty())
        broke(fmt::format("N5/N10: {} of {} is lost", text(answer->second.number), key));
      if (given && !numbers.empty() && numbers.front() != answer->second.number)
        broke(fmt::format("N6: {} was shown {} and has {}", key, text(answer->second.number),
                          text(numbers.front())));
      if (!given && !numbers.empty()) broke(fmt::format("N2: {} was refused and has a ticket", key));
      if (!given && key[0] == 'w' && refused.count(key) == 0)
        broke(fmt::format("N2: the refusal of {} is not recorded", key));
    }
}

/// Both sides hold the same, and the cloud's copy of the record makes the same day (N7, N9).
void World::judge_equal(const Machine& m) {
  if (store_.seat.acked != m.ledger.size()) broke("N9: events have not come up");
  queue::Day day = queue::new_day(m.settings);
  for (const queue::Event& event : store_.events) queue::fold(m.settings, day, event);
  if (test::fingerprint(m.settings, day) != test::fingerprint(m.settings, m.day))
    broke("N7: the order differs");
  std::size_t known_here = 0;
  for (const auto& [series, index] : m.day.counters[0].index)
    for (std::size_t i = 0; i < index.size(); ++i, ++known_here) {
      const Number number{series, static_cast<std::uint32_t>(i) + 1};
      const auto row = store_.rows.find(number);
      if (row == store_.rows.end()) {
        broke(fmt::format("N9: the cloud has no {}", text(number)));
        continue;
      }
      const bool live = index[i] < queue::void_number && queue::is_live(m.day.tickets[index[i]].state);
      if (live == row->second.voided) broke(fmt::format("N9: {} differs", text(number)));
    }
  if (known_here != store_.rows.size()) broke("N9: the cloud has numbers that the clinic has not");
  if (!store_.cloud.trusted) broke("N9: the cloud does not trust itself");
  if (store_.cloud.granting != 0) broke("N9: a grant is on its way for ever");
  if (store_.cloud.owner == m.day.counters[0].owner)
    broke(store_.cloud.owner ? "N4: two owners" : "N9: nobody owns the series");
}

void World::judge_days(const Machine& m) {
  std::map<std::int32_t, int> opened, closed;
  std::uint64_t epoch = 0;
  for (const queue::Event& event : m.ledger) {
    if (const auto* day = std::get_if<queue::DayOpened>(&event.body))
      if (++opened[day->date.days] > 1) broke("N11: a date opened twice");
    if (const auto* day = std::get_if<queue::DayClosed>(&event.body))
      if (++closed[day->date.days] > 1) broke("N11: a date closed twice");
    if (const auto* owner = std::get_if<queue::OwnershipTaken>(&event.body)) {
      if (owner->epoch <= epoch) broke("N4: an epoch fell");
      epoch = owner->epoch;
    }
  }
  for (const auto& other : machines_)
    if (other->alive && other.get() != &m && other->served) broke("N12: two machines are served");
}

void World::judge() {
  const Machine* m = served();
  if (m == nullptr || !m->served) {
    std::string why = "N12: no machine is served;";
    for (const auto& each : machines_)
      if (each->alive) why += fmt::format(" {}: {}", each->id, each->turned);
    return broke(why);
  }
  judge_numbers(*m);
  judge_requests(*m);
  judge_equal(*m);
  judge_days(*m);
}

} // namespace machiai::sim
