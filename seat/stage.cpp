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
    update();
  }
  [[nodiscard]] const QRectF& box() const { return what_.box; }

protected:
  void paintEvent(QPaintEvent*) override {
    if (!what_.paint) return;
    QPainter painter(this);
    painter.setRenderHints(QPainter::Antialiasing | QPainter::TextAntialiasing |
                           QPainter::SmoothPixmapTransform);
    painter.translate(-pos());
    painter.setTransform(stage_->to_window(), true);
    what_.paint(painter, isDown() && !dragging_);
    if (hasFocus() && by_key_) {
      painter.setPen(QPen(look::yamabuki, 3));
      painter.setBrush(Qt::NoBrush);
      painter.drawRoundedRect(what_.box.adjusted(2, 2, -2, -2), 10, 10);
    }
  }
  void focusInEvent(QFocusEvent* event) override {
    // The ring is for those who walk with Tab; a window that merely becomes active shows none.
    by_key_ = event->reason() == Qt::TabFocusReason || event->reason() == Qt::BacktabFocusReason;
    QAbstractButton::focusInEvent(event);
  }
  void mousePressEvent(QMouseEvent* event) override {
    dragging_ = false;
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
    order_ = order;
  }
  for (auto it = buttons_.begin(); it != buttons_.end();) {
    if (wanted.contains(it.key())) {
      ++it;
      continue;
    }
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
