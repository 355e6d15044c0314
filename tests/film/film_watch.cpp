// SPDX-License-Identifier: Apache-2.0
// Looks at a film's place on an X screen from outside and prints a line for every change of what stands
// there: film-watch X Y W H SECONDS. After a first line "begun":
//   "MS film ID FRAME"  a film of the tests, known by the strip in its top left (tests/film/clips.py)
//   "MS black"          every point that is looked at is nearly black
//   "MS other RRGGBB"   anything else, by its middle colour in steps of 32
// MS are those of the machine's monotonic clock.
#include <X11/Xlib.h>
#include <X11/Xutil.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <optional>
#include <string>
#include <thread>

namespace {

constexpr int blocks = 18; ///< 1 0, three bits of the film, ten of the frame, 0 1 0
constexpr int block_px = 32, film_width = 1280;
constexpr int points = 6; ///< a side, over the whole place

struct Place {
  int x, y, width, height;
};

int brightness(unsigned long pixel) {
  return static_cast<int>((pixel >> 16U & 255U) + (pixel >> 8U & 255U) + (pixel & 255U)) / 3;
}

std::optional<std::string> strip(XImage* image, const Place& place) {
  unsigned bits = 0;
  const double scale = double(place.width) / film_width;
  for (int i = 0; i < blocks; ++i) {
    const int x = static_cast<int>((i + .5) * block_px * scale);
    const int y = static_cast<int>(.5 * block_px * scale);
    if (brightness(XGetPixel(image, x, y)) > 128) bits |= 1U << unsigned(i);
  }
  const auto bit = [&](unsigned i) { return (bits >> i & 1U) != 0; };
  if (!bit(0) || bit(1) || bit(15) || !bit(16) || bit(17)) return std::nullopt;
  return "film " + std::to_string(bits >> 2U & 7U) + ' ' + std::to_string(bits >> 5U & 1023U);
}

std::string seen(XImage* image, const Place& place) {
  if (const auto film = strip(image, place)) return *film;
  bool black = true;
  for (int i = 0; i < points * points; ++i) {
    const int x = (2 * (i % points) + 1) * place.width / (2 * points);
    const int y = (2 * (i / points) + 1) * place.height / (2 * points);
    black = black && brightness(XGetPixel(image, x, y)) < 24;
  }
  if (black) return "black";
  char text[32];
  std::snprintf(text, sizeof text, "other %06lx",
                XGetPixel(image, place.width / 2, place.height / 2) & 0xE0E0E0UL);
  return text;
}

} // namespace

int main(int argc, char** argv) {
  Display* display = argc == 6 ? XOpenDisplay(nullptr) : nullptr;
  if (display == nullptr) return 2;
  const Place place{std::atoi(argv[1]), std::atoi(argv[2]), std::atoi(argv[3]), std::atoi(argv[4])};
  const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(std::atoi(argv[5]));
  std::string last;
  std::puts("begun");
  std::fflush(stdout);
  while (std::chrono::steady_clock::now() < end) {
    XImage* image =
        XGetImage(display, DefaultRootWindow(display), place.x, place.y, static_cast<unsigned>(place.width),
                  static_cast<unsigned>(place.height), AllPlanes, ZPixmap);
    if (image == nullptr) return 1;
    const std::chrono::duration<double, std::milli> at = std::chrono::steady_clock::now().time_since_epoch();
    std::string now = seen(image, place);
    XDestroyImage(image);
    if (now != last) {
      std::printf("%.1f %s\n", at.count(), now.c_str());
      std::fflush(stdout);
      last = std::move(now);
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(3));
  }
  XCloseDisplay(display);
  return 0;
}
