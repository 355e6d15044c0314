// SPDX-License-Identifier: Apache-2.0
// The window itself, without a hub.
#include "kiosk/scene.hpp"
#include "kiosk/window.hpp"

#include <catch2/catch.hpp>

#include <QApplication>
#include <QWindow>

using namespace machiai;

namespace {

struct Glass {
  seat::Link link{seat::Settings{.home = "/nonexistent", .role = "kiosk", .seat = "kiosk-1", .views = {}}};
  kiosk::Window window{link, *kiosk::load_phrases(), "ja"};

  Glass() {
    window.resize(540, 960);
    window.show();
    // The first layout comes with the window's own size.
    QApplication::processEvents();
  }
  [[nodiscard]] bool offers(const QString& name) const { return window.layout().contains(name); }
  void press(int key, const QString& text = {}) {
    QKeyEvent event(QEvent::KeyPress, key, Qt::NoModifier, text);
    QApplication::sendEvent(window.windowHandle(), &event);
  }
};

} // namespace

TEST_CASE("F9 locks the glass: nothing is left to touch") {
  Glass glass;
  REQUIRE(glass.offers("help"));
  REQUIRE(glass.offers(kiosk::staff_button));
  glass.press(Qt::Key_F8);
  CHECK(glass.offers("help"));
  glass.press(Qt::Key_F9);
  CHECK(glass.window.layout().isEmpty());
}

TEST_CASE("where a finger made a button go, no other looks chosen; who walks by keys is led on") {
  Glass glass;
  const bool by_key = GENERATE(false, true);
  auto* help = glass.window.findChild<QAbstractButton*>("help");
  help->setFocus(by_key ? Qt::TabFocusReason : Qt::MouseFocusReason);
  REQUIRE(glass.window.focusWidget() == help);
  emit glass.window.touched("help");
  REQUIRE_FALSE(glass.offers("help"));
  CHECK((glass.window.focusWidget() != nullptr) == by_key);
}

TEST_CASE("large letters are switched by touch, also without the hub") {
  Glass glass;
  emit glass.window.touched("large");
  const double large = glass.window.findChild<QAbstractButton*>("lang-en")->width();
  emit glass.window.touched("large");
  CHECK(large > glass.window.findChild<QAbstractButton*>("lang-en")->width());
}
