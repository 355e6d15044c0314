// SPDX-License-Identifier: Apache-2.0
// Relaxation scenes: drawn by our own code, from no file, so that one can always be shown. They take turns.
#pragma once

#include <QImage>
#include <QLinearGradient>
#include <QPainter>
#include <QSize>
#include <cstdint>
#include <functional>
#include <memory>
#include <vector>

namespace machiai::display {

class Scene {
public:
  Scene() = default;
  Scene(const Scene&) = delete;
  Scene& operator=(const Scene&) = delete;
  virtual ~Scene() = default;
  /// Paints into `rect` (logical), filling it like a photograph. The same picture at the same `t` (seconds).
  virtual void paint(QPainter& painter, const QRectF& rect, double t) = 0;
};

/// A scene in units of its own, of which what stands still is drawn once for each size.
class DrawnScene : public Scene {
public:
  static constexpr double width = 1600;
  static constexpr double height = 900;
  void paint(QPainter& painter, const QRectF& rect, double t) override;

protected:
  virtual void paint_still(QPainter& p) const = 0;
  virtual void paint_moving(QPainter& p, double t) const = 0;

private:
  QImage still_;
};

/// mulberry32: small, and the same on every machine.
class Dice {
public:
  explicit Dice(std::uint32_t seed) : state_(seed) {}
  double roll(); ///< [0, 1)
  double roll(double from, double to) { return from + (to - from) * roll(); }

private:
  std::uint32_t state_;
};

[[nodiscard]] QColor mixed(const QColor& a, const QColor& b, double t);
[[nodiscard]] QColor clear(QColor colour, double opacity);
[[nodiscard]] QLinearGradient downwards(double y, double height,
                                        std::initializer_list<std::pair<double, QColor>> stops);

[[nodiscard]] std::unique_ptr<Scene> make_sea();
[[nodiscard]] std::unique_ptr<Scene> make_leaves();
[[nodiscard]] std::unique_ptr<Scene> make_night();
[[nodiscard]] std::unique_ptr<Scene> make_petals();

/// Which scene of `count` is seen at `t`, and how far the next one has come in over it.
struct SceneTurn {
  int scene = 0;
  int next = 0;
  double mix = 0; ///< 0..1
};
inline constexpr double scene_s = 240;
inline constexpr double scene_fade_s = 4;
[[nodiscard]] SceneTurn scene_turn(double t, int count);

/// All scenes in turn; only those that are seen take memory.
class Scenery {
public:
  Scenery();
  [[nodiscard]] int count() const { return static_cast<int>(makers_.size()); }
  void paint(QPainter& painter, const QRectF& rect, double t);
  /// One of them, whose turn ever it is.
  void paint_scene(int scene, QPainter& painter, const QRectF& rect, double t);

private:
  std::vector<std::function<std::unique_ptr<Scene>()>> makers_;
  std::vector<std::unique_ptr<Scene>> scenes_;
  QImage coming_;
};

} // namespace machiai::display
