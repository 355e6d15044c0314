// SPDX-License-Identifier: Apache-2.0
// A sheet above the screen: its ground, its words, its keys. One per panel.
#pragma once

#include "desk/scene.hpp"

namespace machiai::desk {

/// Row of the i-th key where so many stand side by side.
inline double grid_row(std::size_t i, std::size_t across) {
  const std::size_t row = i / across;
  return static_cast<double>(row);
}

struct KeyLook {
  bool enabled = true;
  bool primary = false;
  bool chosen = false;
  double px = 22;
};

class Sheet {
public:
  /// The ground takes no touch; beside it a touch closes the panel, unless something typed would be lost.
  Sheet(Shared c, seat::Scene& scene, const QRectF& box, const QString& title, bool closes = true);
  ~Sheet();
  Sheet(const Sheet&) = delete;
  Sheet& operator=(const Sheet&) = delete;

  /// The key that leads back or closes, at the upper right.
  void close();
  /// Beside it the key that takes the last action back, when that was one of this panel's: the bar that tells
  /// of it lies below the sheet.
  void undo(const std::vector<std::string>& of);
  void key(const QString& name, const QRectF& box, const QString& words, const KeyLook& look = {});
  /// A large key: icon, words, a line below.
  void action(const QString& name, const QRectF& box, const ActionLook& is);
  /// One line; also read out as part of the sheet.
  void line(const QRectF& box, const QString& words, const seat::look::Type& type,
            int flags = Qt::AlignLeft | Qt::AlignVCenter);
  /// Wrapped words.
  void text(const QRectF& box, const QString& words, const seat::look::Type& type,
            int flags = Qt::AlignLeft | Qt::AlignVCenter);
  void paint(std::function<void(QPainter&)> piece) { pieces_->push_back(std::move(piece)); }
  /// Digits to touch, 3 x 4: "pad-0" to "pad-9", "pad-clear", "pad-left".
  void pad(const QRectF& box);
  /// Keys to turn the pages of a list, where there are several.
  void pager(const QRectF& box);
  /// In the place of a list: it is being fetched, or why it could not be, with a key to try again.
  /// False when there is nothing to wait for.
  bool waits(const QRectF& box);

  [[nodiscard]] const QRectF& box() const { return box_; }
  [[nodiscard]] const Context& c() const { return *c_; }
  [[nodiscard]] const Shared& shared() const { return c_; } ///< for what is painted later
  [[nodiscard]] bool free() const { return c_->screen.reachable && c_->screen.pending.empty(); }

private:
  Shared c_;
  seat::Scene& scene_;
  QRectF box_;
  QString said_;
  std::size_t ground_ = 0;
  std::shared_ptr<std::vector<std::function<void(QPainter&)>>> pieces_;
};

/// "*12番* の 順番を かえました（急ぎ）", bold between stars.
[[nodiscard]] QString event_words(const Context& c, const StoryLine& line);
/// Who did it, and where.
[[nodiscard]] QString who_words(const Context& c, const StoryLine& line);
/// A refusal, above the sheets.
void add_refusal(const Shared& c, seat::Scene& scene);

/// Below a counter's row.
void add_outside(Sheet& sheet, const ServiceTab& service, double y);

// ---- panels
// ------------------------------------------------------------------------------------------------
void add_receive(const Shared& c, seat::Scene& scene);
void add_amend(const Shared& c, seat::Scene& scene);
void add_ticket(const Shared& c, seat::Scene& scene);
void add_absent(const Shared& c, seat::Scene& scene);
void add_hold(const Shared& c, seat::Scene& scene);
void add_transfer(const Shared& c, seat::Scene& scene);
void add_history(const Shared& c, seat::Scene& scene);
void add_compare(const Shared& c, seat::Scene& scene);
void add_session_sheet(const Shared& c, seat::Scene& scene);
void add_cap(const Shared& c, seat::Scene& scene);
void add_hours(const Shared& c, seat::Scene& scene);
void add_close_day(const Shared& c, seat::Scene& scene);
void add_messages(const Shared& c, seat::Scene& scene);
void add_message(const Shared& c, seat::Scene& scene);
void add_programme(const Shared& c, seat::Scene& scene);
void add_notices(const Shared& c, seat::Scene& scene);
void add_notice(const Shared& c, seat::Scene& scene);
/// The records' page of who read what.
void add_access(Sheet& sheet);
void add_replay(const Shared& c, seat::Scene& scene);
void add_records(const Shared& c, seat::Scene& scene);
void add_troubles(const Shared& c, seat::Scene& scene);
void add_devices(const Shared& c, seat::Scene& scene);
void add_pair(const Shared& c, seat::Scene& scene);
void add_find(const Shared& c, seat::Scene& scene);
void add_keys_help(const Shared& c, seat::Scene& scene);
/// Covers everything while nobody is logged in.
void add_login(const Shared& c, seat::Scene& scene);

} // namespace machiai::desk
