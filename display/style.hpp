// SPDX-License-Identifier: Apache-2.0
// Type and the few shapes the board is drawn from; colours and icons are those of every seat.
#pragma once

#include "seat/look.hpp"

#include <QColor>
#include <QFont>
#include <QImage>
#include <QPainter>
#include <QPainterPath>
#include <QRectF>
#include <QString>
#include <string>
#include <vector>

namespace machiai::display::style {

using seat::look::ai;
using seat::look::ai_act;
using seat::look::ai_deep;
using seat::look::ai_pale;
using seat::look::ash;
using seat::look::ink;
using seat::look::ink_2;
using seat::look::line;
using seat::look::line_strong;
using seat::look::moss;
using seat::look::moss_pale;
using seat::look::on_dark;
using seat::look::on_dark_2;
using seat::look::panel;
using seat::look::paper;
using seat::look::yamabuki;
using seat::look::yamabuki_pale;
inline constexpr QColor stone = seat::look::stone_fill;
inline constexpr QColor hatch{0xE9, 0xEE, 0xEF};

inline constexpr double radius = 20;

/// Size in design pixels, weight, and whether the half-width face is meant (for long numbers).
struct Type {
  double px = 86;
  bool bold = false;
  bool mono = false;
};

/// The face in which all of `text` has the right shapes: the clinic's own, or one of Noto for Korean,
/// Vietnamese and Chinese words, never two in one word.
[[nodiscard]] QFont font(const Type& type, const QString& text);
[[nodiscard]] double advance(const QString& text, const Type& type);
/// The same type, smaller if the text would be wider than `width`, but not below `least` pixels.
[[nodiscard]] Type fitted(const QString& text, Type type, double width, double least);

enum class Side { left, centre, right };
/// One line, centred on `y`, as wide as it is; where it would leave `box` it is condensed to fit.
void draw_line(QPainter& painter, const QRectF& box, Side side, const QString& text, const Type& type,
               const QColor& colour);
/// A name, as draw_line; what would be condensed too far stands in two lines, or ends in "…".
void draw_name(QPainter& painter, const QRectF& box, Side side, const QString& text, const Type& type,
               double least, const QColor& colour);
/// A line as it was drawn: what tests measure.
struct Said {
  QString text;
  QRectF ink;         ///< the tight box of its glyphs, in device pixels
  double px = 0;      ///< size, in device pixels
  double squeeze = 1; ///< width of a glyph against its natural width
  QColor colour;
};
/// While one lives, each line drawn is recorded; `mute` ones are recorded only, so that what lies behind them
/// can be looked at.
class Recorder {
public:
  explicit Recorder(bool mute = false);
  ~Recorder();
  Recorder(const Recorder&) = delete;
  Recorder& operator=(const Recorder&) = delete;
  std::vector<Said> said;
  const bool mute;
};

/// Lines of at most `width`, broken at '\n', else after spaces and Japanese marks, never in a number.
[[nodiscard]] QStringList broken(const QString& text, const Type& type, double width);

/// One of assets/icons in that colour.
void draw_icon(QPainter& painter, const std::string& name, const QRectF& box, const QColor& colour);

[[nodiscard]] QPainterPath rounded(const QRectF& rect);
void fill_hatched(QPainter& painter, const QRectF& rect);
/// Clips to `rect` and fills it; trim_corners then rounds what was drawn. Painting four corners over costs a
/// fraction of drawing everything through a round clip.
void begin_panel(QPainter& painter, const QRectF& rect, const QColor& ground);
void trim_corners(QPainter& painter, const QRectF& rect);
/// One of three cuts of a stone, so that a row looks laid by hand.
[[nodiscard]] QPainterPath stone_path(const QRectF& rect, int cut);

/// A spine: the word upright (Japanese) or turned (English), under an icon if there is one.
void draw_spine(QPainter& painter, const QRectF& rect, const QString& word, const Type& type, double pitch,
                const QColor& ground, const QColor& colour, const std::string& icon = {});

[[nodiscard]] inline QString text(const std::string& utf8) {
  return QString::fromStdString(utf8);
}

/// The clinic's wall faces are there; without them a fall-back is used and the staff are told.
[[nodiscard]] bool fonts_present();

} // namespace machiai::display::style
