// SPDX-License-Identifier: Apache-2.0
#include "display/screens.hpp"

#include <catch2/catch.hpp>

#include <memory>

using namespace machiai::display;

namespace {

const std::vector<ScreenPlace> two{{"HDMI-1", {0, 0, 1920, 1080}}, {"HDMI-2", {1920, 0, 1080, 1920}}};

struct Made {
  std::vector<std::unique_ptr<QWidget>> panes;
  ScreenWindows windows;
  explicit Made(ScreenWish wish, QSize size = {})
      : windows(std::move(wish), size, [this](std::size_t) {
          panes.push_back(std::make_unique<QWidget>());
          panes.back()->setWindowFlag(Qt::FramelessWindowHint);
          return panes.back().get();
        }) {}
};

} // namespace

TEST_CASE("a screen is wished by name, by index, as the first, or all of them") {
  CHECK(wished_screens(two, {}) == std::vector<std::size_t>{0});
  CHECK(wished_screens(two, {false, "HDMI-2"}) == std::vector<std::size_t>{1});
  CHECK(wished_screens(two, {false, "1"}) == std::vector<std::size_t>{1});
  CHECK(wished_screens(two, {true, ""}) == std::vector<std::size_t>{0, 1});
  CHECK(wished_screens(two, {false, "HDMI-3"}).empty()); // never another one in its stead
  CHECK(wished_screens(two, {false, "2"}).empty());
  CHECK(wished_screens({}, {true, ""}).empty());
}

TEST_CASE("each screen gets a window over all of it; one that was unplugged is hidden and comes back") {
  Made made({true, ""});
  made.windows.arrange(two);
  REQUIRE(made.panes.size() == 2);
  CHECK(made.panes[0]->geometry() == two[0].geometry);
  CHECK(made.panes[1]->geometry() == two[1].geometry);
  made.windows.arrange({two[0]});
  CHECK(made.panes[0]->isVisible());
  CHECK_FALSE(made.panes[1]->isVisible());
  made.windows.arrange(two);
  CHECK(made.panes.size() == 2); // the same window, not a third
  CHECK(made.panes[1]->isVisible());
  CHECK(made.panes[1]->geometry() == two[1].geometry);
}

TEST_CASE("a display whose only screen goes away waits for it") {
  Made made({false, "HDMI-2"});
  made.windows.arrange({two[0]});
  CHECK(made.panes.empty());
  made.windows.arrange(two);
  REQUIRE(made.panes.size() == 1);
  CHECK(made.panes[0]->geometry() == two[1].geometry);
  made.windows.arrange({two[0]});
  CHECK_FALSE(made.panes[0]->isVisible());
  made.windows.arrange({two[0], {"HDMI-2", {0, 1080, 1920, 1080}}}); // plugged in elsewhere
  CHECK(made.panes[0]->isVisible());
  CHECK(made.panes[0]->geometry() == QRect(0, 1080, 1920, 1080));
}

TEST_CASE("a size that was asked for is kept") {
  Made made({}, {960, 540});
  made.windows.arrange(two);
  CHECK(made.panes[0]->size() == QSize(960, 540));
}

TEST_CASE("on the machine's own screens a window appears by itself") {
  Made made({});
  made.windows.follow_screens();
  REQUIRE(made.panes.size() == 1);
  CHECK(made.panes[0]->isVisible());
}
