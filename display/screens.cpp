// SPDX-License-Identifier: Apache-2.0
#include "display/screens.hpp"

#include <QGuiApplication>
#include <QScreen>
#include <QTimer>
#include <utility>

namespace machiai::display {

std::vector<std::size_t> wished_screens(const std::vector<ScreenPlace>& screens, const ScreenWish& wish) {
  std::vector<std::size_t> result;
  bool is_index = false;
  const auto index = wish.screen.toUInt(&is_index);
  for (std::size_t i = 0; i < screens.size(); ++i) {
    const bool named = screens[i].name == wish.screen || (is_index && i == index);
    if (wish.all || named || (wish.screen.isEmpty() && i == 0)) result.push_back(i);
  }
  return result;
}

ScreenWindows::ScreenWindows(ScreenWish wish, QSize size, Make make, QObject* parent)
    : QObject(parent), wish_(std::move(wish)), size_(size), make_(std::move(make)) {}

void ScreenWindows::follow_screens() {
  const auto later = [this] { QTimer::singleShot(0, this, &ScreenWindows::look); };
  const auto watch = [this, later](QScreen* screen) {
    connect(screen, &QScreen::geometryChanged, this, later);
  };
  for (QScreen* screen : QGuiApplication::screens()) watch(screen);
  connect(qApp, &QGuiApplication::screenAdded, this, watch);
  connect(qApp, &QGuiApplication::screenAdded, this, later);
  connect(qApp, &QGuiApplication::screenRemoved, this, later);
  look();
}

void ScreenWindows::look() {
  std::vector<ScreenPlace> places;
  QList<QScreen*> screens = QGuiApplication::screens();
  if (QScreen* primary = QGuiApplication::primaryScreen(); screens.removeAll(primary) > 0)
    screens.prepend(primary);
  for (const QScreen* screen : screens)
    if (!screen->geometry().isEmpty()) places.push_back({screen->name(), screen->geometry()});
  arrange(places);
}

/// Without a window manager nobody obeys showFullScreen: the geometry is set by hand.
void ScreenWindows::arrange(const std::vector<ScreenPlace>& screens) {
  const auto wished = wished_screens(screens, wish_);
  for (std::size_t n = 0; n < wished.size(); ++n) {
    if (n == windows_.size()) windows_.push_back(make_(n));
    const QRect screen = screens[wished[n]].geometry;
    windows_[n]->setGeometry(QRect(screen.topLeft(), size_.isValid() ? size_ : screen.size()));
    windows_[n]->show();
  }
  for (std::size_t n = wished.size(); n < windows_.size(); ++n) windows_[n]->hide();
}

} // namespace machiai::display
