// SPDX-License-Identifier: Apache-2.0
#include "core/store/station.hpp"

#include "core/base/text.hpp"
#include "core/programme/holidays.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <openssl/rand.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <sstream>

#define TOML_EXCEPTIONS 0
#include <toml++/toml.h>

namespace machiai::store {

namespace {

using base::Error;
using base::fail;
using base::Result;
using base::Status;

/// Room for the WAL to grow to where it is checkpointed and begun anew (1,000 pages), and for the ledger to
/// grow by more than a day's numbers.
constexpr std::size_t ballast_bytes = std::size_t{6} << 20;
constexpr std::size_t left_beside_ballast = std::size_t{2} << 20;
constexpr std::size_t longest_prefix = 3;

constexpr std::string_view example_settings = R"toml(# Machiai station settings: a fictional clinic.
[facility]
id = "minato"
name = { ja = "みなとクリニック", en = "Minato Clinic", reading = "みなとくりにっく" }
phone = "00-0000-0000"
closed = []            # days off, "2026-12-29": counters that go by the timetable stay closed
closed_on_holidays = false  # the same on national holidays

[rules]
undo_seconds = 10      # every desk action can be undone for so long
settle_seconds = 60    # a called patient counts as in the room after this
absence = { back = 3, times = 2 }  # place kept behind so many; after so many absences at the end

[hub]
port = 0               # 0: any free port; the chosen one is in run/port
lan = ""               # "0.0.0.0:8443": tablets and PCs of the clinic's network, over TLS; "": off

[printer]
server = ""            # CUPS server: host:port or a socket's path; empty: the default one
queue = ""             # CUPS queue; empty: no printer, the number is shown on the screen
slip = "80mm"          # the paper: 80mm, 58mm, or the path of a layout file (see assets/slips)

[media]
quota_gb = 20          # films may take so much of the disk

[[service]]
id = "naika"
name = { ja = "内科", en = "Internal medicine", reading = "ないか" }
prefix = ""
acceptance = "manual"  # "timetable": the counter opens and closes by its hours
kinds = ["return", "first"]
hours = [
  { session = "morning", open = "8:30", close = "12:00" },
  { session = "afternoon", open = "14:30", close = "18:00" },
]

[[service]]
id = "shouni"
name = { ja = "小児科", en = "Paediatrics", reading = "しょうにか" }
prefix = "S"           # shown as S-1, S-2: the two lines cannot be mixed up
kinds = ["return", "first"]
hours = [
  { session = "morning", open = "8:30", close = "12:00" },
  { session = "afternoon", open = "14:30", close = "18:00" },
]

[[room]]
id = "1"
name = { ja = "診察室1", en = "Room 1", reading = "しんさつしつ、いち" }

[[room]]
id = "2"
name = { ja = "診察室2", en = "Room 2", reading = "しんさつしつ、に" }
)toml";

tl::unexpected<Error> bad_settings(std::string where) {
  return fail(Error::Code::invalid, "bad_settings", std::move(where));
}

queue::Label read_label(const toml::table& table, const std::string& otherwise) {
  queue::Label label;
  label.ja = table["name"]["ja"].value_or(otherwise);
  label.en = table["name"]["en"].value_or(label.ja);
  label.reading = table["name"]["reading"].value_or(label.ja);
  return label;
}

std::vector<std::string> read_strings(const toml::table& table, std::string_view name) {
  std::vector<std::string> strings;
  if (const auto* array = table[name].as_array())
    for (const auto& element : *array)
      if (const auto text = element.value<std::string>()) strings.push_back(*text);
  return strings;
}

Result<std::vector<queue::Hours>> read_hours(const toml::table& table, const std::string& service) {
  std::vector<queue::Hours> all;
  const auto* array = table["hours"].as_array();
  if (array == nullptr) return all;
  for (const auto& element : *array) {
    const auto* entry = element.as_table();
    if (entry == nullptr) return bad_settings(fmt::format("service {}: hours", service));
    const auto open = queue::parse_minute((*entry)["open"].value_or(std::string{}));
    const auto close = queue::parse_minute((*entry)["close"].value_or(std::string{}));
    if (!open || !close || *close <= *open) return bad_settings(fmt::format("service {}: hours", service));
    queue::Hours hours{(*entry)["session"].value_or(std::string("morning")), *open, *close, {}};
    if (const auto* days = (*entry)["weekdays"].as_array())
      for (const auto& day : *days) hours.weekdays.push_back(static_cast<int>(day.value_or(std::int64_t{0})));
    all.push_back(std::move(hours));
  }
  return all;
}

/// Two lines that called the same number could not be told apart, on the wall or by ear; nor could a number
/// of the web's or the kiosk's own series (W1-7, K-3) from that of a line with such a prefix.
Status check_prefix(const queue::Clinic& clinic, const queue::Service& service) {
  const std::string& prefix = service.prefix;
  const bool plain = prefix.size() <= longest_prefix &&
                     std::all_of(prefix.begin(), prefix.end(), [](char c) { return c >= 'A' && c <= 'Z'; });
  if (!plain || prefix.starts_with('W') || prefix.starts_with('K'))
    return bad_settings(fmt::format("service {}: prefix", service.id));
  for (const queue::Service& other : clinic.services)
    if (other.prefix == prefix)
      return bad_settings(fmt::format("service {}: prefix as service {}", service.id, other.id));
  return {};
}

/// Dates, and the national holidays if the clinic is closed on them.
Status read_closed(const toml::table& facility, queue::Clinic& clinic) {
  for (const std::string& text : read_strings(facility, "closed")) {
    const auto date = base::parse_iso_date(text);
    if (!date) return bad_settings("facility: closed " + text);
    clinic.closed.push_back(*date);
  }
  const base::Date holidays_until = *base::parse_iso_date("2051-01-01");
  if (facility["closed_on_holidays"].value_or(false))
    for (base::Date date = *base::parse_iso_date("2026-01-01"); date.days < holidays_until.days; ++date.days)
      if (programme::is_holiday(date)) clinic.closed.push_back(date);
  std::sort(clinic.closed.begin(), clinic.closed.end());
  return {};
}

Status read_services(const toml::table& table, queue::Clinic& clinic) {
  const auto* array = table["service"].as_array();
  if (array == nullptr || array->empty()) return bad_settings("no service");
  for (const auto& element : *array) {
    const auto* entry = element.as_table();
    if (entry == nullptr) return bad_settings("service");
    queue::Service service;
    service.id = (*entry)["id"].value_or(std::string{});
    if (!base::is_plain_id(service.id, 32)) return bad_settings("service id");
    if (queue::find_service(clinic, service.id))
      return bad_settings(fmt::format("service {} twice", service.id));
    service.name = read_label(*entry, service.id);
    service.prefix = (*entry)["prefix"].value_or(std::string{});
    MACHIAI_TRY(check_prefix(clinic, service));
    service.kinds = read_strings(*entry, "kinds");
    service.rooms = read_strings(*entry, "rooms");
    service.cap = static_cast<int>((*entry)["cap"].value_or(std::int64_t{0}));
    service.by_timetable = (*entry)["acceptance"].value_or(std::string("manual")) == "timetable";
    auto hours = read_hours(*entry, service.id);
    MACHIAI_TRY(hours);
    service.hours = std::move(*hours);
    clinic.services.push_back(std::move(service));
  }
  return {};
}

Status read_rooms(const toml::table& table, queue::Clinic& clinic) {
  const auto* array = table["room"].as_array();
  if (array == nullptr || array->empty()) return bad_settings("no room");
  for (const auto& element : *array) {
    const auto* entry = element.as_table();
    queue::Room room;
    if (entry != nullptr) room.id = (*entry)["id"].value_or(std::string{});
    if (!base::is_plain_id(room.id, 32)) return bad_settings("room id");
    if (queue::find_room(clinic, room.id)) return bad_settings(fmt::format("room {} twice", room.id));
    room.name = read_label(*entry, room.id);
    clinic.rooms.push_back(std::move(room));
  }
  for (const queue::Service& service : clinic.services)
    for (const std::string& room : service.rooms)
      if (!queue::find_room(clinic, room))
        return bad_settings(fmt::format("service {}: room {}", service.id, room));
  return {};
}

std::string random_token() {
  unsigned char bytes[24];
  if (RAND_bytes(bytes, sizeof bytes) != 1) std::abort();
  std::string text;
  for (const unsigned char byte : bytes) text += fmt::format("{:02x}", byte);
  return text;
}

tl::unexpected<Error> file_error(const std::filesystem::path& path) {
  const char* reason = "storage";
  if (errno == ENOSPC) reason = "disk_full";
  if (errno == EROFS || errno == EACCES) reason = "storage_read_only";
  return fail(Error::Code::storage, reason, path.filename().string());
}

} // namespace

