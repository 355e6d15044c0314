// SPDX-License-Identifier: Apache-2.0
// The kiosk's window: carries touches to the model and the model's screen to the stage.
#pragma once

#include "kiosk/model.hpp"
#include "seat/link.hpp"
#include "seat/phrases.hpp"
#include "seat/stage.hpp"

#include <QElapsedTimer>
#include <QTimer>
#include <optional>

namespace machiai::kiosk {

[[nodiscard]] std::optional<seat::Phrases> load_phrases();
/// A session as it is on the page of that name, for a picture; nothing for an unknown name.
[[nodiscard]] std::optional<Session> sample_session(const queue::KioskView& view, const QString& page,
                                                    const QString& lang);

class Window : public seat::Stage {
  Q_OBJECT
public:
  Window(seat::Link& link, seat::Phrases phrases, const QString& lang);

protected:
  void resizeEvent(QResizeEvent* event) override;

private:
  void on_touch(const QString& name);
  void send(const Order& order);
  void refresh();

  seat::Link& link_;
  seat::Phrases phrases_;
  std::optional<queue::KioskView> view_;
  Session session_;
  std::optional<Screen> shown_;
  QElapsedTimer steady_;
  QTimer tick_;
};

} // namespace machiai::kiosk
