// SPDX-License-Identifier: Apache-2.0
#include "display/board_model.hpp"
#include "display/texts.hpp"
#include "fixture.hpp"

#include <QFile>
#include <set>

using namespace machiai;
using namespace machiai::display;

namespace {

/// Words that some languages do without: the pattern around them already says it.
bool may_be_empty(std::string_view key) {
  return key == "from" || key == "connecting_2";
}

std::size_t places(const std::string& text) {
  std::size_t count = 0;
  for (auto at = text.find("{}"); at != std::string::npos; at = text.find("{}", at + 2)) ++count;
  return count;
}

} // namespace

TEST_CASE("no phrase of the board is missing in any of the seven languages") {
  CHECK(words_fields().size() * sizeof(std::string) == sizeof(Words)); // every field has its key
  for (const auto& [key, field] : words_fields())
    for (const Lang lang : all_langs) {
      const std::string& said = words(lang).*field;
      INFO(key << " " << code_of(lang));
      CHECK((may_be_empty(key) || !said.empty()));
      CHECK(said != key); // what the table gives for an unknown key
      CHECK(places(said) == places(words(Lang::ja).*field));
      // A phrase that fell back to English would be the same in all.
      if (lang == Lang::zh || lang == Lang::ko)
        CHECK((said != words(Lang::en).*field || places(said) > 0 || said.empty()));
    }
  for (const Lang lang : all_langs) {
    for (const std::string& text : standing_texts(lang)) CHECK_FALSE(text.starts_with("standing"));
    for (const char* reason :
         {"booking", "test", "hold", "returned", "urgent", "transfer", "skip", "walk_in_place", "other"})
      CHECK_FALSE(reason_tag(reason, lang).starts_with("tag."));
    CHECK(reason_tag("fever", lang) == reason_tag("other", lang));
  }
}

TEST_CASE("every entry of the table has all languages: nothing falls back to another one") {
  QFile file(":/board/phrases.json");
  (void)words(Lang::ja); // the table is loaded with the first word
  REQUIRE(file.open(QIODevice::ReadOnly));
  const auto table = boost::json::parse(file.readAll().toStdString()).as_object();
  CHECK(table.size() > words_fields().size());
  for (const auto& [key, entry] : table)
    for (const Lang lang : all_langs) {
      INFO(std::string(key) << " " << code_of(lang));
      CHECK(entry.as_object().contains(code_of(lang)));
    }
}

TEST_CASE("languages are a list of known ones, each once") {
  CHECK(parse_langs("ja") == std::vector{Lang::ja});
  CHECK(parse_langs("ja,en,vi") == std::vector{Lang::ja, Lang::en, Lang::vi});
  for (const char* wrong : {"", "ja,", "ja,ja", "jp", "ja, en", "ja,en,xx"}) CHECK_FALSE(parse_langs(wrong));
}

TEST_CASE("labels turn every ten seconds and Japanese has half of the time") {
  const std::vector langs{Lang::ja, Lang::en, Lang::zh};
  std::string turns;
  for (std::int64_t t = 0; t < 80'000; t += turn_ms)
    turns += std::string(code_of(label_lang(langs, t))) + " ";
  CHECK(turns == "ja en ja zh ja en ja zh ");
  CHECK(label_lang(langs, 9'999) == Lang::ja);
  CHECK(label_lang({Lang::ja}, 55'000) == Lang::ja);
  CHECK(head_lang({Lang::ja}, 0) == Lang::en);
  CHECK(head_lang(langs, 0) == Lang::en);
  CHECK(head_lang(langs, 10'000) == Lang::zh);
  std::set<Lang> seen;
  for (std::int64_t t = 0; t < 12'000; t += 1'000) seen.insert(caption_langs(langs, t).second);
  CHECK(seen == std::set{Lang::en, Lang::zh}); // within the stay of one call
}

TEST_CASE("whatever language the labels are in, a call is in the first one, large") {
  const auto loaded = fixture::board("board-landscape");
  Input input;
  input.view = &loaded.view;
  input.now = loaded.at;
  input.page_ms = 10'000;
  set_langs(input, {Lang::ja, Lang::ko});
  const Board board = make_board(input, false);
  CHECK(board.lang == Lang::ko);
  CHECK(board.next.label == "다음");
  CHECK(board.call.spine == "お呼出し");
  CHECK(board.call.below == "診察室1 へ");
  CHECK(board.call.small == "호출");
  CHECK(board.caption == Caption{"24ばんの ひと、1の へやへ", "24번 님: 진료실 1"});
}

TEST_CASE("an English board that is not up to date says at what time it was") {
  const auto loaded = fixture::board("board-landscape");
  Input input;
  input.view = &loaded.view;
  input.age_ms = 240'000;
  input.now = loaded.at + base::Millis{240'000};
  input.lang = Lang::en;
  const Board board = make_board(input, false);
  CHECK(board.call.below == "Number at 10:32");
  CHECK(board.call.as_of == "4 min ago");
  CHECK(board.band.cells == std::vector<Cell>{{"clockoff", "As of", "10:32", ""}});
}

TEST_CASE("times and calls are said as each language says them") {
  CHECK(said_time("14:30", Lang::ko) == SaidTime{"오후 ", "2:30"});
  CHECK(said_time("12:10", Lang::zh) == SaidTime{"下午 ", "12:10"});
  CHECK(said_time("14:30", Lang::vi) == SaidTime{"", "14:30"});
  CHECK(date_text("2026-11-24", Lang::pt) == "ter, 24/11");
  const queue::Label ward{"処置室", "Treatment", ""};
  CHECK(call_text("7", ward, Lang::easy) == "7ばんの ひと、処置室へ");
  CHECK(call_text("7", ward, Lang::vi) == "Số 7: mời vào Treatment");
  CHECK(call_text("7", {"診察室2", "Room 2", ""}, Lang::zh) == "请7号到2号诊室");
  CHECK(call_text("7", {"診察室2", "Room 2", ""}, Lang::en) == "No. 7: Room 2, please");
}

TEST_CASE("Easy Japanese counts as people say it, and reads a room's name from its reading") {
  CHECK(people_text(1, Lang::easy) == "ひとり");
  CHECK(people_text(3, Lang::easy) == "3にん");
  CHECK(minutes_text(30, 45, Lang::easy) == "30〜45ふん");
  CHECK(minutes_text(30, 40, Lang::easy) == "30〜40ぷん");
  CHECK(ago_text(12, Lang::easy) == "12ふん まえ");
  CHECK(date_text("2026-11-24", Lang::easy) == "11がつにじゅうよっか(か)");
  CHECK(label_text({"診察室1", "Room 1", "しんさつしつ、いち"}, Lang::easy) == "しんさつしつ1");
  CHECK(label_text({"予防接種", "Vaccination", "よぼうせっしゅ"}, Lang::easy) == "よぼうせっしゅ");
  CHECK(label_text({"予防接種", "", ""}, Lang::easy) == "予防接種");
}
