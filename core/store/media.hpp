// SPDX-License-Identifier: Apache-2.0
// The media shelf: films by the SHA-256 of their content, each in a vault of its own (docs/VAULT.md). Nothing
// is played that was not read whole and verified at its present length and time.
#pragma once

#include "core/store/media_rules.hpp"
#include "core/store/station.hpp"
#include "core/vault/film.hpp"

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace machiai::store {

/// What people are told of a film; nothing of it is trusted.
struct FilmLabel {
  std::string title;
  std::string kind = "own"; ///< a programme::Kind's name
  int millis = 0;
  int width = 0, height = 0;
  base::Instant added{}; ///< set by the shelf
};

enum class FilmState : std::uint8_t {
  ready,
  unverified, ///< not read since its file changed, or since the start
  ended,      ///< its right is over
  bad,        ///< found damaged, in quarantine; `reason` says what
  locked,     ///< its key is missing or another station's; `reason` says which
};
[[nodiscard]] std::string_view film_state_name(FilmState state);

struct Film {
  std::string sha256;
  FilmLabel label;
  std::uint64_t bytes = 0; ///< on the disk
  base::Instant expires = vault::never;
  FilmState state = FilmState::unverified;
  std::string reason;
};

/// Of the disk as ledger and films have it; `quota` and `used` are nobody's.
[[nodiscard]] MediaSpace disk_space(const Home& home);

class MediaShelf {
public:
  /// `stamps`: believe what an earlier run verified while length and time of the file are the same. The
  /// daemon does not: it verifies each film once per start. Makes the station's key when it is missing.
  [[nodiscard]] static base::Result<MediaShelf> open(const Home& home, std::uint64_t quota, bool stamps);

  /// Looks at the files again (no content is read): after another process changed something.
  [[nodiscard]] base::Status look();
  /// In memory, for programme::Facts::ready: verified, its right not over.
  [[nodiscard]] bool ready(std::string_view sha256, base::Instant now) const;
  [[nodiscard]] std::vector<Film> films(base::Instant now) const;
  [[nodiscard]] MediaSpace space() const;

  /// Reads all of it. A damaged one goes into quarantine; errors of vault::Reader and load_item_key.
  [[nodiscard]] base::Status verify(const std::string& sha256, base::Instant now);
  /// Keeps the file's content. What is here and verifies already only gets the new label and expiry. Errors:
  /// those of may_take and vault::Writer, invalid "media_empty".
  [[nodiscard]] base::Result<Film> put(const vault::File& content, const FilmLabel& label,
                                       base::Instant expires, base::Instant now);
  /// To play it.
  [[nodiscard]] base::Result<vault::Reader> read(std::string_view sha256, base::Instant now) const;
  /// Into quarantine, because a deck could not play it.
  [[nodiscard]] base::Status condemn(const std::string& sha256, std::string reason, base::Instant now);
  /// Error not_found "missing_media".
  [[nodiscard]] base::Status remove(const std::string& sha256);
  /// Gives up what plan_eviction names, so that `bytes` more can be taken; nothing when that would not be
  /// enough. How many films went.
  [[nodiscard]] base::Result<std::size_t> make_room(std::uint64_t bytes, const Needed& needed,
                                                    base::Instant now);

  struct Swept {
    std::size_t ended = 0, evicted = 0, leftovers = 0;
  };
  /// Lets keys end with the rights of the programmes, deletes what has ended, what a crash left behind and
  /// what was in quarantine for a week, and makes room when there is too little.
  [[nodiscard]] base::Result<Swept> sweep(const std::vector<programme::Loaded>& loaded, base::Instant now);

private:
  /// Of a file: what it was when it was verified.
  struct Stamp {
    std::uint64_t bytes = 0;
    std::int64_t changed = 0; ///< nanoseconds of its mtime
    bool operator==(const Stamp&) const = default;
  };
  struct Entry {
    FilmLabel label;
    std::optional<vault::ItemKey> key;
    std::string reason; ///< why there is no key, or why it is bad
    Stamp file;
    bool bad = false;
  };
  MediaShelf(Home home, const vault::Key& station, std::uint64_t quota);
  [[nodiscard]] static Film film_of(const std::string& sha256, const Entry& entry, bool verified,
                                    base::Instant now);
  [[nodiscard]] static std::optional<Stamp> stamp_of(const std::filesystem::path& file);
  [[nodiscard]] bool verified(const std::string& sha256, const Entry& entry) const;
  [[nodiscard]] base::Status read_whole(const std::string& sha256) const;
  [[nodiscard]] base::Status keep(const vault::File& content, const vault::Digest& digest,
                                  base::Instant expires);
  [[nodiscard]] base::Status keep_label(const std::string& sha256, const FilmLabel& label) const;
  [[nodiscard]] base::Status keep_stamps() const;
  void load_stamps();
  void enter(const std::string& sha256);
  void enter_bad(const std::filesystem::path& note);
  [[nodiscard]] std::vector<std::string> could_go(std::uint64_t bytes, const Needed& needed,
                                                  base::Instant now) const;
  [[nodiscard]] std::size_t sweep_leftovers(base::Instant now);
  void follow_rights(const std::vector<programme::Loaded>& loaded);
  [[nodiscard]] vault::FilmFiles files(std::string_view sha256) const;
  [[nodiscard]] std::filesystem::path quarantine() const { return home_.media() / "quarantine"; }

  Home home_;
  vault::Key station_;
  std::uint64_t quota_;
  std::map<std::string, Entry, std::less<>> entries_;
  std::map<std::string, Stamp, std::less<>> stamps_;
};

} // namespace machiai::store
