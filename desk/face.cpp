// SPDX-License-Identifier: Apache-2.0
#include "desk/face.hpp"

#include <QAbstractButton>
#include <QJsonArray>

namespace machiai::desk {

namespace {

QLineEdit* make_field(QWidget* parent, const Field& field) {
  auto* edit = new QLineEdit(parent);
  edit->setObjectName(field.name);
  edit->setStyleSheet(
      "QLineEdit{border:2px solid #667C86;border-radius:10px;padding:0 12px;background:#FFFFFF;"
      "color:#10263A;} QLineEdit:focus{border:3px solid #1B5080;}");
  return edit;
}

/// What a field begins with: of a ticket that is amended, what is written down of it.
QString beginning(const Field& field, const Draft& start) {
  if (field.name == "draft-card") return QString::fromStdString(start.card);
  if (field.name == "draft-name") return QString::fromStdString(start.name);
  if (field.name == "draft-note") return QString::fromStdString(start.note);
  return field.start;
}

} // namespace

Face::Face(seat::Phrases phrases, QString lang, QWidget* parent)
    : QWidget(parent), phrases_(std::move(phrases)), lang_(std::move(lang)), base_(new seat::Stage(this)),
      overlay_(new seat::Stage(this)) {
  setFocusPolicy(Qt::StrongFocus);
  setFocus();
  overlay_->hide();
  for (seat::Stage* stage : {base_, overlay_}) {
    connect(stage, &seat::Stage::touched, this, &Face::touched);
    connect(stage, &seat::Stage::rearranged, this, &Face::rearranged);
  }
  connect(base_, &seat::Stage::dragged, this, &Face::dragged);
}

void Face::show_screen(const Screen& screen, const Draft& start) {
  if (shown_ && *shown_ == screen) return;
  const bool opened = !shown_ || shown_->panel != screen.panel || shown_->locked != screen.locked;
  shown_ = screen;
  const Shared c = context(screen, phrases_, lang_);
  base_->show_scene(base_scene(c));
  const bool over = has_overlay(screen);
  // Before the fields vanish, or Qt would hand the focus to some button and Space would press it.
  if (opened) setFocus();
  overlay_->setVisible(over);
  if (over) overlay_->show_scene(overlay_scene(c));
  // Tab and the arrows stay within the sheet.
  base_->setEnabled(!over);
  arrange_fields(*c, start, opened);
  emit rearranged();
}

void Face::arrange_fields(const Context& c, const Draft& start, bool opened) {
  fields_ = fields_of(c);
  for (QLineEdit* edit : edits_) {
    const bool wanted = std::any_of(fields_.begin(), fields_.end(),
                                    [&](const Field& field) { return field.name == edit->objectName(); });
    if (wanted && !opened) continue;
    edit->setVisible(false);
    edit->clear(); // what was typed about one patient must not meet the next
  }
  for (const Field& field : fields_) {
    QLineEdit*& edit = edits_[field.name];
    const bool fresh = edit == nullptr || edit->isHidden();
    if (edit == nullptr) {
      edit = make_field(overlay_, field);
      connect(edit, &QLineEdit::textEdited, this, &Face::edited);
    }
    if (fresh) {
      edit->setMaxLength(field.longest);
      edit->setAccessibleName(field.label);
      edit->setText(beginning(field, start));
      edit->show();
    }
    place(edit, field.box);
    if (fresh && field.name == fields_.front().name) edit->setFocus();
  }
}

seat::Stage* Face::upper() const {
  return shown_ && has_overlay(*shown_) ? overlay_ : base_;
}

QJsonObject Face::layout() const {
  QJsonObject result = upper()->layout();
  for (const Field& field : fields_) {
    const QLineEdit* edit = edits_.value(field.name);
    if (edit == nullptr || !edit->isVisible()) continue;
    const QPoint corner = edit->mapToGlobal(QPoint(0, 0));
    result[field.name] = QJsonArray{corner.x(), corner.y(), edit->width(), edit->height()};
  }
  return result;
}

bool Face::offers(const QString& name) const {
  return upper()->offers(name);
}

std::string Face::typed(const QString& field) const {
  const QLineEdit* edit = edits_.value(field);
  return edit == nullptr || edit->isHidden() ? std::string{} : edit->text().trimmed().toStdString();
}

void Face::type(const QString& key) {
  QLineEdit* card = edits_.value("draft-card");
  if (card == nullptr) return;
  if (key == "clear")
    card->clear();
  else if (key == "left")
    card->backspace();
  else
    card->insert(key);
  card->setFocus();
}

QString Face::meant_by_enter() const {
  const auto* button = qobject_cast<const QAbstractButton*>(focusWidget());
  if (button != nullptr && button->hasFocus()) return button->objectName();
  if (!shown_) return {};
  const QString primary = primary_of(*shown_);
  return offers(primary) ? primary : QString();
}

void Face::walk(Qt::Key arrow) {
  upper()->walk(arrow);
}

void Face::place(QLineEdit* edit, const QRectF& box) {
  const double scale = overlay_->to_window().m22();
  edit->setGeometry(overlay_->window_rect(box));
  edit->setFont(seat::look::font({24 * scale, false, seat::look::ink, "ja"}));
  edit->raise();
}

void Face::resizeEvent(QResizeEvent* event) {
  QWidget::resizeEvent(event);
  base_->resize(size());
  overlay_->resize(size());
  for (const Field& field : fields_)
    if (QLineEdit* edit = edits_.value(field.name)) place(edit, field.box);
}

} // namespace machiai::desk
