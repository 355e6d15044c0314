// SPDX-License-Identifier: Apache-2.0
// What a facility's station should have on its shelf: which programmes are let in, which films they need and
// when first, and the document of it for the link. Pure functions.
#pragma once

#include "core/programme/entry.hpp"
#include "core/wire/manifest.hpp"

#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace machiai::cloud {

/// A film or picture in the store of files.
struct MediaRow {
  int facility = 0; ///< 0: the provider's, for every facility
  std::string sha256;
  std::uint64_t bytes = 0;
  std::string title;
  std::string kind; ///< programme::kind_name
  int millis = 0;
  int width = 0, height = 0;
  base::Instant added{};
};

/// A film that a programme names, and the first date on which it may be shown.
struct Need {
  std::string sha256;
  std::string item;
  base::Date from{};
  bool operator==(const Need&) const = default;
};

/// A programme document in the store of files.
struct ProgrammeRow {
  int facility = 0;
  std::string programme;
  int version = 0;
  std::string sha256;
  std::uint64_t bytes = 0;
  base::Date from{}, until{}; ///< its period, inclusive
  base::Instant deadline{};
  base::Instant added{};
  std::vector<Need> needs;
};

/// Each film once; what is needed first comes first.
[[nodiscard]] std::vector<Need> needs_of(const programme::Programme& programme);

/// As core/programme/entry.hpp asks for them.
[[nodiscard]] std::vector<programme::Known> known_of(const std::vector<ProgrammeRow>& rows);

/// Of each programme its newest version, when its period is not over; by their periods.
[[nodiscard]] std::vector<ProgrammeRow> standing(std::vector<ProgrammeRow> rows, base::Date today);

/// For whom it is, and how its addresses are made.
struct Recipient {
  int facility = 0;
  std::string slug;
  std::string address; ///< "https://host:port"
  std::string key;     ///< of signed addresses
};
/// Whether so many bytes of that content lie in the store.
using There = std::function<bool(const std::string& sha256, std::uint64_t bytes)>;

/// What the store does not have is left out, and of many films those that are needed last, so that the
/// document fits a frame of the link.
[[nodiscard]] wire::Manifest manifest(const std::vector<ProgrammeRow>& programmes,
                                      const std::vector<MediaRow>& media, const There& there,
                                      const Recipient& recipient, base::Instant now);

} // namespace machiai::cloud
