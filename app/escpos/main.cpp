// SPDX-License-Identifier: Apache-2.0
// machiai-escpos: CUPS raster in, ESC/POS out. Run by cupsd as
//   machiai-escpos JOB USER TITLE COPIES OPTIONS [FILE]
// Asks the device how it is and waits until it is well (telling cupsd what is wrong), sends the picture,
// cuts, and waits until the device says that it is printed: "completed" then means paper. A device that never
// answers keeps the job waiting until its sender cancels it. Cancelled, it tells the device to forget what it
// has not printed yet: no slip comes out late. MachiaiStatus=No is for devices that cannot answer at all.
#include "app/escpos/device.hpp"
#include "app/escpos/pages.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <optional>

using namespace machiai;

int main(int argc, char** argv) {
  if (argc < 6 || argc > 7) {
    std::fputs("ERROR: machiai-escpos job user title copies options [file]\n", stderr);
    return 1;
  }
  const int input = argc == 7 ? ::open(argv[6], O_RDONLY | O_CLOEXEC) : STDIN_FILENO;
  if (input < 0) {
    std::fputs("ERROR: the file cannot be opened\n", stderr);
    return 1;
  }
  escpos_filter::obey_signals();
  escpos_filter::Pages pages(input);
  std::optional<escpos_filter::Device> device;
  while (const auto page = pages.next()) {
    const bool first = !device;
    if (first) device.emplace(pages.device_answers());
    if ((first && !device->begin()) || !device->print(*page)) return device->end();
    std::fputs("PAGE: 1 1\n", stderr);
  }
  if (!pages.broken()) return 0;
  return device ? device->give_up() : 1;
}
