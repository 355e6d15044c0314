// SPDX-License-Identifier: Apache-2.0
#include "cloud/store/forget.hpp"

#include "cloud/store/database.hpp"

namespace machiai::cloud::store {

void prepare_forget(pqxx::connection& c) {
  c.prepare("forget_alone", "SELECT pg_try_advisory_xact_lock(7106232301)");
  // A day that was told when they booked holds, also when the provider keeps such data longer now.
  c.prepare("forget_people", "DELETE FROM person WHERE ctid = ANY(ARRAY(SELECT ctid FROM person WHERE "
                             "delete_on <= $1 OR date <= $2 LIMIT $3))");
  c.prepare("forget_these", "DELETE FROM person WHERE facility_id = $1 AND date = $2 AND token = "
                            "ANY($3::bytea[])");
  c.prepare("forget_their_cards", "UPDATE ticket SET card = NULL WHERE facility_id = $1 AND date = $2 AND "
                                  "token = ANY($3::bytea[]) AND card IS NOT NULL");
  c.prepare("forget_hashes", "UPDATE ticket SET card = NULL WHERE ctid = ANY(ARRAY(SELECT ctid FROM ticket "
                             "WHERE card IS NOT NULL AND date <= $1 LIMIT $2))");
  c.prepare(
      "forget_requests",
      "DELETE FROM request WHERE ctid = ANY(ARRAY(SELECT ctid FROM request WHERE date <= $1 LIMIT $2))");
  c.prepare("forget_notices",
            "DELETE FROM notice WHERE ctid = ANY(ARRAY(SELECT ctid FROM notice WHERE date <= $1 LIMIT $2))");
  c.prepare("forget_cards", "DELETE FROM card WHERE ctid = ANY(ARRAY(SELECT ctid FROM card WHERE facility_id "
                            "= ANY($1::int[]) LIMIT $2))");
}

void forget_these(pqxx::transaction_base& work, int facility, int date, const Column& tokens) {
  const std::string these = tokens.text();
  work.exec_prepared("forget_these", facility, date, these);
  work.exec_prepared("forget_their_cards", facility, date, these);
  work.exec_prepared("notices_over", facility, date, these);
}

bool forget(pqxx::connection& connection, const Past& past, const std::set<int>& ended, base::Date today,
            int most) {
  pqxx::work work(connection);
  if (!work.exec_prepared1("forget_alone")[0].as<bool>()) return false;
  bool more = false;
  const auto gone = [&](const pqxx::result& done) {
    more = more || static_cast<int>(done.affected_rows()) >= most;
  };
  gone(work.exec_prepared("forget_people", today.days, past.people.days, most));
  gone(work.exec_prepared("forget_hashes", past.people.days, most));
  gone(work.exec_prepared("forget_requests", past.answers.days, most));
  gone(work.exec_prepared("forget_notices", past.notices.days, most));
  if (!ended.empty()) {
    Column ids;
    for (const int each : ended) ids.add(each);
    gone(work.exec_prepared("forget_cards", ids.text(), most));
  }
  work.commit();
  return more;
}

} // namespace machiai::cloud::store
