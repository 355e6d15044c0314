// SPDX-License-Identifier: Apache-2.0
// The room seat's screen as a scene: where everything stands, lying (1280x800) and upright (800x1280).
#pragma once

#include "room/model.hpp"
#include "seat/look.hpp"
#include "seat/phrases.hpp"
#include "seat/stage.hpp"

#include <memory>

namespace machiai::room {

/// What a finger needs: 20 mm on a glass of 11 inches, design pixels.
inline constexpr double least_target = 112;

/// The rectangles of a format, in design pixels.
struct Frame {
  QSizeF size;
  bool upright = false;
  QRectF head, inside, next, after, undo, lang;
  QRectF actions[4];
  // The pairing pages.
  QRectF title, how, address, code, reason, pad, keep, go;
  QRectF check, differs, same;
};
[[nodiscard]] Frame frame_for(QSize window);

/// What the drawing functions share. They keep it alive as long as the scene is shown.
struct Context {
  Screen screen;
  Frame frame;
  const seat::Phrases* phrases = nullptr;
  QString lang;
  [[nodiscard]] QString say(const QString& key, const seat::Phrases::Fill& fill = {}) const {
    return (*phrases)(key, lang, fill);
  }
  [[nodiscard]] QString name(const queue::Label& label) const {
    return QString::fromStdString(lang == "en" ? label.en : label.ja);
  }
};
using Shared = std::shared_ptr<const Context>;

[[nodiscard]] seat::Scene scene(const Screen& screen, const seat::Phrases& phrases, QSize window);

// ---- parts, one per zone ---------------------------------------------------------------------------------
void add_head(const Shared& c, seat::Scene& scene);
void add_inside(const Shared& c, seat::Scene& scene);
void add_next(const Shared& c, seat::Scene& scene);
void add_actions(const Shared& c, seat::Scene& scene);
void add_after(const Shared& c, seat::Scene& scene);
void add_undo(const Shared& c, seat::Scene& scene);
void add_lang(const Shared& c, seat::Scene& scene);
void add_entry(const Shared& c, seat::Scene& scene);
void add_compare(const Shared& c, seat::Scene& scene);

/// A button with an icon and words in one row.
struct Key {
  QString icon{};
  QString words{};
  double px = 28;
  bool enabled = true;
  bool primary = false;
  bool chosen = false;
};
void add_key(const Shared& c, seat::Scene& scene, const QString& name, const QRectF& box, const Key& key);

/// "first" -> 初診; a kind of the clinic's own stays as it is written.
[[nodiscard]] QString kind_words(const Context& c, const std::string& kind);
/// What came of a press, in words; empty: nothing is told.
[[nodiscard]] QString told_words(const Context& c);
/// Why it did not work: words of this seat, else those of the wire.
[[nodiscard]] QString reason_words(const Context& c, const std::string& reason);
/// "40秒", "12分"
[[nodiscard]] QString age_words(const Context& c, int seconds);

} // namespace machiai::room
