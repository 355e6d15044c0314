// SPDX-License-Identifier: Apache-2.0
// machiai-cloud contract and provider: what holds between the provider and a facility, and for all of them.
// Beside a cloud that serves, on its database.
#pragma once

#include "app/cloud/serve.hpp"
#include "core/base/clock.hpp"
#include "core/base/result.hpp"

#include <CLI/CLI.hpp>
#include <boost/json.hpp>

#include <string>

namespace machiai::cloud {

/// What was asked for; empty texts change nothing, "none" takes a date away.
struct TermsAsked {
  std::string queue, signage; ///< "on" | "off"
  std::string begins, ends;   ///< dates; `ends`: the first without service
  bool suspend = false, resume = false;
  std::string from, until, reason; ///< of the suspension or maintenance; ISO 8601; `from` empty: now
  bool maintenance = false, no_maintenance = false;
  int keep_people = -1, keep_cards = -1; ///< days; -1: as before
  std::string on, hours; ///< a date, and "6:00-12:00" or "none" for no service at all; "usual": as always
};

/// The document with what was asked. Invalid "bad_time", "bad_date", "bad_hours", "bad_argument".
[[nodiscard]] base::Result<boost::json::object> changed_contract(boost::json::object contract,
                                                                 const TermsAsked& asked, base::Instant now);
[[nodiscard]] base::Result<boost::json::object> changed_provider(boost::json::object provider,
                                                                 const TermsAsked& asked, base::Instant now);

class TermsVerbs {
public:
  void add_to(CLI::App& app, Options& options);
  [[nodiscard]] bool chosen() const { return !verb_.empty(); }
  /// Gives the exit code.
  [[nodiscard]] int run(const Options& options) const;

private:
  std::string verb_; ///< "contract", "provider"
  std::string facility_;
  TermsAsked asked_;
};

} // namespace machiai::cloud
