// SPDX-License-Identifier: Apache-2.0
// What the kiosk shows and what a touch does: pure functions over the hub's view and the session at the
// glass.
#pragma once

#include "core/base/result.hpp"
#include "core/queue/views.hpp"

#include <boost/json.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace machiai::kiosk {

/// Milliseconds a page stays without a touch, and when it says that it will go.
inline constexpr std::int64_t stay_ms = 20'000;
inline constexpr std::int64_t warn_ms = 10'000;
/// Choices that fit with targets of 20 mm; a longer list ends in "please ask".
inline constexpr std::size_t most_choices = 12;

enum class Page : std::uint8_t { home, kind, asking, done, refused, help, rules };

/// A number that was given, as the answer of `take` told it.
struct Given {
  std::string number;
  std::string service; ///< id
  int ahead = 0;
  bool printing = false;
  bool operator==(const Given&) const = default;
};

/// The person at the glass.
struct Session {
  Page page = Page::home;
  std::string home_lang = "ja"; ///< what the next person finds
  std::string lang = "ja";
  std::string service; ///< chosen, on the pages after home
  Given given;
  std::string refusal;         ///< reason key, on Page::refused
  std::int64_t touched_ms = 0; ///< steady clock
};

struct Order {
  std::string command;
  boost::json::object args;
};

struct Step {
  Session session;
  std::optional<Order> order;
};

/// A touch on the button `name` ("" = anywhere else). `view` is null before the first one.
[[nodiscard]] Step touched(const queue::KioskView* view, Session session, std::string_view name,
                           std::int64_t steady_ms);
[[nodiscard]] Session answered(Session session, const base::Result<boost::json::object>& answer,
                               std::int64_t steady_ms);
/// Goes home when nobody has touched the glass for stay_ms. Never while an answer is awaited.
[[nodiscard]] Session ticked(Session session, std::int64_t steady_ms);

struct Choice {
  std::string name; ///< of the button: "take-naika"
  std::string service;
  queue::Label label;
  std::string state; ///< "before" | "open" | "closed" | "more" (please ask)
  std::string opens_at;
  int waiting = 0;
  std::optional<queue::WaitRange> wait;
  bool operator==(const Choice&) const = default;
};

/// One column of the "now" board.
struct Now {
  queue::Label label;
  std::string calling;
  int waiting = 0;
  std::optional<queue::WaitRange> wait;
  bool operator==(const Now&) const = default;
};

enum class Face : std::uint8_t { away, closed, home, kind, asking, done, refused, help, rules };

/// Everything the glass draws. Two equal screens look the same.
struct Screen {
  Face face = Face::away;
  std::string lang = "ja";
  queue::Label facility;
  std::string date;    ///< "2026-11-24", or empty
  std::string session; ///< "morning", ...
  std::string clock;   ///< "10:32", or empty before the first word from the hub
  std::vector<Now> now;
  std::vector<Choice> choices;
  std::vector<std::string> kinds;
  std::string pending; ///< service id of the choice that is being asked
  Given given;
  queue::Label given_label;
  std::optional<queue::WaitRange> given_wait;
  std::string refusal;
  bool before = false;  ///< Face::closed: not yet opened, rather than over
  std::string opens_at; ///< Face::closed: the earliest next opening
  int absence_back = 0;
  int absence_times = 0;
  int seconds_left = 0; ///< until it goes home; 0 on home
  bool warning = false; ///< the last seconds
  bool operator==(const Screen&) const = default;
};

/// `reachable`: the hub confirmed the view a moment ago. `hub_ms`: its clock, 0 before the first word.
[[nodiscard]] Screen screen(const queue::KioskView* view, const Session& session, bool reachable,
                            std::int64_t hub_ms, std::int64_t steady_ms);

/// The name in the language of the reader: kanji for those who read them, else the Latin form.
[[nodiscard]] std::string label_in(const queue::Label& label, std::string_view lang);

} // namespace machiai::kiosk
