// SPDX-License-Identifier: Apache-2.0
#include "printer/text.hpp"

#include <catch2/catch.hpp>

using namespace machiai::printer;

namespace {

const Fonts& fonts() {
  static const auto opened = Fonts::open({});
  REQUIRE(opened);
  return *opened;
}

constexpr Type type{Style::text, 28};

std::vector<std::u32string> lines(std::u32string_view text, int width, std::size_t most = 100) {
  return wrapped(fonts(), type, text, width, most);
}

std::u32string joined(const std::vector<std::u32string>& parts) {
  std::u32string all;
  for (const auto& part : parts) all += part;
  return all;
}

bool any_of(std::u32string_view set, char32_t c) {
  return set.find(c) != std::u32string_view::npos;
}

} // namespace

TEST_CASE("no line begins or ends with what kinsoku forbids, at any width") {
  const std::u32string text = U"お呼びしたときに（不在の場合は）、受付へ「お声がけ」ください。ショックやチェ"
                              U"ックー、キャッシュ。3人あとにお呼びします（2回まで）。";
  for (int width = 90; width <= 600; width += 7) {
    CAPTURE(width);
    const auto got = lines(text, width);
    CHECK(joined(got) == text);
    for (const auto& line : got) {
      CHECK_FALSE(any_of(U"、。）」ーッャュョィェァっ", line.front()));
      CHECK_FALSE(any_of(U"（「", line.back()));
      CHECK(text_width(fonts(), type, line) <= width);
    }
  }
}

TEST_CASE("a number stays with its counter") {
  const std::u32string text = U"ただいま24番の方をお呼びしています。あと13人です。";
  for (int width = 90; width <= 600; width += 5)
    for (const auto& line : lines(text, width)) {
      CHECK_FALSE(any_of(U"0123456789", line.back()));
      CHECK_FALSE(any_of(U"番人", line.front()));
    }
}

TEST_CASE("a phrase mark is preferred and not printed") {
  const auto got = lines(U"予約や検査のあとの\u200B方が先になることがあります。", 340);
  REQUIRE(got.size() >= 2);
  CHECK(got[0] == U"予約や検査のあとの");
  const auto spaced = lines(U"受付へ お声がけください", 250);
  REQUIRE(spaced.size() == 2);
  CHECK(spaced[0] == U"受付へ");
  CHECK(spaced[1] == U"お声がけください");
  CHECK(text_width(fonts(), type, U"あ\u200Bい") == text_width(fonts(), type, U"あい"));
}

TEST_CASE("a mark of a character's shape takes no place and leaves no box") {
  const Box plain = text_ink(fonts(), type, U"葛城");
  for (const char32_t* marked : {U"葛\U000E0100城", U"葛\uFE00城"}) {
    CHECK(text_width(fonts(), type, marked) == text_width(fonts(), type, U"葛城"));
    const Box ink = text_ink(fonts(), type, marked);
    CHECK((ink.left == plain.left && ink.right == plain.right));
  }
}

TEST_CASE("a forced line end is one") {
  const auto got = lines(U"一行目\n二行目", 500);
  REQUIRE(got.size() == 2);
  CHECK(got[1] == U"二行目");
}

TEST_CASE("the last allowed line is clipped with an ellipsis, and never too wide") {
  const std::u32string text(300, U'待');
  for (int width = 1; width < 400; width += 13) {
    const auto got = lines(text, width, 2);
    REQUIRE(got.size() <= 2);
    for (const auto& line : got) CHECK(text_width(fonts(), type, line) <= width);
    if (width > 60) CHECK(got.back().back() == U'…');
  }
}

TEST_CASE("broken UTF-8 becomes replacement characters and never reads past the end") {
  CHECK(characters("\xe3\x81") == U"\uFFFD");
  CHECK(characters("a\xffz") == U"a\uFFFDz");
  CHECK(characters("\xc0\xaf") == U"\uFFFD\uFFFD");   // overlong
  CHECK(characters("\xed\xa0\x80") == U"\uFFFD");     // surrogate
  CHECK(characters("\xf4\x90\x80\x80") == U"\uFFFD"); // above U+10FFFF
  CHECK(characters("診察\n1") == U"診察 1");          // a line feed is no text
  CHECK(characters(std::string(100'000, 'x'), 5) == U"xxxxx");
}
