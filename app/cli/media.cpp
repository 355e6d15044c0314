// SPDX-License-Identifier: Apache-2.0
#include "app/cli/media.hpp"

#include "app/cli/print.hpp"
#include "core/base/text.hpp"
#include "core/store/programmes.hpp"
#include "sync/fetch.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cmath>
#include <cstdio>
#include <set>

namespace machiai::cli {

namespace json = boost::json;
using base::Error;
using base::fail;
using base::Result;

namespace {

constexpr std::size_t title_length = 60;
constexpr std::size_t shortest_name = 6; ///< digits of a SHA-256

json::array needed_to_json(const store::Needed& needed, std::string_view sha256) {
  json::array rows;
  if (const auto by = needed.find(sha256); by != needed.end())
    for (const store::NeededBy& each : by->second)
      rows.push_back({{"programme", each.programme}, {"item", each.item}});
  return rows;
}

/// A needed film that is not here: how much of it has arrived, when the cloud has told of it.
json::object missing_to_json(const store::Home& home, const std::optional<wire::Manifest>& told,
                             const store::Needed& needed, const std::string& sha256) {
  json::object row{{"sha256", sha256}, {"needed_by", needed_to_json(needed, sha256)}};
  if (!told) return row;
  for (const wire::ManifestFilm& film : told->films) {
    if (film.file.sha256 != sha256) continue;
    std::error_code error;
    const auto arrived = std::filesystem::file_size(sync::part_of(home.media() / "incoming", sha256), error);
    row["bytes"] = film.file.bytes;
    row["arrived"] = error ? 0 : arrived;
  }
  return row;
}

json::object film_to_json(const store::Film& film, const store::Needed& needed) {
  return {{"sha256", film.sha256},
          {"title", film.label.title},
          {"kind", film.label.kind},
          {"state", store::film_state_name(film.state)},
          {"reason", film.reason},
          {"seconds", film.label.millis / 1000},
          {"width", film.label.width},
          {"height", film.label.height},
          {"bytes", film.bytes},
          {"added", base::iso_instant(film.label.added)},
          {"until", film.expires == vault::never ? json::value(nullptr)
                                                 : json::value(base::iso_instant(film.expires))},
          {"needed_by", needed_to_json(needed, film.sha256)}};
}

/// On a terminal one line that changes; else a line for every quarter.
class Progress {
public:
  void operator()(media::Stage stage, int percent) {
    constexpr const char* names[] = {"measuring", "converting", "checking"};
    const bool terminal = ::isatty(2) != 0;
    const int shown = terminal ? percent : percent / 25 * 25;
    if (stage == stage_ && shown == shown_) return;
    stage_ = stage, shown_ = shown;
    std::fprintf(stderr, terminal ? "\r%s %d %%   " : "%s %d %%\n", names[static_cast<int>(stage)], shown);
    open_line_ = terminal;
  }
  void end() const {
    if (open_line_) std::fputc('\n', stderr);
  }

private:
  media::Stage stage_ = media::Stage::measure;
  int shown_ = -1;
  bool open_line_ = false;
};

} // namespace

void MediaVerbs::add_to(CLI::App& app) {
  CLI::App* media = app.add_subcommand("media", "the films and pictures of this station")->fallthrough();
  media->require_subcommand(0, 1);
  media->callback([this] { chosen_ = true; });
  const auto verb = [&](const char* name, const char* help) {
    CLI::App* made = media->add_subcommand(name, help)->fallthrough();
    made->callback([this, name] { verb_ = name; });
    return made;
  };
  CLI::App* add = verb("add", "take in a film or picture: convert, check, encrypt");
  add->add_option("FILE", file_)->required();
  add->add_option("--title", title_, "what the staff read");
  add->add_option("--kind", kind_, "provided, ad, introduction, notice, own (default) or relaxation")
      ->check(CLI::IsMember({"provided", "ad", "introduction", "notice", "own", "relaxation"}));
  add->add_option("--until", until_, "the last day it may be shown; without it as the programme says");
  add->add_option("--seconds", seconds_, "how long a picture is shown (15)")->check(CLI::Range(3, 600));
  verb("verify", "read every film, or one, and tell which do not hold")
      ->add_option("SHA256", sha256_, "its first digits will do");
  CLI::App* remove = verb("remove", "take a film off this station");
  remove->add_option("SHA256", sha256_, "its first digits will do")->required();
  remove->add_flag("--force", force_, "also one that a programme needs");
  verb("sweep", "delete what has ended or was left over, and make room");
}

bool MediaVerbs::chosen() const {
  return chosen_;
}

Result<MediaVerbs::Station> MediaVerbs::open(const std::string& at, base::Instant now) {
  const store::Home home{at};
  const auto settings = store::load_settings(home);
  MACHIAI_TRY(settings);
  const auto quota = static_cast<std::uint64_t>(settings->media_quota_gb) << 30;
  auto shelf = store::MediaShelf::open(home, quota, true);
  MACHIAI_TRY(shelf);
  auto programmes = store::load_programmes(home, settings->clinic.id);
  MACHIAI_TRY(programmes);
  auto needed = store::needed_media(programmes->loaded, base::civil_date(now));
  return Station{std::move(*shelf), std::move(programmes->loaded), std::move(needed), home.media()};
}

MediaVerbs::Answer MediaVerbs::run(const std::string& home, base::Instant now) const {
  auto station = open(home, now);
  MACHIAI_TRY(station);
  if (verb_ == "add") return add(*station, now);
  if (verb_ == "verify") return verify(*station, now);
  if (verb_ == "remove") return remove(*station, now);
  if (verb_ == "sweep") {
    const auto swept = station->shelf.sweep(station->loaded, now);
    MACHIAI_TRY(swept);
    return json::object{
        {"ended", swept->ended}, {"evicted", swept->evicted}, {"leftovers", swept->leftovers}};
  }
  return list(*station, now);
}

MediaVerbs::Answer MediaVerbs::list(const Station& station, base::Instant now) {
  json::array films, missing;
  std::set<std::string, std::less<>> here;
  for (const store::Film& film : station.shelf.films(now)) {
    films.push_back(film_to_json(film, station.needed));
    here.insert(film.sha256);
  }
  const store::Home home{station.work.parent_path()};
  const auto text = store::read_file(home.cloud() / "manifest.json");
  std::optional<wire::Manifest> told;
  if (auto manifest = text ? wire::manifest_from_text(*text) : tl::unexpected(text.error()))
    told = std::move(*manifest);
  for (const auto& each : station.needed)
    if (!here.contains(each.first))
      missing.push_back(missing_to_json(home, told, station.needed, each.first));
  const store::MediaSpace space = station.shelf.space();
  return json::object{{"films", std::move(films)},
                      {"missing", std::move(missing)},
                      {"used", space.used},
                      {"quota", space.quota},
                      {"room", store::media_room(space)}};
}

Result<base::Instant> MediaVerbs::end_of_right(const Station& station, const vault::File& content,
                                               base::Instant now) const {
  base::Instant ends = vault::never;
  if (!until_.empty()) {
    ends = base::at_minute(*base::parse_iso_date(until_), 24 * 60);
  } else if (const auto kind = programme::kind_of(kind_); kind && programme::needs_approval(*kind)) {
    const auto digest = vault::digest_of(content);
    MACHIAI_TRY(digest);
    const auto by_programme = store::right_ends(station.loaded, vault::hex(*digest));
    if (!by_programme) return fail(Error::Code::invalid, "needs_until");
    ends = *by_programme;
  }
  if (ends <= now) return fail(Error::Code::forbidden, "right_ended");
  return ends;
}

MediaVerbs::Answer MediaVerbs::add(Station& station, base::Instant now) const {
  MACHIAI_TRY(base::check_text(title_, title_length));
  if (!until_.empty() && !base::parse_iso_date(until_)) return fail(Error::Code::invalid, "bad_date", until_);
  // Not waiting for the other end of a pipe that was given for a file.
  auto source = vault::File::open(file_, O_RDONLY | O_NONBLOCK);
  if (!source && source.error().reason == "missing_media")
    return fail(Error::Code::not_found, "no_such_file", file_);
  MACHIAI_TRY(source);
  const auto clip = media::probe(*source);
  MACHIAI_TRY(clip);
  store::MediaShelf& shelf = station.shelf;
  const double ms = clip->still ? seconds_ * 1000.0 : clip->ms;
  MACHIAI_TRY(shelf.make_room(media::house_bytes(ms), station.needed, now));
  MACHIAI_TRY(store::may_take(shelf.space(), 1));
  Progress progress;
  media::Wanted wanted{seconds_, store::media_room(shelf.space()), std::ref(progress)};
  auto prepared = media::prepare(*source, *clip, station.work, wanted);
  progress.end();
  MACHIAI_TRY(prepared);
  const vault::File& content = prepared->converted ? *prepared->converted : *source;
  const auto ends = end_of_right(station, content, now);
  MACHIAI_TRY(ends);
  const auto size = content.size();
  MACHIAI_TRY(size);
  MACHIAI_TRY(shelf.make_room(vault::vault_size(*size), station.needed, now));
  store::FilmLabel label{
      title_, kind_, static_cast<int>(prepared->clip.ms), prepared->clip.width, prepared->clip.height, {}};
  const auto film = shelf.put(content, label, *ends, now);
  MACHIAI_TRY(film);
  json::object answer = film_to_json(*film, station.needed);
  answer["converted"] = prepared->converted.has_value();
  answer["loudness"] =
      prepared->loudness ? json::value(std::round(*prepared->loudness * 10) / 10) : json::value(nullptr);
  answer["flash_area"] = std::round(prepared->flash_area * 100) / 100;
  return answer;
}

Result<store::Film> MediaVerbs::named(const Station& station, base::Instant now) const {
  std::optional<store::Film> found;
  for (store::Film& film : station.shelf.films(now)) {
    if (sha256_.size() < shortest_name || !film.sha256.starts_with(sha256_)) continue;
    if (found) return fail(Error::Code::invalid, "ambiguous_media", sha256_.substr(0, 12));
    found = std::move(film);
  }
  if (!found) return fail(Error::Code::not_found, "missing_media", sha256_.substr(0, 12));
  return std::move(*found);
}

MediaVerbs::Answer MediaVerbs::verify(Station& station, base::Instant now) const {
  std::vector<store::Film> films = station.shelf.films(now);
  if (!sha256_.empty()) {
    auto one = named(station, now);
    MACHIAI_TRY(one);
    films = {std::move(*one)};
  }
  json::array rows;
  bool holds = true;
  for (const store::Film& film : films) {
    json::object row = film_to_json(film, station.needed);
    if (film.state != store::FilmState::bad) {
      const auto verified = station.shelf.verify(film.sha256, now);
      if (!verified && verified.error().code == Error::Code::storage) return tl::unexpected(verified.error());
      row["reason"] = verified ? "" : verified.error().reason;
      if (!verified) row["state"] = "bad";
      if (verified && film.state == store::FilmState::unverified) row["state"] = "ready";
    }
    holds = holds && row["reason"].as_string().empty();
    rows.push_back(std::move(row));
  }
  return json::object{{"holds", holds}, {"films", std::move(rows)}};
}

MediaVerbs::Answer MediaVerbs::remove(Station& station, base::Instant now) const {
  const auto film = named(station, now);
  MACHIAI_TRY(film);
  if (!force_ && station.needed.contains(film->sha256))
    return fail(Error::Code::conflict, "media_needed", station.needed.at(film->sha256).front().programme);
  MACHIAI_TRY(station.shelf.remove(film->sha256));
  return json::object{{"sha256", film->sha256}, {"title", film->label.title}};
}

namespace {

std::string needed_line(const json::object& row) {
  std::string line;
  for (const json::value& by : row.at("needed_by").as_array())
    line += " " + text(by.as_object(), "programme") + "/" + text(by.as_object(), "item");
  return line;
}

std::string film_line(const json::object& row) {
  const std::string state = text(row, "reason").empty()
                                ? text(row, "state")
                                : text(row, "state") + " (" + text(row, "reason") + ")";
  const std::string until = text(row, "until");
  return fmt::format("{}  {:<10} {:>4} s {:>8.1f} MB  until {:<10} {}  {} {}\n",
                     text(row, "sha256").substr(0, 12), state, text(row, "seconds"),
                     row.at("bytes").to_number<double>() / 1e6, until.empty() ? "-" : until.substr(0, 10),
                     text(row, "kind"), text(row, "title"), needed_line(row));
}

std::string missing_line(const json::object& row) {
  std::string come;
  if (const json::value* bytes = row.if_contains("bytes"))
    come = fmt::format("{:.1f} of {:.1f} MB have come  ", row.at("arrived").to_number<double>() / 1e6,
                       bytes->to_number<double>() / 1e6);
  return fmt::format("{}  missing  {}{}\n", text(row, "sha256").substr(0, 12), come, needed_line(row));
}

} // namespace

std::string MediaVerbs::in_words(const json::object& answer) {
  std::string out;
  if (const json::value* films = answer.if_contains("films")) {
    for (const json::value& each : films->as_array()) out += film_line(each.as_object());
    if (const json::value* missing = answer.if_contains("missing")) {
      for (const json::value& each : missing->as_array()) out += missing_line(each.as_object());
      constexpr double gb = 1 << 30; // as quota_gb counts them
      out += fmt::format("{:.1f} of {:.1f} GB\n", answer.at("used").to_number<double>() / gb,
                         answer.at("quota").to_number<double>() / gb);
    } else {
      out += fmt::format("holds: {}\n", text(answer, "holds"));
    }
    return out;
  }
  for (const auto& member : answer)
    out += fmt::format("{}: {}\n", std::string(member.key()),
                       member.value().is_double() ? fmt::format("{:.2f}", member.value().as_double())
                                                  : text(answer, member.key_c_str()));
  return out;
}

} // namespace machiai::cli
