// SPDX-License-Identifier: Apache-2.0
#include "core/wire/contract.hpp"
#include "core/wire/messages.hpp"
#include "core/wire/notices.hpp"

#include <boost/json.hpp>
#include <catch2/catch.hpp>

using namespace machiai;
namespace json = boost::json;

namespace {

base::Instant at(const char* text) {
  return base::parse_iso_instant(text).value();
}

wire::ContractTold told() {
  wire::ContractTold told;
  told.at = at("2026-12-10T12:00");
  told.provider.hours.exceptions = {{*base::parse_iso_date("2026-12-31"), 360, 720}};
  told.provider.maintenance = {{at("2026-12-11T22:00"), at("2026-12-12T05:00"), "更新"}};
  told.contract.queue = false;
  told.contract.begins = base::parse_iso_date("2026-12-01");
  told.contract.suspensions = {{at("2026-12-10T09:00"), std::nullopt, "料金"}};
  return told;
}

/// The document with the value at a JSON pointer turned into something else.
std::string with(const char* pointer, json::value value) {
  json::value document = json::parse(wire::contract_document_of(told()).body);
  document.at_pointer(pointer) = std::move(value);
  return json::serialize(document);
}

} // namespace

TEST_CASE("a contract goes through a frame of the link as it is") {
  const auto back =
      wire::link_from_json(wire::link_to_json(wire::contract_document_of(told())), wire::LinkEnd::cloud);
  REQUIRE(back);
  const auto& document = std::get<wire::LinkDocument>(*back);
  REQUIRE(document.name == wire::contract_document);
  REQUIRE(document.version == static_cast<std::uint64_t>(base::to_ms(told().at)));
  const auto read = wire::contract_from_text(document.body);
  REQUIRE(read);
  REQUIRE(wire::contract_document_of(*read).body == document.body);
  REQUIRE_FALSE(read->contract.queue);
  REQUIRE(read->contract.begins == told().contract.begins);
  REQUIRE_FALSE(read->contract.ended);
  REQUIRE(read->contract.suspensions.front().reason == "料金");
  REQUIRE(read->provider.maintenance.front().until == at("2026-12-12T05:00"));
  REQUIRE(read->provider.hours.exceptions.front().close == 720);
}

TEST_CASE("a contract that is not right is refused whole, with what is wrong") {
  REQUIRE(wire::contract_from_text(with("/contract/queue", true)));
  const std::pair<const char*, const char*> bad[] = {{"/provider/hours/open", "hours"},
                                                     {"/provider/hours/exceptions/0/close", "exceptions"}};
  for (const auto& [pointer, field] : bad)
    for (const int minute : {-1, 1441}) {
      const auto read = wire::contract_from_text(with(pointer, minute));
      REQUIRE_FALSE(read);
      REQUIRE(read.error().detail == field);
    }
  const auto early = base::to_ms(at("2026-12-01T00:00"));
  REQUIRE(wire::contract_from_text(with("/provider/maintenance/0/until", early)).error().detail ==
          "maintenance");
  REQUIRE(wire::contract_from_text(with("/contract/suspensions/0/until", early)).error().detail ==
          "suspensions");
  REQUIRE(wire::contract_from_text(with("/contract/suspensions/0/reason", json::value(std::string(801, 'x'))))
              .error()
              .detail == "suspensions");
  for (const char* date : {"2026-13-01", "soon", ""})
    REQUIRE_FALSE(wire::contract_from_text(with("/contract/begins", date)));
  for (const char* text : {"", "[]", "{", "{}", R"({"at":1})"})
    REQUIRE(wire::contract_from_text(text).error().reason == "bad_document");
}

TEST_CASE("whatever the contract says has its words, in Japanese and in English") {
  auto all = told();
  all.contract.ended = base::parse_iso_date("2026-12-20");
  all.provider.maintenance.push_back({at("2026-12-10T11:00"), std::nullopt, ""});
  all.provider.hours.exceptions.push_back({*base::parse_iso_date("2026-12-10"), 0, 0});
  all.provider.hours.exceptions.push_back({*base::parse_iso_date("2026-12-11"), 0, 0});
  all.contract.suspensions.push_back({at("2026-12-12T09:00"), std::nullopt, ""});
  std::vector<std::string> reasons;
  for (const char* now : {"2026-11-30T12:00", "2026-12-10T12:00", "2026-12-20T12:00"})
    for (const auto& view : wire::standing_views(all, at(now))) reasons.push_back(view.reason);
  REQUIRE(reasons.size() >= 9);
  for (const std::string& reason : reasons)
    for (const char* lang : {"ja", "en"}) {
      CAPTURE(reason, lang);
      REQUIRE(wire::message(reason, lang) != wire::message("no such reason", lang));
    }
}

TEST_CASE(
    "board and kiosk say when phones are not served, until when, and for a month that they are no more") {
  auto all = told();
  all.contract = {};
  all.provider.hours = {360, 1440, {{*base::parse_iso_date("2026-12-20"), 360, 720}}};
  const auto said = [&](const char* now) {
    const queue::MessageView message = wire::phones_rest(all, at(now));
    for (const char* lang : {"ja", "easy", "en", "zh", "ko", "vi", "pt"})
      REQUIRE(wire::notice_words(message, lang).empty() == message.pattern.empty());
    return message.pattern + message.until;
  };
  CHECK(said("2026-12-10T12:00").empty());
  CHECK(said("2026-12-11T22:30") == "phones_rest");     // maintenance until the next day
  CHECK(said("2026-12-12T04:30") == "phones_rest6:00"); // maintenance to 5:00, the hours begin at 6:00
  CHECK(said("2026-12-12T05:30") == "phones_rest6:00"); // the server's hours begin
  CHECK(said("2026-12-20T11:59").empty());
  CHECK(said("2026-12-20T12:00") == "phones_rest"); // hours of their own on that date
  all.contract.suspensions = {{at("2026-12-10T09:00"), at("2026-12-10T18:00"), ""}};
  CHECK(said("2026-12-10T12:00") == "phones_rest18:00");
  all.contract.begins = base::parse_iso_date("2027-01-01");
  CHECK(said("2026-12-10T12:00").empty()); // nobody has it on the phone yet
  all.contract = {};
  all.contract.ended = base::parse_iso_date("2026-12-01");
  CHECK(said("2026-11-30T12:00").empty());
  CHECK(said("2026-12-01T12:00") == "phones_ended");
  CHECK(said("2026-12-30T23:00") == "phones_ended");
  CHECK(said("2026-12-31T00:00").empty());
  all.contract.queue = false;
  CHECK(said("2026-12-01T12:00").empty()); // which is as agreed
}
