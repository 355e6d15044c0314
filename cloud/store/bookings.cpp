// SPDX-License-Identifier: Apache-2.0
#include "cloud/store/bookings.hpp"

#include "cloud/store/counter.hpp"
#include "cloud/store/restored.hpp"
#include "cloud/store/slots.hpp"
#include "cloud/token.hpp"
#include "core/booking/budget.hpp"
#include "core/booking/slots.hpp"
#include "core/queue/places.hpp"

#include <boost/json.hpp>

#include <algorithm>
#include <utility>

namespace machiai::cloud::store {

namespace {

namespace json = boost::json;
using base::Error;
using base::fail;

/// One batch: what is known, what is decided, and the rows that go in.
class Batch {
public:
  Batch(pqxx::connection& connection, const std::vector<BookingAsked>& asked)
      : work_(connection), asked_(asked) {}

  std::vector<base::Result<BookingTold>> run() {
    begin();
    hold_draws();
    know_cards();
    std::vector<base::Result<BookingTold>> told;
    told.reserve(asked_.size());
    for (const BookingAsked& each : asked_) told.push_back(decide(each));
    write();
    return told;
  }

private:
  using Card = std::pair<int, std::string>;

  void begin() {
    std::set<CounterKey> keys;
    Column facilities;
    Column requests;
    for (const BookingAsked& each : asked_) {
      keys.insert(key_of(each));
      facilities.add(each.facility->id);
      requests.add(each.key);
    }
    const auto answers =
        work_.begin_with({locking(keys), {"find_requests", {facilities.text(), requests.text()}}});
    counters_ = locked(answers[0]);
    know_requests(answers[1]);
    if (counters_.size() == keys.size()) return;
    // Whoever made them meanwhile may have answered one of these.
    counters_ = lock_counters(work_, keys);
    know_requests(work_.exec_prepared("find_requests", facilities.text(), requests.text()));
  }

  void hold_draws() {
    for (const BookingAsked& each : asked_) {
      const CounterKey key = key_of(each);
      CounterRow& counter = counters_[key];
      // Told to everybody's page, also when every request of the batch is refused.
      if (draw_counter(work_, key, counter, each.facility->service(each.service),
                       booking::places_outside(rules_of(each, counter), date_of(each)), each.at))
        changed_.insert(each.facility->id);
    }
    std::set<CounterKey> slotted;
    for (const BookingAsked& each : asked_) {
      if (!each.facility->service(each.service)->booking.slots.empty()) slotted.insert(key_of(each));
      const std::pair of{each.facility->id, each.service};
      if (each.slot && unsure_.count(of) == 0) unsure_[of] = unsure_until(work_, of.first, of.second);
    }
    slots_ = slots_of(work_, slotted);
    std::set<int> theirs; // who own the series themselves
    for (const auto& [key, counter] : counters_)
      if (!counter.owner) theirs.insert(key.facility);
    linked_ = linked_of(work_, theirs, asked_.front().at);
  }

  template <class Rows> void know_requests(const Rows& rows) {
    for (int at = 0; at < static_cast<int>(rows.size()); ++at) {
      const auto row = rows[at];
      known_[{row[0].template as<int>(), row[1].c_str()}] = {unhex(row[2].c_str()), row[3].c_str(),
                                                             row[4].template as<bool>()};
    }
  }

  void know_cards() {
    Column facilities;
    Column paired;
    Column pairs;
    Column dates;
    Column services;
    Column cards;
    std::set<int> checking;
    std::set<Card> slotted;
    for (const BookingAsked& each : asked_) {
      for (const PersonAsked& person : each.people) {
        if (person.pair_mac.empty()) continue;
        facilities.add(each.facility->id);
        for (const std::string* mac : {&person.pair_mac, &person.typed_pair_mac}) {
          paired.add(each.facility->id);
          pairs.add_bytes(*mac);
        }
        dates.add(key_of(each).date);
        services.add(each.service);
        cards.add_bytes(person.card_mac);
        checking.insert(each.facility->id);
        if (each.slot) slotted.insert({each.facility->id, person.card_mac});
      }
    }
    if (checking.empty()) return;
    for (const auto& row : work_.exec_prepared("find_cards", paired.text(), pairs.text()))
      pairs_.insert({row[0].as<int>(), unhex(row[1].c_str())});
    for (const auto& row :
         work_.exec_prepared("live_cards", facilities.text(), dates.text(), services.text(), cards.text()))
      live_.insert({{row[0].as<int>(), row[1].as<int>(), row[2].as<std::string>()}, unhex(row[3].c_str())});
    card_slots_ = card_slots(work_, slotted, asked_.front().at);
    Column ids;
    for (const int id : checking) ids.add(id);
    for (const auto& row : work_.exec_prepared("lock_budgets", ids.text()))
      budgets_[row[0].as<int>()] = {base::instant_from_ms(row[1].as<std::int64_t>())};
  }

