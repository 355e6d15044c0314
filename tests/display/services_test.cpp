// SPDX-License-Identifier: Apache-2.0
#include "display/board_model.hpp"
#include "display/services.hpp"
#include "display/turning.hpp"
#include "fixture.hpp"

using namespace machiai;
using namespace machiai::display;

namespace {

queue::ServiceView service(const std::string& state, const std::string& opens_at = "",
                           const std::string& closes_at = "") {
  queue::ServiceView view;
  view.id = "naika";
  view.name = {"内科", "Internal medicine", "ないか"};
  view.state = state;
  view.opens_at = opens_at;
  view.closes_at = closes_at;
  return view;
}

Board board_of(const queue::BoardView& view, base::Instant at, std::int64_t page_ms = 0,
               std::uint64_t on_stage = 0) {
  Input input;
  input.view = &view;
  input.now = at;
  input.page_ms = page_ms;
  input.on_stage = on_stage;
  return make_board(input, false);
}

std::string names(const Band& band) {
  std::string all;
  for (const auto& row : band.rows) all += row.name + " ";
  return all;
}

} // namespace

TEST_CASE("a service tells its range, or why it gives no number and when it will") {
  auto open = service("open", "", "12:00");
  open.waiting = 11;
  CHECK(service_row(open, Lang::ja) == ServiceRow{"内科", "11人", "計算中", true});
  open.waiting = 0; // nothing is reckoned for nobody
  CHECK(service_row(open, Lang::ja) == ServiceRow{"内科", "0人", "", true});
  open.waiting = 11;
  open.wait = queue::WaitRange{30, 45};
  CHECK(service_row(open, Lang::en) == ServiceRow{"Internal medicine", "11", "30–45 min", true});
  open.full = true;
  CHECK(service_row(open, Lang::ja) == ServiceRow{"内科", "11人", "本日分 終了", false});
  CHECK(service_value(service("before", "9:00"), Lang::ja) == "午前 9:00から");
  CHECK(service_value(service("before"), Lang::ja) == "受付前");
  CHECK(service_value(service("closed", "14:30"), Lang::ja) == "午後 2:30から");
  CHECK(service_value(service("closed"), Lang::ja) == "受付終了");
  // Closed inside its hours: a pause by hand, and nobody knows when it ends.
  CHECK(service_value(service("closed", "14:30", "12:00"), Lang::ja) == "受付休止中");
  auto tomorrow = service("closed", "9:00");
  tomorrow.opens_on = "2026-11-25";
  CHECK(service_value(tomorrow, Lang::ja) == "11月25日(水) 9:00から");
  CHECK(service_row(service("before", "9:00"), Lang::ja).people.empty());
  // As the kiosk names it.
  CHECK(service_row(open, Lang::vi).name == "Nội khoa");
  CHECK(service_row(open, Lang::easy).name == "ないか");
}

