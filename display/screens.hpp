// SPDX-License-Identifier: Apache-2.0
// Which screens get a board, and what happens when one is unplugged and comes back.
#pragma once

#include <QObject>
#include <QRect>
#include <QSize>
#include <QString>
#include <QWidget>
#include <functional>
#include <vector>

namespace machiai::display {

struct ScreenPlace {
  QString name;
  QRect geometry;
};

struct ScreenWish {
  bool all = false;
  QString screen; ///< name, or index from 0; empty: the first
};

/// Indices of the screens that get a board, in order. A wished screen that is not there gives none: another
/// one may belong to somebody else.
[[nodiscard]] std::vector<std::size_t> wished_screens(const std::vector<ScreenPlace>& screens,
                                                      const ScreenWish& wish);

/// One window a wished screen. A window whose screen has gone is hidden and comes back with it.
class ScreenWindows : public QObject {
public:
  /// Makes the n-th window at its first use. `size` invalid: the whole screen.
  using Make = std::function<QWidget*(std::size_t n)>;
  ScreenWindows(ScreenWish wish, QSize size, Make make, QObject* parent = nullptr);

  /// Now, and whenever the machine's screens change.
  void follow_screens();
  void arrange(const std::vector<ScreenPlace>& screens);

private:
  void look();

  ScreenWish wish_;
  QSize size_;
  Make make_;
  std::vector<QWidget*> windows_;
};

} // namespace machiai::display
