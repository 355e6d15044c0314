// SPDX-License-Identifier: Apache-2.0
#include "display/stage.hpp"
#include "fixture.hpp"

using fixture::call;
using machiai::display::Stage;

TEST_CASE("a call is on stage at once, widens in 240 ms, and leaves after 12 s") {
  Stage stage;
  stage.add({call(7, "24")}, 1000);
  CHECK(stage.call() == 7);
  CHECK(stage.widen(1000) == 0); // the first picture is the number at its rest size
  CHECK(stage.widen(1120) > .5);
  CHECK(stage.widen(1240) == 1);
  stage.step(12'999, 0);
  CHECK(stage.call() == 7);
  stage.step(13'000, 0);
  CHECK(stage.call() == 0);
  CHECK(stage.widen(13'000) == 1);
  CHECK(stage.widen(13'600) == 0);
  CHECK_FALSE(stage.moving(13'700));
}

TEST_CASE("the stage lasts as long as the voice speaks") {
  Stage stage;
  stage.add({call(7, "24")}, 0);
  stage.step(14'000, 7);
  CHECK(stage.call() == 7);
  stage.step(15'000, 0);
  CHECK(stage.call() == 0);
}

TEST_CASE("calls queue for the stage: at least 6 s each, in order, without narrowing between") {
  Stage stage;
  stage.add({call(7, "24"), call(8, "25")}, 0);
  stage.add({call(9, "26")}, 100);
  stage.step(5'999, 0);
  CHECK(stage.call() == 7);
  stage.step(6'000, 0);
  CHECK(stage.call() == 8);
  CHECK(stage.widen(6'000) == 1);
  stage.step(12'000, 0);
  CHECK(stage.call() == 9);
  stage.step(24'000, 0);
  CHECK(stage.call() == 0);
}

TEST_CASE("the next call waits for the words of the first") {
  Stage stage;
  stage.add({call(7, "24"), call(8, "25")}, 0);
  stage.step(8'000, 7);
  CHECK(stage.call() == 7);
  stage.step(9'000, 8);
  CHECK(stage.call() == 8);
}

TEST_CASE("a call that was taken back leaves the stage; one that was pushed out by newer ones stays") {
  Stage stage;
  stage.add({call(7, "24"), call(8, "25")}, 0);
  stage.keep({call(8, "25")}, 100); // 7 is older than all listed: pushed out
  CHECK(stage.call() == 7);
  stage.keep({call(9, "26"), call(7, "24")}, 200); // 8 was undone before its turn
  stage.step(6'000, 0);
  CHECK(stage.call() == 7);
  stage.keep({call(9, "26"), call(6, "20")}, 300); // 7 was undone
  CHECK(stage.call() == 0);
  stage.add({call(10, "27")}, 400);
  stage.keep({}, 500); // a new day
  CHECK(stage.call() == 0);
}

TEST_CASE("three rings, one every 2 s, each 1.8 s") {
  Stage stage;
  stage.add({call(7, "24")}, 0);
  CHECK(stage.ring(0, 0) == 0);
  CHECK(stage.ring(1, 0) < 0);
  CHECK(stage.ring(0, 1'800) < 0);
  CHECK(stage.ring(1, 2'900) == .5);
  CHECK(stage.ring(2, 5'799) > .99);
  CHECK_FALSE(stage.moving(6'100));
}
