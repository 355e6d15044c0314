// SPDX-License-Identifier: Apache-2.0
#include "seat/stage.hpp"

#include "seat/look.hpp"

#include <QJsonArray>
#include <QMouseEvent>
#include <QSet>
#include <algorithm>
#include <cmath>

namespace machiai::seat {

/// A finger wanders a little on every press; more than this (window pixels) is a drag.
constexpr int drag_threshold = 12;

class TouchButton final : public QAbstractButton {
public:
  TouchButton(Stage* stage, const QString& name) : QAbstractButton(stage), stage_(stage) {
    setObjectName(name);
    setFocusPolicy(Qt::TabFocus);
    connect(this, &QAbstractButton::clicked, stage, [this] {
      if (!dragging_) emit stage_->touched(objectName());
    });
    connect(this, &QAbstractButton::pressed, stage, &Stage::pressed_anywhere);
  }

  void take(const Touchable& what) {
    what_ = what;
    setAccessibleName(what.label);
    setToolTip(what.tip);
    setEnabled(what.enabled);
    setFocusPolicy(what.tab ? Qt::TabFocus : Qt::NoFocus);
    update();
  }
  [[nodiscard]] const QRectF& box() const { return what_.box; }
  /// Shows where a person is who walks by keys.
  [[nodiscard]] bool is_walked_to() const { return hasFocus() && by_key_; }

protected:
  void paintEvent(QPaintEvent*) override {
    if (!what_.paint) return;
    QPainter painter(this);
    painter.setRenderHints(QPainter::Antialiasing | QPainter::TextAntialiasing |
                           QPainter::SmoothPixmapTransform);
    painter.translate(-pos());
    painter.setTransform(stage_->to_window(), true);
    what_.paint(painter, isDown() && !dragging_);
    if (is_walked_to()) {
      // Two rings: one of them stands out on any ground.
      painter.setBrush(Qt::NoBrush);
      painter.setPen(QPen(look::ink, 7));
      painter.drawRoundedRect(what_.box.adjusted(4, 4, -4, -4), 9, 9);
      painter.setPen(QPen(look::yamabuki, 3));
      painter.drawRoundedRect(what_.box.adjusted(4, 4, -4, -4), 9, 9);
    }
  }
  void focusInEvent(QFocusEvent* event) override {
    // The ring is for those who walk with Tab; a window that merely becomes active shows none.
    by_key_ = event->reason() == Qt::TabFocusReason || event->reason() == Qt::BacktabFocusReason ||
              event->reason() == Qt::ShortcutFocusReason;
    QAbstractButton::focusInEvent(event);
  }
  void mousePressEvent(QMouseEvent* event) override {
    dragging_ = by_key_ = false;
    start_ = last_ = event->position().y();
    QAbstractButton::mousePressEvent(event);
  }
  void mouseMoveEvent(QMouseEvent* event) override {
    const double y = event->position().y();
    if (what_.drags && isDown() && std::abs(y - start_) > drag_threshold) dragging_ = true;
    if (dragging_) {
      emit stage_->dragged((y - last_) / stage_->to_window().m22());
      last_ = y;
      update();
      return;
    }
    QAbstractButton::mouseMoveEvent(event);
  }

private:
  Stage* stage_;
  Touchable what_;
  bool dragging_ = false;
  bool by_key_ = false;
  double start_ = 0;
  double last_ = 0;
};

Stage::Stage(QWidget* parent) : QWidget(parent) {
  setAttribute(Qt::WA_AcceptTouchEvents, false);
}

QTransform Stage::to_window() const {
  const double scale = std::min(width() / scene_.size.width(), height() / scene_.size.height());
  const double left = std::floor((width() - scene_.size.width() * scale) / 2);
  const double top = std::floor((height() - scene_.size.height() * scale) / 2);
  return {scale, 0, 0, scale, left, top};
}

QRect Stage::window_rect(const QRectF& box) const {
  return to_window().mapRect(box).toAlignedRect();
}

void Stage::show_scene(Scene scene) {
  scene_ = std::move(scene);
  arrange();
  update();
}

void Stage::arrange() {
  QSet<QString> wanted;
  QStringList order;
  for (const Touchable& what : scene_.touch) {
    wanted.insert(what.name);
    TouchButton*& button = buttons_[what.name];
    if (button == nullptr) button = new TouchButton(this, what.name);
    button->take(what);
    button->setGeometry(window_rect(what.box));
    button->show();
    order.append(what.name);
  }
  // A later one lies above an earlier one, also when the earlier scene had them the other way round.
  if (order != order_) {
    for (const QString& name : order) buttons_[name]->raise();
    for (int i = 1; i < order.size(); ++i) setTabOrder(buttons_[order[i - 1]], buttons_[order[i]]);
    order_ = order;
  }
  for (auto it = buttons_.begin(); it != buttons_.end();) {
    if (wanted.contains(it.key())) {
      ++it;
      continue;
    }
    // A focused button that goes hands its focus on as if Tab had been pressed.
    if (!it.value()->is_walked_to()) it.value()->clearFocus();
    // deleteLater: the scene may change while this very button reports its click.
    it.value()->hide();
    it.value()->deleteLater();
    it = buttons_.erase(it);
  }
  emit rearranged();
}

QJsonObject Stage::layout() const {
  QJsonObject result;
  for (const Touchable& what : scene_.touch) {
    const TouchButton* button = buttons_.value(what.name);
    if (button == nullptr || !what.enabled || !isVisible()) continue;
    const QPoint corner = mapToGlobal(button->pos());
    result[what.name] = QJsonArray{corner.x(), corner.y(), button->width(), button->height()};
  }
  return result;
}

bool Stage::offers(const QString& name) const {
  return std::any_of(scene_.touch.begin(), scene_.touch.end(),
                     [&](const Touchable& what) { return what.name == name && what.enabled; });
}

void Stage::walk(Qt::Key arrow) {
  const QWidget* from = focusWidget();
  const QPoint start = from != nullptr && from->hasFocus() ? from->geometry().center() : QPoint(-1, -1);
  TouchButton* best = nullptr;
  double least = 0;
  for (const Touchable& what : scene_.touch) {
    TouchButton* button = buttons_.value(what.name);
    if (button == nullptr || button == from || !what.enabled || !what.tab) continue;
    const QPoint way = button->geometry().center() - start;
    const bool across = arrow == Qt::Key_Left || arrow == Qt::Key_Right;
    const bool back = arrow == Qt::Key_Left || arrow == Qt::Key_Up;
    const double ahead = (across ? way.x() : way.y()) * (back ? -1.0 : 1.0);
    const double aside = std::abs(across ? way.y() : way.x());
    const bool first = start.x() < 0 && best == nullptr;
    if (!first && (start.x() < 0 || ahead <= 1)) continue;
    // What lies straight ahead comes before what is nearer but off the way.
    const double cost = ahead + 3 * aside;
    if (best != nullptr && cost >= least) continue;
    best = button;
    least = cost;
  }
  if (best != nullptr) best->setFocus(Qt::ShortcutFocusReason);
}

void Stage::paintEvent(QPaintEvent*) {
  QPainter painter(this);
  painter.setRenderHints(QPainter::Antialiasing | QPainter::TextAntialiasing |
                         QPainter::SmoothPixmapTransform);
  if (scene_.ground.isValid()) painter.fillRect(rect(), scene_.ground);
  painter.setTransform(to_window());
  for (const auto& piece : scene_.pieces) {
    painter.save();
    piece(painter);
    painter.restore();
  }
}

void Stage::resizeEvent(QResizeEvent* event) {
  QWidget::resizeEvent(event);
  arrange();
}

void Stage::mousePressEvent(QMouseEvent* event) {
  emit pressed_anywhere();
  QWidget::mousePressEvent(event);
}

} // namespace machiai::seat
