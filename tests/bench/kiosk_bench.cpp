// SPDX-License-Identifier: Apache-2.0
// From a touch on a language to a finished repaint of the kiosk at 1080x1920, offscreen:
// bench-kiosk VIEW [ROUNDS] prints {"runs":N,"first_ms":..,"median_ms":..,"p95_ms":..,"max_ms":..}.
#include "core/wire/views.hpp"
#include "kiosk/scene.hpp"
#include "kiosk/window.hpp"
#include "seat/program.hpp"

#include <QApplication>
#include <QElapsedTimer>
#include <QImage>
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <vector>

namespace {

using namespace machiai;

/// One language after the other, as a touch does: model, screen, scene, buttons, paint.
std::vector<double> measure(const queue::KioskView& view, const seat::Phrases& phrases, int rounds) {
  const QSize size(1080, 1920);
  seat::Stage stage;
  stage.resize(size);
  QImage image(size, QImage::Format_RGB32);
  kiosk::Session session;
  std::vector<double> took;
  // The page that stands there before anybody touches it.
  stage.show_scene(kiosk::scene(kiosk::screen(&view, session, true, 1795483920000, 0), phrases, size));
  stage.render(&image);
  for (int i = 0; i < rounds; ++i)
    for (const char* lang : {"en", "zh", "ko", "vi", "pt", "easy", "ja"}) {
      QElapsedTimer timer;
      timer.start();
      session = kiosk::touched(&view, session, std::string("lang-") + lang, 0).session;
      stage.show_scene(kiosk::scene(kiosk::screen(&view, session, true, 1795483920000, 0), phrases, size));
      stage.render(&image);
      took.push_back(static_cast<double>(timer.nsecsElapsed()) / 1e6);
    }
  return took;
}

} // namespace

int main(int argc, char** argv) {
  qputenv("QT_QPA_PLATFORM", "offscreen");
  const QApplication app(argc, argv);
  const auto bytes = argc > 1 ? seat::read_file(argv[1]) : std::nullopt;
  const auto phrases = kiosk::load_phrases();
  if (!bytes || !phrases) return 2;
  boost::system::error_code error;
  const auto json = boost::json::parse(std::string_view(bytes->constData(), bytes->size()), error);
  if (error || !json.is_object()) return 2;
  const auto view = wire::kiosk_from_json(json.as_object());
  if (!view) return 2;
  const int rounds = std::max(1, argc > 2 ? std::atoi(argv[2]) : 10);
  std::vector<double> took = measure(*view, *phrases, rounds);
  const double first = took.front(); // its fonts are still cold
  std::sort(took.begin(), took.end());
  std::printf(R"({"runs":%zu,"first_ms":%.1f,"median_ms":%.1f,"p95_ms":%.1f,"max_ms":%.1f})"
              "\n",
              took.size(), first, took[took.size() / 2], took[took.size() * 95 / 100], took.back());
  return 0;
}
