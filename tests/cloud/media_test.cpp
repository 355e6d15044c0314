// SPDX-License-Identifier: Apache-2.0
// Who may fetch which bytes, and what a station is sent for; and the same with each guard taken away.
#include "cloud/grant.hpp"
#include "cloud/guards.hpp"
#include "cloud/manifest.hpp"
#include "cloud/range.hpp"
#include "tests/programme/sample.hpp"

#include <catch2/catch.hpp>

#include <map>
#include <optional>
#include <random>
#include <set>
#include <vector>

using namespace machiai;
using namespace machiai::cloud;
using namespace std::chrono_literals;

namespace {

const std::string key(64, 'k');
const base::Instant now = base::at_minute(*base::parse_iso_date("2026-12-05"), 10 * 60);

std::string content(char digit) {
  return std::string(64, digit);
}

class Removed {
public:
  explicit Removed(Guard guard) { removed_guards = 1U << static_cast<unsigned>(guard); }
  Removed(const Removed&) = delete;
  Removed& operator=(const Removed&) = delete;
  ~Removed() { removed_guards = 0; }
};

/// One bool for each way in which it may go wrong: true when a wrong request is let through.
struct Ask {
  Grant grant{content('a'), "minato", now + 48h};
  std::string sign = grant_signature(key, grant);
  std::string until = std::to_string(base::to_ms(grant.until));

  [[nodiscard]] bool allowed(base::Instant at = now, std::string_view with = key) const {
    const auto told = granted(with, {grant.sha256, grant.facility, until, sign}, at);
    if (!told) CHECK(told.error().reason == "media_refused");
    return told.has_value();
  }
};

bool any_wrong_grant() {
  std::vector<Ask> wrong(7);
  wrong[0].grant.sha256 = content('b');
  wrong[1].grant.facility = "kita";
  wrong[2].until = std::to_string(base::to_ms(now + 49h));
  wrong[3].sign.back() = wrong[3].sign.back() == '0' ? '1' : '0';
  wrong[4].sign.pop_back();
  wrong[5].sign.clear();
  wrong[6].sign = std::string(64, '0');
  for (const Ask& each : wrong)
    if (each.allowed()) return true;
  return Ask{}.allowed(now, std::string(64, 'x'));
}

bool any_ended_grant() {
  return Ask{}.allowed(now + 48h) || Ask{}.allowed(now + 24h * 365);
}

/// What somebody signed, perhaps by a mistake of ours, but what is no content.
bool any_formless_grant() {
  for (const char* name : {"../../keys/media", "", "AA", "abc"}) {
    Ask ask;
    ask.grant.sha256 = name;
    ask.sign = grant_signature(key, ask.grant);
    if (ask.allowed()) return true;
  }
  Ask upper;
  upper.grant.sha256 = content('A');
  upper.sign = grant_signature(key, upper.grant);
  Ask spaced; // the number that is read is the number that was signed, and no other text for it
  spaced.until += "x";
  return upper.allowed() || spaced.allowed();
}

/// The bytes of a file that an answer would give, looked at one by one: a range said in the plainest way.
std::optional<std::set<std::uint64_t>> plain(std::optional<std::uint64_t> first,
                                             std::optional<std::uint64_t> last, std::uint64_t size) {
  std::set<std::uint64_t> bytes;
  for (std::uint64_t at = 0; at < size; ++at) {
    const bool in = first ? at >= *first && (!last || at <= *last) : last && at + *last >= size;
    if (in) bytes.insert(at);
  }
  return bytes.empty() ? std::nullopt : std::optional(bytes);
}

bool as_plain(const std::string& range, const std::optional<std::set<std::uint64_t>>& wanted,
              std::uint64_t size) {
  const Ranged told = range_of(range, "", "\"e\"", size);
  if (!wanted) return told.part == Part::beyond;
  return told.part == Part::piece && told.first == *wanted->begin() && told.length == wanted->size();
}

/// Every range of small files; gives the first that is wrong.
std::optional<std::string> wrong_range() {
  const auto text = [](std::uint64_t n) { return std::to_string(n); };
  for (std::uint64_t size = 1; size <= 9; ++size)
    for (std::uint64_t a = 0; a <= 12; ++a) {
      if (!as_plain("bytes=" + text(a) + "-", plain(a, std::nullopt, size), size)) return "from " + text(a);
      if (!as_plain("bytes=-" + text(a), plain(std::nullopt, a, size), size)) return "last " + text(a);
      for (std::uint64_t b = a; b <= 12; ++b)
        if (!as_plain("bytes=" + text(a) + "-" + text(b), plain(a, b, size), size))
          return text(a) + "-" + text(b) + " of " + text(size);
    }
  return std::nullopt;
}

bool is_whole(std::string_view range, std::string_view if_range = {}) {
  const Ranged told = range_of(range, if_range, "\"e\"", 1000);
  return told.part == Part::whole && told.first == 0 && told.length == 1000;
}

ProgrammeRow row(const char* id, int version, const char* from, const char* until, std::vector<Need> needs) {
  ProgrammeRow made{
      1,  id, version, content(static_cast<char>('0' + version)), 100, *base::parse_iso_date(from), {},
      {}, {}, {}};
  made.until = *base::parse_iso_date(until);
  made.needs = std::move(needs);
  return made;
}

MediaRow film(char digit, int facility = 0) {
  return {facility, content(digit), 5'000, std::string("title ") + digit, "provided", 30'000, 1280, 720, {}};
}

Need need(char digit, const char* from) {
  return {content(digit), std::string("item-") + digit, *base::parse_iso_date(from)};
}

const Recipient minato{1, "minato", "https://cloud.example:443", key};

bool everything(const std::string&, std::uint64_t) {
  return true;
}

/// The first digits of the films.
std::string films_of(const wire::Manifest& told) {
  std::string digits;
  for (const wire::ManifestFilm& each : told.films) digits += each.file.sha256[0];
  return digits;
}

std::string told(const std::vector<ProgrammeRow>& rows, const std::vector<MediaRow>& media,
                 const There& there = everything) {
  const auto made = manifest(rows, media, there, minato, now);
  std::string text;
  for (const auto& each : made.programmes) text += each.programme + "/" + std::to_string(each.version) + " ";
  return text + films_of(made);
}

} // namespace

