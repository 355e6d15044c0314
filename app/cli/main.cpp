// SPDX-License-Identifier: Apache-2.0
#include "app/cli/client.hpp"
#include "app/cli/media.hpp"
#include "app/cli/notice.hpp"
#include "app/cli/print.hpp"
#include "app/cli/programme.hpp"
#include "core/base/given.hpp"
#include "core/wire/commands.hpp"
#include "core/wire/messages.hpp"
#include "sync/enrol.hpp"
#include "sync/renew.hpp"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <optional>

namespace {

namespace json = boost::json;

constexpr int exit_usage = 2;
constexpr int exit_refused = 3;
constexpr int exit_unreachable = 4;

struct Asked {
  std::string home;
  bool as_json = false;
  std::string lang;
  bool example = false;
  std::string service, room, ticket, other, before, reason, kind, card, name, note, key, expect, to, hours;
  std::string pattern, text, from, until, device, person, item, sponsor, by, action, cloud, code, ca, at,
      here, date, result;
  bool csv = false;
  bool renew = false;
  std::optional<std::uint64_t> print;
  std::optional<int> back, cap, places, every, minutes, show_minutes, message;
  bool last = false;
  bool no_print = false;
};

std::string language() {
  const char* lang = std::getenv("LANG");
  return lang != nullptr && std::string_view(lang).substr(0, 2) == "ja" ? "ja" : "en";
}

void say(const Asked& asked, const std::string& verb, const json::object& body) {
  const std::string text =
      asked.as_json ? json::serialize(body) + "\n" : machiai::cli::in_words(verb, body, asked.lang);
  std::fputs(text.c_str(), stdout);
}

int refuse(const Asked& asked, const json::object& error, int code) {
  if (asked.as_json) std::fputs((json::serialize(json::object{{"error", error}}) + "\n").c_str(), stdout);
  std::fprintf(stderr, "machiai: %s\n", machiai::cli::refusal_in_words(error).c_str());
  return code;
}

int init(const Asked& asked) {
  const auto made = machiai::store::init_example({asked.home});
  if (!made) return refuse(asked, machiai::wire::error_to_json(made.error(), asked.lang), exit_refused);
  say(asked, "init", {{"home", asked.home}, {"facility", "minato"}});
  return 0;
}

int refuse_enrol(const Asked& asked, const machiai::base::Error& error) {
  const bool away = error.reason == "cloud_unreachable";
  return refuse(asked, machiai::wire::error_to_json(error, asked.lang),
                away ? exit_unreachable : exit_refused);
}

std::string iso_date_of(machiai::base::Instant at) {
  return machiai::base::iso_date(machiai::base::civil_date(at));
}

/// The daemon takes what is kept in HOME/cloud within seconds, or at its next start.
int renew(const Asked& asked) {
  const auto done = machiai::sync::renew({asked.home});
  if (!done) return refuse_enrol(asked, done.error());
  say(asked, "enrol", {{"facility", done->facility}, {"until", iso_date_of(done->until)}});
  return 0;
}

/// Without the daemon: what it keeps in HOME/cloud is read at the daemon's next start.
int enrol(const Asked& asked) {
  const machiai::store::Home home{asked.home};
  const auto refused = [&](const machiai::base::Error& error) { return refuse_enrol(asked, error); };
  const auto settings = machiai::store::load_settings(home);
  if (!settings) return refused(settings.error());
  machiai::sync::EnrolAsk ask{asked.cloud, asked.code, {}};
  if (!asked.ca.empty()) {
    auto ca = machiai::store::read_given_file(asked.ca);
    if (!ca) return refused(ca.error());
    ask.ca = std::move(*ca);
  }
  const auto done = machiai::sync::enrol(home, settings->clinic.id, ask);
  if (!done) return refused(done.error());
  say(asked, "enrol",
      {{"facility", done->facility},
       {"link", done->link},
       {"authority", done->fingerprint},
       {"until", iso_date_of(done->until)}});
  return 0;
}

int refuse_call(const Asked& asked, const machiai::base::Error& error) {
  const bool away = error.reason == "hub_unreachable" || error.reason == "answer_lost";
  return refuse(asked, machiai::wire::error_to_json(error, asked.lang),
                away ? exit_unreachable : exit_refused);
}

int send(Asked& asked, const CLI::App& chosen) {
  std::string verb = chosen.get_name();
  std::replace(verb.begin(), verb.end(), '-', '_');
  machiai::cli::Call call{verb, "", {}, asked.lang};
  const auto add = [&](const char* name, const std::string& value) {
    if (!value.empty()) call.args[name] = value;
  };
  for (const auto& [name, value] : {std::pair{"service", &asked.service},
                                    {"room", &asked.room},
                                    {"ticket", &asked.ticket},
                                    {"before", &asked.before},
                                    {"reason", &asked.reason},
                                    {"kind", &asked.kind},
                                    {"card", &asked.card},
                                    {"name", &asked.name},
                                    {"expect", &asked.expect},
                                    {"other", &asked.other},
                                    {"at", &asked.at},
                                    {"date", &asked.date},
                                    {"note", &asked.note},
                                    {"to", &asked.to},
                                    {"from", &asked.from},
                                    {"item", &asked.item},
                                    {"sponsor", &asked.sponsor},
                                    {"by", &asked.by},
                                    {"action", &asked.action},
                                    {"to", &asked.until},
                                    {"pattern", &asked.pattern},
                                    {"text", &asked.text},
                                    {"device", &asked.device},
                                    {"person", &asked.person}})
    add(name, *value);
  // What is written down of a patient is taken away by an empty text.
  for (const auto& [name, value] :
       {std::pair{"card", &asked.card}, {"name", &asked.name}, {"note", &asked.note}})
    if (const auto* option = chosen.get_option_no_throw(std::string("--") + name);
        verb == "amend" && option != nullptr && option->count() > 0)
      call.args[name] = *value;
  for (const auto& [name, value] : {std::pair{"back", &asked.back},
                                    {"cap", &asked.cap},
                                    {"places", &asked.places},
                                    {"every", &asked.every},
                                    {"minutes", &asked.minutes},
                                    {"show_minutes", &asked.show_minutes},
                                    {"message", &asked.message}})
    if (*value) call.args[name] = **value;
  if (asked.print) call.args["print"] = *asked.print;
  if (asked.last && verb == "absent") call.args["back"] = 0;
  if (asked.last && verb == "move") call.args["before"] = "";
  if (asked.csv) call.args["csv"] = true;
  if (verb == "phoned") call.args["result"] = asked.result == "reached" ? "reached" : "no_answer";
  if (verb == "hours") call.args["hours"] = asked.hours;
  if (verb == "remote") call.args["open"] = asked.action == "open";
  if (verb == "take") {
    call.args["print"] = !asked.no_print;
    if (asked.key.empty()) asked.key = machiai::cli::fresh_key();
  }
  if (verb == "check_in") {
    // A card is digits alone; "12" is the card 12, "naika/12" a number.
    const bool card = asked.here.find_first_not_of("0123456789") == std::string::npos;
    call.args[card ? "card" : "ticket"] = asked.here;
    call.args["print"] = !asked.no_print;
  }
  if (verb == "staff_add" || verb == "staff_pin") call.args["pin"] = machiai::cli::read_pin();
  call.key = asked.key;
  const auto answer = machiai::cli::ask({asked.home}, call);
  if (!answer) return refuse_call(asked, answer.error());
  if (!answer->ok) return refuse(asked, answer->body, exit_refused);
  say(asked, verb, answer->body);
  const json::value* holds = answer->body.if_contains("holds");
  return holds != nullptr && !holds->as_bool() ? exit_refused : 0;
}

/// An answer with its words, or the refusal.
int finish(const Asked& asked, const machiai::base::Result<json::object>& answer,
           const std::function<std::string(const json::object&)>& in_words) {
  if (!answer) return refuse(asked, machiai::wire::error_to_json(answer.error(), asked.lang), exit_refused);
  if (const json::value* error = answer->if_contains("error"))
    return refuse(asked, error->as_object(), exit_refused);
  std::fputs((asked.as_json ? json::serialize(*answer) + "\n" : in_words(*answer)).c_str(), stdout);
  const json::value* holds = answer->if_contains("holds");
  return holds != nullptr && !holds->as_bool() ? exit_refused : 0;
}

int run_programme(const Asked& asked, const machiai::cli::ProgrammeVerbs& programme) {
  const auto answer = programme.run(asked.home, asked.lang, machiai::base::SystemClock().now());
  return finish(asked, answer, [&](const json::object& told) {
    return machiai::cli::ProgrammeVerbs::in_words(told, asked.lang);
  });
}

int run_media(const Asked& asked, const machiai::cli::MediaVerbs& media) {
  return finish(asked, media.run(asked.home, machiai::base::SystemClock().now()),
                machiai::cli::MediaVerbs::in_words);
}

/// "now" and "clear" go to the daemon, the others need none.
int run_notice(const Asked& asked, const machiai::cli::NoticeVerbs& notice) {
  if (notice.is_call()) {
    auto call = notice.call(asked.home, asked.lang);
    if (!call) return refuse_call(asked, call.error());
    if (!asked.key.empty()) call->key = asked.key;
    const auto answer = machiai::cli::ask({asked.home}, *call);
    if (!answer) return refuse_call(asked, answer.error());
    if (!answer->ok) return refuse(asked, answer->body, exit_refused);
    say(asked, "notice", answer->body);
    return 0;
  }
  return finish(asked, notice.run(asked.home, asked.lang, machiai::base::SystemClock().now()),
                machiai::cli::NoticeVerbs::in_words);
}

CLI::App* verb(CLI::App& app, const char* name, const char* help) {
  // The common options may stand before or after the verb.
  return app.add_subcommand(name, help)->fallthrough();
}

void add_staff_verbs(CLI::App& app, Asked& asked) {
  verb(app, "staff", "people who log in at the desk; with none, nobody has to");
  CLI::App* add =
      verb(app, "staff-add", "let a person log in at the desk; reads the PIN from the standard input");
  add->add_option("PERSON", asked.person, "an id, as the records show it")->required();
  add->add_option("--name", asked.name, "as the desk shows it");
  verb(app, "staff-pin", "give a person a new PIN, read from the standard input")
      ->add_option("PERSON", asked.person)
      ->required();
  verb(app, "staff-remove", "let a person log in no longer")->add_option("PERSON", asked.person)->required();
  CLI::App* access = verb(app, "access", "who logged in at the desk and read which records");
  access->add_option("--from", asked.from, "2026-11-01; without it today");
  access->add_option("--to", asked.until, "2026-11-30; without it today");
}

void add_verbs(CLI::App& app, Asked& asked) {
  verb(app, "init", "make a station")
      ->add_flag("--example", asked.example, "with the fictional clinic")
      ->required();
  verb(app, "open", "open a counter")->add_option("SERVICE", asked.service)->required();
  verb(app, "close", "close a counter to new patients")->add_option("SERVICE", asked.service)->required();
  CLI::App* take = verb(app, "take", "give out the next number");
  take->add_option("SERVICE", asked.service)->required();
  take->add_option("--kind", asked.kind, "first or return");
  take->add_option("--card", asked.card, "patient card number");
  take->add_option("--name", asked.name, "name, for the desk and the rooms");
  take->add_option("--note", asked.note, "what the reception wants to remember, for the desk only");
  take->add_flag("--no-print", asked.no_print, "do not print a slip");
  CLI::App* check_in = verb(app, "check-in", "who booked is here; who is here already keeps their number");
  check_in->add_option("WHO", asked.here, "the digits of a card, or a ticket as id or SERVICE/NUMBER")
      ->required();
  check_in->add_flag("--no-print", asked.no_print, "do not print a slip");
  CLI::App* call = verb(app, "call", "call the next present patient to a room");
  call->add_option("SERVICE", asked.service)->required();
  call->add_option("--room", asked.room)->required();
  call->add_option("--ticket", asked.ticket, "this ticket instead of the next");
  call->add_option("--expect", asked.expect, "only if this ticket is still the next");
  const std::pair<const char*, const char*> simple[] = {
      {"recall", "call again"},
      {"enter", "the called patient is in the room"},
      {"resume", "back from hold into the line"},
      {"back", "back into the line: as before the call, or returned after an absence"},
      {"cancel", "take out of the line"},
      {"arrive", "who booked from outside is here"},
      {"no-show", "did not come, and is not expected any more"},
      {"finish", "done"},
      {"skip", "let the next patient go first"},
      {"reprint", "print the slip again, marked as a reprint"}};
  for (const auto& [name, help] : simple)
    verb(app, name, help)->add_option("TICKET", asked.ticket, "id, SERVICE/NUMBER or number")->required();
  CLI::App* phoned = verb(app, "phoned", "note that the patient was telephoned");
  phoned->add_option("TICKET", asked.ticket, "id, SERVICE/NUMBER or number")->required();
  phoned->add_option("--result", asked.result, "reached or no-answer")
      ->required()
      ->check(CLI::IsMember({"reached", "no-answer"}));
  CLI::App* why = verb(app, "why", "the history of a ticket");
  why->add_option("TICKET", asked.ticket, "id, SERVICE/NUMBER or number")->required();
  why->add_option("--date", asked.date, "2026-11-24; without it the day that is open");
  CLI::App* absent = verb(app, "absent", "did not answer: keeps a place further back, by the rule");
  absent->add_option("TICKET", asked.ticket)->required();
  CLI::Option* back = absent->add_option("--back", asked.back, "so many places instead of the rule");
  absent->add_flag("--last", asked.last, "to the end of the line")->excludes(back);
  CLI::App* hold = verb(app, "hold", "set aside, for a test for example");
  hold->add_option("TICKET", asked.ticket)->required();
  hold->add_option("--reason", asked.reason, "what for, in words");
  CLI::App* transfer = verb(app, "transfer", "go on in another service's line, with the same number");
  transfer->add_option("TICKET", asked.ticket)->required();
  transfer->add_option("--to", asked.to, "the service")->required();
  CLI::App* amend = verb(app, "amend", "change what is written down of the patient");
  amend->add_option("TICKET", asked.ticket)->required();
  amend->add_option("--kind", asked.kind, "first or return");
  amend->add_option("--card", asked.card, "patient card number; \"\": none");
  amend->add_option("--name", asked.name, "name, for the desk and the rooms; \"\": none");
  amend->add_option("--note", asked.note, "what the reception wants to remember; \"\": nothing");
  CLI::App* order = verb(app, "order", "why one ticket was before another: the day replayed for the two");
  order->add_option("TICKET", asked.ticket)->required();
  order->add_option("OTHER", asked.other)->required();
  order->add_option("--date", asked.date, "2026-11-24; without it the day that is open");
  CLI::App* replay = verb(app, "replay", "the lines as they stood at a moment of a day");
  replay->add_option("TIME", asked.at, "10:32, 10:32:05; without it the end of the day");
  replay->add_option("--date", asked.date, "2026-11-24; without it the day that is open");
  replay->add_option("--service", asked.service, "this line alone");
  CLI::App* cap = verb(app, "cap", "numbers given out today at most");
  cap->add_option("SERVICE", asked.service)->required();
  cap->add_option("CAP", asked.cap, "to 9999; 0: no cap, -1: as in the settings")->required();
  CLI::App* hours = verb(app, "hours", "acceptance hours for today alone");
  hours->add_option("SERVICE", asked.service)->required();
  hours
      ->add_option("HOURS", asked.hours,
                   "8:30-11:00,14:30-18:00; \"\": closed all day; -: as in the settings")
      ->required();
  CLI::App* remote = verb(app, "remote", "take bookings from outside, or none today");
  remote->add_option("ACTION", asked.action)->required()->check(CLI::IsMember({"open", "close"}));
  remote->add_option("SERVICE", asked.service)->required();
  CLI::App* walk_ins = verb(app, "walk-ins", "numbers held today for those who come themselves");
  walk_ins->add_option("SERVICE", asked.service)->required();
  walk_ins->add_option("PLACES", asked.places, "0 to 200; -1: as the cloud's booking rules say")->required();
  walk_ins->add_option("--every", asked.every,
                       "and one in so many places of the line, 2 to 50; 0: none; -1: as the rules say");
  CLI::App* message = verb(app, "message", "show a temporary message on board and kiosk");
  message
      ->add_option(
          "PATTERN", asked.pattern,
          "delay, doctor_late, emergency, doctor_away, long_wait, vaccination_time, test_time or free")
      ->required();
  message->add_option("--text", asked.text, "the words of a free message, 60 characters at most");
  message->add_option("--minutes", asked.minutes, "what the message counts, 0 to 600");
  message->add_option("--show", asked.show_minutes, "taken away after so many minutes, 1 to 720 (120)");
  verb(app, "unmessage", "take a message away")->add_option("MESSAGE", asked.message)->required();
  CLI::App* statistics = verb(app, "statistics", "patients, waits, rooms, absences and slips by day");
  statistics->add_option("--from", asked.from, "2026-11-01; without it today");
  statistics->add_option("--to", asked.until, "2026-11-30; without it today");
  statistics->add_flag("--csv", asked.csv, "as a table: for each date its services, rooms and slips");
  CLI::App* film = verb(app, "film", "stop the films or their sound for today, or let them go on");
  film->add_option("ACTION", asked.action)
      ->required()
      ->check(CLI::IsMember({"pause", "resume", "mute", "unmute"}));
  CLI::App* airings = verb(app, "airings", "what was shown: by period, item, sponsor");
  airings->add_option("--from", asked.from, "2026-11-01; without it today");
  airings->add_option("--to", asked.until, "2026-11-30; without it today");
  airings->add_option("--item", asked.item, "this item only");
  airings->add_option("--sponsor", asked.sponsor, "this sponsor's only");
  airings->add_option("--by", asked.by, "what is counted together (item)")
      ->check(CLI::IsMember({"item", "sponsor", "date"}));
  airings->add_flag("--csv", asked.csv, "as a table, one line a record");
  verb(app, "close-day", "close every counter and end what is left of the day");
  CLI::App* move = verb(app, "move", "change the order, with a reason");
  move->add_option("TICKET", asked.ticket)->required();
  auto* place = move->add_option_group("place")->require_option(1);
  place->add_option("--before", asked.before, "in front of this ticket");
  place->add_flag("--last", asked.last, "to the end of the line");
  move->add_option("--reason", asked.reason, "booking, test, urgent, or words")->required();
  verb(app, "undo",
       "take back the last action of this seat (10 s); of a recall its trace, words once spoken stay");
  verb(app, "queue", "one service's tickets in calling order")
      ->add_option("SERVICE", asked.service)
      ->required();
  verb(app, "counter", "hours and cap of a service today")->add_option("SERVICE", asked.service)->required();
  verb(app, "rooms", "what the seats of the examination rooms show");
  CLI::App* pair = verb(app, "pair", "a code that lets a tablet or PC of the clinic's network in");
  pair->add_option("--name", asked.name, "what the device is called here")->required();
  pair->add_option("--room", asked.room, "the one room it may act for")->required();
  verb(app, "devices", "tablets and PCs that are paired");
  verb(app, "unpair", "let a device in no longer, and end its connections")
      ->add_option("DEVICE", asked.device, "its id, as devices tells it")
      ->required();
  add_staff_verbs(app, asked);
  verb(app, "board", "what the waiting-room monitor shows");
  verb(app, "prints", "today's slips and what became of them");
  verb(app, "slip-seen", "a slip of unknown fate is there: a person has seen it")
      ->add_option("PRINT", asked.print, "its id, as prints tells it")
      ->required();
  verb(app, "verify", "check chain, series and projections of the ledger");
  verb(app, "status", "health of the station");
  CLI::App* enrol = verb(app, "enrol", "let this machine be the clinic's station at a cloud");
  enrol->add_option("--cloud", asked.cloud, "https://HOST[:PORT]");
  enrol->add_option("--code", asked.code, "the one-time code that the cloud's operator gave out");
  enrol->add_option("--ca", asked.ca,
                    "file of the cloud's authority; without it the first one shown is trusted");
  enrol->add_flag("--renew", asked.renew, "get the next certificate by the present one; no code is needed")
      ->excludes("--cloud")
      ->excludes("--code")
      ->excludes("--ca");
  enrol->callback([&asked] {
    if (asked.renew || (!asked.cloud.empty() && !asked.code.empty())) return;
    throw CLI::RequiredError("--cloud and --code, or --renew");
  });
}

/// No hours: closed all day. No card, name or note of who has one: that which was is not so.
std::string empty_of(const CLI::App& app) {
  return machiai::base::empty_option(app, {"hours HOURS", "amend --card", "amend --name", "amend --note"});
}

} // namespace

