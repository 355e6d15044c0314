// SPDX-License-Identifier: Apache-2.0
// What is fetched, in which order and when; what an answer of the server of files means.
#include "sync/fetch_rules.hpp"

#include <catch2/catch.hpp>

#include <random>
#include <set>

using namespace machiai;
using namespace machiai::sync;
using base::Date;
using base::Instant;
using std::chrono::hours;
using std::chrono::minutes;

namespace {

const std::string a(64, 'a'), b(64, 'b'), c(64, 'c'), d(64, 'd');
const Date today = *base::parse_iso_date("2026-11-26");

Date later(int days) {
  return {today.days + days};
}
Instant at(int hour, int minute = 0) {
  return base::at_minute(today, hour * 60 + minute);
}

wire::ManifestFile file(const std::string& sha256, std::uint64_t bytes = 1000) {
  return {sha256, bytes, "https://files.example/" + sha256};
}

FileAnswer whole(std::uint64_t bytes = 1000) {
  return {200, bytes, {}, {}, {}};
}
FileAnswer part(std::string range, std::uint64_t length, std::string etag = {}) {
  return {206, length, std::move(range), std::move(etag), {}};
}
std::string reason(std::uint64_t have, const FileAnswer& answer) {
  const auto judged = judge(file(a), have, answer);
  return judged ? "" : judged.error().reason;
}

programme::Item item(const std::string& id, const std::string& sha256,
                     programme::Kind kind = programme::Kind::own) {
  programme::Item item;
  item.id = id;
  item.kind = kind;
  item.sha256 = sha256;
  return item;
}

programme::Loaded loaded(const std::string& id, int version, Date from, Date to,
                         std::vector<programme::Item> items) {
  programme::Loaded loaded;
  loaded.programme.id = id;
  loaded.programme.version = version;
  loaded.programme.from = from;
  loaded.programme.to = to;
  loaded.programme.items = std::move(items);
  return loaded;
}

wire::Manifest manifest(std::vector<std::string> films,
                        std::vector<wire::ManifestProgramme> programmes = {}) {
  wire::Manifest made{at(9), at(9) + hours{96}, std::move(programmes), {}};
  for (const std::string& sha256 : films) made.films.push_back({"", "own", 1000, 1280, 720, file(sha256)});
  return made;
}

const Knows none = [](std::string_view) { return false; };

/// Hashes in the order in which they are fetched.
std::vector<std::string> order(const wire::Manifest& told, const std::vector<programme::Loaded>& shelf,
                               const Knows& held = none, const Knows& settled = none, Instant now = at(9)) {
  std::vector<std::string> all;
  for (const Wanted& wish : shortfall(told, shelf, held, settled, now).wishes)
    all.push_back(wish.film ? told.films[wish.at].file.sha256 : told.programmes[wish.at].file.sha256);
  return all;
}

} // namespace

TEST_CASE("a whole answer begins anew, a part goes on where it was asked for") {
  CHECK(judge(file(a), 0, whole()) == Body{0, 1000});
  CHECK(judge(file(a), 400, whole()) == Body{0, 1000});
  CHECK(judge(file(a), 400, part("bytes 400-999/1000", 600)) == Body{400, 600});
  CHECK(judge(file(a), 400, part("bytes 400-499/1000", 100, etag_of(file(a)))) == Body{400, 100});
}

TEST_CASE("an answer that is not about these bytes is refused") {
  CHECK(reason(0, whole(999)) == "other_answer");
  CHECK(reason(0, {200, {}, {}, {}, {}}) == "other_answer");
  CHECK(reason(0, {200, 1000, {}, {}, "gzip"}) == "other_answer");
  for (const char* range :
       {"", "bytes", "bytes 400-999", "bytes 400-999/*", "bytes */1000", "bytes 400-/1000", "bytes -600/1000",
        "bytes 399-999/1000", "bytes 401-999/1000", "bytes 0-999/1000", "bytes 400-1000/1000",
        "bytes 400-399/1000", "bytes 400-999/1000 ", "bytes 400 -999/1000", "items 400-999/1000",
        "bytes +400-999/1000", "bytes 18446744073709552016-999/1000", "bytes 400-999/1000, 0-1/1000"})
    CHECK(reason(400, part(range, 600)) == "other_answer");
  CHECK(reason(400, part("bytes 400-999/1000", 599)) == "other_answer");
  CHECK(reason(0, part("bytes 0-999/1000", 1000)) == "other_answer"); // it was not asked for
  CHECK(reason(400, part("bytes 400-999/2000", 600)) == "other_file");
  CHECK(reason(400, part("bytes 400-999/1000", 600, "\"other\"")) == "other_file");
  CHECK(reason(400, part("bytes 400-999/1000", 600, "W/" + etag_of(file(a)))) == "other_file");
  for (const auto& [status, why] : std::map<unsigned, std::string>{{204, "other_answer"},
                                                                   {301, "other_answer"},
                                                                   {302, "other_answer"},
                                                                   {304, "other_answer"},
                                                                   {400, "other_answer"},
                                                                   {401, "address_ended"},
                                                                   {403, "address_ended"},
                                                                   {404, "file_gone"},
                                                                   {410, "file_gone"},
                                                                   {416, "other_file"},
                                                                   {429, "files_busy"},
                                                                   {500, "files_busy"},
                                                                   {503, "files_busy"}})
    CHECK(reason(400, {status, 0, {}, {}, {}}) == why);
}

