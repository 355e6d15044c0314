// SPDX-License-Identifier: Apache-2.0
// The way to a key: entered, compared, used up, revoked.
#include "fixture.hpp"
#include "room/entry.hpp"

using namespace machiai;
using room::Glass;
using room::Page;

namespace {

Glass typed(Glass glass, std::string_view keys) {
  for (const char key : keys)
    glass = room::touched(nullptr, false, glass, std::string("key-") + key, 0, 0).glass;
  return glass;
}

room::Step press(const Glass& glass, const char* name) {
  return room::touched(nullptr, false, glass, name, 0, 0);
}

Glass filled() {
  Glass glass = typed({}, "192.168.1.20:8443");
  return typed(press(glass, "field-code").glass, "042817");
}

constexpr const char* signs = "7F3A 91C2 0B5E D418 66A0";

base::Result<std::string> answers() {
  return std::string(signs);
}

} // namespace

TEST_CASE("address and code are typed, each with what belongs in it") {
  const Glass glass = filled();
  CHECK(glass.entry.address == "192.168.1.20:8443");
  CHECK(glass.entry.code == "042817");
  CHECK(typed(glass, "9.x").entry.code == "042817");
  CHECK(press(glass, "key-left").glass.entry.code == "04281");
  CHECK(typed(press(glass, "field-address").glass, "! ").entry.address == "192.168.1.20:8443");
  CHECK(typed({}, std::string(200, '1')).entry.address.size() == room::longest_address);
}

TEST_CASE("connecting asks first who is there, and tells nobody the code before the signs are compared") {
  const auto looking = press(filled(), "go");
  REQUIRE(looking.order);
  CHECK(looking.order->command == "look");
  CHECK(looking.glass.page == Page::looking);
  const auto compare = room::looked(looking.glass, answers());
  CHECK_FALSE(compare.order);
  CHECK(compare.glass.page == Page::compare);
  CHECK(compare.glass.entry.check == signs);
  const auto joining = press(compare.glass, "same");
  REQUIRE(joining.order);
  CHECK(joining.order->command == "join");
  const auto differs = press(compare.glass, "differs");
  CHECK_FALSE(differs.order);
  CHECK(differs.glass.page == Page::enter);
  CHECK(differs.glass.entry.reason == "check_differs");
  CHECK(differs.glass.entry.code.empty());
}

TEST_CASE("what is missing is asked for, and sent to nobody") {
  CHECK(press({}, "go").glass.entry.reason == "entry.address");
  const Glass half = typed(typed({}, "h"), "");
  const auto first = press(half, "go");
  CHECK(first.glass.entry.at_code);
  CHECK(first.glass.entry.reason.empty());
  const auto second = press(typed(first.glass, "123"), "go");
  CHECK(second.glass.entry.reason == "entry.code");
  CHECK_FALSE(second.order);
}

TEST_CASE("signs that were given beforehand take the place of the comparison, or end it") {
  Glass glass = filled();
  glass.entry.expected = "7f3a91c20b5ed41866a0";
  const auto same = room::looked(press(glass, "go").glass, answers());
  REQUIRE(same.order);
  CHECK(same.order->command == "join");
  for (const char* other : {"7F3A 91C2 0B5E D418 66A1", "7F3A", "?"}) {
    glass.entry.expected = other;
    const auto wrong = room::looked(press(glass, "go").glass, answers());
    CHECK_FALSE(wrong.order);
    CHECK(wrong.glass.entry.reason == "check_differs");
  }
}

TEST_CASE("nobody there: the code is kept, for it was told to nobody") {
  const auto step =
      room::looked(press(filled(), "go").glass, base::fail(base::Error::Code::device, "station_unreachable"));
  CHECK(step.glass.page == Page::enter);
  CHECK(step.glass.entry.reason == "station_unreachable");
  CHECK(step.glass.entry.code == "042817");
}

TEST_CASE("a refused code is gone, the address stays; an accepted one opens the seat") {
  const Glass joining = press(room::looked(press(filled(), "go").glass, answers()).glass, "same").glass;
  const Glass refused = room::joined(joining, base::fail(base::Error::Code::forbidden, "pairing_refused"));
  CHECK(refused.page == Page::enter);
  CHECK(refused.entry.reason == "pairing_refused");
  CHECK(refused.entry.code.empty());
  CHECK(refused.entry.at_code);
  CHECK(refused.entry.address == "192.168.1.20:8443");
  const Glass seat = room::joined(joining, std::pair<std::string, std::string>{"room-a1", "2"});
  CHECK(seat.page == Page::seat);
  CHECK(seat.device == "room-a1");
  CHECK(seat.room == "2");
  CHECK(seat.entry.code.empty());
}

TEST_CASE("a revoked seat forgets everything but the address and the language") {
  const auto view = test::fixture("morning");
  Glass glass = test::sample(view, "done", "en");
  glass.entry.address = "192.168.1.20:8443";
  const Glass out = room::revoked(glass);
  CHECK(out.page == Page::enter);
  CHECK(out.lang == "en");
  CHECK(out.entry.reason == "device_revoked");
  CHECK(out.entry.address == "192.168.1.20:8443");
  CHECK(out.room.empty());
  CHECK(out.told.key.empty());
  CHECK_FALSE(out.has_key);
  CHECK(room::compose(&view, out, true, 0, test::at_ms, 0).inside == std::nullopt);
}

TEST_CASE("who only wants back to the seat gets there") {
  Glass glass = test::sample(test::fixture("morning"), "anew");
  CHECK(press(glass, "keep").glass.page == Page::seat);
  glass.has_key = false;
  CHECK(press(glass, "keep").glass.page == Page::enter);
}
