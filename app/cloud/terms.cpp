// SPDX-License-Identifier: Apache-2.0
#include "app/cloud/terms.hpp"

#include "app/cloud/reach.hpp"
#include "app/cloud/subscriber.hpp"
#include "cloud/store/contract.hpp"
#include "core/base/text.hpp"
#include "core/queue/clinic.hpp"

#include <cstdio>

namespace machiai::cloud {

namespace json = boost::json;
using base::Error;
using base::fail;
using base::Result;

namespace {

json::array list_of(const json::object& from, const char* name) {
  const json::value* value = from.if_contains(name);
  return value != nullptr && value->is_array() ? value->get_array() : json::array{};
}

base::Status set_date(json::object& to, const char* name, const std::string& text) {
  if (text.empty()) return {};
  if (text == "none") {
    to.erase(name);
    return {};
  }
  if (!base::parse_iso_date(text)) return fail(Error::Code::invalid, "bad_date", text);
  to[name] = text;
  return {};
}

std::optional<base::Date> date_in(const json::object& from, const char* name) {
  const json::value* value = from.if_contains(name);
  return value != nullptr && value->is_string() ? base::parse_iso_date(std::string_view(value->get_string()))
                                                : std::nullopt;
}

/// {"from","until","reason"} with what was given.
Result<json::object> span_of(const TermsAsked& asked, base::Instant now) {
  json::object span;
  const auto from = asked.from.empty() ? std::optional(now) : base::parse_iso_instant(asked.from);
  if (!from) return fail(Error::Code::invalid, "bad_time", asked.from);
  span["from"] = base::iso_instant(*from);
  if (!asked.until.empty()) {
    const auto until = base::parse_iso_instant(asked.until);
    if (!until) return fail(Error::Code::invalid, "bad_time", asked.until);
    if (*until <= *from) return fail(Error::Code::conflict, "bad_time", asked.until);
    span["until"] = base::iso_instant(*until);
  }
  if (!base::check_text(asked.reason, service::longest_reason))
    return fail(Error::Code::invalid, "bad_argument", "--reason: 200 characters at most");
  if (!asked.reason.empty()) span["reason"] = asked.reason;
  return span;
}

/// What is over stays written down; what holds or is to come is gone.
json::array past_of(const json::array& spans, base::Instant now) {
  json::array past;
  for (const json::value& each : spans) {
    const json::value* until = each.is_object() ? each.get_object().if_contains("until") : nullptr;
    const auto at = until != nullptr && until->is_string()
                        ? base::parse_iso_instant(std::string_view(until->get_string()))
                        : std::nullopt;
    if (at && *at <= now) past.push_back(each);
  }
  return past;
}

/// Takes back what holds or is to come, then enters another, as far as either was asked for.
base::Status change_spans(json::object& of, const char* name, bool clear, bool add, const TermsAsked& asked,
                          base::Instant now) {
  if (!clear && !add) return {};
  json::array spans = list_of(of, name);
  if (clear) spans = past_of(spans, now);
  if (add) {
    auto span = span_of(asked, now);
    MACHIAI_TRY(span);
    spans.push_back(std::move(*span));
    if (spans.size() - past_of(spans, now).size() > service::most_spans)
      return fail(Error::Code::conflict, "bad_argument", std::to_string(service::most_spans) + " at most");
  }
  of[name] = std::move(spans);
  return {};
}

} // namespace

Result<json::object> changed_contract(json::object contract, const TermsAsked& asked, base::Instant now) {
  if (!asked.queue.empty()) contract["queue"] = asked.queue == "on";
  if (!asked.signage.empty()) contract["signage"] = asked.signage == "on";
  MACHIAI_TRY(set_date(contract, "begins", asked.begins));
  MACHIAI_TRY(set_date(contract, "ended", asked.ends));
  if (const auto ended = date_in(contract, "ended"); ended && date_in(contract, "begins") >= ended)
    return fail(Error::Code::conflict, "bad_date", base::iso_date(*ended));
  MACHIAI_TRY(change_spans(contract, "suspensions", asked.resume, asked.suspend, asked, now));
  return contract;
}

Result<json::object> changed_provider(json::object provider, const TermsAsked& asked, base::Instant now) {
  MACHIAI_TRY(change_spans(provider, "maintenance", asked.no_maintenance, asked.maintenance, asked, now));
  if (asked.keep_people >= 0 || asked.keep_cards >= 0) {
    json::value& kept = provider["keep"];
    if (!kept.is_object()) kept = json::object{};
    if (asked.keep_people >= 0) kept.get_object()["people_days"] = asked.keep_people;
    if (asked.keep_cards >= 0) kept.get_object()["cards_days"] = asked.keep_cards;
  }
  if (asked.on.empty()) return provider;
  if (!base::parse_iso_date(asked.on)) return fail(Error::Code::invalid, "bad_date", asked.on);
  const auto hours = queue::parse_hours(asked.hours == "none" || asked.hours == "usual" ? "" : asked.hours);
  if (!hours || hours->size() > 1 || asked.hours.empty())
    return fail(Error::Code::invalid, "bad_hours", asked.hours);
  json::object all = provider.contains("hours") && provider["hours"].is_object()
                         ? provider["hours"].get_object()
                         : json::object{};
  json::array exceptions;
  for (const json::value& each : list_of(all, "exceptions"))
    if (!each.is_object() || each.get_object().if_contains("date") == nullptr ||
        each.get_object().at("date") != json::value(asked.on))
      exceptions.push_back(each);
  const auto dash = asked.hours.find('-');
  if (!hours->empty())
    exceptions.push_back({{"date", asked.on},
                          {"opens", asked.hours.substr(0, dash)},
                          {"closes", asked.hours.substr(dash + 1)}});
  if (asked.hours == "none")
    exceptions.push_back({{"date", asked.on}, {"opens", "0:00"}, {"closes", "0:00"}});
  all["exceptions"] = std::move(exceptions);
  provider["hours"] = std::move(all);
  return provider;
}

void TermsVerbs::add_to(CLI::App& app, Options& options) {
  CLI::App* contract =
      app.add_subcommand("contract", "what is agreed with a facility; without options it is shown");
  contract->add_option("facility", facility_, "short name or facility number")->required();
  for (const auto& [name, to, help] :
       {std::tuple{"--queue", &asked_.queue, "the queue: on or off"},
        std::tuple{"--signage", &asked_.signage, "films on the waiting room's screen: on or off"}})
    contract->add_option(name, *to, help)->check(CLI::IsMember({"on", "off"}));
  contract->add_option("--begins", asked_.begins, "start of use, 2026-12-01; none: from always");
  contract->add_option("--ends", asked_.ends, "the first date without service; none: open-ended");
  CLI::Option* suspend =
      contract->add_flag("--suspend", asked_.suspend, "from --from (now) to --until, for --reason");
  contract->add_flag("--resume", asked_.resume, "takes back every suspension that holds or is to come");
  CLI::App* provider =
      app.add_subcommand("provider", "what holds for all facilities; without options it is shown");
  CLI::Option* maintenance =
      provider->add_flag("--maintenance", asked_.maintenance, "from --from (now) to --until, for --reason");
  provider->add_flag("--no-maintenance", asked_.no_maintenance, "takes back what holds or is to come");
  CLI::Option* on = provider->add_option("--on", asked_.on, "a date with server hours of its own");
  CLI::Option* hours =
      provider->add_option("--hours", asked_.hours, "6:00-12:00; none: not served at all; usual: as always");
  provider
      ->add_option("--keep-people", asked_.keep_people,
                   "days after the business date: names, telephones, cards of who booked; 7")
      ->check(CLI::Range(1, 366));
  provider
      ->add_option("--keep-cards", asked_.keep_cards,
                   "days after a contract's end: cards that could book there; 30")
      ->check(CLI::Range(0, 366));
  on->needs(hours);
  hours->needs(on);
  for (const auto& [each, span] : {std::pair{contract, suspend}, std::pair{provider, maintenance}}) {
    each->add_option("--from", asked_.from, "2026-12-24T22:00, Japan's time; without it now")->needs(span);
    each->add_option("--until", asked_.until, "its end; without it until it is taken back")->needs(span);
    each->add_option("--reason", asked_.reason,
                     each == contract ? "words that the clinic's desk reads"
                                      : "words that clinics and patients read")
        ->needs(span);
    each->add_option("--home", options.home, "the cloud's directory")->required();
    each->add_option("--database", options.database, "as serve has it");
  }
  contract->callback([this] { verb_ = "contract"; });
  provider->callback([this] { verb_ = "provider"; });
}

int TermsVerbs::run(const Options& options) const {
  const base::SystemClock clock;
  return beside_serving(options, [&](pqxx::connection& connection) {
    const bool of_all = verb_ == "provider";
    const store::TermsChange made = [&](const json::object& known) {
      return of_all ? changed_provider(known, asked_, clock.now())
                    : changed_contract(known, asked_, clock.now());
    };
    const auto now = of_all ? store::change_provider(connection, made)
                            : store::change_contract(connection, facility_, made);
    if (!now) return refuse(code_of(now.error()), now.error());
    if (!of_all) return tell_with_subscriber(connection, facility_, *now);
    std::printf("%s\n", json::serialize(*now).c_str());
    return exit_done;
  });
}

} // namespace machiai::cloud
