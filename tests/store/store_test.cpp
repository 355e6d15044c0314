// SPDX-License-Identifier: Apache-2.0
#include "core/store/ledger.hpp"
#include "core/store/programmes.hpp"
#include "core/store/projection.hpp"
#include "core/store/station.hpp"
#include "tests/queue/morning.hpp"

#include <fmt/format.h>
#include <sqlite3.h>
#include <unistd.h>

#include <atomic>
#include <filesystem>
#include <fstream>
#include <future>

using namespace machiai;
using namespace machiai::queue;
using store::Ledger;

namespace {

/// A directory of its own, gone at the end.
struct Scratch {
  Scratch() : dir(std::filesystem::temp_directory_path() / ("machiai-store-" + std::to_string(::getpid()))) {
    std::filesystem::remove_all(dir);
    std::filesystem::create_directories(dir);
  }
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;
  ~Scratch() { std::filesystem::remove_all(dir); }
  [[nodiscard]] std::string ledger() const { return (dir / "ledger.db").string(); }
  std::filesystem::path dir;
};

/// Carries a command out and writes it, as the daemon does.
void carry_out(test::Morning& m, Ledger& ledger, const Command& command, const std::string& key = "") {
  const auto decision = decide(m.clinic, m.day, command, {"desk", "desk-1"}, m.now);
  REQUIRE(decision);
  store::Batch batch;
  const std::uint64_t group = m.day.seq + 1;
  for (const EventBody& body : decision->events) {
    const Event event{m.day.seq + 1, group, 0, key, "desk", "desk-1", m.now, body};
    fold(m.clinic, m.day, event);
    store::project_event(m.clinic, m.day, event, batch.tickets);
    batch.events.push_back({event, m.day.date, 5});
  }
  REQUIRE(ledger.append(batch));
}

void short_morning(test::Morning& m, Ledger& ledger) {
  carry_out(m, ledger, OpenCounter{"naika"});
  for (int i = 0; i < 5; ++i) carry_out(m, ledger, Take{"naika", "", "", "", false}, "k" + std::to_string(i));
  carry_out(m, ledger, CallNext{"naika", "1", std::nullopt, std::nullopt});
  carry_out(m, ledger, CallNext{"naika", "1", std::nullopt, std::nullopt});
  carry_out(m, ledger, Undo{});
  carry_out(m, ledger, Act{Verb::absent, "naika/1"});
}

void tamper(const std::string& path, const char* sql) {
  sqlite3* db = nullptr;
  REQUIRE(sqlite3_open(path.c_str(), &db) == SQLITE_OK);
  REQUIRE(sqlite3_exec(db, sql, nullptr, nullptr, nullptr) == SQLITE_OK);
  sqlite3_close(db);
}

/// As a forger would who knows the recipe: every hash is that of what stands there now.
void chain_anew(const std::string& path) {
  auto db = store::Database::open(path, store::Access::read_write);
  REQUIRE(db);
  store::Statement rows(*db,
                        "SELECT seq, grp, epoch, at, date, kind, actor, seat, key, request, body FROM event "
                        "ORDER BY seq");
  REQUIRE(rows.bind_all());
  store::Hash hash{};
  std::vector<std::pair<std::int64_t, store::Hash>> chain;
  for (auto more = rows.step(); more.value(); more = rows.step()) {
    store::EventRow row;
    row.event.seq = static_cast<std::uint64_t>(rows.integer(0));
    row.event.group = static_cast<std::uint64_t>(rows.integer(1));
    row.event.epoch = static_cast<std::uint64_t>(rows.integer(2));
    row.event.at = base::instant_from_ms(rows.integer(3));
    row.date = base::Date{static_cast<std::int32_t>(rows.integer(4))};
    row.event.actor = rows.text(6);
    row.event.seat = rows.text(7);
    row.event.key = rows.text(8);
    row.request = static_cast<std::uint64_t>(rows.integer(9));
    hash = store::chain_hash(hash, row, rows.text(5), rows.text(10));
    chain.emplace_back(rows.integer(0), hash);
  }
  for (const auto& [seq, made] : chain) {
    std::string hex;
    for (const unsigned char byte : made) hex += fmt::format("{:02x}", byte);
    REQUIRE(db->execute(fmt::format("UPDATE event SET hash = x'{}' WHERE seq = {}", hex, seq).c_str()));
  }
}

std::vector<std::string> findings(const std::string& path, const Clinic& clinic) {
  auto ledger = Ledger::open_to_read(path, clinic);
  if (!ledger) return {ledger.error().reason};
  const auto verified = ledger->verify();
  if (!verified) return {verified.error().reason};
  return verified->broken;
}

} // namespace

