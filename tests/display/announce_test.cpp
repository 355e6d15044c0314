// SPDX-License-Identifier: Apache-2.0
#include "display/announce.hpp"
#include "fixture.hpp"

using namespace machiai;
using namespace machiai::display;
using namespace machiai::sound;

TEST_CASE("the announcement is written so that it is read well") {
  CHECK(announcement("24", "診察室1") == "24番の、かた。診察室1へ、お入りください。");
  CHECK(announcement("0012", "しんさつしつ、に") == "12番の、かた。しんさつしつ、にへ、お入りください。");
  CHECK(spoken_number("S-3") == "エスの3");
  CHECK(spoken_number("W1-07") == "ダブリュー1の7");
  CHECK(spoken_number("v-8") == "ブイの8");
  CHECK(spoken_number("000") == "0");
}

TEST_CASE("a line break in a clinic's text cannot silence the rest of the sentence") {
  CHECK(announcement("24", "処置\n室") == "24番の、かた。処置 室へ、お入りください。");
  const std::string long_text = one_line(std::string(2000, 'a') + "あ");
  CHECK(long_text.size() <= 900);
}

TEST_CASE("the room is spoken by its reading, or by its name when there is none") {
  CHECK(spoken_room({"2診", "", "にしん"}) == "にしん");
  CHECK(spoken_room({"処置室", "", ""}) == "処置室");
}

TEST_CASE("a call is announced once") {
  const std::vector listed{fixture::call(12, "25", 5'000), fixture::call(11, "24", 1'000)};
  const auto fresh = fresh_calls(listed, Announced{}, 6'000);
  REQUIRE(fresh.size() == 2);
  CHECK(fresh[0].number == "24"); // oldest first
  CHECK(fresh_calls(listed, Announced{11, 1'000}, 6'000).size() == 1);
  CHECK(fresh_calls(listed, Announced{12, 5'000}, 6'000).empty());
}

TEST_CASE("after a restart nobody is called again for a call older than 30 s") {
  const std::vector listed{fixture::call(12, "25", 5'000)};
  CHECK(fresh_calls(listed, Announced{11, 1'000}, 35'000).size() == 1);
  CHECK(fresh_calls(listed, Announced{11, 1'000}, 35'001).empty());
}

TEST_CASE("an undone call does not make the one before it new") {
  CHECK(fresh_calls({fixture::call(11, "24", 1'000)}, Announced{12, 5'000}, 6'000).empty());
}

TEST_CASE("neither a new ledger nor a clock that stepped back silences the room") {
  CHECK(fresh_calls({fixture::call(2, "1", 9'000)}, Announced{500, 5'000}, 9'500).size() == 1);
  CHECK(fresh_calls({fixture::call(501, "9", 1'000)}, Announced{500, 5'000}, 1'500).size() == 1);
}