TEST_CASE("an address gives what was signed for a facility until its end, and nothing else") {
  REQUIRE(Ask{}.allowed());
  REQUIRE(Ask{}.allowed(now + 48h - 1ms));
  REQUIRE_FALSE(any_wrong_grant());
  REQUIRE_FALSE(any_ended_grant());
  REQUIRE_FALSE(any_formless_grant());
  const std::string url = grant_url("https://c:1", key, Ask{}.grant);
  REQUIRE(url == "https://c:1/v1/media/" + content('a') + "?for=minato&until=" + Ask{}.until +
                     "&sign=" + Ask{}.sign);
  // A known answer, so that another server of files can be held against it.
  REQUIRE(grant_signature("key", {content('0'), "minato", base::instant_from_ms(1795483920000)}) ==
          "ad257b71f7d6ad2006d871c3b8d1879fc39bfad3a3f219b36c1ee1f4d23d8950");
  const Removed none(Guard::grant_end);
  REQUIRE(any_ended_grant());
}

TEST_CASE("without a guard of the addresses what is wrong is let through") {
  {
    const Removed guard(Guard::grant_signature);
    REQUIRE(any_wrong_grant());
  }
  {
    const Removed guard(Guard::grant_form);
    REQUIRE(any_formless_grant());
  }
}

TEST_CASE("addresses stay the same for half of their life, and live for the other half at least") {
  for (const int facility : {1, 2, 3, 1000, (1 << 20) - 1}) {
    std::set<base::Instant> ends;
    for (base::Instant at = now; at < now + 96h; at += 7min) {
      const auto until = grants_until(facility, at);
      REQUIRE(until - at >= grant_life / 2);
      REQUIRE(until - at <= grant_life);
      ends.insert(until);
    }
    REQUIRE(ends.size() <= 3);
  }
  REQUIRE(grants_until(1, now) != grants_until(2, now));
}

TEST_CASE("every range of every small file is as it is in the plainest words") {
  REQUIRE(wrong_range() == std::nullopt);
  const Removed guard(Guard::range_bound);
  REQUIRE(wrong_range() != std::nullopt);
}

TEST_CASE("what is no range that we answer gives the whole") {
  for (const char* text : {"", "bytes", "bytes=", "bytes=-", "bytes=a-b", "bytes=5", "bytes=9-5",
                           "bytes=1-2x", "bytes=+1-2", "bytes=1--2", "bytes= ", "lines=1-2", "bytes 1-2",
                           "bytes:1-2", "bytes=0x1-2", "bytes=1.5-2", "0-99", "bytes=--5", "bytes=\xff-1"})
    CHECK(is_whole(text));
  CHECK_FALSE(is_whole("BYTES=1-2"));
  CHECK_FALSE(is_whole(" bytes= 1-2 "));
  const auto far = range_of("bytes=5-99999999999999999999999999", "", "\"e\"", 1000);
  CHECK((far.part == Part::piece && far.first == 5 && far.length == 995));
  CHECK(range_of("bytes=99999999999999999999999999-", "", "\"e\"", 1000).part == Part::beyond);
  CHECK(range_of("bytes=-99999999999999999999999999", "", "\"e\"", 1000).length == 1000);
  CHECK(range_of("bytes=1000-", "", "\"e\"", 1000).part == Part::beyond);
  CHECK(content_range(far, 1000) == "bytes 5-999/1000");
  CHECK(content_range(range_of("bytes=1000-", "", "\"e\"", 1000), 1000) == "bytes */1000");
}

