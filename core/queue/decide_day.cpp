// SPDX-License-Identifier: Apache-2.0
#include "core/base/text.hpp"
#include "core/queue/decider.hpp"
#include "core/queue/places.hpp"

#include <array>

namespace machiai::queue {

namespace {

/// Counters still open at this minute of the next morning are closed; until then a night clinic runs on past
/// midnight under its own date.
constexpr int largest_cap = 9999;
constexpr std::size_t most_messages = 6;
constexpr std::size_t longest_message = 60;
constexpr std::size_t longest_notice_id = 32, most_notice_texts = 8;
constexpr std::size_t longest_notice_line = 200, longest_notice_text = 2000; // characters, bytes
constexpr int longest_showing_minutes = 12 * 60;

} // namespace

void Decider::close_counters(std::vector<EventBody>& events) const {
  for (std::size_t i = 0; i < day_.counters.size(); ++i)
    if (day_.counters[i].open) events.push_back(CounterClosed{static_cast<int>(i)});
}

/// Nobody is left over: who is in a room has been seen, the others did not come, or did not come back. Nor
/// does a counter that goes by the timetable open once more, or a screen promise the next session.
Result<Decision> Decider::operator()(const CloseDay&) const {
  Decision decision;
  const bool of_today = day_.opened && base::civil_date(now_) == day_.date;
  for (int i = 0; of_today && i < static_cast<int>(clinic_.services.size()); ++i) {
    const auto& hours = hours_of(clinic_, day_, i);
    if (hours_at(hours, now_) != nullptr || next_opening(hours, now_))
      decision.events.push_back(HoursSet{i, ""});
  }
  for (const Counter& serving : day_.counters)
    for (std::size_t i = serving.head; i < serving.line.size(); ++i) {
      const Ticket& t = day_.tickets[serving.line[i]];
      if (is_inside(t))
        decision.events.push_back(Finished{ref_of(t)});
      else if (is_live(t.state))
        decision.events.push_back(NoShow{ref_of(t)});
    }
  close_counters(decision.events);
  return decision;
}

Result<Decision> Decider::operator()(const SetCap& c) const {
  const auto index = service(c.service);
  MACHIAI_TRY(index);
  if (c.cap < -1 || c.cap > largest_cap) return fail(Code::invalid, "bad_cap");
  Decision decision;
  const bool new_date = begin_day(decision.events);
  if (new_date || counter(*index).cap != c.cap) decision.events.push_back(CapSet{*index, c.cap});
  return decision;
}

Result<Decision> Decider::operator()(const SetHours& c) const {
  const auto index = service(c.service);
  MACHIAI_TRY(index);
  const bool as_usual = c.hours == "-";
  const auto hours = parse_hours(as_usual ? "" : c.hours);
  if (!hours) return fail(Code::invalid, "bad_hours");
  Decision decision;
  const bool new_date = begin_day(decision.events);
  const auto set = new_date ? std::nullopt : counter(*index).hours;
  if (as_usual ? !set : set && hours_text(*set) == hours_text(*hours)) return Decision{};
  // Who goes by the timetable goes by this one from now on.
  const bool goes_by_it = clinic_.services[static_cast<std::size_t>(*index)].by_timetable && !as_usual;
  if (goes_by_it && !new_date && counter(*index).open && hours_at(*hours, now_) == nullptr)
    decision.events.push_back(CounterClosed{*index});
  decision.events.push_back(HoursSet{*index, c.hours});
  return decision;
}

Result<Decision> Decider::operator()(const SetRemote& c) const {
  const auto index = service(c.service);
  MACHIAI_TRY(index);
  Decision decision;
  const bool new_date = begin_day(decision.events);
  const bool open_now = new_date || !counter(*index).remote_stopped;
  if (open_now == c.open) return Decision{};
  decision.events.push_back(RemoteSet{*index, c.open});
  return decision;
}

Result<Decision> Decider::operator()(const SetWalkIns& c) const {
  const auto index = service(c.service);
  MACHIAI_TRY(index);
  if (c.places < -1 || c.places > most_walk_ins) return fail(Code::invalid, "bad_walk_ins");
  if (c.every && *c.every != -1 && !is_every(*c.every)) return fail(Code::invalid, "bad_every");
  Decision decision;
  const bool new_date = begin_day(decision.events);
  const int places = new_date ? -1 : counter(*index).walk_ins;
  const int every = new_date ? -1 : counter(*index).every;
  if (places == c.places && every == c.every.value_or(every)) return Decision{};
  decision.events.push_back(WalkInsSet{*index, c.places, c.every.value_or(every)});
  return decision;
}

Result<Decision> Decider::operator()(const PutMessage& c) const {
  MACHIAI_TRY(base::check_text(c.text, longest_message));
  if (std::find(message_patterns.begin(), message_patterns.end(), c.pattern) == message_patterns.end())
    return fail(Code::not_found, "unknown_pattern");
  if (c.pattern == "free" ? base::is_blank(c.text) : !c.text.empty())
    return fail(Code::invalid, "bad_message");
  if (c.minutes < 0 || c.minutes > 600 || c.show_minutes < 1 || c.show_minutes > longest_showing_minutes)
    return fail(Code::invalid, "bad_message");
  Decision decision;
  const bool new_date = begin_day(decision.events);
  const auto shown = std::count_if(day_.messages.begin(), day_.messages.end(),
                                   [&](const Message& message) { return message.until > now_; });
  if (!new_date && static_cast<std::size_t>(shown) >= most_messages)
    return fail(Code::limit, "too_many_messages");
  decision.events.push_back(MessagePut{new_date ? 1 : day_.last_message + 1, c.pattern, c.text, c.minutes,
                                       now_ + std::chrono::minutes{c.show_minutes}});
  return decision;
}

Result<Decision> Decider::operator()(const TakeMessage& c) const {
  const auto found = std::find_if(day_.messages.begin(), day_.messages.end(),
                                  [&](const Message& message) { return message.id == c.id; });
  if (found == day_.messages.end()) return fail(Code::not_found, "unknown_message");
  return Decision{{MessageTaken{c.id}}, std::nullopt};
}

Result<Decision> Decider::operator()(const ShowNotice& c) const {
  const auto bad = [](const char* what) { return fail(Code::invalid, "bad_notice", what); };
  if (!base::is_plain_id(c.form, longest_notice_id)) return bad("template");
  if (c.lang != "ja" && c.lang != "en") return bad("lang");
  if (c.minutes < 1 || c.minutes > longest_showing_minutes) return bad("minutes");
  if (c.texts.size() > most_notice_texts) return bad("fields");
  for (const NoticeText& each : c.texts) {
    if (!base::is_plain_id(each.field, longest_notice_id)) return bad("fields");
    for (std::size_t from = 0; from <= each.text.size();) {
      const std::size_t to = std::min(each.text.find('\n', from), each.text.size());
      MACHIAI_TRY(base::check_text(std::string_view(each.text).substr(from, to - from), longest_notice_line));
      from = to + 1;
    }
    if (each.text.size() > longest_notice_text) return bad("fields");
  }
  Decision decision;
  begin_day(decision.events);
  decision.events.push_back(NoticeShown{c.form, c.lang, c.texts, now_ + std::chrono::minutes{c.minutes}});
  return decision;
}

Result<Decision> Decider::operator()(const ClearNotice&) const {
  if (!day_.notice || day_.notice->until <= now_) return fail(Code::not_found, "no_notice");
  return Decision{{NoticeCleared{}}, std::nullopt};
}

/// Its hours have ended since it was opened: those of the day's date, which may go on past midnight, or of
/// today.
bool Decider::ended_since_opened(int index, const std::vector<Hours>& of_today) const {
  const auto ended = [&](const std::vector<Hours>& all, base::Date date) {
    const auto end = last_end(all, date, now_);
    return end && *end > counter(index).turned;
  };
  return ended(of_today, base::civil_date(now_)) || ended(hours_of(clinic_, day_, index), day_.date);
}

/// Opens and closes what goes by the timetable, once at each end: what people did since then stands.
void Decider::turn_by_timetable(std::vector<EventBody>& events) const {
  if (!events.empty()) return; // the night's end comes first, the timetable a tick later
  const bool of_today = day_.opened && business_date(day_, now_) == day_.date;
  for (int i = 0; i < static_cast<int>(clinic_.services.size()); ++i) {
    if (clinic_.services[static_cast<std::size_t>(i)].retired && counter(i).open)
      events.push_back(CounterClosed{i});
    if (!clinic_.services[static_cast<std::size_t>(i)].by_timetable) continue;
    const base::Date today = base::civil_date(now_);
    const auto& all = of_today ? hours_of(clinic_, day_, i) : usual_hours(clinic_, i, today);
    const Counter& c = counter(i);
    if (const Hours* hours = hours_at(all, now_)) {
      // The clock itself closes what a night or a switched-off machine left open.
      const bool turned_since =
          day_.opened && c.closed_by_hand && c.turned >= base::at_minute(today, hours->open);
      if (!c.open && !turned_since && (of_today || !any_open())) open_counter(i, events);
      if (!events.empty() && !of_today) return; // the new day first; its other counters with the next tick
    } else if (c.open && ended_since_opened(i, all)) {
      events.push_back(CounterClosed{i});
    }
  }
}

Result<Decision> Decider::operator()(const TakeOwnership& c) const {
  const auto index = service(c.service);
  MACHIAI_TRY(index);
  const Counter& serving = counter(*index);
  if (stops(Guard::epoch_rises, c.epoch <= serving.epoch)) return fail(Code::conflict, "stale_epoch");
  return Decision{{OwnershipTaken{*index, c.epoch, c.high}}, std::nullopt};
}

Result<Decision> Decider::operator()(const ReleaseOwnership& c) const {
  const auto index = service(c.service);
  MACHIAI_TRY(index);
  Decision decision;
  if (counter(*index).owner) decision.events.push_back(OwnershipReleased{*index, counter(*index).epoch + 1});
  return decision;
}

Result<Decision> Decider::operator()(const Tick&) const {
  Decision decision;
  // Past its end only the counters close. The day itself closes when the next one opens, so that a clock
  // that is set back finds it open and no date ever opens twice (N11).
  if (base::minute_of_day(now_) >= day_ends_at_minute && business_date(day_, now_) != day_.date)
    close_counters(decision.events);
  turn_by_timetable(decision.events);
  for (const Counter& serving : day_.counters)
    for (std::size_t i = serving.head; i < serving.line.size(); ++i) {
      const Ticket& t = day_.tickets[serving.line[i]];
      if (t.state == TicketState::called && now_ - t.since >= std::chrono::seconds{clinic_.settle_seconds})
        decision.events.push_back(Entered{ref_of(t)});
    }
  return decision;
}

} // namespace machiai::queue
