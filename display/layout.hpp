// SPDX-License-Identifier: Apache-2.0
// Where the zones stand, in design pixels (1920x1080 or 1080x1920), and how large the call's words are.
#pragma once

#include "display/board_model.hpp"

#include <QRectF>
#include <QSizeF>
#include <QTransform>

namespace machiai::display {

enum class Shape { landscape, portrait, queue_only };

/// Zones of a face; an empty rectangle is a zone that face does not have.
struct Layout {
  QSizeF design;
  QRectF film, call, caption, next, notice, rooms, absent, previous, guide, band;
};

/// `widen`: 0 at rest, 1 with the call on stage; the call's far edge never moves. `several` services give the
/// band a second row (upright: a second block), for which film and call give way.
[[nodiscard]] Layout layout_of(Shape shape, Face face, double widen, bool several = false);

/// Sizes inside the call zone.
struct CallSizes {
  double number, room, spine, spine_text, pad_top, pad_bottom;
  double ripple; ///< size of the standing rings
  bool spine_icon;
};
[[nodiscard]] CallSizes call_sizes(Shape shape, double widen, bool several = false);

/// Design to device pixels: scaled alike in both directions, centred, shifted against burn-in.
[[nodiscard]] QTransform placement(const QSizeF& design, const QSizeF& device, std::int64_t running_ms);

} // namespace machiai::display
