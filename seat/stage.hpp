// SPDX-License-Identifier: Apache-2.0
// Stage: shows a scene laid out in design pixels, scaled to the window and centred, with real buttons on it.
#pragma once

#include <QAbstractButton>
#include <QHash>
#include <QJsonObject>
#include <QPainter>
#include <QTransform>
#include <QWidget>
#include <functional>
#include <vector>

namespace machiai::seat {

/// Something to touch. Its name is its identity: the same name in the next scene is the same button.
struct Touchable {
  QString name;
  QString label;                                      ///< accessible name
  QRectF box;                                         ///< design pixels
  std::function<void(QPainter&, bool pressed)> paint; ///< in design pixels; may be empty (an invisible area)
  bool enabled = true;
  bool drags = false; ///< a vertical drag on it scrolls instead of clicking
  QString tip = {};
  bool tab = true; ///< Tab and the arrows come by
};

struct Scene {
  QSizeF size{1280, 800};
  QColor ground;
  std::vector<std::function<void(QPainter&)>> pieces; ///< painted in order, below the buttons
  std::vector<Touchable> touch;
  void add(std::function<void(QPainter&)> piece) { pieces.push_back(std::move(piece)); }
};

class Stage : public QWidget {
  Q_OBJECT
public:
  explicit Stage(QWidget* parent = nullptr);
  void show_scene(Scene scene);
  [[nodiscard]] QTransform to_window() const; ///< design pixels -> widget pixels
  [[nodiscard]] QRect window_rect(const QRectF& box) const;
  /// Name -> [x, y, w, h] on the screen of everything that can be touched now.
  [[nodiscard]] QJsonObject layout() const;
  /// Something of that name can be touched now.
  [[nodiscard]] bool offers(const QString& name) const;
  /// Moves the focus to the nearest button that way, for those who walk by keys; to the first without one.
  void walk(Qt::Key arrow);

signals:
  void touched(const QString& name);
  void pressed_anywhere();
  void dragged(double design_px); ///< downwards is positive, since the last signal
  void rearranged();

protected:
  void paintEvent(QPaintEvent* event) override;
  void resizeEvent(QResizeEvent* event) override;
  void mousePressEvent(QMouseEvent* event) override;

private:
  friend class TouchButton;
  void arrange();

  Scene scene_;
  QHash<QString, class TouchButton*> buttons_;
  QStringList order_; ///< from the lowest to the topmost
};

} // namespace machiai::seat
