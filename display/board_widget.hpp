// SPDX-License-Identifier: Apache-2.0
// The pane of glass: shows a Frame and repaints only the zones in which it differs from the last one.
#pragma once

#include "display/board_model.hpp"
#include "display/board_painter.hpp"
#include "display/gpu.hpp"
#include "display/layout.hpp"
#include "display/scenes/scenery.hpp"

#include <QWidget>
#include <memory>
#include <vector>

namespace machiai::display {

/// Everything a painted board depends on, besides its size.
struct Frame {
  Board board;
  Motion motion;
  Board leaving;               ///< lists and words that fade out, where they differ
  double fade = 1;             ///< how far `board` has come in
  double scene_s = 0;          ///< time of the relaxation scene
  QImage film;                 ///< shown in its place, if there is one
  QImage film_before = {};     ///< what it takes over from, or none: the scene
  double film_fade = 1;        ///< how far it has come in
  std::int64_t running_ms = 0; ///< moves the whole board by 2 px every ten minutes
};

enum class ZoneId { film, call, caption, next, notice, rooms, absent, previous, guide, band };

struct Change {
  bool everything = false;
  std::vector<QRectF> zones; ///< design pixels
};
/// What must be painted again to get from one frame to the next.
[[nodiscard]] Change changes(Shape shape, const Frame& from, const Frame& to);

/// Paints the zones of `frame` that touch `dirty` (design pixels), onto the ground that is there.
class FramePainter {
public:
  void paint(QPainter& painter, Shape shape, const Frame& frame, const QRectF& dirty);
  /// The film's zone alone.
  void paint_film_zone(QPainter& painter, const QRectF& rect, const Frame& frame);

private:
  std::unique_ptr<Scenery> scenery_; ///< made at the first scene that is painted
};

class BoardWidget : public QWidget {
public:
  explicit BoardWidget(bool queue_only, QWidget* parent = nullptr);

  void show_frame(const Frame& frame);
  /// The next picture of the film, or none: a scene; `fade`: how far it has come in over what was `before`.
  /// Nothing else is painted for it.
  void show_film(const QImage& picture, const QImage& before = {}, double fade = 1);
  /// The film's place is drawn by the graphics processor from now on, or by the painter as at first.
  void use_gpu(bool use);
  /// It can be given up by the driver.
  [[nodiscard]] bool drawn_by_gpu() const { return gpu_ != nullptr; }
  /// Device pixels of the film's place, at rest or with a call on stage.
  [[nodiscard]] QSize film_room(bool staged) const;
  /// Paints what show_frame left dirty before it returns: a call does not wait for its turn.
  void paint_at_once();
  [[nodiscard]] Shape shape() const;

protected:
  void paintEvent(QPaintEvent* event) override;

private:
  [[nodiscard]] QTransform to_device() const;
  void add_dirty(const QRectF& zone);
  void plan_update();
  [[nodiscard]] QRectF film_zone() const;
  void move_gpu();
  void paint_gpu();

  bool queue_only_;
  bool painted_ = false;
  bool update_planned_ = false;
  Frame frame_;
  FramePainter painter_;
  std::unique_ptr<GpuPane> gpu_; ///< null: the painter draws the film, too
  QImage corners_;               ///< laid over the film by the graphics processor
  QRegion dirty_;
};

} // namespace machiai::display
