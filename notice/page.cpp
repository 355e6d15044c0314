// SPDX-License-Identifier: Apache-2.0
#include "notice/page.hpp"

#include "notice/guards.hpp"
#include "notice/lines.hpp"

#include <QFont>
#include <QFontMetricsF>
#include <QPainter>
#include <QPainterPath>
#include <QSvgRenderer>
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <unordered_map>

namespace machiai::notice {

using base::Error;
using base::fail;
using base::Result;
using base::Status;

namespace {

constexpr double pitch = 1.22;         // of lines
constexpr qsizetype longest_set = 500; // characters; no screen holds as many
constexpr int steps = 24;              // from the wished size to the least one

QFont face(double px, bool bold) {
  QFont font;
  font.setFamilies(
      {"BIZ UDPGothic", "Noto Sans CJK JP", "Noto Sans CJK KR", "Noto Sans CJK SC", "sans-serif"});
  font.setPixelSize(std::max(1, static_cast<int>(std::lround(px))));
  font.setBold(bold);
  font.setHintingPreference(QFont::PreferNoHinting);
  return font;
}

struct Text {
  const Piece* piece = nullptr;
  QString words;
};
struct Set {
  const Piece* piece = nullptr;
  double px = 0;
  QStringList lines; ///< none: a bar
};

/// The column's pieces that have something to say, in order; a bar stands only between two of them.
std::vector<Text> texts_of(const Column& column, const std::map<QString, QString>& words) {
  std::vector<Text> texts;
  const Piece* bar = nullptr;
  for (const Piece& piece : column.pieces) {
    if (piece.field.isEmpty()) {
      bar = texts.empty() ? nullptr : &piece;
      continue;
    }
    const auto found = words.find(piece.field);
    if (found == words.end() || found->second.isEmpty()) continue;
    if (bar != nullptr) texts.push_back({bar, {}});
    bar = nullptr;
    texts.push_back({&piece, found->second});
  }
  return texts;
}

/// Glyphs one by one are asked for again and again, at each size that is tried.
double width_of(const QString& piece, double px, bool bold, const QFontMetricsF& metrics) {
  if (piece.size() != 1) return metrics.horizontalAdvance(piece);
  constexpr std::size_t most_kept = 20'000;
  static std::unordered_map<std::uint32_t, double> kept; // of one thread: where Qt draws
  if (kept.size() > most_kept) kept.clear();
  const auto size = static_cast<std::uint32_t>(px) << 17U;
  const std::uint32_t key = size | (bold ? 1U << 16U : 0U) | piece[0].unicode();
  const auto [at, fresh] = kept.try_emplace(key, 0);
  if (fresh) at->second = metrics.horizontalAdvance(piece);
  return at->second;
}

struct Setting {
  std::vector<Set> sets;
  int worst = 0; ///< cost of the worst break
};

/// Everything at `part` of its size, or at the least one; none when it does not fit.
std::optional<Setting> set_at(const Column& column, const std::vector<Text>& texts, double part,
                              bool frugal) {
  Setting all;
  double high = column.gap * std::max(0.0, static_cast<double>(texts.size()) - 1);
  for (const Text& text : texts) {
    if (text.piece->field.isEmpty()) {
      high += text.piece->bar.height();
      all.sets.push_back({text.piece, 0, {}});
      continue;
    }
    const double px = std::round(std::max(text.piece->least, text.piece->size * part));
    const QFontMetricsF metrics(face(px, text.piece->bold));
    auto found = broken(
        text.words, [&](const QString& piece) { return width_of(piece, px, text.piece->bold, metrics); },
        column.box.width(), text.piece->lines, frugal);
    if (!found) return std::nullopt;
    high += static_cast<double>(found->lines.size()) * px * pitch;
    all.worst = std::max(all.worst, found->worst);
    all.sets.push_back({text.piece, px, std::move(found->lines)});
  }
  if (high > column.box.height()) return std::nullopt;
  return all;
}

/// As large as it fits; a little smaller where that leaves words whole.
std::optional<std::vector<Set>> set_column(const Column& column, const std::vector<Text>& texts) {
  for (const Text& text : texts)
    if (text.words.size() > longest_set) return std::nullopt;
  std::optional<Setting> first;
  for (const bool frugal : {false, true}) {
    int fits = -1; ///< the first step that does
    for (int step = 0; step <= steps && (fits < 0 || step - fits <= steps / 4); ++step) {
      auto set = set_at(column, texts, 1 - static_cast<double>(step) / steps, frugal);
      if (!set) continue;
      if (set->worst < cuts_word) return std::move(set->sets);
      if (fits < 0) fits = step;
      if (!first || set->worst < first->worst) first = std::move(set);
    }
  }
  if (first) return std::move(first->sets);
  return std::nullopt;
}

/// How many characters of text `at` may stay for the column to fit; the others as they are.
int room_for(const Column& column, std::vector<Text> texts, std::size_t at) {
  const std::u32string whole = texts[at].words.toStdU32String();
  int low = 0, high = static_cast<int>(std::min<std::size_t>(whole.size(), longest_set));
  while (low < high) { // what is longer does not fit either
    const int middle = (low + high + 1) / 2;
    texts[at].words = QString::fromUcs4(whole.data(), middle);
    if (set_at(column, texts, 0, true))
      low = middle;
    else
      high = middle - 1;
  }
  return low;
}

/// The text to be shortened: the one that alone makes it fit with the least cut, else the longest.
Fault too_long(const Column& column, const std::vector<Text>& texts) {
  Fault best;
  for (std::size_t i = 0; i < texts.size(); ++i) {
    if (texts[i].piece->field.isEmpty()) continue;
    const int length = static_cast<int>(texts[i].words.toUcs4().size());
    const int fits = room_for(column, texts, i);
    const Fault fault{texts[i].piece->field.toStdString(), "notice_too_long", length - fits, fits};
    const bool helps = fits > 0;
    const bool better = best.field.empty() || (helps && (best.fits == 0 || fault.over < best.over)) ||
                        (!helps && best.fits == 0 && fault.over > best.over);
    if (better) best = fault;
  }
  return best;
}

const Design& design_for(const Form& form, bool standing) {
  if (standing) return form.standing ? *form.standing : *form.lying;
  return form.lying ? *form.lying : *form.standing;
}

struct Said {
  std::map<QString, QString> words; ///< by field
  std::vector<Fault> faults;
};

Said said(const Form& form, const Notice& notice) {
  Said all;
  const QString lang = QString::fromStdString(notice.lang);
  for (const auto& given : notice.fields) {
    const bool known = std::any_of(form.fields.begin(), form.fields.end(),
                                   [&](const Field& each) { return each.name.toStdString() == given.first; });
    if (!known) all.faults.push_back({given.first, "unknown_field"});
  }
  for (const Field& field : form.fields) {
    const auto given = notice.fields.find(field.name.toStdString());
    const auto words = words_of(field, given == notice.fields.end() ? std::string() : given->second, lang);
    if (words)
      all.words[field.name] = *words;
    else
      all.faults.push_back({field.name.toStdString(), words.error().reason});
  }
  return all;
}

/// As outlines: what comes from a cache of glyphs differs by a shade from what was drawn for the first time.
void draw_line(QPainter& p, double x, double centre, const QString& line, const QFont& font,
               const QColor& colour) {
  const QFontMetricsF metrics(font);
  QPainterPath outlines;
  outlines.setFillRule(Qt::WindingFill);
  outlines.addText(QPointF(x, centre + (metrics.ascent() - metrics.descent()) / 2), font, line);
  p.fillPath(outlines, colour);
}

void draw_column(QPainter& p, const Column& column, const std::vector<Set>& sets) {
  double high = column.gap * std::max(0.0, static_cast<double>(sets.size()) - 1);
  for (const Set& set : sets)
    high += set.lines.isEmpty() ? set.piece->bar.height()
                                : static_cast<double>(set.lines.size()) * set.px * pitch;
  double y = column.box.top() + (column.box.height() - high) / 2;
  for (const Set& set : sets) {
    if (set.lines.isEmpty()) {
      const QRectF bar(QPointF(column.box.left(), y), set.piece->bar);
      p.setPen(Qt::NoPen);
      p.setBrush(set.piece->colour);
      p.drawRoundedRect(bar, bar.height() / 2, bar.height() / 2);
      y += bar.height();
    }
    for (const QString& line : set.lines) {
      draw_line(p, column.box.left(), y + set.px * pitch / 2, line, face(set.px, set.piece->bold),
                set.piece->colour);
      y += set.px * pitch;
    }
    y += column.gap;
  }
}

/// Glyph below glyph; Latin words are turned.
void draw_spine(QPainter& p, const Spine& spine, const QString& words) {
  const bool latin = std::all_of(words.begin(), words.end(), [](QChar c) { return c.unicode() < 0x250; });
  const double length = static_cast<double>(std::max<qsizetype>(words.size(), 1));
  const auto width = [&](double px) {
    return latin ? QFontMetricsF(face(px, true)).horizontalAdvance(words) : px * 1.08 * length;
  };
  double px = spine.size;
  while (px > 20 && width(px) > spine.box.height()) px -= 1;
  const QFont font = face(px, true);
  const QFontMetricsF metrics(font);
  if (latin) {
    p.save();
    p.translate(spine.box.center());
    p.rotate(-90);
    draw_line(p, -metrics.horizontalAdvance(words) / 2, 0, words, font, spine.colour);
    p.restore();
    return;
  }
  double y = spine.box.center().y() - width(px) / 2 + px * 1.08 / 2;
  for (const QChar glyph : words) {
    draw_line(p, spine.box.center().x() - metrics.horizontalAdvance(glyph) / 2, y, glyph, font, spine.colour);
    y += px * 1.08;
  }
}

} // namespace

std::vector<Fault> check(const Form& form, const Notice& notice, bool standing) {
  Said all = said(form, notice);
  if (!all.faults.empty()) return std::move(all.faults);
  for (const Column& column : design_for(form, standing).columns) {
    const auto texts = texts_of(column, all.words);
    if (stops(Guard::overflow, !set_column(column, texts))) all.faults.push_back(too_long(column, texts));
  }
  return std::move(all.faults);
}

Status may_show(const Form& form, const Notice& notice, bool standing) {
  const auto faults = check(form, notice, standing);
  if (faults.empty()) return {};
  const Fault& first = faults.front();
  std::string detail = first.field;
  if (first.over > 0)
    detail +=
        ": " + std::to_string(first.over) + " characters too long (" + std::to_string(first.fits) + " fit)";
  return fail(Error::Code::invalid, first.reason, std::move(detail));
}

Result<QImage> picture(const Form& form, const Notice& notice, const QSize& size) {
  const bool standing = size.height() > size.width();
  MACHIAI_TRY(may_show(form, notice, standing));
  const Design& design = design_for(form, standing);
  QImage image(size, QImage::Format_RGB32);
  image.fill(design.ground);
  QPainter p(&image);
  p.setRenderHints(QPainter::Antialiasing | QPainter::TextAntialiasing | QPainter::SmoothPixmapTransform);
  const double scale = std::min(size.width() / design.size.width(), size.height() / design.size.height());
  p.translate((size.width() - design.size.width() * scale) / 2,
              (size.height() - design.size.height() * scale) / 2);
  p.scale(scale, scale);
  QSvgRenderer(design.drawing).render(&p, QRectF(QPointF(), design.size));
  const auto words = said(form, notice).words;
  for (const Spine& spine : design.spines)
    draw_spine(p, spine, spine.words.in(QString::fromStdString(notice.lang)));
  for (const Column& column : design.columns)
    if (const auto sets = set_column(column, texts_of(column, words))) draw_column(p, column, *sets);
  return image;
}

} // namespace machiai::notice
