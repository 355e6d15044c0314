// SPDX-License-Identifier: Apache-2.0
// Colours, type, icons and the few shapes the board is drawn from. Values: the project's visual language.
#pragma once

#include <QColor>
#include <QFont>
#include <QImage>
#include <QPainter>
#include <QPainterPath>
#include <QRectF>
#include <QString>
#include <string>

namespace machiai::display::style {

inline constexpr QColor ink{0x10, 0x26, 0x3A};
inline constexpr QColor ink_2{0x36, 0x4A, 0x57};
inline constexpr QColor paper{0xED, 0xF2, 0xF1};
inline constexpr QColor panel{0xFF, 0xFF, 0xFF};
inline constexpr QColor stone{0xDF, 0xE7, 0xE7};
inline constexpr QColor line{0xB4, 0xC2, 0xC6};
inline constexpr QColor ai{0x13, 0x37, 0x5A};
inline constexpr QColor ai_deep{0x0C, 0x27, 0x40};
inline constexpr QColor ai_act{0x1B, 0x50, 0x80};
inline constexpr QColor ai_pale{0xDB, 0xE8, 0xF3};
inline constexpr QColor on_dark{0xFF, 0xFF, 0xFF};
inline constexpr QColor on_dark_2{0xC9, 0xDC, 0xEB};
inline constexpr QColor yamabuki{0xF7, 0xBF, 0x36};
inline constexpr QColor yamabuki_pale{0xFF, 0xF0, 0xC4};
inline constexpr QColor moss{0x1A, 0x4E, 0x39};
inline constexpr QColor moss_pale{0xD3, 0xEA, 0xDC};
inline constexpr QColor ash{0xAC, 0xBA, 0xBF};
inline constexpr QColor hatch{0xE9, 0xEE, 0xEF};

inline constexpr double radius = 20;

/// Size in design pixels, weight, and whether the half-width face is meant (for long numbers).
struct Type {
  double px = 86;
  bool bold = false;
  bool mono = false;
};

[[nodiscard]] QFont font(const Type& type);
[[nodiscard]] double advance(const QString& text, const Type& type);
/// The same type, smaller if the text would be wider than `width`, but not below `least` pixels.
[[nodiscard]] Type fitted(const QString& text, Type type, double width, double least);

enum class Side { left, centre, right };
/// One line, centred on `y`, as wide as it is; where it would leave `box` it is condensed to fit.
void draw_line(QPainter& painter, const QRectF& box, Side side, const QString& text, const Type& type,
               const QColor& colour);
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
