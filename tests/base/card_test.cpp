// SPDX-License-Identifier: Apache-2.0
#include "core/base/card.hpp"

#include <catch2/catch.hpp>

using machiai::base::card_key;
using machiai::base::same_card;

TEST_CASE("a card is one card however its number is typed") {
  REQUIRE(card_key("12734") == "12734");
  REQUIRE(card_key("0012734") == "12734");
  REQUIRE(card_key("００１２７３４") == "12734");
  REQUIRE(card_key(" 12 734　") == "12734");
  REQUIRE(card_key("a-12") == "A-12");
  REQUIRE(card_key("Ａ－１２") == "A-12");
  REQUIRE(card_key("ａー12") == "A-12");
  REQUIRE(same_card("007", "7"));
}

TEST_CASE("every sign that tells two cards apart counts") {
  REQUIRE_FALSE(same_card("1207", "127"));
  REQUIRE_FALSE(same_card("70", "7"));
  REQUIRE_FALSE(same_card("A012", "A12"));
  REQUIRE_FALSE(same_card("1-2", "12"));
  REQUIRE_FALSE(same_card("0", ""));
  REQUIRE(card_key("000") == "0");
  REQUIRE(card_key("　 ").empty());
  REQUIRE(card_key("やまだ") == "やまだ");
  REQUIRE(card_key("\xef\xbc") == "\xef\xbc"); // cut short: left as it is
}
