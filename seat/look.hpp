// SPDX-License-Identifier: Apache-2.0
// The visual language of every seat: colours, type, stones, ripples, icons. Lengths are design pixels; the
// painter that is handed in carries the scale.
#pragma once

#include <QColor>
#include <QFont>
#include <QList>
#include <QPainter>
#include <QPainterPath>
#include <QRectF>
#include <QString>

namespace machiai::seat::look {

inline constexpr QColor ink{0x10, 0x26, 0x3A};
inline constexpr QColor ink_2{0x36, 0x4A, 0x57};
inline constexpr QColor paper{0xED, 0xF2, 0xF1};
inline constexpr QColor panel{0xFF, 0xFF, 0xFF};
inline constexpr QColor stone_fill{0xDF, 0xE7, 0xE7};
inline constexpr QColor line{0xB4, 0xC2, 0xC6};
inline constexpr QColor line_strong{0x66, 0x7C, 0x86};
inline constexpr QColor ai{0x13, 0x37, 0x5A};
inline constexpr QColor ai_deep{0x0C, 0x27, 0x40};
inline constexpr QColor ai_act{0x1B, 0x50, 0x80};
inline constexpr QColor ai_chip{0x24, 0x48, 0x6A};
inline constexpr QColor ai_pale{0xDB, 0xE8, 0xF3};
inline constexpr QColor on_dark{0xFF, 0xFF, 0xFF};
inline constexpr QColor on_dark_2{0xC9, 0xDC, 0xEB};
inline constexpr QColor yamabuki{0xF7, 0xBF, 0x36};
inline constexpr QColor yamabuki_pale{0xFF, 0xF0, 0xC4};
inline constexpr QColor moss{0x1A, 0x4E, 0x39};
inline constexpr QColor moss_pale{0xD3, 0xEA, 0xDC};
inline constexpr QColor fuji{0x4A, 0x3A, 0x80};
inline constexpr QColor fuji_pale{0xE2, 0xDC, 0xF5};
inline constexpr QColor kaki{0x84, 0x29, 0x0E};
inline constexpr QColor kaki_pale{0xFB, 0xE2, 0xD5};
inline constexpr QColor ash{0xAC, 0xBA, 0xBF};

/// One size, weight and colour of text. `lang` chooses the families ("zh" and "ko" have their own shapes).
struct Type {
  double px = 20;
  bool bold = false;
  QColor colour = ink;
  QString lang = QStringLiteral("ja");
};

[[nodiscard]] QFont font(const Type& type);
/// Half-width digits, for numbers of four and more glyphs ("W1-7").
[[nodiscard]] QFont narrow_font(const Type& type);
[[nodiscard]] double width(const QString& text, const Type& type);

/// Plain text in a box, wrapped; shrinks in steps down to `least` of its size when it does not fit.
/// Returns the rectangle the text takes.
QRectF text(QPainter& painter, const QRectF& box, const QString& words, Type type,
            int flags = Qt::AlignLeft | Qt::AlignVCenter, double least = 0.6);
/// One line, cut with "…" when even the least size is too wide.
void line_text(QPainter& painter, const QRectF& box, const QString& words, Type type,
               int flags = Qt::AlignLeft | Qt::AlignVCenter, double least = 0.7);

/// A piece of a line that mixes sizes on one baseline.
struct Run {
  QString words;
  Type type;
  double gap = 0; ///< space in front of it
};
/// Draws the runs from `left` on one baseline; all shrink together when wider than `room`. Returns the width.
double runs(QPainter& painter, double left, double baseline, QList<Run> pieces, double room);

/// An upright name board: glyphs stacked for Japanese, Chinese and Korean, turned for other scripts.
void upright(QPainter& painter, const QRectF& box, const QString& words, Type type, double pitch = 1.08);

/// The stone of a patient: four quarter-ellipses, three cuts (`cut` modulo 3).
[[nodiscard]] QPainterPath stone(const QRectF& box, int cut);
void icon(QPainter& painter, const QString& name, const QRectF& box, const QColor& colour);
/// Rings around a call, clipped to nothing: the caller sets the clip.
void ripple(QPainter& painter, QPointF centre, const QList<double>& radii, double opacity, double pen);
/// Diagonal stripes over what is not up to date.
void hatch(QPainter& painter, const QRectF& box);
void panel_box(QPainter& painter, const QRectF& box, double radius, const QColor& fill,
               const QColor& border = Qt::transparent, double pen = 0);

/// A number as large as the box allows: UDP digits up to three glyphs, half-width ones from four on.
void number(QPainter& painter, const QRectF& box, const QString& digits, double px, const QColor& colour);

/// Checks that the fonts of this look are installed; the name of the first that is not, or empty.
[[nodiscard]] QString missing_font();

} // namespace machiai::seat::look
