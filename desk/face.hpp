// SPDX-License-Identifier: Apache-2.0
// The glass alone: draws a screen, holds its input fields, tells what was touched.
#pragma once

#include "desk/scene.hpp"

#include <QHash>
#include <optional>

namespace machiai::desk {

class Face : public QWidget {
  Q_OBJECT
public:
  Face(seat::Phrases phrases, QString lang, QWidget* parent = nullptr);
  /// `start`: what the fields of a panel that opens begin with.
  void show_screen(const Screen& screen, const Draft& start = {});
  /// What can be touched now: with a sheet open, only the sheet.
  [[nodiscard]] QJsonObject layout() const;
  /// A sheet, or the log-in page, lies above the screen.
  [[nodiscard]] bool covered() const { return shown_ && has_overlay(*shown_); }
  [[nodiscard]] bool offers(const QString& name) const;
  /// What stands in the input field of that name; empty without one.
  [[nodiscard]] std::string typed(const QString& field) const;
  void type(const QString& key); ///< a key of the receive dialog's pad: a digit, "left" or "clear"
  /// Enter: the key that has the focus, else the panel's main key. Its name, or empty.
  [[nodiscard]] QString meant_by_enter() const;
  void walk(Qt::Key arrow);

signals:
  void touched(const QString& name);
  void dragged(double design_px);
  void edited();
  void rearranged();

protected:
  void resizeEvent(QResizeEvent* event) override;

private:
  void arrange_fields(const Context& c, const Draft& start, bool opened);
  void place(QWidget* edit, const Field& field);
  [[nodiscard]] seat::Stage* upper() const;

  seat::Phrases phrases_;
  QString lang_;
  seat::Stage* base_;
  seat::Stage* overlay_;
  QHash<QString, QWidget*> edits_; ///< made when first needed
  std::vector<Field> fields_;      ///< those shown
  std::optional<Screen> shown_;
};

} // namespace machiai::desk
