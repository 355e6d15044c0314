// SPDX-License-Identifier: Apache-2.0
#include "display/layout.hpp"

#include <algorithm>

namespace machiai::display {

namespace {

constexpr double second_row = 104;
constexpr double second_block = 186; ///< of two lines

double between(double rest, double staged, double widen) {
  return rest + (staged - rest) * widen;
}

QRectF between(const QRectF& rest, const QRectF& staged, double t) {
  return {between(rest.x(), staged.x(), t), between(rest.y(), staged.y(), t),
          between(rest.width(), staged.width(), t), between(rest.height(), staged.height(), t)};
}

Layout landscape(Face face, double widen, bool several) {
  const double up = several ? second_row : 0;
  Layout l{{1920, 1080}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {0, 976 - up, 1920, 104 + up}};
  l.film = between({24, 24, 1056, 594}, {24, 24, 792, 446}, widen);
  l.call = between({1104, 24, 792, 594}, {840, 24, 1056, 594}, widen);
  // The film keeps 16:9, so what it loses in height the call gains in width.
  if (several) {
    l.film = between({24, 24, 871, 490}, {116, 24, 608, 342}, widen);
    l.call = between({919, 24, 977, 490}, {840, 24, 1056, 490}, widen);
  }
  switch (face) {
  case Face::calling:
  case Face::before:
    l.next = {24, 642 - up, 1056, 172};
    l.notice = {24, 834 - up, 1056, 118};
    l.rooms = {1104, 642 - up, 792, 310};
    // The caption stands where the film has left; it comes when the film is out of its way.
    if (widen >= 1) l.caption = {24, 490 - up, 792, 128};
    break;
  case Face::stale:
    l.guide = {24, 642, 1056, 310};
    l.rooms = {1104, 642, 792, 310};
    break;
  default: l.guide = {24, 642, 1872, 310};
  }
  return l;
}

Layout portrait(Face face, double widen, bool several) {
  const double up = several ? second_block : 0;
  Layout l{{1080, 1920}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {0, 1726 - up, 1080, 194 + up}};
  l.film = between({24, 24, 1032, 580}, {128, 24, 824, 464}, widen);
  if (several) l.film = between({190, 24, 700, 394}, {293, 24, 494, 278}, widen);
  l.call = between({24, 624 - up, 1032, 460}, {24, 508 - up, 1032, 576}, widen);
  switch (face) {
  case Face::calling:
  case Face::before:
    l.rooms = {24, 1104 - up, 1032, 290};
    l.next = {24, 1414 - up, 1032, 160};
    l.notice = {24, 1594 - up, 1032, 112};
    if (widen >= 1) l.caption = l.notice;
    break;
  case Face::stale:
    l.rooms = {24, 1104, 1032, 290};
    l.guide = {24, 1414, 1032, 292};
    break;
  default: l.guide = {24, 1104, 1032, 602};
  }
  return l;
}

Layout queue_only(Face face, bool several) {
  const double up = several ? second_row : 0;
  Layout l{{1920, 1080}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {0, 976 - up, 1920, 104 + up}};
  l.call = {24, 24, 1032, 600 - up};
  switch (face) {
  case Face::calling:
  case Face::before:
    l.next = {24, 648 - up, 1032, 172};
    l.notice = {24, 840 - up, 1032, 112};
    l.rooms = {1080, 24, 816, 420};
    l.absent = {1080, 468, 816, 230};
    l.previous = {1080, 722, 816, 230};
    if (several) {
      l.rooms = {1080, 24, 816, 340};
      l.absent = {1080, 388, 816, 218};
      l.previous = {1080, 630, 816, 218};
    }
    break;
  case Face::stale:
    l.guide = {24, 648, 1032, 304};
    l.rooms = {1080, 24, 816, 928};
    break;
  default: l.call = {24, 24, 1872, 594}; l.guide = {24, 642, 1872, 310};
  }
  return l;
}

} // namespace

Layout layout_of(Shape shape, Face face, double widen, bool several) {
  switch (shape) {
  case Shape::portrait: return portrait(face, widen, several);
  case Shape::queue_only: return queue_only(face, several);
  default: return landscape(face, widen, several);
  }
}

CallSizes call_sizes(Shape shape, double widen, bool several) {
  CallSizes s{};
  s.pad_top = 24;
  s.pad_bottom = 30;
  s.ripple = 1;
  s.spine_icon = widen > 0;
  switch (shape) {
  case Shape::portrait:
    s.number = between(290, 380, widen);
    s.room = between(100, 108, widen);
    s.spine = 124;
    s.spine_text = 88;
    s.pad_top = 18;
    s.pad_bottom = 24;
    break;
  case Shape::queue_only:
    s.number = 380;
    s.room = 120;
    s.spine = 150;
    s.spine_text = 92;
    s.ripple = 1.27;
    if (!several) break;
    s.number = 300;
    s.room = 104;
    break;
  case Shape::landscape:
    s.number = between(330, 380, widen);
    s.room = between(94, 122, widen);
    s.spine = between(124, 150, widen);
    s.spine_text = between(88, 92, widen);
    if (!several) break;
    s.number = 310;
    s.room = between(94, 104, widen);
    break;
  }
  return s;
}

QTransform placement(const QSizeF& design, const QSizeF& device, std::int64_t running_ms) {
  constexpr std::int64_t shift_every_ms = 600'000;
  constexpr double shift_px[4][2] = {{0, 0}, {2, 0}, {2, 2}, {0, 2}};
  const double scale = std::min(device.width() / design.width(), device.height() / design.height());
  const auto& shift = shift_px[running_ms / shift_every_ms % 4];
  QTransform t;
  t.translate((device.width() - design.width() * scale) / 2 + shift[0],
              (device.height() - design.height() * scale) / 2 + shift[1]);
  t.scale(scale, scale);
  return t;
}

} // namespace machiai::display