TEST_CASE("any answer that is taken lies within the file, whatever it says") {
  std::mt19937 dice(7);
  const auto number = [&] { return std::to_string(std::uniform_int_distribution(0, 1100)(dice)); };
  for (int i = 0; i < 20'000; ++i) {
    const auto have = static_cast<std::uint64_t>(std::uniform_int_distribution(0, 1000)(dice));
    const FileAnswer answer{dice() % 2 == 0 ? 200U : 206U,
                            dice() % 1100,
                            "bytes " + number() + "-" + number() + "/" +
                                (dice() % 4 == 0 ? number() : "1000"),
                            {},
                            {}};
    const auto body = judge(file(a), have, answer);
    if (!body) continue;
    CHECK((body->from == 0 || body->from == have));
    CHECK(body->from + body->bytes <= 1000);
    CHECK(body->bytes > 0);
  }
}

TEST_CASE("programmes come first, then what is shown first") {
  const std::vector shelf{loaded("later", 1, later(10), later(20), {item("x", c), item("y", a)}),
                          loaded("now", 1, later(-3), later(3), {item("z", b)})};
  const auto told = manifest({a, c, b}, {{"next", 1, file(d)}});
  CHECK(order(told, shelf) == std::vector{d, b, a, c});
  CHECK(shortfall(told, shelf, none, none, at(9)).files == 4);
}

TEST_CASE("what is here, or was settled, is not fetched") {
  const std::vector shelf{loaded("now", 2, today, later(3), {item("x", a), item("y", b)})};
  const auto told = manifest({a, b}, {{"now", 2, file(c)}, {"now", 1, file(d)}});
  CHECK(order(told, shelf, [](std::string_view sha256) { return sha256 == a; }) == std::vector{b});
  const auto newer = manifest({}, {{"now", 3, file(c)}});
  CHECK(order(newer, shelf) == std::vector{c});
  CHECK(order(newer, shelf, none, [](std::string_view sha256) { return sha256 == c; }).empty());
}

TEST_CASE("the manifest alone fills no disk: a film comes when a signed programme needs it") {
  CHECK(order(manifest({a, b}), {}).empty());
  CHECK(order(manifest({a, b}), {loaded("old", 1, later(-9), later(-1), {item("x", a)})}).empty());
  CHECK(order(manifest({a, b}), {loaded("now", 1, later(-9), today, {item("x", a)})}) == std::vector{a});
}

TEST_CASE("a film whose right is over is not fetched, one whose right begins later comes later") {
  auto ad = item("x", a, programme::Kind::ad);
  ad.rights = {{later(-5), later(-1), programme::every_day, {}}};
  auto next = item("y", b, programme::Kind::provided);
  next.rights = {{later(2), later(3), programme::every_day, {}}};
  const std::vector shelf{loaded("now", 1, later(-5), later(9), {ad, next, item("z", c)})};
  CHECK(order(manifest({a, b, c}), shelf) == std::vector{c, b});
  const auto missing = shortfall(manifest({a, b, c}), shelf, none, none, at(9));
  CHECK(missing.wishes[1].needed_at == base::at_minute(later(2), 0));
}

TEST_CASE("films keep to the settings' hours unless they are needed within a day") {
  const store::DownloadSettings night{20 * 60, 7 * 60, 0}, noon{12 * 60, 13 * 60, 0}, always{};
  const Instant far = at(9) + hours{240};
  for (int hour = 0; hour < 24; ++hour) {
    CHECK(may_fetch(night, at(hour), far) == (hour >= 20 || hour < 7));
    CHECK(may_fetch(noon, at(hour), far) == (hour == 12));
    CHECK(may_fetch(always, at(hour), far));
    CHECK(may_fetch(noon, at(hour), at(hour) + hours{23}));
    CHECK(may_fetch(noon, at(hour), at(0)));
  }
  CHECK_FALSE(may_fetch(night, at(19, 59), far));
  CHECK_FALSE(may_fetch(night, at(7), far));
}

