// SPDX-License-Identifier: Apache-2.0
// Frames of every kind for the tests of the painted board, and what was drawn on them.
#pragma once

#include "display/board_widget.hpp"
#include "display/style.hpp"
#include "fixture.hpp"

#include <QImage>
#include <string>
#include <vector>

namespace fixture {

using namespace machiai::display;

inline constexpr Shape all_shapes[] = {Shape::landscape, Shape::portrait, Shape::queue_only};

/// A board of so many services and rooms, in the middle of a busy morning.
inline Loaded busy(std::size_t services, std::size_t rooms) {
  Loaded loaded = board("board-six");
  loaded.view.services.resize(std::min(services, loaded.view.services.size()));
  loaded.view.rooms.resize(std::min(rooms, loaded.view.rooms.size()));
  return loaded;
}

struct FrameOf {
  Shape shape = Shape::landscape;
  std::vector<Lang> langs{Lang::ja};
  std::int64_t running_ms = 0;
  std::int64_t age_ms = 0;
  bool called = false;
};

inline Frame frame_of(const Loaded& loaded, const FrameOf& how) {
  Input input;
  input.view = &loaded.view;
  input.age_ms = how.age_ms;
  input.now = loaded.at + machiai::base::Millis{how.age_ms};
  input.page_ms = how.running_ms;
  if (how.called && !loaded.view.calls.empty()) input.on_stage = loaded.view.calls.front().call;
  set_langs(input, how.langs);
  Frame frame;
  frame.board = make_board(input, how.shape == Shape::queue_only);
  if (how.called && frame.board.face == Face::calling) frame.motion.widen = 1;
  return frame;
}

/// Draws the frame in design pixels on a picture of that size.
inline QImage painted(const Frame& frame, Shape shape) {
  const QSizeF design = layout_of(shape, frame.board.face, 0).design;
  QImage image(design.toSize(), QImage::Format_RGB32);
  image.fill(style::paper);
  QPainter painter(&image);
  FramePainter{}.paint(painter, shape, frame, QRectF(QPointF(), design));
  return image;
}

/// The lines of the frame without the cost of their pixels: the picture is smaller than a glyph.
inline std::vector<style::Said> lines_of(const Frame& frame, Shape shape) {
  QImage nothing(2, 2, QImage::Format_RGB32);
  QPainter painter(&nothing);
  const style::Recorder recorder(true);
  FramePainter{}.paint(painter, shape, frame,
                       QRectF(QPointF(), layout_of(shape, frame.board.face, 0).design));
  return recorder.said;
}

inline std::vector<QRectF> zones(const Frame& frame, Shape shape) {
  const Layout l = layout_of(shape, frame.board.face, frame.motion.widen, frame.board.several);
  return {l.call, l.caption, l.next, l.notice, l.rooms, l.absent, l.previous, l.guide, l.band};
}

} // namespace fixture
