// SPDX-License-Identifier: Apache-2.0
#include "core/vault/vault.hpp"

#include "core/vault/guards.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <utility>

namespace machiai::vault {

namespace fs = std::filesystem;
using base::Error;
using base::fail;
using base::Result;
using base::Status;

namespace {

// Where what lies in the header; docs/VAULT.md.
constexpr std::string_view magic = "MCHVAULT";
constexpr std::size_t at_version = 8, at_chunk = 12, at_size = 16, at_sha = 24, at_id = 56, at_nonce = 100,
                      at_tag = 112;
constexpr std::uint64_t version = 1;

using RawHeader = std::array<unsigned char, header_size>;

std::uint64_t chunks_of(std::uint64_t content) {
  return (content + chunk_size - 1) / chunk_size;
}

std::uint64_t place_of(std::uint64_t index) {
  return header_size + index * (chunk_size + chunk_extra);
}

template <class Array> void put_array(Room room, std::size_t at, const Array& array) {
  std::copy(array.begin(), array.end(), room.begin() + static_cast<std::ptrdiff_t>(at));
}

template <class Array> Array get_array(Bytes bytes, std::size_t at) {
  Array array{};
  std::copy_n(bytes.begin() + static_cast<std::ptrdiff_t>(at), array.size(), array.begin());
  return array;
}

/// What binds a chunk to its place: without it two chunks, or those of two files, could change places.
std::array<unsigned char, 24> associated(const FileId& id, std::uint64_t index) {
  std::array<unsigned char, 24> bytes{};
  if (!guard_on(Guard::place)) return bytes;
  put_array(bytes, 0, id);
  put(bytes, id.size(), index, 8);
  return bytes;
}

RawHeader raw_header(Gcm& gcm, const Header& header) {
  RawHeader raw{};
  put_array(raw, 0, magic);
  put(raw, at_version, version, 4);
  put(raw, at_chunk, chunk_size, 4);
  put(raw, at_size, header.size, 8);
  put_array(raw, at_sha, header.sha256);
  put_array(raw, at_id, header.id);
  const auto nonce = random_of<Nonce>();
  Tag tag{};
  gcm.seal(nonce, Bytes(raw).first(at_nonce), {}, {}, tag);
  put_array(raw, at_nonce, nonce);
  put_array(raw, at_tag, tag);
  return raw;
}

tl::unexpected<Error> bad() {
  return fail(Error::Code::invalid, "vault_bad");
}

Result<Header> read_header(const RawHeader& raw, const Key& key) {
  if (std::all_of(raw.begin(), raw.end(), [](unsigned char byte) { return byte == 0; }))
    return fail(Error::Code::invalid, "vault_half");
  if (!std::equal(magic.begin(), magic.end(), raw.begin())) return bad();
  if (get(raw, at_version, 4) > version) return fail(Error::Code::invalid, "vault_newer");
  if (get(raw, at_version, 4) != version || get(raw, at_chunk, 4) != chunk_size) return bad();
  const bool fits = Gcm(key).open(get_array<Nonce>(raw, at_nonce), Bytes(raw).first(at_nonce), {}, {},
                                  get_array<Tag>(raw, at_tag));
  if (guard_on(Guard::header) && !fits) return bad();
  return Header{get(raw, at_size, 8), get_array<Digest>(raw, at_sha), get_array<FileId>(raw, at_id)};
}

fs::path part_of(const fs::path& path) {
  return path.string() + ".part";
}

} // namespace

std::uint64_t vault_size(std::uint64_t content) {
  return header_size + content + chunks_of(content) * chunk_extra;
}

Writer::Writer(fs::path path, File file, const Key& key, const FileId& id)
    : path_(std::move(path)), file_(std::move(file)), gcm_(key), sealed_(chunk_size + chunk_extra) {
  header_.id = id;
  waiting_.reserve(chunk_size);
}

Result<Writer> Writer::create(fs::path path, const Key& key, const FileId& id) {
  const fs::path part = part_of(path);
  auto file = File::open(part, O_RDWR | O_CREAT);
  MACHIAI_TRY(file);
  // The second look: whoever had the lock before may have renamed or removed the file meanwhile.
  if (!file->lock() || !file->is_at(part)) return fail(Error::Code::conflict, "media_busy");
  MACHIAI_TRY(file->cut(0));
  MACHIAI_TRY(file->write_at(0, RawHeader{})); // told from a whole one by its zeros
  return Writer(std::move(path), std::move(*file), key, id);
}

Writer::~Writer() {
  if (file_ && file_->fd() >= 0) ::unlink(part_of(path_).c_str());
}

Status Writer::append(Bytes bytes) {
  while (!bytes.empty()) {
    const std::size_t n = std::min(bytes.size(), chunk_size - waiting_.size());
    waiting_.insert(waiting_.end(), bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(n));
    bytes = bytes.subspan(n);
    if (waiting_.size() < chunk_size) break;
    MACHIAI_TRY(write_chunk(waiting_));
    waiting_.clear();
  }
  return {};
}

Status Writer::write_chunk(Bytes plain) {
  if (header_.size + plain.size() > largest_content) return fail(Error::Code::limit, "media_too_big");
  const auto nonce = random_of<Nonce>();
  Tag tag{};
  const Room all = Room(sealed_).first(plain.size() + chunk_extra);
  gcm_.seal(nonce, associated(header_.id, chunks_), plain, all.subspan(nonce.size(), plain.size()), tag);
  put_array(all, 0, nonce);
  put_array(all, nonce.size() + plain.size(), tag);
  MACHIAI_TRY(file_->write_at(place_of(chunks_), all));
  sha_.add(plain);
  header_.size += plain.size();
  ++chunks_;
  file_->hurry(place_of(chunks_));
  return {};
}

Result<Header> Writer::finish(const std::optional<Digest>& promised) {
  if (!waiting_.empty()) MACHIAI_TRY(write_chunk(waiting_));
  header_.sha256 = sha_.finish();
  if (promised && *promised != header_.sha256) return fail(Error::Code::invalid, "hash_differs");
  MACHIAI_TRY(file_->sync()); // the chunks before the header that vouches for them
  MACHIAI_TRY(file_->write_at(0, raw_header(gcm_, header_)));
  MACHIAI_TRY(file_->sync());
  MACHIAI_TRY(rename_durably(part_of(path_), path_));
  file_.reset();
  return header_;
}

Reader::Reader(File file, const Key& key, const Header& header)
    : file_(std::move(file)), gcm_(key), header_(header) {}

Result<Reader> Reader::open(const fs::path& path, const Key& key, const std::optional<Digest>& content) {
  auto file = File::open(path, O_RDONLY);
  MACHIAI_TRY(file);
  const auto size = file->size();
  MACHIAI_TRY(size);
  RawHeader raw{};
  const auto read = file->read_at(0, raw);
  MACHIAI_TRY(read);
  if (*read < raw.size()) return bad();
  const auto header = read_header(raw, key);
  MACHIAI_TRY(header);
  if (header->size > largest_content) return bad();
  if (guard_on(Guard::size) && vault_size(header->size) != *size) return bad();
  if (guard_on(Guard::content) && content && *content != header->sha256) return bad();
  return Reader(std::move(*file), key, *header);
}

Status Reader::load(std::uint64_t index) {
  if (loaded_ == index) return {};
  loaded_.reset();
  const auto length =
      static_cast<std::size_t>(std::min<std::uint64_t>(chunk_size, header_.size - index * chunk_size));
  sealed_.resize(length + chunk_extra);
  plain_.resize(length);
  const auto read = file_.read_at(place_of(index), sealed_);
  MACHIAI_TRY(read);
  if (*read != sealed_.size()) return bad();
  const auto nonce = get_array<Nonce>(sealed_, 0);
  const Bytes body = Bytes(sealed_).subspan(nonce.size(), length);
  if (!gcm_.open(nonce, associated(header_.id, index), body, plain_,
                 get_array<Tag>(sealed_, nonce.size() + length)))
    return bad();
  loaded_ = index;
  return {};
}

Result<std::size_t> Reader::read(std::uint64_t offset, Room room) {
  std::size_t done = 0;
  while (done < room.size() && offset < header_.size) {
    MACHIAI_TRY(load(offset / chunk_size));
    const auto within = static_cast<std::size_t>(offset % chunk_size);
    const std::size_t n = std::min(room.size() - done, plain_.size() - within);
    std::copy_n(plain_.begin() + static_cast<std::ptrdiff_t>(within), n,
                room.begin() + static_cast<std::ptrdiff_t>(done));
    done += n;
    offset += n;
  }
  return done;
}

Status Reader::verify() {
  Sha256 sha;
  for (std::uint64_t index = 0; index < chunks_of(header_.size); ++index) {
    MACHIAI_TRY(load(index));
    sha.add(plain_);
  }
  if (sha.finish() != header_.sha256) return bad();
  return {};
}

} // namespace machiai::vault
