// SPDX-License-Identifier: Apache-2.0
// machiai-cloud subscriber: who has agreed with the provider, and whose each facility is. Beside a cloud that
// serves, on its database.
#pragma once

#include "app/cloud/serve.hpp"
#include "core/base/clock.hpp"
#include "core/base/result.hpp"

#include <CLI/CLI.hpp>
#include <boost/json.hpp>
#include <pqxx/pqxx>

#include <string>

namespace machiai::cloud {

/// Prints what is `told` of the facility, and whose it is; gives the exit code.
[[nodiscard]] int tell_with_subscriber(pqxx::connection& connection, const std::string& facility,
                                       boost::json::object told);

class SubscriberVerbs {
public:
  void add_to(CLI::App& app, Options& options);
  [[nodiscard]] bool chosen() const { return !verb_.empty(); }
  /// Gives the exit code.
  [[nodiscard]] int run(const Options& options) const;

private:
  [[nodiscard]] base::Result<boost::json::value> done(pqxx::work& work, base::Instant now) const;
  /// What was given; null: to be taken away.
  [[nodiscard]] boost::json::object fields() const;

  std::string verb_; ///< "add", "change", "show", "list", "move"
  std::string subscriber_;
  std::string facility_;
  std::string name_, name_en_, phone_, address_;
  bool no_name_en_ = false, no_phone_ = false, no_address_ = false; ///< of "change": what was there goes
};

} // namespace machiai::cloud
