// SPDX-License-Identifier: Apache-2.0
#include "core/service/contract.hpp"

#include <catch2/catch.hpp>

using namespace machiai;
using namespace machiai::service;

namespace {

base::Date date(const char* text) {
  return base::parse_iso_date(text).value();
}

base::Instant at(const char* text) {
  return base::parse_iso_instant(text).value();
}

std::vector<std::string> told(const Provider& provider, const Contract& contract, const char* now) {
  std::vector<std::string> reasons;
  for (const Announcement& each : announcements(provider, contract, at(now))) reasons.push_back(each.reason);
  return reasons;
}

using Reasons = std::vector<std::string>;

} // namespace

TEST_CASE("films are covered from the start of use to the day before the end, and not while suspended") {
  Contract contract;
  contract.begins = date("2026-12-01");
  contract.ended = date("2027-01-01");
  contract.suspensions = {{at("2026-12-10T09:00"), at("2026-12-10T18:00"), ""},
                          {at("2026-12-20T00:00"), std::nullopt, ""}};
  const auto is = [&](const char* now, bool covered, bool suspended, const char* until) {
    const Signage signage = service::signage(contract, at(now));
    CAPTURE(now);
    CHECK(signage.covered == covered);
    CHECK(signage.suspended == suspended);
    CHECK(signage.until == (*until == '\0' ? std::nullopt : std::optional(at(until))));
  };
  is("2026-11-30T23:59:59", false, false, "2026-12-01T00:00");
  is("2026-12-01T00:00", true, false, "2026-12-10T09:00");
  is("2026-12-10T09:00", true, true, "2026-12-10T18:00");
  is("2026-12-10T18:00", true, false, "2026-12-20T00:00");
  is("2026-12-31T23:59:59", true, true, "2027-01-01T00:00");
  is("2027-01-01T00:00", false, true, "");
}

TEST_CASE("a contract of the queue alone covers no film") {
  Contract contract;
  contract.signage = false;
  CHECK_FALSE(signage(contract, at("2026-12-01T10:00")).covered);
  CHECK(signage({}, at("2026-12-01T10:00")) == Signage{});
}

TEST_CASE("before its first day a contract has not begun, which is not the same as over") {
  Contract contract;
  contract.begins = date("2026-12-01");
  contract.ended = date("2027-01-01");
  const Standing before = standing({}, contract, at("2026-11-30T23:59:59"));
  CHECK(state_name(before.state) == "not_begun");
  CHECK(before.until == at("2026-12-01T06:00")); // with the hours
  CHECK(standing({}, contract, at("2026-12-01T12:00")).state == State::ok);
  CHECK(standing({}, contract, at("2027-01-01T12:00")).state == State::ended);
  contract.begins = date("2027-02-01");
  CHECK(standing({}, contract, at("2027-01-01T12:00")).state == State::ended);
}

TEST_CASE("neither server hours nor maintenance stop the films") {
  // They need no server: only the contract is asked.
  Provider provider;
  provider.maintenance = {{at("2026-12-01T00:00"), std::nullopt, ""}};
  CHECK(standing(provider, {}, at("2026-12-01T10:00")).state == State::maintenance);
  CHECK(signage({}, at("2026-12-01T10:00")).covered);
}

