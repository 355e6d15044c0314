// SPDX-License-Identifier: Apache-2.0
#include "core/queue/decide.hpp"
#include "core/wire/notices.hpp"
#include "display/board_model.hpp"
#include "fixture.hpp"

using namespace machiai;
using namespace machiai::display;

namespace {

Board board_of(const fixture::Loaded& loaded, std::int64_t age_ms = 0, Lang lang = Lang::ja,
               bool apart = false, std::int64_t page_ms = 0) {
  Input input;
  input.view = &loaded.view;
  input.age_ms = age_ms;
  input.now = loaded.at + base::Millis{age_ms};
  input.lang = lang;
  input.page_ms = page_ms;
  return make_board(input, apart);
}

} // namespace

TEST_CASE("what is shown is live for 30 s, late for 2 min, stale for 30 min, then gone") {
  CHECK(age_class(0) == Age::live);
  CHECK(age_class(29'999) == Age::live);
  CHECK(age_class(30'000) == Age::late);
  CHECK(age_class(119'999) == Age::late);
  CHECK(age_class(120'000) == Age::stale);
  CHECK(age_class(1'799'999) == Age::stale);
  CHECK(age_class(1'800'000) == Age::gone);
  CHECK(age_class(-1) == Age::stale);
}

TEST_CASE("the board of a running morning shows call, rooms, next, absentee, people, wait and clock") {
  const Board board = board_of(fixture::board("board-landscape"));
  CHECK(board.face == Face::calling);
  CHECK(board.call.number == "24");
  CHECK(board.call.below == "診察室1 へ");
  CHECK(board.call.as_of == "10:32 現在");
  CHECK(board.call.refreshed);
  REQUIRE(board.rooms.rows.size() == 3);
  CHECK(board.rooms.rows[0] == RoomRow{"診察室1", "24", true});
  CHECK(board.rooms.rows[1] == RoomRow{"診察室2", "21", false});
  REQUIRE(board.next.stones.size() == 4);
  CHECK(board.next.stones[1] == Stone{"26", "予約", true});
  CHECK(board.next.stones[3] == Stone{"22", "検査後", false});
  CHECK(board.next.absent == std::vector<Stone>{{"20", "受付へ", false}});
  CHECK(board.band.cells ==
        std::vector<Cell>{{"people", "お待ち", "11人", ""}, {"hourglass", "待ち時間", "30〜45分", ""}});
  CHECK(board.band.right.value == "10:32");
  CHECK(board.caption == Caption{"24ばんの ひと、1の へやへ", "No. 24: Room 1, please"});
}

TEST_CASE("beside films each absentee has a turn, and is told where to go") {
  fixture::Loaded loaded = fixture::board("board-landscape");
  queue::BoardView& view = loaded.view;
  const auto shown = [&](std::int64_t page_ms) {
    Input input;
    input.view = &view;
    input.now = loaded.at;
    input.page_ms = page_ms;
    return make_board(input, false);
  };
  CHECK(shown(0).next.absent == std::vector<Stone>{{"20", "受付へ", false}});
  CHECK(shown(8'000).next.absent == std::vector<Stone>{{"17", "受付へ", false}});
  CHECK(shown(16'000).next.absent == shown(0).next.absent);
  CHECK(shown(0).next.pages == 2);
  CHECK(turned(shown(0), shown(8'000)));
  // Places that no number waits for are theirs.
  view.next.resize(3);
  CHECK(shown(8'000).next.absent == std::vector<Stone>{{"20", "受付へ", false}, {"17", "受付へ", false}});
  CHECK(shown(0).next.pages == 1);
}

TEST_CASE("beside films also those absentees are told whom no number stands for") {
  fixture::Loaded loaded = fixture::board("board-landscape");
  queue::BoardView& view = loaded.view;
  view.absent = {{"20", "", ""}, {"17", "", ""}, {"16", "", ""}, {"15", "", ""}, {"12", "", ""}};
  view.services.resize(1);
  view.services.front().absent = 7;
  const auto shown = [&](std::int64_t page_ms, Lang lang) {
    Input input;
    input.view = &view;
    input.now = loaded.at;
    input.page_ms = page_ms;
    set_langs(input, {lang});
    return make_board(input, false).next;
  };
  CHECK(shown(0, Lang::ja).pages == 6);
  CHECK(shown(32'000, Lang::ja).absent == std::vector<Stone>{{"12", "受付へ", false}});
  CHECK(shown(40'000, Lang::ja).absent == std::vector<Stone>{{"ほか\n2人", "受付へ", false}});
  CHECK(shown(40'000, Lang::easy).absent == std::vector<Stone>{{"ほか\nふたり", "うけつけ", false}});
  CHECK(shown(40'000, Lang::en).absent == std::vector<Stone>{{"2\nmore", "Desk", false}});
  view.services.front().absent = 5;
  CHECK(shown(0, Lang::ja).pages == 5);
}

TEST_CASE("without a film zone absentees have their own place and five stones are shown") {
  const Board board = board_of(fixture::board("board-landscape"), 0, Lang::ja, true);
  CHECK(board.next.stones.size() == 5);
  CHECK(board.next.absent.empty());
  CHECK(board.absent.numbers == std::vector<std::string>{"20", "17"});
  CHECK(board.absent.count == "不在 2人");
  REQUIRE(board.previous.calls.size() == 2);
  CHECK(board.previous.calls[0] == Previous{"23", "診察室1", "10:27"});
}

TEST_CASE("a view that grows old says so, then loses wait and next, then every number") {
  const auto loaded = fixture::board("board-landscape");
  const Board late = board_of(loaded, 45'000);
  CHECK(late.face == Face::calling);
  CHECK(late.call.late);
  CHECK(late.call.as_of == "更新が おくれています");

  const Board stale = board_of(loaded, 14 * 60'000);
  CHECK(stale.face == Face::stale);
  CHECK(stale.call.number == "24");
  CHECK(stale.call.below == "10:32 の番号");
  CHECK(stale.call.as_of == "14分前");
  CHECK(stale.rooms.stale);
  CHECK_FALSE(stale.rooms.rows[0].called);
  CHECK(stale.band.cells == std::vector<Cell>{{"clockoff", "", "10:32", " の表示です"}});
  CHECK(stale.band.right.value == "10:46");

  const Board gone = board_of(loaded, 31 * 60'000);
  CHECK(gone.face == Face::gone);
  CHECK(gone.call.number.empty());
  CHECK(gone.call.lines == std::vector<SaidTime>{{"受付の声で", ""}, {"お呼びします", ""}});
}

TEST_CASE("closed tells the next opening, or that the day is over") {
  const Board noon = board_of(fixture::board("board-closed"));
  CHECK(noon.face == Face::closed);
  CHECK(noon.call.lines == std::vector<SaidTime>{{"つぎの受付", ""}, {"午後 ", "2:30"}});
  CHECK(noon.call.below == "から");
  CHECK(noon.band.cells == std::vector<Cell>{{"calendar", "11月25日(火)", "", ""}});
  const Board evening = board_of(fixture::board("board-closed-day"));
  CHECK(evening.call.lines == std::vector<SaidTime>{{"本日の受付は", ""}, {"終わりました", ""}});
}

TEST_CASE("closed by hand inside its hours is a pause, and not the end of the day") {
  auto loaded = fixture::board("board-closed");
  queue::ServiceView service;
  service.state = "closed";
  service.closes_at = "12:00";
  for (const char* opens_at : {"", "14:30"}) {
    service.opens_at = opens_at;
    loaded.view.opens_at = opens_at;
    loaded.view.services = {service};
    const Board board = board_of(loaded);
    CHECK(board.call.spine == "受付休止中");
    CHECK(board.call.small == "Paused");
    CHECK(board.call.lines == std::vector<SaidTime>{{"いまは 受付を", ""}, {"お休みしています", ""}});
    CHECK(board.call.below == "受付へ どうぞ");
  }
}

TEST_CASE("counters are closed but patients are still here: the board goes on calling") {
  auto loaded = fixture::board("board-landscape");
  loaded.view.state = "closed";
  CHECK(board_of(loaded).face == Face::calling);
  loaded.view.waiting = 0;
  CHECK(board_of(loaded).face == Face::calling); // somebody is in a room
}

TEST_CASE("before the first call the board says when it begins") {
  auto loaded = fixture::board("board-before");
  const Board soon = board_of(loaded);
  CHECK(soon.face == Face::before);
  CHECK(soon.call.lines == std::vector<SaidTime>{{"まもなく", ""}, {"はじまります", ""}, {"", "9:00"}});
  CHECK(soon.band.cells[1].value == "計算中");
  loaded.view.opens_at = "14:30"; // hours away is not soon
  CHECK(board_of(loaded).call.lines == std::vector<SaidTime>{{"つぎの受付", ""}, {"午後 ", "2:30"}});
  loaded.view.state = "open";
  CHECK(board_of(loaded).call.lines == std::vector<SaidTime>{{"まもなく", ""}, {"お呼びします", ""}});
}

TEST_CASE("an opening of another date is told with its date, and is never soon") {
  auto loaded = fixture::board("board-before"); // Tuesday, 8:48
  queue::ServiceView service;
  service.state = "before";
  service.opens_at = loaded.view.opens_at = "8:30";
  service.opens_on = "2025-11-26";
  loaded.view.services = {service};
  loaded.view.waiting = 0;
  const std::vector<SaidTime> tomorrow{{"つぎの受付", ""}, {"11月26日(水)", ""}, {"午前 ", "8:30"}};
  for (const int minutes : {-120, 0, 8 * 60}) {
    fixture::Loaded then = loaded;
    then.at += std::chrono::minutes{minutes};
    const Board board = board_of(then);
    CHECK(board.call.lines == tomorrow);
    CHECK(board.call.below == "から");
    CHECK(board.call.small == "Next opening");
    CHECK(board.band.cells == std::vector<Cell>{{"calendar", "11月25日(火)", "", ""}});
  }
  // After the last session as well.
  loaded.view.state = loaded.view.services[0].state = "closed";
  CHECK(board_of(loaded).call.lines == tomorrow);
  CHECK(board_of(loaded).call.small == "Closed");
  CHECK(board_of(loaded, 0, Lang::en).call.lines[1].before == "Wed 26 Nov");
  // Of several the one that opens first, whatever the clock says.
  loaded.view.services.push_back(service);
  loaded.view.services[1].opens_at = "14:30";
  loaded.view.services[1].opens_on.clear();
  CHECK(board_of(loaded).call.lines == std::vector<SaidTime>{{"つぎの受付", ""}, {"午後 ", "2:30"}});
  loaded.view.services[1].opens_on = "2025-11-25"; // today
  CHECK(board_of(loaded).call.lines == std::vector<SaidTime>{{"つぎの受付", ""}, {"午後 ", "2:30"}});
}

TEST_CASE("open and nobody waits: nobody is told to be called soon, and no wait is being reckoned") {
  auto loaded = fixture::board("board-before");
  loaded.view.state = "open";
  loaded.view.opens_at.clear();
  loaded.view.waiting = 0;
  loaded.view.next.clear();
  queue::ServiceView service;
  service.state = "open";
  loaded.view.services = {service};
  const Board one = board_of(loaded);
  CHECK(one.call.spine == "受付中");
  CHECK(one.call.small == "Open");
  CHECK(one.call.lines == std::vector<SaidTime>{{"ただいま", ""}, {"受付しています", ""}});
  CHECK(one.band.cells == std::vector<Cell>{{"people", "お待ち", "0人", ""}});
  loaded.view.services.push_back(service);
  loaded.view.services[1].waiting = loaded.view.waiting = 1;
  const Board two = board_of(loaded);
  CHECK(two.call.lines == std::vector<SaidTime>{{"まもなく", ""}, {"お呼びします", ""}});
  CHECK(two.band.rows[0].value.empty());
  CHECK(two.band.rows[1].value == "計算中");
  // Open, but no number is left: that is told instead.
  loaded.view.services.resize(1);
  loaded.view.waiting = 0;
  loaded.view.services[0].full = true;
  CHECK(board_of(loaded).call.lines == std::vector<SaidTime>{{"本日分 終了", ""}});
}

TEST_CASE("an opening that has passed is not told as one to come") {
  auto loaded = fixture::board("board-before");
  loaded.at += std::chrono::minutes{20}; // 9:08
  CHECK(board_of(loaded).call.lines == std::vector<SaidTime>{{"まもなく", ""}, {"はじまります", ""}});
  Input input;
  input.view = &loaded.view; // and without a clock nothing is soon
  CHECK(make_board(input, false).call.lines == std::vector<SaidTime>{{"つぎの受付", ""}, {"午前 ", "9:00"}});
}

TEST_CASE("a display that never heard anything says that it is connecting, and names no number") {
  const Board board = make_board(Input{}, false);
  CHECK(board.face == Face::connecting);
  CHECK(board.call.number.empty());
  CHECK(board.rooms.rows.empty());
  CHECK(board.band.right.value.empty());
}

TEST_CASE("the call on stage is shown though a newer one is listed; one that is gone gives way") {
  const auto loaded = fixture::board("board-landscape");
  CHECK(shown_call(loaded.view, 405)->number == "23");
  CHECK(shown_call(loaded.view, 999)->number == "24");
  CHECK(shown_call(queue::BoardView{}, 1) == nullptr);
}

TEST_CASE("more than four rooms turn in pages of three, a called room comes at once") {
  auto loaded = fixture::board("board-landscape");
  loaded.view.rooms.clear();
  for (int i = 1; i <= 7; ++i)
    loaded.view.rooms.push_back({std::to_string(i), {"診察室" + std::to_string(i), "", ""}, "", ""});
  const auto first = [&](std::int64_t page_ms) {
    return board_of(loaded, 0, Lang::ja, false, page_ms).rooms.rows.at(0).name;
  };
  CHECK(board_of(loaded).rooms.rows.size() == 3);
  CHECK(first(0) == "診察室1");
  CHECK(first(8'000) == "診察室4");
  CHECK(first(16'000) == "診察室7");
  CHECK(first(24'000) == "診察室1");
  loaded.view.rooms[6].state = "called";
  CHECK(first(0) == "診察室7");
}

TEST_CASE("notices turn every 12 s; without any the standing texts are shown") {
  auto loaded = fixture::board("board-landscape");
  const auto page = [&](std::int64_t ms) { return board_of(loaded, 0, Lang::ja, false, ms).notice; };
  CHECK(page(0).text == loaded.view.messages[0].text);
  CHECK(page(11'999).text == loaded.view.messages[0].text);
  CHECK(page(12'000).text == loaded.view.messages[1].text);
  CHECK(page(36'000).text == loaded.view.messages[0].text);
  CHECK(page(0).pages == 3);
  loaded.view.messages.clear();
  CHECK(page(0).text == standing_texts(Lang::ja)[0]);
}

TEST_CASE("a long notice becomes several pages and loses nothing") {
  const auto loaded = fixture::board("board-long");
  const auto pages = notice_pages(loaded.view.messages[0].text);
  REQUIRE(pages.size() >= 2);
  std::string joined;
  for (const auto& page : pages) joined += page;
  CHECK(joined == loaded.view.messages[0].text);
  // Where a sentence ends is the better place, unless the page were half empty.
  CHECK(pages[0].ends_with("。"));
  CHECK(notice_pages("短い お知らせ") == std::vector<std::string>{"短い お知らせ"});
  CHECK(notice_pages("一行目\n二行目") == std::vector<std::string>{"一行目\n二行目"});
}

TEST_CASE("a temporary message is one page in every language: half of the sentence says nothing") {
  std::vector<std::string> patterns{"phones_rest", "phones_ended"};
  for (const std::string_view pattern : queue::message_patterns)
    if (pattern != "free") patterns.emplace_back(pattern);
  for (const std::string& pattern : patterns)
    for (const int minutes : {0, 30, 120})
      for (const char* lang : {"ja", "easy", "en", "zh", "ko", "vi", "pt"}) {
        CAPTURE(pattern, minutes, lang);
        CHECK(notice_pages(wire::notice_words({0, pattern, "", minutes, ""}, lang)).size() == 1);
      }
}

TEST_CASE("numbers keep their size up to two glyphs and shrink with their length") {
  CHECK(fit_number(2, 330, 604).px == 330);
  CHECK(fit_number(3, 330, 604).px == Approx(264.9).margin(.1));
  CHECK_FALSE(fit_number(3, 330, 604).mono);
  CHECK(fit_number(4, 330, 604).px == Approx(302));
  CHECK(fit_number(5, 330, 604).px >= 240);
  CHECK(fit_number(4, 330, 604).mono);
}

TEST_CASE("times are said as in a sentence, dates with their weekday") {
  CHECK(said_time("14:30", Lang::ja) == SaidTime{"午後 ", "2:30"});
  CHECK(said_time("9:00", Lang::ja) == SaidTime{"午前 ", "9:00"});
  CHECK(said_time("12:15", Lang::ja) == SaidTime{"午後 ", "0:15"});
  CHECK(said_time("14:30", Lang::en) == SaidTime{"", "2:30 pm"});
  CHECK(date_text("2026-11-24", Lang::ja) == "11月24日(火)");
  CHECK(date_text("2026-11-24", Lang::en) == "Tue 24 Nov");
  CHECK(date_text("", Lang::ja).empty());
}

TEST_CASE("reasons on the wall are the public ones; an unknown one tells nothing about a patient") {
  CHECK(reason_tag("booking", Lang::ja) == "予約");
  CHECK(reason_tag("test", Lang::ja) == "検査後");
  CHECK(reason_tag("urgent", Lang::ja) == "お先に");
  CHECK(reason_tag("walk_in_place", Lang::ja) == "来院");
  CHECK(reason_tag("fever", Lang::ja) == "お先に");
  CHECK(reason_tag("", Lang::ja).empty());
}

TEST_CASE("an English board uses English names where the clinic gave them") {
  const Board board = board_of(fixture::board("board-landscape"), 0, Lang::en);
  CHECK(board.call.below == "Room 1");
  CHECK(board.band.cells[1].value == "30–45 min");
  CHECK(board.rooms.rows[2].name == "Vaccination");
}
