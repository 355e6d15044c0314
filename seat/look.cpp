// SPDX-License-Identifier: Apache-2.0
#include "seat/look.hpp"

#include <QFile>
#include <QFontDatabase>
#include <QFontMetricsF>
#include <QHash>
#include <QSvgRenderer>
#include <QTextLayout>
#include <algorithm>
#include <cmath>
#include <memory>

// A static library's resources are only linked in when somebody names them.
static void load_resources() {
  Q_INIT_RESOURCE(look);
}

namespace machiai::seat::look {

namespace {

QStringList families(const QString& lang) {
  if (lang == "zh") return {"Noto Sans CJK SC", "Noto Sans CJK JP"};
  if (lang == "ko") return {"Noto Sans CJK KR", "Noto Sans CJK JP"};
  if (lang == "vi") return {"Noto Sans CJK JP"}; // BIZ UD lacks the stacked accents: one face for the word
  return {"BIZ UDPGothic", "Noto Sans CJK JP", "Noto Sans CJK KR", "Noto Sans CJK SC"};
}

QFont sized(const QStringList& names, const Type& type) {
  QFont result;
  result.setFamilies(names);
  result.setPixelSize(std::max(1, static_cast<int>(std::lround(type.px))));
  result.setBold(type.bold);
  result.setHintingPreference(QFont::PreferNoHinting);
  result.setStyleStrategy(QFont::PreferAntialias);
  return result;
}

bool is_stacked_script(const QString& words) {
  return std::all_of(words.begin(), words.end(), [](QChar c) { return c.unicode() >= 0x1100 || c == ' '; });
}

/// Breaks lines between phrases (at spaces and after a full stop), never inside one that fits a line.
QString phrase_wrapped(const QString& words, const QFontMetricsF& metrics, double wide) {
  QString result;
  QString current;
  QString phrase;
  const auto place = [&] {
    if (!current.isEmpty() && metrics.horizontalAdvance((current + phrase).trimmed()) > wide) {
      result += current.trimmed() + '\n';
      current.clear();
    }
    current += phrase;
    phrase.clear();
  };
  for (const QChar c : words) {
    phrase += c;
    if (c == '\n') {
      place();
      result += current;
      current.clear();
    } else if (c == ' ' || c == u'　' || c == u'。') {
      place();
    }
  }
  place();
  return result + current;
}

/// A text as it stands below one another: its rows, the widest of them, and how high one is.
struct Rows {
  QStringList words;
  double wide = 0;
  double high = 0;

