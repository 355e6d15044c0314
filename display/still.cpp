// SPDX-License-Identifier: Apache-2.0
#include "display/still.hpp"

#include "display/board_widget.hpp"
#include "display/stage.hpp"
#include "display/style.hpp"

namespace machiai::display {

QImage still(const queue::BoardView& whole, std::optional<base::Instant> confirmed,
             std::optional<base::Instant> now, const StillOptions& options, const QSize& size) {
  const queue::BoardView view = chosen(whole, options.choice);
  if (!now) now = confirmed;
  if (!confirmed) confirmed = now;
  const Shape shape = size.height() > size.width() ? Shape::portrait
                      : options.queue_only         ? Shape::queue_only
                                                   : Shape::landscape;
  Input input;
  input.view = &view;
  input.now = now;
  input.page_ms = options.running_ms;
  set_langs(input, options.langs);
  input.age_ms = now ? (*now - *confirmed).count() : 0;
  Frame frame;
  frame.board = make_board(input, shape == Shape::queue_only);
  frame.scene_s = options.scene * scene_s;
  if (frame.board.face == Face::calling && now) {
    const std::int64_t since = (*now - view.calls.front().at).count();
    Stage stage;
    if (since >= 0 && since < Stage::stay_ms) stage.add({view.calls.front()}, 0);
    frame.motion.widen = stage.widen(since);
    for (int i = 0; i < Stage::rings; ++i) frame.motion.rings[std::size_t(i)] = stage.ring(i, since);
  }
  QImage image(size, QImage::Format_RGB32);
  image.fill(style::paper);
  QPainter painter(&image);
  const QSizeF design = layout_of(shape, frame.board.face, 0).design;
  painter.setTransform(placement(design, size, 0));
  FramePainter{}.paint(painter, shape, frame, QRectF(QPointF(), design));
  return image;
}

} // namespace machiai::display
