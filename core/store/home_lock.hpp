// SPDX-License-Identifier: Apache-2.0
// One process a home: released by the system when the process ends, however it ends.
#pragma once

#include "core/base/result.hpp"

#include <filesystem>
#include <utility>

namespace machiai::store {

class HomeLock {
public:
  /// Conflict "home_in_use": another process holds it. Storage "no_permission", "storage_read_only" and the
  /// like: the file cannot be made or opened.
  [[nodiscard]] static base::Result<HomeLock> take(const std::filesystem::path& path);
  HomeLock(HomeLock&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  HomeLock& operator=(HomeLock&&) = delete;
  ~HomeLock();

private:
  explicit HomeLock(int fd) : fd_(fd) {}
  int fd_;
};

} // namespace machiai::store
