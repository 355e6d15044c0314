// SPDX-License-Identifier: Apache-2.0
// The relaxation scene "morning inlet": drawn by our own code, from no file, so that it can always be shown.
#pragma once

#include "display/scenes/scenery.hpp"

#include <QImage>
#include <QPainter>
#include <QPainterPath>
#include <QPixmap>
#include <cstdint>
#include <vector>

namespace machiai::display {

/// The same seed gives the same picture at the same `t` (seconds), in any size.
class Inlet : public Scene {
public:
  explicit Inlet(std::uint32_t seed = 7);

  /// Paints into `rect` (logical), filling it like a photograph. What stands still is kept as images in
  /// device pixels, so a frame costs two copies, the boats, the clouds and the reeds.
  void paint(QPainter& painter, const QRectF& rect, double t) override;

private:
  struct Lens {
    double x, y, rx, ry, opacity;
  };
  struct Bar {
    double x, y, w, h, opacity;
    QColor colour;
  };
  struct Reed {
    double x, height, lean, width;
    QColor colour;
    bool head;
  };
  struct Hill {
    QPainterPath path;
    double depth; ///< 0 the farthest, 1 the nearest
  };

  void grow_clouds();
  void grow_hills();
  void grow_water();
  void grow_reeds();
  void rebuild(const QSize& device, double warmth);
  void paint_sky(QPainter& p, double warmth) const;
  void paint_land(QPainter& p) const;
  void paint_clouds(QPainter& p, double t) const;
  void paint_glints(QPainter& p, double t) const;
  void paint_boats(QPainter& p, double t) const;
  void paint_front(QPainter& p) const;
  void paint_reeds(QPainter& p, double t) const;

  Dice dice_;
  std::vector<Lens> clouds_;
  std::vector<Hill> hills_;
  std::vector<Bar> sun_path_;
  std::vector<Bar> ripples_;
  std::vector<Reed> reeds_;

  QSize device_;
  int warmth_step_ = -1;
  QImage sky_;  ///< opaque
  QImage land_; ///< over the clouds: hills, mist and water
};

} // namespace machiai::display
