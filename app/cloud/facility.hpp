// SPDX-License-Identifier: Apache-2.0
// machiai-cloud cards and facility: whom a facility knows, and its rules, after its first day. Beside a cloud
// that serves, on its database.
#pragma once

#include "app/cloud/serve.hpp"
#include "core/base/clock.hpp"
#include "core/base/result.hpp"

#include <CLI/CLI.hpp>
#include <boost/json.hpp>

#include <istream>
#include <optional>
#include <string>
#include <vector>

namespace machiai::cloud {

/// A card and its birth date, on their way to the database.
struct CardLine {
  std::string card;
  std::string birth;
};
/// The next line of a list, "1001,1980-01-31"; a first line of names, empty lines and those that begin with #
/// are passed over; none at the end. Invalid "bad_card", "bad_birth" with the line's number alone.
class CardList {
public:
  CardList(std::istream& from, base::Instant now) : from_(from), now_(now) {}
  [[nodiscard]] base::Result<std::optional<CardLine>> next();

private:
  std::istream& from_;
  base::Instant now_;
  std::size_t line_ = 0;
};

/// One date that is not as usual.
struct DateAsked {
  std::string on;
  std::string windows; ///< "9:00-12:00,14:00-17:00", "none", or "usual"
  std::string service; ///< by id or number; empty: all of them
  std::optional<int> cap;
};
/// Invalid "bad_date", "bad_hours", not_found "unknown_service".
[[nodiscard]] base::Result<boost::json::object> changed_date(boost::json::object profile,
                                                             const DateAsked& asked);

class FacilityVerbs {
public:
  void add_to(CLI::App& app, Options& options);
  [[nodiscard]] bool chosen() const { return !verb_.empty(); }
  /// Gives the exit code.
  [[nodiscard]] int run(const Options& options) const;

private:
  [[nodiscard]] int run_cards(const Options& options) const;
  [[nodiscard]] int run_facility(const Options& options) const;

  std::string verb_; ///< "cards", "facility"
  std::string facility_;
  std::string file_; ///< of `cards`, and of --put
  bool remove_ = false;
  bool show_ = false;
  DateAsked date_;
};

} // namespace machiai::cloud
