// SPDX-License-Identifier: Apache-2.0
#include "cloud/wakeup.hpp"

#include <catch2/catch.hpp>

using namespace machiai::cloud;

TEST_CASE(
    "what changed of three thousand facilities fits into a few notices, each within what PostgreSQL takes") {
  std::set<int> facilities;
  for (int each = 30'000; each > 27'000; --each) facilities.insert(each);
  for (const Changed what : {Changed::facility, Changed::events, Changed::shelf}) {
    std::set<int> heard;
    const auto texts = wake_up_texts(facilities, what);
    CHECK(texts.size() <= 3);
    for (const std::string& text : texts) {
      CHECK(text.size() < 8'000);
      for (const WakeUp& each : wake_ups(text)) {
        CHECK(each.what == what);
        heard.insert(each.facility);
      }
    }
    CHECK(heard == facilities);
  }
  CHECK(wake_up_texts({}, Changed::facility).empty());
}

TEST_CASE("a notice in another version's words wakes whom it names otherwise") {
  const auto heard = wake_ups("7,x,8!,,9m,~");
  REQUIRE(heard.size() == 2);
  CHECK(heard[0].facility == 7);
  CHECK(heard[0].what == Changed::facility);
  CHECK(heard[1].facility == 9);
  CHECK(heard[1].what == Changed::shelf);
  CHECK(wake_ups("").empty());
  CHECK(wake_ups("profiles").empty());
}
