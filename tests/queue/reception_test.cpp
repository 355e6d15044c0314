// SPDX-License-Identifier: Apache-2.0
// What a reception does beside calling: transfer, skip, amend, caps, hours, messages, the end of the day.
#include "core/queue/story.hpp"
#include "tests/queue/morning.hpp"

using namespace machiai;
using namespace machiai::queue;
using namespace std::chrono_literals;
using test::Morning;

namespace {

const Ticket& ticket(const Morning& m, const std::string& name) {
  return m.day.tickets[resolve_ticket(m.clinic, m.day, name).value()];
}

std::string line_of(const Morning& m, int service) {
  std::string text;
  for (const TicketView& t : queue_view(m.clinic, m.day, service))
    if (t.state == "waiting") text += (text.empty() ? "" : " ") + t.number;
  return text;
}

} // namespace

TEST_CASE("who chose the wrong counter goes on in the right one by arrival, with the same number") {
  Morning m;
  m.open();
  m.open("shouni");
  m.take(1, "shouni");
  m.now += 1min;
  m.take(1);
  m.now += 1min;
  m.take(1, "shouni");
  REQUIRE(m.when(Transfer{"naika/1", "shouni"}));
  REQUIRE(line_of(m, 1) == "S-1 1 S-2");
  REQUIRE(line_of(m, 0).empty());
  REQUIRE(ticket(m, "naika/1").service == 0);
  REQUIRE(m.when(CallNext{"shouni", "1", std::nullopt, "S-1"}));
  REQUIRE(m.call("1", "shouni") == "1");
  REQUIRE(m.refusal(CallNext{"naika", "2", "naika/1", std::nullopt}) == "other_line");
}

TEST_CASE("who has been seen goes to the end of the other line; undo brings them back to their place") {
  Morning m;
  m.open();
  m.open("shouni");
  m.take(2);
  m.now += 1min;
  m.take(2, "shouni");
  REQUIRE(m.call() == "1");
  REQUIRE(m.when(Transfer{"naika/1", "shouni"}));
  REQUIRE(line_of(m, 1) == "S-1 S-2 1");
  REQUIRE(m.when(Undo{}));
  REQUIRE(m.line() == "1called 2");
  REQUIRE(line_of(m, 1) == "S-1 S-2");
}

TEST_CASE("a skipped patient lets one go first and keeps waiting") {
  Morning m;
  m.open();
  m.take(4);
  REQUIRE(m.when(Skip{"naika/1"}));
  REQUIRE(m.line() == "2 1 3 4");
  REQUIRE(m.when(Skip{"naika/3"}));
  REQUIRE(m.line() == "2 1 4 3");
  REQUIRE(m.refusal(Skip{"naika/3"}) == "nobody_behind");
  REQUIRE(m.call() == "2");
  REQUIRE(m.refusal(Skip{"naika/2"}) == "not_waiting");
}

TEST_CASE("the desk may send an absent patient further back, or to the end") {
  Morning m;
  m.open();
  m.take(6);
  REQUIRE(m.call() == "1");
  REQUIRE(m.when(Act{Verb::absent, "naika/1", 4}));
  REQUIRE(m.line() == "2 3 4 5 1absent 6");
  REQUIRE(m.call() == "2");
  REQUIRE(m.when(Act{Verb::absent, "naika/2", 0}));
  REQUIRE(m.line() == "3 4 5 1absent 6 2absent");
  REQUIRE(m.refusal(Act{Verb::absent, "naika/3", -1}) == "bad_argument");
}

TEST_CASE("a move without a target goes to the end") {
  Morning m;
  m.open();
  m.take(3);
  REQUIRE(m.when(Move{"naika/1", "", "test"}));
  REQUIRE(m.line() == "2 3 1");
}

