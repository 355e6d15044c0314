// SPDX-License-Identifier: Apache-2.0
#include "display/player/scaler.hpp"

#include <libyuv.h>

#include <QVideoFrameFormat>
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <numeric>

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

struct Colours {
  bool hd = false;
  bool full_range = false;
};

/// Broadcast range unless the frame says otherwise; the matrix by what the frame says, else by its height.
Colours colours_of(const QVideoFrameFormat& format) {
  using F = QVideoFrameFormat;
  const auto space = format.colorSpace();
  return {space == F::ColorSpace_BT709 || (space == F::ColorSpace_Undefined && format.frameHeight() > 576),
          format.colorRange() == F::ColorRange_Full};
}

void set_colours(SwsContext* context, const Colours& colours) {
  const int* from = sws_getCoefficients(colours.hd ? SWS_CS_ITU709 : SWS_CS_ITU601);
  constexpr int one = 1 << 16;
  sws_setColorspaceDetails(context, from, colours.full_range ? 1 : 0, sws_getCoefficients(SWS_CS_DEFAULT), 1,
                           0, one, one);
}

const libyuv::YuvConstants& matrix_of(const Colours& colours) {
  if (colours.hd) return colours.full_range ? libyuv::kYuvF709Constants : libyuv::kYuvH709Constants;
  return colours.full_range ? libyuv::kYuvJPEGConstants : libyuv::kYuvI601Constants;
}

/// So many rows from an even one on, as rows of blue, green, red and nothing. False: not a kind for which
/// there is a short way.
bool to_rgb(const QVideoFrame& frame, int from, int rows, std::uint8_t* out, int stride) {
  const auto& matrix = matrix_of(colours_of(frame.surfaceFormat()));
  const auto plane = [&](int i) {
    return frame.bits(i) + std::ptrdiff_t(i == 0 ? from : from / 2) * frame.bytesPerLine(i);
  };
  const auto step = [&](int i) { return frame.bytesPerLine(i); };
  if (frame.pixelFormat() == QVideoFrameFormat::Format_YUV420P)
    return libyuv::I420ToARGBMatrix(plane(0), step(0), plane(1), step(1), plane(2), step(2), out, stride,
                                    &matrix, frame.width(), rows) == 0;
  if (frame.pixelFormat() == QVideoFrameFormat::Format_NV12)
    return libyuv::NV12ToARGBMatrix(plane(0), step(0), plane(1), step(1), out, stride, &matrix, frame.width(),
                                    rows) == 0;
  return false;
}

/// In how many bands of whole rows a picture can be made smaller, each by itself: the middles of the rows
/// that come out lie between rows of their own band. Small enough to stay in a processor's cache.
int bands_of(int from, int to) {
  constexpr int least = 32; // rows
  for (int bands = to < from ? std::gcd(from, to) : 1; bands > 1; --bands)
    if (from % bands == 0 && to % bands == 0 && from / bands % 2 == 0 && from / bands >= least) return bands;
  return 1;
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
  const bool done = scale_common(frame, target) || scale_any(frame, from, target);
  frame.unmap();
  return done;
}

/// What nearly every film is. In colours first and scaled then is three fifths of libswscale's time.
bool Scaler::scale_common(const QVideoFrame& frame, QImage& target) {
  const QSize size = frame.size();
  const int step = int(target.bytesPerLine());
  if (size == target.size()) return to_rgb(frame, 0, size.height(), target.bits(), step);
  const int bands = bands_of(size.height(), target.height());
  const QSize band(size.width(), size.height() / bands);
  const QSize out(target.width(), target.height() / bands);
  if (band_.size() != band) band_ = QImage(band, QImage::Format_RGB32);
  const int band_step = int(band_.bytesPerLine());
  // Less than half of its size would leave out rows between those that are mixed.
  const auto filter = out.width() * 2 < size.width() ? libyuv::kFilterBox : libyuv::kFilterBilinear;
  for (int i = 0; i < bands; ++i) {
    if (!to_rgb(frame, i * band.height(), band.height(), band_.bits(), band_step) ||
        libyuv::ARGBScale(band_.constBits(), band_step, band.width(), band.height(),
                          target.scanLine(i * out.height()), step, out.width(), out.height(), filter) != 0)
      return false;
  }
  return true;
}

bool Scaler::scale_any(const QVideoFrame& frame, int format, QImage& target) {
  context_ =
      sws_getCachedContext(context_, frame.width(), frame.height(), AVPixelFormat(format), target.width(),
                           target.height(), AV_PIX_FMT_BGR0, SWS_FAST_BILINEAR, nullptr, nullptr, nullptr);
  if (context_ == nullptr) return false;
  set_colours(context_, colours_of(frame.surfaceFormat()));
  const std::uint8_t* planes[4] = {};
  int strides[4] = {};
  for (int i = 0; i < std::min(frame.planeCount(), 4); ++i) {
    planes[i] = frame.bits(i);
    strides[i] = frame.bytesPerLine(i);
  }
  std::uint8_t* out[4] = {target.bits()};
  const int out_strides[4] = {static_cast<int>(target.bytesPerLine())};
  return sws_scale(context_, planes, strides, 0, frame.height(), out, out_strides) == target.height();
}

} // namespace machiai::display
