// SPDX-License-Identifier: Apache-2.0
#include "app/cli/programme.hpp"

#include "app/cli/print.hpp"
#include "core/store/contract.hpp"
#include "core/store/programmes.hpp"
#include "core/wire/programme.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace machiai::cli {

namespace json = boost::json;
using base::Error;
using base::fail;
using base::Result;

namespace {

json::object list(const store::Shelf& shelf, base::Instant now) {
  json::array refused;
  for (const auto& [file, reason] : shelf.refused) refused.push_back({{"file", file}, {"reason", reason}});
  return {{"programmes", wire::shelf_to_json(shelf.loaded, now)}, {"refused", std::move(refused)}};
}

using FactsAt = std::function<programme::Facts(base::Instant)>;

/// The turns of a date, for a preview.
json::array turns(const std::vector<programme::Loaded>& loaded, const FactsAt& facts, base::Date date) {
  json::array rows;
  for (base::Instant at = base::at_minute(date, 0); at < base::at_minute(date, 1440);) {
    const programme::Airing airing = programme::what_plays(loaded, facts(at), at);
    rows.push_back(wire::airing_to_json(airing));
    at = airing.until;
  }
  return rows;
}

} // namespace

void ProgrammeVerbs::add_approve(CLI::App& app) {
  CLI::App* verb =
      app.add_subcommand("approve", "the clinic approves a programme, before its deadline")->fallthrough();
  verb->add_option("PROGRAMME", programme_, "its id; without it the one whose deadline comes next");
  verb->add_option("--by", by_, "who approves");
  verb->callback([this] { verb_ = "approve", chosen_ = true; });
}

void ProgrammeVerbs::add_swap(CLI::App& app) {
  CLI::App* verb =
      app.add_subcommand("swap", "show one item where another stood, before the deadline")->fallthrough();
  verb->add_option("ITEM", item_)->required();
  verb->add_option("WITH", with_)->required();
  verb->add_option("--slot", slot_, "in this slot alone");
  verb->add_option("--programme", programme_, "its id; without it the one whose deadline comes next");
  verb->callback([this] { verb_ = "swap", chosen_ = true; });
}

void ProgrammeVerbs::add_explain(CLI::App& app) {
  CLI::App* verb = app.add_subcommand("explain", "why an item is on the screen, or is not")->fallthrough();
  verb->add_option("ITEM", item_)->required();
  verb->add_option("--at", time_, "at this time instead of now, ISO 8601");
  verb->callback([this] { verb_ = "explain", chosen_ = true; });
}

void ProgrammeVerbs::add_to(CLI::App& app) {
  CLI::App* programme =
      app.add_subcommand("programme", "what the waiting room's screen plays, and why")->fallthrough();
  programme->require_subcommand(0, 1);
  programme->add_option("--at", time_, "what plays at this time instead of now, ISO 8601");
  programme->callback([this] { chosen_ = true; });
  const auto verb = [&](const char* name, const char* help) {
    CLI::App* made = programme->add_subcommand(name, help)->fallthrough();
    made->callback([this, name] { verb_ = name; });
    return made;
  };
  verb("keygen", "make a provider's key pair in HOME/keys and trust it here");
  verb("trust", "trust a provider's public key")->add_option("FILE", file_, "provider.pub")->required();
  CLI::App* sign = verb("sign", "sign a programme with HOME/keys/provider.key");
  sign->add_option("FILE", file_)->required();
  sign->add_option("--out", out_, "write here and leave FILE as it is");
  CLI::App* check = verb("check", "read a programme and tell what is wrong with it");
  check->add_option("FILE", file_)->required();
  check->add_flag("--draft", draft_, "a draft that nobody has signed yet");
  verb("load", "take a programme in")->add_option("FILE", file_)->required();
  verb("at", "what plays at a time")
      ->add_option("TIME", time_, "ISO 8601; without an offset Japan's")
      ->required();
  verb("day", "every turn of a date, as the screen will show it")->add_option("DATE", time_)->required();
  add_approve(*programme);
  add_swap(*programme);
  add_explain(*programme);
  add_approve(app);
  add_swap(app);
  add_explain(app);
}

bool ProgrammeVerbs::chosen() const {
  return chosen_;
}

ProgrammeVerbs::Answer ProgrammeVerbs::run(const std::string& at, base::Instant now) const {
  const store::Home home{at};
  const auto settings = store::load_settings(home);
  MACHIAI_TRY(settings);
  const std::string& facility = settings->clinic.id;
  if (verb_ == "keygen") {
    const auto key = store::make_provider_key(home);
    MACHIAI_TRY(key);
    return json::object{{"key", *key},
                        {"secret", (home.keys() / "provider.key").string()},
                        {"public", (home.keys() / "provider.pub").string()}};
  }
  if (verb_ == "trust") {
    const auto text = store::read_file(file_);
    MACHIAI_TRY(text);
    const auto key = store::trust_provider(home, *text);
    MACHIAI_TRY(key);
    return json::object{{"key", *key}};
  }
  if (verb_ == "sign") return sign(home);
  if (verb_ == "check") return check(home, facility);
  if (verb_ == "load") return load(home, facility, now);
  if (verb_ == "approve" || verb_ == "swap") return decide(home, facility, now);
  return show(home, settings->clinic, now);
}