TEST_CASE("several ranges are answered with the whole") {
  CHECK(is_whole("bytes=0-1,5-6"));
  CHECK(is_whole("bytes=0-0," + std::string(4000, ',')));
  const Removed guard(Guard::range_single);
  CHECK_FALSE(is_whole("bytes=0-1,5-6"));
}

TEST_CASE("another content is not gone on with") {
  for (const char* other : {"\"f\"", "W/\"e\"", "e", "Thu, 26 Nov 2026 16:00:00 GMT", "*"})
    CHECK(is_whole("bytes=1-2", other));
  CHECK_FALSE(is_whole("bytes=1-2", "\"e\""));
  const Removed guard(Guard::range_changed);
  CHECK_FALSE(is_whole("bytes=1-2", "\"f\""));
}

TEST_CASE("what a caller has already is not sent again") {
  for (const char* text : {"\"e\"", "W/\"e\"", "*", "\"a\", \"e\"", "\"a\",W/\"e\" , \"b\""})
    CHECK(has_already(text, "\"e\""));
  for (const char* text : {"", "\"f\"", "e", "\"ee\"", "\"e", ",,,"}) CHECK_FALSE(has_already(text, "\"e\""));
}

TEST_CASE("a range never leaves its file, whatever is written in it") {
  std::mt19937_64 dice(20261126);
  constexpr std::string_view letters = "bytes=0123456789-, \t*";
  for (int round = 0; round < 50'000; ++round) {
    std::string text = round % 2 == 0 ? "bytes=" : "";
    for (auto n = dice() % 24; n > 0; --n) text += letters[dice() % letters.size()];
    const std::uint64_t size = dice() % 3000 + 1;
    const Ranged part = range_of(text, "", "\"e\"", size);
    CAPTURE(text, size);
    if (part.part == Part::beyond) continue;
    REQUIRE(part.length > 0);
    REQUIRE(part.first < size);
    REQUIRE(part.length <= size - part.first);
  }
}

TEST_CASE("a programme's films are named once, and what is needed first comes first") {
  auto december = programme::test::december();
  for (std::size_t at = 0; at < december.items.size(); ++at)
    december.items[at].sha256 = content(static_cast<char>('0' + at));
  december.items[5].sha256 = content('2'); // the sea is the closure's picture
  december.items[0].rights = {
      {programme::test::date("2026-12-20"), programme::test::date("2026-12-31"), 0xff, {}},
      {programme::test::date("2026-12-10"), programme::test::date("2026-12-11"), 0xff, {}}};
  december.items[1].rights.front().from = programme::test::date("2026-11-01");
  const auto needs = needs_of(december);
  std::vector<Need> wanted{need('1', "2026-12-01"), need('2', "2026-12-01"), need('3', "2026-12-01"),
                           need('4', "2026-12-01"), need('0', "2026-12-10")};
  wanted[0].item = "heart", wanted[1].item = "closure", wanted[2].item = "soap", wanted[3].item = "tea",
  wanted[4].item = "teeth";
  REQUIRE(needs == wanted);
}

TEST_CASE("a programme comes in when it is new, not over, and alone in its period") {
  auto december = programme::test::december();
  const auto reason = [&](const std::vector<ProgrammeRow>& known) {
    const auto entered = programme::may_enter(december, known_of(known), now);
    return entered ? "" : entered.error().reason;
  };
  const auto mine = [](int version) { return row("2026-12", version, "2026-12-01", "2026-12-31", {}); };
  december.version = 2;
  CHECK(reason({}).empty());
  CHECK(reason({mine(1)}).empty());
  CHECK(reason({mine(2)}) == "replayed");
  CHECK(reason({mine(3), mine(1)}) == "replayed");
  CHECK(reason({row("winter", 1, "2026-12-31", "2027-01-31", {})}) == "period_overlaps");
  CHECK(reason({row("2027-01", 1, "2027-01-01", "2027-01-31", {})}).empty());
  // Nor while an older version reaches into it: approved before, that stays in force until the next is.
  CHECK(reason({row("winter", 1, "2026-12-31", "2027-01-31", {}),
                row("winter", 2, "2027-01-01", "2027-01-31", {})}) == "period_overlaps");
  december.to = programme::test::date("2026-12-04");
  CHECK(reason({}) == "expired");
  december.to = programme::test::date("2026-12-05");
  CHECK(reason({}).empty());
}