TEST_CASE("a clinic is told what holds, and what comes in good time") {
  Provider provider;
  provider.maintenance = {{at("2026-12-05T22:00"), at("2026-12-06T05:00"), "更新"}};
  provider.hours.exceptions = {{date("2026-12-31"), 360, 720}};
  Contract contract;
  contract.begins = date("2026-12-01");
  contract.ended = date("2027-02-01");
  contract.suspensions = {{at("2026-12-10T09:00"), at("2026-12-11T00:00"), "料金"}};
  const auto says = [&](const char* now) { return told(provider, contract, now); };
  CHECK(says("2026-11-30T12:00") == Reasons{"contract_not_begun"});
  CHECK(says("2026-12-02T12:00").empty());
  CHECK(says("2026-12-03T21:59").empty());
  CHECK(says("2026-12-03T22:00") == Reasons{"maintenance_ahead"});
  CHECK(says("2026-12-05T22:00") == Reasons{"maintenance_now"});
  CHECK(says("2026-12-06T05:00").empty());
  CHECK(says("2026-12-08T09:00") == Reasons{"suspension_ahead"});
  CHECK(says("2026-12-10T09:00") == Reasons{"contract_suspended"});
  CHECK(says("2026-12-29T12:00").empty());
  CHECK(says("2026-12-30T12:00") == Reasons{"hours_change_ahead"});
  CHECK(says("2026-12-31T12:00") == Reasons{"hours_changed"});
  CHECK(says("2027-01-01T00:00") == Reasons{"contract_ends"});
  CHECK(says("2027-02-01T00:00") == Reasons{"contract_ended"});
  const auto now = announcements(provider, contract, at("2026-12-10T12:00"));
  CHECK(now.front().words == "料金");
  CHECK(now.front().until == at("2026-12-11T00:00"));
}

TEST_CASE("what holds is told before what is to come") {
  Provider provider;
  provider.maintenance = {{at("2026-12-01T10:00"), at("2026-12-01T11:00"), ""},
                          {at("2026-12-01T20:00"), std::nullopt, ""}};
  Contract contract;
  contract.ended = date("2026-12-03");
  CHECK(told(provider, contract, "2026-12-01T10:30") ==
        Reasons{"maintenance_now", "contract_ends", "maintenance_ahead"});
}

TEST_CASE("until when is told as the moment from which all is well again") {
  Provider provider;
  Contract contract;
  const auto until = [&](const char* now) { return standing(provider, contract, at(now)).until; };
  contract.suspensions = {{at("2026-12-10T09:00"), at("2026-12-10T12:00"), ""},
                          {at("2026-12-10T11:00"), at("2026-12-10T15:00"), ""}};
  provider.maintenance = {{at("2026-12-10T15:00"), at("2026-12-10T16:00"), ""},
                          {at("2026-12-11T02:00"), at("2026-12-11T05:30"), ""}};
  CHECK(until("2026-12-10T10:00") == at("2026-12-10T16:00")); // one after the other
  CHECK(until("2026-12-11T03:00") == at("2026-12-11T06:00")); // the hours begin later
  CHECK(until("2026-12-11T00:10") == at("2026-12-11T06:00"));
  provider.maintenance.push_back({at("2026-12-11T05:00"), std::nullopt, ""});
  CHECK(until("2026-12-11T03:00") == std::nullopt); // it is not known
  contract.begins = date("2026-12-20");
  provider.maintenance.clear();
  CHECK(until("2026-12-10T10:00") == at("2026-12-20T06:00"));
  contract.ended = date("2026-12-24");
  contract.suspensions = {{at("2026-12-23T12:00"), at("2026-12-25T12:00"), ""}};
  CHECK(until("2026-12-23T13:00") == std::nullopt);
}

TEST_CASE("what is over is not told any more") {
  const std::vector<Span> spans{{at("2026-12-10T09:00"), at("2026-12-10T12:00"), "over"},
                                {at("2026-12-10T09:00"), at("2026-12-10T12:01"), "holds"},
                                {at("2026-12-10T09:00"), std::nullopt, "open"},
                                {at("2026-12-20T09:00"), at("2026-12-20T12:00"), "to come"}};
  std::vector<std::string> left;
  for (const Span& each : not_over(spans, at("2026-12-10T12:00"))) left.push_back(each.reason);
  CHECK(left == std::vector<std::string>{"holds", "open", "to come"});
  const std::vector<HoursException> dates{{date("2026-12-09"), 0, 0}, {date("2026-12-10"), 0, 0}};
  const auto kept = not_over(dates, at("2026-12-10T23:59"));
  REQUIRE(kept.size() == 1);
  CHECK(kept.front().date == date("2026-12-10"));
}
