// SPDX-License-Identifier: Apache-2.0
// The urgent notice in the film's place: which one is in force, its picture in each size, and its airing.
#pragma once

#include "core/queue/views.hpp"
#include "display/player/schedule.hpp"

#include <QImage>
#include <QSize>
#include <QString>
#include <map>
#include <optional>
#include <utility>

namespace machiai::display {

class Urgent {
public:
  /// `templates`: the clinic's own (notice/form.hpp).
  explicit Urgent(QString templates) : templates_(std::move(templates)) {}

  /// As the hub, or the memory, told it.
  void take(const std::optional<queue::NoticeView>& told);
  [[nodiscard]] bool in_force(base::Instant now) const {
    return told_ && told_->since - clocks_differ <= now && now < told_->until;
  }
  /// The same pixels as `machiai notice render` gives; kept per size. Null when it cannot be drawn: then the
  /// band says it.
  [[nodiscard]] const QImage& picture(const QSize& size);
  /// Its words, for a board that has no place for films.
  [[nodiscard]] queue::MessageView in_words() const;
  [[nodiscard]] Turn turn() const;
  [[nodiscard]] bool drawable() const { return drawable_; }

private:
  static constexpr base::Millis clocks_differ{60'000};
  QString templates_;
  std::optional<queue::NoticeView> told_;
  std::map<std::pair<int, int>, QImage> pictures_;
  bool drawable_ = true;
};

/// A schedule that leaves the place of the films to a notice until then.
[[nodiscard]] Schedule given_way(const Turn& notice);

} // namespace machiai::display