TEST_CASE("a ledger read again gives the same day and the same keys") {
  const Scratch scratch;
  test::Morning m;
  {
    auto ledger = Ledger::open(scratch.ledger(), m.clinic);
    REQUIRE(ledger);
    short_morning(m, *ledger);
  }
  auto ledger = Ledger::open(scratch.ledger(), m.clinic);
  REQUIRE(ledger);
  const auto loaded = ledger->load();
  REQUIRE(loaded);
  REQUIRE(test::fingerprint(m.clinic, loaded->day) == test::fingerprint(m.clinic, m.day));
  REQUIRE(loaded->day.history == m.day.history);
  REQUIRE(loaded->keys.size() == 5);
  REQUIRE(loaded->keys[0].key == store::digest("k0"));
  REQUIRE(findings(scratch.ledger(), m.clinic).empty());
}

TEST_CASE("only the open day is loaded, and epochs go on over the days") {
  const Scratch scratch;
  test::Morning m;
  auto ledger = Ledger::open(scratch.ledger(), m.clinic);
  REQUIRE(ledger);
  short_morning(m, *ledger);
  carry_out(m, *ledger, CloseCounter{"naika"});
  m.now += std::chrono::hours{24};
  carry_out(m, *ledger, OpenCounter{"shouni"});
  const auto loaded = ledger->load();
  REQUIRE(loaded);
  REQUIRE(loaded->day.tickets.empty());
  REQUIRE(loaded->day.counters[0].epoch == 1);
  REQUIRE(loaded->day.history.size() == 2);
  REQUIRE(findings(scratch.ledger(), m.clinic).empty());
}

TEST_CASE("verify names what was tampered with") {
  const char* sql =
      GENERATE("UPDATE event SET actor = 'nobody' WHERE seq = 4", "DELETE FROM event WHERE seq = 5",
               "UPDATE event SET at = at + 1 WHERE seq = 3", "UPDATE ticket SET state = 'done' WHERE n = 3",
               "DELETE FROM ticket WHERE n = 2", "UPDATE event SET request = 6 WHERE seq = 4",
               "INSERT INTO ticket VALUES(1, 'naika', 'M', 9, 'waiting', '', 3)", "UPDATE day SET seq = 9",
               "UPDATE day SET seq = 3", "INSERT INTO day VALUES(1, 1)", "DELETE FROM day",
               "UPDATE day SET date = date + 1");
  const Scratch scratch;
  test::Morning m;
  {
    auto ledger = Ledger::open(scratch.ledger(), m.clinic);
    REQUIRE(ledger);
    short_morning(m, *ledger);
  }
  tamper(scratch.ledger(), sql);
  CAPTURE(sql);
  REQUIRE_FALSE(findings(scratch.ledger(), m.clinic).empty());
}

TEST_CASE("a record whose chain was made anew is still judged by its numbers") {
  struct Forgery {
    std::vector<const char*> sql;
    std::vector<std::string> found;
  };
  // The last of the five numbers becomes another, in the record and in what is kept beside it.
  const auto forgery =
      GENERATE(Forgery{{"UPDATE event SET body = body"}, {}},
               Forgery{{"UPDATE event SET body = replace(body, '\"n\":5', '\"n\":4') WHERE kind = 'taken'",
                        "DELETE FROM ticket WHERE n = 4", "UPDATE ticket SET n = 4 WHERE n = 5"},
                       {"event 8: number 4 was given before"}},
               Forgery{{"UPDATE event SET body = replace(body, '\"n\":5', '\"n\":6') WHERE kind = 'taken'",
                        "UPDATE ticket SET n = 6 WHERE n = 5"},
                       {"2026-11-24: number M5 is not explained"}});
  const Scratch scratch;
  test::Morning m;
  {
    auto ledger = Ledger::open(scratch.ledger(), m.clinic);
    REQUIRE(ledger);
    short_morning(m, *ledger);
  }
  for (const char* sql : forgery.sql) tamper(scratch.ledger(), sql);
  chain_anew(scratch.ledger());
  REQUIRE(findings(scratch.ledger(), m.clinic) == forgery.found);
}

