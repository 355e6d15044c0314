// SPDX-License-Identifier: Apache-2.0
#include "seat/program.hpp"

#include "seat/name.hpp"

#include <sys/socket.h>
#include <unistd.h>

#include <QCommandLineParser>
#include <QFile>
#include <QFileInfo>
#include <QGuiApplication>
#include <QJsonDocument>
#include <QRegularExpression>
#include <QSaveFile>
#include <QScreen>
#include <QSocketNotifier>
#include <algorithm>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <string_view>

namespace machiai::seat {

namespace {

int signal_pipe[2] = {-1, -1};

void on_signal(int) {
  const char byte = 1;
  // Only async-signal-safe calls here; a full pipe already holds the wish to end.
  [[maybe_unused]] const auto written = ::write(signal_pipe[0], &byte, 1);
}

int refuse(const QString& why) {
  std::fprintf(stderr, "%s\n", qPrintable(why));
  return 2;
}

std::optional<QSize> parse_size(const QString& text) {
  static const QRegularExpression form(QStringLiteral("^(\\d{3,5})x(\\d{3,5})$"));
  const auto match = form.match(text);
  if (!match.hasMatch()) return std::nullopt;
  return QSize(match.captured(1).toInt(), match.captured(2).toInt());
}

/// 0: fine; else the exit code.
int check(const QCommandLineParser& parser, const Usage& usage, Options& options) {
  if (!parser.positionalArguments().isEmpty())
    return refuse("unexpected argument: " + parser.positionalArguments().first());
  if (!usage.langs.contains(options.lang)) return refuse("--lang: one of " + usage.langs.join(' '));
  if (parser.isSet("size")) {
    const auto size = parse_size(parser.value("size"));
    if (!size) return refuse("--size: WIDTHxHEIGHT, for example 1080x1920");
    options.size = *size;
  }
  bool number = true;
  options.at_ms = parser.value("at").toLongLong(&number);
  if (!number) return refuse("--at: milliseconds since 1970");
  if (options.view.isEmpty() != options.shot.isEmpty()) return refuse("--view and --shot belong together");
  if (!usage.paired && options.view.isEmpty() && options.home.isEmpty())
    return refuse("--home DIR is needed");
  if (!usage.paired && options.view.isEmpty() && !QFileInfo(options.home).isDir())
    return refuse("--home: there is no directory " + options.home);
  if (!usage.paired && !is_seat_name(options.seat))
    return refuse("--seat: letters, digits and dashes, at most 32");
  if (options.pair.isEmpty() && !(options.code.isEmpty() && options.check.isEmpty()))
    return refuse("--code and --check belong to --pair");
  static const QRegularExpression six(QStringLiteral("^(\\d{6})?$"));
  if (!six.match(options.code).hasMatch()) return refuse("--code: six digits");
  return 0;
}

bool needs_no_screen(std::string_view argument) {
  return argument == "--help" || argument == "-h" || argument == "--version" || argument == "-v" ||
         argument.starts_with("--shot");
}

/// Until there is a screen Qt's own lines speak of plugins, and its last one aborts.
void tell_missing_screen(QtMsgType type, const QMessageLogContext& context, const QString& text) {
  if (QGuiApplication::primaryScreen() != nullptr) {
    std::fprintf(stderr, "%s\n", qPrintable(qFormatLogMessage(type, context, text)));
    if (type == QtFatalMsg) std::abort();
  } else if (type == QtFatalMsg) {
    const QByteArray display = qgetenv("DISPLAY");
    std::fprintf(stderr,
                 "画面につながりません（DISPLAY=%s）。画面のある端末で起動してください。\n"
                 "No screen can be reached (DISPLAY=%s). Start the program where a screen is.\n",
                 display.constData(), display.constData());
    std::_Exit(3);
  }
}

} // namespace

void prepare_platform(int argc, char** argv) {
  if (std::any_of(argv + 1, argv + argc, needs_no_screen)) qputenv("QT_QPA_PLATFORM", "offscreen");
  qInstallMessageHandler(tell_missing_screen);
}

std::optional<Options> parse_options(const QCoreApplication& app, const Usage& usage, int& exit_code) {
  QCommandLineParser parser;
  parser.setApplicationDescription(usage.summary);
  const QCommandLineOption help = parser.addHelpOption();
  const QCommandLineOption version = parser.addVersionOption();
  parser.addOption(
      {"home", usage.paired ? "The folder of this seat's key." : "The station's directory.", "DIR"});
  if (usage.paired) {
    parser.addOptions({{"pair", "Pair with the station at this address.", "ADDRESS"},
                       {"code", "The code that its desk shows.", "CODE"},
                       {"check", "The signs that its desk shows; without them a person compares.", "SIGNS"}});
  } else {
    parser.addOption(
        {"seat", "Name of this seat: letters, digits and dashes, at most 32.", "NAME", usage.default_seat});
  }
  parser.addOptions({{"size", "Size of the window.", "WxH"},
                     {"fullscreen", "Cover the whole screen."},
                     {"lang", "Language: " + usage.langs.join(' ') + ".", "LANG", usage.langs.first()},
                     {"view", "Draw this view instead of a hub's.", "FILE.json"},
                     {"shot", "Write the drawing and end.", "OUT.png"},
                     {"at", "The hub's clock for the drawing, ms since 1970.", "MS", "0"},
                     {"page", "Page of the drawing: " + usage.pages + ".", "NAME"},
                     {"layout", "Keep the touchable areas in this file.", "FILE.json"}});
  if (usage.sounds)
    parser.addOptions({{"mute", "Say nothing and sound no tone."},
                       {"voice", "HTS voice file to prefer.", "FILE"},
                       {"voice-out", "Also write what sounds to this directory (WAV, guide.log).", "DIR"}});
  if (usage.card_pad) parser.addOption({"no-card-pad", "Card numbers come from a scanner alone."});
  exit_code = 0;
  if (!parser.parse(app.arguments())) {
    exit_code = refuse(parser.errorText());
    return std::nullopt;
  }
  if (parser.isSet(help)) {
    std::fputs(qPrintable(parser.helpText()), stdout);
    return std::nullopt;
  }
  if (parser.isSet(version)) {
    std::printf("%s %s\n", qPrintable(app.applicationName()), MACHIAI_VERSION);
    return std::nullopt;
  }
  Options options{.home = parser.value("home"),
                  .seat = usage.paired ? QString() : parser.value("seat"),
                  .lang = parser.value("lang"),
                  .view = parser.value("view"),
                  .shot = parser.value("shot"),
                  .page = parser.value("page"),
                  .layout = parser.value("layout"),
                  .voice = usage.sounds ? parser.value("voice") : QString(),
                  .sounds = usage.sounds ? parser.value("voice-out") : QString(),
                  .pair = usage.paired ? parser.value("pair") : QString(),
                  .code = usage.paired ? parser.value("code") : QString(),
                  .check = usage.paired ? parser.value("check") : QString(),
                  .mute = usage.sounds && parser.isSet("mute"),
                  .card_pad = usage.card_pad && !parser.isSet("no-card-pad"),
                  .at_ms = 0,
                  .size = {},
                  .fullscreen = parser.isSet("fullscreen")};
  exit_code = check(parser, usage, options);
  if (exit_code != 0) return std::nullopt;
  return options;
}

void quit_on_signals(QCoreApplication& app) {
  if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, signal_pipe) != 0) return;
  auto* notifier = new QSocketNotifier(signal_pipe[1], QSocketNotifier::Read, &app);
  QObject::connect(notifier, &QSocketNotifier::activated, &app, [&app, notifier] {
    notifier->setEnabled(false);
    app.quit();
  });
  struct sigaction action {};
  action.sa_handler = on_signal;
  action.sa_flags = SA_RESTART;
  ::sigaction(SIGINT, &action, nullptr);
  ::sigaction(SIGTERM, &action, nullptr);
}

void place(QWidget& window, const Options& options, QSize otherwise) {
  const QScreen* screen = QGuiApplication::primaryScreen();
  QRect area(QPoint(0, 0), otherwise);
  if (screen != nullptr) area.moveTopLeft(screen->geometry().topLeft());
  if (options.fullscreen && screen != nullptr) area = screen->geometry();
  if (options.size.isValid()) area.setSize(options.size);
  if (options.fullscreen) window.setWindowFlags(window.windowFlags() | Qt::FramelessWindowHint);
  window.setGeometry(area);
  window.show();
}

void LayoutFile::write(const QJsonObject& layout) {
  if (path_.isEmpty()) return;
  const QByteArray bytes = QJsonDocument(layout).toJson(QJsonDocument::Compact);
  if (bytes == last_) return;
  QSaveFile file(path_);
  if (!file.open(QIODevice::WriteOnly)) return;
  file.write(bytes);
  if (file.commit()) last_ = bytes;
}

std::optional<QByteArray> read_file(const QString& path) {
  QFile file(path);
  if (!file.open(QIODevice::ReadOnly)) return std::nullopt;
  return file.readAll();
}

} // namespace machiai::seat
