// SPDX-License-Identifier: Apache-2.0
// A file that is on its way: what has arrived of it, and the hash of that.
#pragma once

#include "core/vault/cipher.hpp"

#include <array>
#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <filesystem>
#include <mutex>
#include <span>
#include <string_view>
#include <thread>
#include <vector>

namespace machiai::sync {

struct Fetching;

class Part {
public:
  /// Takes up what an earlier try left, unless it is longer than `whole`. Errors of vault::File; conflict
  /// "media_busy" (another writes it), "fetch_stopped".
  [[nodiscard]] static base::Result<Part> open(const std::filesystem::path& path, std::uint64_t whole,
                                               Fetching& fetching);
  [[nodiscard]] std::uint64_t have() const { return have_; }
  /// What is here counts for nothing.
  [[nodiscard]] base::Status restart();
  [[nodiscard]] base::Status append(vault::Bytes bytes);
  /// Compared and on the disk. Error invalid "hash_differs".
  [[nodiscard]] base::Status finish(std::string_view sha256);

private:
  Part(vault::File file, Fetching& fetching) : file_(std::move(file)), fetching_(&fetching) {}
  [[nodiscard]] base::Status read_again();

  vault::File file_;
  Fetching* fetching_;
  vault::Sha256 sha_;
  std::uint64_t have_ = 0;
};

/// Appends to a part on a thread of its own: hashing and the disk take as long as the line does. Until it is
/// settled the part is its own.
class Behind {
public:
  /// Pieces of at most so many bytes.
  Behind(Part& part, std::size_t piece);
  Behind(const Behind&) = delete;
  Behind& operator=(const Behind&) = delete;
  ~Behind();
  /// To be filled; waits for a free one. The same again until it is handed over.
  [[nodiscard]] std::span<unsigned char> room();
  /// The beginning of room(). Error: what an earlier one met.
  [[nodiscard]] base::Status hand_over(std::size_t bytes);
  /// All that was handed over is in the file, or an error says why not.
  [[nodiscard]] base::Status settle();

private:
  struct Piece {
    std::vector<unsigned char> bytes;
    std::size_t used = 0;
  };
  void run();

  Part& part_;
  std::array<Piece, 16> pieces_; ///< so many that neither thread waits for the other to be given a core
  std::mutex mutex_;
  std::condition_variable wake_;
  std::size_t filled_ = 0, written_ = 0; ///< pieces since the beginning
  bool over_ = false;
  base::Status failed_;
  std::thread thread_;
};

} // namespace machiai::sync
