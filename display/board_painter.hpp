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

void paint_call(QPainter& painter, const QRectF& rect, const CallZone& zone, const CallSizes& sizes,
                const Motion& motion);
void paint_caption(QPainter& painter, const QRectF& rect, const Caption& caption);
void paint_rooms(QPainter& painter, const QRectF& rect, const RoomsZone& zone, Shape shape);
void paint_next(QPainter& painter, const QRectF& rect, const NextZone& zone, Shape shape);
void paint_absent(QPainter& painter, const QRectF& rect, const AbsentZone& zone);
void paint_previous(QPainter& painter, const QRectF& rect, const PreviousZone& zone);
/// `before`: the page that is leaving, while `fade` (0..1) is under 1.
void paint_notice(QPainter& painter, const QRectF& rect, const NoticeZone& zone, const NoticeZone& before,
                  double fade);
void paint_guide(QPainter& painter, const QRectF& rect, const GuideZone& zone);
void paint_band(QPainter& painter, const QRectF& rect, const Band& band, Shape shape);

} // namespace machiai::display
