// SPDX-License-Identifier: Apache-2.0
#include "app/cloud/shelf.hpp"

#include "app/cloud/reach.hpp"
#include "cloud/files.hpp"
#include "cloud/store/media.hpp"
#include "core/base/text.hpp"
#include "core/store/media_rules.hpp"
#include "core/store/programmes.hpp"
#include "core/wire/commands.hpp"
#include "core/wire/programme.hpp"
#include "media/prepare.hpp"

#include <fcntl.h>
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <limits>

namespace machiai::cloud {

namespace fs = std::filesystem;
namespace json = boost::json;
using base::Error;
using base::fail;
using base::Result;

namespace {

constexpr std::size_t title_length = 60;
constexpr std::size_t shortest_name = 6; ///< digits of a SHA-256

json::object film_to_json(const MediaRow& row, bool here) {
  return {{"sha256", row.sha256},
          {"title", row.title},
          {"kind", row.kind},
          {"facility", row.facility},
          {"seconds", row.millis / 1000},
          {"width", row.width},
          {"height", row.height},
          {"bytes", row.bytes},
          {"added", base::iso_instant(row.added)},
          {"state", here ? "here" : "missing"}};
}

/// The database may lie on the same disk: it gets the same reserve as a station's ledger.
Result<machiai::store::MediaSpace> space_of(const fs::path& dir) {
  std::error_code error;
  fs::create_directories(dir, error);
  const auto space = fs::space(dir, error);
  if (error) return fail(Error::Code::storage, "media_read_only", dir.filename().string());
  machiai::store::MediaSpace told;
  told.quota = std::numeric_limits<std::uint64_t>::max();
  told.ledger_size = space.capacity;
  told.ledger_free = told.media_free = space.available;
  return told;
}

struct Taken {
  Content content;
  media::Prepared prepared;
};

/// Brings the file to the house profile and keeps it.
Result<Taken> take(const fs::path& dir, const std::string& path, int seconds) {
  // Not waiting for the other end of a pipe that was given for a file.
  const auto source = vault::File::open(path, O_RDONLY | O_NONBLOCK);
  if (!source && source.error().reason == "missing_media")
    return fail(Error::Code::not_found, "no_such_file", path);
  MACHIAI_TRY(source);
  const auto clip = media::probe(*source);
  MACHIAI_TRY(clip);
  const auto space = space_of(dir);
  MACHIAI_TRY(space);
  const double ms = clip->still ? seconds * 1000.0 : clip->ms;
  MACHIAI_TRY(machiai::store::may_take(*space, media::house_bytes(ms)));
  auto prepared = media::prepare(*source, *clip, dir, {seconds, machiai::store::media_room(*space), {}});
  MACHIAI_TRY(prepared);
  const vault::File& made = prepared->converted ? *prepared->converted : *source;
  const auto size = made.size();
  MACHIAI_TRY(size);
  const auto left = space_of(dir);
  MACHIAI_TRY(left);
  MACHIAI_TRY(machiai::store::may_take(*left, *size));
  const auto content = keep_content(dir, made);
  MACHIAI_TRY(content);
  return Taken{*content, std::move(*prepared)};
}

/// Whether it bears a signature; whose keys count the station knows.
bool is_signed(const std::string& text) {
  boost::system::error_code error;
  const json::value parsed = json::parse(text, error);
  const json::object* document = error ? nullptr : parsed.if_object();
  const json::value* found = document == nullptr ? nullptr : document->if_contains("signature");
  const json::object* signature = found == nullptr ? nullptr : found->if_object();
  if (signature == nullptr) return false;
  const auto is_text = [&](const char* name) {
    const json::value* value = signature->if_contains(name);
    return value != nullptr && value->is_string() && !value->as_string().empty();
  };
  return is_text("key") && is_text("ed25519");
}

/// The films of a programme that the store cannot give.
json::array missing(const fs::path& dir, const ProgrammeRow& row, const std::vector<MediaRow>& media) {
  json::array rows;
  for (const Need& need : row.needs) {
    const bool here = std::any_of(media.begin(), media.end(), [&](const MediaRow& film) {
      return film.sha256 == need.sha256 && content_there(dir, film.sha256, film.bytes);
    });
    if (!here)
      rows.push_back({{"sha256", need.sha256}, {"item", need.item}, {"from", base::iso_date(need.from)}});
  }
  return rows;
}

json::object programme_to_json(const fs::path& dir, const ProgrammeRow& row,
                               const std::vector<MediaRow>& media, std::string_view state) {
  return {{"programme", row.programme},
          {"version", row.version},
          {"from", base::iso_date(row.from)},
          {"to", base::iso_date(row.until)},
          {"deadline", base::iso_instant(row.deadline)},
          {"sha256", row.sha256},
          {"state", state},
          {"here", content_there(dir, row.sha256, row.bytes)},
          {"films", row.needs.size()},
          {"missing", missing(dir, row, media)}};
}

} // namespace

void ShelfVerbs::add_to(CLI::App& app, Options& options) {
  const auto common = [&](CLI::App* verb, const char* name) {
    verb->add_option("--home", options.home, "the cloud's directory")->required();
    verb->add_option("--database", options.database, "as serve has it");
    verb->add_flag("--json", json_, "the answer as JSON");
    verb->callback([this, name] { verb_ = name; });
  };
  CLI::App* media = app.add_subcommand("media", "films and pictures for the stations");
  media->require_subcommand(1);
  CLI::App* add = media->add_subcommand("add", "takes in a film or picture: convert, check, keep");
  add->add_option("FILE", file_)->required();
  add->add_option("--title", title_, "what the staff read");
  add->add_option("--kind", kind_, "provided (default), ad, introduction, notice, own or relaxation")
      ->check(CLI::IsMember({"provided", "ad", "introduction", "notice", "own", "relaxation"}));
  add->add_option("--seconds", seconds_, "how long a picture is shown (15)")->check(CLI::Range(3, 600));
  CLI::App* list = media->add_subcommand("list", "what is here");
  CLI::App* verify = media->add_subcommand("verify", "reads every file, or one, and tells which do not hold");
  verify->add_option("SHA256", sha256_, "its first digits will do");
  CLI::App* remove = media->add_subcommand("remove", "takes a film out that no programme needs");
  remove->add_option("SHA256", sha256_, "its first digits will do")->required();
  for (CLI::App* each : {add, verify, remove})
    each->add_option("--facility", facility_,
                     "the facility's own, by short name or number; without it the provider's");
  CLI::App* programme = app.add_subcommand("programme", "takes in a signed programme for a facility");
  CLI::App* programmes =
      app.add_subcommand("programmes", "a facility's programmes, and which of their films are missing");
  for (CLI::App* each : {programme, programmes})
    each->add_option("facility", facility_, "short name or facility number")->required();
  programme->add_option("FILE", file_, "as machiai programme sign makes it")->required();
  common(add, "add");
  common(list, "list");
  common(verify, "verify");
  common(remove, "remove");
  common(programme, "programme");
  common(programmes, "programmes");
}

int ShelfVerbs::run(const Options& options) const {
  const base::SystemClock clock;
  return beside_serving(options, [&](pqxx::connection& connection) {
    return tell(answer({options, connection, clock.now()}));
  });
}

ShelfVerbs::Answer ShelfVerbs::answer(const Desk& desk) const {
  if (verb_ == "add") return add(desk);
  if (verb_ == "verify") return verify(desk);
  if (verb_ == "remove") return remove(desk);
  if (verb_ == "programme") return enter(desk);
  if (verb_ == "programmes") return programmes(desk);
  return list(desk);
}

Result<int> ShelfVerbs::whose(const Desk& desk) const {
  if (facility_.empty()) return 0;
  const auto facility = store::facility_named(desk.connection, facility_);
  MACHIAI_TRY(facility);
  return facility->id;
}

ShelfVerbs::Answer ShelfVerbs::add(const Desk& desk) const {
  MACHIAI_TRY(base::check_text(title_, title_length));
  const auto facility = whose(desk);
  MACHIAI_TRY(facility);
  // A film of an hour takes its time; only what it ends in is done one at a time.
  const auto taken = take(media_dir(desk.options), file_, seconds_);
  MACHIAI_TRY(taken);
  sweep_parts(media_dir(desk.options));
  store::hold_media(desk.connection);
  const Content& content = taken->content;
  if (!content_there(media_dir(desk.options), content.sha256, content.bytes))
    return fail(Error::Code::conflict, "media_busy"); // it was removed at that moment
  const media::Clip& clip = taken->prepared.clip;
  const MediaRow row{*facility,  content.sha256, content.bytes, title_, kind_, static_cast<int>(clip.ms),
                     clip.width, clip.height,    desk.now};
  store::add_media(desk.connection, row, desk.now);
  json::object told = film_to_json(row, true);
  told["converted"] = taken->prepared.converted.has_value();
  told["loudness"] = taken->prepared.loudness ? json::value(std::round(*taken->prepared.loudness * 10) / 10)
                                              : json::value(nullptr);
  told["flash_area"] = std::round(taken->prepared.flash_area * 100) / 100;
  return told;
}

ShelfVerbs::Answer ShelfVerbs::list(const Desk& desk) const {
  json::array films;
  for (const MediaRow& row : store::media(desk.connection))
    films.push_back(film_to_json(row, content_there(media_dir(desk.options), row.sha256, row.bytes)));
  return json::object{{"films", std::move(films)}};
}

Result<MediaRow> ShelfVerbs::named(const Desk& desk, int facility) const {
  std::optional<MediaRow> found;
  for (MediaRow& row : store::media(desk.connection)) {
    if (row.facility != facility || sha256_.size() < shortest_name || !row.sha256.starts_with(sha256_))
      continue;
    if (found) return fail(Error::Code::invalid, "ambiguous_media", sha256_.substr(0, 12));
    found = std::move(row);
  }
  if (!found) return fail(Error::Code::not_found, "content_missing", sha256_.substr(0, 12));
  return std::move(*found);
}

ShelfVerbs::Answer ShelfVerbs::verify(const Desk& desk) const {
  std::vector<MediaRow> rows;
  if (sha256_.empty()) {
    rows = store::media(desk.connection);
  } else {
    const auto facility = whose(desk);
    MACHIAI_TRY(facility);
    auto one = named(desk, *facility);
    MACHIAI_TRY(one);
    rows.push_back(std::move(*one));
  }
  json::array films;
  bool holds = true;
  for (const MediaRow& row : rows) {
    const auto verified = verify_content(media_dir(desk.options), row.sha256);
    json::object told = film_to_json(row, verified.has_value());
    if (!verified && verified.error().reason != "content_missing") told["state"] = "changed";
    holds = holds && verified.has_value();
    films.push_back(std::move(told));
  }
  return json::object{{"holds", holds}, {"films", std::move(films)}};
}

ShelfVerbs::Answer ShelfVerbs::remove(const Desk& desk) const {
  const auto facility = whose(desk);
  MACHIAI_TRY(facility);
  store::hold_media(desk.connection);
  const auto row = named(desk, *facility);
  MACHIAI_TRY(row);
  const auto last = store::remove_media(desk.connection, *facility, row->sha256, desk.now);
  MACHIAI_TRY(last);
  if (*last) MACHIAI_TRY(drop_content(media_dir(desk.options), row->sha256));
  return json::object{{"sha256", row->sha256}, {"title", row->title}};
}

ShelfVerbs::Answer ShelfVerbs::enter(const Desk& desk) const {
  const auto facility = store::facility_named(desk.connection, facility_);
  MACHIAI_TRY(facility);
  const auto text = machiai::store::read_given_file(file_);
  MACHIAI_TRY(text);
  const auto checked = machiai::store::check_draft(facility->slug, *text);
  MACHIAI_TRY(checked);
  if (!checked->faults.empty())
    return fail(Error::Code::invalid, "bad_programme",
                checked->faults.front().where + ": " + checked->faults.front().reason);
  if (!is_signed(*text)) return fail(Error::Code::forbidden, "not_signed");
  const programme::Programme& programme = checked->programme;
  store::hold_media(desk.connection);
  const auto known = known_of(store::programmes(desk.connection, facility->id));
  MACHIAI_TRY(programme::may_enter(programme, known, desk.now));
  const fs::path dir = media_dir(desk.options);
  const auto content = keep_content(dir, *text);
  MACHIAI_TRY(content);
  const ProgrammeRow row{facility->id,   programme.id,       programme.version, content->sha256,
                         content->bytes, programme.from,     programme.to,      programme.deadline,
                         desk.now,       needs_of(programme)};
  store::add_programme(desk.connection, row);
  return programme_to_json(dir, row, store::media(desk.connection, facility->id), "standing");
}

ShelfVerbs::Answer ShelfVerbs::programmes(const Desk& desk) const {
  const auto facility = store::facility_named(desk.connection, facility_);
  MACHIAI_TRY(facility);
  const auto rows = store::programmes(desk.connection, facility->id);
  const auto media = store::media(desk.connection, facility->id);
  const base::Date today = base::civil_date(desk.now);
  const auto stand = standing(rows, today);
  json::array told;
  for (const ProgrammeRow& row : rows) {
    const bool stands = std::any_of(stand.begin(), stand.end(), [&](const ProgrammeRow& each) {
      return each.programme == row.programme && each.version == row.version;
    });
    told.push_back(programme_to_json(media_dir(desk.options), row, media,
                                     stands              ? "standing"
                                     : row.until < today ? "over"
                                                         : "replaced"));
  }
  return json::object{{"facility", facility->slug}, {"programmes", std::move(told)}};
}

namespace {

std::string text(const json::object& row, const char* name) {
  const json::value& value = row.at(name);
  return value.is_string() ? std::string(value.as_string()) : json::serialize(value);
}

std::string film_line(const json::object& row) {
  const std::string facility = text(row, "facility");
  return fmt::format("{}  {:<8} {:>5} s {:>8.1f} MB  {:<8} {:<12} {}\n", text(row, "sha256").substr(0, 12),
                     text(row, "state"), text(row, "seconds"), row.at("bytes").to_number<double>() / 1e6,
                     facility == "0" ? "all" : "of " + facility, text(row, "kind"), text(row, "title"));
}

std::string programme_lines(const json::object& row) {
  std::string out =
      fmt::format("{} v{}  {} - {}  {}  {} films{}\n", text(row, "programme"), text(row, "version"),
                  text(row, "from"), text(row, "to"), text(row, "state"), text(row, "films"),
                  row.at("here").as_bool() ? "" : "  its own file is missing");
  for (const json::value& each : row.at("missing").as_array())
    out += fmt::format("  missing: {}  {}, from {}\n", text(each.as_object(), "sha256").substr(0, 12),
                       text(each.as_object(), "item"), text(each.as_object(), "from"));
  return out;
}

std::string in_words(const json::object& answer) {
  std::string out;
  if (const json::value* films = answer.if_contains("films"); films != nullptr && films->is_array()) {
    for (const json::value& each : films->as_array()) out += film_line(each.as_object());
    if (const json::value* holds = answer.if_contains("holds"))
      out += "holds: " + json::serialize(*holds) + "\n";
    return out;
  }
  if (const json::value* all = answer.if_contains("programmes")) {
    for (const json::value& each : all->as_array()) out += programme_lines(each.as_object());
    return out;
  }
  if (answer.contains("programme")) return programme_lines(answer);
  for (const auto& member : answer)
    out += std::string(member.key()) + ": " + text(answer, member.key_c_str()) + "\n";
  return out;
}

} // namespace

int ShelfVerbs::tell(const Answer& answer) const {
  if (!answer) {
    if (json_)
      std::puts(json::serialize(json::object{{"error", wire::error_to_json(answer.error(), "en")}}).c_str());
    return refuse(exit_refused, answer.error());
  }
  std::fputs(json_ ? (json::serialize(*answer) + "\n").c_str() : in_words(*answer).c_str(), stdout);
  const json::value* holds = answer->if_contains("holds");
  return holds != nullptr && !holds->as_bool() ? exit_refused : exit_done;
}

} // namespace machiai::cloud
