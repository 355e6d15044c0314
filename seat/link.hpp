// SPDX-License-Identifier: Apache-2.0
// Link: a seat's line to the hub. It reconnects by itself, repeats what was not answered, keeps the last
// view and knows how old it is.
#pragma once

#include "core/base/result.hpp"
#include "seat/key.hpp"

#include <boost/json.hpp>

#include <QByteArray>
#include <QElapsedTimer>
#include <QHash>
#include <QMap>
#include <QObject>
#include <QString>
#include <QTimer>
#include <QWebSocket>
#include <chrono>
#include <functional>
#include <optional>

namespace machiai::seat {

/// What a seat needs to find its hub.
struct Settings {
  QString home; ///< the station's directory: run/port and run/token.ROLE are read from it at each connect
  QString role; ///< "kiosk" | "desk" | "display"
  QString seat; ///< "kiosk-1"
  QStringList views; ///< pushed to us
  /// From another machine: over TLS to the key's station as its device, instead of by `home`, `role` and
  /// `seat`.
  std::optional<Key> key{};
};

/// The settings, if the hub would take them: home given, a known role, a seat name of letters, digits and
/// `-`, at most 32.
[[nodiscard]] base::Result<Settings> checked(Settings settings);

class Link : public QObject {
  Q_OBJECT
public:
  using Reply = std::function<void(const base::Result<boost::json::object>&)>;

  explicit Link(Settings settings, QObject* parent = nullptr);
  /// Ends the line without a word to anybody: replies still open are dropped, no signal is sent.
  ~Link() override;

  /// Connects now and again after every loss, with a back-off of 0.1 to 2 s.
  void start();
  /// Sends a command with a fresh idempotency key. While the hub is away it waits up to `patience`, is sent
  /// again with the same key after a reconnect, and then fails with reason "hub_unreachable". The detail of
  /// that failure is "unsent" (it was never done) or "unanswered" (it may have been done).
  void send(const QString& command, boost::json::object args, Reply reply,
            std::chrono::milliseconds patience = std::chrono::seconds{5});

  /// The hub has spoken on this connection. An open socket alone is not enough.
  [[nodiscard]] bool connected() const;
  /// Since the hub last confirmed what we show (a view or a beat); -1 before the first.
  [[nodiscard]] qint64 age_ms() const;
  /// The hub's clock now: its last stamp plus the time since. 0 before the first.
  [[nodiscard]] qint64 hub_now_ms() const;
  /// Revision of the view last delivered under that name; -1 before the first. Already set in `view`'s slots.
  [[nodiscard]] qint64 rev(const QString& name) const;
  /// The hub's whole refusal while its reply is delivered: more than a reason ("seconds", "by").
  [[nodiscard]] const boost::json::object& refusal() const { return refusal_; }

signals:
  void view(const QString& name, const boost::json::object& data);
  void connected_changed(bool connected);

private:
  struct Pending {
    QByteArray frame;
    Reply reply;
    qint64 deadline_ms = 0;
    bool sent = false;
  };
  void connect_now();
  void connect_over_tls();
  void on_connected();
  void on_lost();
  void on_text(const QString& text);
  void heard(qint64 stamp_ms);
  void answer(qint64 id, const boost::json::object& frame);
  void sweep();
  void transmit(Pending& pending);
  void set_connected(bool connected);

  Settings settings_;
  QWebSocket socket_;
  QTimer retry_;
  QTimer sweep_;
  QElapsedTimer uptime_;
  QMap<qint64, Pending> pending_; ///< by id, so that a reconnect repeats in the order of sending
  QHash<QString, qint64> revs_;
  boost::json::object refusal_;
  qint64 next_id_ = 1;
  qint64 last_heard_ms_ = -1;
  qint64 last_stamp_ms_ = 0;
  qint64 attempt_ms_ = 0; ///< when the present attempt or connection began
  int back_off_ms_ = 0;
  bool connected_ = false;
};

} // namespace machiai::seat
