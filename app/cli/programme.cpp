// SPDX-License-Identifier: Apache-2.0
#include "app/cli/programme.hpp"

#include "app/cli/client.hpp"
#include "app/cli/facts.hpp"
#include "app/cli/print.hpp"
#include "core/store/programmes.hpp"
#include "core/wire/messages.hpp"
#include "core/wire/programme.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace machiai::cli {

namespace json = boost::json;
using base::Error;
using base::fail;
using base::Result;

namespace {

/// A scene needs no file.
json::object turn_to_json(const programme::Airing& airing, const Here& here) {
  json::object turn = wire::airing_to_json(airing);
  turn["here"] = airing.sha256.empty() || here(airing.sha256);
  return turn;
}

/// With the words of each.
json::array told_faults(const std::vector<programme::Fault>& faults, const std::string& lang) {
  json::array told = wire::faults_to_json(faults);
  for (json::value& each : told)
    each.as_object()["message"] = wire::message(text(each.as_object(), "reason"), lang);
  return told;
}

/// Nobody can say why something is shown that does not exist.
Result<json::object> of_known_item(json::object told, const std::string& item) {
  const json::array& reasons = told.at("reasons").as_array();
  if (std::find(reasons.begin(), reasons.end(), "unknown_item") != reasons.end())
    return fail(Error::Code::not_found, "unknown_item", item);
  return told;
}

} // namespace

void ProgrammeVerbs::add_approve(CLI::App& app) {
  CLI::App* verb =
      app.add_subcommand("approve", "the clinic approves a programme, before its deadline")->fallthrough();
  verb->add_option("PROGRAMME", programme_, "its id; without it the next that is not approved yet");
  verb->add_option("--by", by_, "who approves");
  verb->callback([this] { verb_ = "approve", chosen_ = true; });
}

void ProgrammeVerbs::add_swap(CLI::App& app) {
  CLI::App* verb =
      app.add_subcommand("swap", "show one item where another stood, before the deadline")->fallthrough();
  verb->add_option("ITEM", item_)->required();
  verb->add_option("WITH", with_, "ITEM itself takes the swap back")->required();
  verb->add_option("--slot", slot_, "in this slot alone");
  verb->add_option("--programme", programme_, "its id; without it the next that is not approved yet");
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

ProgrammeVerbs::Answer ProgrammeVerbs::run(const std::string& at, const std::string& lang,
                                           base::Instant now) const {
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
    const auto text = store::read_given_file(file_);
    MACHIAI_TRY(text);
    const auto key = store::trust_provider(home, *text);
    MACHIAI_TRY(key);
    return json::object{{"key", *key}};
  }
  if (verb_ == "sign") return sign(home);
  if (verb_ == "check") return check(home, facility, lang);
  if (verb_ == "load") return load(home, facility, now);
  if (verb_ == "approve" || verb_ == "swap") return decide(home, facility, now);
  if (verb_ == "at" || verb_ == "day" || time_) return plan(home, *settings, now);
  return tell(home, *settings, lang, now);
}

ProgrammeVerbs::Answer ProgrammeVerbs::sign(const store::Home& home) const {
  const auto text = store::read_given_file(file_);
  MACHIAI_TRY(text);
  const auto done = store::signed_programme(home, *text);
  MACHIAI_TRY(done);
  const std::string& out = out_.empty() ? file_ : out_;
  if (!store::write_file(out, *done, false)) return fail(Error::Code::storage, "cannot_write", out);
  return json::object{{"file", out}};
}

ProgrammeVerbs::Answer ProgrammeVerbs::check(const store::Home& home, const std::string& facility,
                                             const std::string& lang) const {
  const auto text = store::read_given_file(file_);
  MACHIAI_TRY(text);
  const auto form = store::check_form(*text);
  MACHIAI_TRY(form);
  if (!form->empty()) return json::object{{"holds", false}, {"faults", told_faults(*form, lang)}};
  const auto checked =
      draft_ ? store::check_draft(facility, *text) : store::check_programme(home, facility, *text);
  MACHIAI_TRY(checked);
  json::object answer = wire::summary_to_json(checked->programme);
  answer["signed"] = !draft_;
  answer["holds"] = checked->faults.empty();
  answer["faults"] = told_faults(checked->faults, lang);
  return answer;
}

