// SPDX-License-Identifier: Apache-2.0
// machiai-cloud media ..., programme and programmes: what the stations are to fetch. Beside a cloud that
// serves, on its database and its store of files.
#pragma once

#include "app/cloud/serve.hpp"
#include "cloud/manifest.hpp"
#include "core/base/clock.hpp"

#include <CLI/CLI.hpp>
#include <boost/json.hpp>
#include <pqxx/pqxx>

#include <optional>
#include <string>
#include <vector>

namespace machiai::cloud {

class ShelfVerbs {
public:
  /// `options` has the home and the database; every verb gets those two of the program.
  void add_to(CLI::App& app, Options& options);
  [[nodiscard]] bool chosen() const { return !verb_.empty(); }
  /// Gives the exit code.
  [[nodiscard]] int run(const Options& options) const;

private:
  using Answer = base::Result<boost::json::object>;
  struct Desk {
    const Options& options;
    pqxx::connection& connection;
    base::Instant now;
  };
  [[nodiscard]] Answer answer(const Desk& desk) const;
  [[nodiscard]] Answer add(const Desk& desk) const;
  [[nodiscard]] Answer list(const Desk& desk) const;
  [[nodiscard]] Answer verify(const Desk& desk) const;
  [[nodiscard]] Answer remove(const Desk& desk) const;
  [[nodiscard]] Answer enter(const Desk& desk) const;
  [[nodiscard]] Answer programmes(const Desk& desk) const;
  /// 0 without --facility: the provider.
  [[nodiscard]] base::Result<int> whose(const Desk& desk) const;
  /// The one film of that owner whose SHA-256 begins so.
  [[nodiscard]] base::Result<MediaRow> named(const Desk& desk, int facility) const;
  [[nodiscard]] int tell(const Answer& answer) const;

  std::string verb_; ///< "add", "list", "verify", "remove", "programme", "programmes"
  std::string file_, title_, kind_ = "provided", facility_, sha256_;
  int seconds_ = 15;
  bool json_ = false;
};

} // namespace machiai::cloud
