// SPDX-License-Identifier: Apache-2.0
// When a patient is told that it is nearly their turn: a function of what the clinic last said of its day.
#pragma once

#include "core/base/clock.hpp"

#include <boost/json.hpp>

#include <string>
#include <string_view>

namespace machiai::cloud {

constexpr int least_near = 1;
constexpr int most_near = 20;

/// A ticket as the cloud's own table has it.
struct Placed {
  std::string service;
  std::string series; ///< empty: no number yet
  int n = 0;
  std::string state;
};

enum class Turn {
  waiting, ///< not yet, or not known
  near,    ///< so many are ahead, or fewer, and the line moves
  held,    ///< called, absent or on hold: a notice would be wrong now, and may be right again
  over,    ///< with the doctor or after: a late "nearly your turn" is worse than none
};

struct Standing {
  Turn turn = Turn::waiting;
  int ahead = 0; ///< when near, or waiting within the line: who is here, and who is still expected
};

/// How the clinic names the ticket: "naika-20261126-12", "naika-20261126-W1.7" (core/queue, ticket_id).
[[nodiscard]] std::string clinic_name(const Placed& ticket, base::Date date);
/// `document`: the clinic's last word of that date. Before the counter opens nobody is near: the first in the
/// line would be sent for at six in the morning.
[[nodiscard]] Standing standing_of(const boost::json::object& document, base::Date date, const Placed& ticket,
                                   int near);

/// The state of the ticket in the clinic's word of that date; empty where it said none.
[[nodiscard]] std::string_view state_said(const boost::json::object& document, base::Date date,
                                          const Placed& ticket);
/// By the clinic's last word of that date the patient was called, and is not absent: too late to cancel.
[[nodiscard]] bool is_called(const boost::json::object& document, base::Date date, const Placed& ticket);

/// An address that one mail can be sent to and that cannot be anything else in a header or a command: ASCII,
/// a dot-atom, a name of a host; at most 254 characters.
[[nodiscard]] bool is_email(std::string_view text);

} // namespace machiai::cloud
