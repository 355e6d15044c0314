// SPDX-License-Identifier: Apache-2.0
// The desk's screen as a scene (1280x800 design pixels), and the panels that lie over it.
#pragma once

#include "desk/model.hpp"
#include "seat/look.hpp"
#include "seat/phrases.hpp"
#include "seat/stage.hpp"

#include <memory>

namespace machiai::desk {

inline constexpr QSizeF design_size{1280, 800};

struct Context {
  Screen screen;
  const seat::Phrases* phrases = nullptr;
  QString lang;
  [[nodiscard]] QString say(const QString& key, const seat::Phrases::Fill& fill = {}) const {
    return (*phrases)(key, lang, fill);
  }
  [[nodiscard]] QString name(const queue::Label& label) const {
    return QString::fromStdString(lang != "ja" && !label.en.empty() ? label.en : label.ja);
  }
};
using Shared = std::shared_ptr<const Context>;

/// As the clinic calls it; the id where it is no longer one of the clinic's.
[[nodiscard]] QString service_name(const Context& c, const std::string& id);
[[nodiscard]] Shared context(const Screen& screen, const seat::Phrases& phrases, const QString& lang);
[[nodiscard]] seat::Scene base_scene(const Shared& c);
/// The layer above: a dialog on a scrim. Without pieces when no panel needs it.
[[nodiscard]] seat::Scene overlay_scene(const Shared& c);
[[nodiscard]] bool has_overlay(const Screen& screen);

/// An input field of the open panel. The widget lies above the scene; the scene leaves room for it.
struct Field {
  QString name; ///< object name
  QRectF box;   ///< design pixels
  QString label;
  int longest = 64;
  QString start;        ///< what stands in it when the panel opens
  bool several = false; ///< lines
  bool operator==(const Field&) const = default;
};
[[nodiscard]] std::vector<Field> fields_of(const Context& c);
/// Those of the notice's panel.
[[nodiscard]] std::vector<Field> notice_inputs(const Context& c);
/// The key that Enter means when no key has the focus; empty: none.
[[nodiscard]] QString primary_of(const Screen& screen);

// ---- zones -----------------------------------------------------------------------------------------------
void add_head(const Shared& c, seat::Scene& scene);
void add_list(const Shared& c, seat::Scene& scene);
void add_rooms(const Shared& c, seat::Scene& scene);
void add_call(const Shared& c, seat::Scene& scene);
void add_actions(const Shared& c, seat::Scene& scene);
void add_undo(const Shared& c, seat::Scene& scene);
void add_strip(const Shared& c, seat::Scene& scene);

// ---- small parts
// -------------------------------------------------------------------------------------------
using look_runs = QList<seat::look::Run>;
/// "*24番* を 呼びました" -> runs, bold between stars.
[[nodiscard]] look_runs starred(const QString& words, const seat::look::Type& type);
/// "11〜18分", as the board words it; empty where too little is known.
[[nodiscard]] QString range_words(const Context& c, const std::optional<queue::WaitRange>& range);
/// "11/24" of "2026-11-24".
[[nodiscard]] QString short_date(const std::string& iso);
/// Seconds as staff say them: "0:42" for a call, else minutes.
[[nodiscard]] QString elapsed(const Context& c, int seconds, bool by_second);
/// What can be taken back, bold between stars.
[[nodiscard]] QString did_words(const Context& c);
/// What the bar tells of a refusal, bold between stars; empty: nothing.
[[nodiscard]] QString told_words(const Context& c);
[[nodiscard]] QString actor_words(const Context& c, const std::string& actor);
[[nodiscard]] QString kind_words(const Context& c, const std::string& kind);
/// A reason of the order or of a hold: the words of its key, or the staff's own.
[[nodiscard]] QString why_words(const Context& c, const std::string& reason);
/// Stripes over what may no longer be true.
void paint_stale(QPainter& p, const QRectF& box, double radius);
void paint_row(QPainter& p, const Context& c, const QRectF& box, const Row& row, bool pressed);
void paint_stone(QPainter& p, const QRectF& box, const std::string& number, const std::string& state, int cut,
                 bool on_pale);
/// Returns the pill's width.
double paint_pill(QPainter& p, const Context& c, QPointF at, const std::string& state);
/// Why something was refused or is not well, in words that say what to do.
[[nodiscard]] QString reason_words(const Context& c, const std::string& reason);
struct StateLook {
  QString icon;
  QColor fill, ink;
  QColor dashes; ///< valid: a dashed edge
};
[[nodiscard]] StateLook look_of(const std::string& state);
/// A key of the desk: icon, words, a line below.
struct ActionLook {
  QString icon, title, sub;
  bool enabled = true, primary = false;
};
void paint_action(QPainter& p, const QRectF& box, const ActionLook& is, bool pressed, const QString& lang);
/// Digits to touch, 3 x 4 in the box: PREFIX0 to PREFIX9, PREFIXclear, PREFIXleft.
void add_pad(const Shared& c, seat::Scene& scene, const QString& prefix, const QRectF& box, QSizeF gap,
             bool enabled = true);
/// Words as a key of that width has them: one line while most of the size is kept, else two.
struct KeyWords {
  QStringList lines;
  double px = 0;
  bool cut = false; ///< does not stand whole
};
[[nodiscard]] KeyWords key_words(const QString& words, const seat::look::Type& type, QSizeF room);
void add_key(const Shared& c, seat::Scene& scene, const QString& name, const QRectF& box,
             const QString& words, bool enabled, bool primary, bool chosen, double px = 22);

} // namespace machiai::desk