ProgrammeVerbs::Answer ProgrammeVerbs::load(const store::Home& home, const std::string& facility,
                                            base::Instant now) const {
  const auto text = store::read_given_file(file_);
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

Result<base::Instant> ProgrammeVerbs::asked_instant() const {
  if (verb_ == "day") {
    const auto date = base::parse_iso_date(*time_);
    if (!date) return fail(Error::Code::invalid, "bad_date", *time_);
    return base::at_minute(*date, 0);
  }
  const auto instant = base::parse_iso_instant(*time_);
  if (!instant) return fail(Error::Code::invalid, "bad_time", *time_);
  return *instant;
}

/// What the documents say of another time; a film that is not here yet may have come by then.
ProgrammeVerbs::Answer ProgrammeVerbs::plan(const store::Home& home, const store::StationSettings& settings,
                                            base::Instant now) const {
  const auto at = asked_instant();
  MACHIAI_TRY(at);
  const auto shelf = store::load_programmes(home, settings.clinic.id);
  MACHIAI_TRY(shelf);
  const auto here = films_here(home, settings, *at);
  MACHIAI_TRY(here);
  const auto turn_at = [&](base::Instant then) {
    return programme::what_plays(shelf->loaded, planned_facts(home, settings.clinic, then), then);
  };
  if (verb_ == "day") {
    const base::Date date = base::civil_date(*at);
    json::array turns;
    for (base::Instant then = *at; then < base::at_minute(date, 1440);) {
      const programme::Airing airing = turn_at(then);
      turns.push_back(turn_to_json(airing, *here));
      then = airing.until;
    }
    return json::object{{"date", base::iso_date(date)}, {"turns", std::move(turns)}};
  }
  if (verb_ == "at") return turn_to_json(turn_at(*at), *here);
  if (verb_ == "explain") {
    const programme::Facts facts = planned_facts(home, settings.clinic, *at);
    json::object told =
        wire::explanation_to_json(item_, programme::explain(shelf->loaded, facts, item_, *at));
    const programme::Loaded* found = programme::in_force(shelf->loaded, base::civil_date(*at));
    const programme::Item* item = found == nullptr ? nullptr : programme::find_item(found->programme, item_);
    told["here"] = item != nullptr && (*here)(item->sha256);
    return of_known_item(std::move(told), item_);
  }
  return json::object{{"programmes", wire::shelf_to_json(shelf->loaded, now)},
                      {"refused", wire::refused_to_json(shelf->refused)},
                      {"now", turn_to_json(turn_at(*at), *here)}};
}

/// What is so now: the running station's to say; without it as its files have it.
ProgrammeVerbs::Answer ProgrammeVerbs::tell(const store::Home& home, const store::StationSettings& settings,
                                            const std::string& lang, base::Instant now) const {
  const bool why = verb_ == "explain";
  Call call{why ? "explain" : "programme", "", {}, lang};
  if (why) call.args["item"] = item_;
  if (const auto told = ask(home, call)) {
    if (!told->ok) return json::object{{"error", told->body}};
    json::object answer = told->body;
    answer["running"] = true;
    if (why) return of_known_item(std::move(answer), item_);
    return answer;
  }
  const auto shelf = store::load_programmes(home, settings.clinic.id);
  MACHIAI_TRY(shelf);
  const auto facts = facts_now(home, settings, now);
  MACHIAI_TRY(facts);
  json::object answer;
  if (why) {
    answer = wire::explanation_to_json(item_, programme::explain(shelf->loaded, *facts, item_, now));
  } else {
    answer = {{"now", wire::airing_to_json(programme::what_plays(shelf->loaded, *facts, now))},
              {"programmes", wire::shelf_to_json(shelf->loaded, now)},
              {"refused", wire::refused_to_json(shelf->refused)}};
  }
  answer["running"] = false;
  if (why) return of_known_item(std::move(answer), item_);
  return answer;
}

namespace {

std::string fault_lines(const json::array& faults) {
  std::string out;
  for (const json::value& each : faults)
    out +=
        fmt::format("{}: {}\n", harmless(text(each.as_object(), "where")), text(each.as_object(), "message"));
  return out;
}

std::string turn_line(const json::object& turn) {
  return fmt::format("{} - {}  {:<12} {:<14} {}\n", text(turn, "from").substr(11, 8),
                     text(turn, "until").substr(11, 8), text(turn, "kind"), text(turn, "reason"),
                     text(turn, "item"));
}

} // namespace

std::string ProgrammeVerbs::in_words(const json::object& answer, const std::string& lang) {
  std::string out;
  if (const json::value* running = answer.if_contains("running"); running != nullptr && !running->as_bool())
    out += wire::message("by_the_files", lang) + "\n";
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
    out += "now: " + turn_line(answer.at("now").as_object());
    if (const json::value* next = answer.if_contains("next")) out += "next: " + turn_line(next->as_object());
    return out;
  }
  if (const json::value* words = answer.if_contains("words")) {
    out += fmt::format("{}: {}", text(answer, "item"), text(words->as_object(), lang.c_str()));
    if (const auto next = text(answer, "next"); !next.empty()) out += fmt::format(" ({})", next);
    return out + "\n";
  }
  if (const json::value* all = answer.if_contains("turns")) {
    for (const json::value& each : all->as_array()) out += turn_line(each.as_object());
    return out;
  }
  for (const auto& member : answer)
    out += member.key() == "faults"
               ? fault_lines(member.value().as_array())
               : fmt::format("{}: {}\n", std::string(member.key()), text(answer, member.key_c_str()));
  return out;
}

} // namespace machiai::cli
