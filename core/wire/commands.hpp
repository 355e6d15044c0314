// SPDX-License-Identifier: Apache-2.0
// Commands and answers as JSON. Everything a seat sends passes here before a rule sees it.
#pragma once

#include "core/base/result.hpp"
#include "core/queue/decide.hpp"
#include "core/queue/story.hpp"

#include <boost/json.hpp>

#include <string>

namespace machiai::wire {

inline constexpr std::size_t largest_frame = 64 * 1024; ///< bytes

/// A command that changes the day. Fails with not_found "unknown_command" when the name is none of these
/// (it may be a query), invalid "bad_argument" when arguments are missing or mistyped.
[[nodiscard]] base::Result<queue::Command> command_from_json(std::string_view name,
                                                             const boost::json::object& args);

/// A text argument; absent and null are "". Invalid when it is not a string or longer than 4 KiB.
[[nodiscard]] base::Result<std::string> text_argument(const boost::json::object& args, const char* name);

/// The answer to the command that wrote `event`, rebuilt from that event: one key, one answer.
[[nodiscard]] boost::json::object answer_of(const queue::Clinic& clinic, base::Date date,
                                            const queue::Event& event);
/// The counters that these events closed, all of them, as the answer's "services".
void add_closed(boost::json::object& answer, const queue::Clinic& clinic,
                const std::vector<queue::Event>& events);
/// The answer when nothing had to change: the ticket as it is.
[[nodiscard]] boost::json::object answer_unchanged(const queue::Clinic& clinic, const queue::Day& day,
                                                   const queue::Command& command,
                                                   const queue::Decision& decision);

/// The answer to a check-in: who is let in, those who arrived by the events `first` to `last` marked so; the
/// first of them stands in the answer itself too, as after a take.
[[nodiscard]] boost::json::object answer_checked_in(const queue::Clinic& clinic, const queue::Day& day,
                                                    const std::vector<queue::TicketIndex>& tickets,
                                                    std::uint64_t first, std::uint64_t last);

/// What an event tells beyond its kind: "room" of a call, "reason" of a move or a hold.
void add_details(boost::json::object& to, const queue::EventBody& body);

/// One step of order_story: {"seq","at","event","ticket","actor","seat","room","reason","first","turned"}.
/// {"seq","at","event","actor","seat"}, with "ticket" (its number), "reason" and "room" where it has them.
[[nodiscard]] boost::json::object event_to_told(const queue::Clinic& clinic, const queue::Event& event);
[[nodiscard]] boost::json::object step_to_json(const queue::Clinic& clinic, const queue::OrderStep& step,
                                               const queue::TicketRef& one, const queue::TicketRef& other);

[[nodiscard]] boost::json::object error_to_json(const base::Error& error, std::string_view lang);

} // namespace machiai::wire
