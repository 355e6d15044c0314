// SPDX-License-Identifier: Apache-2.0
// Where the film's place is drawn: into the board like everything else (raster), or in a window of its own by
// a graphics processor, if there is a real one.
#pragma once

#include <QImage>
#include <QRect>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

class QWindow;

namespace machiai::display {

enum class SurfaceWish { automatic, raster, gpu };
/// "auto", "raster" or "gpu".
[[nodiscard]] std::optional<SurfaceWish> parse_surface(std::string_view word);

/// Whether a GL renderer of that name draws with a graphics processor; "" is no renderer at all. The programs
/// that do the same on the processor cost more than drawing without GL.
[[nodiscard]] bool is_gpu(std::string_view renderer);
[[nodiscard]] bool uses_gpu(SurfaceWish wish, std::string_view renderer);

/// The GL renderer of this screen, "" if there is none. A driver may hang or take the process along: to be
/// asked by a process of its own.
[[nodiscard]] std::string gl_renderer();

/// The window over the film's place. It shows what it was given until it is given something else.
class GpuPane {
public:
  explicit GpuPane(QWindow& board);
  ~GpuPane();
  GpuPane(const GpuPane&) = delete;
  GpuPane& operator=(const GpuPane&) = delete;

  /// Device pixels of the board; empty: it is not seen.
  void move(const QRect& place);
  [[nodiscard]] const QRect& place() const;
  /// `picture` as large as it fits, centred; `over` has the size of the place and is laid on it. False: the
  /// driver does not do it, now or any more.
  [[nodiscard]] bool show(const QImage& picture, const QImage& over);

private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

} // namespace machiai::display
