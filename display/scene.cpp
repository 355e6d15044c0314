// SPDX-License-Identifier: Apache-2.0
#include "display/scene.hpp"

#include <QLinearGradient>
#include <QRadialGradient>
#include <algorithm>
#include <array>
#include <cmath>

namespace machiai::display {

namespace {

// The scene's own units; every coordinate below is in them.
constexpr double width = 1600;
constexpr double height = 900;
constexpr double horizon = 520;
constexpr double sun_x = 1085;
constexpr double turn = 6.28;
constexpr int warmth_steps = 24;
constexpr double warm_period_s = 1200;

QColor rgb(unsigned value) {
  return QColor::fromRgb(value);
}

void bar(QPainter& p, double x, double y, double w, double h, double r) {
  p.drawRoundedRect(QRectF(x, y, w, h), r, r);
}

} // namespace

Inlet::Inlet(std::uint32_t seed) : dice_(seed) {
  grow_clouds();
  grow_hills();
  grow_water();
  grow_reeds();
}

void Inlet::grow_clouds() {
  for (int i = 0; i < 9; ++i) {
    Lens lens{};
    lens.x = dice_.roll() * width;
    lens.y = 60 + dice_.roll() * 250;
    lens.rx = 160 + dice_.roll() * 320;
    lens.ry = 7 + dice_.roll() * 10;
    lens.opacity = .16 + dice_.roll() * .22;
    clouds_.push_back(lens);
  }
}

void Inlet::grow_hills() {
  constexpr int layers = 5;
  for (int k = 0; k < layers; ++k) {
    const double depth = double(k) / (layers - 1);
    const double tall = 150 - depth * 70;
    std::array<double, 3> phase{};
    for (double& each : phase) each = dice_.roll() * turn;
    const double f0 = 1.1 + dice_.roll() * .6;
    const double f1 = 2.3 + dice_.roll();
    const double f2 = 5.2 + dice_.roll() * 2;
    QPainterPath path(QPointF(0, horizon));
    for (double x = 0; x <= width; x += 16) {
      const double u = x / width;
      const double side = k % 2 == 0 ? u - .15 : .95 - u;
      const double envelope = k < 2 ? 1 : std::pow(std::abs(side), 1.15) * 1.5;
      const double wave = .55 * std::sin(f0 * turn * u + phase[0]) + .3 * std::sin(f1 * turn * u + phase[1]) +
                          .09 * std::sin(f2 * turn * u + phase[2]);
      path.lineTo(x, horizon - 8 - std::max(0.0, tall * (.62 + wave)) * std::min(envelope, 1.15));
    }
    path.lineTo(width, horizon);
    path.closeSubpath();
    hills_.push_back({path, depth});
  }
}

void Inlet::grow_water() {
  for (int i = 0; i < 54; ++i) {
    const double f = i / 54.0;
    const double w = (18 + f * 150) * (.35 + dice_.roll() * .9);
    const double x = sun_x + (dice_.roll() - .5) * (40 + f * 230);
    sun_path_.push_back({x - w / 2, horizon + 6 + f * f * 370, w, 1.6 + f * 5, .75 - .45 * f, rgb(0xFFF6DF)});
  }
  for (int i = 0; i < 46; ++i) {
    const double f = dice_.roll();
    const double w = 40 + f * 260 * dice_.roll();
    const double x = dice_.roll() * width;
    const QColor colour = dice_.roll() > .5 ? rgb(0xE6F0EF) : rgb(0x3F7681);
    const double opacity = .18 + .2 * dice_.roll();
    ripples_.push_back({x, horizon + 14 + f * 350, w, 1.5 + f * 3, opacity, colour});
  }
}

void Inlet::grow_reeds() {
  for (int i = 0; i < 34; ++i) {
    Reed reed{};
    reed.x = 1330 + dice_.roll() * 300;
    reed.height = 120 + dice_.roll() * 250;
    reed.lean = (dice_.roll() - .35) * 90;
    reed.colour = mixed(rgb(0x1E4650), rgb(0x4E7C72), dice_.roll());
    reed.width = 3 + dice_.roll() * 4;
    reed.head = i % 4 == 0;
    reeds_.push_back(reed);
  }
}

void Inlet::paint(QPainter& painter, const QRectF& rect, double t) {
  const QTransform to_device = painter.combinedTransform();
  const QRectF on_device = to_device.mapRect(rect);
  const QSize device(int(std::ceil(on_device.width())), int(std::ceil(on_device.height())));
  const double warmth = .5 - .5 * std::cos(2 * M_PI * t / warm_period_s);
  const int step = int(std::lround(warmth * warmth_steps));
  // While the film's place changes size, images of a close size are stretched instead of drawn anew.
  const bool usable = !sky_.isNull() && device.width() <= device_.width() && step == warmth_step_;
  if (!usable) {
    device_ = device;
    warmth_step_ = step;
    rebuild(device, double(step) / warmth_steps);
  }
  const double scale = std::max(rect.width() / width, rect.height() / height);
  const QRectF whole(rect.center().x() - width * scale / 2, rect.center().y() - height * scale / 2,
                     width * scale, height * scale);
  painter.save();
  painter.setRenderHint(QPainter::SmoothPixmapTransform, device != device_);
  painter.drawImage(rect, sky_);
  painter.setRenderHint(QPainter::Antialiasing);
  painter.setPen(Qt::NoPen);
  const auto in_scene = [&] {
    painter.save();
    painter.translate(whole.topLeft());
    painter.scale(scale, scale);
  };
  in_scene();
  paint_clouds(painter, t);
  painter.restore();
  painter.drawImage(rect, land_);
  in_scene();
  paint_glints(painter, t);
  paint_boats(painter, t);
  paint_front(painter);
  paint_reeds(painter, t);
  painter.restore();
  painter.restore();
}

void Inlet::rebuild(const QSize& device, double warmth) {
  const auto layer = [&](QImage::Format format, const auto& draw) {
    QImage image(device, format);
    image.fill(Qt::transparent);
    QPainter p(&image);
    p.setRenderHint(QPainter::Antialiasing);
    p.setPen(Qt::NoPen);
    const double scale = std::max(device.width() / width, device.height() / height);
    p.translate((device.width() - width * scale) / 2, (device.height() - height * scale) / 2);
    p.scale(scale, scale);
    draw(p);
    return image;
  };
  sky_ = layer(QImage::Format_RGB32, [&](QPainter& p) { paint_sky(p, warmth); });
  land_ = layer(QImage::Format_ARGB32_Premultiplied, [&](QPainter& p) { paint_land(p); });
}

void Inlet::paint_sky(QPainter& p, double warmth) const {
  const QColor low = mixed(rgb(0xF6E7D6), rgb(0xF8DFC0), warmth);
  p.fillRect(QRectF(0, 0, width, height), rgb(0x4F8791));
  p.fillRect(QRectF(0, 0, width, horizon),
             downwards(0, horizon, {{0, rgb(0xBFD6E4)}, {.55, rgb(0xDCE6E6)}, {1, low}}));
  QRadialGradient glow(QPointF(sun_x, 300), 330);
  QColor middle = rgb(0xFFF1CF);
  middle.setAlphaF(.85F);
  QColor rim = rgb(0xFFEFC8);
  rim.setAlphaF(0);
  glow.setColorAt(0, rgb(0xFFF6DF));
  glow.setColorAt(.25, middle);
  glow.setColorAt(1, rim);
  p.setBrush(glow);
  p.setClipRect(QRectF(0, 0, width, horizon));
  p.drawEllipse(QPointF(sun_x, 300), 330, 330);
  p.setBrush(rgb(0xFFF8E6));
  p.drawEllipse(QPointF(sun_x, 300), 62, 62);
}

void Inlet::paint_land(QPainter& p) const {
  for (const Hill& hill : hills_) {
    const double d = hill.depth;
    p.setOpacity(.72 + .28 * d);
    p.setBrush(mixed(rgb(0xA9C3CC), rgb(0x2C5A66), d * .92));
    p.drawPath(hill.path);
    QColor clear = rgb(0xF4EDE2);
    clear.setAlphaF(0);
    QColor mist = rgb(0xF4EDE2);
    mist.setAlphaF(.85F);
    const double deep = 95 - d * 36;
    p.setOpacity(.95 - .5 * d);
    p.fillRect(QRectF(0, horizon - deep, width, deep),
               downwards(horizon - deep, deep, {{0, clear}, {1, mist}}));
  }
  p.setOpacity(1);
  const double water = height - horizon;
  p.fillRect(QRectF(0, horizon, width, water),
             downwards(horizon, water, {{0, rgb(0xE9E3D6)}, {.18, rgb(0xBCD2D6)}, {1, rgb(0x4F8791)}}));
  for (const Bar& each : ripples_) {
    p.setOpacity(each.opacity);
    p.setBrush(each.colour);
    bar(p, each.x, each.y, each.w, each.h, std::min(3.0, each.h / 2));
  }
}

void Inlet::paint_clouds(QPainter& p, double t) const {
  constexpr double drift = 3;    // units a second
  constexpr double margin = 480; // the longest lens leaves the picture before it comes back
  for (const Lens& cloud : clouds_) {
    const double x = std::fmod(cloud.x + drift * t + margin, width + 2 * margin) - margin;
    p.setOpacity(cloud.opacity);
    p.setBrush(Qt::white);
    p.drawEllipse(QPointF(x, cloud.y), cloud.rx, cloud.ry);
  }
  p.setOpacity(1);
}

/// Each glint swells and fades in its own 8 s; half of them are bright at any time.
void Inlet::paint_glints(QPainter& p, double t) const {
  for (std::size_t i = 0; i < sun_path_.size(); ++i) {
    const Bar& each = sun_path_[i];
    const double swell = .72 + .28 * std::sin(2 * M_PI * t / 8 + double(i) * 2.4);
    p.setOpacity(each.opacity * swell);
    p.setBrush(each.colour);
    p.drawRect(QRectF(each.x, each.y, each.w, each.h));
  }
  p.setOpacity(1);
}

void Inlet::paint_boats(QPainter& p, double t) const {
  struct Boat {
    double x, y, size;
    QColor sail;
  };
  static const std::array boats{Boat{420, 610, .95, rgb(0xF2C46B)}, Boat{715, 560, .5, rgb(0xE8EEE9)},
                                Boat{1330, 578, .6, rgb(0xDDE9E6)}};
  constexpr double speed = 2;
  constexpr double margin = 90;
  const auto sail = [](double x1, double x2, double top, double far) {
    QPainterPath path(QPointF(x1, top));
    path.lineTo(x1, -22);
    path.lineTo(far, -22);
    path.cubicTo(x2, far > 0 ? -60 : -50, far > 0 ? 36 : -22, far > 0 ? -96 : -78, x1, top);
    return path;
  };
  static const QPainterPath front = sail(6, 58, -118, 70);
  static const QPainterPath back = sail(-4, -36, -100, -46);
  static const QPainterPath hull = [] {
    QPainterPath path(QPointF(-60, -14));
    path.lineTo(78, -14);
    path.cubicTo(72, 4, 58, 12, 44, 12);
    path.lineTo(-34, 12);
    path.cubicTo(-48, 10, -57, 0, -60, -14);
    return path;
  }();
  for (const Boat& boat : boats) {
    const double x = std::fmod(boat.x + speed * t + margin, width + 2 * margin) - margin;
    const double bob = 1.6 * std::sin(2 * M_PI * t / 6 + boat.x);
    p.save();
    p.translate(x, boat.y + bob * boat.size);
    p.scale(boat.size, boat.size);
    p.save();
    p.scale(1, -.55);
    p.setOpacity(.22);
    p.setBrush(Qt::white);
    p.drawPath(front);
    p.drawPath(back);
    p.restore();
    p.setOpacity(1);
    p.setBrush(rgb(0xFFFDF6));
    p.drawPath(front);
    p.setBrush(boat.sail);
    p.drawPath(back);
    p.setBrush(rgb(0x234C57));
    p.drawPath(hull);
    p.setOpacity(.55);
    p.setBrush(rgb(0xE6F0EF));
    bar(p, -78, 13, 160, 4, 2);
    p.restore();
  }
}

void Inlet::paint_front(QPainter& p) const {
  for (const auto& [x, y, s] : {std::array{560.0, 210.0, 1.0}, {622, 182, .75}, {505, 176, .6}}) {
    QPainterPath gull(QPointF(x - 30 * s, y - 8 * s));
    gull.quadTo(x - 14 * s, y - 22 * s, x, y - 2 * s);
    gull.quadTo(x + 14 * s, y - 22 * s, x + 30 * s, y - 8 * s);
    p.strokePath(gull, QPen(rgb(0x4A6B75), 4 * s, Qt::SolidLine, Qt::RoundCap));
  }
  constexpr std::array<std::array<double, 4>, 5> stones{{{150, 862, 150, 36},
                                                         {372, 826, 104, 25},
                                                         {545, 796, 78, 18},
                                                         {678, 772, 58, 13},
                                                         {782, 753, 44, 9.5}}};
  for (std::size_t i = 0; i < stones.size(); ++i) {
    const auto& [x, y, rx, ry] = stones[i];
    const double far = double(i) / 4;
    p.setOpacity(.30);
    p.setBrush(rgb(0xE9F2F0));
    p.drawEllipse(QPointF(x, y + ry * .75), rx * 1.16, ry * .72);
    p.setOpacity(1);
    p.setBrush(mixed(rgb(0x3C5F67), rgb(0x7F9BA0), far));
    QPainterPath stone(QPointF(x - rx, y));
    stone.cubicTo(x - rx, y - ry * 1.05, x - rx * .45, y - ry * 1.35, x - rx * .05, y - ry * 1.3);
    stone.cubicTo(x + rx * .35, y - ry * 1.25, x + rx * 1.03, y - ry * .9, x + rx, y + ry * .05);
    stone.cubicTo(x + rx * .97, y + ry, x + rx * .4, y + ry, x - rx * .1, y + ry * .95);
    stone.cubicTo(x - rx * .6, y + ry * .9, x - rx, y + ry * .75, x - rx, y);
    p.drawPath(stone);
    p.setOpacity(.75);
    p.setBrush(mixed(rgb(0x6C8C92), rgb(0xA9BDBF), far));
    p.drawEllipse(QPointF(x, y - ry * .42), rx * .78, ry * .55);
  }
  p.setOpacity(1);
}

void Inlet::paint_reeds(QPainter& p, double t) const {
  for (std::size_t i = 0; i < reeds_.size(); ++i) {
    const Reed& reed = reeds_[i];
    const double lean = reed.lean + std::sin(2 * M_PI * t / 7 + double(i)) * 6;
    const QPointF tip(reed.x + lean, 905 - reed.height);
    QPainterPath stalk(QPointF(reed.x, 905));
    stalk.quadTo(QPointF(reed.x + lean * .15, 905 - reed.height * .6), tip);
    p.strokePath(stalk, QPen(reed.colour, reed.width, Qt::SolidLine, Qt::RoundCap));
    if (!reed.head) continue;
    p.save();
    p.translate(tip);
    p.rotate(lean * .25);
    p.setBrush(rgb(0x8A6A45));
    p.drawEllipse(QPointF(0, 0), 6, 22);
    p.restore();
  }
}

} // namespace machiai::display