  /// A slot belongs to the counter of its own date.
  static base::Date date_of(const BookingAsked& asked) {
    return base::civil_date(asked.slot.value_or(asked.at));
  }
  static CounterKey key_of(const BookingAsked& asked) {
    return {asked.facility->id, date_of(asked).days, asked.service};
  }
  static booking::Rules rules_of(const BookingAsked& asked, const CounterRow& counter) {
    return rules_on(*asked.facility->service(asked.service), counter.stopped, date_of(asked),
                    counter.walk_ins, counter.walk_in_every);
  }

  base::Result<BookingTold> decide(const BookingAsked& asked) {
    const std::pair key{asked.facility->id, asked.key};
    if (const auto known = known_.find(key); known != known_.end()) {
      if (known->second.body != asked.body) return fail(Error::Code::conflict, "key_reused");
      return BookingTold{known->second.answer, known->second.drawing, known->second.answer.empty()};
    }
    const ServiceProfile& service = *asked.facility->service(asked.service);
    CounterRow& counter = counters_[key_of(asked)];
    MACHIAI_TRY(asked.slot ? slot_open(asked, service, counter) : line_open(asked, counter));
    MACHIAI_TRY(check_cards(asked));
    const auto drawing = asked.slot ? std::nullopt : draw_of(asked, service, counter);
    if (!drawing && !asked.slot) {
      const auto none = booking::none_for(rules_of(asked, counter), date_of(asked), counter.given,
                                          static_cast<int>(asked.people.size()));
      if (!none.empty()) return fail(Error::Code::conflict, none);
    }
    hold_cards(asked);
    BookingTold answer = place(asked, service, counter, drawing);
    known_[key] = {asked.body, answer.answer, answer.drawing};
    return answer;
  }

  /// The clinic gives this date's numbers, and cannot be asked for one.
  bool away(const BookingAsked& asked, const CounterRow& counter) const {
    return !counter.owner && date_of(asked) == base::civil_date(asked.at) && !can_be_asked(asked);
  }

  base::Status line_open(const BookingAsked& asked, const CounterRow& counter) const {
    const booking::Load load{counter.given, counter.predicted.at(asked.at), counter.paused,
                             away(asked, counter)};
    const auto told =
        booking::refusal(*asked.provider, asked.facility->contract, rules_of(asked, counter), load, asked.at);
    if (!told.empty()) return fail(Error::Code::conflict, told);
    return {};
  }

  /// The counter is locked: nobody else takes a place of the slot meanwhile.
  base::Status slot_open(const BookingAsked& asked, const ServiceProfile& service,
                         const CounterRow& counter) {
    auto rules = rules_on(service, counter.stopped, date_of(asked));
    rules.unsure_until = unsure_[{asked.facility->id, asked.service}];
    const auto told = booking::slot_refusal(*asked.provider, asked.facility->contract, rules, *asked.slot,
                                            slots_[key_of(asked)][*asked.slot],
                                            static_cast<int>(asked.people.size()), asked.at);
    if (!told.empty()) return fail(Error::Code::conflict, told);
    if (rules.refuse_when_away && away(asked, counter))
      return fail(Error::Code::conflict, "clinic_unreachable");
    return {};
  }

  /// People before one who books now, with the places that are kept for walk-ins between them: those of later
  /// slots are not.
  int ahead_of(const BookingAsked& asked, const CounterRow& counter) {
    int later = 0;
    for (const auto& [begin, people] : slots_[key_of(asked)])
      if (begin > asked.at) later += people;
    const int every = rules_of(asked, counter).walk_in_every;
    return queue::told_at_most(every, counter.given - later, counter.live - later);
  }

  /// Until when the requests are collected, if they are.
  static std::optional<base::Instant> draw_of(const BookingAsked& asked, const ServiceProfile& service,
                                              CounterRow& counter) {
    if (counter.draw_until && !counter.draw_seed) return base::instant_from_ms(*counter.draw_until);
    const auto until =
        booking::drawing_until(*asked.provider, asked.facility->contract, service.booking, asked.at);
    if (!until || (counter.draw_until && *counter.draw_until >= base::to_ms(*until))) return std::nullopt;
    counter.draw_until = base::to_ms(*until);
    counter.draw_seed.reset(); // a later window's draw
    return until;
  }

