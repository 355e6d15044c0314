// SPDX-License-Identifier: Apache-2.0
#include "display/player/share.hpp"

#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <new>

namespace machiai::display {

namespace {

constexpr std::uint32_t magic = 0x6D636831;
constexpr unsigned fresh = 4; ///< flag beside the number of the third place
constexpr std::size_t head_bytes = 4096;
constexpr int most_pixels = 4096; // a side

std::size_t bytes_of(const QSize& size) {
  return std::size_t(size.width()) * std::size_t(size.height()) * 4;
}

tl::unexpected<base::Error> no_memory(const char* detail) {
  return base::fail(base::Error::Code::device, "no_memory", detail);
}

} // namespace

struct Share::Head {
  std::uint32_t magic = 0;
  std::int32_t width = 0, height = 0; ///< of the largest picture
  struct {
    std::int32_t width = 0, height = 0;
    std::uint32_t serial = 0;
  } place[3];
  std::atomic<unsigned> third{2};
};

Share::Share(int fd, bool owner, void* memory, std::size_t bytes)
    : fd_(fd), owner_(owner), bytes_(bytes), head_(static_cast<Head*>(memory)),
      largest_(head_->width, head_->height), mine_(owner ? 0 : 1) {
  static_assert(sizeof(Head) <= head_bytes && std::atomic<unsigned>::is_always_lock_free);
}

Share::~Share() {
  ::munmap(head_, bytes_);
  if (owner_) ::close(fd_);
}

base::Result<std::shared_ptr<Share>> Share::make(const QSize& largest) {
  const QSize size = largest.expandedTo({16, 16}).boundedTo({most_pixels, most_pixels});
  const std::size_t bytes = head_bytes + 3 * bytes_of(size);
  const int fd = ::memfd_create("machiai-pictures", MFD_CLOEXEC);
  if (fd < 0) return no_memory("memfd");
  void* memory = MAP_FAILED;
  if (::ftruncate(fd, static_cast<off_t>(bytes)) == 0)
    memory = ::mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
  if (memory == MAP_FAILED) {
    ::close(fd);
    return no_memory("mmap");
  }
  auto* head = new (memory) Head;
  head->width = size.width();
  head->height = size.height();
  head->magic = magic;
  return std::shared_ptr<Share>(new Share(fd, true, memory, bytes));
}

base::Result<std::shared_ptr<Share>> Share::open(int fd) {
  struct stat info = {};
  if (::fstat(fd, &info) != 0 || info.st_size < off_t(head_bytes)) return no_memory("fstat");
  const auto bytes = std::size_t(info.st_size);
  void* memory = ::mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
  if (memory == MAP_FAILED) return no_memory("mmap");
  auto share = std::shared_ptr<Share>(new Share(fd, false, memory, bytes));
  const QSize largest = share->largest_;
  const bool sane = !largest.isEmpty() && largest == largest.boundedTo({most_pixels, most_pixels});
  if (share->head_->magic != magic || !sane || bytes != head_bytes + 3 * bytes_of(largest))
    return no_memory("magic");
  return share;
}

std::uint8_t* Share::pixels(unsigned place) const {
  return reinterpret_cast<std::uint8_t*>(head_) + head_bytes + place * bytes_of(largest_);
}

QImage Share::canvas(const QSize& size) {
  const QSize fitting = size.boundedTo(largest_);
  return QImage(pixels(mine_), fitting.width(), fitting.height(), fitting.width() * 4, QImage::Format_RGB32);
}

void Share::publish(const QSize& size, std::uint32_t serial) {
  const QSize fitting = size.boundedTo(largest_);
  head_->place[mine_] = {fitting.width(), fitting.height(), serial};
  mine_ = head_->third.exchange(mine_ | fresh, std::memory_order_acq_rel) & 3U;
}

std::optional<Share::Picture> Share::take() {
  if ((head_->third.load(std::memory_order_acquire) & fresh) == 0) return std::nullopt;
  mine_ = std::min(head_->third.exchange(mine_, std::memory_order_acq_rel) & 3U, 2U);
  // What stands there was written by a process that reads foreign files: nothing of it is believed.
  const auto place = head_->place[mine_];
  const QSize size(place.width, place.height);
  if (size.isEmpty() || size != size.boundedTo({most_pixels, most_pixels})) return std::nullopt;
  if (head_bytes + mine_ * bytes_of(largest_) + bytes_of(size) > bytes_) return std::nullopt;
  auto* kept = new std::shared_ptr<Share>(shared_from_this());
  const auto let_go = [](void* share) { delete static_cast<std::shared_ptr<Share>*>(share); };
  return Picture{QImage(pixels(mine_), size.width(), size.height(), size.width() * 4, QImage::Format_RGB32,
                        let_go, kept),
                 place.serial};
}

} // namespace machiai::display
