// SPDX-License-Identifier: Apache-2.0
#include "core/vault/keys.hpp"

#include "core/vault/guards.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>

namespace machiai::vault {

namespace fs = std::filesystem;
using base::Error;
using base::fail;
using base::Result;
using base::Status;

namespace {

// Where what lies in a key's file; docs/VAULT.md.
constexpr std::string_view key_magic = "MCHITEMK";
constexpr std::size_t key_version_at = 8, key_expires_at = 12, key_content_at = 20, key_id_at = 52,
                      key_station_at = 68, key_nonce_at = 76, key_bytes_at = 88, key_tag_at = 120,
                      file_size = 136;
constexpr std::uint64_t key_version = 1;
using Raw = std::array<unsigned char, file_size>;

/// Which station's key it is, without telling the key: tells a foreign file from a damaged one.
std::array<unsigned char, 8> name_of(const Key& station) {
  constexpr std::string_view label = "machiai station key";
  Sha256 sha;
  sha.add({reinterpret_cast<const unsigned char*>(label.data()), label.size()});
  sha.add(station.bytes);
  const Digest digest = sha.finish();
  std::array<unsigned char, 8> name{};
  std::copy_n(digest.begin(), name.size(), name.begin());
  return name;
}

/// Of two that make it at once one wins, and both then read the same.
Status make_station_key(const fs::path& path) {
  std::error_code error;
  fs::create_directories(path.parent_path(), error);
  fs::permissions(path.parent_path(), fs::perms::owner_all, error);
  const fs::path own = path.string() + "." + hex(random_of<FileId>());
  MACHIAI_TRY(write_whole(own, random_key().bytes));
  const bool made = ::link(own.c_str(), path.c_str()) == 0 || fs::exists(path, error);
  ::unlink(own.c_str());
  auto directory = File::open(path.parent_path(), O_RDONLY | O_DIRECTORY);
  MACHIAI_TRY(directory);
  MACHIAI_TRY(directory->sync());
  if (!made) return fail(Error::Code::storage, "bad_station_key", path.filename().string());
  return {};
}

template <class Array> Room part(Array& raw, std::size_t at, std::size_t size) {
  return Room(raw).subspan(at, size);
}

} // namespace

Result<Key> station_key(const fs::path& path) {
  std::error_code error;
  if (!fs::exists(path, error) && !error) MACHIAI_TRY(make_station_key(path));
  Key key;
  const auto file = File::open(path, O_RDONLY);
  MACHIAI_TRY(file);
  const auto size = file->size();
  MACHIAI_TRY(size);
  const auto read = file->read_at(0, key.bytes);
  MACHIAI_TRY(read);
  if (*size != key.bytes.size() || *read != key.bytes.size())
    return fail(Error::Code::storage, "bad_station_key", path.filename().string());
  return key;
}

ItemKey new_item_key(const Digest& content, base::Instant expires) {
  return {random_key(), random_of<FileId>(), content, expires};
}

Status keep_item_key(const fs::path& path, const Key& station, const ItemKey& item) {
  Raw raw{};
  std::copy(key_magic.begin(), key_magic.end(), raw.begin());
  put(raw, key_version_at, key_version, 4);
  put(raw, key_expires_at, static_cast<std::uint64_t>(base::to_ms(item.expires)), 8);
  std::copy(item.content.begin(), item.content.end(), part(raw, key_content_at, 32).begin());
  std::copy(item.id.begin(), item.id.end(), part(raw, key_id_at, 16).begin());
  const auto name = name_of(station);
  std::copy(name.begin(), name.end(), part(raw, key_station_at, 8).begin());
  const auto nonce = random_of<Nonce>();
  std::copy(nonce.begin(), nonce.end(), part(raw, key_nonce_at, 12).begin());
  Tag tag{};
  Gcm(station).seal(nonce, Bytes(raw).first(key_nonce_at), item.key.bytes, part(raw, key_bytes_at, 32), tag);
  std::copy(tag.begin(), tag.end(), part(raw, key_tag_at, 16).begin());
  return write_whole(path, raw);
}

Result<ItemKey> load_item_key(const fs::path& path, const Key& station, const Digest& content) {
  const auto file = File::open(path, O_RDONLY);
  MACHIAI_TRY(file);
  Raw raw{};
  const auto size = file->size();
  MACHIAI_TRY(size);
  const auto read = file->read_at(0, raw);
  MACHIAI_TRY(read);
  const auto bad = fail(Error::Code::invalid, "bad_item_key", path.filename().string());
  if (*size != raw.size() || *read != raw.size() ||
      !std::equal(key_magic.begin(), key_magic.end(), raw.begin()) ||
      get(raw, key_version_at, 4) != key_version)
    return bad;
  const auto name = name_of(station);
  if (!std::equal(name.begin(), name.end(), raw.begin() + key_station_at))
    return fail(Error::Code::forbidden, "foreign_key", path.filename().string());
  ItemKey item;
  Nonce nonce{};
  Tag tag{};
  std::copy_n(raw.begin() + key_nonce_at, nonce.size(), nonce.begin());
  std::copy_n(raw.begin() + key_tag_at, tag.size(), tag.begin());
  if (!Gcm(station).open(nonce, Bytes(raw).first(key_nonce_at), Bytes(raw).subspan(key_bytes_at, 32),
                         item.key.bytes, tag))
    return bad;
  std::copy_n(raw.begin() + key_content_at, item.content.size(), item.content.begin());
  std::copy_n(raw.begin() + key_id_at, item.id.size(), item.id.begin());
  item.expires = base::instant_from_ms(static_cast<std::int64_t>(get(raw, key_expires_at, 8)));
  if (item.content != content) return bad;
  return item;
}

Result<ItemKey> usable_item_key(const fs::path& path, const Key& station, const Digest& content,
                                base::Instant now) {
  auto item = load_item_key(path, station, content);
  if (item && guard_on(Guard::expiry) && now >= item->expires)
    return fail(Error::Code::forbidden, "right_ended", hex(content).substr(0, 12));
  return item;
}

} // namespace machiai::vault
