// SPDX-License-Identifier: Apache-2.0
#include "desk/window.hpp"

#include "core/wire/views.hpp"
#include "desk/scene.hpp"
#include "seat/program.hpp"

#include <QJsonArray>
#include <QShortcut>
#include <QWheelEvent>
#include <cmath>

static void load_resources() {
  Q_INIT_RESOURCE(desk);
}

namespace machiai::desk {

namespace {

constexpr int tick_ms = 200;
constexpr double row_px = 55.8; ///< design pixels that scroll one row
constexpr int longest_field = 64;

QLineEdit* make_field(QWidget* parent, const QString& name) {
  auto* field = new QLineEdit(parent);
  field->setObjectName(name);
  field->setMaxLength(longest_field);
  field->setStyleSheet(
      "QLineEdit{border:2px solid #667C86;border-radius:10px;padding:0 12px;background:#FFFFFF;"
      "color:#10263A;} QLineEdit:focus{border:3px solid #1B5080;}");
  field->hide();
  return field;
}

} // namespace

std::optional<seat::Phrases> load_phrases() {
  load_resources();
  const auto bytes = seat::read_file(":/desk/phrases.json");
  if (!bytes) return std::nullopt;
  return seat::Phrases::parse(*bytes);
}

std::optional<Glass> sample_glass(const queue::DeskView& view, const QString& page) {
  Glass glass;
  // A picture is of the seat that acted last.
  if (!view.undo.empty()) glass.seat = view.undo.front().seat;
  glass = settled(view, glass);
  const auto touch = [&](const std::string& name) { glass = touched(&view, true, glass, name).glass; };
  const auto row = [&](std::string_view state) {
    for (const auto& ticket : view.tickets)
      if (ticket.state == state && ticket.service == glass.service) return touch("row-" + ticket.ticket);
  };
  if (page.isEmpty() || page == "home" || page == "away") return glass;
  if (page.startsWith("row-"))
    row(page.mid(4).toStdString());
  else if (page == "more")
    touch("more");
  else if (page == "move") {
    row("waiting");
    touch("move");
    touch("reason-urgent");
  } else if (page == "receive" || page == "session" || page == "help" || page == "names")
    touch(page.toStdString());
  else if (page == "troubles")
    touch("chip-0");
  else if (page.startsWith("refused-"))
    glass.notice = {page.mid(8).toStdString(), view.tickets.empty() ? "" : view.tickets.front().ticket,
                    notice_ms};
  else
    return std::nullopt;
  return glass;
}

Face::Face(seat::Phrases phrases, QString lang, QWidget* parent)
    : QWidget(parent), phrases_(std::move(phrases)), lang_(std::move(lang)), base_(new seat::Stage(this)),
      overlay_(new seat::Stage(this)), card_(make_field(overlay_, "draft-card")),
      name_(make_field(overlay_, "draft-name")) {
  card_->setAccessibleName(phrases_("receive.card", lang_));
  name_->setAccessibleName(phrases_("receive.name", lang_));
  setFocusPolicy(Qt::StrongFocus);
  setFocus();
  overlay_->hide();
  for (seat::Stage* stage : {base_, overlay_}) {
    connect(stage, &seat::Stage::touched, this, &Face::touched);
    connect(stage, &seat::Stage::rearranged, this, &Face::rearranged);
  }
  connect(base_, &seat::Stage::dragged, this, &Face::dragged);
}

void Face::show_screen(const Screen& screen) {
  if (shown_ && *shown_ == screen) return;
  const bool was_receiving = shown_ && shown_->panel == Panel::receive;
  shown_ = screen;
  const Shared c = context(screen, phrases_, lang_);
  base_->show_scene(base_scene(c));
  const bool over = has_overlay(screen);
  overlay_->setVisible(over);
  if (over) overlay_->show_scene(overlay_scene(c));
  const bool receiving = screen.panel == Panel::receive;
  // Before the fields vanish, or Qt would hand the focus to some button and Space would press it.
  if (!receiving && was_receiving) setFocus();
  for (QLineEdit* field : {card_, name_}) field->setVisible(receiving);
  if (receiving) place_fields();
  if (receiving && !was_receiving) card_->setFocus();
  if (!receiving && was_receiving) clear_fields();
  emit rearranged();
}

QJsonObject Face::layout() const {
  if (!overlay_->isVisible()) return base_->layout();
  QJsonObject result = overlay_->layout();
  for (const QLineEdit* field : {card_, name_}) {
    if (!field->isVisible()) continue;
    const QPoint corner = field->mapToGlobal(QPoint(0, 0));
    result[field->objectName()] = QJsonArray{corner.x(), corner.y(), field->width(), field->height()};
  }
  return result;
}

void Face::clear_fields() {
  card_->clear();
  name_->clear();
}

void Face::type_card(const QString& key) {
  if (key == "clear")
    card_->clear();
  else if (key == "left")
    card_->backspace();
  else
    card_->insert(key);
  card_->setFocus();
}

void Face::place_fields() {
  const double scale = overlay_->to_window().m22();
  const auto place = [&](QLineEdit* field, const QRectF& box) {
    field->setGeometry(overlay_->window_rect(box));
    field->setFont(seat::look::font({24 * scale, false, seat::look::ink, "ja"}));
    field->raise();
  };
  place(card_, card_field);
  place(name_, name_field);
}

void Face::resizeEvent(QResizeEvent* event) {
  QWidget::resizeEvent(event);
  base_->resize(size());
  overlay_->resize(size());
  if (!card_->isHidden()) place_fields();
}

Window::Window(seat::Link& link, seat::Phrases phrases, const QString& lang, const QString& seat)
    : Face(std::move(phrases), lang), link_(link) {
  glass_.seat = seat.toStdString();
  steady_.start();
  add_keys();
  connect(this, &Face::touched, this, &Window::on_touch);
  connect(this, &Face::dragged, this, &Window::scroll);
  connect(&link_, &seat::Link::connected_changed, this, [this] { refresh(); });
  connect(&link_, &seat::Link::view, this, [this](const QString& name, const boost::json::object& json) {
    if (name != "desk") return;
    if (auto view = wire::desk_from_json(json)) {
      view_ = std::move(*view);
      glass_ = settled(*view_, glass_);
    } else {
      view_.reset(); // a list we cannot read must not look like a list of today
    }
    refresh();
  });
  connect(&tick_, &QTimer::timeout, this, [this] { refresh(); });
  tick_.start(tick_ms);
  refresh();
}

void Window::add_keys() {
  const auto key = [this](const QKeySequence& keys, auto action) {
    connect(new QShortcut(keys, this), &QShortcut::activated, this, action);
  };
  const auto touch = [this](const char* name) { return [this, name] { on_touch(name); }; };
  key(Qt::Key_F1, touch("call-next"));
  key(Qt::Key_F2, touch("names"));
  key(Qt::Key_F3, touch("recall"));
  key(QKeySequence::Undo, touch("undo"));
  key(Qt::Key_Escape, touch("close-panel"));
  key(Qt::Key_PageUp, touch("page-up"));
  key(Qt::Key_PageDown, touch("page-down"));
  const auto enter = [this] { on_touch(glass_.panel == Panel::receive ? "draft-take" : "receive"); };
  key(Qt::Key_Return, enter);
  key(Qt::Key_Enter, enter);
  const auto step = [this](int by) {
    return [this, by] {
      if (!view_ || glass_.panel == Panel::receive) return;
      glass_ = stepped(*view_, glass_, by);
      refresh();
    };
  };
  key(Qt::Key_Up, step(-1));
  key(Qt::Key_Down, step(1));
}

void Window::on_touch(const QString& name) {
  if (name.startsWith("key-")) {
    type_card(name.mid(4));
    return;
  }
  // What a key cannot see on the glass it must not do: the actions wait while a dialog is open.
  const bool receiving = glass_.panel == Panel::receive;
  const bool about_dialog = name.startsWith("draft-") || name.startsWith("close-") || name == "names";
  if (receiving && !about_dialog) return;
  if (receiving) {
    glass_.draft.card = card();
    glass_.draft.name = this->name();
  }
  Step step = desk::touched(view_ ? &*view_ : nullptr, link_.connected(), glass_, name.toStdString());
  glass_ = std::move(step.glass);
  refresh();
  if (step.order) send(*step.order);
}

void Window::send(const Order& order) {
  link_.send(QString::fromStdString(order.command), order.args,
             [this, order](const base::Result<boost::json::object>& answer) {
               glass_ = answered(glass_, order, answer, steady_.elapsed());
               refresh();
             });
}

void Window::scroll(double design_px) {
  dragged_ -= design_px;
  const int rows = static_cast<int>(dragged_ / row_px);
  if (rows == 0 || !view_) return;
  dragged_ -= rows * row_px;
  glass_ = scrolled(*view_, glass_, rows);
  refresh();
}

void Window::wheelEvent(QWheelEvent* event) {
  scroll(event->angleDelta().y() / 120.0 * row_px);
}

void Window::refresh() {
  show_screen(compose(view_ ? &*view_ : nullptr, glass_, link_.connected(), link_.age_ms(),
                      link_.hub_now_ms(), steady_.elapsed()));
}

} // namespace machiai::desk
