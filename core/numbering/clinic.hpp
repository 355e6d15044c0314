// SPDX-License-Identifier: Apache-2.0
// The clinic's side. Its truth is the ledger alone (queue::Counter: epoch, owner, granting, generation;
// queue::Day::outside): a message becomes at most one command, which decide() judges; what is said in turn is
// read from the day as it is on the disk (N5). Nothing has to be remembered but how long somebody waits.
#pragma once

#include "core/numbering/message.hpp"
#include "core/queue/decide.hpp"

#include <optional>
#include <vector>

namespace machiai::numbering {

/// Of whom a message speaks, and what is known of the patient.
struct About {
  std::string service;
  base::Date date{};
  std::string kind{};
  std::string card{}; ///< personal data
  std::string name{}; ///< personal data
};

/// The command that the message asks for, if any; its key is `key_of(message)`. A message about another date
/// than the one that is open, or would open now, asks for nothing.
[[nodiscard]] std::optional<queue::Command> react(const queue::Clinic& clinic, const queue::Day& working,
                                                  const About& about, const Message& message,
                                                  base::Instant now);
[[nodiscard]] std::string key_of(const Message& message);
/// What the clinic answers to the message; `durable` is the day after the command, if there was one.
[[nodiscard]] std::vector<Message> replies(const queue::Clinic& clinic, const queue::Day& durable,
                                           const About& about, const Message& message);

/// What is said when a link begins and every few seconds; of the day that is on the disk.
[[nodiscard]] std::vector<Message> breath(const queue::Clinic& clinic, const queue::Day& durable, int service,
                                          base::Instant now);
/// The clinic wants to give the numbers itself: its day has begun and is not over.
[[nodiscard]] bool wants_series(const queue::Clinic& clinic, const queue::Day& day, int service,
                                base::Instant now);
/// The series goes back to the cloud: the day is over, or it was never the cloud's to grant.
[[nodiscard]] std::optional<queue::Command> hand_back(const queue::Clinic& clinic, const queue::Day& working,
                                                      int service, base::Instant now);

/// How long a kiosk waits for the series before it gives a number of its own series; only while the link is
/// up.
inline constexpr base::Millis claim_patience{1500};

} // namespace machiai::numbering
