// SPDX-License-Identifier: Apache-2.0
#include "core/store/home_lock.hpp"

#include "core/store/station.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>

namespace machiai::store {

base::Result<HomeLock> HomeLock::take(const std::filesystem::path& path) {
  const int fd = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (fd < 0) return file_error(path);
  HomeLock lock(fd);
  if (::flock(fd, LOCK_EX | LOCK_NB) == 0) return lock;
  if (errno != EWOULDBLOCK) return file_error(path);
  return base::fail(base::Error::Code::conflict, "home_in_use");
}

HomeLock::~HomeLock() {
  if (fd_ >= 0) ::close(fd_);
}

} // namespace machiai::store