TEST_CASE("a failure holds up its own file; others go on") {
  const std::vector shelf{loaded("now", 1, today, later(3), {item("x", a), item("y", b)})};
  const auto told = manifest({a, b});
  const Shortfall missing = shortfall(told, shelf, none, none, at(9));
  std::map<std::string, Tries, std::less<>> tries;
  CHECK(next_fetch(missing, told, tries, {}, {}, at(9)).wish == 0);
  tries[a] = after_failure({}, "hash_differs", false, at(9), 0.5);
  CHECK(next_fetch(missing, told, tries, {}, {}, at(9)).wish == 1);
  tries[b] = after_failure({}, "file_gone", false, at(9), 0.5);
  const Next next = next_fetch(missing, told, tries, {}, {}, at(9));
  CHECK_FALSE(next.wish);
  CHECK(next.waits == "hash_differs");
  CHECK(next_fetch(missing, told, tries, {}, {}, at(9, 1)).wish == 0);
}

TEST_CASE("nobody is asked while nobody can be reached, or once the addresses have ended") {
  const std::vector shelf{loaded("now", 1, today, later(30), {item("x", a)})};
  const auto told = manifest({a});
  const Shortfall missing = shortfall(told, shelf, none, none, at(9));
  const Tries way = after_failure({}, "files_away", false, at(9), 0);
  CHECK(next_fetch(missing, told, {}, way, {}, at(9)).waits == "files_away");
  CHECK(next_fetch(missing, told, {}, way, {}, at(9, 1)).wish == 0);
  CHECK(next_fetch(missing, told, {}, {}, {}, told.urls_until).waits == "address_ended");
  const Tries ended = after_failure({}, "address_ended", false, at(9), 0);
  CHECK(next_fetch(missing, told, {{a, ended}}, {}, {}, at(9) + hours{48}).waits == "address_ended");
  CHECK(next_fetch({}, told, {}, way, {}, at(9)).waits.empty());
}

TEST_CASE("the hours hold up films, not programmes") {
  const store::DownloadSettings night{20 * 60, 7 * 60, 0};
  const std::vector shelf{loaded("next", 1, later(10), later(30), {item("x", a)})};
  const auto told = manifest({a}, {{"after", 1, file(b)}});
  const Shortfall missing = shortfall(told, shelf, none, none, at(9));
  CHECK(next_fetch(missing, told, {}, {}, night, at(9)).wish == 0);
  const Shortfall films = shortfall(manifest({a}), shelf, none, none, at(9));
  CHECK(next_fetch(films, manifest({a}), {}, {}, night, at(9)).waits == "fetch_hours");
  CHECK(next_fetch(films, manifest({a}), {}, {}, night, at(21)).wish == 0);
}

TEST_CASE("pauses grow, are spread, end at half an hour, and begin anew when something came") {
  Tries tries;
  base::Millis before{};
  for (int i = 0; i < 30; ++i) {
    const Tries least = after_failure(tries, "files_cut", false, at(9), 0);
    tries = after_failure(tries, "files_cut", false, at(9), 0.999);
    const auto pause = std::chrono::duration_cast<base::Millis>(tries.until - at(9));
    CHECK(pause > least.until - at(9));
    CHECK(pause >= before);
    CHECK(pause <= minutes{30});
    before = pause;
  }
  CHECK(before > minutes{29});
  CHECK(after_failure(tries, "files_cut", true, at(9), 0.999).until - at(9) <= std::chrono::seconds{2});
  // A clock that is set back by a day does not hold it up for a day.
  CHECK(holds_up(tries, at(9)));
  CHECK_FALSE(holds_up(tries, at(9) - hours{24}));
}

TEST_CASE("a person is told when what is needed soon does not come") {
  CHECK(is_late(1, at(9), at(9, 10)));
  CHECK_FALSE(is_late(1, at(9), at(9, 9)));
  CHECK_FALSE(is_late(0, at(9), at(10)));
  CHECK_FALSE(is_late(1, std::nullopt, at(9)));
  CHECK_FALSE(is_late(1, at(9), at(8))); // the clock was set back
}

TEST_CASE("the pace holds over the whole") {
  CHECK(pace(1'000'000, base::Millis{0}, 0).count() == 0);
  CHECK(pace(1'000'000, base::Millis{0}, 1'000'000).count() == 1000);
  CHECK(pace(1'000'000, base::Millis{400}, 1'000'000).count() == 600);
  CHECK(pace(1'000'000, base::Millis{1400}, 1'000'000).count() == 0);
  CHECK(pace(std::uint64_t{8} << 30, base::Millis{0}, 8'000) == base::Millis{1'073'741'824});
}
