// SPDX-License-Identifier: Apache-2.0
// machiai-film: decodes one film at a time for the display, which starts it and ends it. Pictures go into the
// shared memory of --pictures, words over standard input and output.
#include "core/base/clock.hpp"
#include "display/player/projector.hpp"

#include <malloc.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <QCommandLineParser>
#include <QGuiApplication>
#include <QSocketNotifier>
#include <csignal>
#include <cstdio>

using namespace machiai::display;

namespace {

constexpr int usage_error = 2;

/// A short line goes through a pipe in one piece, from whatever thread.
void say(const QByteArray& line) {
  const QByteArray bytes = line + '\n';
  if (::write(STDOUT_FILENO, bytes.constData(), std::size_t(bytes.size())) < 0) ::_exit(0);
}

int refuse(const char* why) {
  std::fprintf(stderr, "machiai-film: %s\n", why);
  return usage_error;
}

} // namespace

int main(int argc, char** argv) {
  // Without its display it has nobody to decode for, also when it hangs in a file.
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  // Each film has threads of its own; with arenas of their own they leave some kB behind, film after film.
  ::mallopt(M_ARENA_MAX, 1);
  qputenv("QT_QPA_PLATFORM", "offscreen");
  // The default media backend plays nothing on this distribution; must be set before the application.
  if (!qEnvironmentVariableIsSet("QT_MEDIA_BACKEND")) qputenv("QT_MEDIA_BACKEND", "ffmpeg");
  QGuiApplication application(argc, argv);
  QGuiApplication::setApplicationVersion(MACHIAI_VERSION);
  QCommandLineParser parser;
  parser.setApplicationDescription("Machiai: decodes films for the waiting-room monitor, which starts it");
  parser.addHelpOption();
  parser.addVersionOption();
  parser.addOptions({{"home", "Directory of the station, whose shelf the films are on.", "dir"},
                     {"media", "Directory of films instead, named by item or hash.", "dir"},
                     {"pictures", "File descriptor of the shared memory.", "fd"}});
  parser.process(application);
  bool is_number = false;
  const int fd = parser.value("pictures").toInt(&is_number);
  if (!is_number) return refuse("--pictures is needed");
  auto share = Share::open(fd);
  if (!share) return refuse("the shared memory cannot be used");

  const machiai::base::SystemClock clock;
  FolderFilms folder(parser.value("media"));
  VaultFilms vault(parser.value("home").toStdString(), clock);
  Films& films = parser.isSet("media") ? static_cast<Films&>(folder) : vault;
  Projector projector(films, **share, say);
  QByteArray heard;
  QSocketNotifier input(STDIN_FILENO, QSocketNotifier::Read);
  QObject::connect(&input, &QSocketNotifier::activated, &application, [&] {
    char bytes[4096];
    const auto count = ::read(STDIN_FILENO, bytes, sizeof bytes);
    if (count <= 0) return QGuiApplication::quit();
    heard.append(bytes, count);
    for (auto end = heard.indexOf('\n'); end >= 0; end = heard.indexOf('\n')) {
      const QByteArray line = heard.left(end);
      heard.remove(0, end + 1);
      projector.obey(line);
    }
  });
  projector.begin();
  return QGuiApplication::exec();
}
