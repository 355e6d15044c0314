// SPDX-License-Identifier: Apache-2.0
// Bookings made durable, many in one transaction: numbers without gaps, one answer a key, a cap that is never
// passed, and the draw of the first minute.
#pragma once

#include "cloud/profile.hpp"
#include "cloud/store/notices.hpp"
#include "core/base/clock.hpp"
#include "core/base/pii.hpp"
#include "core/base/result.hpp"

#include <pqxx/pqxx>

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace machiai::cloud::store {

struct PersonAsked {
  base::Pii<std::string> card;
  base::Pii<std::string> birth;
  base::Pii<std::string> name;
  base::Pii<std::string> phone;
  std::string pair_mac;       ///< keyed hash of card and birth date; empty for a first visit
  std::string typed_pair_mac; ///< the same of the card as it was typed: so it was kept before
  std::string card_mac;       ///< keyed hash of the card alone
};

/// A request whose form has been checked.
struct BookingAsked {
  std::shared_ptr<const Profile> facility;
  std::shared_ptr<const service::Provider> provider;
  int keep_days = 7;   ///< after the business date, of the people
  std::string service; ///< id
  std::string kind;
  std::string key;
  std::string body; ///< SHA-256
  std::vector<PersonAsked> people;
  std::optional<base::Instant> slot; ///< when the slot begins; none: a place in today's line
  std::optional<NoticeAsked> notice; ///< of the first of them: one mail for all
  base::Instant at{};
};

/// The answer as JSON, the same for ever for this key.
struct BookingTold {
  std::string answer; ///< empty while `asking`
  bool drawing = false;
  bool asking = false; ///< the clinic has to be asked: store/forward.hpp settles it
};

/// One result for each request, in order; durable when it returns. Throws what pqxx throws: then nothing was
/// done, or it is in doubt and asking again finds out.
[[nodiscard]] std::vector<base::Result<BookingTold>> book(pqxx::connection& connection,
                                                          const std::vector<BookingAsked>& asked);

/// A draw whose minute is over.
struct DrawDue {
  int facility = 0;
  base::Date date;
  std::string service;
};
[[nodiscard]] std::vector<DrawDue> due_draws(pqxx::connection& connection, base::Instant now);
/// Gives the numbers of one draw; when another node has done so, nothing. Before every other booking of that
/// counter this has been done.
void hold_draw(pqxx::connection& connection, const Profile& facility, const DrawDue& due, base::Instant now);

} // namespace machiai::cloud::store
