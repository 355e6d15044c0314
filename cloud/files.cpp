// SPDX-License-Identifier: Apache-2.0
#include "cloud/files.hpp"

#include "cloud/grant.hpp"
#include "cloud/token.hpp"
#include "core/store/station.hpp"
#include "core/vault/cipher.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <system_error>
#include <vector>

namespace machiai::cloud {

namespace fs = std::filesystem;
using base::Error;
using base::fail;
using base::Result;
using base::Status;
using vault::File;

namespace {

constexpr std::size_t at_once = std::size_t{1} << 20;

Status copy(const File& from, File& to, const std::string& sha256) {
  vault::Sha256 sha;
  std::vector<unsigned char> piece(at_once);
  for (std::uint64_t offset = 0;;) {
    const auto read = from.read_at(offset, piece);
    MACHIAI_TRY(read);
    if (*read == 0) break;
    const vault::Bytes bytes(piece.data(), *read);
    sha.add(bytes);
    MACHIAI_TRY(to.write_at(offset, bytes));
    offset += *read;
  }
  // The source was changed between the two readings.
  if (vault::hex(sha.finish()) != sha256) return fail(Error::Code::conflict, "content_changed");
  return to.sync();
}

} // namespace

fs::path content_file(const fs::path& dir, std::string_view sha256) {
  return dir / sha256.substr(0, 2) / sha256;
}

Result<Content> keep_content(const fs::path& dir, const File& source) {
  const auto size = source.size();
  MACHIAI_TRY(size);
  if (*size == 0) return fail(Error::Code::invalid, "media_empty");
  const auto digest = vault::digest_of(source);
  MACHIAI_TRY(digest);
  const Content content{vault::hex(*digest), *size};
  if (content_there(dir, content.sha256, content.bytes) && verify_content(dir, content.sha256))
    return content;
  const fs::path file = content_file(dir, content.sha256);
  std::error_code error;
  fs::create_directories(file.parent_path(), error);
  if (error) return fail(Error::Code::storage, "media_read_only", file.parent_path().filename().string());
  const fs::path part = file.string() + ".part";
  auto made = File::open(part, O_WRONLY | O_CREAT);
  MACHIAI_TRY(made);
  if (!made->lock() || !made->is_at(part)) return fail(Error::Code::conflict, "media_busy");
  auto done = made->cut(0);
  if (done) done = copy(source, *made, content.sha256);
  if (done) done = vault::rename_durably(part, file);
  if (!done) ::unlink(part.c_str());
  MACHIAI_TRY(done);
  return content;
}

Result<Content> keep_content(const fs::path& dir, std::string_view text) {
  std::error_code error;
  fs::create_directories(dir, error);
  auto source = File::nameless(dir);
  MACHIAI_TRY(source);
  MACHIAI_TRY(source->write_at(0, {reinterpret_cast<const unsigned char*>(text.data()), text.size()}));
  return keep_content(dir, *source);
}

Result<File> open_content(const fs::path& dir, std::string_view sha256) {
  if (!is_content_name(sha256)) return fail(Error::Code::not_found, "content_missing");
  auto file = File::open(content_file(dir, sha256), O_RDONLY | O_NONBLOCK | O_NOFOLLOW);
  struct stat told {};
  if (!file || ::fstat(file->fd(), &told) != 0 || !S_ISREG(told.st_mode) || told.st_size == 0)
    return fail(Error::Code::not_found, "content_missing");
  ::posix_fadvise(file->fd(), 0, 0, POSIX_FADV_SEQUENTIAL); // the system reads further ahead
  return file;
}

bool content_there(const fs::path& dir, std::string_view sha256, std::uint64_t bytes) {
  struct stat told {};
  return ::lstat(content_file(dir, sha256).c_str(), &told) == 0 && S_ISREG(told.st_mode) &&
         static_cast<std::uint64_t>(told.st_size) == bytes;
}

Status verify_content(const fs::path& dir, std::string_view sha256) {
  const auto file = open_content(dir, sha256);
  MACHIAI_TRY(file);
  const auto digest = vault::digest_of(*file);
  MACHIAI_TRY(digest);
  if (vault::hex(*digest) != sha256) return fail(Error::Code::invalid, "content_changed");
  return {};
}

Status drop_content(const fs::path& dir, std::string_view sha256) {
  std::error_code error;
  fs::remove(content_file(dir, sha256), error);
  if (error) return fail(Error::Code::storage, "media_read_only", std::string(sha256.substr(0, 12)));
  return {};
}

void sweep_parts(const fs::path& dir) {
  std::error_code error;
  for (const auto& shelf : fs::directory_iterator(dir, error)) {
    std::error_code none; // no directory, or gone again
    for (const auto& each : fs::directory_iterator(shelf.path(), none)) {
      if (each.path().extension() != ".part") continue;
      auto part = File::open(each.path(), O_WRONLY | O_NONBLOCK | O_NOFOLLOW);
      if (part && part->lock()) ::unlink(each.path().c_str());
    }
  }
}

Result<std::string> media_key(const fs::path& file, std::string_view secret) {
  std::error_code error;
  if (!fs::exists(file, error)) {
    const std::string made = hex_name(mac(secret, "media 1") + mac(secret, "media 2"));
    MACHIAI_TRY(machiai::store::write_durable_file(file, made + "\n"));
  }
  auto text = machiai::store::read_file(file);
  MACHIAI_TRY(text);
  while (!text->empty() && (text->back() == '\n' || text->back() == ' ')) text->pop_back();
  if (!is_content_name(*text)) return fail(Error::Code::invalid, "bad_settings", "keys/media");
  return text;
}

} // namespace machiai::cloud
