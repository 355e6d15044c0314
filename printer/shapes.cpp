// SPDX-License-Identifier: Apache-2.0
#include "printer/shapes.hpp"

#include <algorithm>
#include <array>
#include <span>

namespace machiai::printer {

namespace {

struct Point {
  std::int16_t x = 0; ///< 1/100 of the 24 grid
  std::int16_t y = 0;
};
using Path = std::span<const Point>;

// assets' speaker.svg and tel.svg with their arcs flattened to less than half a dot at 40 dots.
constexpr auto speaker_body = std::to_array<Point>(
    {{400, 950}, {750, 950}, {1200, 550}, {1200, 1850}, {750, 1450}, {400, 1450}, {400, 950}});
constexpr auto speaker_near = std::to_array<Point>(
    {{1550, 900}, {1618, 988}, {1661, 1090}, {1676, 1200}, {1661, 1310}, {1618, 1412}, {1550, 1500}});
constexpr auto speaker_far = std::to_array<Point>({{1800, 600},
                                                   {1886, 701},
                                                   {1956, 815},
                                                   {2006, 938},
                                                   {2038, 1067},
                                                   {2048, 1200},
                                                   {2038, 1333},
                                                   {2006, 1462},
                                                   {1956, 1585},
                                                   {1886, 1699},
                                                   {1800, 1800}});
constexpr auto receiver = std::to_array<Point>(
    {{600, 300},   {900, 300},   {1050, 800},  {850, 950},   {907, 1060},  {974, 1164},  {1053, 1260},
     {1140, 1347}, {1236, 1426}, {1340, 1493}, {1450, 1550}, {1600, 1350}, {2100, 1500}, {2100, 1800},
     {2079, 1901}, {2020, 1984}, {1932, 2037}, {1830, 2050}, {1691, 2027}, {1554, 1993}, {1421, 1947},
     {1292, 1891}, {1168, 1824}, {1050, 1747}, {939, 1660},  {835, 1565},  {740, 1461},  {653, 1350},
     {576, 1232},  {509, 1108},  {453, 979},   {407, 846},   {373, 709},   {350, 570},   {363, 468},
     {416, 380},   {499, 321},   {600, 300}});

/// Square of the distance of (px, py) to the piece a-b, all in 1/100 grid.
double distance2(double px, double py, Point a, Point b) {
  const double dx = b.x - a.x;
  const double dy = b.y - a.y;
  const double length2 = dx * dx + dy * dy;
  const double along = length2 == 0 ? 0 : std::clamp(((px - a.x) * dx + (py - a.y) * dy) / length2, 0.0, 1.0);
  const double ex = px - (a.x + along * dx);
  const double ey = py - (a.y + along * dy);
  return ex * ex + ey * ey;
}

bool on_stroke(Path path, double px, double py) {
  constexpr double half_stroke = 100;
  for (std::size_t i = 1; i < path.size(); ++i)
    if (distance2(px, py, path[i - 1], path[i]) <= half_stroke * half_stroke) return true;
  return false;
}

void stroke(Bitmap& on, Path path, int x, int y, int size) {
  const double grid = 2400.0 / size;
  for (int row = 0; row < size; ++row)
    for (int column = 0; column < size; ++column)
      if (on_stroke(path, (column + 0.5) * grid, (row + 0.5) * grid)) on.set(x + column, y + row, true);
}

/// Whether the dot's centre lies within the rounded box.
bool inside(const Box& box, int radius, int x, int y) {
  const double cx = std::clamp(x + 0.5, static_cast<double>(box.left + radius),
                               static_cast<double>(std::max(box.right - radius, box.left + radius)));
  const double cy = std::clamp(y + 0.5, static_cast<double>(box.top + radius),
                               static_cast<double>(std::max(box.bottom - radius, box.top + radius)));
  const double dx = x + 0.5 - cx;
  const double dy = y + 0.5 - cy;
  return dx * dx + dy * dy <= static_cast<double>(radius) * radius;
}

} // namespace

void fill_rounded(Bitmap& on, const Box& box, int radius, bool black) {
  for (int y = box.top; y < box.bottom; ++y)
    for (int x = box.left; x < box.right; ++x)
      if (inside(box, radius, x, y)) on.set(x, y, black);
}

void frame_rounded(Bitmap& on, const Box& box, int radius, int line) {
  fill_rounded(on, box, radius);
  fill_rounded(on, {box.left + line, box.top + line, box.right - line, box.bottom - line},
               std::max(radius - line, 0), false);
}

void dashes(Bitmap& on, const Box& box, int dash, int gap) {
  for (int x = box.left; x < box.right; x += dash + gap)
    on.fill({x, box.top, std::min(x + dash, box.right), box.bottom}, true);
}

void draw_icon(Bitmap& on, Icon icon, int x, int y, int size) {
  if (icon == Icon::telephone) return stroke(on, receiver, x, y, size);
  stroke(on, speaker_body, x, y, size);
  stroke(on, speaker_near, x, y, size);
  stroke(on, speaker_far, x, y, size);
}

} // namespace machiai::printer
