// SPDX-License-Identifier: Apache-2.0
// machiai-desk: reads its options and wires the window to the hub.
#include "core/wire/views.hpp"
#include "desk/scene.hpp"
#include "desk/window.hpp"
#include "seat/program.hpp"

#include <QApplication>
#include <QStandardPaths>
#include <cstdio>

namespace {

using namespace machiai;

constexpr QSize usual{1280, 800};

int complain(const QString& why) {
  std::fprintf(stderr, "machiai-desk: %s\n", qPrintable(why));
  return 1;
}

/// Draws one page of a stored view and ends: no hub, no screen.
int shoot(const seat::Options& options, seat::Phrases phrases) {
  const auto bytes = seat::read_file(options.view);
  if (!bytes) return complain("cannot read " + options.view);
  boost::system::error_code error;
  const auto json = boost::json::parse(std::string_view(bytes->constData(), bytes->size()), error);
  if (error || !json.is_object()) return complain("not a view: " + options.view);
  const auto view = wire::desk_from_json(json.as_object());
  if (!view) return complain("not a desk view: " + options.view);
  const auto sample = desk::sample_page(*view, options.page, options.at_ms);
  if (!sample) {
    complain("--page: no page " + options.page);
    return 2;
  }
  constexpr qint64 away_ms = 184'000;
  const bool away = options.page == "away";
  desk::Face face(std::move(phrases), options.lang);
  face.resize(options.size.isValid() ? options.size : usual);
  face.show_screen(desk::screen_of(*sample, !away, away ? away_ms : 0, options.at_ms), sample->glass.draft);
  return face.grab().save(options.shot, "PNG") ? 0 : complain("cannot write " + options.shot);
}

/// The user's documents; on a machine without such a folder the station's own.
QString tables(const seat::Options& options) {
  const QString documents = QStandardPaths::writableLocation(QStandardPaths::DocumentsLocation);
  return documents.isEmpty() ? options.home : documents;
}

int run(QApplication& app, const seat::Options& options, seat::Phrases phrases) {
  seat::quit_on_signals(app);
  seat::Link link(seat::Settings{
      .home = options.home, .role = "desk", .seat = options.seat, .views = {"desk", "programme"}});
  desk::Window window(link, std::move(phrases), options.lang, options.seat, tables(options));
  QObject::connect(&link, &seat::Link::connected_changed, &window, [&](bool connected) {
    if (connected && !seat::look::missing_font().isEmpty())
      link.send("report", {{"trouble", "no_font"}}, [](const auto&) {});
  });
  seat::LayoutFile layout(options.layout);
  QObject::connect(&window, &desk::Face::rearranged, &window, [&] { layout.write(window.layout()); });
  window.setWindowTitle("Machiai");
  seat::place(window, options, usual);
  window.activateWindow();
  link.start();
  return QApplication::exec();
}

} // namespace

int main(int argc, char** argv) {
  seat::prepare_platform(argc, argv);
  QApplication app(argc, argv);
  QApplication::setApplicationName("machiai-desk");
  const seat::Usage usage{
      "Staff touch screen of a Machiai waiting room.",
      "desk-1",
      {"ja", "en"},
      "home row-STATE more move receive receive-known receive-booked ticket absent hold transfer amend "
      "history compare order "
      "session session-today cap hours messages message message-free close-day records records-month "
      "records-month-slips records-waits records-absences records-slips records-saved forecast troubles "
      "devices revoke pair pair-code login login-pin login-lost "
      "logged-in help names away notices notice notice-long notice-shown replay programme programme-owed "
      "programme-paused "
      "session-undo messages-undo recalled unopened access refused-REASON"};
  int exit_code = 0;
  const auto options = seat::parse_options(app, usage, exit_code);
  if (!options) return exit_code;
  if (const QString font = seat::look::missing_font(); !font.isEmpty()) complain("font is missing: " + font);
  auto phrases = desk::load_phrases();
  if (!phrases) return complain("the phrases cannot be read");
  return options->shot.isEmpty() ? run(app, *options, std::move(*phrases))
                                 : shoot(*options, std::move(*phrases));
}
