// SPDX-License-Identifier: Apache-2.0
// "Falling petals": a cherry branch over a river in spring.
#include "display/scenes/scenery.hpp"

#include <QPainterPath>
#include <cmath>

namespace machiai::display {

namespace {

constexpr double bank = 610;

class Petals final : public DrawnScene {
public:
  Petals() {
    Dice dice(57);
    for (int i = 0; i < 34; ++i) {
      const double near = dice.roll();
      petals_.push_back({dice.roll(0, width), dice.roll(0, height), 7 + 11 * near, 16 + 20 * near,
                         dice.roll(0, 6.28), dice.roll(7, 12),
                         mixed(QColor(0xF7D3DC), QColor(0xFCEBEF), dice.roll())});
    }
    for (int i = 0; i < 30; ++i)
      floating_.push_back({dice.roll(0, width), dice.roll(bank + 40, height - 20), 5 + dice.roll() * 7, 7,
                           dice.roll(0, 6.28), dice.roll(8, 13), QColor(0xF9DDE4)});
  }

protected:
  void paint_still(QPainter& p) const override {
    p.fillRect(QRectF(0, 0, width, bank), downwards(0, bank, {{0, 0xC4DEEB}, {.7, 0xEAF1EC}, {1, 0xF8F0E6}}));
    hill(p, 0xC8D7D6, 190, 1.2, .5);
    hill(p, 0xAFC9BE, 120, 2.0, 2.2);
    trees(p);
    p.fillRect(QRectF(0, bank, width, height - bank),
               downwards(bank, height - bank, {{0, 0xDCE6E2}, {.3, 0xA9CBD0}, {1, 0x6FA3B0}}));
    p.fillRect(QRectF(0, bank - 14, width, 22), downwards(bank - 14, 22, {{0, 0x8FB58C}, {1, 0xA9C79B}}));
    branch(p);
  }

  void paint_moving(QPainter& p, double t) const override {
    for (const Petal& each : floating_) {
      const double x = std::fmod(each.x + each.fall * t, width + 60) - 30;
      p.setBrush(clear(each.colour, .85));
      p.drawEllipse(QPointF(x, each.y + 2 * std::sin(2 * M_PI * t / each.period + each.phase)), each.size,
                    each.size * .42);
    }
    for (const Petal& each : petals_) {
      const double y = std::fmod(each.y + each.fall * t, height + 60) - 30;
      const double sway = std::sin(2 * M_PI * t / each.period + each.phase);
      const double x = std::fmod(each.x + 9 * t + 46 * sway + 100, width + 200) - 100;
      p.save();
      p.translate(x, y);
      p.rotate(40 * sway + each.phase * 57);
      p.scale(each.size / 10,
              each.size / 10 * (.62 + .3 * std::cos(2 * M_PI * t / each.period + each.phase * 2)));
      p.setBrush(each.colour);
      p.drawPath(petal());
      p.restore();
    }
  }

private:
  struct Petal {
    double x, y, size, fall, phase, period;
    QColor colour;
  };

  static const QPainterPath& petal() {
    static const QPainterPath path = [] {
      QPainterPath p(QPointF(0, 10));
      p.cubicTo(-9, 4, -8, -8, -2, -10);
      p.lineTo(0, -7.5);
      p.lineTo(2, -10);
      p.cubicTo(8, -8, 9, 4, 0, 10);
      return p;
    }();
    return path;
  }

  static void hill(QPainter& p, unsigned colour, double tall, double waves, double phase) {
    QPainterPath path(QPointF(0, bank));
    for (double x = 0; x <= width; x += 16) {
      const double u = x / width * 6.28;
      path.lineTo(x,
                  bank - tall * (.6 + .28 * std::sin(waves * u + phase) + .12 * std::sin(2.7 * waves * u)));
    }
    path.lineTo(width, bank);
    p.setBrush(QColor(colour));
    p.drawPath(path);
  }

  /// Trees in blossom along the far bank, in clumps of soft rounds.
  static void trees(QPainter& p) {
    Dice dice(61);
    for (int tree = 0; tree < 13; ++tree) {
      const double x = -20 + tree * 136 + dice.roll(-30, 30);
      const double size = dice.roll(.8, 1.25);
      p.setBrush(QColor(0x8C7A74));
      p.drawRect(QRectF(x - 5, bank - 70 * size, 10, 64 * size));
      for (int i = 0; i < 16; ++i) {
        p.setBrush(clear(mixed(QColor(0xEDB9C8), QColor(0xFBE6EB), dice.roll()), .8));
        const double r = dice.roll(20, 40) * size;
        p.drawEllipse(QPointF(x + dice.roll(-62, 62) * size, bank - (78 + dice.roll(-26, 52)) * size), r,
                      r * .8);
      }
    }
  }

  static void blossom(QPainter& p, const QPointF& at, double size, Dice& dice) {
    p.save();
    p.translate(at);
    p.rotate(dice.roll(0, 72));
    p.scale(size, size);
    const QColor colour = mixed(QColor(0xF6CAD6), QColor(0xFDEEF2), dice.roll());
    for (int i = 0; i < 5; ++i) {
      p.save();
      p.rotate(i * 72);
      p.translate(0, -10);
      p.setBrush(colour);
      p.drawPath(petal());
      p.restore();
    }
    p.setBrush(QColor(0xD98BA2));
    p.drawEllipse(QPointF(), 3.4, 3.4);
    p.restore();
  }

  static void branch(QPainter& p) {
    const auto limb = [&](QPointF a, QPointF b, QPointF c, double pen) {
      QPainterPath path(a);
      path.quadTo(b, c);
      p.strokePath(path, QPen(QColor(0x6B544C), pen, Qt::SolidLine, Qt::RoundCap));
      return path;
    };
    const std::vector<QPainterPath> limbs{
        limb({-20, 60}, {330, 40}, {760, 190}, 20), limb({250, 62}, {420, 190}, {470, 330}, 11),
        limb({470, 96}, {640, 60}, {900, 96}, 9), limb({90, 56}, {150, 170}, {140, 290}, 9)};
    Dice dice(67);
    for (const QPainterPath& path : limbs)
      for (double at = .12; at <= 1; at += .055) {
        const int count = at > .8 ? 3 : 2;
        for (int i = 0; i < count; ++i)
          blossom(p, path.pointAtPercent(std::min(at, 1.0)) + QPointF(dice.roll(-46, 46), dice.roll(-40, 40)),
                  dice.roll(.8, 1.5), dice);
      }
  }

  std::vector<Petal> petals_, floating_;
};

} // namespace

std::unique_ptr<Scene> make_petals() {
  return std::make_unique<Petals>();
}

} // namespace machiai::display