TEST_CASE("services turn in pages of two every eight seconds; a call brings its own page at once") {
  const auto loaded = fixture::board("board-six");
  CHECK(names(board_of(loaded.view, loaded.at).band) == "内科 小児科 ");
  CHECK(names(board_of(loaded.view, loaded.at, 8'000).band) == "予防接種 検査・レントゲン ");
  CHECK(names(board_of(loaded.view, loaded.at, 16'000).band) == "リハビリ 皮膚科 ");
  CHECK(names(board_of(loaded.view, loaded.at, 24'000).band) == "内科 小児科 ");
  // 24 belongs to the first page; while it is on stage no other page is shown.
  CHECK(names(board_of(loaded.view, loaded.at, 16'000, 412).band) == "内科 小児科 ");
  CHECK(board_of(loaded.view, loaded.at, 16'000).band.pages == 3);
}

TEST_CASE("one service keeps the plain band, and tells there when it takes no more") {
  auto loaded = fixture::board("board-six");
  loaded.view.services.resize(1);
  CHECK_FALSE(board_of(loaded.view, loaded.at).several);
  CHECK(board_of(loaded.view, loaded.at).band.cells[1].value == "30〜45分");
  loaded.view.services[0].full = true;
  CHECK(board_of(loaded.view, loaded.at).band.cells[1].value == "本日分 終了");
}

TEST_CASE("the first K stones are near, by the view's own count, and the label says what that means") {
  auto loaded = fixture::board("board-landscape");
  const NextZone zone = board_of(loaded.view, loaded.at).next;
  CHECK(zone.near == "もうすぐ");
  CHECK(zone.stones[2].near);
  CHECK_FALSE(zone.stones[3].near);
  loaded.view.near = 0;
  CHECK(board_of(loaded.view, loaded.at).next.near.empty());
}

TEST_CASE("a monitor for chosen services shows theirs alone, and sums only theirs") {
  const auto loaded = fixture::board("board-six");
  const auto view = chosen(loaded.view, {{"childcare", "vaccine"}, {}});
  CHECK(view.services.size() == 2);
  CHECK(view.waiting == 7);
  REQUIRE(view.wait);
  CHECK(view.wait->low == 10);
  CHECK(view.calls.empty()); // all three calls were of 内科
  CHECK(view.next.empty());
  CHECK(view.near == 0);
  CHECK(view.state == "open");
  CHECK(view.messages == loaded.view.messages);
  const auto closed = chosen(loaded.view, {{"rehab"}, {}});
  CHECK(closed.state == "before");
  CHECK(closed.opens_at == "14:30");
  const auto all = chosen(loaded.view, {});
  CHECK(all.calls.size() == loaded.view.calls.size());
}

TEST_CASE("a monitor before one room's door shows that room and its calls") {
  const auto loaded = fixture::board("board-six");
  const auto view = chosen(loaded.view, {{}, {"r2"}});
  REQUIRE(view.rooms.size() == 1);
  CHECK(view.rooms[0].id == "r2");
  REQUIRE(view.calls.size() == 1);
  CHECK(view.calls[0].number == "21");
  CHECK(view.services.size() == 6);
}

TEST_CASE("closed for now: the band tells in turn when each service opens again") {
  auto loaded = fixture::board("board-closed");
  loaded.view.services = {service("closed", "14:30"), service("closed", "15:00")};
  loaded.view.services[1].name = {"小児科", "Paediatrics", ""};
  CHECK(board_of(loaded.view, loaded.at).band.cells[0].label == "11月25日(火)");
  const Cell third = board_of(loaded.view, loaded.at, 16'000).band.cells[0];
  CHECK(third.label == "小児科");
  CHECK(third.value == "午後 3:00から");
}

TEST_CASE("a page or a language that turns is faded, a call is not a turn") {
  const auto loaded = fixture::board("board-six");
  const Board first = board_of(loaded.view, loaded.at);
  CHECK(turned(first, board_of(loaded.view, loaded.at, 8'000)));
  CHECK_FALSE(turned(first, board_of(loaded.view, loaded.at, 100)));
  CHECK_FALSE(turned(first, board_of(fixture::board("board-closed").view, loaded.at)));
}

TEST_CASE("a page comes in over 600 ms; a call that comes meanwhile is there at once, whole") {
  auto loaded = fixture::board("board-six");
  Turning turning;
  turning.show(board_of(loaded.view, loaded.at), true, 7'900);
  CHECK(turning.fade(7'900) == 1);
  turning.show(board_of(loaded.view, loaded.at, 8'000), false, 8'000);
  CHECK(turning.fade(8'000) == 0);
  CHECK(turning.fade(8'300) == Approx(.5));
  CHECK(turning.leaving().band.rows[0].name == "内科");
  loaded.view.calls.insert(loaded.view.calls.begin(), fixture::call(420, "25", base::to_ms(loaded.at)));
  turning.show(board_of(loaded.view, loaded.at, 8'300, 420), true, 8'300);
  CHECK(turning.fade(8'300) == 1);
}
