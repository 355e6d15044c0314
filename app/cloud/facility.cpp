// SPDX-License-Identifier: Apache-2.0
#include "app/cloud/facility.hpp"

#include "app/cloud/reach.hpp"
#include "app/cloud/subscriber.hpp"
#include "cloud/card.hpp"
#include "cloud/store/contract.hpp"
#include "cloud/store/facilities.hpp"
#include "cloud/token.hpp"
#include "cloud/view.hpp"
#include "core/queue/clinic.hpp"
#include "core/store/station.hpp"
#include "core/wire/limits.hpp"

#include <cstdio>
#include <fstream>
#include <iostream>

namespace machiai::cloud {

namespace fs = std::filesystem;
namespace json = boost::json;
using base::Error;
using base::fail;
using base::Result;

namespace {

std::string trimmed(std::string_view text) {
  constexpr std::string_view blank = " \t\r\"";
  const auto from = text.find_first_not_of(blank);
  if (from == std::string_view::npos) return {};
  return std::string(text.substr(from, text.find_last_not_of(blank) - from + 1));
}

bool is_service(const json::object& service, const std::string& wanted) {
  const json::value* id = service.if_contains("id");
  const json::value* number = service.if_contains("number");
  return (id != nullptr && *id == json::value(wanted)) ||
         (number != nullptr && number->is_int64() && std::to_string(number->get_int64()) == wanted);
}

Result<json::array> windows_of(const std::string& text) {
  const auto hours = queue::parse_hours(text == "none" ? "" : text);
  if (!hours || (hours->empty() && text != "none")) return fail(Error::Code::invalid, "bad_hours", text);
  if (hours->size() > wire::most_windows)
    return fail(Error::Code::invalid, "bad_hours", std::to_string(wire::most_windows) + " at most");
  json::array windows;
  for (const queue::Hours& each : *hours)
    windows.push_back(json::object{{"opens", minute_text(each.open)}, {"closes", minute_text(each.close)}});
  return windows;
}

/// The date's own rule in the place of an earlier one; none: as usual again.
void put_exception(json::object& service, const std::string& date, const json::object* exception) {
  json::value& booking = service["booking"];
  if (!booking.is_object()) booking = json::object{};
  json::array kept;
  if (const json::value* all = booking.get_object().if_contains("exceptions"); all && all->is_array())
    for (const json::value& each : all->get_array())
      if (!each.is_object() || each.get_object().if_contains("date") == nullptr ||
          each.get_object().at("date") != json::value(date))
        kept.push_back(each);
  if (exception != nullptr) kept.push_back(*exception);
  booking.get_object()["exceptions"] = std::move(kept);
}

/// An entry as facility --show prints it.
Result<json::object> read_entry(const std::string& path) {
  const auto text = machiai::store::read_file(path);
  if (!text) return fail(Error::Code::invalid, "unreadable_file");
  boost::system::error_code error;
  const json::value read = json::parse(*text, error);
  if (error || !read.is_object()) return fail(Error::Code::invalid, "bad_settings", "JSON");
  if (read.get_object().contains("cards"))
    return fail(Error::Code::invalid, "bad_settings", "cards: see machiai-cloud cards");
  return read.get_object();
}

} // namespace

Result<std::optional<CardLine>> CardList::next() {
  std::string text;
  while (std::getline(from_, text)) {
    ++line_;
    if (line_ == 1 && text.starts_with("\xEF\xBB\xBF")) text.erase(0, 3);
    const auto comma = text.find_first_of(",\t");
    const std::string card = trimmed(std::string_view(text).substr(0, comma));
    const std::string birth = comma == std::string::npos ? "" : trimmed(text.substr(comma + 1));
    if ((card.empty() && birth.empty()) || card.starts_with('#')) continue;
    if (line_ == 1 && birth.find_first_of("0123456789") == std::string::npos && !birth.empty()) continue;
    const std::string place = "line " + std::to_string(line_);
    if (!is_card(card)) return fail(Error::Code::invalid, "bad_card", place);
    if (!is_birth(birth, now_)) return fail(Error::Code::invalid, "bad_birth", place);
    return CardLine{card, birth};
  }
  if (from_.bad()) return fail(Error::Code::invalid, "unreadable_file");
  return std::nullopt;
}

Result<json::object> changed_date(json::object profile, const DateAsked& asked) {
  const auto date = base::parse_iso_date(asked.on);
  if (!date) return fail(Error::Code::invalid, "bad_date", asked.on);
  json::object exception{{"date", base::iso_date(*date)}};
  if (asked.windows != "usual") {
    auto windows = windows_of(asked.windows);
    MACHIAI_TRY(windows);
    exception["windows"] = std::move(*windows);
  }
  if (asked.cap) exception["cap"] = *asked.cap;
  bool found = false;
  json::value* services = profile.if_contains("services");
  if (services != nullptr && services->is_array())
    for (json::value& each : services->get_array()) {
      if (!each.is_object() || (!asked.service.empty() && !is_service(each.get_object(), asked.service)))
        continue;
      found = true;
      put_exception(each.get_object(), base::iso_date(*date),
                    asked.windows == "usual" && !asked.cap ? nullptr : &exception);
    }
  if (!found) return fail(Error::Code::not_found, "unknown_service", asked.service);
  return profile;
}

void FacilityVerbs::add_to(CLI::App& app, Options& options) {
  CLI::App* cards = app.add_subcommand("cards", "adds a list of patients' cards to those that may book");
  cards->add_option("facility", facility_, "short name or facility number")->required();
  cards->add_option("file", file_, "lines of CARD,BIRTH: 1001,1980-01-31; -: standard input")->required();
  cards->add_flag("--remove", remove_, "takes those of the list away");
  CLI::App* facility =
      app.add_subcommand("facility", "a facility's hours, counters and rules; without options it is shown");
  facility->add_option("facility", facility_, "short name or facility number")->required();
  CLI::Option* show = facility->add_flag("--show", show_, "prints it as facilities.json has it");
  CLI::Option* put = facility->add_option(
      "--put", file_, "a file as --show prints it, in its place; contract and cards stay as they are");
  CLI::Option* on = facility->add_option("--on", date_.on, "a date whose bookings are not as usual");
  CLI::Option* windows = facility->add_option("--windows", date_.windows,
                                              "9:00-12:00,14:00-17:00; none: no bookings; usual: as always");
  on->needs(windows);
  windows->needs(on);
  put->excludes(on)->excludes(show);
  show->excludes(on);
  facility->add_option("--service", date_.service, "of --on: this counter alone, by id or number")->needs(on);
  facility->add_option("--cap", date_.cap, "of --on: numbers on that date at most, 0: no cap")
      ->needs(on)
      ->check(CLI::Range(0, 1'000'000));
  for (CLI::App* each : {cards, facility}) {
    each->add_option("--home", options.home, "the cloud's directory")->required();
    each->add_option("--database", options.database, "as serve has it");
  }
  cards->callback([this] { verb_ = "cards"; });
  facility->callback([this] { verb_ = "facility"; });
}

int FacilityVerbs::run(const Options& options) const {
  return verb_ == "cards" ? run_cards(options) : run_facility(options);
}

int FacilityVerbs::run_cards(const Options& options) const {
  const base::SystemClock clock;
  std::ifstream file;
  if (file_ != "-") file.open(file_);
  std::istream& from = file_ == "-" ? std::cin : file;
  return beside_serving(options, [&](pqxx::connection& connection) {
    const auto key = machiai::store::read_file(card_key_file(options));
    if (!key) return refuse(exit_usage, {Error::Code::not_found, "no_cloud_home", options.home});
    if (!from) return refuse(exit_usage, {Error::Code::invalid, "unreadable_file", {}});
    CardList list(from, clock.now());
    const auto next = [&](int facility) -> Result<std::optional<store::CardMacs>> {
      const auto line = list.next();
      MACHIAI_TRY(line);
      if (!*line) return std::nullopt;
      const auto& [card, birth] = **line;
      return store::CardMacs{pair_mac(*key, facility, card, birth),
                             typed_pair_mac(*key, facility, card, birth)};
    };
    const auto done = store::change_cards(connection, facility_, next, remove_);
    if (!done) return refuse(code_of(done.error()), done.error());
    std::printf("%s\n", json::serialize(json::object{{"read", done->read},
                                                     {remove_ ? "removed" : "added", done->changed},
                                                     {"cards", done->now}})
                            .c_str());
    return exit_done;
  });
}

int FacilityVerbs::run_facility(const Options& options) const {
  const base::SystemClock clock;
  const auto change = [&](const json::object& known) -> Result<json::object> {
    if (!date_.on.empty()) return changed_date(known, date_);
    return file_.empty() ? Result<json::object>(known) : read_entry(file_);
  };
  const store::ProfileChange asked{change, date_.on.empty() ? Written::now : Written::before};
  return beside_serving(options, [&](pqxx::connection& connection) {
    const auto kept = store::change_profile(connection, facility_, asked, base::civil_date(clock.now()));
    if (!kept) return refuse(code_of(kept.error()), kept.error());
    return tell_with_subscriber(connection, facility_, *kept);
  });
}

} // namespace machiai::cloud
