// SPDX-License-Identifier: Apache-2.0
// What is fetched next, when, and what an answer of the server of files means: functions over values. What
// connects and writes is sync/fetch.
#pragma once

#include "core/programme/plan.hpp"
#include "core/store/downloads.hpp"
#include "core/wire/manifest.hpp"

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace machiai::sync {

/// The head of an answer to a request for a file.
struct FileAnswer {
  unsigned status = 0;
  std::optional<std::uint64_t> length; ///< Content-Length
  std::string range;                   ///< Content-Range
  std::string etag;
  std::string encoding; ///< Content-Encoding
};
/// The bytes that follow the head: they belong at `from` (0: what is here counts for nothing).
struct Body {
  std::uint64_t from = 0;
  std::uint64_t bytes = 0;
  bool operator==(const Body&) const = default;
};
/// "\"SHA256\"": how a file's ETag is written.
[[nodiscard]] std::string etag_of(const wire::ManifestFile& file);
/// What to do with an answer when `have` bytes are here. Errors: device "files_busy" (it cannot serve now),
/// "other_answer" (it is no server of files, or a wrong one: somebody's page, a redirect, another range);
/// invalid "other_file" (the file there is not the one that was told of); forbidden "address_ended";
/// not_found "file_gone".
[[nodiscard]] base::Result<Body> judge(const wire::ManifestFile& file, std::uint64_t have,
                                       const FileAnswer& answer);
/// Whether what has arrived is worth nothing after this failure; else it is kept for the next try.
[[nodiscard]] bool spoils_part(std::string_view reason);

/// What of a manifest is not here yet.
struct Wanted {
  std::size_t at = 0; ///< in the manifest's programmes, or its films
  bool film = false;
  base::Instant needed_at{}; ///< when it may be shown first; of a programme nothing is known yet
  bool operator==(const Wanted&) const = default;
};
struct Shortfall {
  std::vector<Wanted> wishes; ///< what comes first stands first
  std::size_t files = 0;      ///< of the manifest that this station needs
};
using Knows = std::function<bool(std::string_view sha256)>;
/// Programmes first, then the films that signed programmes of this station need and whose right is not over:
/// the manifest alone, which nobody signs, fills no disk. `held`: a film that lies here; `settled`: a
/// programme's file that was taken or refused.
[[nodiscard]] Shortfall shortfall(const wire::Manifest& manifest,
                                  const std::vector<programme::Loaded>& loaded, const Knows& held,
                                  const Knows& settled, base::Instant now);

/// By the settings' hours; what is needed within a day does not wait for them.
[[nodiscard]] bool may_fetch(const store::DownloadSettings& settings, base::Instant now,
                             base::Instant needed_at);

/// What became of earlier tries for one file, or of reaching the server at all.
struct Tries {
  unsigned failed = 0;
  std::string reason;
  base::Instant until{}; ///< not tried again before
};
/// `gained`: something new arrived in that try. `random` in [0, 1) spreads the clinics.
[[nodiscard]] Tries after_failure(const Tries& before, std::string reason, bool gained, base::Instant now,
                                  double random);
/// An address that has ended is never tried again; the next manifest brings another.
[[nodiscard]] bool holds_up(const Tries& tries, base::Instant now);
/// It says that nobody can be reached, and nothing of the file.
[[nodiscard]] bool is_of_the_way(std::string_view reason);

struct Next {
  std::optional<std::size_t> wish; ///< in the shortfall's wishes
  std::string waits;               ///< why none, of the first that waits; empty: nothing is missing
};
/// The first that may be fetched now; what fails holds up nothing but itself. `way`: of reaching the server.
[[nodiscard]] Next next_fetch(const Shortfall& shortfall, const wire::Manifest& manifest,
                              const std::map<std::string, Tries, std::less<>>& tries, const Tries& way,
                              const store::DownloadSettings& settings, base::Instant now);

/// Whether a person should know: films that are needed within a day have been missing for ten minutes in
/// which nothing came.
[[nodiscard]] bool is_late(std::size_t missing_soon, const std::optional<base::Instant>& stuck_since,
                           base::Instant now);

/// How long to wait so that `bytes` since the beginning are no more than so many a second.
[[nodiscard]] base::Millis pace(std::uint64_t bytes, base::Millis since, std::uint64_t bytes_a_second);

} // namespace machiai::sync
