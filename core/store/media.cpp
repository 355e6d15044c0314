// SPDX-License-Identifier: Apache-2.0
#include "core/store/media.hpp"

#include "core/store/rows.hpp"

#include <boost/json.hpp>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <utility>

namespace machiai::store {

namespace fs = std::filesystem;
namespace json = boost::json;
using base::Error;
using base::fail;
using base::Instant;
using base::Result;
using base::Status;

namespace {

constexpr base::Millis quarantine_time = std::chrono::hours{24 * 7};

std::int64_t number_of(const json::object& row, const char* name) {
  const json::value* value = row.if_contains(name);
  return value != nullptr && value->is_int64() ? value->as_int64() : 0;
}

json::object read_object(const fs::path& path) {
  const auto text = read_file(path);
  boost::system::error_code bad;
  json::value parsed = text ? json::parse(*text, bad) : json::value();
  return !bad && parsed.is_object() ? std::move(parsed.as_object()) : json::object{};
}

json::object label_to_json(const FilmLabel& label) {
  return {{"title", label.title}, {"kind", label.kind},     {"ms", label.millis},
          {"width", label.width}, {"height", label.height}, {"added", base::to_ms(label.added)}};
}

FilmLabel label_of_json(const json::object& row) {
  FilmLabel label;
  label.title = text_of(row, "title");
  if (const std::string kind = text_of(row, "kind"); programme::kind_of(kind)) label.kind = kind;
  label.millis = static_cast<int>(number_of(row, "ms"));
  label.width = static_cast<int>(number_of(row, "width"));
  label.height = static_cast<int>(number_of(row, "height"));
  label.added = base::instant_from_ms(number_of(row, "added"));
  return label;
}

Status write_json(const fs::path& path, const json::object& row) {
  const std::string text = json::serialize(row) + "\n";
  return vault::write_whole(path, {reinterpret_cast<const unsigned char*>(text.data()), text.size()});
}

/// One at a time changes what lies on the shelf.
Result<vault::File> turn(const fs::path& media) {
  auto lock = vault::File::open(media / "lock", O_RDWR | O_CREAT);
  if (lock) lock->wait_for_lock();
  return lock;
}

bool remove_files(const vault::FilmFiles& files) {
  std::error_code error;
  fs::remove(files.key, error); // first: without it the rest cannot be read
  const bool was = fs::remove(files.vault, error);
  fs::remove(files.label, error);
  return was;
}

bool nobody_writes(const fs::path& part) {
  auto file = vault::File::open(part, O_RDWR);
  return file && file->lock();
}

bool provided(const FilmLabel& label) {
  const auto kind = programme::kind_of(label.kind);
  return kind && programme::needs_approval(*kind);
}

/// Files of the shelf's two-letter directories.
std::vector<fs::path> shelf_files(const fs::path& media) {
  std::vector<fs::path> found;
  std::error_code error;
  for (const auto& directory : fs::directory_iterator(media, error)) {
    if (directory.path().filename().string().size() != 2 || !directory.is_directory(error)) continue;
    for (const auto& file : fs::directory_iterator(directory.path(), error)) found.push_back(file.path());
  }
  return found;
}

bool same_device(const fs::path& a, const fs::path& b) {
  struct stat first {
  }, second{};
  return ::stat(a.c_str(), &first) == 0 && ::stat(b.c_str(), &second) == 0 && first.st_dev == second.st_dev;
}

} // namespace

std::string_view film_state_name(FilmState state) {
  constexpr std::string_view names[] = {"ready", "unverified", "ended", "bad", "locked"};
  return names[static_cast<std::size_t>(state)];
}

MediaShelf::MediaShelf(Home home, const vault::Key& station, std::uint64_t quota)
    : home_(std::move(home)), station_(station), quota_(quota) {}

Result<MediaShelf> MediaShelf::open(const Home& home, std::uint64_t quota, bool stamps) {
  std::error_code error;
  fs::create_directories(home.media() / "quarantine", error);
  if (error) return fail(Error::Code::storage, "media_read_only", "media");
  fs::permissions(home.media(), fs::perms::owner_all, error);
  const auto key = vault::station_key(home.station_key());
  MACHIAI_TRY(key);
  MediaShelf shelf(home, *key, quota);
  if (stamps) shelf.load_stamps();
  MACHIAI_TRY(shelf.look());
  return shelf;
}

vault::FilmFiles MediaShelf::files(std::string_view sha256) const {
  return vault::film_files(home_.media(), sha256);
}

std::optional<MediaShelf::Stamp> MediaShelf::stamp_of(const fs::path& file) {
  struct stat told {};
  if (::stat(file.c_str(), &told) != 0) return std::nullopt;
  return Stamp{static_cast<std::uint64_t>(told.st_size),
               std::int64_t{told.st_mtim.tv_sec} * 1'000'000'000 + told.st_mtim.tv_nsec};
}

void MediaShelf::load_stamps() {
  for (const auto& [sha256, value] : read_object(home_.media() / "verified.json"))
    if (const json::array* pair = value.if_array();
        pair != nullptr && pair->size() == 2 && (*pair)[0].is_int64() && (*pair)[1].is_int64())
      stamps_[std::string(sha256)] = {static_cast<std::uint64_t>((*pair)[0].as_int64()),
                                      (*pair)[1].as_int64()};
}

Status MediaShelf::keep_stamps() const {
  json::object rows;
  for (const auto& [sha256, stamp] : stamps_)
    rows[sha256] = json::array{static_cast<std::int64_t>(stamp.bytes), stamp.changed};
  return write_json(home_.media() / "verified.json", rows);
}

Status MediaShelf::look() {
  entries_.clear();
  std::error_code error;
  for (const auto& note : fs::directory_iterator(quarantine(), error))
    if (note.path().extension() == ".json") enter_bad(note.path());
  for (const fs::path& file : shelf_files(home_.media()))
    if (file.extension() == ".vault" && vault::digest_of_hex(file.stem().string()))
      enter(file.stem().string());
  std::erase_if(stamps_, [&](const auto& each) { return !entries_.contains(each.first); });
  return {};
}

void MediaShelf::enter(const std::string& sha256) {
  const auto stamp = stamp_of(files(sha256).vault);
  if (!stamp) return;
  Entry entry;
  entry.file = *stamp;
  entry.label = label_of_json(read_object(files(sha256).label));
  auto key = vault::load_item_key(files(sha256).key, station_, *vault::digest_of_hex(sha256));
  if (key) entry.key = *key;
  if (!key) entry.reason = key.error().reason == "missing_media" ? "no_item_key" : key.error().reason;
  entries_[sha256] = std::move(entry);
}

void MediaShelf::enter_bad(const fs::path& note) {
  Entry entry;
  const json::object row = read_object(note);
  entry.label = label_of_json(row);
  entry.reason = text_of(row, "reason");
  entry.bad = true;
  entry.file = stamp_of(fs::path(note).replace_extension(".vault")).value_or(Stamp{});
  entries_[note.stem().string()] = std::move(entry);
}

bool MediaShelf::verified(const std::string& sha256, const Entry& entry) const {
  const auto stamp = stamps_.find(sha256);
  return !entry.bad && stamp != stamps_.end() && stamp->second == entry.file;
}

bool MediaShelf::ready(std::string_view sha256, Instant now) const {
  const auto found = entries_.find(sha256);
  return found != entries_.end() && found->second.key && now < found->second.key->expires &&
         verified(found->first, found->second);
}

Film MediaShelf::film_of(const std::string& sha256, const Entry& entry, bool verified, Instant now) {
  Film film{sha256, entry.label, entry.file.bytes, vault::never, FilmState::unverified, entry.reason};
  if (entry.key) film.expires = entry.key->expires;
  if (entry.bad)
    film.state = FilmState::bad;
  else if (!entry.key)
    film.state = FilmState::locked;
  else if (now >= film.expires)
    film.state = FilmState::ended;
  else if (verified)
    film.state = FilmState::ready;
  return film;
}

std::vector<Film> MediaShelf::films(Instant now) const {
  std::vector<Film> films;
  for (const auto& [sha256, entry] : entries_)
    films.push_back(film_of(sha256, entry, verified(sha256, entry), now));
  return films;
}

MediaSpace disk_space(const Home& home) {
  MediaSpace space;
  std::error_code error;
  const fs::path data = home.ledger().parent_path();
  const fs::path ledger = fs::exists(data, error) ? data : home.dir;
  const auto of_ledger = fs::space(ledger, error);
  if (!error) space.ledger_size = of_ledger.capacity, space.ledger_free = of_ledger.available;
  const auto of_media = fs::space(home.media(), error);
  if (!error) space.media_free = of_media.available;
  space.one_disk = same_device(ledger, home.media());
  return space;
}

MediaSpace MediaShelf::space() const {
  MediaSpace space = disk_space(home_);
  space.quota = quota_;
  for (const auto& each : entries_) space.used += each.second.file.bytes;
  return space;
}

Status MediaShelf::read_whole(const std::string& sha256) const {
  const auto content = vault::digest_of_hex(sha256);
  if (!content) return fail(Error::Code::invalid, "bad_hash");
  const auto item = vault::load_item_key(files(sha256).key, station_, *content);
  MACHIAI_TRY(item);
  auto reader = vault::Reader::open(files(sha256).vault, item->key, *content);
  MACHIAI_TRY(reader);
  if (reader->header().id != item->id) return fail(Error::Code::invalid, "vault_bad");
  return reader->verify();
}

Status MediaShelf::verify(const std::string& sha256, Instant now) {
  if (!vault::digest_of_hex(sha256)) return fail(Error::Code::invalid, "bad_hash");
  const auto before = stamp_of(files(sha256).vault);
  if (!before) return fail(Error::Code::not_found, "missing_media", sha256.substr(0, 12));
  Status whole = read_whole(sha256);
  if (whole) {
    enter(sha256);
    stamps_[sha256] = *before; // as it was before the reading: a change meanwhile shows
    return keep_stamps();
  }
  // Of a later version, another station's or on a failing disk: not the film's fault.
  if (whole.error().code == Error::Code::invalid && whole.error().reason != "vault_newer")
    MACHIAI_TRY(condemn(sha256, whole.error().reason, now));
  return whole;
}

Status MediaShelf::condemn(const std::string& sha256, std::string reason, Instant now) {
  if (!vault::digest_of_hex(sha256)) return fail(Error::Code::invalid, "bad_hash");
  const auto lock = turn(home_.media());
  MACHIAI_TRY(lock);
  const auto found = entries_.find(sha256);
  json::object note = label_to_json(found == entries_.end() ? FilmLabel{} : found->second.label);
  note["reason"] = reason;
  note["at"] = base::to_ms(now);
  std::error_code error;
  fs::rename(files(sha256).vault, quarantine() / (sha256 + ".vault"), error);
  Status noted = write_json(quarantine() / (sha256 + ".json"), note);
  remove_files(files(sha256));
  stamps_.erase(sha256);
  entries_[sha256].bad = true;
  entries_[sha256].reason = std::move(reason);
  return noted;
}

Status MediaShelf::keep_label(const std::string& sha256, const FilmLabel& label) const {
  return write_json(files(sha256).label, label_to_json(label));
}

Status MediaShelf::keep(const vault::File& content, const vault::Digest& digest, Instant expires) {
  const vault::FilmFiles paths = files(vault::hex(digest));
  std::error_code error;
  fs::create_directories(paths.vault.parent_path(), error);
  const vault::ItemKey item = vault::new_item_key(digest, expires);
  auto writer = vault::Writer::create(paths.vault, item.key, item.id);
  MACHIAI_TRY(writer);
  std::vector<unsigned char> room(1 << 20);
  for (std::uint64_t offset = 0;;) {
    const auto read = content.read_at(offset, room);
    MACHIAI_TRY(read);
    if (*read == 0) break;
    MACHIAI_TRY(writer->append(vault::Bytes(room).first(*read)));
    offset += *read;
  }
  // The key first: a vault that has its name has its key.
  MACHIAI_TRY(vault::keep_item_key(paths.key, station_, item));
  const auto header = writer->finish(digest);
  MACHIAI_TRY(header);
  return {};
}

Result<Film> MediaShelf::put(const vault::File& content, const FilmLabel& label, Instant expires,
                             Instant now) {
  const auto lock = turn(home_.media());
  MACHIAI_TRY(lock);
  const auto size = content.size();
  MACHIAI_TRY(size);
  if (*size == 0) return fail(Error::Code::invalid, "media_empty");
  const auto digest = vault::digest_of(content);
  MACHIAI_TRY(digest);
  const std::string sha256 = vault::hex(*digest);
  Status kept = read_whole(sha256);
  if (kept) {
    auto item = vault::load_item_key(files(sha256).key, station_, *digest);
    MACHIAI_TRY(item);
    item->expires = expires;
    MACHIAI_TRY(vault::keep_item_key(files(sha256).key, station_, *item));
  } else {
    MACHIAI_TRY(may_take(space(), vault::vault_size(*size)));
    kept = keep(content, *digest, expires);
    if (kept) kept = read_whole(sha256); // what the disk took is what was given
    if (!kept) {
      remove_files(files(sha256));
      return tl::unexpected(kept.error());
    }
  }
  FilmLabel dated = label;
  dated.added = now;
  MACHIAI_TRY(keep_label(sha256, dated));
  std::error_code error;
  for (const char* end : {".json", ".vault"}) fs::remove(quarantine() / (sha256 + end), error);
  enter(sha256);
  stamps_[sha256] = entries_[sha256].file;
  MACHIAI_TRY(keep_stamps());
  return film_of(sha256, entries_[sha256], true, now);
}

Result<vault::Reader> MediaShelf::read(std::string_view sha256, Instant now) const {
  return vault::open_film(home_.media(), station_, sha256, now);
}

Status MediaShelf::remove(const std::string& sha256) {
  if (!vault::digest_of_hex(sha256)) return fail(Error::Code::invalid, "bad_hash");
  const auto lock = turn(home_.media());
  MACHIAI_TRY(lock);
  std::error_code error;
  bool was = remove_files(files(sha256));
  for (const char* end : {".json", ".vault"}) was |= fs::remove(quarantine() / (sha256 + end), error);
  entries_.erase(sha256);
  stamps_.erase(sha256);
  if (!was) return fail(Error::Code::not_found, "missing_media", sha256.substr(0, 12));
  return {};
}

std::vector<std::string> MediaShelf::could_go(std::uint64_t bytes, const Needed& needed, Instant now) const {
  std::vector<Evictable> films;
  for (const auto& [sha256, entry] : entries_)
    films.push_back({sha256, entry.file.bytes, entry.label.added,
                     entry.bad || (entry.key && now >= entry.key->expires), provided(entry.label)});
  return plan_eviction(std::move(films), needed, bytes, now);
}

Result<std::size_t> MediaShelf::make_room(std::uint64_t bytes, const Needed& needed, Instant now) {
  const std::uint64_t room = media_room(space());
  if (room >= bytes) return 0;
  const auto plan = could_go(bytes - room, needed, now);
  std::uint64_t freed = 0;
  for (const std::string& sha256 : plan) freed += entries_[sha256].file.bytes;
  if (room + freed < bytes) return 0;
  for (const std::string& sha256 : plan) MACHIAI_TRY(remove(sha256));
  return plan.size();
}

void MediaShelf::follow_rights(const std::vector<programme::Loaded>& loaded) {
  for (auto& [sha256, entry] : entries_) {
    const auto ends = right_ends(loaded, sha256);
    if (!ends || !entry.key || entry.key->expires == *ends) continue;
    const Instant before = std::exchange(entry.key->expires, *ends);
    if (!vault::keep_item_key(files(sha256).key, station_, *entry.key)) entry.key->expires = before;
  }
}

std::size_t MediaShelf::sweep_leftovers(Instant now) {
  std::size_t gone = 0;
  std::error_code error;
  for (const fs::path& file : shelf_files(home_.media())) {
    const std::string end = file.extension().string();
    const bool alone =
        (end == ".key" || end == ".json") && !fs::exists(fs::path(file).replace_extension(".vault"), error);
    if (alone || (end == ".part" && nobody_writes(file))) gone += fs::remove(file, error) ? 1 : 0;
  }
  for (const auto& note : fs::directory_iterator(quarantine(), error)) {
    if (note.path().extension() != ".json") continue;
    const auto at = base::instant_from_ms(number_of(read_object(note.path()), "at"));
    if (now - at < quarantine_time) continue;
    fs::remove(fs::path(note.path()).replace_extension(".vault"), error);
    gone += fs::remove(note.path(), error) ? 1 : 0;
  }
  return gone;
}

Result<MediaShelf::Swept> MediaShelf::sweep(const std::vector<programme::Loaded>& loaded, Instant now) {
  Swept swept;
  MACHIAI_TRY(look());
  {
    const auto lock = turn(home_.media());
    MACHIAI_TRY(lock);
    follow_rights(loaded);
    for (const auto& [sha256, entry] : entries_)
      if (!entry.bad && entry.key && now >= entry.key->expires)
        swept.ended += remove_files(files(sha256)) ? 1 : 0;
    swept.leftovers = sweep_leftovers(now);
  }
  MACHIAI_TRY(look());
  const std::uint64_t over = over_the_limits(space());
  for (const std::string& sha256 : could_go(over, needed_media(loaded, base::civil_date(now)), now)) {
    MACHIAI_TRY(remove(sha256));
    ++swept.evicted;
  }
  return swept;
}

} // namespace machiai::store
