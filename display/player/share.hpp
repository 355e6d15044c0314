// SPDX-License-Identifier: Apache-2.0
// Pictures handed from a film's process to the display without a copy: three places in shared memory of which
// the writer has one, the reader one, and the third holds the newest or is free. Neither ever waits.
#pragma once

#include "core/base/result.hpp"

#include <QImage>
#include <QSize>
#include <atomic>
#include <cstdint>
#include <memory>
#include <optional>

namespace machiai::display {

class Share : public std::enable_shared_from_this<Share> {
public:
  /// Room for pictures of at most `largest`. Error device "no_memory".
  [[nodiscard]] static base::Result<std::shared_ptr<Share>> make(const QSize& largest);
  /// The other end of the one that was made; `fd` stays the caller's.
  [[nodiscard]] static base::Result<std::shared_ptr<Share>> open(int fd);
  ~Share();
  Share(const Share&) = delete;
  Share& operator=(const Share&) = delete;

  [[nodiscard]] int fd() const { return fd_; }
  [[nodiscard]] QSize largest() const { return largest_; }

  /// Writer: a picture of that size to be filled, RGB32. It is the same memory until the next publish.
  [[nodiscard]] QImage canvas(const QSize& size);
  /// Writer: what is on the canvas, belonging to the opening of that number, is now the newest.
  void publish(const QSize& size, std::uint32_t serial);

  struct Picture {
    QImage image; ///< memory of the share, which it keeps; stays as it is until the next take()
    std::uint32_t serial = 0;
  };
  /// Reader: the newest picture, if one came since the last take.
  [[nodiscard]] std::optional<Picture> take();

private:
  struct Head;
  Share(int fd, bool owner, void* memory, std::size_t bytes);
  [[nodiscard]] std::uint8_t* pixels(unsigned place) const;

  int fd_;
  bool owner_;
  std::size_t bytes_;
  Head* head_;
  QSize largest_; ///< read once: the other end can write over it
  unsigned mine_; ///< the place this end has
};

} // namespace machiai::display