TEST_CASE("a station is told of the newest versions that are not over, and of their films by first need") {
  const std::vector<ProgrammeRow> rows{
      row("2027-01", 1, "2027-01-01", "2027-01-31", {need('a', "2027-01-01"), need('d', "2027-01-01")}),
      row("2026-12", 1, "2026-12-01", "2026-12-31", {need('e', "2026-12-01")}),
      row("2026-12", 2, "2026-12-01", "2026-12-31",
          {need('c', "2026-12-01"), need('b', "2026-12-03"), need('f', "2027-01-02"),
           need('a', "2026-12-09")}),
      row("2026-11", 1, "2026-11-01", "2026-11-30", {need('9', "2026-11-01")})};
  std::vector<MediaRow> media;
  for (const char digit : std::string("abcdef9")) media.push_back(film(digit));
  const auto made = manifest(rows, media, everything, minato, now);
  REQUIRE(told(rows, media) == "2026-12/2 2027-01/1 cbadf");
  REQUIRE(made.at == now);
  REQUIRE(made.urls_until == grants_until(1, now));
  REQUIRE(made.programmes.front().file.url ==
          grant_url(minato.address, key, {content('2'), "minato", made.urls_until}));
  const wire::ManifestFilm& first = made.films.front();
  REQUIRE((first.title == "title c" && first.kind == "provided" && first.millis == 30'000));
  REQUIRE((first.width == 1280 && first.height == 720 && first.file.bytes == 5'000));
  // What the link's other end reads is what was made.
  const auto read = wire::manifest_from_text(wire::manifest_document_of(made).body);
  REQUIRE(read);
  REQUIRE(*read == made);
  // Two moments within the same half of the addresses' life tell the same.
  auto later = manifest(rows, media, everything, minato, now + 1min);
  later.at = made.at;
  REQUIRE(later == made);
  const Removed guard(Guard::need_over);
  REQUIRE(told(rows, media) != "2026-12/2 2027-01/1 cbadf");
}

TEST_CASE("what the store does not have is left out") {
  const std::vector<ProgrammeRow> rows{
      row("2026-12", 1, "2026-12-01", "2026-12-31",
          {need('a', "2026-12-01"), need('b', "2026-12-01"), need('c', "2026-12-01")})};
  const std::vector<MediaRow> media{film('a'), film('b')};
  const There not_b = [](const std::string& sha256, std::uint64_t) { return sha256 != content('b'); };
  REQUIRE(told(rows, media) == "2026-12/1 ab");
  REQUIRE(told(rows, media, not_b) == "2026-12/1 a");
  REQUIRE(told(rows, media,
               [](const std::string& sha256, std::uint64_t) { return sha256 != content('1'); }) == "ab");
  const Removed guard(Guard::need_there);
  REQUIRE(told(rows, media, not_b) == "2026-12/1 ab");
}

TEST_CASE("another facility's own film is not given, also when a programme names it") {
  const std::vector<ProgrammeRow> rows{
      row("2026-12", 1, "2026-12-01", "2026-12-31", {need('a', "2026-12-01"), need('b', "2026-12-01")})};
  REQUIRE(told(rows, {film('a', 1), film('b', 2)}) == "2026-12/1 a");
  // The facility's own words for a film go before the provider's.
  auto own = film('a', 1);
  own.title = "own";
  for (const auto& media : {std::vector<MediaRow>{film('a'), own}, std::vector<MediaRow>{own, film('a')}})
    REQUIRE(manifest(rows, media, everything, minato, now).films.front().title == "own");
  const Removed guard(Guard::need_foreign);
  REQUIRE(told(rows, {film('a', 1), film('b', 2)}) == "2026-12/1 ab");
}

TEST_CASE("however much there is, the document is one that the link's other end takes") {
  ProgrammeRow big = row("2026-12", 1, "2026-12-01", "2026-12-31", {});
  std::vector<MediaRow> media;
  for (int at = 0; at < 400; ++at) {
    MediaRow each = film('a');
    const std::string number = std::to_string(1000 + at);
    each.sha256 = content('a').substr(number.size()) + number;
    each.title = std::string(400, '"');
    media.push_back(each);
    big.needs.push_back({each.sha256, "item", big.from});
  }
  std::vector<ProgrammeRow> rows{big};
  for (int at = 0; at < 40; ++at)
    rows.push_back(row(("later-" + std::to_string(10 + at)).c_str(), 1, "2027-02-01", "2027-02-28", {}));
  const auto made = manifest(rows, media, everything, minato, now);
  REQUIRE(made.programmes.size() == 32);
  REQUIRE(made.films.size() > 50);
  REQUIRE(made.films.front().file.sha256 == media.front().sha256);
  const auto frame = wire::link_to_json(wire::manifest_document_of(made));
  REQUIRE(frame.size() <= wire::largest_link_frame);
  REQUIRE(wire::manifest_from_text(wire::manifest_document_of(made).body));
}
