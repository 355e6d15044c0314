// SPDX-License-Identifier: Apache-2.0
// machiai notice ...: templates, pictures and checks without a daemon; "now" and "clear" are for the daemon.
#pragma once

#include "app/cli/client.hpp"
#include "core/store/station.hpp"

#include <CLI/CLI.hpp>
#include <boost/json.hpp>

#include <optional>
#include <string>
#include <vector>

namespace machiai::cli {

class NoticeVerbs {
public:
  void add_to(CLI::App& app);
  [[nodiscard]] bool chosen() const { return chosen_; }
  /// Whether it is for the daemon.
  [[nodiscard]] bool is_call() const { return verb_ == "now" || verb_ == "clear"; }
  /// What the daemon is to be asked. The display draws it: forbidden "template_elsewhere" for a file that is
  /// not among the home's templates, not_found "no_such_file" when it is nowhere.
  [[nodiscard]] base::Result<Call> call(const std::string& home, const std::string& lang) const;
  /// Carries out what was parsed: the answer, a refusal with "error" among them.
  [[nodiscard]] base::Result<boost::json::object> run(const std::string& home, const std::string& lang,
                                                      base::Instant now) const;
  /// The answer for people.
  [[nodiscard]] static std::string in_words(const boost::json::object& answer);

private:
  using Answer = base::Result<boost::json::object>;
  [[nodiscard]] boost::json::object fields() const;
  [[nodiscard]] Answer question(const std::string& home, const std::string& lang) const;
  [[nodiscard]] Answer add(const std::string& home, boost::json::object question, base::Instant now) const;

  std::string verb_, form_, out_, size_, language_ = "ja", title_, until_;
  std::vector<std::string> fields_;
  std::optional<int> minutes_;
  bool portrait_ = false, chosen_ = false;
};

} // namespace machiai::cli
