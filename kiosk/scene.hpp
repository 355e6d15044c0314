// SPDX-License-Identifier: Apache-2.0
// The kiosk's screen as a scene: where everything stands, upright (1080x1920) and lying (1280x800).
#pragma once

#include "kiosk/model.hpp"
#include "seat/counters.hpp"
#include "seat/look.hpp"
#include "seat/phrases.hpp"
#include "seat/stage.hpp"

#include <algorithm>
#include <memory>

namespace machiai::kiosk {

/// The rectangles of a format, in design pixels; `k` scales type and gaps against the upright screen.
struct Frame {
  QSizeF size;
  bool portrait = true;
  double k = 1;
  double spine = 124;
  double least = 0; ///< in large letters: px no word goes below (44 px on a glass of 1080x1920 or 1920x1080)
  QRectF head, now, title, choices, help, globe, langs;
  QRectF number, facts, call, rule, end; ///< the number page
  QRectF hero, below, hero_end;          ///< a page with one message
  QRectF rules_title, rules;
  QRectF code_panel, code,
      code_words; ///< of the number page where no slip comes out; the code with its quiet zone
  QRectF note;    ///< above the choices; empty when nothing is told there
  QRectF whole;   ///< the glass below the head
  QRectF staff;   ///< the clinic's name, which staff press to wipe
  int lang_columns = 4;
};
[[nodiscard]] Frame frame_for(QSize window, const Screen& screen);

/// What the drawing functions share. They keep it alive as long as the scene is shown.
struct Context {
  Screen screen;
  Frame frame;
  const seat::Phrases* phrases = nullptr;
  QString lang;
  [[nodiscard]] QString say(const QString& key, const seat::Phrases::Fill& fill = {}) const {
    return (*phrases)(key, lang, fill);
  }
  [[nodiscard]] bool large() const { return frame.least > 0; }
  [[nodiscard]] double px(double normal) const { return std::max(normal, frame.least); }
  [[nodiscard]] QString room(const queue::Label& label) const {
    return seat::room_name(QString::fromStdString(label.ja), QString::fromStdString(label.en),
                           QString::fromStdString(label.reading), lang);
  }
  [[nodiscard]] QString name(const queue::Label& label) const {
    return seat::counter_name(QString::fromStdString(label.ja), QString::fromStdString(label.en),
                              QString::fromStdString(label.reading), lang);
  }
};
using Shared = std::shared_ptr<const Context>;

[[nodiscard]] seat::Scene scene(const Screen& screen, const seat::Phrases& phrases, QSize window);

/// Name of the invisible button on the clinic's name.
inline const QString staff_button = QStringLiteral("staff-wipe");

// ---- parts, one per zone -------------------------------------------------------------------------------
void add_head(const Shared& c, seat::Scene& scene);
void add_now(const Shared& c, seat::Scene& scene);
void add_languages(const Shared& c, seat::Scene& scene);
/// The button for large letters, or out of them.
void add_large(const Shared& c, seat::Scene& scene, const QRectF& box);
void add_help_row(const Shared& c, seat::Scene& scene);
void add_home(const Shared& c, seat::Scene& scene);
void add_kinds(const Shared& c, seat::Scene& scene);
void add_typing(const Shared& c, seat::Scene& scene);
void add_title(const Shared& c, seat::Scene& scene, const QString& key);
void add_number(const Shared& c, seat::Scene& scene);
void add_closed(const Shared& c, seat::Scene& scene);  ///< all counters, or why this one
void add_message(const Shared& c, seat::Scene& scene); ///< away, help, refused, code
void add_rules(const Shared& c, seat::Scene& scene);
[[nodiscard]] bool has_note(const Screen& screen);
void add_note(const Shared& c, seat::Scene& scene);
void add_stay(const Shared& c, seat::Scene& scene); ///< the question of the last seconds, outside of the note
void add_wipe(const Shared& c, seat::Scene& scene);
/// "Done", with the seconds until the page leaves by itself.
void add_end(const Shared& c, seat::Scene& scene, const QRectF& box);

/// Lines broken by hand, *bold* between stars; shrinks to `box` and is centred in its height.
void rich(QPainter& painter, const QRectF& box, const QString& words, seat::look::Type type, double pitch,
          bool centred = false);

/// A message on indigo: an upright board with an icon; the rest is drawn inside by the caller.
void paint_hero(QPainter& painter, const Context& c, const QRectF& box, const QColor& ground,
                const QColor& board, const QString& icon, const QString& spine);
[[nodiscard]] QRectF hero_inside(const Context& c, const QRectF& box);

/// A large choice: stone with an icon, a title, a line below, an arrow.
struct Card {
  QString title;
  QString sub;
  QString icon;
  int cut = 1;
  bool primary = false;
  bool quiet = false; ///< cannot be chosen now
  bool arrow = true;
  double least = 0; ///< px no word goes below, in large letters
  double k = 1;     ///< of the frame
};
void paint_card(QPainter& painter, const QRectF& box, const Card& card, const QString& lang, bool pressed);
/// A smaller button: icon and words in one row.
struct Key {
  QString icon;
  QString words;
  double px = 32;
  double least = 0; ///< as of a card
};
void paint_key(QPainter& painter, const QRectF& box, const Key& key, const QString& lang, bool pressed);

/// Rows of words at the size that was found for them.
struct Lines {
  QStringList rows;
  seat::look::Type type;
};
/// At most `most` rows, broken between phrases, smaller in whole pixels down to `least`; more rows when even
/// that is too large.
[[nodiscard]] Lines fit_lines(const QString& words, seat::look::Type type, double wide, int most,
                              double least);
/// No more than `most` rows; the last one tells with "…" that there was more.
[[nodiscard]] Lines cut_rows(Lines lines, double wide, qsizetype most);
/// From row to row: stacked accents need more air.
[[nodiscard]] double line_step(const Lines& lines, double pitch);
void paint_lines(QPainter& painter, const QRectF& box, const Lines& lines, double pitch,
                 int align = Qt::AlignLeft);
/// Words without their breaks by hand and bold parts, in as many rows as the box has room for.
void flow(QPainter& painter, const QRectF& box, const QString& words, seat::look::Type type, double least,
          double pitch);
void add_card(const Shared& c, seat::Scene& scene, const QString& name, const QRectF& box, const Card& card,
              bool enabled);
[[nodiscard]] QString rule_words(const Context& c);
/// "11月30日(月)"; empty when it is no ISO date.
[[nodiscard]] QString date_words(const Context& c, const std::string& iso);
/// "30〜45", as the language writes a range.
[[nodiscard]] QString range_words(const Context& c, const queue::WaitRange& wait);
/// "11" and "人", as the language counts people; the unit may be empty.
struct Count {
  QString number, unit;
};
[[nodiscard]] Count people_count(const Context& c, int people);
/// What stands behind a number of minutes.
[[nodiscard]] QString minutes_unit(const Context& c, int minutes);
/// "あす 午前9:00から 受付します". The opening is known.
[[nodiscard]] QString opening_words(const Context& c, const Opening& opening);
/// Why no number can be taken, as a picture: full, not yet open, over.
[[nodiscard]] QString state_icon(const std::string& state);
/// "14:30" as the reader says it: 午後2:30.
[[nodiscard]] QString time_words(const Context& c, const std::string& time, const QString& key);

} // namespace machiai::kiosk
