// SPDX-License-Identifier: Apache-2.0
#include "app/daemon/airings.hpp"

#include "core/wire/aired.hpp"
#include "core/wire/commands.hpp"
#include "core/wire/messages.hpp"

#include <boost/asio/post.hpp>

#include <array>

namespace machiai::daemon {

namespace json = boost::json;
using base::Error;
using base::fail;
using programme::Aired;

namespace {

constexpr std::size_t most_at_once = 50;
constexpr int longest_period = 366; // days

/// What the screen does not know.
std::string sponsor_of(const Aired& aired, const std::vector<programme::Loaded>& loaded) {
  for (const programme::Loaded& each : loaded) {
    if (each.programme.id != aired.programme || each.programme.version != aired.version) continue;
    if (const programme::Item* item = programme::find_item(each.programme, aired.item)) return item->sponsor;
  }
  return {};
}

base::Result<std::vector<Aired>> records_of(const hub::Caller& caller, const json::object& args,
                                            const std::vector<programme::Loaded>& loaded, base::Instant now) {
  const json::value* list = args.if_contains("airings");
  if (list == nullptr || !list->is_array() || list->as_array().size() > most_at_once)
    return fail(Error::Code::invalid, "bad_airing", "airings");
  std::vector<Aired> records;
  for (const json::value& each : list->as_array()) {
    auto aired = wire::aired_from_json(each);
    if (!aired) return fail(Error::Code::invalid, "bad_airing");
    MACHIAI_TRY(programme::check_aired(*aired, now));
    aired->seat = caller.seat;
    aired->sponsor = sponsor_of(*aired, loaded);
    records.push_back(std::move(*aired));
  }
  return records;
}

struct Question {
  base::Date from{}, to{};
  std::string item, sponsor;
  programme::By by = programme::By::item;
  bool csv = false;
};

base::Result<programme::By> by_of(const std::string& name) {
  if (name.empty() || name == "item") return programme::By::item;
  if (name == "sponsor") return programme::By::sponsor;
  if (name == "date") return programme::By::date;
  return fail(Error::Code::invalid, "bad_argument", "by");
}

base::Result<Question> question_of(const json::object& args, base::Date today) {
  Question asked{today, today, {}, {}, programme::By::item, false};
  for (auto [name, date] : {std::pair{"from", &asked.from}, std::pair{"to", &asked.to}}) {
    const auto text = wire::text_argument(args, name);
    MACHIAI_TRY(text);
    if (text->empty()) continue;
    const auto parsed = base::parse_iso_date(*text);
    if (!parsed) return fail(Error::Code::invalid, "bad_date");
    *date = *parsed;
  }
  if (asked.to < asked.from || asked.to.days - asked.from.days > longest_period)
    return fail(Error::Code::invalid, "bad_date");
  std::array<std::string, 3> texts;
  for (auto [at, name] : {std::pair{0, "item"}, std::pair{1, "sponsor"}, std::pair{2, "by"}}) {
    auto text = wire::text_argument(args, name);
    MACHIAI_TRY(text);
    texts[static_cast<std::size_t>(at)] = std::move(*text);
  }
  const auto by = by_of(texts[2]);
  MACHIAI_TRY(by);
  asked.item = texts[0];
  asked.sponsor = texts[1];
  asked.by = *by;
  const json::value* csv = args.if_contains("csv");
  asked.csv = csv != nullptr && csv->is_bool() && csv->as_bool();
  return asked;
}

} // namespace

void Airings::record(const hub::Caller& caller, const json::object& args,
                     const std::vector<programme::Loaded>& loaded, const hub::Respond& respond) {
  auto records = records_of(caller, args, loaded, clock_.now());
  if (!records) return respond(hub::refusal(caller, records.error()));
  const std::size_t count = records->size();
  station_.record_airings(std::move(*records), [caller, count, respond](bool durable) {
    if (durable) return respond({{"ok", {{"kept", count}}}});
    respond(hub::refusal(caller, {Error::Code::storage, "storage", {}}));
  });
}

void Airings::tell(const hub::Caller& caller, const json::object& args, const hub::Respond& respond) {
  const auto asked = question_of(args, base::civil_date(clock_.now()));
  if (!asked) return respond(hub::refusal(caller, asked.error()));
  const bool taken = reader_.post([this, caller, respond, asked = *asked] {
    auto ledger = store::Ledger::open_to_read(home_.ledger().string(), station_.settings().clinic);
    auto records = ledger ? ledger->airings(asked.from, asked.to)
                          : base::Result<std::vector<Aired>>(tl::unexpected(ledger.error()));
    json::object reply;
    if (!records) {
      reply = hub::refusal(caller, records.error());
    } else {
      std::erase_if(*records, [&](const Aired& aired) {
        return (!asked.item.empty() && aired.item != asked.item) ||
               (!asked.sponsor.empty() && aired.sponsor != asked.sponsor);
      });
      reply["ok"] = asked.csv ? json::object{{"csv", wire::airings_csv(*records)}}
                              : wire::airings_to_json(*records, asked.by);
    }
    boost::asio::post(loop_, [respond, reply = std::move(reply)]() mutable { respond(std::move(reply)); });
  });
  if (!taken) respond(hub::refusal(caller, {Error::Code::limit, "overloaded", {}}));
}

} // namespace machiai::daemon