TEST_CASE("a row that is no event is a damaged ledger, and verify names it") {
  const char* sql =
      GENERATE("UPDATE event SET body = replace(body, '\"n\":5', '\"n\":0') WHERE seq = 8",
               "UPDATE event SET body = replace(body, '\"n\":5', '\"n\":60000000') WHERE seq = 8",
               "UPDATE event SET body = '{\"ticket\":null,\"ahead\":0,\"print\":false}' WHERE seq = 8",
               "UPDATE event SET kind = 'danced' WHERE seq = 8");
  const Scratch scratch;
  test::Morning m;
  {
    auto ledger = Ledger::open(scratch.ledger(), m.clinic);
    REQUIRE(ledger);
    short_morning(m, *ledger);
  }
  tamper(scratch.ledger(), sql);
  chain_anew(scratch.ledger());
  CAPTURE(sql);
  auto ledger = Ledger::open(scratch.ledger(), m.clinic);
  REQUIRE(ledger);
  const auto loaded = ledger->load();
  REQUIRE_FALSE(loaded);
  REQUIRE(loaded.error().reason == "ledger_damaged");
  REQUIRE(loaded.error().detail == "event 8");
  REQUIRE(findings(scratch.ledger(), m.clinic) == std::vector<std::string>{"event 8: cannot be read"});
}

TEST_CASE("verify judges one moment, whatever is written meanwhile") {
  const Scratch scratch;
  test::Morning m;
  auto ledger = Ledger::open(scratch.ledger(), m.clinic, store::Sync::normal);
  REQUIRE(ledger);
  carry_out(m, *ledger, OpenCounter{"naika"});
  std::atomic<bool> writing{true};
  auto judged = std::async(std::launch::async, [&writing, path = scratch.ledger(), clinic = m.clinic] {
    std::vector<std::string> found;
    for (int i = 0; i < 1000 && writing && found.empty(); ++i) found = findings(path, clinic);
    return found;
  });
  for (int i = 0; i < 1000; ++i) carry_out(m, *ledger, Take{"naika", "", "", "", false});
  writing = false;
  REQUIRE(judged.get() == std::vector<std::string>{});
}

TEST_CASE("a batch that does not follow is refused whole") {
  const Scratch scratch;
  test::Morning m;
  auto ledger = Ledger::open(scratch.ledger(), m.clinic);
  REQUIRE(ledger);
  store::Batch batch;
  batch.events.push_back({{1, 1, 0, "", "desk", "d", m.now, DayOpened{{20781}}}, {20781}, 0});
  batch.events.push_back({{3, 3, 0, "", "desk", "d", m.now, DayClosed{{20781}}}, {20781}, 0});
  REQUIRE_FALSE(ledger->append(batch));
  const auto loaded = ledger->load();
  REQUIRE(loaded);
  REQUIRE(loaded->day.history.empty());
}

TEST_CASE("a file that is not a ledger is left alone") {
  const Scratch scratch;
  const Clinic clinic = test::small_clinic();
  tamper(scratch.ledger(), "CREATE TABLE other(x)");
  REQUIRE(Ledger::open(scratch.ledger(), clinic).error().reason == "ledger_foreign");
  std::filesystem::remove(scratch.ledger());
  std::ofstream(scratch.ledger()) << std::string(5000, 'x');
  REQUIRE(Ledger::open(scratch.ledger(), clinic).error().reason == "ledger_damaged");
  REQUIRE(Ledger::open(scratch.ledger() + "/below", clinic).error().reason == "storage");
}

