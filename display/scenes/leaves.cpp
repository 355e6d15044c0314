// SPDX-License-Identifier: Apache-2.0
// "Light through leaves": twigs that sway before a garden out of focus.
#include "display/scenes/scenery.hpp"

#include <QPainterPath>
#include <QRadialGradient>
#include <algorithm>
#include <cmath>

namespace machiai::display {

namespace {

class Leaves final : public DrawnScene {
public:
  Leaves() {
    Dice dice(23);
    for (int i = 0; i < 26; ++i)
      spots_.push_back({{dice.roll(0, width), dice.roll(80, height)},
                        dice.roll(26, 92),
                        dice.roll(0, 6.28),
                        dice.roll() > .5 ? 0xF6F3C2U : 0xD5ECA9U});
    for (int i = 0; i < 9; ++i)
      grow(dice, QPointF(-60 + i * 215 + dice.roll(-40, 40), -30), dice.roll(240, 430));
  }

protected:
  void paint_still(QPainter& p) const override {
    p.fillRect(QRectF(0, 0, width, height),
               downwards(0, height, {{0, 0xDDEBB4}, {.45, 0x9CC487}, {.8, 0x6FA476}, {1, 0x5C9170}}));
    Dice dice(31);
    for (int i = 0; i < 38; ++i) {
      const QPointF at(dice.roll(0, width), dice.roll(height * .3, height));
      const double r = dice.roll(90, 240);
      const unsigned tone = dice.roll() > .5 ? 0x7FB37AU : 0x4E8767U;
      QRadialGradient soft(at, r);
      soft.setColorAt(0, clear(tone, .42));
      soft.setColorAt(1, clear(tone, 0));
      p.setBrush(soft);
      p.drawEllipse(at, r, r);
    }
    QRadialGradient sun(QPointF(1180, 60), 700);
    sun.setColorAt(0, clear(0xFFFBE0, .9));
    sun.setColorAt(.4, clear(0xFFF7CC, .4));
    sun.setColorAt(1, clear(0xFFF7CC, 0));
    p.fillRect(QRectF(0, 0, width, height), sun);
  }

  void paint_moving(QPainter& p, double t) const override {
    for (const Spot& spot : spots_) {
      const double swell = .5 + .5 * std::sin(2 * M_PI * t / 12 + spot.phase);
      p.setBrush(clear(spot.colour, .1 + .22 * swell));
      p.drawEllipse(spot.at + QPointF(8 * std::sin(2 * M_PI * t / 17 + spot.phase), 0), spot.r, spot.r);
    }
    for (const Twig& twig : twigs_) {
      const double wind =
          std::sin(2 * M_PI * t / 8 + twig.phase) + .4 * std::sin(2 * M_PI * t / 5 + twig.phase * 2);
      p.save();
      p.translate(twig.root);
      p.rotate(twig.lean + 1.1 * wind);
      p.strokePath(stem(twig.length), QPen(QColor(0x5B6B3E), 5, Qt::SolidLine, Qt::RoundCap));
      for (const Leaf& leaf : twig.leaves) {
        p.save();
        p.translate(10 * std::sin(leaf.at * M_PI), leaf.at * twig.length);
        p.rotate(leaf.angle + 3.5 * std::sin(2 * M_PI * t / 4.5 + leaf.phase));
        p.scale(leaf.size, leaf.size);
        p.setBrush(leaf.colour);
        p.drawPath(blade());
        p.strokePath(rib(), QPen(clear(0xF4F8D8, .35), 2));
        p.restore();
      }
      p.restore();
    }
  }

private:
  struct Spot {
    QPointF at;
    double r, phase;
    QColor colour;
  };
  struct Leaf {
    double at, angle, size, phase;
    QColor colour;
  };
  struct Twig {
    QPointF root;
    double length, lean, phase;
    std::vector<Leaf> leaves;
  };

  void grow(Dice& dice, QPointF root, double length) {
    Twig twig{root, length, dice.roll(-16, 16), dice.roll(0, 6.28), {}};
    const int count = static_cast<int>(length / 40);
    for (int i = 0; i <= count; ++i) {
      const double side = i % 2 == 0 ? 1 : -1;
      const double angle = i == count ? 0 : side * dice.roll(38, 66);
      twig.leaves.push_back({.12 + .88 * i / count, -angle, dice.roll(.75, 1.15), dice.roll(0, 6.28),
                             mixed(QColor(0x3F7D45), QColor(0x9CC653), dice.roll())});
    }
    twigs_.push_back(std::move(twig));
  }

  static QPainterPath stem(double length) {
    QPainterPath path;
    path.quadTo(14, length * .5, 0, length);
    return path;
  }
  static const QPainterPath& blade() {
    static const QPainterPath path = [] {
      QPainterPath leaf;
      leaf.cubicTo(34, 18, 34, 70, 0, 108);
      leaf.cubicTo(-34, 70, -34, 18, 0, 0);
      return leaf;
    }();
    return path;
  }
  static const QPainterPath& rib() {
    static const QPainterPath path = [] {
      QPainterPath line(QPointF(0, 6));
      line.lineTo(0, 92);
      return line;
    }();
    return path;
  }

  std::vector<Spot> spots_;
  std::vector<Twig> twigs_;
};

} // namespace

std::unique_ptr<Scene> make_leaves() {
  return std::make_unique<Leaves>();
}

} // namespace machiai::display