Status write_file(const std::filesystem::path& path, std::string_view text, bool secret) {
  const std::filesystem::path part = path.string() + ".part";
  const int fd = ::open(part.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, secret ? 0600 : 0644);
  if (fd < 0) return file_error(path);
  const bool written =
      ::write(fd, text.data(), text.size()) == static_cast<ssize_t>(text.size()) && ::fsync(fd) == 0;
  const bool closed = ::close(fd) == 0;
  if (!written || !closed || ::rename(part.c_str(), path.c_str()) != 0) return file_error(path);
  return {};
}

Status write_durable_file(const std::filesystem::path& path, std::string_view text) {
  MACHIAI_TRY(write_file(path, text, true));
  const int fd = ::open(path.parent_path().c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  const bool synced = fd >= 0 && ::fsync(fd) == 0;
  if (fd >= 0) ::close(fd);
  if (!synced) return file_error(path);
  return {};
}

Status overwrite_file(const std::filesystem::path& path, std::string text) {
  const int fd = ::open(path.c_str(), O_WRONLY | O_CLOEXEC);
  if (fd < 0) return file_error(path);
  const auto size = static_cast<std::size_t>(std::max<off_t>(::lseek(fd, 0, SEEK_END), 0));
  text.resize(std::max(size, text.size()), '\n');
  const bool written = ::pwrite(fd, text.data(), text.size(), 0) == static_cast<ssize_t>(text.size());
  if (::close(fd) != 0 || !written) return file_error(path);
  return {};
}

Result<std::string> read_file(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in) return fail(Error::Code::not_found, "missing_file", path.filename().string());
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

Status init_example(const Home& home) {
  std::error_code error;
  if (std::filesystem::exists(home.settings(), error)) return fail(Error::Code::conflict, "home_in_use");
  for (const auto& dir : {home.ledger().parent_path(), home.run()}) {
    std::filesystem::create_directories(dir, error);
    if (error) return fail(Error::Code::storage, "storage_read_only", dir.filename().string());
  }
  std::filesystem::permissions(home.dir, std::filesystem::perms::owner_all, error);
  const auto tokens = load_tokens(home);
  MACHIAI_TRY(tokens);
  return write_file(home.settings(), example_settings, false);
}

Result<StationSettings> load_settings(const Home& home) {
  const auto text = read_file(home.settings());
  MACHIAI_TRY(text);
  const toml::parse_result parsed = toml::parse(*text);
  if (!parsed) return bad_settings(fmt::format("line {}", parsed.error().source().begin.line));
  const toml::table& table = parsed.table();
  StationSettings settings;
  queue::Clinic& clinic = settings.clinic;
  const auto* facility = table["facility"].as_table();
  if (facility == nullptr) return bad_settings("facility");
  clinic.id = (*facility)["id"].value_or(std::string{});
  if (!base::is_plain_id(clinic.id, 32)) return bad_settings("facility id");
  clinic.name = read_label(*facility, clinic.id);
  clinic.phone = (*facility)["phone"].value_or(std::string{});
  clinic.undo_seconds = table["rules"]["undo_seconds"].value_or(clinic.undo_seconds);
  clinic.settle_seconds = table["rules"]["settle_seconds"].value_or(clinic.settle_seconds);
  clinic.absence.back = table["rules"]["absence"]["back"].value_or(clinic.absence.back);
  clinic.absence.times = table["rules"]["absence"]["times"].value_or(clinic.absence.times);
  MACHIAI_TRY(read_closed(*facility, clinic));
  MACHIAI_TRY(read_services(table, clinic));
  MACHIAI_TRY(read_rooms(table, clinic));
  settings.printer.server = table["printer"]["server"].value_or(std::string{});
  settings.printer.queue = table["printer"]["queue"].value_or(std::string{});
  settings.printer.slip = table["printer"]["slip"].value_or(std::string{});
  settings.hub_port = table["hub"]["port"].value_or(0);
  if (settings.hub_port < 0 || settings.hub_port > 65535) return bad_settings("hub port");
  settings.media_quota_gb = table["media"]["quota_gb"].value_or(settings.media_quota_gb);
  if (settings.media_quota_gb < 1 || settings.media_quota_gb > 100'000) return bad_settings("media quota_gb");
  settings.lan = table["hub"]["lan"].value_or(std::string{});
  return settings;
}

Result<std::vector<std::pair<std::string, std::string>>> load_tokens(const Home& home) {
  std::vector<std::pair<std::string, std::string>> tokens;
  for (const std::string_view role : roles) {
    auto token = read_file(home.token(role));
    if (!token || token->size() < 32) {
      token = random_token();
      MACHIAI_TRY(write_file(home.token(role), *token, true));
    }
    tokens.emplace_back(role, std::move(*token));
  }
  return tokens;
}

Status fill_ballast(const Home& home) {
  std::error_code error;
  if (std::filesystem::file_size(home.ballast(), error) == ballast_bytes && !error) return {};
  // Not the last bytes: the ledger may be writing into them at this moment.
  const auto space = std::filesystem::space(home.ballast().parent_path(), error);
  if (!error && space.available < ballast_bytes + left_beside_ballast)
    return fail(Error::Code::storage, "disk_full", home.ballast().filename().string());
  const int fd = ::open(home.ballast().c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
  if (fd < 0) return file_error(home.ballast());
  const int result = ::posix_fallocate(fd, 0, static_cast<off_t>(ballast_bytes));
  ::close(fd);
  if (result == 0) return {};
  ::unlink(home.ballast().c_str());
  errno = result;
  return file_error(home.ballast());
}

bool drop_ballast(const Home& home) {
  return ::unlink(home.ballast().c_str()) == 0;
}

} // namespace machiai::store