TEST_CASE("the example station loads, and is not made twice") {
  const Scratch scratch;
  const store::Home home{scratch.dir / "home"};
  REQUIRE(store::init_example(home));
  REQUIRE(store::init_example(home).error().reason == "home_in_use");
  const auto settings = store::load_settings(home);
  REQUIRE(settings);
  REQUIRE(find_service(settings->clinic, "naika").has_value());
  REQUIRE(find_service(settings->clinic, "shouni").has_value());
  REQUIRE(find_room(settings->clinic, "2").has_value());
  const auto permissions = std::filesystem::status(home.token("desk")).permissions();
  REQUIRE((permissions & std::filesystem::perms::others_all) == std::filesystem::perms::none);
}

TEST_CASE("a clinic's days off are its own and, if it says so, the national holidays") {
  const Scratch scratch;
  const store::Home home{scratch.dir};
  const auto is_off = [&](const std::string& more, const char* date) {
    std::ofstream(home.settings()) << "[facility]\nid=\"a\"\n" + more +
                                          "[[service]]\nid=\"x\"\nhours=[{open=\"9:00\",close=\"12:00\"}]\n"
                                          "[[room]]\nid=\"1\"\n";
    const auto settings = store::load_settings(home);
    REQUIRE(settings);
    return queue::usual_hours(settings->clinic, 0, *base::parse_iso_date(date)).empty() &&
           store::open_hours(settings->clinic, *base::parse_iso_date(date)).empty();
  };
  const std::string own = "closed=[\"2026-12-30\",\"2026-12-29\"]\n";
  REQUIRE(is_off(own, "2026-12-29"));
  REQUIRE(is_off(own, "2026-12-30"));
  REQUIRE_FALSE(is_off(own, "2026-12-31"));
  REQUIRE_FALSE(is_off(own, "2027-01-01"));
  REQUIRE(is_off(own + "closed_on_holidays=true\n", "2027-01-01"));
  REQUIRE(is_off("closed_on_holidays=true\n", "2040-05-04"));
  REQUIRE_FALSE(is_off("closed_on_holidays=true\n", "2026-12-30"));
}

