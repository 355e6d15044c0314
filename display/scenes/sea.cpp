// SPDX-License-Identifier: Apache-2.0
// "A wide beach": sea to the horizon, slow swell, and a wave that runs up the sand and goes back.
#include "display/scenes/scenery.hpp"

#include <QPainterPath>
#include <algorithm>
#include <cmath>

namespace machiai::display {

namespace {

constexpr double sea_line = 330;
constexpr double shore = 650;

class Sea final : public DrawnScene {
public:
  Sea() {
    Dice dice(11);
    for (int i = 0; i < 64; ++i) {
      const double f = std::pow(dice.roll(), 1.6);
      swell_.push_back({dice.roll(0, width), sea_line + 10 + f * (shore - sea_line - 46), 46 + f * 240,
                        1.4 + f * 5, dice.roll(0, 6.28), dice.roll() > .4});
    }
    for (int i = 0; i < 90; ++i)
      grains_.push_back(
          {dice.roll(0, width), dice.roll(shore + 110, height), 1 + dice.roll() * 2.2, 0, 0, false});
  }

protected:
  void paint_still(QPainter& p) const override {
    p.fillRect(QRectF(0, 0, width, sea_line),
               downwards(0, sea_line, {{0, 0x8FBCDD}, {.6, 0xC7E0EC}, {1, 0xF0F1E6}}));
    p.setBrush(clear(Qt::white, .55));
    for (const auto& [x, y, rx, ry] : {std::array{300.0, 140.0, 250.0, 15.0},
                                       {430, 118, 160, 13},
                                       {1130, 205, 320, 12},
                                       {1290, 184, 180, 11},
                                       {800, 262, 220, 7}})
      p.drawEllipse(QPointF(x, y), rx, ry);
    p.setBrush(QColor(0x9DB8C4));
    QPainterPath island(QPointF(1120, sea_line));
    island.cubicTo(1190, sea_line - 50, 1240, sea_line - 58, 1290, sea_line - 30);
    island.cubicTo(1330, sea_line - 44, 1390, sea_line - 26, 1450, sea_line);
    p.drawPath(island);
    p.fillRect(QRectF(0, sea_line, width, height - sea_line),
               downwards(sea_line, shore - sea_line + 90,
                         {{0, 0x7FB3C4}, {.3, 0x3F8FA6}, {.75, 0x57AFB4}, {1, 0x9CD4C8}}));
    p.fillRect(QRectF(0, shore + 96, width, height),
               downwards(shore + 96, height - shore - 96, {{0, 0xE3D2AE}, {1, 0xF2E6CB}}));
    p.setBrush(clear(0xB89F74, .5));
    for (const Swell& each : grains_) p.drawEllipse(QPointF(each.x, each.y), each.w, each.w * .7);
  }

  void paint_moving(QPainter& p, double t) const override {
    for (const Swell& each : swell_) {
      // What is near moves more, as seen from the beach.
      const double near = (each.y - sea_line) / (shore - sea_line);
      const double x = each.x + 10 * near * std::sin(2 * M_PI * t / 11 + each.phase);
      const double y = each.y + 5 * near * std::sin(2 * M_PI * t / 7 + each.phase * 1.7);
      const double glow = .5 + .5 * std::sin(2 * M_PI * t / 9 + each.phase);
      p.setBrush(each.light ? clear(0xEAF6F2, .14 + .26 * glow) : clear(0x2C7389, .14 + .16 * glow));
      p.drawEllipse(QPointF(x, y), each.w / 2, each.h / 2);
    }
    paint_wash(p, t, 13, 0, .5);
    paint_wash(p, t, 13, 6.5, .5);
  }

private:
  struct Swell {
    double x, y, w, h, phase;
    bool light;
  };

  /// One wave over the sand: it comes quickly, goes slowly, and its foam thins out.
  static void paint_wash(QPainter& p, double t, double period, double offset, double strength) {
    const double u = std::fmod(t + offset, period) / period;
    const double reach =
        u < .4 ? std::sin(u / .4 * M_PI / 2) : std::pow(std::cos((u - .4) / .6 * M_PI / 2), 1.4);
    const double edge = shore + 70 + 105 * reach;
    QPainterPath path(QPointF(0, shore + 60));
    const auto line = [&](double x) {
      return edge + 13 * std::sin(x / 190 + offset) + 7 * std::sin(x / 83 + offset * 2 + t / 9);
    };
    path.lineTo(0, line(0));
    for (double x = 40; x <= width; x += 40) path.lineTo(x, line(x));
    path.lineTo(width, shore + 60);
    path.closeSubpath();
    p.setBrush(downwards(
        shore + 60, edge - shore - 40,
        {{0, clear(0x9CD4C8, 0)}, {.35, clear(0xA9DACD, strength)}, {1, clear(0xCFEBE0, strength)}}));
    p.drawPath(path);
    QPainterPath foam(QPointF(0, line(0)));
    for (double x = 40; x <= width; x += 40) foam.lineTo(x, line(x));
    const double thin = std::clamp(reach * 1.2, .15, 1.0);
    p.strokePath(
        foam, QPen(clear(0xFFFFFF, .85 * thin), 5 + 5 * reach, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin));
  }

  std::vector<Swell> swell_, grains_;
};

} // namespace

std::unique_ptr<Scene> make_sea() {
  return std::make_unique<Sea>();
}

} // namespace machiai::display