  base::Status check_cards(const BookingAsked& asked) {
    const bool checks = asked.facility->checks;
    booking::Spent& spent = budgets_[asked.facility->id];
    std::set<std::string> own;
    bool by_card = false;
    bool wrong = false;
    for (const PersonAsked& person : asked.people) {
      if (person.pair_mac.empty()) continue;
      by_card = true;
      const int facility = asked.facility->id;
      wrong = wrong || (checks && pairs_.count({facility, person.pair_mac}) == 0 &&
                        pairs_.count({facility, person.typed_pair_mac}) == 0);
    }
    if (!by_card) return {};
    const booking::Budget budget;
    if (booking::rests_until(budget, spent, asked.at) > asked.at)
      return fail(Error::Code::limit, "check_resting");
    if (wrong) {
      spent = booking::after_failure(budget, spent, asked.at);
      spent_.insert(asked.facility->id);
      return fail(Error::Code::forbidden, "not_recognised");
    }
    for (const PersonAsked& person : asked.people) {
      if (person.card_mac.empty()) continue;
      if (live_.count({key_of(asked), person.card_mac}) != 0 || !own.insert(person.card_mac).second)
        return fail(Error::Code::conflict, "booked_already");
    }
    return slots_left(asked);
  }

  base::Status slots_left(const BookingAsked& asked) {
    if (!asked.slot) return {};
    for (std::size_t at = 0; at < asked.people.size(); ++at) {
      const std::string& card = asked.people[at].card_mac;
      if (!card.empty() &&
          !booking::one_more_slot(asked.facility->slots_per_card, card_slots_[{asked.facility->id, card}]))
        return fail(Error::Code::conflict, "slot_limit", "people/" + std::to_string(at));
    }
    return {};
  }

  /// Their places are given: the next of the batch who comes with one of them is told so.
  void hold_cards(const BookingAsked& asked) {
    for (const PersonAsked& person : asked.people) {
      if (person.card_mac.empty()) continue;
      live_.insert({key_of(asked), person.card_mac});
      if (asked.slot) ++card_slots_[{asked.facility->id, person.card_mac}];
    }
  }

  /// The clinic answers for its own day alone.
  bool can_be_asked(const BookingAsked& asked) const {
    return linked_.count(asked.facility->id) != 0 && date_of(asked) == base::civil_date(asked.at);
  }

  BookingTold place(const BookingAsked& asked, const ServiceProfile& service, CounterRow& counter,
                    const std::optional<base::Instant>& drawing) {
    json::array tickets;
    bool asking = false;
    for (std::size_t at = 0; at < asked.people.size(); ++at) {
      const Token token{asked.facility->id, date_of(asked), random_bytes(16)};
      json::object told{{"token", to_text(token)},
                        {"number", nullptr},
                        {"state", "drawing"},
                        {"ahead", nullptr},
                        {"wait", nullptr}};
      Number number;
      if (!drawing) {
        told["ahead"] = asked.slot ? json::value(nullptr) : json::value(ahead_of(asked, counter));
        const auto given = give(counter, can_be_asked(asked));
        asking = asking || !given;
        number = given.value_or(Number{});
        told["number"] = shown(service, number.series, number.n);
        told["state"] = "booked";
      }
      add_ticket(asked, token, number, at, drawing ? "drawing" : asking ? "asking" : "booked");
      tickets.push_back(std::move(told));
    }
    if (asked.slot) slots_[key_of(asked)][*asked.slot] += static_cast<int>(asked.people.size());
    json::object answer{{"facility", asked.facility->slug},
                        {"service", asked.service},
                        {"slot", slot_text(asked.slot)},
                        {"drawn_at", nullptr}};
    if (drawing) answer["drawn_at"] = base::iso_instant(*drawing);
    answer["tickets"] = std::move(tickets);
    BookingTold told{asking ? std::string{} : json::serialize(answer), drawing.has_value(), asking};
    requests_.facilities.add(asked.facility->id);
    requests_.keys.add(asked.key);
    requests_.bodies.add_bytes(asked.body);
    requests_.answers.add(told.answer);
    requests_.drawing.add(drawing ? std::string_view("t") : std::string_view("f"));
    requests_.dates.add(date_of(asked).days);
    changed_.insert(asked.facility->id);
    return told;
  }

