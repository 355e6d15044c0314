// SPDX-License-Identifier: Apache-2.0
// What a number is called: on the screen, in the ledger, and by people.
#include "tests/queue/morning.hpp"

using namespace machiai::queue;
using machiai::test::Morning;

TEST_CASE("a series is written with its generation and read back") {
  for (const Series& series : {main_series, kiosk_series, web_series, Series{'K', 2}, Series{'W', 65535}})
    REQUIRE(parse_series(series_text(series)) == series);
  for (const char* text : {"", "X", "M1", "W0", "W01", "W-1", "W65536", "W1x", "w", "WW"}) {
    CAPTURE(text);
    REQUIRE_FALSE(parse_series(text).has_value());
  }
}

TEST_CASE("a number of a fall-back series is found by its id and by what is shown") {
  Morning m;
  const TicketRef web{0, {'W', 2}, 7};
  const TicketRef kiosk{0, kiosk_series, 3};
  for (const TicketRef& ref : {web, kiosk}) {
    Event event;
    event.seq = m.day.seq + 1;
    event.at = m.now;
    event.body = Taken{ref, "", "", "", 0, false, "", std::nullopt};
    fold(m.clinic, m.day, event);
  }
  REQUIRE(shown_number(m.clinic, web) == "W2-7");
  REQUIRE(shown_number(m.clinic, kiosk) == "K-3");
  for (const std::string& name : {std::string("W2-7"), std::string("W2.7"), std::string("naika/W2-7"),
                                  ticket_id(m.clinic, m.day.date, web)}) {
    CAPTURE(name);
    const auto at = resolve_ticket(m.clinic, m.day, name);
    REQUIRE(at);
    REQUIRE(ref_of(m.day.tickets[*at]) == web);
  }
  REQUIRE(ref_of(m.day.tickets[*resolve_ticket(m.clinic, m.day, "K3")]) == kiosk);
  REQUIRE(ref_of(m.day.tickets[*resolve_ticket(m.clinic, m.day, "K-3")]) == kiosk);
  REQUIRE_FALSE(resolve_ticket(m.clinic, m.day, "W7"));
  REQUIRE_FALSE(resolve_ticket(m.clinic, m.day, "W3-7"));
}

TEST_CASE("a number without a prefix is not another counter's with one") {
  Morning m;
  m.open();
  m.open("shouni");
  m.take(1);
  m.take(3, "shouni");
  for (const char* named : {"S-3", "S3", "shouni/3", "shouni/S-3"})
    REQUIRE(shown_number(m.clinic, ref_of(m.day.tickets[*resolve_ticket(m.clinic, m.day, named)])) == "S-3");
  REQUIRE(shown_number(m.clinic, ref_of(m.day.tickets[*resolve_ticket(m.clinic, m.day, "1")])) == "1");
  REQUIRE(m.refusal(Act{Verb::cancel, "3"}) == "unknown_ticket");
  Event event;
  event.seq = m.day.seq + 1;
  event.at = m.now;
  event.body = Taken{TicketRef{1, kiosk_series, 2}, "", "", "", 0, false, "", std::nullopt};
  fold(m.clinic, m.day, event);
  REQUIRE(ref_of(m.day.tickets[*resolve_ticket(m.clinic, m.day, "SK-2")]).series == kiosk_series);
}
