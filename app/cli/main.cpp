// SPDX-License-Identifier: Apache-2.0
#include "app/cli/client.hpp"
#include "app/cli/print.hpp"
#include "core/wire/commands.hpp"
#include "core/wire/messages.hpp"

#include <CLI/CLI.hpp>

#include <cstdio>
#include <cstdlib>

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
  std::string service, room, ticket, before, reason, kind, card, name, key, expect;
  bool no_print = false;
};

std::string language() {
  const char* lang = std::getenv("LANG");
  return lang != nullptr && std::string_view(lang).substr(0, 2) == "ja" ? "ja" : "en";
}

void say(const Asked& asked, const std::string& verb, const json::object& body) {
  const std::string text = asked.as_json ? json::serialize(body) + "\n" : machiai::cli::in_words(verb, body);
  std::fputs(text.c_str(), stdout);
}

int refuse(const Asked& asked, const json::object& error, int code) {
  if (asked.as_json) std::fputs((json::serialize(json::object{{"error", error}}) + "\n").c_str(), stdout);
  const json::value* message = error.if_contains("message");
  std::fprintf(stderr, "machiai: %s\n",
               message != nullptr && message->is_string() ? message->as_string().c_str() : "refused");
  return code;
}

int init(const Asked& asked) {
  const auto made = machiai::store::init_example({asked.home});
  if (!made) return refuse(asked, machiai::wire::error_to_json(made.error(), asked.lang), exit_refused);
  say(asked, "init", {{"home", asked.home}, {"facility", "minato"}});
  return 0;
}

int send(const Asked& asked, const std::string& verb) {
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
                                    {"expect", &asked.expect}})
    add(name, *value);
  if (verb == "take") {
    call.args["print"] = !asked.no_print;
    call.key = asked.key.empty() ? machiai::cli::fresh_key() : asked.key;
  }
  const auto answer = machiai::cli::ask({asked.home}, call);
  if (!answer)
    return refuse(asked, machiai::wire::error_to_json(answer.error(), asked.lang), exit_unreachable);
  if (!answer->ok) return refuse(asked, answer->body, exit_refused);
  say(asked, verb, answer->body);
  const json::value* holds = answer->body.if_contains("holds");
  return holds != nullptr && !holds->as_bool() ? exit_refused : 0;
}

CLI::App* verb(CLI::App& app, const char* name, const char* help) {
  // The common options may stand before or after the verb.
  return app.add_subcommand(name, help)->fallthrough();
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
  take->add_option("--name", asked.name, "name, for the desk only");
  take->add_option("--key", asked.key, "idempotency key: the same key gets the same number");
  take->add_flag("--no-print", asked.no_print, "do not print a slip");
  CLI::App* call = verb(app, "call", "call the next present patient to a room");
  call->add_option("SERVICE", asked.service)->required();
  call->add_option("--room", asked.room)->required();
  call->add_option("--ticket", asked.ticket, "this ticket instead of the next");
  call->add_option("--expect", asked.expect, "only if this ticket is still the next");
  const std::pair<const char*, const char*> simple[] = {
      {"recall", "call again"},
      {"enter", "the called patient is in the room"},
      {"absent", "did not answer: keeps a place further back"},
      {"hold", "set aside, for a test for example"},
      {"resume", "back from hold into the line"},
      {"back", "back into the line: as before the call, or returned after an absence"},
      {"cancel", "take out of the line"},
      {"finish", "done"},
      {"why", "the history of a ticket"},
      {"reprint", "print the slip again, marked as a reprint"}};
  for (const auto& [name, help] : simple)
    verb(app, name, help)->add_option("TICKET", asked.ticket, "id, SERVICE/NUMBER or number")->required();
  CLI::App* move = verb(app, "move", "change the order, with a reason");
  move->add_option("TICKET", asked.ticket)->required();
  move->add_option("--before", asked.before)->required();
  move->add_option("--reason", asked.reason, "booking, test, urgent, or words")->required();
  verb(app, "undo", "take back the last action of this seat (10 s)");
  verb(app, "queue", "one service's tickets in calling order")
      ->add_option("SERVICE", asked.service)
      ->required();
  verb(app, "board", "what the waiting-room monitor shows");
  verb(app, "prints", "today's slips and what became of them");
  verb(app, "verify", "check chain, series and projections of the ledger");
  verb(app, "status", "health of the station");
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
  app.add_option("--lang", asked.lang, "language of refusals: ja or en")->check(CLI::IsMember({"ja", "en"}));
  add_verbs(app, asked);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : exit_usage;
  }
  const std::string name = app.get_subcommands().front()->get_name();
  return name == "init" ? init(asked) : send(asked, name);
}
