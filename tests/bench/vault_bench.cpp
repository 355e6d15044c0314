// SPDX-License-Identifier: Apache-2.0
// What decrypting costs: how fast a vault is read, and which share of a core a film of 5 Mbit/s takes beside
// reading the same bytes from a plain file. Prints JSON.
#include "core/vault/keys.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <functional>
#include <thread>

using namespace machiai::vault;
using Steady = std::chrono::steady_clock;

namespace {

constexpr std::uint64_t film = std::uint64_t{128} << 20;
constexpr std::size_t piece = 32 * 1024; // what ffmpeg's demuxers ask for at a time
constexpr double film_bytes_a_second = 5e6 / 8;

double cpu_seconds() {
  return static_cast<double>(std::clock()) / CLOCKS_PER_SEC;
}

using Read = std::function<std::size_t(std::uint64_t, Room)>;

/// CPU seconds a byte, at full speed; the best of five, for the machine is shared.
double a_byte(const Read& read) {
  double best = 1;
  std::vector<unsigned char> room(piece);
  for (int round = 0; round < 5; ++round) {
    const double before = cpu_seconds();
    for (std::uint64_t at = 0; at < film; at += piece)
      if (read(at, room) != piece) std::abort();
    best = std::min(best, (cpu_seconds() - before) / static_cast<double>(film));
  }
  return best;
}

/// Share of a core at a film's own pace, 30 times a second: caches are cold then.
double paced(const Read& read, int seconds) {
  std::vector<unsigned char> room(static_cast<std::size_t>(film_bytes_a_second / 30));
  const double before = cpu_seconds();
  const auto begin = Steady::now();
  for (int n = 0; n < 30 * seconds; ++n) {
    (void)read(static_cast<std::uint64_t>(n) * room.size(), room);
    std::this_thread::sleep_until(begin + std::chrono::microseconds(33'333) * (n + 1));
  }
  return (cpu_seconds() - before) / seconds;
}

} // namespace

int main() {
  std::string name = (std::filesystem::temp_directory_path() / "machiai-bench-XXXXXX").string();
  const std::filesystem::path dir = ::mkdtemp(name.data());
  const ItemKey item = new_item_key({}, never);
  std::vector<unsigned char> content(1 << 20);
  fill_random(content);
  double sealing = cpu_seconds();
  {
    auto writer = Writer::create(dir / "film.vault", item.key, item.id);
    auto plain = File::open(dir / "film", O_RDWR | O_CREAT);
    for (std::uint64_t at = 0; at < film; at += content.size())
      if (!writer->append(content) || !plain->write_at(at, content)) return 1;
    if (!writer->finish()) return 1;
  }
  sealing = cpu_seconds() - sealing;
  auto reader = Reader::open(dir / "film.vault", item.key);
  auto plain = File::open(dir / "film", O_RDONLY);
  const Read from_vault = [&](std::uint64_t at, Room room) { return reader->read(at, room).value_or(0); };
  const Read from_file = [&](std::uint64_t at, Room room) { return plain->read_at(at, room).value_or(0); };
  const double vault = a_byte(from_vault), file = a_byte(from_file);
  const double vault_paced = paced(from_vault, 5), file_paced = paced(from_file, 5);
  std::puts(fmt::format(R"({{"write_mb_s":{:.0f},"decrypt_mb_s":{:.0f},"plain_mb_s":{:.0f},)"
                        R"("core_percent_at_full_speed":{:.3f},"core_percent_paced":{:.3f},)"
                        R"("plain_core_percent_paced":{:.3f},"added_core_percent":{:.3f}}})",
                        static_cast<double>(film) / 1e6 / sealing, 1e-6 / vault, 1e-6 / file,
                        100 * (vault - file) * film_bytes_a_second, 100 * vault_paced, 100 * file_paced,
                        100 * (vault_paced - file_paced))
                .c_str());
  std::filesystem::remove_all(dir);
  return 0;
}
