// SPDX-License-Identifier: Apache-2.0
#include "cloud/store/notices.hpp"

#include "cloud/near.hpp"
#include "cloud/store/counter.hpp"
#include "cloud/store/database.hpp"
#include "cloud/told.hpp"

#include <algorithm>
#include <iterator>
#include <optional>

namespace machiai::cloud::store {

namespace {

namespace json = boost::json;
using base::Error;
using base::fail;

/// A patient who is called just now, a clinic out of reach: looked at again.
constexpr std::chrono::seconds try_again{5};

std::optional<Word> word_of(const pqxx::result& rows) {
  if (rows.empty() || rows[0][0].is_null()) return std::nullopt;
  boost::system::error_code error;
  const auto value = json::parse(rows[0][1].c_str(), error);
  if (error || !value.is_object()) return std::nullopt;
  return Word{base::Date{rows[0][0].as<int>()}, value.get_object(),
              base::instant_from_ms(rows[0][2].as<std::int64_t>())};
}

/// Columns `from` on: service, series, n, state of the ticket.
Placed placed(const pqxx::row& row, pqxx::row::size_type from) {
  return {row[from].c_str(), row[from + 1].is_null() ? "" : row[from + 1].c_str(),
          row[from + 2].is_null() ? 0 : row[from + 2].as<int>(), row[from + 3].c_str()};
}

base::Instant after(int attempts, base::Instant now) {
  const auto last = std::size(notice_pauses) - 1;
  return now + notice_pauses[std::min(last, static_cast<std::size_t>(std::max(0, attempts - 1)))];
}

void end_notice(pqxx::work& work, const Token& token) {
  Column one;
  one.add_bytes(token.secret);
  work.exec_prepared("notices_over", token.facility, token.date.days, one.text());
}

/// Why the row could not be changed.
base::Status refused(pqxx::work& work, const Token& token) {
  const auto rows = work.exec_prepared("notice_state", token.facility, token.date.days, hex(token.secret));
  const bool sent = !rows.empty() && std::string_view(rows[0][0].c_str()) == "sent";
  return sent ? fail(Error::Code::conflict, "notice_sent") : fail(Error::Code::conflict, "notice_sending");
}

} // namespace

void prepare_notices(pqxx::connection& c) {
  c.prepare("add_notices",
            "INSERT INTO notice (facility_id, date, token, id, address, lang, near) SELECT * FROM "
            "unnest($1::int[], $2::int[], $3::bytea[], $4::bytea[], $5::text[], $6::text[], $7::smallint[])");
  c.prepare(
      "set_notice",
      "INSERT INTO notice (facility_id, date, token, id, address, lang, near) VALUES ($1, $2, $3, $4, $5, "
      "$6, $7) ON CONFLICT (facility_id, date, token) DO UPDATE SET id = excluded.id, address = "
      "excluded.address, lang = excluded.lang, near = excluded.near, state = 'set', attempts = 0, "
      "next_try = 0, lease = '', lease_until = 0 WHERE notice.state <> 'sent' AND notice.lease_until <= "
      "$8");
  c.prepare("stop_notice",
            "DELETE FROM notice WHERE facility_id = $1 AND date = $2 AND token = $3 AND state <> "
            "'sent' AND lease_until <= $4");
  c.prepare("notice_state", "SELECT state FROM notice WHERE facility_id = $1 AND date = $2 AND token = $3");
  c.prepare("day_notices", "SELECT token, state, near FROM notice WHERE facility_id = $1 AND date = $2");
  // Shared with the transaction that writes it: a notice that is set meanwhile is seen by one of the two.
  c.prepare("projection_held",
            "SELECT date, document, as_of FROM projection WHERE facility_id = $1 FOR SHARE");
  c.prepare(
      "open_notices",
      "SELECT o.token, o.near, t.service, t.series, t.n, t.state FROM notice o JOIN ticket t ON "
      "t.facility_id = o.facility_id AND t.date = o.date AND t.token = o.token WHERE o.facility_id = $1 "
      "AND o.date = $2 AND o.state IN ('set', 'due')");
  c.prepare("notices_due",
            "UPDATE notice SET state = 'due', next_try = $4 WHERE facility_id = $1 AND date = $2 "
            "AND token = ANY($3::bytea[]) AND state = 'set'");
  c.prepare("notices_over",
            "UPDATE notice SET state = 'over', address = '' WHERE facility_id = $1 AND date = "
            "$2 AND token = ANY($3::bytea[]) AND state IN ('set', 'due', 'failed')");
  c.prepare(
      "pass_notice_on",
      "INSERT INTO notice (facility_id, date, token, id, address, lang, near) SELECT o.facility_id, o.date, "
      "n.token, $4, o.address, o.lang, o.near FROM notice o JOIN ticket t ON t.facility_id = o.facility_id "
      "AND t.date = o.date AND t.token = o.token JOIN LATERAL (SELECT token FROM ticket WHERE facility_id = "
      "$1 AND date = $2 AND request = t.request AND request <> '' AND token <> t.token AND state IN "
      "('booked', 'asking', 'drawing') ORDER BY place LIMIT 1) n ON true WHERE o.facility_id = $1 AND o.date "
      "= $2 AND o.token = $3 AND o.state IN ('set', 'due') ON CONFLICT DO NOTHING");
  c.prepare(
      "lease_notices",
      "WITH picked AS MATERIALIZED (SELECT facility_id, date, token FROM notice WHERE state = 'due' AND "
      "next_try <= $1 AND lease_until <= $1 ORDER BY next_try LIMIT $4 FOR UPDATE SKIP LOCKED) UPDATE "
      "notice o SET lease = $2, lease_until = $3, attempts = o.attempts + 1 FROM picked p WHERE "
      "o.facility_id = p.facility_id AND o.date = p.date AND o.token = p.token RETURNING o.facility_id, "
      "o.date, o.token, o.id, o.address, o.lang, o.near, o.attempts");
  c.prepare("notice_ticket",
            "SELECT p.date, p.document, p.as_of, t.service, t.series, t.n, t.state FROM ticket t LEFT JOIN "
            "projection p ON p.facility_id = t.facility_id WHERE t.facility_id = $1 AND t.date = $2 AND "
            "t.token = $3");
  c.prepare("release_notice",
            "UPDATE notice SET lease = '', lease_until = 0, attempts = attempts - 1, next_try = $5 WHERE "
            "facility_id = $1 AND date = $2 AND token = $3 AND lease = $4");
  c.prepare(
      "finish_notice",
      "UPDATE notice SET state = $6, address = CASE WHEN $6 = 'due' THEN address ELSE '' END, lease = '', "
      "lease_until = 0, next_try = $7 WHERE facility_id = $1 AND date = $2 AND token = $3 AND id = $4 AND "
      "lease = $5 AND state = 'due'");
}

void add_notices(pqxx::transaction_base& work, const std::vector<std::pair<Token, NoticeAsked>>& all) {
  if (all.empty()) return;
  Column facilities;
  Column dates;
  Column tokens;
  Column ids;
  Column addresses;
  Column langs;
  Column nears;
  for (const auto& [token, asked] : all) {
    facilities.add(token.facility);
    dates.add(token.date.days);
    tokens.add_bytes(token.secret);
    ids.add_bytes(random_bytes(16));
    addresses.add(asked.address.reveal());
    langs.add(asked.lang);
    nears.add(asked.near);
  }
  work.exec_prepared("add_notices", facilities.text(), dates.text(), tokens.text(), ids.text(),
                     addresses.text(), langs.text(), nears.text());
}

base::Status set_notice(pqxx::connection& connection, const Token& token, const NoticeAsked& asked,
                        base::Instant now) {
  pqxx::work work(connection);
  const std::string secret = hex(token.secret);
  const auto word = word_held(work, token.facility);
  const auto rows = work.exec_prepared("lock_ticket", token.facility, token.date.days, secret);
  if (rows.empty()) return fail(Error::Code::not_found, "unknown_ticket");
  if (standing_of({}, token.date, {"", "", 0, rows[0][1].c_str()}, asked.near).turn == Turn::over)
    return fail(Error::Code::conflict, "ticket_over");
  const auto done =
      work.exec_prepared("set_notice", token.facility, token.date.days, secret, hex(random_bytes(16)),
                         asked.address.reveal(), asked.lang, asked.near, base::to_ms(now));
  if (done.affected_rows() == 0) return refused(work, token);
  if (word && word->date == token.date && now - word->as_of <= void_after)
    mark_notices(work, token.facility, token.date, word->document, now);
  notify(work, {token.facility});
  work.commit();
  return {};
}

base::Status stop_notice(pqxx::connection& connection, const Token& token, base::Instant now) {
  pqxx::work work(connection);
  const auto done =
      work.exec_prepared("stop_notice", token.facility, token.date.days, hex(token.secret), base::to_ms(now));
  if (done.affected_rows() == 0) {
    const auto rows = work.exec_prepared("notice_state", token.facility, token.date.days, hex(token.secret));
    if (rows.empty() || std::string_view(rows[0][0].c_str()) == "sent") return {};
    return fail(Error::Code::conflict, "notice_sending");
  }
  notify(work, {token.facility});
  work.commit();
  return {};
}

void mark_notices(pqxx::work& work, int facility, base::Date date, const json::object& document,
                  base::Instant now) {
  Column near;
  Column over;
  int nears = 0;
  int overs = 0;
  for (const auto& row : work.exec_prepared("open_notices", facility, date.days)) {
    const Turn turn = standing_of(document, date, placed(row, 2), row[1].as<int>()).turn;
    if (turn == Turn::near) {
      near.add_bytes(unhex(row[0].c_str()));
      ++nears;
    } else if (turn == Turn::over) {
      over.add_bytes(unhex(row[0].c_str()));
      ++overs;
    }
  }
  if (nears > 0) work.exec_prepared("notices_due", facility, date.days, near.text(), base::to_ms(now));
  if (overs > 0) work.exec_prepared("notices_over", facility, date.days, over.text());
}

void pass_notice_on(pqxx::work& work, const Token& token) {
  work.exec_prepared("pass_notice_on", token.facility, token.date.days, hex(token.secret),
                     hex(random_bytes(16)));
  end_notice(work, token);
}

std::optional<Word> word_held(pqxx::work& work, int facility) {
  return word_of(work.exec_prepared("projection_held", facility));
}

std::vector<NoticeDue> lease_notices(pqxx::connection& connection, const std::string& who, int most,
                                     base::Instant now) {
  pqxx::work work(connection);
  std::vector<NoticeDue> all;
  const auto picked =
      work.exec_prepared("lease_notices", base::to_ms(now), who, base::to_ms(now + notice_lease), most);
  for (const auto& row : picked) {
    NoticeDue due;
    due.token = {row[0].as<int>(), base::Date{row[1].as<int>()}, unhex(row[2].c_str())};
    due.id = unhex(row[3].c_str());
    due.address = base::Pii<std::string>(row[4].c_str());
    due.lang = row[5].c_str();
    due.attempts = row[7].as<int>();
    const std::string secret = hex(due.token.secret);
    const auto about = work.exec_prepared("notice_ticket", due.token.facility, due.token.date.days, secret);
    const auto word = word_of(about);
    const bool known = word && word->date == due.token.date && now - word->as_of <= void_after;
    const Placed ticket = about.empty() ? Placed{} : placed(about[0], 3);
    const Standing standing =
        standing_of(known ? word->document : json::object{}, due.token.date, ticket, row[6].as<int>());
    if (standing.turn == Turn::over || about.empty()) {
      end_notice(work, due.token);
      notify(work, {due.token.facility});
    } else if (!known || standing.turn == Turn::held) {
      work.exec_prepared("release_notice", due.token.facility, due.token.date.days, secret, who,
                         base::to_ms(now + try_again));
    } else {
      due.service = ticket.service;
      due.series = ticket.series;
      due.n = ticket.n;
      due.ahead = standing.ahead;
      due.as_of = word->as_of;
      all.push_back(std::move(due));
    }
  }
  work.commit();
  return all;
}

void finish_notice(pqxx::connection& connection, const std::string& who, const NoticeDue& notice,
                   NoticeEnd end, base::Instant now) {
  pqxx::work work(connection);
  const char* state = end == NoticeEnd::sent ? "sent" : end == NoticeEnd::failed ? "failed" : "due";
  work.exec_prepared("finish_notice", notice.token.facility, notice.token.date.days, hex(notice.token.secret),
                     hex(notice.id), who, state, base::to_ms(after(notice.attempts, now)));
  if (end != NoticeEnd::later) notify(work, {notice.token.facility});
  work.commit();
}

} // namespace machiai::cloud::store
