// SPDX-License-Identifier: Apache-2.0
// "It is nearly your turn", once, by e-mail: who wants it, when it is due, and who sends it. Exactly one node
// sends a notice at a time: it holds its lease, and what it says afterwards counts only while it does.
#pragma once

#include "cloud/token.hpp"
#include "core/base/clock.hpp"
#include "core/base/pii.hpp"
#include "core/base/result.hpp"

#include <boost/json.hpp>
#include <pqxx/pqxx>

#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace machiai::cloud::store {

struct NoticeAsked {
  base::Pii<std::string> address;
  int near = 0;
  std::string lang;
};

void prepare_notices(pqxx::connection& connection);

/// Those of one batch of bookings, within its transaction.
void add_notices(pqxx::transaction_base& work, const std::vector<std::pair<Token, NoticeAsked>>& all);

/// In place of what was asked before. not_found "unknown_ticket"; conflicts: "ticket_over", "notice_sent",
/// "notice_sending" (at this very moment).
[[nodiscard]] base::Status set_notice(pqxx::connection& connection, const Token& token,
                                      const NoticeAsked& asked, base::Instant now);
/// Nothing is sent after this; one that has been sent stays so. Conflict: "notice_sending".
[[nodiscard]] base::Status stop_notice(pqxx::connection& connection, const Token& token, base::Instant now);

/// What the clinic's last word makes due, and what it ends; in the transaction that makes the word public.
void mark_notices(pqxx::work& work, int facility, base::Date date, const boost::json::object& document,
                  base::Instant now);
/// The ticket was given up: what was asked for a family is the next one's of them.
void pass_notice_on(pqxx::work& work, const Token& token);

/// The clinic's last word of its day.
struct Word {
  base::Date date;
  boost::json::object document;
  base::Instant as_of{};
};
/// It stays the last until the transaction ends. Before any lock of counters and tickets: as its writer does.
[[nodiscard]] std::optional<Word> word_held(pqxx::work& work, int facility);

/// A notice that is this node's to send.
struct NoticeDue {
  Token token;
  std::string id;
  base::Pii<std::string> address;
  std::string lang;
  int attempts = 0; ///< with this one
  std::string service;
  std::string series;
  int n = 0;
  int ahead = 0;
  base::Instant as_of{}; ///< of `ahead`
};

/// Longer than a mail may take (cloud/smtp).
constexpr std::chrono::seconds notice_lease{90};
/// Before the second, third and every further try.
constexpr std::chrono::seconds notice_pauses[] = {std::chrono::seconds{10}, std::chrono::minutes{1},
                                                  std::chrono::minutes{5}};

/// At most so many of the due ones, leased by `who`; ended ones are left out for good.
[[nodiscard]] std::vector<NoticeDue> lease_notices(pqxx::connection& connection, const std::string& who,
                                                   int most, base::Instant now);

enum class NoticeEnd { sent, later, failed };
void finish_notice(pqxx::connection& connection, const std::string& who, const NoticeDue& notice,
                   NoticeEnd end, base::Instant now);

} // namespace machiai::cloud::store