TEST_CASE("what is written down of a patient can be changed field by field") {
  Morning m;
  m.open();
  REQUIRE(m.when(Take{"naika", "first", "77", "やまだ", false, "車いす"}));
  REQUIRE(m.when(Amend{"naika/1", std::nullopt, "78", std::nullopt, std::nullopt}));
  const TicketView view = queue_view(m.clinic, m.day, 0).front();
  REQUIRE(view.card == "78");
  REQUIRE(view.name == "やまだ");
  REQUIRE(view.note == "車いす");
  REQUIRE(view.kind == "first");
  REQUIRE(m.when(Amend{"naika/1", "return", "", std::nullopt, ""}));
  REQUIRE(queue_view(m.clinic, m.day, 0).front().card.empty());
  REQUIRE(m.refusal(Amend{"naika/1", "dental", std::nullopt, std::nullopt, std::nullopt}) == "unknown_kind");
  REQUIRE(m.refusal(Amend{"naika/1", std::nullopt, std::nullopt, std::nullopt, std::string(201, 'a')}) ==
          "name_too_long");
}

TEST_CASE("a counter that nobody has opened within its hours is not outside its hours") {
  Morning m;
  m.clinic.services[0].hours = {{"morning", 8 * 60 + 30, 12 * 60, {}}};
  const Take take{"naika", "", "", "", false};
  REQUIRE(m.refusal(take) == "not_opened");
  m.open("shouni"); // the day has begun, and this one has not
  REQUIRE(m.refusal(take) == "not_opened");
  REQUIRE(m.when(SetHours{"naika", "14:00-18:00"}));
  REQUIRE(m.refusal(take) == "closed");
  REQUIRE(m.when(SetHours{"naika", "-"}));
  m.open();
  REQUIRE(m.when(CloseCounter{"naika"}));
  REQUIRE(m.refusal(take) == "closed"); // people closed it
  Morning late;
  late.clinic.services[0].hours = m.clinic.services[0].hours;
  late.now += std::chrono::hours{4};
  REQUIRE(late.refusal(take) == "closed");
}

TEST_CASE("a cap for today stands against the settings and can be taken back") {
  Morning m;
  m.open();
  m.take(2);
  REQUIRE(m.when(SetCap{"naika", 2}));
  REQUIRE(m.refusal(Take{"naika", "", "", "", false}) == "cap_reached");
  REQUIRE(kiosk_view(m.clinic, m.day, m.now).services[0].full);
  REQUIRE(desk_view(m.clinic, m.day, m.now).exceptions == std::vector<ExceptionView>{{"naika", "cap", "2"}});
  REQUIRE(m.when(SetCap{"naika", -1}));
  m.take(1);
  REQUIRE(desk_view(m.clinic, m.day, m.now).exceptions.empty());
  REQUIRE(m.refusal(SetCap{"naika", 10000}) == "bad_cap");
}

TEST_CASE("hours are read as people write them, and nonsense is refused") {
  REQUIRE(parse_hours("8:30-12:00,14:30-18:00")->size() == 2);
  REQUIRE(parse_hours("")->empty());
  REQUIRE(parse_hours("22:00-24:00")->front().close == 24 * 60);
  for (const char* text : {"8:30", "8:30-8:30", "9:00-8:00", "8:30-12:00,11:00-13:00", "8:60-9:00",
                           "25:00-26:00", "-1:00-2:00", "8:30-12:00,", "a-b"})
    REQUIRE_FALSE(parse_hours(text).has_value());
}

TEST_CASE("a counter that goes by the timetable opens and closes once, and people have the last word") {
  Morning m;
  m.clinic.services[0].by_timetable = true;
  m.clinic.services[0].hours = {{"morning", 8 * 60 + 30, 12 * 60, {}}, {"afternoon", 14 * 60, 18 * 60, {}}};
  const auto at = [&](int hour, int minute) {
    m.now = base::at_minute(*base::parse_iso_date("2026-11-24"), hour * 60 + minute);
    REQUIRE(m.when(Tick{}));
    return m.day.counters[0].open;
  };
  REQUIRE_FALSE(at(8, 29));
  REQUIRE(at(8, 30));
  REQUIRE_FALSE(m.day.counters[1].open);
  REQUIRE(m.when(CloseCounter{"naika"}));
  REQUIRE_FALSE(at(9, 0)); // closed by hand: stays so
  REQUIRE(m.when(OpenCounter{"naika"}));
  REQUIRE(at(11, 59));
  REQUIRE_FALSE(at(12, 0));
  REQUIRE(m.when(OpenCounter{"naika"})); // opened by hand in the break
  REQUIRE(at(13, 0));
  REQUIRE(at(14, 0));
  REQUIRE(m.when(SetHours{"naika", "8:30-12:00,14:00-16:00"}));
  REQUIRE_FALSE(at(16, 0));
}

