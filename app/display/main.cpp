// SPDX-License-Identifier: Apache-2.0
// machiai-display: the waiting-room monitor. Reads its settings and wires the parts.
#include "core/wire/views.hpp"
#include "display/monitor.hpp"
#include "display/screens.hpp"
#include "display/still.hpp"
#include "seat/program.hpp"

#include <QApplication>
#include <QCommandLineParser>
#include <QDateTime>
#include <QFile>
#include <QFileInfo>
#include <QScreen>
#include <cstdio>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

using namespace machiai;
using namespace machiai::display;

namespace {

constexpr int usage_error = 2;
constexpr int most_scene = 99;

struct Arguments {
  MonitorSettings monitor;
  QSize size;
  bool fullscreen = false;
  QString view_file, shot_file;
  std::optional<base::Instant> at;
  std::int64_t running_ms = 0;
  ScreenWish wish;
  Choice choice;
};

int refuse(const QString& why) {
  std::fprintf(stderr, "machiai-display: %s (see --help)\n", qPrintable(why));
  return usage_error;
}

/// "1920x1080".
std::optional<QSize> parse_size(const QString& text) {
  const QStringList parts = text.split('x');
  if (parts.size() != 2) return std::nullopt;
  const QSize size(parts[0].toInt(), parts[1].toInt());
  if (size.width() < 160 || size.height() < 90 || size.width() > 16384 || size.height() > 16384)
    return std::nullopt;
  return size;
}

/// Milliseconds since 1970, or an ISO time with its offset.
std::optional<base::Instant> parse_instant(const QString& text) {
  bool is_number = false;
  const qint64 ms = text.toLongLong(&is_number);
  if (is_number) return base::instant_from_ms(ms);
  const QDateTime time = QDateTime::fromString(text, Qt::ISODateWithMs);
  if (!time.isValid()) return std::nullopt;
  return base::instant_from_ms(time.toMSecsSinceEpoch());
}

void add_options(QCommandLineParser& parser) {
  parser.setApplicationDescription("Machiai: the waiting-room monitor");
  parser.addHelpOption();
  parser.addVersionOption();
  parser.addOptions({
      {"home", "Directory of the station (run/, state/, cache/).", "dir"},
      {"seat", "Name of this screen: letters, digits and '-', at most 32.", "name", "display-1"},
      {"size", "Size of the window in pixels; default: the screen, at most 1920x1080.", "WxH"},
      {"fullscreen", "Fill the screen; needs no window manager."},
      {"queue-only", "Landscape layout without a film zone."},
      {"lang", "Language of the board; as --langs with one.", "lang"},
      {"langs", "Languages in turn, the first one dominant: ja, easy, en, zh, ko, vi, pt.", "list", "ja"},
      {"screen", "Name or index (from 0) of the screen to use.", "screen"},
      {"monitors", "'all': a board on every screen.", "which"},
      {"services", "Only these services; with --monitors all on the screens after the first.", "ids"},
      {"rooms", "Only these rooms, as --services.", "ids"},
      {"reduced-motion", "No rings and no widening at a call."},
      {"voice", "HTS voice file to prefer.", "file"},
      {"voice-out", "Also write each announcement to this directory (WAV, announcements.log).", "dir"},
      {"quiet", "Hours without words, and films without sound: '12:30-14:00,20:00-7:00'.", "hours"},
      {"quiet-chime", "The chime in quiet hours: soft or none.", "chime", "soft"},
      {"volume", "Loudness in percent, for the day or from times on: '8:00=100,18:00=60'.", "plan", "100"},
      {"media", "Directory of films, named by item or hash, instead of the station's shelf.", "dir"},
      {"film-memory", "Renew a film process that has grown past so many MB, between two films.", "MB", "300"},
      {"surface", "What draws films: raster, gpu, or auto, which is gpu where there is a real one.", "which",
       "auto"},
      {"scene", "The relaxation scene to begin with, from 0.", "number", "0"},
      {"renderer", "Print the name of this screen's GL renderer and exit."},
      {"stamp", "Append 'monotonic_ms view_rev call_seq' after each paint of a new view.", "file"},
      {"view", "Show this board view (JSON) instead of connecting; needs --shot.", "file"},
      {"shot", "Write a picture of --view and exit.", "png"},
      {"running", "For --shot: how long the display has run, in ms; turns pages and languages.", "ms"},
      {"at", "Hub time for --shot, in ms or ISO 8601; default: the view's own.", "time"},
  });
}

std::vector<std::string> ids_of(const QString& list) {
  std::vector<std::string> ids;
  for (const QString& id : list.split(',', Qt::SkipEmptyParts)) ids.push_back(id.trimmed().toStdString());
  return ids;
}

std::optional<int> read_words_and_sound(const QCommandLineParser& parser, Arguments& args) {
  MonitorSettings& m = args.monitor;
  const QString list = parser.isSet("lang") ? parser.value("lang") : parser.value("langs");
  const auto langs = parse_langs(list.toStdString());
  if (!langs) return refuse("--langs is a list of ja, easy, en, zh, ko, vi, pt, each once");
  m.langs = *langs;
  if (parser.isSet("quiet")) {
    const auto quiet = parse_quiet(parser.value("quiet").toStdString());
    if (!quiet) return refuse("--quiet is a list of hours like 12:30-14:00");
    m.sound.quiet = *quiet;
  }
  const QString chime = parser.value("quiet-chime");
  if (chime != "soft" && chime != "none") return refuse("--quiet-chime is soft or none");
  m.sound.quiet_chime = chime == "none" ? QuietChime::none : QuietChime::soft;
  const auto volume = parse_volume(parser.value("volume").toStdString());
  if (!volume) return refuse("--volume is a number from 0 to 100, or a list like 8:00=100,18:00=60");
  m.sound.volume = *volume;
  if (parser.isSet("monitors") && parser.value("monitors") != "all") return refuse("--monitors is all");
  if (parser.isSet("monitors") && parser.isSet("screen")) return refuse("--monitors or --screen, not both");
  args.wish = {parser.isSet("monitors"), parser.value("screen")};
  args.choice = {ids_of(parser.value("services")), ids_of(parser.value("rooms"))};
  args.running_ms = parser.value("running").toLongLong();
  return std::nullopt;
}

/// The arguments, or the exit status to leave with.
std::optional<int> read_arguments(const QCommandLineParser& parser, Arguments& args) {
  MonitorSettings& m = args.monitor;
  m.home = parser.value("home");
  m.seat = parser.value("seat");
  m.queue_only = parser.isSet("queue-only");
  m.reduced_motion = parser.isSet("reduced-motion");
  m.voice_file = parser.value("voice");
  m.voice_out = parser.value("voice-out");
  m.stamp_file = parser.value("stamp");
  m.media = parser.value("media");
  bool number = false;
  m.film_memory_mb = parser.value("film-memory").toInt(&number);
  if (!number || m.film_memory_mb < 1) return refuse("--film-memory is a number of MB");
  const auto surface = parse_surface(parser.value("surface").toStdString());
  if (!surface) return refuse("--surface is raster, gpu or auto");
  m.surface = *surface;
  m.scene = parser.value("scene").toInt(&number);
  if (!number || m.scene < 0 || m.scene > most_scene) return refuse("--scene is a number from 0 on");
  args.fullscreen = parser.isSet("fullscreen");
  args.view_file = parser.value("view");
  args.shot_file = parser.value("shot");
  if (!parser.positionalArguments().isEmpty()) return refuse("unexpected argument");
  if (const auto status = read_words_and_sound(parser, args)) return status;
  if (parser.isSet("size")) {
    const auto size = parse_size(parser.value("size"));
    if (!size) return refuse("--size is WIDTHxHEIGHT in pixels");
    args.size = *size;
  }
  if (parser.isSet("at")) {
    args.at = parse_instant(parser.value("at"));
    if (!args.at) return refuse("--at is a time in ms or ISO 8601");
  }
  if (args.view_file.isEmpty() != args.shot_file.isEmpty()) return refuse("--view and --shot go together");
  if (!args.view_file.isEmpty()) return std::nullopt;
  if (const auto settings = seat::checked({m.home, "display", m.seat, {"board"}}); !settings)
    return refuse(settings.error().reason == "no_home" ? "--home is needed" : "--seat is not a seat name");
  if (!QFileInfo(m.home).isDir()) return refuse("--home: there is no directory " + m.home);
  return std::nullopt;
}

/// A board as the hub sends it ({"view","at","data"}), or its data alone.
std::optional<int> shoot(const Arguments& args) {
  QFile file(args.view_file);
  if (!file.open(QIODevice::ReadOnly)) return refuse("the view cannot be read");
  boost::system::error_code error;
  const auto value = boost::json::parse(file.readAll().toStdString(), error);
  if (error || !value.is_object()) return refuse("the view is not a JSON object");
  const auto& object = value.get_object();
  const bool framed = object.contains("data") && object.at("data").is_object();
  const auto view = wire::board_from_json(framed ? object.at("data").get_object() : object);
  if (!view) return refuse("the view is not a board view");
  std::optional<base::Instant> confirmed;
  if (framed && object.contains("at") && object.at("at").is_int64())
    confirmed = base::instant_from_ms(object.at("at").get_int64());
  const QSize size = args.size.isValid() ? args.size : QSize(1920, 1080);
  const StillOptions options{args.monitor.langs, args.monitor.queue_only, args.running_ms, args.choice,
                             args.monitor.scene};
  const QImage image = still(*view, confirmed, args.at, options, size);
  if (!image.save(args.shot_file)) {
    std::fprintf(stderr, "machiai-display: the picture cannot be written\n");
    return 1;
  }
  return 0;
}

/// The size of each window: as asked for, else the whole screen, but unasked at most 1920x1080.
QSize window_size(const Arguments& args) {
  if (args.fullscreen || args.wish.all || !args.wish.screen.isEmpty()) return {};
  if (args.size.isValid()) return args.size;
  return QGuiApplication::primaryScreen()->size().boundedTo({1920, 1080});
}

int run(const Arguments& args) {
  std::vector<std::unique_ptr<BoardWidget>> panes;
  Monitor monitor(args.monitor, base::SystemClock().now());
  monitor.show_first();
  ScreenWindows windows(args.wish, window_size(args), [&](std::size_t n) {
    panes.push_back(std::make_unique<BoardWidget>(args.monitor.queue_only));
    panes.back()->setWindowFlag(Qt::FramelessWindowHint);
    // Several screens: the first shows everything.
    monitor.add_glass(*panes.back(), args.wish.all && n == 0 ? Choice{} : args.choice);
    return panes.back().get();
  });
  windows.follow_screens();
  monitor.warm_up();
  for (const auto& pane : panes) pane->paint_at_once();
  QTimer::singleShot(0, &monitor, &Monitor::start);
  return QApplication::exec();
}

} // namespace

int main(int argc, char** argv) {
  // The default media backend plays nothing on this distribution; must be set before the application.
  if (!qEnvironmentVariableIsSet("QT_MEDIA_BACKEND")) qputenv("QT_MEDIA_BACKEND", "ffmpeg");
  seat::prepare_platform(argc, argv);
  QApplication application(argc, argv);
  QApplication::setApplicationName("machiai-display");
  QApplication::setApplicationVersion(MACHIAI_VERSION);
  QCommandLineParser parser;
  add_options(parser);
  if (!parser.parse(QApplication::arguments())) return refuse(parser.errorText());
  if (parser.isSet("help")) parser.showHelp(0);
  if (parser.isSet("version")) parser.showVersion();
  if (parser.isSet("renderer")) return std::puts(gl_renderer().c_str()) < 0 ? 1 : 0;
  Arguments args;
  if (const auto status = read_arguments(parser, args)) return *status;
  if (!args.view_file.isEmpty()) return shoot(args).value_or(0);

  seat::quit_on_signals(application);
  return run(args);
}
