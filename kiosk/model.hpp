// SPDX-License-Identifier: Apache-2.0
// What the kiosk shows and what a touch does: pure functions over the hub's view and the session at the
// glass.
#pragma once

#include "core/base/result.hpp"
#include "core/queue/views.hpp"
#include "kiosk/scan.hpp"

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
/// So long the desk is told that somebody waits for help.
inline constexpr std::int64_t call_ms = 60'000;
/// Choices that fit with targets of 20 mm; a longer list ends in "please ask".
inline constexpr std::size_t most_choices = 12;
/// In large letters so many choices fit; more of them are leafed through in sheets of `large_sheet`.
inline constexpr std::size_t large_choices = 3;
inline constexpr std::size_t large_sheet = 2;
/// The second tap of a double tap must not choose on the page that the first one opened.
inline constexpr std::int64_t settle_ms = 250;
/// So long each temporary message stays.
inline constexpr std::int64_t message_ms = 12'000;
/// So long a counter stands first in what is now, where not all of them have room.
inline constexpr std::int64_t now_ms = 8'000;
/// So long the glass is locked for wiping, and so long staff press the clinic's name for it.
inline constexpr std::int64_t wipe_ms = 30'000;
inline constexpr std::int64_t wipe_hold_ms = 3'000;

enum class Page : std::uint8_t { home, kind, asking, done, refused, help, rules, why, code, typing, wipe };

/// One of several numbers of a check-in.
struct GivenOne {
  std::string number;
  int ahead = 0;
  bool called = false;
  std::optional<queue::WaitRange> wait;
  queue::Label room{}; ///< when called, if the hub told it
  bool operator==(const GivenOne&) const = default;
};

/// A number that was given, as the answer of `take` or `check_in` told it.
struct Given {
  std::string number;  ///< after a check-in of several with "・" between them
  std::string service; ///< id
  int ahead = 0;
  bool printing = false;
  std::optional<queue::WaitRange> wait; ///< what the patient was told; nothing: not known yet
  enum class How : std::uint8_t { taken, arrived, known };
  How how = How::taken; ///< known: it was checked in, or taken here, before
  bool called = false;
  queue::Label room{};             ///< when called, if the hub told it
  std::string code{};              ///< for a QR code, where no slip comes out
  std::vector<GivenOne> several{}; ///< each of them, where there is more than one
  bool operator==(const Given&) const = default;
};

/// The person at the glass.
struct Session {
  Page page = Page::home;
  std::string home_lang = "ja"; ///< what the next person finds
  std::string lang = "ja";
  std::string service; ///< chosen, on the pages after home
  Given given;
  std::string refusal;                ///< reason key, on Page::refused
  std::string card;                   ///< personal data: read by the scanner, for the next number only
  std::string digits;                 ///< personal data: of a card that is being typed, on Page::typing
  bool pad = true;                    ///< cards may be typed here
  std::optional<Page> unknown;        ///< a check-in is asked: where to go when nothing is known of the card
  bool called = false;                ///< on Page::help: the desk knows
  bool large = false;                 ///< large letters
  std::size_t sheet = 0;              ///< of the choices, in large letters
  std::int64_t touched_ms = 0;        ///< steady clock
  std::int64_t paged_ms = -settle_ms; ///< steady clock, since the page is what it is
  std::int64_t wiped_ms = 0;          ///< steady clock, the wiping began
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
/// The scanner has read something. Card and ticket are a check-in; a card of which nothing is known today is
/// kept for the next number. Everything else is sent to the reception.
[[nodiscard]] Step scanned(const queue::KioskView* view, Session session, const Scan& scan,
                           std::int64_t steady_ms);
/// What the kiosk reports to the desk: "patient_waits" while somebody asks for help, else nothing.
[[nodiscard]] std::string_view trouble_of(const Session& session);
/// The desk has been told of it.
[[nodiscard]] Session told_desk(Session session);
/// How long the page stays without a touch.
[[nodiscard]] std::int64_t stay_of(const Session& session);
/// Locks the glass for wiping, unless an answer is awaited.
[[nodiscard]] Session wiping(Session session, std::int64_t steady_ms);
/// Goes home when nobody has touched the glass for stay_ms. Never while an answer is awaited.
[[nodiscard]] Session ticked(Session session, std::int64_t steady_ms);

/// A next opening: "14:30", on a date when it is not today.
struct Opening {
  std::string at; ///< empty: unknown
  std::string on; ///< "2026-11-30"; empty: today
  bool tomorrow = false;
  bool operator==(const Opening&) const = default;
};

struct Choice {
  std::string name; ///< of the button: "take-naika", or "why-naika" when no number can be taken
  std::string service;
  queue::Label label;
  std::string state; ///< "before" | "open" | "closed" | "paused" | "full" | "more" (please ask)
  Opening opens;
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

enum class Face : std::uint8_t {
  away,
  closed,
  home,
  kind,
  asking,
  done,
  refused,
  help,
  rules,
  why,    ///< why this counter gives no number now
  code,   ///< a code was read that the reception takes care of
  typing, ///< the number of a card that no scanner reads
  wipe
};

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
  std::string refusal;
  std::string state;      ///< Face::closed and why: "before" | "closed" | "paused" | "full"
  Opening opens;          ///< Face::closed and why: the (earliest) next opening
  queue::Label why_label; ///< Face::why: whose
  std::string message;    ///< temporary message of this moment, in `lang`; or empty
  std::string card_end;   ///< last two digits of the card that was read; or empty
  std::string digits;     ///< Face::typing
  bool pad = false;       ///< a card may be typed from here
  bool large = false;
  std::size_t sheet = 0; ///< of the choices, in large letters
  std::size_t sheets = 1;
  bool settled = true; ///< false: the page has only just changed
  int absence_back = 0;
  int absence_times = 0;
  std::size_t now_first = 0; ///< of `now`, where not all have room
  bool prints = false;       ///< slips come out of this kiosk
  bool called = false;       ///< Face::help: the desk knows
  int stay_seconds = static_cast<int>(stay_ms / 1000);
  int seconds_left = 0; ///< until it goes home; 0 when it need not
  bool warning = false; ///< the last seconds
  bool operator==(const Screen&) const = default;
};

/// `reachable`: the hub confirmed the view a moment ago. `hub_ms`: its clock, 0 before the first word.
[[nodiscard]] Screen screen(const queue::KioskView* view, const Session& session, bool reachable,
                            std::int64_t hub_ms, std::int64_t steady_ms);

} // namespace machiai::kiosk
