// SPDX-License-Identifier: Apache-2.0
// machiai programme ...: keys, signatures, the clinic's approval and swaps, and what plays when, on this
// station's own files; no daemon and no cloud is needed. What is on the screen now is asked of the daemon.
#pragma once

#include "core/base/clock.hpp"
#include "core/base/result.hpp"
#include "core/store/station.hpp"

#include <CLI/CLI.hpp>
#include <boost/json.hpp>

#include <optional>
#include <string>

namespace machiai::cli {

class ProgrammeVerbs {
public:
  /// Adds "programme" with its own verbs, and "explain", "approve" and "swap" beside it.
  void add_to(CLI::App& app);
  [[nodiscard]] bool chosen() const;
  /// Carries out what was parsed. The answer, or the refusal; one of the daemon's is the answer's "error".
  [[nodiscard]] base::Result<boost::json::object> run(const std::string& home, const std::string& lang,
                                                      base::Instant now) const;
  /// The answer for people.
  [[nodiscard]] static std::string in_words(const boost::json::object& answer, const std::string& lang);

private:
  using Answer = base::Result<boost::json::object>;
  void add_approve(CLI::App& app);
  void add_swap(CLI::App& app);
  void add_explain(CLI::App& app);
  [[nodiscard]] Answer sign(const store::Home& home) const;
  [[nodiscard]] Answer check(const store::Home& home, const std::string& facility,
                             const std::string& lang) const;
  [[nodiscard]] Answer load(const store::Home& home, const std::string& facility, base::Instant now) const;
  [[nodiscard]] Answer decide(const store::Home& home, const std::string& facility, base::Instant now) const;
  [[nodiscard]] Answer plan(const store::Home& home, const store::StationSettings& settings,
                            base::Instant now) const;
  [[nodiscard]] Answer tell(const store::Home& home, const store::StationSettings& settings,
                            const std::string& lang, base::Instant now) const;
  [[nodiscard]] base::Result<base::Instant> asked_instant() const;

  std::string verb_; ///< "at", "swap", "" for the list
  bool chosen_ = false;
  std::optional<std::string> time_;
  std::string file_, out_, item_, with_, slot_, programme_, by_ = "cli";
  bool draft_ = false;
};

} // namespace machiai::cli