ProgrammeVerbs::Answer ProgrammeVerbs::sign(const store::Home& home) const {
  const auto text = store::read_file(file_);
  MACHIAI_TRY(text);
  const auto done = store::signed_programme(home, *text);
  MACHIAI_TRY(done);
  const std::string& out = out_.empty() ? file_ : out_;
  MACHIAI_TRY(store::write_file(out, *done, false));
  return json::object{{"file", out}};
}

ProgrammeVerbs::Answer ProgrammeVerbs::check(const store::Home& home, const std::string& facility) const {
  const auto text = store::read_file(file_);
  MACHIAI_TRY(text);
  const auto checked =
      draft_ ? store::check_draft(facility, *text) : store::check_programme(home, facility, *text);
  MACHIAI_TRY(checked);
  json::object answer = wire::summary_to_json(checked->programme);
  answer["signed"] = !draft_;
  answer["holds"] = checked->faults.empty();
  answer["faults"] = wire::faults_to_json(checked->faults);
  return answer;
}

ProgrammeVerbs::Answer ProgrammeVerbs::load(const store::Home& home, const std::string& facility,
                                            base::Instant now) const {
  const auto text = store::read_file(file_);
  MACHIAI_TRY(text);
  const auto taken = store::take_programme(home, facility, *text, now);
  MACHIAI_TRY(taken);
  return wire::summary_to_json(*taken);
}

ProgrammeVerbs::Answer ProgrammeVerbs::decide(const store::Home& home, const std::string& facility,
                                              base::Instant now) const {
  const auto review = verb_ == "approve"
                          ? store::approve_programme(home, facility, programme_, by_, now)
                          : store::swap_item(home, facility, programme_, {slot_, item_, with_}, now);
  MACHIAI_TRY(review);
  return wire::review_to_json(*review);
}

Result<base::Instant> ProgrammeVerbs::asked_instant(base::Instant now) const {
  if (time_.empty()) return now;
  if (verb_ == "day") {
    const auto date = base::parse_iso_date(time_);
    if (!date) return fail(Error::Code::invalid, "bad_date", time_);
    return base::at_minute(*date, 0);
  }
  const auto instant = base::parse_iso_instant(time_);
  if (!instant) return fail(Error::Code::invalid, "bad_time", time_);
  return *instant;
}

ProgrammeVerbs::Answer ProgrammeVerbs::show(const store::Home& home, const queue::Clinic& clinic,
                                            base::Instant now) const {
  const auto shelf = store::load_programmes(home, clinic.id);
  MACHIAI_TRY(shelf);
  const auto at = asked_instant(now);
  MACHIAI_TRY(at);
  const base::Date date = base::civil_date(*at);
  const FactsAt facts = [told = store::load_contract(home),
                         open = store::open_hours(clinic, date)](base::Instant then) {
    programme::Facts known;
    known.open = open;
    return store::under_contract(std::move(known), told, then);
  };
  if (verb_ == "at") return wire::airing_to_json(programme::what_plays(shelf->loaded, facts(*at), *at));
  if (verb_ == "day")
    return json::object{{"date", base::iso_date(date)}, {"turns", turns(shelf->loaded, facts, date)}};
  if (verb_ == "explain") {
    return wire::explanation_to_json(item_, programme::explain(shelf->loaded, facts(*at), item_, *at));
  }
  json::object answer = list(*shelf, now);
  answer["now"] = wire::airing_to_json(programme::what_plays(shelf->loaded, facts(*at), *at));
  return answer;
}

namespace {

std::string turn_line(const json::object& turn) {
  return fmt::format("{} - {}  {:<12} {:<14} {}\n", text(turn, "from").substr(11, 8),
                     text(turn, "until").substr(11, 8), text(turn, "kind"), text(turn, "reason"),
                     text(turn, "item"));
}

} // namespace

std::string ProgrammeVerbs::in_words(const json::object& answer) {
  std::string out;
  if (const json::value* all = answer.if_contains("programmes")) {
    for (const json::value& each : all->as_array()) {
      const json::object& row = each.as_object();
      out += fmt::format("{} v{}  {} - {}  {} (deadline {})\n", text(row, "programme"), text(row, "version"),
                         text(row, "from"), text(row, "to"), text(row, "state"),
                         text(row, "deadline").substr(0, 16));
    }
    for (const json::value& each : answer.at("refused").as_array())
      out +=
          fmt::format("refused: {} ({})\n", text(each.as_object(), "file"), text(each.as_object(), "reason"));
    return out + "now: " + turn_line(answer.at("now").as_object());
  }
  if (const json::value* all = answer.if_contains("turns")) {
    for (const json::value& each : all->as_array()) out += turn_line(each.as_object());
    return out;
  }
  for (const auto& member : answer)
    out += fmt::format("{}: {}\n", std::string(member.key()), text(answer, member.key_c_str()));
  return out;
}

} // namespace machiai::cli
