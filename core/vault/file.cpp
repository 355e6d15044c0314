// SPDX-License-Identifier: Apache-2.0
#include "core/vault/file.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <utility>

namespace machiai::vault {

namespace fs = std::filesystem;
using base::Error;
using base::fail;
using base::Result;
using base::Status;

namespace {

tl::unexpected<Error> failed(int error, std::string name) {
  const char* reason = "media_disk";
  if (error == ENOSPC || error == EDQUOT || error == EFBIG) reason = "media_disk_full";
  if (error == EROFS || error == EACCES) reason = "media_read_only";
  if (error == ENOENT) return fail(Error::Code::not_found, "missing_media", std::move(name));
  return fail(Error::Code::storage, reason, std::move(name));
}

} // namespace

Result<File> File::open(const fs::path& path, int flags) {
  const int fd = ::open(path.c_str(), flags | O_CLOEXEC, 0600);
  if (fd < 0) return failed(errno, path.filename().string());
  return File(fd, path.filename().string());
}

Result<File> File::nameless(const fs::path& directory) {
  // Not O_TMPFILE: not every file system has it.
  std::string name = (directory / "work-XXXXXX").string();
  const int fd = ::mkostemp(name.data(), O_CLOEXEC);
  if (fd < 0) return failed(errno, "work");
  ::unlink(name.c_str());
  return File(fd, "work");
}

File::File(File&& other) noexcept
    : fd_(std::exchange(other.fd_, -1)), name_(std::move(other.name_)), on_its_way_(other.on_its_way_) {}

File& File::operator=(File&& other) noexcept {
  std::swap(fd_, other.fd_);
  std::swap(name_, other.name_);
  std::swap(on_its_way_, other.on_its_way_);
  return *this;
}

File::~File() {
  if (fd_ >= 0) ::close(fd_);
}

Status File::write_at(std::uint64_t offset, Bytes bytes) {
  while (!bytes.empty()) {
    const ssize_t n = ::pwrite(fd_, bytes.data(), bytes.size(), static_cast<off_t>(offset));
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return failed(n == 0 ? ENOSPC : errno, name_);
    bytes = bytes.subspan(static_cast<std::size_t>(n));
    offset += static_cast<std::uint64_t>(n);
  }
  return {};
}

Result<std::size_t> File::read_at(std::uint64_t offset, Room room) const {
  std::size_t done = 0;
  while (done < room.size()) {
    const ssize_t n = ::pread(fd_, room.data() + done, room.size() - done, static_cast<off_t>(offset + done));
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return failed(errno, name_);
    if (n == 0) break;
    done += static_cast<std::size_t>(n);
  }
  return done;
}

Result<std::uint64_t> File::size() const {
  struct stat told {};
  if (::fstat(fd_, &told) != 0) return failed(errno, name_);
  return static_cast<std::uint64_t>(told.st_size);
}

Status File::cut(std::uint64_t size) {
  if (::ftruncate(fd_, static_cast<off_t>(size)) != 0) return failed(errno, name_);
  on_its_way_ = std::min(on_its_way_, size);
  return {};
}

Status File::sync() {
  if (::fsync(fd_) != 0) return failed(errno, name_);
  return {};
}

void File::hurry(std::uint64_t written) {
  constexpr std::uint64_t step = 8 << 20;
  if (written < on_its_way_ + step) return;
  const auto from = static_cast<off64_t>(on_its_way_);
  const auto before = static_cast<off64_t>(std::min(on_its_way_, step));
  // A hint: what goes wrong shows in sync().
  (void)::sync_file_range(fd_, from - before, before,
                          SYNC_FILE_RANGE_WAIT_BEFORE | SYNC_FILE_RANGE_WRITE | SYNC_FILE_RANGE_WAIT_AFTER);
  (void)::sync_file_range(fd_, from, static_cast<off64_t>(written) - from, SYNC_FILE_RANGE_WRITE);
  on_its_way_ = written;
}

bool File::lock() {
  return ::flock(fd_, LOCK_EX | LOCK_NB) == 0;
}

void File::wait_for_lock() {
  while (::flock(fd_, LOCK_EX) != 0 && errno == EINTR) {
  }
}

bool File::is_at(const fs::path& path) const {
  struct stat mine {
  }, named{};
  return ::fstat(fd_, &mine) == 0 && ::stat(path.c_str(), &named) == 0 && mine.st_ino == named.st_ino &&
         mine.st_dev == named.st_dev;
}

Status rename_durably(const fs::path& from, const fs::path& to) {
  if (::rename(from.c_str(), to.c_str()) != 0) return failed(errno, to.filename().string());
  auto directory = File::open(to.parent_path(), O_RDONLY | O_DIRECTORY);
  MACHIAI_TRY(directory);
  return directory->sync();
}

Status write_whole(const fs::path& path, Bytes bytes) {
  const fs::path part = path.string() + "." + std::to_string(::getpid()) + ".part";
  auto file = File::open(part, O_WRONLY | O_CREAT | O_TRUNC);
  MACHIAI_TRY(file);
  auto written = file->write_at(0, bytes);
  if (written) written = file->sync();
  if (written) written = rename_durably(part, path);
  if (!written) ::unlink(part.c_str());
  return written;
}

} // namespace machiai::vault
