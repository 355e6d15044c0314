// SPDX-License-Identifier: Apache-2.0
// Whoever reads of a trouble also reads what to do about it.
#include "core/wire/messages.hpp"
#include "core/wire/phrases.hpp"

#include <catch2/catch.hpp>

#include <regex>
#include <set>
#include <utility>

using namespace machiai;

namespace {

/// A request, as Japanese words end with one.
bool asks_ja(const std::string& words) {
  return words.find("ください") != std::string::npos;
}

/// A sentence, or a part behind a semicolon, a comma or an "and", that begins with what to do.
bool asks_en(const std::string& words) {
  static const std::regex order(
      "(^|[.;:,] |and )(please )?"
      "(check|call|close|have|put|switch|look|install|use|wait|free|enrol|reprint|stop|open)\\b",
      std::regex::icase);
  return std::regex_search(words, order);
}

} // namespace

TEST_CASE("a reason has one meaning: its words stand once") {
  std::set<std::string_view> seen;
  for (const auto phrases :
       {wire::clinic_phrases(), wire::station_phrases(), wire::film_phrases(), wire::cloud_phrases()}) {
    std::string_view before;
    for (const wire::Phrase& each : phrases) {
      INFO(each.reason);
      CHECK(seen.insert(each.reason).second);
      CHECK(std::exchange(before, each.reason) < each.reason); // sorted: a newcomer finds the place
    }
  }
  CHECK(wire::message("outside_hours", "ja") == "いまは サービスの時間外です。");
}

TEST_CASE("the words of every trouble say what to do, in both languages") {
  const std::string unknown_ja = wire::message("no_such_reason", "ja");
  for (const std::string_view reason : wire::trouble_reasons()) {
    INFO(reason);
    CHECK(wire::message(reason, "ja") != unknown_ja);
    CHECK(asks_ja(wire::message(reason, "ja")));
    CHECK(asks_en(wire::message(reason, "en")));
  }
}

TEST_CASE("words that tell a state alone are found to say nothing of what to do") {
  CHECK_FALSE(asks_ja("用紙が つまっています。"));
  for (const char* words : {"Paper is jammed in the printer.", "The printer's door is open.",
                            "The printer is off or not connected.", "The printer is out of paper."})
    CHECK_FALSE(asks_en(words));
}

TEST_CASE("a trouble is listed once") {
  const auto reasons = wire::trouble_reasons();
  CHECK(std::set(reasons.begin(), reasons.end()).size() == reasons.size());
}
