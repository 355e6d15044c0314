// SPDX-License-Identifier: Apache-2.0
#include "core/vault/film.hpp"

namespace machiai::vault {

using base::Error;
using base::fail;

FilmFiles film_files(const std::filesystem::path& media, std::string_view sha256) {
  const std::string stem = (media / sha256.substr(0, 2) / sha256).string();
  return {stem + ".vault", stem + ".key", stem + ".json"};
}

base::Result<Reader> open_film(const std::filesystem::path& media, const Key& station,
                               std::string_view sha256, base::Instant now) {
  const auto content = digest_of_hex(sha256);
  if (!content) return fail(Error::Code::invalid, "bad_hash");
  const FilmFiles files = film_files(media, sha256);
  const auto item = usable_item_key(files.key, station, *content, now);
  MACHIAI_TRY(item);
  auto reader = Reader::open(files.vault, item->key, *content);
  if (reader && reader->header().id != item->id) return fail(Error::Code::invalid, "vault_bad");
  return reader;
}

} // namespace machiai::vault
