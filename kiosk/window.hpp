// SPDX-License-Identifier: Apache-2.0
// The kiosk's window: carries touches to the model and the model's screen to the stage.
#pragma once

#include "kiosk/model.hpp"
#include "seat/link.hpp"
#include "seat/phrases.hpp"
#include "seat/stage.hpp"

#include <QElapsedTimer>
#include <QKeyEvent>
#include <QTimer>
#include <optional>

namespace machiai::kiosk {

[[nodiscard]] std::optional<seat::Phrases> load_phrases();
/// The words that are said aloud.
[[nodiscard]] std::optional<seat::Phrases> load_spoken();
/// A session as it is on the page of that name, for a picture; nothing for an unknown name.
[[nodiscard]] std::optional<Session> sample_session(const queue::KioskView& view, const QString& page,
                                                    const QString& lang);

class Window : public seat::Stage {
  Q_OBJECT
public:
  /// `pad`: card numbers may be typed.
  Window(seat::Link& link, seat::Phrases phrases, const QString& lang, bool pad = true);

  /// Locks the glass so that it can be wiped.
  void wipe();
  /// What this machine lacks, reasons joined by colons: told to the desk on every connection.
  void lacks(std::string reasons);

signals:
  /// The page will soon leave: to be told by a soft tone as well as by words.
  void leaving_soon();
  /// What is to be said from now on; nothing: silence.
  void speaks(const QStringList& sentences);

protected:
  void resizeEvent(QResizeEvent* event) override;
  /// Keys belong to the scanner and to the staff's F9, wherever the focus is.
  bool eventFilter(QObject* watched, QEvent* event) override;

private:
  bool on_key(const QKeyEvent& event);
  void watch_staff();
  void on_touch(const QString& name);
  void send(const Order& order);
  void tell_desk();
  void refresh();

  seat::Link& link_;
  seat::Phrases phrases_;
  seat::Phrases spoken_;
  QStringList said_;
  std::optional<queue::KioskView> view_;
  Session session_;
  Keys keys_;
  std::string lasting_;
  std::string told_trouble_;        ///< to the desk, on this connection
  std::int64_t held_since_ms_ = -1; ///< the clinic's name is pressed
  std::optional<Screen> shown_;
  QElapsedTimer steady_;
  QTimer tick_;
};

} // namespace machiai::kiosk