TEST_CASE("hours to midnight end there, those past it end later, whatever the date") {
  Morning m;
  m.clinic.services[0].by_timetable = m.clinic.services[1].by_timetable = true;
  m.clinic.services[0].hours = {{"evening", 20 * 60, 24 * 60, {}}};
  m.clinic.services[1].hours = {{"evening", 20 * 60, 24 * 60, {}}, {"evening", 0, 2 * 60, {}}};
  const auto at = [&](const char* date, int minute) {
    m.now = base::at_minute(*base::parse_iso_date(date), minute);
    REQUIRE(m.when(Tick{}));
    return std::pair{m.day.counters[0].open, m.day.counters[1].open};
  };
  REQUIRE(at("2026-11-24", 20 * 60).first);
  REQUIRE(at("2026-11-24", 20 * 60 + 1).second);
  m.take(1);
  REQUIRE(at("2026-11-24", 23 * 60 + 59) == std::pair{true, true});
  REQUIRE(at("2026-11-25", 0) == std::pair{false, true});
  REQUIRE(at("2026-11-25", 1 * 60 + 59) == std::pair{false, true});
  REQUIRE(m.when(CloseCounter{"shouni"}));
  REQUIRE_FALSE(at("2026-11-25", 1 * 60 + 59).second); // closed by hand: stays so, in the night as well
  REQUIRE(m.when(OpenCounter{"shouni"}));
  REQUIRE(at("2026-11-25", 2 * 60) == std::pair{false, false});
}

TEST_CASE("who still waits at midnight is shown and called until the night is over") {
  Morning m;
  const base::Date date = *base::parse_iso_date("2026-11-24");
  m.now = base::at_minute(date, 23 * 60);
  m.open();
  m.take(3);
  REQUIRE(m.call() == "1");
  REQUIRE(m.when(CloseCounter{"naika"}));
  m.now = base::at_minute(date, 24 * 60 + 10);
  REQUIRE_FALSE(has_passed(m.day, m.now));
  const BoardView board = board_view(m.clinic, m.day, m.now);
  REQUIRE(board.waiting == 2);
  REQUIRE(board.next.size() == 2);
  REQUIRE(m.call("2") == "2");
  // Another counter that opens meanwhile belongs to the same night, and drops nobody.
  m.open("shouni");
  REQUIRE(m.day.date == date);
  REQUIRE(m.when(CloseCounter{"shouni"}));
  REQUIRE(board_view(m.clinic, m.day, m.now).waiting == 1);
  const bool all_seen = GENERATE(false, true);
  if (all_seen) {
    m.act(Verb::finish, "1");
    m.act(Verb::finish, "2");
    m.act(Verb::cancel, "3");
    REQUIRE(has_passed(m.day, m.now));
  }
  m.now = base::at_minute(date, (24 + 4) * 60);
  REQUIRE(has_passed(m.day, m.now));
  m.open();
  REQUIRE(m.day.date.days == date.days + 1);
  REQUIRE(m.day.tickets.empty());
}

TEST_CASE("hours of other weekdays do not close what was opened by hand") {
  Morning m;
  m.clinic.services[0].by_timetable = true;
  m.clinic.services[0].hours = {{"morning", 8 * 60 + 30, 12 * 60, {1, 2, 3, 4, 5}}};
  const base::Date date = *base::parse_iso_date(GENERATE("2026-12-04", "2026-12-05")); // Friday, Saturday
  const bool weekday = base::weekday(date) == 5;
  m.now = base::at_minute(date, 11 * 60);
  m.open();
  m.now = base::at_minute(date, 12 * 60);
  REQUIRE(m.when(Tick{}));
  REQUIRE(m.day.counters[0].open == !weekday);
}

