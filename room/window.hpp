// SPDX-License-Identifier: Apache-2.0
// The room seat's window: carries touches and keys to the model, its orders to the door and to the hub.
#pragma once

#include "room/model.hpp"
#include "seat/door.hpp"
#include "seat/link.hpp"
#include "seat/phrases.hpp"
#include "seat/stage.hpp"

#include <QElapsedTimer>
#include <QKeyEvent>
#include <QTimer>
#include <memory>
#include <optional>

namespace machiai::room {

[[nodiscard]] std::optional<seat::Phrases> load_phrases();
/// A glass as it is on the page of that name, for a picture; nothing for an unknown name.
[[nodiscard]] std::optional<Glass> sample_glass(const queue::RoomsView& view, const QString& page,
                                                const QString& lang);

class Window : public seat::Stage {
  Q_OBJECT
public:
  /// `entry`: what is known beforehand of address, code and signs; with an address it begins to pair.
  Window(seat::KeyFile keys, seat::Phrases phrases, const QString& lang, Entry entry = {});
  ~Window() override;

  [[nodiscard]] const Screen& shown() const { return *shown_; }

protected:
  void resizeEvent(QResizeEvent* event) override;
  void keyPressEvent(QKeyEvent* event) override;

private:
  void on_touch(const QString& name);
  /// A key acts only where its button stands on the glass.
  void on_key(const QString& name);
  bool on_entry_key(const QKeyEvent& event);
  void press_focused(const QString& otherwise);
  void carry_out(const Order& order);
  void look();
  void join();
  void open_link(const seat::Key& key);
  void on_view(const QString& name, const boost::json::object& json);
  void learn_names();
  void ask_whether_known();
  void tick();
  void refresh();

  seat::KeyFile keys_;
  seat::Phrases phrases_;
  seat::Door door_;
  std::unique_ptr<seat::Link> link_;
  std::optional<seat::Key> key_;
  QByteArray authority_; ///< of whoever answered, until a person has compared its signs
  std::optional<queue::RoomsView> view_;
  Glass glass_;
  std::optional<Screen> shown_;
  bool asking_ = false; ///< whether the key still opens
  qint64 asked_ms_ = 0;
  QElapsedTimer steady_;
  QTimer tick_;
};

} // namespace machiai::room
