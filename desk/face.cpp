// SPDX-License-Identifier: Apache-2.0
#include "desk/face.hpp"

#include <QAbstractButton>
#include <QJsonArray>
#include <QLineEdit>
#include <QPlainTextEdit>

namespace machiai::desk {

namespace {

QWidget* make_field(QWidget* parent, const Field& field) {
  QWidget* edit = nullptr;
  if (field.several) {
    auto* lines = new QPlainTextEdit(parent);
    lines->setTabChangesFocus(true);
    edit = lines;
  } else {
    edit = new QLineEdit(parent);
  }
  edit->setObjectName(field.name);
  const QString kind = field.several ? "QPlainTextEdit" : "QLineEdit";
  edit->setStyleSheet(
      kind +
      "{border:2px solid #667C86;border-radius:10px;padding:0 12px;background:#FFFFFF;color:#10263A;} " +
      kind + ":focus{border:3px solid #1B5080;}");
  return edit;
}

QString text_in(const QWidget* edit) {
  if (const auto* line = qobject_cast<const QLineEdit*>(edit)) return line->text();
  if (const auto* lines = qobject_cast<const QPlainTextEdit*>(edit)) return lines->toPlainText();
  return {};
}

void put_text(QWidget* edit, const QString& text) {
  const QSignalBlocker quiet(edit); // nobody has typed it
  if (auto* line = qobject_cast<QLineEdit*>(edit)) line->setText(text);
  if (auto* lines = qobject_cast<QPlainTextEdit*>(edit)) lines->setPlainText(text);
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
  for (QWidget* edit : edits_) {
    const bool wanted = std::any_of(fields_.begin(), fields_.end(),
                                    [&](const Field& field) { return field.name == edit->objectName(); });
    if (wanted && !opened) continue;
    edit->setVisible(false);
    put_text(edit, {}); // what was typed about one patient must not meet the next
  }
  for (const Field& field : fields_) {
    QWidget*& edit = edits_[field.name];
    const bool fresh = edit == nullptr || edit->isHidden();
    if (edit == nullptr) {
      edit = make_field(overlay_, field);
      if (auto* line = qobject_cast<QLineEdit*>(edit))
        connect(line, &QLineEdit::textEdited, this, &Face::edited);
      if (auto* lines = qobject_cast<QPlainTextEdit*>(edit))
        connect(lines, &QPlainTextEdit::textChanged, this, &Face::edited);
    }
    if (fresh) {
      if (auto* line = qobject_cast<QLineEdit*>(edit)) line->setMaxLength(field.longest);
      edit->setAccessibleName(field.label);
      put_text(edit, beginning(field, start));
      edit->show();
    }
    place(edit, field);
    if (fresh && field.name == fields_.front().name) edit->setFocus();
  }
}

seat::Stage* Face::upper() const {
  return shown_ && has_overlay(*shown_) ? overlay_ : base_;
}

QJsonObject Face::layout() const {
  QJsonObject result = upper()->layout();
  for (const Field& field : fields_) {
    const QWidget* edit = edits_.value(field.name);
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
  const QWidget* edit = edits_.value(field);
  return edit == nullptr || edit->isHidden() ? std::string{} : text_in(edit).trimmed().toStdString();
}

void Face::type(const QString& key) {
  auto* card = qobject_cast<QLineEdit*>(edits_.value("draft-card"));
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

void Face::place(QWidget* edit, const Field& field) {
  const double scale = overlay_->to_window().m22();
  edit->setGeometry(overlay_->window_rect(field.box));
  const double px = field.several ? 20 : 24;
  edit->setFont(seat::look::font({px * scale, false, seat::look::ink, "ja"}));
  edit->raise();
}

void Face::resizeEvent(QResizeEvent* event) {
  QWidget::resizeEvent(event);
  base_->resize(size());
  overlay_->resize(size());
  for (const Field& field : fields_)
    if (QWidget* edit = edits_.value(field.name)) place(edit, field);
}

} // namespace machiai::desk