int main(int argc, char** argv) {
  CLI::App app("machiai: every command and view of the clinic's waiting room, without a screen");
  Asked asked;
  asked.lang = language();
  app.set_version_flag("--version", "machiai " MACHIAI_VERSION);
  app.require_subcommand(1);
  app.add_option("--home", asked.home, "the station's directory")->required();
  app.add_flag("--json", asked.as_json, "print the answer as JSON");
  app.add_option("--key", asked.key, "idempotency key: a command repeated with it is carried out once");
  app.add_option("--lang", asked.lang, "language of refusals and troubles: ja or en")
      ->check(CLI::IsMember({"ja", "en"}));
  add_verbs(app, asked);
  machiai::cli::ProgrammeVerbs programme;
  programme.add_to(app);
  machiai::cli::MediaVerbs media;
  media.add_to(app);
  machiai::cli::NoticeVerbs notice;
  notice.add_to(app);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : exit_usage;
  }
  if (std::string empty = empty_of(app); !empty.empty())
    return refuse(asked,
                  machiai::wire::error_to_json(
                      {machiai::base::Error::Code::invalid, "empty_value", std::move(empty)}, asked.lang),
                  exit_usage);
  if (programme.chosen()) return run_programme(asked, programme);
  if (media.chosen()) return run_media(asked, media);
  if (notice.chosen()) return run_notice(asked, notice);
  const std::string name = app.get_subcommands().front()->get_name();
  if (name == "enrol") return asked.renew ? renew(asked) : enrol(asked);
  return name == "init" ? init(asked) : send(asked, *app.get_subcommands().front());
}
