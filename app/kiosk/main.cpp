// SPDX-License-Identifier: Apache-2.0
// machiai-kiosk: reads its options and wires the window to the hub.
#include "core/wire/views.hpp"
#include "kiosk/guide.hpp"
#include "kiosk/scene.hpp"
#include "kiosk/window.hpp"
#include "seat/program.hpp"

#include <QApplication>
#include <QDir>
#include <QImage>
#include <cstdio>
#include <optional>

namespace {

using namespace machiai;

constexpr QSize upright{1080, 1920};

int complain(const QString& why) {
  std::fprintf(stderr, "machiai-kiosk: %s\n", qPrintable(why));
  return 1;
}

/// Draws one page of a stored view and ends: no hub, no screen.
int shoot(const seat::Options& options, const seat::Phrases& phrases) {
  const auto bytes = seat::read_file(options.view);
  if (!bytes) return complain("cannot read " + options.view);
  boost::system::error_code error;
  const auto json = boost::json::parse(std::string_view(bytes->constData(), bytes->size()), error);
  if (error || !json.is_object()) return complain("not a view: " + options.view);
  const auto view = wire::kiosk_from_json(json.as_object());
  if (!view) return complain("not a kiosk view: " + options.view);
  const auto session = kiosk::sample_session(*view, options.page, options.lang);
  if (!session) {
    complain("--page: no page " + options.page);
    return 2;
  }
  const QSize size = options.size.isValid() ? options.size : upright;
  const auto screen = kiosk::screen(&*view, *session, options.page != "away", options.at_ms, 0);
  seat::Stage stage;
  stage.resize(size);
  stage.show_scene(kiosk::scene(screen, phrases, size));
  return stage.grab().save(options.shot, "PNG") ? 0 : complain("cannot write " + options.shot);
}

int run(QApplication& app, const seat::Options& options, seat::Phrases phrases) {
  seat::quit_on_signals(app);
  seat::Link link(
      seat::Settings{.home = options.home, .role = "kiosk", .seat = options.seat, .views = {"kiosk"}});
  kiosk::Window window(link, std::move(phrases), options.lang, options.card_pad);
  seat::LayoutFile layout(options.layout);
  QObject::connect(&window, &seat::Stage::rearranged, &window, [&] { layout.write(window.layout()); });
  std::optional<kiosk::Guide> guide;
  if (!options.mute) {
    guide.emplace(kiosk::GuideSettings{QDir(options.home).filePath("cache/voice-" + options.seat),
                                       options.voice, options.sounds});
    QObject::connect(&window, &kiosk::Window::speaks, &*guide, &kiosk::Guide::say);
    QObject::connect(&window, &kiosk::Window::leaving_soon, &*guide, &kiosk::Guide::tone);
  }
  QStringList lacks;
  if (!seat::look::missing_font().isEmpty()) lacks.append("no_font");
  if (guide && !guide->able()) lacks.append("no_guidance");
  window.lacks(lacks.join(':').toStdString());
  window.setWindowTitle("Machiai");
  seat::place(window, options, upright);
  link.start();
  return QApplication::exec();
}

} // namespace

int main(int argc, char** argv) {
  seat::prepare_platform(argc, argv);
  QApplication app(argc, argv);
  QApplication::setApplicationName("machiai-kiosk");
  const seat::Usage usage{"Patient touch screen of a Machiai waiting room.",
                          "kiosk-1",
                          {"ja", "easy", "en", "zh", "ko", "vi", "pt"},
                          "home kind type card card-kind asking checking done arrived known called several "
                          "warning help help-called "
                          "rules code wipe away why-SERVICE "
                          "refused-REASON, and with -large or -warning behind",
                          true,
                          false,
                          true};
  int exit_code = 0;
  const auto options = seat::parse_options(app, usage, exit_code);
  if (!options) return exit_code;
  if (const QString font = seat::look::missing_font(); !font.isEmpty()) complain("font is missing: " + font);
  auto phrases = kiosk::load_phrases();
  if (!phrases) return complain("the phrases cannot be read");
  return options->shot.isEmpty() ? run(app, *options, std::move(*phrases)) : shoot(*options, *phrases);
}