  void add_ticket(const BookingAsked& asked, const Token& token, const Number& number, std::size_t place,
                  std::string_view state) {
    const PersonAsked& person = asked.people[place];
    if (place == 0 && asked.notice) notices_.emplace_back(token, *asked.notice);
    const std::int64_t date = token.date.days;
    tickets_.facilities.add(token.facility);
    tickets_.dates.add(date);
    tickets_.tokens.add_bytes(token.secret);
    tickets_.services.add(asked.service);
    tickets_.kinds.add(asked.kind);
    tickets_.requests.add(asked.key);
    tickets_.places.add(static_cast<std::int64_t>(place));
    tickets_.at.add(base::to_ms(asked.at));
    if (asked.slot) {
      tickets_.slots.add(base::to_ms(*asked.slot));
    } else {
      tickets_.slots.add_null();
    }
    if (person.card_mac.empty()) {
      tickets_.macs.add_null();
    } else {
      tickets_.macs.add_bytes(person.card_mac);
    }
    tickets_.states.add(state);
    if (number.n > 0) {
      tickets_.series.add(number.series);
      tickets_.numbers.add(number.n);
    } else {
      tickets_.series.add_null();
      tickets_.numbers.add_null();
    }
    tickets_.cards.add(person.card.reveal());
    tickets_.births.add(person.birth.reveal());
    tickets_.names.add(person.name.reveal());
    tickets_.phones.add(person.phone.reveal());
    tickets_.delete_on.add(date + asked.keep_days);
  }

  void write() {
    std::vector<std::string> columns;
    const auto put = [&](std::initializer_list<const Column*> all) {
      for (const Column* each : all) columns.push_back(each->text());
    };
    put({&requests_.facilities, &requests_.keys, &requests_.bodies, &requests_.answers, &requests_.drawing,
         &requests_.dates});
    put({&tickets_.facilities, &tickets_.dates, &tickets_.tokens, &tickets_.services, &tickets_.kinds,
         &tickets_.requests, &tickets_.places, &tickets_.series, &tickets_.numbers, &tickets_.states,
         &tickets_.macs, &tickets_.at, &tickets_.slots, &tickets_.cards, &tickets_.births, &tickets_.names,
         &tickets_.phones, &tickets_.delete_on});
    for (std::string& each : counter_columns(counters_)) columns.push_back(std::move(each));
    columns.push_back(wake_up_column(changed_).text());
    add_notices(work_, notices_);
    save_budgets();
    work_.commit_with({"write_batch", std::move(columns)});
  }

  void save_budgets() {
    if (spent_.empty()) return;
    Column facilities;
    Column forgotten;
    for (const int id : spent_) {
      facilities.add(id);
      forgotten.add(base::to_ms(budgets_[id].forgotten_at));
    }
    work_.exec_prepared("save_budgets", facilities.text(), forgotten.text());
  }

  struct Known {
    std::string body;
    std::string answer;
    bool drawing = false;
  };
  struct RequestRows {
    Column facilities, keys, bodies, answers, drawing, dates;
  };
  /// With the person's own, which only its table keeps.
  struct TicketRows {
    Column facilities, dates, tokens, services, kinds, requests, places, series, numbers, states, macs, at,
        slots;
    Column cards, births, names, phones, delete_on;
  };

  PipedTransaction work_;
  const std::vector<BookingAsked>& asked_;
  Counters counters_;
  std::map<std::pair<int, std::string>, Known> known_; ///< by facility and key
  std::set<Card> pairs_;                               ///< card and birth date that fit
  std::set<std::pair<CounterKey, std::string>> live_;  ///< cards with a place in the line
  std::map<CounterKey, SlotsTaken> slots_;
  std::map<std::pair<int, std::string>, std::optional<base::Date>> unsure_; ///< by facility and service
  CardSlots card_slots_;
  std::map<int, booking::Spent> budgets_;
  std::set<int> spent_;
  std::set<int> changed_;
  std::set<int> linked_; ///< whose station can be asked
  RequestRows requests_;
  TicketRows tickets_;
  std::vector<std::pair<Token, NoticeAsked>> notices_;
};

} // namespace

std::vector<base::Result<BookingTold>> book(pqxx::connection& connection,
                                            const std::vector<BookingAsked>& asked) {
  return Batch(connection, asked).run();
}

std::vector<DrawDue> due_draws(pqxx::connection& connection, base::Instant now) {
  pqxx::read_transaction read(connection);
  std::vector<DrawDue> due;
  for (const auto& row : read.exec_prepared("due_draws", base::to_ms(now)))
    due.push_back({row[0].as<int>(), base::Date{row[1].as<int>()}, row[2].as<std::string>()});
  return due;
}

void hold_draw(pqxx::connection& connection, const Profile& facility, const DrawDue& due, base::Instant now) {
  const ServiceProfile* service = facility.service(due.service);
  pqxx::work work(connection);
  const CounterKey key{due.facility, due.date.days, due.service};
  auto counters = lock_counters(work, {key});
  CounterRow& counter = counters[key];
  std::optional<int> most;
  if (service != nullptr)
    most = booking::places_outside(rules_on(*service, counter.stopped, due.date, counter.walk_ins), due.date);
  draw_counter(work, key, counter, service, most, now);
  save_counters(work, counters);
  notify(work, {due.facility});
  work.commit();
}

} // namespace machiai::cloud::store
