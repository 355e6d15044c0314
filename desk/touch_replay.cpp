// SPDX-License-Identifier: Apache-2.0
// A day replayed: which day, which line, which moment.
#include "desk/model.hpp"

#include <algorithm>

namespace machiai::desk {

namespace {

constexpr base::Millis jump{10 * 60'000};

/// The moment that is shown: as chosen, else that of the day's last event.
std::optional<base::Instant> moment_of(const Glass& glass) {
  return base::parse_iso_instant(glass.inside.at.empty() ? glass.found.replay.last : glass.inside.at);
}

void go_to(Glass& glass, const std::optional<base::Instant>& at) {
  if (at) glass.inside.at = base::iso_instant(*at);
}

/// Another day or another line begins at its end.
void begin(Glass& glass) {
  glass.inside.at.clear();
  glass.inside.page = 0;
}

bool turn(const queue::DeskView& view, Glass& glass, std::string_view name) {
  const Replay& shown = glass.found.replay;
  if (name == "earlier" || name == "later") {
    glass.inside.back = std::max(0, glass.inside.back + (name == "earlier" ? 1 : -1));
    begin(glass);
  } else if (const auto service = after(name, "replay-service-")) {
    if (find_service(view, *service) == nullptr) return true;
    glass.inside.about = *service;
    begin(glass);
  } else if (name == "replay-before") {
    // The moment just before the newest event; those recorded at once go together.
    if (const auto last = base::parse_iso_instant(shown.last)) go_to(glass, *last - base::Millis{1});
  } else if (name == "replay-after") {
    go_to(glass, base::parse_iso_instant(shown.next));
  } else if (name == "replay-minus" || name == "replay-plus") {
    const auto at = moment_of(glass);
    if (at) go_to(glass, name == "replay-minus" ? *at - jump : *at + jump);
  } else if (name == "replay-end") {
    begin(glass);
    glass.found.inquiry = {}; // the day may have gone on
  } else {
    return false;
  }
  return true;
}

} // namespace

const std::string& replayed_service(const Glass& glass) {
  return glass.inside.about.empty() ? glass.service : glass.inside.about;
}

std::optional<Step> touch_replay(const queue::DeskView& view, const Glass& glass, std::string_view name) {
  if (glass.panel != Panel::replay) return std::nullopt;
  Glass next = glass;
  if (!turn(view, next, name)) return std::nullopt;
  return nothing(std::move(next));
}

} // namespace machiai::desk
