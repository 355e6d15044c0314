// SPDX-License-Identifier: Apache-2.0
// A decoded frame scaled to the size it is shown in: mapped, not converted by Qt, which costs four times as
// much.
#pragma once

#include <QImage>
#include <QSize>
#include <QVideoFrame>

struct SwsContext;

namespace machiai::display {

/// The largest size of the frame's shape inside `room`.
[[nodiscard]] QSize fitted(const QSize& frame, const QSize& room);

class Scaler {
public:
  Scaler() = default;
  ~Scaler();
  Scaler(const Scaler&) = delete;
  Scaler& operator=(const Scaler&) = delete;

  /// Fills `target` (RGB32) with the whole frame. False: not a kind of frame we can show.
  [[nodiscard]] bool scale(QVideoFrame frame, QImage& target);

private:
  [[nodiscard]] bool scale_common(const QVideoFrame& frame, QImage& target);
  [[nodiscard]] bool scale_any(const QVideoFrame& frame, int format, QImage& target);

  QImage band_; ///< rows of a frame in colours, of its own width
  SwsContext* context_ = nullptr;
};

} // namespace machiai::display