TEST_CASE("settings that make no sense say where") {
  const Scratch scratch;
  const store::Home home{scratch.dir};
  const auto settings_of = [&](const std::string& text) {
    std::ofstream(home.settings()) << text;
    const auto settings = store::load_settings(home);
    return settings ? std::string("fine") : settings.error().reason + " " + settings.error().detail;
  };
  const std::string facility = "[facility]\nid=\"a\"\n";
  const std::string room = "[[room]]\nid=\"1\"\n";
  REQUIRE(settings_of(facility + "[[service]]\nid=\"x\"\n" + room) == "fine");
  REQUIRE(settings_of("[facility\n") == "bad_settings line 1");
  REQUIRE(settings_of(facility + room) == "bad_settings no service");
  REQUIRE(settings_of(facility + "[[service]]\nid=\"x\"\n[[service]]\nid=\"x\"\n" + room) ==
          "bad_settings line 6: service x twice");
  // "12" of two lines could not be told apart, nor "W1-7" of a line from the web's.
  const auto two = [&](const std::string& one, const std::string& other) {
    return settings_of(facility + "[[service]]\nid=\"x\"\nprefix=\"" + one +
                       "\"\n[[service]]\nid=\"y\"\nprefix=\"" + other + "\"\n" + room);
  };
  REQUIRE(two("", "S") == "fine");
  REQUIRE(two("", "") == "bad_settings line 8: service y: prefix as service x");
  REQUIRE(two("S", "S") == "bad_settings line 8: service y: prefix as service x");
  for (const char* bad : {"W", "K", "W1", "s", "S-", "1", "ABCD"})
    REQUIRE(two("", bad) == "bad_settings line 8: service y: prefix");
  REQUIRE(settings_of(facility + "closed=[\"soon\"]\n[[service]]\nid=\"x\"\n" + room) ==
          "bad_settings line 3: facility: closed soon");
  REQUIRE(settings_of(facility + "[[service]]\nid=\"x\"\nrooms=[\"7\"]\n" + room) ==
          "bad_settings service x: room 7");
  REQUIRE(settings_of(facility + "[[service]]\nid=\"x\"\nhours=[{open=\"9:99\",close=\"12:00\"}]\n" + room) ==
          "bad_settings line 5: service x: hours");
  // A typing error must not be passed over: without a queue of that name nothing would be printed.
  const std::string service = "[[service]]\nid=\"x\"\n";
  const auto with = [&](const std::string& more) { return settings_of(facility + room + service + more); };
  REQUIRE(with("[printer]\nquee=\"slips\"\n") == "bad_settings line 8: printer.quee is no setting");
  REQUIRE(with("[printers]\n") == "bad_settings line 7: printers is no setting");
  REQUIRE(with("[hub]\nport=\"80\"\n") == "bad_settings line 8: hub.port: a whole number");
  REQUIRE(with("cap=\"30\"\n") == "bad_settings line 7: service.cap: a whole number");
  REQUIRE(with("rooms=[1]\n") == "bad_settings line 7: service.rooms: a list of texts in quotes");
  REQUIRE(with("hours=[\"8:30\"]\n") == "bad_settings line 7: service.hours: a list of tables");
  REQUIRE(with("hours=[{opens=\"8:30\"}]\n") == "bad_settings line 7: service.hours.opens is no setting");
  REQUIRE(with("[rules]\nabsence=3\n") == "bad_settings line 8: rules.absence: a table");
  REQUIRE(with("[rules]\nundo_seconds=-1\n") == "bad_settings line 8: rules: undo_seconds");
  REQUIRE(with("[rules]\nundo_seconds=99999999999\n") == "bad_settings line 8: rules: undo_seconds");
  REQUIRE(with("cap=-1\n") == "bad_settings line 7: service x: cap");
  REQUIRE(with("acceptance=\"auto\"\n") == "bad_settings line 7: service x: acceptance");
  REQUIRE(with("hours=[{session=\"noon\",open=\"9:00\",close=\"12:00\"}]\n") ==
          "bad_settings line 7: service x: hours: session");
  REQUIRE(with("hours=[{open=\"9:00\",close=\"12:00\",weekdays=[7]}]\n") ==
          "bad_settings line 7: service x: hours: weekdays");
  REQUIRE(with("kinds=[\"a\",\"a\"]\n") == "bad_settings line 7: service x: a kind twice");
  REQUIRE(with("name={ja=\"\u3000\"}\n") == "bad_settings line 7: x: name");
  REQUIRE(with("hours=[{open=\"9:00\",close=\"12:00\",weekdays=[1]},\n{open=\"11:00\",close=\"13:00\"}]\n") ==
          "bad_settings line 8: service x: hours twice at one time");
  REQUIRE(
      with(
          "hours=[{open=\"9:00\",close=\"12:00\",weekdays=[1]},{open=\"11:00\",close=\"13:00\",weekdays=[2]}]"
          "\n") == "fine");
  REQUIRE(with("[hub]\nport=99999999999\n") == "bad_settings line 8: hub port");
  // What no patient's name may have stands on slips and screens as badly elsewhere.
  const std::string unfit = ": text of 64 characters at most, without marks that cannot be seen";
  REQUIRE(with("name={ja=\"a\\u202eb\"}\n") == "bad_settings line 7: service.name.ja" + unfit);
  REQUIRE(with("name={ja=\"x\",en=\"" + std::string(65, 'x') + "\"}\n") ==
          "bad_settings line 7: service.name.en" + unfit);
  REQUIRE(with("kinds=[\"first\",\"a\\nb\"]\n") == "bad_settings line 7: service.kinds" + unfit);
  REQUIRE(settings_of("[facility]\nid=\"a\"\nphone=\"00\\n11\"\n" + room + service) ==
          "bad_settings line 3: facility.phone" + unfit);
  REQUIRE(with("[printer]\nserver=\"/" + std::string(100, 'x') + "\"\n") == "fine");
  REQUIRE(with("kinds=[\"first\",\"\u3000\"]\n") == "bad_settings line 7: service x: a kind without a name");
  std::string kinds;
  for (int i = 0; i < 65; ++i) kinds += "\"k" + std::to_string(i) + "\",";
  REQUIRE(with("kinds=[" + kinds + "]\n") == "bad_settings line 7: service x: more than 64 kinds");
  REQUIRE(with("[media]\nquota_gb=99999999999\n") == "bad_settings line 8: media quota_gb");
  REQUIRE(with("cap=30\nacceptance=\"timetable\"\n[cloud]\ndownload_kbit=64\n[rules]\nabsence={back=0}\n") ==
          "fine");
}
