// SPDX-License-Identifier: Apache-2.0
#include "cloud/store/statements.hpp"

#include "cloud/over.hpp"
#include "cloud/store/forget.hpp"
#include "cloud/store/notices.hpp"
#include "cloud/store/restored.hpp"
#include "cloud/store/slots.hpp"

namespace machiai::cloud::store {

namespace {

void prepare_bookings(pqxx::connection& c) {
  // In one order everywhere: two batches that lock the same counters wait, and never for each other.
  c.prepare("lock_counters",
            "SELECT c.facility_id, c.date, c.service, c.epoch, c.owner, c.high, c.web_high, c.given, "
            "c.live, c.paused, c.draw_until, c.draw_seed, c.generation, c.stopped, c.predicted_end, "
            "c.predicted_at, c.walk_ins, c.walk_in_every, c.trusted FROM counter c JOIN "
            "unnest($1::int[], $2::int[], $3::text[]) AS u(f, d, s) ON c.facility_id = u.f AND c.date = "
            "u.d AND c.service = u.s ORDER BY c.facility_id, c.date, c.service FOR UPDATE OF c");
  // Of a date that a restored backup may have forgotten: as numbering::begin_date says.
  c.prepare(
      "make_counters",
      "INSERT INTO counter (facility_id, date, service, generation, owner, trusted) SELECT u.f, u.d, u.s, "
      "f.generation, r.until IS NULL, r.until IS NULL FROM "
      "unnest($1::int[], $2::int[], $3::text[]) AS u(f, d, s) JOIN facility f ON f.facility_id = u.f "
      "LEFT JOIN restored r ON r.facility_id = u.f AND r.service = u.s AND u.d <= r.until "
      "ORDER BY 1, 2, 3 ON CONFLICT DO NOTHING");
  c.prepare("save_counters", "UPDATE counter c SET high = u.n, web_high = u.b, given = u.g, live = u.l, "
                             "draw_until = u.t, draw_seed = u.e "
                             "FROM unnest($1::int[], $2::int[], $3::text[], $4::int[], $5::int[], $6::int[], "
                             "$7::int[], $8::bigint[], "
                             "$9::bigint[]) AS u(f, d, s, n, b, g, l, t, e) WHERE c.facility_id = u.f AND "
                             "c.date = u.d AND c.service = u.s");
  c.prepare("seats_heard", "SELECT facility_id, heard FROM seat WHERE facility_id = ANY($1::int[])");
  c.prepare("find_requests",
            "SELECT r.facility_id, r.key, r.body, r.answer, r.drawing FROM request r JOIN "
            "unnest($1::int[], $2::text[]) AS u(f, k) ON r.facility_id = u.f AND r.key = u.k");
  c.prepare("find_cards",
            "SELECT c.facility_id, c.mac FROM card c JOIN unnest($1::int[], $2::bytea[]) AS u(f, m) ON "
            "c.facility_id = u.f AND c.mac = u.m");
  c.prepare("live_cards",
            "SELECT t.facility_id, t.date, t.service, t.card FROM ticket t JOIN unnest($1::int[], $2::int[], "
            "$3::text[], $4::bytea[]) AS u(f, d, s, c) ON t.facility_id = u.f AND t.date = u.d AND "
            "t.service = u.s AND t.card = u.c WHERE t.state NOT IN " +
                over_list());
  c.prepare("lock_budgets",
            "SELECT facility_id, forgotten_at FROM budget WHERE facility_id = ANY($1::int[]) ORDER BY "
            "facility_id FOR UPDATE");
  c.prepare("save_budgets",
            "INSERT INTO budget (facility_id, forgotten_at) SELECT * FROM unnest($1::int[], $2::bigint[]) "
            "ON CONFLICT (facility_id) DO UPDATE SET forgotten_at = greatest(budget.forgotten_at, "
            "excluded.forgotten_at)");
  c.prepare(
      "add_numbers",
      "INSERT INTO number (facility_id, date, service, series, n, key, place, accepted_at) SELECT * FROM "
      "unnest($1::int[], $2::int[], $3::text[], $4::text[], $5::int[], $6::text[], $7::smallint[], "
      "$8::bigint[])");
  // One way there and back for all that a batch writes; a ticket's row gives its number's and its person's.
  c.prepare(
      "write_batch",
      "WITH r AS (INSERT INTO request (facility_id, key, body, answer, drawing, date) SELECT * FROM "
      "unnest($1::int[], $2::text[], $3::bytea[], $4::text[], $5::bool[], $6::int[])), "
      "u AS MATERIALIZED (SELECT * FROM unnest($7::int[], $8::int[], $9::bytea[], $10::text[], $11::text[], "
      "$12::text[], $13::smallint[], $14::text[], $15::int[], $16::text[], $17::bytea[], $18::bigint[], "
      "$19::bigint[], $20::text[], $21::text[], $22::text[], $23::text[], $24::int[]) AS u(facility_id, "
      "date, "
      "token, service, kind, request, place, series, n, state, mac, accepted_at, slot, card, birth, name, "
      "phone, delete_on)), "
      "t AS (INSERT INTO ticket (facility_id, date, token, service, kind, request, place, series, n, state, "
      "card, accepted_at, slot) SELECT facility_id, date, token, service, kind, request, place, series, n, "
      "state, mac, accepted_at, slot FROM u), "
      "n AS (INSERT INTO number (facility_id, date, service, series, n, key, place, accepted_at) SELECT "
      "facility_id, date, service, series, n, request, place, coalesce(slot, accepted_at) FROM u WHERE n IS "
      "NOT NULL), "
      "p AS (INSERT INTO person (facility_id, date, token, card, birth, name, phone, delete_on) SELECT "
      "facility_id, date, token, card, birth, name, phone, delete_on FROM u), "
      "c AS (UPDATE counter SET high = u.n, web_high = u.b, given = u.g, live = u.l, draw_until = u.t, "
      "draw_seed = u.e FROM unnest($25::int[], $26::int[], $27::text[], $28::int[], $29::int[], $30::int[], "
      "$31::int[], $32::bigint[], $33::bigint[]) AS u(f, d, s, n, b, g, l, t, e) WHERE counter.facility_id = "
      "u.f AND counter.date = u.d AND counter.service = u.s) "
      "SELECT pg_notify('machiai', u) FROM unnest($34::text[]) AS u");
  c.prepare("notify", "SELECT pg_notify('machiai', u) FROM unnest($1::text[]) AS u");
  c.prepare("due_draws",
            "SELECT facility_id, date, service FROM counter WHERE draw_until <= $1 AND draw_seed IS NULL");
  c.prepare("drawing_tickets",
            "SELECT token, request, place FROM ticket WHERE facility_id = $1 AND date = $2 AND "
            "service = $3 AND state = 'drawing' ORDER BY request, place");
  c.prepare("draw_tickets",
            "UPDATE ticket t SET series = u.s, n = u.n, state = u.st FROM unnest($3::bytea[], $4::text[], "
            "$5::int[], $6::text[]) AS u(t, s, n, st) WHERE t.facility_id = $1 AND t.date = $2 AND "
            "t.token = u.t");
}

void prepare_tickets(pqxx::connection& c) {
  c.prepare("day_counters",
            "SELECT service, high, web_high, given, live, paused, draw_until, draw_seed IS NOT NULL, "
            "stopped, predicted_end, predicted_at, walk_ins, owner, walk_in_every FROM counter WHERE "
            "facility_id = $1 AND "
            "date = $2");
  c.prepare("day_tickets",
            "SELECT token, service, kind, request, place, series, n, state, arrival, accepted_at, slot FROM "
            "ticket WHERE facility_id = $1 AND date = $2");
  c.prepare("projection",
            "SELECT CASE WHEN p.past THEN past_date ELSE date END, CASE WHEN p.past THEN past_document ELSE "
            "document END, as_of, p.past FROM projection, LATERAL (SELECT past_date IS NOT DISTINCT FROM $2 "
            "AND date <> $2 AS past) AS p WHERE facility_id = $1");
  // What was said of the date before is kept beside what is said of the new one.
  c.prepare("save_projection",
            "INSERT INTO projection AS p (facility_id, date, document, as_of) VALUES ($1, $2, $3, $4) ON "
            "CONFLICT (facility_id) DO UPDATE SET date = excluded.date, document = excluded.document, "
            "as_of = excluded.as_of, past_date = CASE WHEN p.date = excluded.date THEN p.past_date ELSE "
            "p.date END, past_document = CASE WHEN p.date = excluded.date THEN p.past_document ELSE "
            "p.document END");
  c.prepare("lock_date", "SELECT service, paused FROM counter WHERE facility_id = $1 AND date = $2 "
                         "ORDER BY service FOR UPDATE");
  // As the clinic's record has it, and what it has not heard of yet.
  c.prepare("save_line",
            "UPDATE counter SET live = $4 + (SELECT count(*) FROM ticket t LEFT JOIN number n ON "
            "n.facility_id = t.facility_id AND n.date = t.date AND n.service = t.service AND n.series = "
            "t.series AND n.n = t.n WHERE t.facility_id = $1 AND t.date = $2 AND t.service = $3 AND (t.state "
            "= 'asking' OR (t.state = 'booked' AND NOT n.adopted))) WHERE facility_id = $1 AND date = $2 AND "
            "service = $3");
  c.prepare("save_predicted", "UPDATE counter SET paused = $4, predicted_end = $5, predicted_at = $6 WHERE "
                              "facility_id = $1 AND date = $2 AND service = $3");
  // Not in the clinic's record.
  c.prepare("open_cancels",
            "SELECT token, service, series, n FROM ticket WHERE facility_id = $1 AND date = $2 AND state = "
            "'cancelled' AND told IS DISTINCT FROM 'cancelled' AND n IS NOT NULL");
  c.prepare(
      "lock_ticket",
      "SELECT service, state, arrival, n IS NULL, coalesce(series, ''), coalesce(n, 0) FROM ticket WHERE "
      "facility_id = $1 AND date = $2 AND token = $3 FOR UPDATE");
  c.prepare("set_state", "UPDATE ticket SET state = $4 WHERE facility_id = $1 AND date = $2 AND token = $3");
  c.prepare("set_arrival",
            "UPDATE ticket SET arrival = $4 WHERE facility_id = $1 AND date = $2 AND token = $3");
  c.prepare("one_less",
            "UPDATE counter SET live = live - 1 WHERE facility_id = $1 AND date = $2 AND service = $3");
  c.prepare("lock_counter_of",
            "SELECT 1 FROM counter WHERE facility_id = $1 AND date = $2 AND service = (SELECT service FROM "
            "ticket WHERE facility_id = $1 AND date = $2 AND token = $3) FOR UPDATE");
}

void prepare_rest(pqxx::connection& c) {
  c.prepare("facilities",
            "SELECT facility_id, slug, number, profile, generation FROM facility ORDER BY facility_id");
  c.prepare("facility",
            "SELECT facility_id, slug, number, profile, generation FROM facility WHERE facility_id = $1");
  c.prepare("setting", "SELECT document FROM setting WHERE facility_id = $1 AND name = $2");
  c.prepare("use_code",
            "UPDATE code SET used_at = $3 WHERE facility_id = $1 AND hash = $2 AND used_at IS NULL AND "
            "until > $3");
  c.prepare("revoke_all",
            "UPDATE certificate SET revoked_at = $2 WHERE facility_id = $1 AND revoked_at IS NULL");
  c.prepare("add_certificate",
            "INSERT INTO certificate (facility_id, serial, station, fingerprint, not_after) VALUES ($1, "
            "$2, $3, $4, $5)");
  // Enrolling and renewing wait for each other here: what is revoked are all certificates that there are.
  c.prepare("stations_of", "SELECT 1 FROM facility WHERE facility_id = $1 FOR NO KEY UPDATE");
  c.prepare(
      "given_since",
      "SELECT count(*) FROM certificate WHERE facility_id = $1 AND not_after > $2 AND revoked_at IS NULL");
  c.prepare(
      "certificate",
      "SELECT station, fingerprint, revoked_at IS NOT NULL, replaced FROM certificate WHERE facility_id = $1 "
      "AND serial = $2");
}

} // namespace

void prepare(pqxx::connection& connection) {
  // Each statement finds its rows by a key: one plan for good, also while the tables are new and unknown to
  // the planner, which would read a whole one for every batch.
  connection.set_variable("plan_cache_mode", "force_generic_plan");
  connection.set_variable("enable_seqscan", "off");
  connection.set_variable("enable_hashjoin", "off");
  connection.set_variable("enable_mergejoin", "off");
  prepare_bookings(connection);
  prepare_tickets(connection);
  prepare_rest(connection);
  prepare_notices(connection);
  prepare_slots(connection);
  prepare_restored(connection);
  prepare_forget(connection);
}

} // namespace machiai::cloud::store
