// SPDX-License-Identifier: Apache-2.0
#include "display/scenes/scenery.hpp"

#include "display/scene.hpp"

#include <algorithm>
#include <cmath>

namespace machiai::display {

double Dice::roll() {
  state_ += 0x6D2B79F5U;
  std::uint32_t t = (state_ ^ (state_ >> 15U)) * (1U | state_);
  t = (t + (t ^ (t >> 7U)) * (61U | t)) ^ t;
  return double(t ^ (t >> 14U)) / 4294967296.0;
}

QColor mixed(const QColor& a, const QColor& b, double t) {
  const auto part = [t](int x, int y) { return int(std::lround(x + (y - x) * t)); };
  return {part(a.red(), b.red()), part(a.green(), b.green()), part(a.blue(), b.blue())};
}

QColor clear(QColor colour, double opacity) {
  colour.setAlphaF(static_cast<float>(opacity));
  return colour;
}

QLinearGradient downwards(double y, double height, std::initializer_list<std::pair<double, QColor>> stops) {
  QLinearGradient gradient(0, y, 0, y + height);
  for (const auto& [at, colour] : stops) gradient.setColorAt(at, colour);
  return gradient;
}

void DrawnScene::paint(QPainter& painter, const QRectF& rect, double t) {
  const QRectF on_device = painter.combinedTransform().mapRect(rect);
  const QSize device(int(std::ceil(on_device.width())), int(std::ceil(on_device.height())));
  const auto in_scene = [](QPainter& p, const QRectF& whole) {
    const double scale = std::max(whole.width() / width, whole.height() / height);
    p.translate(whole.center() - QPointF(width, height) * scale / 2);
    p.scale(scale, scale);
    p.setRenderHint(QPainter::Antialiasing);
    p.setPen(Qt::NoPen);
  };
  // While the film's place changes size, the picture of a close size is stretched instead of drawn anew.
  const double turned = double(device.width()) * still_.height() / (double(device.height()) * still_.width());
  if (still_.isNull() || device.width() > still_.width() ||
      still_.width() - device.width() > device.width() || std::abs(turned - 1) > 0.05) {
    still_ = QImage(device, QImage::Format_RGB32);
    QPainter p(&still_);
    in_scene(p, QRectF(QPointF(), QSizeF(device)));
    paint_still(p);
  }
  painter.save();
  painter.setRenderHint(QPainter::SmoothPixmapTransform, device != still_.size());
  painter.drawImage(rect, still_);
  painter.setClipRect(rect, Qt::IntersectClip);
  in_scene(painter, rect);
  paint_moving(painter, t);
  painter.restore();
}

SceneTurn scene_turn(double t, int count) {
  const auto turn = static_cast<std::int64_t>(std::floor(std::max(t, 0.0) / scene_s));
  const double into = std::max(t, 0.0) - double(turn) * scene_s;
  SceneTurn result;
  result.scene = static_cast<int>(turn % count);
  result.next = static_cast<int>((turn + 1) % count);
  result.mix = std::clamp((into - (scene_s - scene_fade_s)) / scene_fade_s, 0.0, 1.0);
  return result;
}

Scenery::Scenery()
    : makers_{[] { return std::make_unique<Inlet>(); }, make_leaves, make_sea, make_petals, make_night},
      scenes_(makers_.size()) {}

void Scenery::paint(QPainter& painter, const QRectF& rect, double t) {
  const SceneTurn turn = scene_turn(t, count());
  for (int i = 0; i < count(); ++i)
    if (i != turn.scene && i != turn.next) scenes_[std::size_t(i)].reset();
  paint_scene(turn.scene, painter, rect, t);
  if (turn.mix <= 0) {
    coming_ = {};
    if (turn.next != turn.scene) scenes_[std::size_t(turn.next)].reset();
    return;
  }
  // As one picture, so that it comes in as a whole and not layer by layer.
  const QSizeF device = painter.combinedTransform().mapRect(rect).size();
  const QSize size(int(std::ceil(device.width())), int(std::ceil(device.height())));
  if (coming_.size() != size) coming_ = QImage(size, QImage::Format_RGB32);
  {
    QPainter p(&coming_);
    paint_scene(turn.next, p, QRectF(QPointF(), QSizeF(size)), t);
  }
  painter.save();
  painter.setOpacity(turn.mix);
  painter.drawImage(rect, coming_);
  painter.restore();
}

void Scenery::paint_scene(int scene, QPainter& painter, const QRectF& rect, double t) {
  auto& made = scenes_[std::size_t(scene)];
  if (!made) made = makers_[std::size_t(scene)]();
  made->paint(painter, rect, t);
}

} // namespace machiai::display
