// SPDX-License-Identifier: Apache-2.0
// machiai media ...: the films of this station, on its own files; no daemon and no cloud is needed.
#pragma once

#include "core/store/media.hpp"
#include "media/prepare.hpp"

#include <CLI/CLI.hpp>
#include <boost/json.hpp>

#include <string>

namespace machiai::cli {

class MediaVerbs {
public:
  void add_to(CLI::App& app);
  [[nodiscard]] bool chosen() const;
  /// Carries out what was parsed. The answer, or the refusal. Progress goes to standard error.
  [[nodiscard]] base::Result<boost::json::object> run(const std::string& home, base::Instant now) const;
  /// The answer for people.
  [[nodiscard]] static std::string in_words(const boost::json::object& answer);

private:
  using Answer = base::Result<boost::json::object>;
  /// What every verb works on.
  struct Station {
    store::MediaShelf shelf;
    std::vector<programme::Loaded> loaded;
    store::Needed needed;
    std::filesystem::path work;
  };
  [[nodiscard]] static base::Result<Station> open(const std::string& home, base::Instant now);
  [[nodiscard]] static Answer list(const Station& station, base::Instant now);
  [[nodiscard]] Answer add(Station& station, base::Instant now) const;
  [[nodiscard]] Answer verify(Station& station, base::Instant now) const;
  [[nodiscard]] Answer remove(Station& station, base::Instant now) const;
  [[nodiscard]] base::Result<base::Instant> end_of_right(const Station& station, const vault::File& content,
                                                         base::Instant now) const;
  /// The one film whose SHA-256 begins so.
  [[nodiscard]] base::Result<store::Film> named(const Station& station, base::Instant now) const;

  std::string verb_; ///< "" for the list
  bool chosen_ = false;
  std::string file_, title_, kind_ = "own", until_, sha256_;
  int seconds_ = 15;
  bool force_ = false;
};

} // namespace machiai::cli
