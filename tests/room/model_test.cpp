// SPDX-License-Identifier: Apache-2.0
// What a touch does in the seat, and what the glass then shows.
#include "fixture.hpp"
#include "room/model.hpp"

using namespace machiai;
using room::Glass;
using test::at_ms;
using test::fixture;
using test::sample;
namespace json = boost::json;

namespace {

room::Step touch(const queue::RoomsView& view, Glass glass, const char* name, std::int64_t steady = 0) {
  return room::touched(&view, true, std::move(glass), name, at_ms, steady);
}

Glass after(const queue::RoomsView& view, const room::Step& step, const base::Result<json::object>& answer,
            const json::object& refusal = {}, std::int64_t steady = 0) {
  REQUIRE(step.order);
  return room::answered(&view, step.glass, *step.order, answer, refusal, steady);
}

base::Result<json::object> done(const char* number) {
  return json::object{{"number", number}};
}

base::Result<json::object> refused(const char* reason, const char* detail = "") {
  return base::fail(base::Error::Code::conflict, reason, detail);
}

room::Screen shown(const queue::RoomsView& view, const Glass& glass, bool reachable = true,
                   std::int64_t steady = 0) {
  return room::compose(&view, glass, reachable, reachable ? 0 : 95'000, at_ms, steady);
}

} // namespace

TEST_CASE("call-next names the room and whom the glass shows") {
  const auto view = fixture("morning");
  const auto step = touch(view, sample(view, "seat"), "call-next");
  REQUIRE(step.order);
  CHECK(step.order->command == "call");
  const auto& next = view.rooms[0].next[0];
  CHECK(step.order->args == json::object{{"service", next.line}, {"room", "1"}, {"expect", next.ticket}});
  CHECK(shown(view, step.glass).can_call);
}

TEST_CASE("who was transferred is called from the line it stands in") {
  auto view = fixture("morning");
  view.rooms[0].next[0].line = "shouni";
  CHECK(touch(view, sample(view, "seat"), "call-next").order->args.at("service") == "shouni");
  view.rooms[0].next[0].line.clear();
  CHECK(touch(view, sample(view, "seat"), "call-next").order->args.at("service") == "naika");
}

TEST_CASE("a second tap calls nobody: not while the answer is awaited, and not right after it") {
  const auto view = fixture("morning");
  const auto step = touch(view, sample(view, "seat"), "call-next");
  CHECK_FALSE(touch(view, step.glass, "call-next").order);
  CHECK_FALSE(touch(view, step.glass, "finish").order);
  const Glass called = after(view, step, done("25"), {}, 100);
  CHECK_FALSE(touch(view, called, "call-next", 100 + room::guard_ms - 1).order);
  CHECK(touch(view, called, "call-next", 100 + room::guard_ms).order);
  // What was refused may be tried again at once, and everything else too.
  CHECK(touch(view, after(view, step, refused("already_called")), "call-next", 1).order);
  CHECK(touch(view, called, "recall", 101).order);
}

TEST_CASE("the four keys act on who is inside, and do nothing in an empty room") {
  const auto view = fixture("morning");
  const auto quiet = fixture("quiet");
  for (const char* verb : {"recall", "absent", "hold", "finish"}) {
    const auto step = touch(view, sample(view, "seat"), verb);
    REQUIRE(step.order);
    CHECK(step.order->command == verb);
    CHECK(step.order->args == json::object{{"ticket", view.rooms[0].inside->ticket}});
    CHECK_FALSE(touch(quiet, sample(quiet, "seat"), verb).order);
  }
  CHECK_FALSE(touch(quiet, sample(quiet, "seat"), "call-next").order);
  CHECK_FALSE(shown(quiet, sample(quiet, "seat")).can_call);
  CHECK_FALSE(shown(quiet, sample(quiet, "seat")).can_act);
  CHECK(shown(view, sample(view, "seat")).can_act);
}

TEST_CASE("undo is offered for this seat's own last action, and only while it is possible") {
  auto view = fixture("called");
  REQUIRE(view.undo.size() == 1);
  Glass glass = sample(view, "seat");
  const auto step = touch(view, glass, "undo");
  REQUIRE(step.order);
  CHECK(step.order->args == json::object{{"undo", view.undo[0].seq}});
  CHECK(shown(view, glass).undo_s == 6);
  CHECK(room::compose(&view, glass, true, 0, at_ms + 5'999, 0).undo_s == 1);
  CHECK(room::compose(&view, glass, true, 0, at_ms + 6'000, 0).undo_s == 0);
  CHECK_FALSE(room::touched(&view, true, glass, "undo", at_ms + 6'000, 0).order);
  view.undo[0].seat = "room-other";
  CHECK_FALSE(touch(view, glass, "undo").order);
  CHECK(shown(view, glass).undo_s == 0);
}

TEST_CASE("a seat sees its own room alone") {
  auto view = fixture("morning");
  Glass glass = sample(view, "seat");
  glass.room = "2";
  CHECK_FALSE(shown(view, glass).ready);
  CHECK_FALSE(shown(view, glass).reachable);
  CHECK_FALSE(touch(view, glass, "call-next").order);
}

TEST_CASE("what was done is told for a moment") {
  const auto view = fixture("morning");
  const Glass glass = after(view, touch(view, sample(view, "seat"), "recall"), done("24"), {}, 50);
  CHECK(glass.pending.empty());
  CHECK(shown(view, glass, true, 51).told.key == "done.recall");
  CHECK(shown(view, glass, true, 51).told.number == "24");
  CHECK_FALSE(shown(view, glass, true, 51).told.urgent);
  CHECK(shown(view, glass, true, 50 + room::told_ms).told.key.empty());
  // A recall that is undone is off the screens, and was heard all the same: it says no more than that.
  const room::Step undo{sample(view, "seat"), room::Order{"undo", {}}};
  const auto undone = [&](const char* what) {
    const json::object answer{{"number", "24"}, {"undone", what}};
    return shown(view, after(view, undo, answer, {}, 50), true, 51).told.key;
  };
  CHECK(undone("recalled") == "done.undo.recalled");
  CHECK(undone("absent") == "done.undo");
}

TEST_CASE("who loses a race hears who was first, and is offered the next") {
  const auto view = fixture("morning");
  const auto step = touch(view, sample(view, "seat"), "call-next");
  const json::object refusal{{"reason", "already_called"}, {"number", "25"}, {"room", "2"}};
  const auto screen = shown(view, after(view, step, refused("already_called"), refusal));
  CHECK(screen.told.key == "lost");
  CHECK(screen.told.urgent);
  CHECK(screen.told.number == "25");
  // The view still shows 25 as the first: it is the one that is gone.
  CHECK(screen.told.next == "26");
  CHECK(screen.by.en == "Room 2");
  json::object by_desk = refusal;
  by_desk["room"] = "1";
  const auto desk = shown(view, after(view, step, refused("already_called"), by_desk));
  CHECK_FALSE(desk.by_room);
  by_desk["room"] = "7";
  const auto unknown = shown(view, after(view, step, refused("already_called"), by_desk));
  CHECK(unknown.by_room);
  CHECK(unknown.by.ja.empty());
}

TEST_CASE("an answer that did not come is not taken for one") {
  const auto view = fixture("morning");
  const auto step = touch(view, sample(view, "seat"), "finish");
  CHECK(after(view, step, refused("hub_unreachable", "unsent")).told.key == "unsent");
  CHECK(after(view, step, refused("hub_unreachable", "unanswered")).told.key == "unsure");
  CHECK(after(view, step, refused("disk_full")).told.key == "disk_full");
}

TEST_CASE("without a link the last view stays with its age, and nothing can be pressed but to pair again") {
  const auto view = fixture("called");
  Glass glass = sample(view, "seat");
  glass.away = "station_foreign";
  const auto screen = shown(view, glass, false);
  CHECK(screen.ready);
  CHECK_FALSE(screen.reachable);
  CHECK(screen.age_s == 95);
  CHECK(screen.as_of == "10:30");
  CHECK(screen.away == "station_foreign");
  CHECK_FALSE(screen.can_call);
  CHECK_FALSE(screen.can_act);
  CHECK(screen.undo_s == 0);
  for (const char* name : {"call-next", "recall", "absent", "hold", "finish", "undo"})
    CHECK_FALSE(room::touched(&view, false, glass, name, at_ms, 0).order);
  CHECK(room::touched(&view, false, glass, "pair-anew", at_ms, 0).glass.page == room::Page::enter);
  CHECK(room::touched(&view, true, glass, "pair-anew", at_ms, 0).glass.page == room::Page::seat);
  CHECK(shown(view, glass).away.empty());
}

TEST_CASE("the language is one touch away on every page") {
  const auto view = fixture("morning");
  for (const char* page : {"seat", "enter", "compare"}) {
    const Glass english = touch(view, sample(view, page), "lang").glass;
    CHECK(english.lang == "en");
    CHECK(touch(view, english, "lang").glass.lang == "ja");
  }
}
