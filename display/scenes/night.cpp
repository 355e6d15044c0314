// SPDX-License-Identifier: Apache-2.0
// "Stars over a lake": a moonlit evening that stays bright enough for a waiting room.
#include "display/scenes/scenery.hpp"

#include <QPainterPath>
#include <QRadialGradient>
#include <cmath>

namespace machiai::display {

namespace {

constexpr double lake = 640;
/// Within the third of the width that an upright place leaves; so is the boat.
constexpr QPointF moon{975, 190};

class Night final : public DrawnScene {
public:
  Night() {
    Dice dice(41);
    for (int i = 0; i < 150; ++i) {
      const double size = std::pow(dice.roll(), 3);
      stars_.push_back({dice.roll(0, width), dice.roll(0, lake - 150), 1.1 + 2.2 * size, dice.roll(0, 6.28),
                        dice.roll(6, 13)});
    }
    for (int i = 0; i < 34; ++i) {
      const double f = i / 34.0;
      glints_.push_back({moon.x() + dice.roll(-1, 1) * (16 + f * 70), lake + 10 + f * f * 240, 22 + f * 90,
                         dice.roll(0, 6.28), dice.roll(6, 9)});
    }
  }

protected:
  void paint_still(QPainter& p) const override {
    p.fillRect(QRectF(0, 0, width, lake),
               downwards(0, lake, {{0, 0x1B2F5B}, {.55, 0x35558A}, {.85, 0x6C86AE}, {1, 0xA9AFC4}}));
    p.save();
    p.translate(520, 210);
    p.rotate(-24);
    QRadialGradient river(QPointF(), 1);
    river.setColorAt(0, clear(0xC9D6F2, .26));
    river.setColorAt(1, clear(0xC9D6F2, 0));
    p.scale(900, 120);
    p.setBrush(river);
    p.drawEllipse(QPointF(), 1, 1);
    p.restore();
    QRadialGradient glow(moon, 260);
    glow.setColorAt(0, clear(0xF6F0DA, .6));
    glow.setColorAt(.3, clear(0xE9E6DA, .22));
    glow.setColorAt(1, clear(0xE9E6DA, 0));
    p.setBrush(glow);
    p.drawEllipse(moon, 260, 260);
    p.setBrush(QColor(0xFBF4DC));
    p.drawEllipse(moon, 46, 46);
    p.setBrush(clear(0xE6DAB8, .6));
    p.drawEllipse(moon + QPointF(-14, -8), 11, 9);
    p.drawEllipse(moon + QPointF(12, 14), 8, 7);
    ridge(p, 0x54709C, 130, 1.3, .4);
    ridge(p, 0x3A5583, 92, 2.1, 2.6);
    ridge(p, 0x27406B, 56, 3.2, 4.1);
    p.fillRect(QRectF(0, lake, width, height - lake),
               downwards(lake, height - lake, {{0, 0x6F86AC}, {.25, 0x3F5C8D}, {1, 0x1D3360}}));
    shore(p);
  }

  void paint_moving(QPainter& p, double t) const override {
    for (const Light& star : stars_) {
      // They hardly change: a quarter of their light in six seconds and more.
      const double light = .75 + .25 * std::sin(2 * M_PI * t / star.period + star.phase);
      p.setBrush(clear(0xF7F6EC, .9 * light));
      p.drawEllipse(QPointF(star.x, star.y), star.size, star.size);
    }
    for (const Light& glint : glints_) {
      const double light = .55 + .45 * std::sin(2 * M_PI * t / glint.period + glint.phase);
      p.setBrush(clear(0xF3ECD2, .5 * light));
      const double shift = 5 * std::sin(2 * M_PI * t / 11 + glint.phase);
      p.drawEllipse(QPointF(glint.x + shift, glint.y), glint.size / 2, 1.5 + glint.size / 36);
    }
    for (int i = 0; i < 3; ++i) {
      const double x = std::fmod(i * 640 + 4 * t, width + 700) - 350;
      p.setBrush(clear(0xC9D3E4, .16));
      p.drawEllipse(QPointF(x, lake - 26 + i * 12), 330, 13);
    }
  }

private:
  struct Light {
    double x, y, size, phase, period;
  };

  static void ridge(QPainter& p, unsigned colour, double tall, double waves, double phase) {
    QPainterPath path(QPointF(0, lake));
    for (double x = 0; x <= width; x += 16) {
      const double u = x / width * 6.28;
      const double shape =
          .55 + .3 * std::sin(waves * u + phase) + .15 * std::sin(3.1 * waves * u + phase * 2);
      path.lineTo(x, lake - tall * shape);
    }
    path.lineTo(width, lake);
    p.setBrush(QColor(colour));
    p.drawPath(path);
  }

  /// Dark grass at the near shore, and a small boat that is at rest for the night.
  static void shore(QPainter& p) {
    p.setBrush(QColor(0x16284C));
    QPainterPath bank(QPointF(0, height));
    bank.lineTo(0, 838);
    bank.cubicTo(260, 812, 480, 858, 760, 872);
    bank.cubicTo(880, 878, 980, 888, 1080, height);
    p.drawPath(bank);
    Dice dice(43);
    for (int i = 0; i < 40; ++i) {
      const double x = dice.roll(0, 520);
      const double tall = dice.roll(30, 96);
      QPainterPath blade(QPointF(x, 858));
      blade.quadTo(x + 3, 858 - tall * .6, x + dice.roll(-26, 26), 850 - tall);
      p.strokePath(blade, QPen(QColor(0x16284C), 3.4, Qt::SolidLine, Qt::RoundCap));
    }
    p.save();
    p.translate(690, 742);
    p.setBrush(clear(0x16284C, .35));
    p.drawEllipse(QPointF(10, 26), 120, 9);
    p.setBrush(QColor(0x1B3058));
    QPainterPath boat(QPointF(-96, -8));
    boat.cubicTo(-60, 4, 70, 4, 112, -14);
    boat.cubicTo(98, 18, 72, 26, 40, 26);
    boat.lineTo(-46, 26);
    boat.cubicTo(-76, 24, -90, 8, -96, -8);
    p.drawPath(boat);
    p.restore();
  }

  std::vector<Light> stars_, glints_;
};

} // namespace

std::unique_ptr<Scene> make_night() {
  return std::make_unique<Night>();
}

} // namespace machiai::display
