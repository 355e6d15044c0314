// SPDX-License-Identifier: Apache-2.0
// An open file whose every failure becomes an Error: "media_disk_full", "media_read_only", "missing_media" or
// "media_disk", with the file's name.
#pragma once

#include "core/base/result.hpp"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>

namespace machiai::vault {

using Bytes = std::span<const unsigned char>;
using Room = std::span<unsigned char>;

class File {
public:
  /// `flags` and `mode` of open(2); closed in children. Only its owner may read what it makes.
  [[nodiscard]] static base::Result<File> open(const std::filesystem::path& path, int flags);
  /// A new file without a name in that directory: gone when closed, also by a power cut.
  [[nodiscard]] static base::Result<File> nameless(const std::filesystem::path& directory);
  File(File&& other) noexcept;
  File& operator=(File&& other) noexcept;
  ~File();

  [[nodiscard]] int fd() const { return fd_; }
  [[nodiscard]] base::Status write_at(std::uint64_t offset, Bytes bytes);
  /// Reads until `room` is full or the file ends; how much that was.
  [[nodiscard]] base::Result<std::size_t> read_at(std::uint64_t offset, Room room) const;
  [[nodiscard]] base::Result<std::uint64_t> size() const;
  [[nodiscard]] base::Status cut(std::uint64_t size);
  /// On the disk.
  [[nodiscard]] base::Status sync();
  /// Called while a large file is written from its beginning: what lies before `written` sets out for the
  /// disk in time, so that neither sync() nor another file's commit waits behind all of it.
  void hurry(std::uint64_t written);
  /// Takes the file's lock without waiting; false when another has it.
  [[nodiscard]] bool lock();
  /// Waits for the file's lock.
  void wait_for_lock();
  /// Whether the path still names this file.
  [[nodiscard]] bool is_at(const std::filesystem::path& path) const;

private:
  File(int fd, std::string name) : fd_(fd), name_(std::move(name)) {}
  int fd_ = -1;
  std::string name_;
  std::uint64_t on_its_way_ = 0; ///< up to there it has set out
};

/// Renames, and has the directory on the disk before it returns.
[[nodiscard]] base::Status rename_durably(const std::filesystem::path& from, const std::filesystem::path& to);
/// Replaces a small file so that it is there, whole, after a power cut.
[[nodiscard]] base::Status write_whole(const std::filesystem::path& path, Bytes bytes);

} // namespace machiai::vault