TEST_CASE("who goes by the timetable is closed by the day's hours, and opened again by taking them back") {
  Morning m;
  m.clinic.services[0].hours = {{"morning", 8 * 60 + 30, 12 * 60, {}}};
  const bool goes_by_it = GENERATE(true, false);
  m.clinic.services[0].by_timetable = goes_by_it;
  m.now = base::at_minute(*base::parse_iso_date("2026-11-24"), 10 * 60);
  m.open();
  const char* hours = GENERATE("", "8:30-9:30", "14:00-16:00");
  REQUIRE(m.when(SetHours{"naika", hours}));
  REQUIRE(m.day.counters[0].open == !goes_by_it);
  REQUIRE(m.when(Undo{}));
  REQUIRE(m.day.counters[0].open);
  REQUIRE_FALSE(m.day.counters[0].hours.has_value());
  REQUIRE(m.when(SetHours{"naika", "8:30-10:30"}));
  REQUIRE(m.day.counters[0].open);
}

TEST_CASE("on a day off no counter opens by itself, and none is promised") {
  Morning m;
  const auto date = [](const char* text) { return *base::parse_iso_date(text); };
  m.clinic.closed = {date("2026-11-24"), date("2026-11-25")};
  m.clinic.services[0].by_timetable = true;
  m.clinic.services[0].hours = {{"morning", 8 * 60 + 30, 12 * 60, {}}};
  m.now = base::at_minute(date("2026-11-24"), 9 * 60);
  REQUIRE(m.when(Tick{}));
  REQUIRE_FALSE(m.day.counters[0].open);
  const ServiceView view = kiosk_view(m.clinic, m.day, m.now).services[0];
  REQUIRE(view.opens_at == "8:30");
  REQUIRE(view.opens_on == "2026-11-26");
  // What the desk says of the day goes before.
  REQUIRE(m.when(SetHours{"naika", "8:30-12:00"}));
  REQUIRE(m.when(Tick{}));
  REQUIRE(m.day.counters[0].open);
  m.clinic.closed.clear();
  Morning usual;
  usual.clinic.services[0] = m.clinic.services[0];
  usual.now = m.now;
  REQUIRE(usual.when(Tick{}));
  REQUIRE(usual.day.counters[0].open); // the control: any other Tuesday
}

TEST_CASE("messages are shown until their time and at most six at once") {
  Morning m;
  REQUIRE(m.when(PutMessage{"delay", "", 20, 30}));
  REQUIRE(board_view(m.clinic, m.day, m.now).messages.size() == 1);
  REQUIRE(kiosk_view(m.clinic, m.day, m.now).messages[0].minutes == 20);
  REQUIRE(m.refusal(PutMessage{"free", "", 0, 30}) == "bad_message");
  REQUIRE(m.refusal(PutMessage{"party", "", 0, 30}) == "unknown_pattern");
  for (int i = 0; i < 5; ++i) REQUIRE(m.when(PutMessage{"free", "お知らせ", 0, 60}));
  REQUIRE(m.refusal(PutMessage{"long_wait", "", 0, 30}) == "too_many_messages");
  m.now += 31min;
  REQUIRE(board_view(m.clinic, m.day, m.now).messages.size() == 5);
  REQUIRE(m.when(TakeMessage{2}));
  REQUIRE(m.refusal(TakeMessage{2}) == "unknown_message");
  REQUIRE(desk_view(m.clinic, m.day, m.now).messages.size() == 4);
}

TEST_CASE("one urgent notice is shown until its time, until another or until it is cleared") {
  Morning m;
  const auto notice = [&] { return board_view(m.clinic, m.day, m.now).notice; };
  REQUIRE_FALSE(notice());
  REQUIRE(m.refusal(ClearNotice{}) == "no_notice");
  REQUIRE(m.when(ShowNotice{"free", "ja", {{"title", "断水の お知らせ"}}, 30}));
  REQUIRE(notice()->texts[0].text == "断水の お知らせ");
  REQUIRE(notice()->until - notice()->since == 30min);
  const auto first = notice()->id;
  REQUIRE(desk_view(m.clinic, m.day, m.now).notice == notice());
  REQUIRE(m.when(ShowNotice{"request", "en", {}, 10}));
  REQUIRE(notice()->id > first);
  m.now += 10min;
  REQUIRE_FALSE(notice());
  REQUIRE(m.refusal(ClearNotice{}) == "no_notice");
  REQUIRE(m.when(ShowNotice{"free", "ja", {}, 30}));
  REQUIRE(m.when(ClearNotice{}));
  REQUIRE_FALSE(notice());
}

