// SPDX-License-Identifier: Apache-2.0
#include "core/wire/link.hpp"

#include <boost/json.hpp>
#include <catch2/catch.hpp>

#include <random>

using namespace machiai;
using namespace machiai::wire;
namespace json = boost::json;

namespace {

const std::string hash(64, 'a');

EventLine line(std::uint64_t seq) {
  return {seq,
          seq,
          7,
          0x7fffffffffffffff,
          base::instant_from_ms(1795651200000),
          {20783},
          "taken",
          "kiosk",
          "kiosk-1",
          "k-1",
          R"({"ticket":null})",
          hash};
}

struct Sample {
  LinkEnd from;
  LinkFrame frame;
};

std::vector<Sample> one_of_each() {
  using numbering::Offer;
  const base::Instant at = base::instant_from_ms(1795651200000);
  const numbering::About about{"naika", {20783}};
  const numbering::About person{"naika", {20783}, "first", "A-1", "山田"};
  return {{LinkEnd::clinic, LinkHello{"minato", {1, 4, "n0nce", 120, 100, hash}}},
          {LinkEnd::clinic, LinkReady{5}},
          {LinkEnd::clinic, LinkEvents{{line(8), line(9)}}},
          {LinkEnd::clinic, LinkSays{about, numbering::Claim{4, 1}}},
          {LinkEnd::clinic, LinkSays{about, numbering::Reply{"k", {'W', 2}, 7, ""}}},
          {LinkEnd::clinic, LinkSays{about, numbering::Reply{"k", {}, 0, "refused_outside"}}},
          {LinkEnd::clinic, LinkWaits{{20783}, {{"naika", {10, 25}}}, {{"naika-20261126-W1.7", {0, 5}}}}},
          {LinkEnd::cloud, LinkWelcome{{5, 120}}},
          {LinkEnd::cloud, LinkWelcome{{5, 120}, at}},
          {LinkEnd::cloud, LinkTurned{"prove_record", 120}},
          {LinkEnd::cloud, LinkAck{121}},
          {LinkEnd::cloud, LinkCancel{"naika", {20783}, "k"}},
          {LinkEnd::cloud, LinkArrive{"naika", {20783}, "k"}},
          {LinkEnd::cloud, LinkDocument{"programme", 3, "{}"}},
          {LinkEnd::cloud, LinkSays{about, numbering::State{3, 2, 40, 5, true, false, true}}},
          {LinkEnd::cloud, LinkSays{about, numbering::Grant{4, 40, 2}}},
          {LinkEnd::cloud, LinkSays{person, numbering::Request{"k", at}}},
          {LinkEnd::cloud, LinkSays{person, numbering::Request{"k", at, 3}}},
          {LinkEnd::cloud, LinkSays{person, Offer{Offer::What::live, 2, "k", {}, 7, 7, "", at, 5}}},
          {LinkEnd::cloud, LinkSays{person, Offer{Offer::What::live, 2, "k", {'W', 2}, 7, 7, "", at}}},
          {LinkEnd::cloud, LinkSays{about, Offer{Offer::What::voided, 2, "", {}, 7, 9, "lost", at}}},
          {LinkEnd::cloud, LinkSays{about, Offer{Offer::What::refused, 2, "k", {}, 0, 0, "closed", at}}},
          {LinkEnd::clinic, LinkPing{3}},
          {LinkEnd::cloud, LinkPing{3}},
          {LinkEnd::cloud, LinkPong{3}},
          {LinkEnd::cloud, LinkPong{3, at}}};
}

std::string reason(const std::string& text, LinkEnd from) {
  const auto frame = link_from_json(text, from);
  return frame ? "" : frame.error().reason;
}

} // namespace

TEST_CASE("every frame comes out as it went in") {
  for (const Sample& sample : one_of_each()) {
    const std::string text = link_to_json(sample.frame);
    CAPTURE(text);
    const auto back = link_from_json(text, sample.from);
    if (!back) FAIL(back.error().reason << " " << back.error().detail);
    REQUIRE(back->index() == sample.frame.index());
    REQUIRE(link_to_json(*back) == text);
  }
}

TEST_CASE("a frame of the other end is not known") {
  for (const Sample& sample : one_of_each()) {
    if (std::holds_alternative<LinkPing>(sample.frame) || std::holds_alternative<LinkPong>(sample.frame))
      continue;
    const std::string text = link_to_json(sample.frame);
    CAPTURE(text);
    REQUIRE_FALSE(
        link_from_json(text, sample.from == LinkEnd::cloud ? LinkEnd::clinic : LinkEnd::cloud).has_value());
  }
  REQUIRE(reason(R"({"kind":"shutdown"})", LinkEnd::cloud) == "unknown_frame");
}

