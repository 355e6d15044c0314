// SPDX-License-Identifier: Apache-2.0
// Paints the zones of a board, each inside its own rectangle of design pixels.
#pragma once

#include "display/board_model.hpp"
#include "display/layout.hpp"

#include <QPainter>
#include <array>

namespace machiai::display {

/// What moves in the call zone.
struct Motion {
  double widen = 0;
  std::array<double, 3> rings{-1, -1, -1}; ///< 0..1, negative: not seen
};

/// Where a film of that size stands in its place: as large as it fits, centred.
[[nodiscard]] QRect film_target(const QRect& place, const QSize& film);
void paint_call(QPainter& painter, const QRectF& rect, const CallZone& zone, const CallSizes& sizes,
                const Motion& motion);
void paint_caption(QPainter& painter, const QRectF& rect, const Caption& caption);
void paint_rooms(QPainter& painter, const QRectF& rect, const RoomsZone& zone, Shape shape);
void paint_next(QPainter& painter, const QRectF& rect, const NextZone& zone, Shape shape);
void paint_absent(QPainter& painter, const QRectF& rect, const AbsentZone& zone);
void paint_previous(QPainter& painter, const QRectF& rect, const PreviousZone& zone);
void paint_notice(QPainter& painter, const QRectF& rect, const NoticeZone& zone);
void paint_guide(QPainter& painter, const QRectF& rect, const GuideZone& zone);
/// Which of several pages a zone shows: a column of dots at its right edge.
void paint_page_dots(QPainter& painter, const QRectF& rect, int page, int pages, const QColor& here,
                     const QColor& others);
void paint_band(QPainter& painter, const QRectF& rect, const Band& band, Shape shape);

} // namespace machiai::display
