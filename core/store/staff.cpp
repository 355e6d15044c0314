// SPDX-License-Identifier: Apache-2.0
#include "core/store/staff.hpp"

#include "core/store/rows.hpp"

#include <boost/json.hpp>
#include <fcntl.h>
#include <sodium.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <deque>
#include <filesystem>
#include <fstream>

namespace machiai::store {

namespace {

namespace json = boost::json;
using base::Error;
using base::fail;
using base::Result;
using base::Status;

/// Argon2id at 8 MiB and two passes: little enough for a small box, enough for a PIN behind PinLocks.
constexpr unsigned long long passes = 2;
constexpr std::size_t memory = 8 << 20;

std::optional<AccessEntry> access_of(const std::string& line) {
  boost::system::error_code bad;
  const json::value parsed = json::parse(line, bad);
  const json::object* row = bad ? nullptr : parsed.if_object();
  const json::value* at = row == nullptr ? nullptr : row->if_contains("at");
  if (at == nullptr || !at->is_int64()) return std::nullopt;
  return AccessEntry{base::instant_from_ms(at->as_int64()), text_of(*row, "person"), text_of(*row, "seat"),
                     text_of(*row, "what"), text_of(*row, "about")};
}

/// "2026-11" of the date.
std::string month_of(base::Date date) {
  return base::iso_date(date).substr(0, 7);
}

std::filesystem::path file_of(const Home& home, const std::string& month) {
  return home.access() / (month + ".jsonl");
}

} // namespace

Result<std::vector<Person>> load_staff(const Home& home) {
  const auto rows = read_rows(home.staff(), "people", "bad_staff");
  MACHIAI_TRY(rows);
  std::vector<Person> people;
  for (const json::object& row : *rows) {
    Person person{text_of(row, "id"), text_of(row, "name"), text_of(row, "pin")};
    if (person.id.empty() || person.pin.empty()) return fail(Error::Code::storage, "bad_staff");
    people.push_back(std::move(person));
  }
  return people;
}

std::string staff_text(const std::vector<Person>& people) {
  json::array rows;
  for (const Person& person : people)
    rows.push_back({{"id", person.id}, {"name", person.name}, {"pin", person.pin}});
  return rows_text("people", std::move(rows));
}

bool is_pin(std::string_view text) {
  return text.size() >= 4 && text.size() <= 8 &&
         std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

Result<std::string> pin_hash(std::string_view pin) {
  std::array<char, crypto_pwhash_STRBYTES> text{};
  if (sodium_init() < 0 || crypto_pwhash_str_alg(text.data(), pin.data(), pin.size(), passes, memory,
                                                 crypto_pwhash_ALG_ARGON2ID13) != 0)
    return fail(Error::Code::limit, "overloaded");
  return std::string(text.data());
}

bool pin_matches(const std::string& hash, std::string_view pin) {
  return sodium_init() >= 0 && crypto_pwhash_str_verify(hash.c_str(), pin.data(), pin.size()) == 0;
}

std::chrono::seconds PinLocks::rest(const std::string& person, Moment now) const {
  const auto tries = tries_.find(person);
  if (tries == tries_.end() || tries->second.until <= now) return std::chrono::seconds{0};
  return std::chrono::ceil<std::chrono::seconds>(tries->second.until - now);
}

void PinLocks::wrong(const std::string& person, Moment now) {
  Tries& tries = tries_[person];
  ++tries.wrong;
  if (tries.wrong < borne) return;
  const int doublings = std::min(tries.wrong - borne, 8);
  tries.until = now + std::min(first_rest * (1 << doublings), longest_rest);
}

Status note_access(const Home& home, const AccessEntry& access) {
  std::error_code error;
  std::filesystem::create_directories(home.access(), error);
  const std::filesystem::path path = file_of(home, month_of(base::civil_date(access.at)));
  const std::string line = json::serialize(json::object{{"at", base::to_ms(access.at)},
                                                        {"person", access.person},
                                                        {"seat", access.seat},
                                                        {"what", access.what},
                                                        {"about", access.about}}) +
                           "\n";
  const int fd = ::open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  if (fd < 0) return fail(Error::Code::storage, "storage", path.filename().string());
  const bool written = ::write(fd, line.data(), line.size()) == static_cast<ssize_t>(line.size());
  ::close(fd);
  if (!written) return fail(Error::Code::storage, "storage", path.filename().string());
  return {};
}

Result<std::vector<AccessEntry>> read_access(const Home& home, base::Date from, base::Date to,
                                             std::size_t most) {
  std::deque<AccessEntry> entries;
  std::string month;
  for (base::Date date = from; date <= to; ++date.days) {
    if (month_of(date) == month) continue;
    month = month_of(date);
    std::ifstream in(file_of(home, month));
    for (std::string line; std::getline(in, line);) {
      auto access = access_of(line);
      const auto on = access ? base::civil_date(access->at) : base::Date{};
      if (!access || on < from || on > to) continue;
      entries.push_back(std::move(*access));
      if (entries.size() > most) entries.pop_front();
    }
  }
  return std::vector<AccessEntry>(std::make_move_iterator(entries.begin()),
                                  std::make_move_iterator(entries.end()));
}

} // namespace machiai::store
