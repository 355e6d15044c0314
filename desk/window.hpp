// SPDX-License-Identifier: Apache-2.0
// The desk's window: carries touches and keys to the model, orders and questions to the hub.
#pragma once

#include "desk/face.hpp"
#include "seat/link.hpp"

#include <QElapsedTimer>
#include <QTimer>

namespace machiai::desk {

[[nodiscard]] std::optional<seat::Phrases> load_phrases();

/// A glass with a page on it, for a picture: its choices, and what the hub would have told.
struct Sample {
  queue::DeskView view;
  Glass glass;
  std::optional<wire::Playbill> bill; ///< none: a station without a programme
};
/// As the window would compose it at that moment.
[[nodiscard]] Screen screen_of(const Sample& sample, bool reachable, std::int64_t age_ms,
                               std::int64_t hub_ms);
/// Nothing for an unknown name.
[[nodiscard]] std::optional<Sample> sample_page(const queue::DeskView& view, const QString& page,
                                                std::int64_t hub_ms);

class Window : public Face {
  Q_OBJECT
public:
  /// `tables`: the folder that tables are written to.
  Window(seat::Link& link, seat::Phrases phrases, const QString& lang, const QString& seat, QString tables);

protected:
  void wheelEvent(QWheelEvent* event) override;
  void keyPressEvent(QKeyEvent* event) override;

private:
  void add_keys();
  void add_arrows();
  void on_view(const QString& name, const boost::json::object& json);
  void on_touch(const QString& name);
  /// A key acts only where its button stands on the glass.
  void on_key(const QString& name);
  void take_typed();
  void send(const Order& order);
  void on_answer(const Order& order, const base::Result<boost::json::object>& answer);
  void write_table(const Order& order, const boost::json::object& answer);
  void scroll(double design_px);
  void tick();
  [[nodiscard]] const queue::DeskView* seen() const;
  void refresh();

  seat::Link& link_;
  QString tables_;
  std::optional<queue::DeskView> view_;
  std::optional<wire::Playbill> bill_;
  Glass glass_;
  double dragged_ = 0;
  QElapsedTimer steady_;
  QTimer tick_;
};

} // namespace machiai::desk
