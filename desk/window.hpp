// SPDX-License-Identifier: Apache-2.0
// The desk's window: Face is glass only; Window carries touches and keys to the model and orders to the hub.
#pragma once

#include "desk/model.hpp"
#include "seat/link.hpp"
#include "seat/phrases.hpp"
#include "seat/stage.hpp"

#include <QElapsedTimer>
#include <QLineEdit>
#include <QTimer>
#include <QWidget>
#include <optional>

namespace machiai::desk {

[[nodiscard]] std::optional<seat::Phrases> load_phrases();
/// The choices at a glass that shows the page of that name, for a picture; nothing for an unknown name.
[[nodiscard]] std::optional<Glass> sample_glass(const queue::DeskView& view, const QString& page);

class Face : public QWidget {
  Q_OBJECT
public:
  Face(seat::Phrases phrases, QString lang, QWidget* parent = nullptr);
  void show_screen(const Screen& screen);
  /// What can be touched now: with a dialog open, only the dialog.
  [[nodiscard]] QJsonObject layout() const;
  [[nodiscard]] std::string card() const { return card_->text().toStdString(); }
  [[nodiscard]] std::string name() const { return name_->text().toStdString(); }
  void clear_fields();
  void type_card(const QString& key); ///< a key of the pad: a digit, "left" or "clear"

signals:
  void touched(const QString& name);
  void dragged(double design_px);
  void rearranged();

protected:
  void resizeEvent(QResizeEvent* event) override;

private:
  void place_fields();

  seat::Phrases phrases_;
  QString lang_;
  seat::Stage* base_;
  seat::Stage* overlay_;
  QLineEdit* card_;
  QLineEdit* name_;
  std::optional<Screen> shown_;
};

class Window : public Face {
  Q_OBJECT
public:
  Window(seat::Link& link, seat::Phrases phrases, const QString& lang, const QString& seat);

protected:
  void wheelEvent(QWheelEvent* event) override;

private:
  void add_keys();
  void on_touch(const QString& name);
  void send(const Order& order);
  void scroll(double design_px);
  void refresh();

  seat::Link& link_;
  std::optional<queue::DeskView> view_;
  Glass glass_;
  double dragged_ = 0;
  QElapsedTimer steady_;
  QTimer tick_;
};

} // namespace machiai::desk
