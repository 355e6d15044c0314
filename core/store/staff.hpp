// SPDX-License-Identifier: Apache-2.0
// Who works here: names and PINs of the staff, how many wrong PINs are borne, and the record of who looked at
// what. A PIN is kept as Argon2id (RFC 9106) and never as itself.
#pragma once

#include "core/base/clock.hpp"
#include "core/base/result.hpp"
#include "core/store/station.hpp"

#include <chrono>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace machiai::store {

struct Person {
  std::string id;   ///< "sato"; stands in the ledger as the actor
  std::string name; ///< as the desk shows it
  std::string pin;  ///< Argon2id, libsodium's text form
};

inline constexpr std::size_t most_people = 64;

/// The people in HOME/data/staff.json. A missing file: none, so that nobody has to log in. Error storage
/// "bad_staff".
[[nodiscard]] base::Result<std::vector<Person>> load_staff(const Home& home);
[[nodiscard]] std::string staff_text(const std::vector<Person>& people);

[[nodiscard]] bool is_pin(std::string_view text); ///< 4 to 8 digits
/// Takes about 10 ms and 8 MiB on purpose. Error limit "overloaded" without that memory.
[[nodiscard]] base::Result<std::string> pin_hash(std::string_view pin);
[[nodiscard]] bool pin_matches(const std::string& hash, std::string_view pin);

/// Wrong PINs: the fifth in a row closes a person's log-in for a minute, each further one for twice as long
/// as the one before, five minutes at most: a colleague's joke must not keep the reception out for long.
class PinLocks {
public:
  using Moment = std::chrono::steady_clock::time_point;
  static constexpr int borne = 5;
  static constexpr std::chrono::seconds first_rest{60};
  static constexpr std::chrono::seconds longest_rest{300};

  /// How long this person's log-in still rests; zero: it is open.
  [[nodiscard]] std::chrono::seconds rest(const std::string& person, Moment now) const;
  void wrong(const std::string& person, Moment now);
  void right(const std::string& person) { tries_.erase(person); }

private:
  struct Tries {
    int wrong = 0;
    Moment until = Moment::min();
  };
  std::map<std::string, Tries> tries_;
};

/// One line of the access log: who did or read what where. No patient's name or card.
struct AccessEntry {
  base::Instant at{};
  std::string person; ///< empty: nobody was logged in
  std::string seat;
  std::string what;  ///< "login", "pin_wrong", "why", "statistics", ...
  std::string about; ///< ticket id, dates, person; may be empty
};

/// Appends to the month's file, HOME/data/access/2026-11.jsonl.
[[nodiscard]] base::Status note_access(const Home& home, const AccessEntry& access);
/// Entries of these dates, oldest first, `most` at most (the newest). A line that is torn is passed over.
[[nodiscard]] base::Result<std::vector<AccessEntry>> read_access(const Home& home, base::Date from,
                                                                 base::Date to, std::size_t most);

} // namespace machiai::store
