// SPDX-License-Identifier: Apache-2.0
// machiai-room: reads its options and opens the seat of an examination room.
#include "core/wire/views.hpp"
#include "room/scene.hpp"
#include "room/window.hpp"
#include "seat/program.hpp"

#include <QApplication>
#include <QStandardPaths>
#include <cstdio>

namespace {

using namespace machiai;

constexpr QSize usual{1280, 800};
constexpr std::int64_t stale_ms = 95'000; // of the stale page of a picture

int complain(const QString& why) {
  std::fprintf(stderr, "machiai-room: %s\n", qPrintable(why));
  return 1;
}

/// Draws one page of a stored view and ends: no hub, no screen.
int shoot(const seat::Options& options, const seat::Phrases& phrases) {
  const auto bytes = seat::read_file(options.view);
  if (!bytes) return complain("cannot read " + options.view);
  boost::system::error_code error;
  const auto json = boost::json::parse(std::string_view(bytes->constData(), bytes->size()), error);
  if (error || !json.is_object()) return complain("not a view: " + options.view);
  const auto view = wire::rooms_from_json(json.as_object());
  if (!view) return complain("not a view of rooms: " + options.view);
  const auto glass = room::sample_glass(*view, options.page, options.lang);
  if (!glass) {
    complain("--page: no page " + options.page);
    return 2;
  }
  const QSize size = options.size.isValid() ? options.size : usual;
  const bool stale = options.page.startsWith("stale");
  const auto screen = room::compose(&*view, *glass, !stale, stale ? stale_ms : 0, options.at_ms, 0);
  seat::Stage stage;
  stage.resize(size);
  stage.show_scene(room::scene(screen, phrases, size));
  return stage.grab().save(options.shot, "PNG") ? 0 : complain("cannot write " + options.shot);
}

int run(QApplication& app, const seat::Options& options, seat::Phrases phrases) {
  seat::quit_on_signals(app);
  const QString folder = options.home.isEmpty()
                             ? QStandardPaths::writableLocation(QStandardPaths::AppConfigLocation)
                             : options.home;
  room::Entry entry;
  entry.address = options.pair.toStdString();
  entry.code = options.code.toStdString();
  entry.expected = options.check.toStdString();
  room::Window window(seat::KeyFile(folder), std::move(phrases), options.lang, std::move(entry));
  seat::LayoutFile layout(options.layout);
  QObject::connect(&window, &seat::Stage::rearranged, &window, [&] { layout.write(window.layout()); });
  window.setWindowTitle("Machiai");
  seat::place(window, options, usual);
  layout.write(window.layout());
  return QApplication::exec();
}

} // namespace

int main(int argc, char** argv) {
  seat::prepare_platform(argc, argv);
  QApplication app(argc, argv);
  QApplication::setApplicationName("machiai-room");
  const seat::Usage usage{
      .summary = "Seat of an examination room, on a tablet or PC of the clinic's network.",
      .default_seat = {},
      .langs = {"ja", "en"},
      .pages = "seat done lost unsure stale stale-foreign enter code looking joining compare "
               "anew entry-REASON refused-REASON",
      .sounds = false,
      .paired = true};
  int exit_code = 0;
  const auto options = seat::parse_options(app, usage, exit_code);
  if (!options) return exit_code;
  if (const QString font = seat::look::missing_font(); !font.isEmpty()) complain("font is missing: " + font);
  auto phrases = room::load_phrases();
  if (!phrases) return complain("the phrases cannot be read");
  return options->shot.isEmpty() ? run(app, *options, std::move(*phrases)) : shoot(*options, *phrases);
}
