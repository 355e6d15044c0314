// SPDX-License-Identifier: Apache-2.0
#include "display/player/scaler.hpp"

#include <QVideoFrameFormat>
#include <algorithm>
#include <cmath>

extern "C" {
#include <libavutil/pixfmt.h>
#include <libswscale/swscale.h>
}

namespace machiai::display {

namespace {

AVPixelFormat format_of(QVideoFrameFormat::PixelFormat format) {
  using F = QVideoFrameFormat;
  switch (format) {
  case F::Format_YUV420P: return AV_PIX_FMT_YUV420P;
  case F::Format_YUV422P: return AV_PIX_FMT_YUV422P;
  case F::Format_NV12: return AV_PIX_FMT_NV12;
  case F::Format_NV21: return AV_PIX_FMT_NV21;
  case F::Format_P010: return AV_PIX_FMT_P010;
  case F::Format_P016: return AV_PIX_FMT_P016;
  case F::Format_YUV420P10: return AV_PIX_FMT_YUV420P10;
  case F::Format_YUYV: return AV_PIX_FMT_YUYV422;
  case F::Format_UYVY: return AV_PIX_FMT_UYVY422;
  case F::Format_Y8: return AV_PIX_FMT_GRAY8;
  case F::Format_BGRA8888: return AV_PIX_FMT_BGRA;
  case F::Format_BGRX8888: return AV_PIX_FMT_BGR0;
  case F::Format_RGBA8888: return AV_PIX_FMT_RGBA;
  case F::Format_RGBX8888: return AV_PIX_FMT_RGB0;
  case F::Format_ARGB8888: return AV_PIX_FMT_ARGB;
  case F::Format_ABGR8888: return AV_PIX_FMT_ABGR;
  default: return AV_PIX_FMT_NONE;
  }
}

/// Broadcast range unless the frame says otherwise; the matrix by what the frame says, else by its height.
void set_colours(SwsContext* context, const QVideoFrameFormat& format) {
  using F = QVideoFrameFormat;
  const auto space = format.colorSpace();
  const bool hd =
      space == F::ColorSpace_BT709 || (space == F::ColorSpace_Undefined && format.frameHeight() > 576);
  const int* from = sws_getCoefficients(hd ? SWS_CS_ITU709 : SWS_CS_ITU601);
  const int full_range = format.colorRange() == F::ColorRange_Full ? 1 : 0;
  constexpr int one = 1 << 16;
  sws_setColorspaceDetails(context, from, full_range, sws_getCoefficients(SWS_CS_DEFAULT), 1, 0, one, one);
}

} // namespace

QSize fitted(const QSize& frame, const QSize& room) {
  if (frame.isEmpty()) return {};
  const QSize size = frame.scaled(room, Qt::KeepAspectRatio);
  // A pixel of rounding must not leave a line of ground beside the film.
  const auto snapped = [](int side, int whole) { return std::abs(whole - side) <= 2 ? whole : side; };
  return {std::max(2, snapped(size.width(), room.width())),
          std::max(2, snapped(size.height(), room.height()))};
}

Scaler::~Scaler() {
  sws_freeContext(context_);
}

bool Scaler::scale(QVideoFrame frame, QImage& target) {
  const AVPixelFormat from = format_of(frame.pixelFormat());
  if (from == AV_PIX_FMT_NONE || !frame.map(QVideoFrame::ReadOnly)) return false;
  context_ =
      sws_getCachedContext(context_, frame.width(), frame.height(), from, target.width(), target.height(),
                           AV_PIX_FMT_BGR0, SWS_FAST_BILINEAR, nullptr, nullptr, nullptr);
  bool done = false;
  if (context_ != nullptr) {
    set_colours(context_, frame.surfaceFormat());
    const std::uint8_t* planes[4] = {};
    int strides[4] = {};
    for (int i = 0; i < std::min(frame.planeCount(), 4); ++i) {
      planes[i] = frame.bits(i);
      strides[i] = frame.bytesPerLine(i);
    }
    std::uint8_t* out[4] = {target.bits()};
    const int out_strides[4] = {static_cast<int>(target.bytesPerLine())};
    done = sws_scale(context_, planes, strides, 0, frame.height(), out, out_strides) == target.height();
  }
  frame.unmap();
  return done;
}

} // namespace machiai::display