TEST_CASE("a notice that no screen could show is not recorded") {
  Morning m;
  REQUIRE(m.refusal(ShowNotice{"../free", "ja", {}, 30}) == "bad_notice");
  REQUIRE(m.refusal(ShowNotice{"free", "fr", {}, 30}) == "bad_notice");
  REQUIRE(m.refusal(ShowNotice{"free", "ja", {}, 0}) == "bad_notice");
  REQUIRE(m.refusal(ShowNotice{"free", "ja", {}, 721}) == "bad_notice");
  REQUIRE(m.refusal(ShowNotice{"free", "ja", std::vector<NoticeText>(9, {"a", "b"}), 30}) == "bad_notice");
  REQUIRE(m.refusal(ShowNotice{"free", "ja", {{"a", "b\tc"}}, 30}) == "bad_text");
  REQUIRE(m.when(ShowNotice{"free", "ja", {{"a", "one\ntwo"}}, 30}));
}

TEST_CASE("the end of the day leaves nobody over, and can be undone") {
  Morning m;
  m.open();
  m.take(4);
  m.call();
  m.act(Verb::hold, "3");
  REQUIRE(m.when(CloseDay{}));
  REQUIRE(m.state("1") == "done");
  REQUIRE(m.state("2") == "no_show");
  REQUIRE(m.state("3") == "no_show");
  REQUIRE_FALSE(m.day.counters[0].open);
  REQUIRE(m.when(Undo{}));
  REQUIRE(m.line() == "1called 2 3hold 4");
  REQUIRE(m.day.counters[0].open);
}

TEST_CASE("after the end of the day no counter opens by the timetable, and none is promised") {
  Morning m;
  for (Service& service : m.clinic.services) {
    service.hours = {{"morning", 8 * 60, 12 * 60, {}}, {"afternoon", 14 * 60, 18 * 60, {}}};
    service.by_timetable = true;
  }
  REQUIRE(m.when(Tick{}));
  REQUIRE(m.when(Tick{}));
  REQUIRE(m.day.counters[1].open);
  m.take(1);
  m.now += std::chrono::minutes{185};
  REQUIRE(m.when(Tick{})); // noon
  REQUIRE_FALSE(m.day.counters[0].open);
  REQUIRE(board_view(m.clinic, m.day, m.now).opens_at == "14:00");
  const std::string before = machiai::test::fingerprint(m.clinic, m.day);
  REQUIRE(m.when(CloseDay{}));
  REQUIRE(m.day.undo.front().what == "day_closed");
  REQUIRE(board_view(m.clinic, m.day, m.now).opens_at == "8:00"); // of tomorrow
  REQUIRE(m.when(Undo{}));
  REQUIRE(machiai::test::fingerprint(m.clinic, m.day) == before);
  REQUIRE(m.when(CloseDay{}));
  const std::uint64_t end = m.day.undo.front().group;
  REQUIRE(m.when(SetHours{"naika", "14:00-16:00"}, "desk-2")); // somebody changes it after all
  REQUIRE(m.refusal(Undo{end}) == "nothing_to_undo");
  m.now += std::chrono::hours{2};
  REQUIRE(m.when(Tick{}));
  REQUIRE(m.day.counters[0].open);
  REQUIRE_FALSE(m.day.counters[1].open);
  m.now = base::at_minute({m.day.date.days + 1}, 8 * 60 + 1);
  REQUIRE(m.when(Tick{}));
  REQUIRE(m.when(Tick{}));
  REQUIRE(m.day.counters[1].open);
}

