// SPDX-License-Identifier: Apache-2.0
// Watches a rectangle of the X screen from outside the display's process and prints the monotonic time in
// ms whenever its pixels have changed, after a first line "0" when it has begun: bench-glass X Y W H SECONDS
#include <X11/Xlib.h>
#include <X11/Xutil.h>

#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <thread>

namespace {

using Steady = std::chrono::steady_clock;

/// FNV-1a over the rectangle's bytes.
std::uint64_t fingerprint(Display* display, int x, int y, unsigned width, unsigned height) {
  XImage* image = XGetImage(display, DefaultRootWindow(display), x, y, width, height, AllPlanes, ZPixmap);
  if (image == nullptr) return 0;
  std::uint64_t hash = 14695981039346656037ULL;
  const auto* bytes = reinterpret_cast<const unsigned char*>(image->data);
  for (int i = 0; i < image->bytes_per_line * image->height; ++i) hash = (hash ^ bytes[i]) * 1099511628211ULL;
  XDestroyImage(image);
  return hash;
}

} // namespace

int main(int argc, char** argv) {
  Display* display = argc == 6 ? XOpenDisplay(nullptr) : nullptr;
  if (display == nullptr) return 2;
  const int x = std::atoi(argv[1]);
  const int y = std::atoi(argv[2]);
  const auto width = static_cast<unsigned>(std::atoi(argv[3]));
  const auto height = static_cast<unsigned>(std::atoi(argv[4]));
  const auto end = Steady::now() + std::chrono::seconds(std::atoi(argv[5]));
  std::uint64_t last = fingerprint(display, x, y, width, height);
  std::puts("0"); // from here on nothing is missed
  std::fflush(stdout);
  while (Steady::now() < end) {
    const std::uint64_t now = fingerprint(display, x, y, width, height);
    const std::chrono::duration<double, std::milli> at = Steady::now().time_since_epoch();
    if (now != last) {
      std::printf("%.3f\n", at.count());
      std::fflush(stdout);
    }
    last = now;
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  XCloseDisplay(display);
  return 0;
}
