// SPDX-License-Identifier: Apache-2.0
// What the touch programs share: options, a clean end on a signal, a place on a bare X screen, the layout
// file for walks.
#pragma once

#include <QCoreApplication>
#include <QJsonObject>
#include <QSize>
#include <QString>
#include <QStringList>
#include <QWidget>
#include <optional>

namespace machiai::seat {

struct Options {
  QString home;
  QString seat;
  QString lang;
  QString view;    ///< fixture file; with `shot`: draw it once and leave
  QString shot;    ///< PNG to write
  QString page;    ///< which page of the fixture
  QString layout;  ///< JSON file of touchable areas
  QString voice;   ///< HTS voice file to prefer
  QString sounds;  ///< directory to write what sounds to as well
  QString pair{};  ///< address of a station to be paired with
  QString code{};  ///< its pairing code
  QString check{}; ///< the signs its desk shows
  bool mute = false;
  bool card_pad = true; ///< unless told otherwise
  qint64 at_ms = 0;
  QSize size; ///< invalid: the whole screen
  bool fullscreen = false;
};

struct Usage {
  QString summary;
  QString default_seat;
  QStringList langs;   ///< the first is the default
  QString pages;       ///< for --help
  bool sounds = false; ///< the program has a voice
  bool paired = false; ///< it comes over the network: its home is the folder of its key, and may be left out
  bool card_pad = false; ///< cards may be typed at it
};

/// Before the application exists: a shot, the help and the version need no screen; for all else a missing one
/// is told in words and ends the program with 3.
void prepare_platform(int argc, char** argv);
/// The options, or the exit code to leave with (0 after --help, 2 after a usage error).
[[nodiscard]] std::optional<Options> parse_options(const QCoreApplication& app, const Usage& usage,
                                                   int& exit_code);
/// SIGINT and SIGTERM end the event loop.
void quit_on_signals(QCoreApplication& app);
/// Sets the geometry itself: without a window manager showFullScreen() does nothing.
void place(QWidget& window, const Options& options, QSize otherwise);
/// Writes `layout` when it differs from what was written last. Does nothing without a path.
class LayoutFile {
public:
  explicit LayoutFile(QString path) : path_(std::move(path)) {}
  void write(const QJsonObject& layout);

private:
  QString path_;
  QByteArray last_;
};

/// The bytes of a small file, or nothing.
[[nodiscard]] std::optional<QByteArray> read_file(const QString& path);

} // namespace machiai::seat