TEST_CASE("one who does not come is no longer waited for, until it is taken back") {
  Morning m;
  m.open();
  m.take(4);
  m.call();
  m.act(Verb::absent, "1");
  m.act(Verb::no_show, "1");
  REQUIRE(m.state("1") == "no_show");
  REQUIRE(m.day.undo.front().what == "no_show");
  m.act(Verb::no_show, "3");
  REQUIRE(m.line() == "2 4 3no_show 1no_show");
  REQUIRE(m.refusal(Act{Verb::back, "3"}) == "finished");
  REQUIRE(m.when(Undo{}));
  REQUIRE(m.line() == "2 3 4 1no_show");
  m.call();
  REQUIRE(m.when(Act{Verb::enter, "2"}));
  REQUIRE(m.refusal(Act{Verb::no_show, "2"}) == "not_waiting");
  // The end of the day is told as that, also when one alone was left.
  m.act(Verb::no_show, "4");
  REQUIRE(m.when(CloseDay{}));
  REQUIRE(m.day.undo.front().what == "day_closed");
}

TEST_CASE("an undo can name which of the seat's actions it means") {
  Morning m;
  m.open();
  m.take(3);
  m.act(Verb::hold, "1");
  const std::uint64_t first = m.day.undo.front().group;
  m.act(Verb::hold, "2");
  REQUIRE(m.when(Undo{first}));
  REQUIRE(m.line() == "1 2hold 3");
  REQUIRE(m.refusal(Undo{first}) == "nothing_to_undo");
  REQUIRE(m.refusal(Undo{m.day.undo.front().group}, "desk-2") == "nothing_to_undo");
}

TEST_CASE("who comes over from another counter goes in front of nobody who was let in before his turn") {
  Morning m;
  m.open();
  m.open("shouni");
  m.take(1, "shouni");
  m.now += 1min;
  m.take(1);
  m.now += 1min;
  m.take(1, "shouni");
  REQUIRE(m.when(Move{"shouni/2", "shouni/1", "urgent"}));
  REQUIRE(m.when(Transfer{"naika/1", "shouni"}));
  std::string order;
  for (const TicketView& t : queue_view(m.clinic, m.day, 1)) order += t.number + " ";
  REQUIRE(order == "S-2 S-1 1 ");
}

TEST_CASE("a call that was taken back does not come to the board again with the next one") {
  Morning m;
  m.open();
  m.take(2);
  m.call("1");
  m.act(Verb::back, "1");
  m.call("2");
  m.call("1");
  std::string calls;
  for (const CallView& call : board_view(m.clinic, m.day, m.now).calls)
    calls += call.number + "@" + call.room + " ";
  REQUIRE(calls == "2@1 1@2 ");
}

TEST_CASE("a move is not undone behind somebody who has moved away since") {
  Morning m;
  m.open();
  m.open("shouni");
  m.take(5);
  REQUIRE(m.when(Move{"naika/5", "naika/1", "urgent"}));
  const std::uint64_t move = m.day.undo.front().group;
  REQUIRE(m.when(Transfer{"naika/4", "shouni"}, "desk-2"));
  REQUIRE(m.refusal(Undo{move}) == "nothing_to_undo");
  REQUIRE(m.when(Undo{}, "desk-2"));
  REQUIRE(m.when(Undo{move}));
  REQUIRE(m.line() == "1 2 3 4 5");
  REQUIRE(m.when(Move{"naika/3", "", "late"}));
  const std::uint64_t to_end = m.day.undo.front().group;
  REQUIRE(m.when(Move{"naika/2", "", "late"}, "desk-2"));
  REQUIRE(m.refusal(Undo{to_end}) == "nothing_to_undo");
  REQUIRE(m.when(Undo{}, "desk-2"));
  REQUIRE(m.when(CallNext{"naika", "1", "naika/2", std::nullopt}, "desk-2")); // went in: no matter
  REQUIRE(m.when(Undo{to_end}));
  REQUIRE(m.line() == "1 2called 3 4 5");
}

