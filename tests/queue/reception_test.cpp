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
