// SPDX-License-Identifier: Apache-2.0
#include "core/store/station.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <openssl/rand.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <memory>

namespace machiai::store {

namespace {

using base::Error;
using base::fail;
using base::Result;
using base::Status;

/// Room for the WAL to grow to where it is checkpointed and begun anew (1,000 pages), and for the ledger to
/// grow by more than a day's numbers.
constexpr std::size_t ballast_bytes = std::size_t{6} << 20;
constexpr std::size_t left_beside_ballast = std::size_t{2} << 20;

std::string random_token() {
  unsigned char bytes[24];
  if (RAND_bytes(bytes, sizeof bytes) != 1) std::abort();
  std::string text;
  for (const unsigned char byte : bytes) text += fmt::format("{:02x}", byte);
  return text;
}

/// A disk that has just become full takes a part, and says so when it is asked for the rest.
bool write_all(int fd, std::string_view text) {
  while (!text.empty()) {
    const ssize_t count = ::write(fd, text.data(), text.size());
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return false;
    text.remove_prefix(static_cast<std::size_t>(count));
  }
  return true;
}

} // namespace

tl::unexpected<Error> file_error(const std::filesystem::path& path) {
  const char* reason = "storage";
  if (errno == ENOSPC) reason = "disk_full";
  if (errno == EROFS) reason = "storage_read_only";
  if (errno == EACCES || errno == EPERM) reason = "no_permission";
  return fail(Error::Code::storage, reason, path.filename().string());
}

Status write_file(const std::filesystem::path& path, std::string_view text, bool secret) {
  const std::filesystem::path part = path.string() + ".part";
  const int fd = ::open(part.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, secret ? 0600 : 0644);
  if (fd < 0) return file_error(path);
  const bool written = write_all(fd, text) && ::fsync(fd) == 0;
  const bool closed = ::close(fd) == 0;
  if (!written || !closed || ::rename(part.c_str(), path.c_str()) != 0) return file_error(path);
  return {};
}

Status write_durable_file(const std::filesystem::path& path, std::string_view text) {
  MACHIAI_TRY(write_file(path, text, true));
  const int fd = ::open(path.parent_path().c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  const bool synced = fd >= 0 && ::fsync(fd) == 0;
  if (fd >= 0) ::close(fd);
  if (!synced) return file_error(path);
  return {};
}

Status overwrite_file(const std::filesystem::path& path, std::string text) {
  const int fd = ::open(path.c_str(), O_WRONLY | O_CLOEXEC);
  if (fd < 0) return file_error(path);
  const auto size = static_cast<std::size_t>(std::max<off_t>(::lseek(fd, 0, SEEK_END), 0));
  text.resize(std::max(size, text.size()), '\n');
  const bool written = ::pwrite(fd, text.data(), text.size(), 0) == static_cast<ssize_t>(text.size());
  if (::close(fd) != 0 || !written) return file_error(path);
  return {};
}

Result<std::string> read_file(const std::filesystem::path& path) {
  const std::string name = path.filename().string();
  // A pipe that nobody writes to would hold whoever opens it.
  const int fd = ::open(path.c_str(), O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
  if (fd < 0 && (errno == ENOENT || errno == ENOTDIR))
    return fail(Error::Code::not_found, "missing_file", name);
  if (fd < 0) return file_error(path);
  const auto close = [](const int* open) { ::close(*open); };
  const std::unique_ptr<const int, decltype(close)> closed(&fd, close);
  struct stat told {};
  if (::fstat(fd, &told) != 0) return file_error(path);
  if (!S_ISREG(told.st_mode)) return fail(Error::Code::invalid, "not_a_file", name);
  std::string text;
  std::array<char, 16'384> piece{};
  while (text.size() <= largest_file) {
    const ssize_t got = ::read(fd, piece.data(), piece.size());
    if (got < 0 && errno != EINTR) return file_error(path);
    if (got == 0) return text;
    if (got > 0) text.append(piece.data(), static_cast<std::size_t>(got));
  }
  return fail(Error::Code::limit, "file_too_large", name);
}

Result<std::string> read_given_file(const std::filesystem::path& path) {
  auto text = read_file(path);
  if (!text && text.error().reason == "missing_file")
    return fail(Error::Code::not_found, "no_such_file", path.string());
  return text;
}

Status make_folder(const std::filesystem::path& path) {
  std::error_code error;
  std::filesystem::create_directories(path, error);
  if (!error) return {};
  const char* reason = "storage";
  if (error == std::errc::permission_denied) reason = "no_permission";
  if (error == std::errc::not_a_directory || error == std::errc::file_exists) reason = "not_a_folder";
  if (error == std::errc::no_space_on_device) reason = "disk_full";
  if (error == std::errc::read_only_file_system) reason = "storage_read_only";
  std::filesystem::path stands = path; // what is there of it is in the way
  std::error_code ignored;
  while (!stands.empty() && !std::filesystem::exists(stands, ignored)) stands = stands.parent_path();
  return fail(Error::Code::storage, reason, (stands.empty() ? path : stands).string());
}

Result<std::vector<std::pair<std::string, std::string>>> load_tokens(const Home& home) {
  std::vector<std::pair<std::string, std::string>> tokens;
  for (const std::string_view role : roles) {
    auto token = read_file(home.token(role));
    if (!token || token->size() < 32) {
      token = random_token();
      MACHIAI_TRY(write_file(home.token(role), *token, true));
    }
    tokens.emplace_back(role, std::move(*token));
  }
  return tokens;
}

Status fill_ballast(const Home& home) {
  std::error_code error;
  if (std::filesystem::file_size(home.ballast(), error) == ballast_bytes && !error) return {};
  // Not the last bytes: the ledger may be writing into them at this moment.
  const auto space = std::filesystem::space(home.ballast().parent_path(), error);
  if (!error && space.available < ballast_bytes + left_beside_ballast)
    return fail(Error::Code::storage, "disk_full", home.ballast().filename().string());
  const int fd = ::open(home.ballast().c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
  if (fd < 0) return file_error(home.ballast());
  const int result = ::posix_fallocate(fd, 0, static_cast<off_t>(ballast_bytes));
  ::close(fd);
  if (result == 0) return {};
  ::unlink(home.ballast().c_str());
  errno = result;
  return file_error(home.ballast());
}

bool drop_ballast(const Home& home) {
  return ::unlink(home.ballast().c_str()) == 0;
}

} // namespace machiai::store