TEST_CASE("a room sees who is inside and its next ones over all lines it serves") {
  Morning m;
  m.clinic.services[1].rooms = {"2"};
  m.open();
  m.open("shouni");
  m.take(2);
  m.now += 1min;
  m.take(1, "shouni");
  for (const char* ticket : {"naika/1", "naika/2"})
    REQUIRE(m.when(Amend{ticket, std::nullopt, std::nullopt, "見本", "note"}));
  m.call("1");
  const RoomsView view = rooms_view(m.clinic, m.day, m.now);
  REQUIRE(view.rooms[0].inside->number == "1");
  REQUIRE(view.rooms[0].inside->name == "見本");
  REQUIRE(view.rooms[0].inside->note.empty()); // the reception's own
  REQUIRE(view.rooms[0].next[0].note.empty());
  REQUIRE(view.rooms[0].next.size() == 1);
  REQUIRE_FALSE(view.rooms[1].inside.has_value());
  REQUIRE(view.rooms[1].next.size() == 2);
  REQUIRE(view.rooms[1].next[1].number == "S-1");
  REQUIRE(view.rooms[1].waiting == 2);
}

TEST_CASE("a day is replayed to any of its moments") {
  Morning m;
  std::vector<Event> events;
  std::vector<std::pair<base::Instant, std::string>> seen;
  const std::vector<Command> morning{OpenCounter{"naika"},
                                     Take{"naika", "", "", "", false},
                                     Take{"naika", "", "", "", false},
                                     Take{"naika", "", "", "", false},
                                     Move{"naika/3", "naika/1", "urgent"},
                                     CallNext{"naika", "1", std::nullopt, std::nullopt},
                                     Act{Verb::absent, "naika/3"},
                                     Undo{}};
  for (const Command& command : morning) {
    m.now += std::chrono::seconds{5};
    const auto decision = decide(m.clinic, m.day, command, {"desk", "desk-1"}, m.now);
    REQUIRE(decision);
    const std::uint64_t group = m.day.seq + 1;
    for (const EventBody& body : decision->events) {
      events.push_back({m.day.seq + 1, group, 0, "", "desk", "desk-1", m.now, body});
      fold(m.clinic, m.day, events.back());
    }
    seen.emplace_back(m.now, m.line());
  }
  const Day live = m.day;
  for (const auto& [at, line] : seen) {
    m.day = replay(m.clinic, events, at + std::chrono::seconds{4}).day;
    REQUIRE(m.line() == line);
  }
  REQUIRE(replay(m.clinic, events, seen.front().first - std::chrono::seconds{1}).events == 0);
  m.day = live;
  REQUIRE(replay(m.clinic, events, m.now).events == events.size());
}

TEST_CASE("why was 2 before 1? the day is replayed for the two") {
  Morning m;
  std::vector<Event> events;
  const auto when = [&](const Command& command) {
    const auto decision = decide(m.clinic, m.day, command, {"desk", "desk-1"}, m.now);
    REQUIRE(decision);
    for (const EventBody& body : decision->events) {
      events.push_back({m.day.seq + 1, m.day.seq + 1, 0, "", "desk", "desk-1", m.now, body});
      fold(m.clinic, m.day, events.back());
    }
  };
  when(OpenCounter{"naika"});
  for (int i = 0; i < 3; ++i) when(Take{"naika", "", "", "", false});
  when(Move{"naika/2", "naika/1", "urgent"});
  when(CallNext{"naika", "1", std::nullopt, std::nullopt});
  when(CallNext{"naika", "1", std::nullopt, std::nullopt});
  const auto story = order_story(m.clinic, events, {0, main_series, 1}, {0, main_series, 2});
  using First = OrderStep::First;
  std::vector<std::pair<bool, First>> told;
  for (const OrderStep& step : story) told.emplace_back(step.turned, step.first);
  REQUIRE(std::holds_alternative<Moved>(story[2].event.body));
  REQUIRE(told == std::vector<std::pair<bool, First>>{{false, First::neither}, // 1 taken
                                                      {true, First::one},      // 2 taken: 1 is in front
                                                      {true, First::other},    // 2 moved in front
                                                      {false, First::other},   // 2 called
                                                      {false, First::other},   // 2 finished ...
                                                      {false, First::other}}); // ... and 1 called
}