  [[nodiscard]] double tall(double step) const {
    return high + step * static_cast<double>(std::max<qsizetype>(words.size() - 1, 0));
  }
};

Rows rows_of(const QString& words, const Type& type, double wide) {
  const QFont face = font(type);
  const QFontMetricsF metrics(face);
  Rows rows{{}, 0, metrics.height()};
  for (const QString& phrases : phrase_wrapped(words, metrics, wide).split('\n')) {
    QTextLayout layout(phrases, face);
    layout.beginLayout();
    for (QTextLine line = layout.createLine(); line.isValid(); line = layout.createLine()) {
      line.setLineWidth(wide);
      rows.words.append(phrases.mid(line.textStart(), line.textLength()).trimmed());
      rows.wide = std::max(rows.wide, line.naturalTextWidth());
    }
    layout.endLayout();
    if (phrases.isEmpty()) rows.words.append(QString());
  }
  return rows;
}

QSvgRenderer* renderer(const QString& name, const QColor& colour) {
  static QHash<QString, std::shared_ptr<QSvgRenderer>> cache;
  const QString key = name + colour.name();
  if (const auto found = cache.constFind(key); found != cache.constEnd()) return found->get();
  load_resources();
  QFile file(":/look/icons/" + name + ".svg");
  QByteArray svg = file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
  svg.replace("currentColor", colour.name().toLatin1());
  auto made = std::make_shared<QSvgRenderer>(svg);
  cache.insert(key, made);
  return made.get();
}

} // namespace

QFont font(const Type& type) {
  return sized(families(type.lang), type);
}

QFont narrow_font(const Type& type) {
  return sized({"BIZ UDGothic", "BIZ UDPGothic", "Noto Sans CJK JP"}, type);
}

double width(const QString& words, const Type& type) {
  return QFontMetricsF(font(type)).horizontalAdvance(words);
}

QRectF text(QPainter& painter, const QRectF& box, const QString& words, Type type, int flags, double least) {
  constexpr double airy = 1.35, tight = 1.15; // from row to row, of the letters' size
  const double smallest = type.px * least;
  Rows rows = rows_of(words, type, box.width());
  while (type.px > smallest) {
    if (rows.tall(tight * type.px) <= box.height() + 1 && rows.wide <= box.width() + 1) break;
    type.px = std::max(smallest, type.px - std::max(1.0, type.px * 0.04));
    rows = rows_of(words, type, box.width());
  }
  const double steps = std::max(1.0, static_cast<double>(rows.words.size() - 1));
  const double step = std::clamp((box.height() - rows.high) / steps, tight * type.px, airy * type.px);
  const double tall = rows.tall(step);
  double y = box.top();
  if ((flags & Qt::AlignVCenter) != 0) y = box.center().y() - tall / 2;
  if ((flags & Qt::AlignBottom) != 0) y = box.bottom() - tall;
  painter.setFont(font(type));
  painter.setPen(type.colour);
  const int across = (flags & Qt::AlignHorizontal_Mask) | Qt::AlignTop | Qt::TextSingleLine;
  QRectF used;
  for (const QString& row : rows.words) {
    QRectF drawn;
    painter.drawText(QRectF(box.left(), y, box.width(), rows.high), across, row, &drawn);
    used |= drawn;
    y += step;
  }
  return used;
}

void line_text(QPainter& painter, const QRectF& box, const QString& words, Type type, int flags,
               double least) {
  const double smallest = type.px * least;
  if (const double wide = width(words, type); wide > box.width() && wide > 0)
    type.px = std::max(smallest, std::floor(type.px * box.width() / wide));
  // Sizes are whole pixels, so the proportion may still be a pixel too wide.
  while (type.px - 1 >= smallest && width(words, type) > box.width()) type.px -= 1;
  const QFont face = font(type);
  painter.setFont(face);
  painter.setPen(type.colour);
  const QString shown = QFontMetricsF(face).elidedText(words, Qt::ElideRight, box.width() + 1);
  painter.drawText(box, flags | Qt::TextSingleLine | Qt::TextDontClip, shown);
}

double runs(QPainter& painter, double left, double baseline, QList<Run> pieces, double room) {
  const auto total = [&] {
    double sum = 0;
    for (const Run& piece : pieces) sum += piece.gap + width(piece.words, piece.type);
    return sum;
  };
  if (const double wide = total(); wide > room) {
    for (Run& piece : pieces) {
      piece.type.px = std::floor(piece.type.px * room / wide);
      piece.gap *= room / wide;
    }
  }
  double x = left;
  for (const Run& piece : pieces) {
    x += piece.gap;
    painter.setFont(font(piece.type));
    painter.setPen(piece.type.colour);
    painter.drawText(QPointF(x, baseline), piece.words);
    x += width(piece.words, piece.type);
  }
  return x - left;
}

void upright(QPainter& painter, const QRectF& box, const QString& words, Type type, double pitch) {
  if (!is_stacked_script(words)) {
    painter.save();
    painter.translate(box.center());
    painter.rotate(-90);
    const QRectF turned(-box.height() / 2, -box.width() / 2, box.height(), box.width());
    line_text(painter, turned, words, type, Qt::AlignCenter, 0.4);
    painter.restore();
    return;
  }
  const double most = box.height() / (static_cast<double>(words.size()) * pitch);
  type.px = std::min(type.px, most);
  const double step = type.px * pitch;
  double y = box.center().y() - step * static_cast<double>(words.size()) / 2;
  painter.setFont(font(type));
  painter.setPen(type.colour);
  for (const QChar glyph : words) {
    painter.drawText(QRectF(box.left(), y, box.width(), step), Qt::AlignCenter | Qt::TextDontClip, glyph);
    y += step;
  }
}

QPainterPath stone(const QRectF& box, int cut) {
  // Radii in percent of width and height: top left, top right, bottom right, bottom left.
  static constexpr double across[3][4] = {{46, 54, 50, 50}, {54, 46, 48, 52}, {50, 50, 55, 45}};
  static constexpr double down[3][4] = {{56, 52, 48, 44}, {52, 58, 42, 48}, {58, 50, 50, 42}};
  const double* x = across[((cut % 3) + 3) % 3];
  const double* y = down[((cut % 3) + 3) % 3];
  const double w = box.width() / 100;
  const double h = box.height() / 100;
  QPainterPath path;
  const auto corner = [&](double left, double top, double rx, double ry, double start) {
    path.arcTo(QRectF(left, top, 2 * rx, 2 * ry), start, -90);
  };
  path.moveTo(box.left(), box.top() + y[0] * h);
  corner(box.left(), box.top(), x[0] * w, y[0] * h, 180);
  corner(box.right() - 2 * x[1] * w, box.top(), x[1] * w, y[1] * h, 90);
  corner(box.right() - 2 * x[2] * w, box.bottom() - 2 * y[2] * h, x[2] * w, y[2] * h, 0);
  corner(box.left(), box.bottom() - 2 * y[3] * h, x[3] * w, y[3] * h, 270);
  path.closeSubpath();
  return path;
}

void icon(QPainter& painter, const QString& name, const QRectF& box, const QColor& colour) {
  renderer(name, colour)->render(&painter, box);
}

void ripple(QPainter& painter, QPointF centre, const QList<double>& radii, double opacity, double pen) {
  for (int i = 0; i < radii.size(); ++i) {
    QColor ring = on_dark;
    ring.setAlphaF(static_cast<float>(std::max(0.04, opacity - i * opacity * 0.17)));
    painter.setPen(QPen(ring, pen));
    painter.setBrush(Qt::NoBrush);
    painter.drawEllipse(centre, radii[i], radii[i] * 0.6);
  }
}

void hatch(QPainter& painter, const QRectF& box) {
  painter.save();
  painter.setClipRect(box, Qt::IntersectClip);
  QColor stripe = ink_2;
  stripe.setAlphaF(0.13F);
  painter.setPen(QPen(stripe, 4));
  for (double x = box.left() - box.height(); x < box.right(); x += 25.4)
    painter.drawLine(QPointF(x, box.bottom()), QPointF(x + box.height(), box.top()));
  painter.restore();
}

void panel_box(QPainter& painter, const QRectF& box, double radius, const QColor& fill, const QColor& border,
               double pen) {
  const double inset = pen / 2;
  painter.setPen(pen > 0 ? QPen(border, pen) : QPen(Qt::NoPen));
  painter.setBrush(fill);
  painter.drawRoundedRect(box.adjusted(inset, inset, -inset, -inset), radius - inset, radius - inset);
}

void number(QPainter& painter, const QRectF& box, const QString& digits, double px, const QColor& colour) {
  Type type{px, true, colour, "ja"};
  const bool narrow = digits.size() > 3;
  const auto face = [&] { return narrow ? narrow_font(type) : font(type); };
  type.px = std::min(type.px, box.height() / 0.86);
  const double wide = QFontMetricsF(face()).horizontalAdvance(digits);
  if (wide > box.width()) type.px *= box.width() / wide;
  painter.setFont(face());
  painter.setPen(colour);
  // Digits are 0.74 em above the baseline; centring the line box would set them too low.
  const QRectF ink_box = QFontMetricsF(face()).tightBoundingRect(digits);
  painter.drawText(QPointF(box.center().x() - ink_box.center().x(), box.center().y() - ink_box.center().y()),
                   digits);
}

QString missing_font() {
  for (const QString& name : {QStringLiteral("BIZ UDPGothic"), QStringLiteral("BIZ UDGothic"),
                              QStringLiteral("Noto Sans CJK JP")}) {
    if (!QFontDatabase::hasFamily(name)) return name;
  }
  return {};
}

} // namespace machiai::seat::look
