// SPDX-License-Identifier: Apache-2.0
#include "display/player/airlog.hpp"
#include "display/urgent.hpp"
#include "frames.hpp"
#include "notice/page.hpp"

#include <catch2/catch.hpp>

using namespace machiai;
using namespace machiai::display;

namespace {

constexpr base::Instant since = base::instant_from_ms(1764034320000);

queue::NoticeView told(const std::string& title = "断水の お知らせ") {
  return {7,     "free",
          "ja",  {{"title", title}, {"body", "いま 水が 出ません。"}},
          since, since + std::chrono::minutes{30}};
}

notice::Notice content() {
  return {"free", "ja", {{"title", "断水の お知らせ"}, {"body", "いま 水が 出ません。"}}};
}

} // namespace

TEST_CASE("the notice on the wall has the very pixels of its preview") {
  const auto form = notice::find_form("free", {});
  REQUIRE(form);
  for (const Shape shape : {Shape::landscape, Shape::portrait})
    for (const double widen : {0.0, 1.0}) {
      Frame frame = fixture::frame_of(fixture::busy(1, 3), {.shape = shape});
      frame.motion.widen = widen;
      const QRectF zone = layout_of(shape, frame.board.face, widen, frame.board.several).film;
      REQUIRE_FALSE(zone.isEmpty());
      const QRect place = zone.toAlignedRect();
      Urgent urgent({});
      urgent.take(told());
      frame.film = urgent.picture(place.size());
      const QImage preview = notice::picture(*form, content(), place.size()).value();
      const QImage wall = fixture::painted(frame, shape).copy(place);
      // Within the round corners, which are the wall's own.
      const QRect inside = QRect(QPoint(), place.size()).adjusted(0, 21, 0, -21);
      CHECK(wall.copy(inside) == preview.copy(inside));
      Urgent other({});
      other.take(told("ほかの お知らせ"));
      frame.film = other.picture(place.size());
      CHECK(fixture::painted(frame, shape).copy(place).copy(inside) != preview.copy(inside));
    }
}

TEST_CASE("an urgent notice is in force from its event until its end or until it is cleared") {
  Urgent urgent({});
  CHECK_FALSE(urgent.in_force(since));
  urgent.take(told());
  CHECK(urgent.in_force(since));
  CHECK(urgent.in_force(since + std::chrono::minutes{30} - base::Millis{1}));
  CHECK_FALSE(urgent.in_force(since + std::chrono::minutes{30}));
  CHECK_FALSE(urgent.in_force(since - std::chrono::minutes{5}));
  urgent.take(std::nullopt);
  CHECK_FALSE(urgent.in_force(since));
}

TEST_CASE("what cannot be drawn is said in words") {
  Urgent urgent({});
  auto strange = told();
  strange.form = "of-another-machine";
  urgent.take(strange);
  CHECK(urgent.picture({1056, 594}).isNull());
  CHECK_FALSE(urgent.drawable());
  CHECK(urgent.in_words().text == "断水の お知らせ いま 水が 出ません。");
  urgent.take(told());
  CHECK_FALSE(urgent.picture({1056, 594}).isNull());
  CHECK(urgent.drawable());
}

TEST_CASE("a notice's airing is one that the station takes, and the films give way without a next turn") {
  Urgent urgent({});
  urgent.take(told());
  const Schedule schedule = given_way(urgent.turn());
  CHECK(schedule.now.scene());
  CHECK_FALSE(schedule.next);
  Airlog log;
  log.begin("01234567-89ab-4cde-8f01-23456789abcd", urgent.turn(), since);
  log.end("cleared", since + std::chrono::minutes{2});
  const auto records = log.due(5);
  REQUIRE(records.size() == 1);
  CHECK(programme::check_aired(records[0], since + std::chrono::minutes{2}));
  CHECK(records[0].item == "urgent-7");
  CHECK(records[0].kind == "notice");
  CHECK(records[0].reason == "cleared");
}