TEST_CASE("a frame that lacks a field, or has one of another kind, is refused with its name") {
  for (const Sample& sample : one_of_each()) {
    const json::object whole = json::parse(link_to_json(sample.frame)).as_object();
    for (const auto& member : whole) {
      // What is known of a patient may be little.
      if (member.key() == "visit" || member.key() == "card" || member.key() == "name") {
        if (std::holds_alternative<LinkSays>(sample.frame)) continue;
      }
      json::object without = whole;
      without.erase(member.key());
      json::object other = whole;
      other[member.key()] = json::array{1, 2};
      json::object huge = whole;
      huge[member.key()] = std::string(300'000, 'x');
      CAPTURE(json::serialize(whole), member.key());
      // An earlier cloud says nothing of kept places, nor what its clock says.
      const bool clock = member.key() == "at" && !std::holds_alternative<LinkEvents>(sample.frame);
      REQUIRE(link_from_json(json::serialize(without), sample.from).has_value() ==
              (clock || member.key() == "every"));
      REQUIRE_FALSE(link_from_json(json::serialize(other), sample.from).has_value());
      REQUIRE_FALSE(link_from_json(json::serialize(huge), sample.from).has_value());
    }
  }
}

TEST_CASE("control characters, wild numbers, gaps and crowds are refused") {
  const auto says = [](const std::string& card) {
    return R"({"kind":"booking","say":"request","service":"naika","date":"2026-11-26","key":"k","accepted":1,)"
           R"("card":)" +
           card + "}";
  };
  REQUIRE(reason(says(R"("A-1")"), LinkEnd::cloud) == "");
  REQUIRE(reason(says(R"("A\u0000")"), LinkEnd::cloud) == "bad_frame");
  REQUIRE(reason(says(R"("\u202eA")"), LinkEnd::cloud) == "bad_frame");
  REQUIRE(reason(says("7"), LinkEnd::cloud) == "bad_frame");
  for (const char* seq : {"-1", "1.5", "1e3", "9007199254740993", "99999999999999999999", "\"1\"", "null"}) {
    CAPTURE(seq);
    REQUIRE(reason(R"({"kind":"ack","seq":)" + std::string(seq) + "}", LinkEnd::cloud) == "bad_frame");
  }
  REQUIRE_FALSE(link_from_json(link_to_json(LinkEvents{{line(8), line(10)}}), LinkEnd::clinic).has_value());
  LinkEvents crowd;
  for (std::uint64_t seq = 1; seq <= most_link_events + 1; ++seq) crowd.events.push_back(line(seq));
  REQUIRE_FALSE(link_from_json(link_to_json(crowd), LinkEnd::clinic).has_value());
  crowd.events.pop_back();
  REQUIRE(link_from_json(link_to_json(crowd), LinkEnd::clinic).has_value());
  REQUIRE(reason(link_to_json(LinkWaits{{20783}, {{"naika", {25, 10}}}, {}}), LinkEnd::clinic) ==
          "bad_frame");
  REQUIRE(reason(link_to_json(LinkWaits{{20783}, {{"naika", {-5, 10}}}, {}}), LinkEnd::clinic) ==
          "bad_frame");
  REQUIRE(reason(std::string(largest_link_frame + 1, ' '), LinkEnd::cloud) == "frame_too_large");
  REQUIRE(reason(std::string(100, '[') + std::string(100, ']'), LinkEnd::cloud) == "bad_frame");
}

TEST_CASE("no garbage is taken for a frame, and none hurts") {
  std::mt19937 random(20261126);
  const auto samples = one_of_each();
  int taken = 0;
  for (int i = 0; i < 20'000; ++i) {
    std::string text = link_to_json(samples[random() % samples.size()].frame);
    for (std::uint32_t hits = 1 + random() % 4; hits > 0; --hits) {
      const std::size_t at = random() % text.size();
      switch (random() % 4) {
      case 0: text[at] = static_cast<char>(random()); break;
      case 1: text.erase(at, 1 + random() % 8); break;
      case 2: text.insert(at, 1 + random() % 3, static_cast<char>(random() % 128)); break;
      default: text.resize(at);
      }
      if (text.empty()) text = " ";
    }
    const LinkEnd from = random() % 2 == 0 ? LinkEnd::cloud : LinkEnd::clinic;
    const auto frame = link_from_json(text, from);
    if (!frame) continue;
    ++taken;
    // What was taken is a frame: it goes the way again.
    REQUIRE(link_from_json(link_to_json(*frame), from).has_value());
  }
  REQUIRE(taken < 10'000);
}
