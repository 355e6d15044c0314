// SPDX-License-Identifier: Apache-2.0
#include "room/window.hpp"

#include "core/wire/views.hpp"
#include "room/scene.hpp"
#include "seat/program.hpp"

#include <array>

static void load_resources() {
  Q_INIT_RESOURCE(room);
}

namespace machiai::room {

namespace json = boost::json;

namespace {

constexpr int tick_ms = 200;
/// A link that stays away is asked about so often: a WebSocket does not tell why it was refused.
constexpr qint64 ask_every_ms = 2'000;

} // namespace

std::optional<seat::Phrases> load_phrases() {
  load_resources();
  const auto bytes = seat::read_file(":/room/phrases.json");
  if (!bytes) return std::nullopt;
  return seat::Phrases::parse(*bytes);
}

Window::Window(seat::KeyFile keys, seat::Phrases phrases, const QString& lang, Entry entry)
    : keys_(std::move(keys)), phrases_(std::move(phrases)) {
  // The window itself holds the focus until somebody walks by keys: else Qt gives it to some button as soon
  // as the window becomes active, and the space bar would press that one.
  setFocusPolicy(Qt::StrongFocus);
  setFocus();
  steady_.start();
  glass_.lang = lang.toStdString();
  glass_.entry = std::move(entry);
  glass_.entry.at_code = !glass_.entry.address.empty();
  connect(this, &seat::Stage::touched, this, &Window::on_touch);
  connect(&tick_, &QTimer::timeout, this, &Window::tick);
  tick_.start(tick_ms);
  if (const auto key = keys_.load()) {
    glass_ = joined(std::move(glass_), std::pair{key->device.toStdString(), key->room.toStdString()});
    if (!glass_.entry.address.empty()) glass_.page = Page::enter;
    open_link(*key);
  }
  refresh();
  if (glass_.page == Page::enter && !glass_.entry.address.empty() && !glass_.entry.code.empty())
    on_touch("go");
}

Window::~Window() = default;

void Window::on_touch(const QString& name) {
  const bool reachable = link_ && link_->connected();
  Step step = room::touched(view_ ? &*view_ : nullptr, reachable, std::move(glass_), name.toStdString(),
                            link_ ? link_->hub_now_ms() : 0, steady_.elapsed());
  glass_ = std::move(step.glass);
  refresh();
  if (step.order) carry_out(*step.order);
}

void Window::carry_out(const Order& order) {
  if (order.command == "look") return look();
  if (order.command == "join") return join();
  if (!link_) return;
  link_->send(QString::fromStdString(order.command), order.args,
              [this, order](const base::Result<json::object>& answer) {
                glass_ = answered(view_ ? &*view_ : nullptr, std::move(glass_), order, answer,
                                  link_->refusal(), steady_.elapsed());
                refresh();
              });
}

void Window::look() {
  const auto place = seat::place_of(QString::fromStdString(glass_.entry.address));
  const auto done = [this](const base::Result<std::string>& check) {
    Step step = looked(std::move(glass_), check);
    glass_ = std::move(step.glass);
    refresh();
    if (step.order) carry_out(*step.order);
  };
  if (!place) return done(base::fail(base::Error::Code::invalid, "not_a_station"));
  door_.look(*place, [this, done](const base::Result<QByteArray>& authority) {
    if (!authority) return done(tl::unexpected(authority.error()));
    authority_ = *authority;
    done(seat::check_of(authority_).toStdString());
  });
}

void Window::join() {
  const auto place = seat::place_of(QString::fromStdString(glass_.entry.address));
  const QString code = QString::fromStdString(glass_.entry.code);
  door_.redeem(place.value_or(seat::Place{}), authority_, code, [this](const base::Result<seat::Key>& key) {
    using Joined = base::Result<std::pair<std::string, std::string>>;
    Joined result = base::fail(base::Error::Code::storage, "key_unwritable");
    if (!key)
      result = tl::unexpected(key.error());
    else if (keys_.save(*key))
      result = std::pair{key->device.toStdString(), key->room.toStdString()};
    glass_ = joined(std::move(glass_), result);
    if (result) open_link(*key);
    refresh();
  });
}

void Window::open_link(const seat::Key& key) {
  key_ = key;
  view_.reset();
  glass_.names.clear();
  glass_.entry.address = seat::place_text(key.place).toStdString();
  asked_ms_ = steady_.elapsed();
  link_ = std::make_unique<seat::Link>(
      seat::Settings{.home = {}, .role = "room", .seat = key.device, .views = {"rooms"}, .key = key});
  connect(link_.get(), &seat::Link::view, this, &Window::on_view);
  connect(link_.get(), &seat::Link::connected_changed, this, [this](bool connected) {
    if (connected) {
      glass_.away.clear();
      learn_names();
    } else {
      ask_whether_known();
    }
    refresh();
  });
  link_->start();
}

void Window::on_view(const QString& name, const json::object& json) {
  if (name != "rooms") return;
  // A view we cannot read must not look like the one of before.
  if (auto view = wire::rooms_from_json(json))
    view_ = std::move(*view);
  else
    view_.reset();
  refresh();
}

/// The names of the rooms, so that a lost race can say who called.
void Window::learn_names() {
  if (!glass_.names.empty()) return;
  link_->send("board", {}, [this](const base::Result<json::object>& answer) {
    const auto board = answer ? wire::board_from_json(*answer) : tl::unexpected(answer.error());
    if (!board) return;
    for (const queue::RoomView& each : board->rooms) glass_.names[each.id] = each.name;
  });
}

void Window::ask_whether_known() {
  if (asking_ || !key_) return;
  asking_ = true;
  asked_ms_ = steady_.elapsed();
  const QString device = key_->device;
  door_.ask(*key_, [this, device](const base::Result<QString>& known) {
    asking_ = false;
    asked_ms_ = steady_.elapsed();
    if (!key_ || key_->device != device) return; // another key has come meanwhile
    const std::string reason = known ? std::string() : known.error().reason;
    if (reason == "device_revoked") {
      keys_.forget();
      key_.reset();
      link_.reset();
      view_.reset();
      glass_ = revoked(std::move(glass_));
    } else {
      // That nobody answers is what the glass says anyway.
      glass_.away = reason == "station_unreachable" ? std::string() : reason;
    }
    refresh();
  });
}

void Window::tick() {
  const bool away = link_ && !link_->connected();
  if (away && steady_.elapsed() - asked_ms_ > ask_every_ms) ask_whether_known();
  refresh();
}

void Window::refresh() {
  const bool reachable = link_ && link_->connected();
  Screen next = compose(view_ ? &*view_ : nullptr, glass_, reachable, link_ ? link_->age_ms() : -1,
                        link_ ? link_->hub_now_ms() : 0, steady_.elapsed());
  if (shown_ && *shown_ == next) return;
  shown_ = std::move(next);
  const QWidget* focus = focusWidget();
  const QString name = focus != nullptr && focus != this ? focus->objectName() : QString();
  show_scene(room::scene(*shown_, phrases_, size()));
  // Qt hands the focus of a button that goes out to its neighbour, where the same key would do something
  // else.
  if (name.isEmpty() || offers(name)) return;
  if (auto* call = findChild<QAbstractButton*>("call-next"); call != nullptr && offers("call-next"))
    call->setFocus(Qt::ShortcutFocusReason);
  else
    setFocus();
}

void Window::resizeEvent(QResizeEvent* event) {
  shown_.reset();
  refresh();
  seat::Stage::resizeEvent(event);
}

void Window::on_key(const QString& name) {
  if (offers(name)) on_touch(name);
}

/// Enter presses what has the focus; the space bar does so by itself.
void Window::press_focused(const QString& otherwise) {
  auto* button = qobject_cast<QAbstractButton*>(focusWidget());
  if (button != nullptr && button->hasFocus())
    button->click();
  else if (!otherwise.isEmpty())
    on_key(otherwise);
}

bool Window::on_entry_key(const QKeyEvent& event) {
  if (glass_.page != Page::enter) return false;
  if (event.key() == Qt::Key_Backspace) {
    on_touch("key-left");
    return true;
  }
  const QString text = event.text().toLower();
  const bool plain = text.size() == 1 && text[0] > ' ' && text[0] < QChar(127) &&
                     !(event.modifiers() & (Qt::ControlModifier | Qt::AltModifier));
  if (plain) on_touch("key-" + text);
  return plain;
}

void Window::keyPressEvent(QKeyEvent* event) {
  // Held down, a key repeats; one press is one call.
  if (event->isAutoRepeat() && event->key() != Qt::Key_Backspace) return;
  if (event->matches(QKeySequence::Undo)) return on_key("undo");
  if (on_entry_key(*event)) return;
  const bool seat = glass_.page == Page::seat;
  switch (event->key()) {
  case Qt::Key_Return:
  case Qt::Key_Enter:
  case Qt::Key_Space:
    // The signs are to be compared first: no key agrees unseen.
    return press_focused(seat ? "call-next" : glass_.page == Page::enter ? "go" : "");
  case Qt::Key_Escape: return on_key(glass_.page == Page::compare ? "differs" : "keep");
  case Qt::Key_F1: return on_key("call-next");
  case Qt::Key_F3: return on_key("recall");
  case Qt::Key_F4: return on_key("absent");
  case Qt::Key_F5: return on_key("hold");
  case Qt::Key_F6: return on_key("finish");
  case Qt::Key_Up:
  case Qt::Key_Down:
  case Qt::Key_Left:
  case Qt::Key_Right: return walk(static_cast<Qt::Key>(event->key()));
  default: seat::Stage::keyPressEvent(event);
  }
}

} // namespace machiai::room
