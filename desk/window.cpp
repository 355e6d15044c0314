// SPDX-License-Identifier: Apache-2.0
#include "desk/window.hpp"

#include "core/wire/views.hpp"
#include "seat/program.hpp"

#include <QDir>
#include <QSaveFile>
#include <QShortcut>
#include <QWheelEvent>

static void load_resources() {
  Q_INIT_RESOURCE(desk);
}

namespace machiai::desk {

namespace {

constexpr int tick_ms = 200;
constexpr double row_px = 55.8; ///< design pixels that scroll one row

} // namespace

std::optional<seat::Phrases> load_phrases() {
  load_resources();
  const auto bytes = seat::read_file(":/desk/phrases.json");
  if (!bytes) return std::nullopt;
  return seat::Phrases::parse(*bytes);
}

Window::Window(seat::Link& link, seat::Phrases phrases, const QString& lang, const QString& seat,
               QString tables)
    : Face(std::move(phrases), lang), link_(link), tables_(std::move(tables)) {
  glass_.seat = seat.toStdString();
  steady_.start();
  add_keys();
  add_arrows();
  connect(this, &Face::touched, this, &Window::on_touch);
  connect(this, &Face::dragged, this, &Window::scroll);
  connect(this, &Face::edited, this, [this] {
    take_typed();
    refresh();
  });
  connect(&link_, &seat::Link::connected_changed, this, [this](bool connected) {
    if (connected) glass_ = reconnected(glass_);
    tick();
  });
  connect(&link_, &seat::Link::view, this, &Window::on_view);
  connect(&tick_, &QTimer::timeout, this, &Window::tick);
  tick_.start(tick_ms);
  refresh();
}

void Window::on_view(const QString& name, const boost::json::object& json) {
  if (name == "programme") {
    bill_ = wire::playbill_from_json(json);
    return refresh();
  }
  if (name != "desk") return;
  if (auto view = wire::desk_from_json(json)) {
    view_ = std::move(*view);
    glass_ = settled(*view_, glass_);
  } else {
    view_.reset(); // a list we cannot read must not look like a list of today
  }
  refresh();
}

void Window::add_keys() {
  const auto key = [this](const QKeySequence& keys, auto action) {
    connect(new QShortcut(keys, this), &QShortcut::activated, this, action);
  };
  const auto touch = [this](const char* name) { return [this, name] { on_key(name); }; };
  key(Qt::Key_F1, touch("call-next"));
  key(Qt::Key_F2, [this] { on_touch("names"); });
  key(Qt::Key_F3, touch("recall"));
  key(Qt::Key_F4, touch("more"));
  key(QKeySequence::Undo, touch("undo"));
  key(Qt::Key_Escape, [this] { on_touch("close-panel"); });
  key(Qt::Key_PageUp, [this] { on_key(offers("list-up") ? "list-up" : "page-up"); });
  key(Qt::Key_PageDown, [this] { on_key(offers("list-down") ? "list-down" : "page-down"); });
  const auto enter = [this] { on_key(meant_by_enter()); };
  key(Qt::Key_Return, enter);
  key(Qt::Key_Enter, enter);
}

/// Above the list the arrows choose a row; in a sheet they walk its keys.
void Window::add_arrows() {
  for (const Qt::Key arrow : {Qt::Key_Up, Qt::Key_Down, Qt::Key_Left, Qt::Key_Right}) {
    auto* shortcut = new QShortcut(arrow, this);
    connect(shortcut, &QShortcut::activated, this, [this, arrow] {
      const bool choosing =
          glass_.panel == Panel::none && !covered() && (arrow == Qt::Key_Up || arrow == Qt::Key_Down);
      if (!choosing || !view_) return walk(arrow);
      glass_ = stepped(*view_, glass_, arrow == Qt::Key_Up ? -1 : 1);
      refresh();
    });
  }
}

/// Digits go to the pad that is open; an input field has taken its own before.
void Window::keyPressEvent(QKeyEvent* event) {
  const int key = event->key();
  if (key >= Qt::Key_0 && key <= Qt::Key_9) {
    // Above the list a digit begins a number that is looked for.
    if (glass_.panel == Panel::none && !covered()) on_touch("find");
    return on_key(QString("pad-%1").arg(key - Qt::Key_0));
  }
  if (key == Qt::Key_Backspace) return on_key("pad-left");
  Face::keyPressEvent(event);
}

void Window::on_key(const QString& name) {
  if (!name.isEmpty() && offers(name)) on_touch(name);
}

void Window::take_typed() {
  glass_.words = typed("words");
  if (glass_.panel == Panel::notice) {
    glass_.inside.notice.texts.clear();
    for (const std::string& name : notice_fields(glass_.inside.notice.form))
      glass_.inside.notice.texts.emplace_back(name, typed("notice-field-" + QString::fromStdString(name)));
  }
  if (glass_.panel != Panel::receive && glass_.panel != Panel::amend) return;
  glass_.draft.card = typed("draft-card");
  glass_.draft.name = typed("draft-name");
  glass_.draft.note = typed("draft-note");
}

void Window::on_touch(const QString& name) {
  if (name.startsWith("key-")) return type(name.mid(4));
  take_typed();
  Step step = desk::touched(seen(), link_.connected(), glass_, name.toStdString());
  glass_ = std::move(step.glass);
  if (step.order) send(*step.order);
  tick();
}

void Window::send(const Order& order) {
  link_.send(QString::fromStdString(order.command), order.args,
             [this, order](const base::Result<boost::json::object>& answer) { on_answer(order, answer); });
}

void Window::on_answer(const Order& order, const base::Result<boost::json::object>& answer) {
  glass_ = answered(glass_, order, answer, steady_.elapsed(), link_.refusal());
  if (answer && answer->contains("csv")) write_table(order, *answer);
  tick();
}

/// The table holds counts alone, no names.
void Window::write_table(const Order& order, const boost::json::object& answer) {
  const auto text = [](const boost::json::object& from, const char* name) {
    const auto* value = from.if_contains(name);
    return value != nullptr && value->is_string() ? std::string(value->get_string()) : std::string{};
  };
  const QString from = QString::fromStdString(text(order.args, "from"));
  const QString to = QString::fromStdString(text(order.args, "to"));
  QDir().mkpath(tables_);
  const QString path = QDir(tables_).filePath("machiai-" + (from == to ? from : from + "_" + to) + ".csv");
  QSaveFile file(path);
  const std::string table = text(answer, "csv");
  const bool written = file.open(QIODevice::WriteOnly) &&
                       file.write(table.data(), static_cast<qint64>(table.size())) >= 0 && file.commit();
  glass_.found.saved = written ? path.toStdString() : "!" + tables_.toStdString();
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

/// What the glass needs to know is asked for as soon as nothing stands in the way.
void Window::tick() {
  Step step =
      inquire(view_ ? &*view_ : nullptr, link_.connected(), glass_, link_.hub_now_ms(), steady_.elapsed());
  glass_ = std::move(step.glass);
  refresh();
  if (step.order) send(*step.order);
}

/// Nothing before it is known whether somebody has to log in first.
const queue::DeskView* Window::seen() const {
  return view_ && glass_.found.staff.answered ? &*view_ : nullptr;
}

void Window::refresh() {
  Screen screen =
      compose(seen(), glass_, link_.connected(), link_.age_ms(), link_.hub_now_ms(), steady_.elapsed());
  if (bill_) screen.strip = strip_of(*bill_, link_.hub_now_ms());
  screen.strip = with_notice(std::move(screen.strip), seen(), link_.hub_now_ms());
  show_screen(screen, glass_.draft);
}

} // namespace machiai::desk
