// SPDX-License-Identifier: Apache-2.0
#include "kiosk/window.hpp"

#include "core/wire/views.hpp"
#include "kiosk/scene.hpp"
#include "kiosk/spoken.hpp"
#include "seat/program.hpp"

#include <QApplication>

static void load_resources() {
  Q_INIT_RESOURCE(kiosk);
}

namespace machiai::kiosk {

namespace {

constexpr int tick_ms = 200;

std::optional<seat::Phrases> load(const QString& file) {
  load_resources();
  const auto bytes = seat::read_file(":/kiosk/" + file);
  if (!bytes) return std::nullopt;
  return seat::Phrases::parse(*bytes);
}

} // namespace

std::optional<seat::Phrases> load_phrases() {
  return load("phrases.json");
}

std::optional<seat::Phrases> load_spoken() {
  return load("spoken.json");
}

std::optional<Session> sample_session(const queue::KioskView& view, const QString& page,
                                      const QString& lang) {
  Session session;
  session.lang = session.home_lang = lang.toStdString();
  const auto open = [&] { return view.services.empty() ? std::string() : view.services.front().id; };
  // "NAME-warning": the last seconds of a page.
  if (page.endsWith("-warning")) {
    auto late = sample_session(view, page.chopped(8), lang);
    if (late) late->touched_ms = -12'000;
    return late;
  }
  if (page.endsWith("-large")) {
    auto large = sample_session(view, page.chopped(6), lang);
    if (large) large->large = true;
    return large;
  }
  const int ahead = view.services.empty() ? 0 : view.services.front().waiting;
  if (page.isEmpty() || page == "home" || page == "away") return session;
  if (page == "done" || page == "warning" || page == "arrived" || page == "known" || page == "called" ||
      page == "several") {
    session.page = Page::done;
    session.given = {"36", open(), ahead, view.printing,
                     view.services.empty() ? std::nullopt : view.services.front().wait};
    if (page == "arrived" || page == "several") session.given.how = Given::How::arrived;
    if (page == "known" || page == "called") session.given.how = Given::How::known;
    session.given.code = "https://machiai.example.jp/f/minato#shinsatsu-20261124-36";
    session.given.called = page == "called";
    if (session.given.called) session.given.room = {"診察室1", "Room 1", "しんさつしつ、いち"};
    if (page == "several") {
      session.given.number = "36・S-4";
      session.given.service.clear();
      session.given.several = {{"36", 4, false, queue::WaitRange{25, 40}}, {"S-4", 0, false, std::nullopt}};
    }
    if (page == "warning") session.touched_ms = -12'000;
  } else if (page == "kind" || page == "asking") {
    session.page = page == "kind" ? Page::kind : Page::asking;
    session.service = open();
  } else if (page == "checking") {
    session.page = Page::asking;
  } else if (page == "help-called") {
    session.page = Page::help;
    session.called = true;
  } else if (page == "help" || page == "rules") {
    session.page = page == "help" ? Page::help : Page::rules;
  } else if (page.startsWith("why-")) {
    session.page = Page::why;
    session.service = page.mid(4).toStdString();
  } else if (page == "code" || page == "wipe") {
    session.page = page == "code" ? Page::code : Page::wipe;
  } else if (page == "type") {
    session.page = Page::typing;
    session.digits = "0012734";
  } else if (page == "card" || page == "card-kind") {
    session.page = page == "card" ? Page::home : Page::kind;
    session.service = open();
    session.card = "0012734";
  } else if (page.startsWith("refused-")) {
    session.page = Page::refused;
    session.refusal = page.mid(8).toStdString();
  } else {
    return std::nullopt;
  }
  return session;
}

Window::Window(seat::Link& link, seat::Phrases phrases, const QString& lang, bool pad)
    : link_(link), phrases_(std::move(phrases)), spoken_(load_spoken().value_or(seat::Phrases{})) {
  session_.lang = session_.home_lang = lang.toStdString();
  session_.pad = pad;
  steady_.start();
  connect(this, &seat::Stage::touched, this, &Window::on_touch);
  connect(this, &seat::Stage::pressed_anywhere, this,
          [this] { session_ = kiosk::touched(nullptr, session_, "", steady_.elapsed()).session; });
  connect(&link_, &seat::Link::connected_changed, this, [this] {
    told_trouble_.clear(); // a hub that came back knows nothing of it
    refresh();
  });
  connect(&link_, &seat::Link::view, this, [this](const QString& name, const boost::json::object& json) {
    if (name != "kiosk") return;
    // A view we cannot read is as good as none: better no choices than wrong ones.
    if (auto view = wire::kiosk_from_json(json))
      view_ = std::move(*view);
    else
      view_.reset();
    refresh();
  });
  connect(&tick_, &QTimer::timeout, this, [this] {
    watch_staff();
    session_ = ticked(session_, steady_.elapsed());
    refresh();
  });
  tick_.start(tick_ms);
  qApp->installEventFilter(this);
}

bool Window::eventFilter(QObject* watched, QEvent* event) {
  // The native window meets each key once; the widgets below may meet it several times.
  if (watched->isWindowType() && event->type() == QEvent::KeyPress && on_key(*static_cast<QKeyEvent*>(event)))
    return true;
  return seat::Stage::eventFilter(watched, event);
}

/// Whether the key was for us. Tab and the space bar stay with the buttons, except within a scan.
bool Window::on_key(const QKeyEvent& event) {
  const int key = event.key();
  if (key == Qt::Key_F9) {
    wipe();
    return true;
  }
  if (event.isAutoRepeat() || key == Qt::Key_Shift || key == Qt::Key_Control || key == Qt::Key_Alt ||
      key == Qt::Key_Meta || key == Qt::Key_CapsLock)
    return false;
  const std::int64_t now = steady_.elapsed();
  const bool within = scanning(keys_, now);
  const QString text = event.text();
  const bool enter = key == Qt::Key_Return || key == Qt::Key_Enter;
  Typed next = typed(std::move(keys_),
                     enter            ? enter_key
                     : text.isEmpty() ? U'\0'
                                      : static_cast<char32_t>(text.front().unicode()),
                     now);
  keys_ = std::move(next.keys);
  if (next.scan) {
    const queue::KioskView* view = view_ && link_.connected() ? &*view_ : nullptr;
    Step step = scanned(view, std::move(session_), *next.scan, now);
    session_ = std::move(step.session);
    refresh();
    if (step.order) send(*step.order);
  }
  return within || enter || (!text.isEmpty() && text.front().isPrint() && text.front() != ' ');
}

void Window::wipe() {
  session_ = wiping(std::move(session_), steady_.elapsed());
  refresh();
}

void Window::watch_staff() {
  const auto* name = findChild<QAbstractButton*>(staff_button);
  if (name == nullptr || !name->isDown()) {
    held_since_ms_ = -1;
  } else if (held_since_ms_ < 0) {
    held_since_ms_ = steady_.elapsed();
  } else if (steady_.elapsed() - held_since_ms_ >= wipe_hold_ms) {
    held_since_ms_ = -1;
    wipe();
  }
}

void Window::on_touch(const QString& name) {
  const queue::KioskView* view = view_ && link_.connected() ? &*view_ : nullptr;
  Step step = kiosk::touched(view, session_, name.toStdString(), steady_.elapsed());
  session_ = std::move(step.session);
  // The page changes (and with it every button) before anything is sent: a second touch finds nothing.
  refresh();
  if (step.order) send(*step.order);
}

void Window::send(const Order& order) {
  link_.send(QString::fromStdString(order.command), order.args,
             [this](const base::Result<boost::json::object>& answer) {
               session_ = answered(session_, answer, steady_.elapsed());
               refresh();
             });
}

void Window::lacks(std::string reasons) {
  lasting_ = std::move(reasons);
  tell_desk();
}

/// What is missing here and whether anybody asks for help, once for each change.
void Window::tell_desk() {
  const std::string asking(trouble_of(session_));
  const std::string all = asking + (asking.empty() || lasting_.empty() ? "" : ":") + lasting_;
  if (all == told_trouble_ || !link_.connected()) return;
  told_trouble_ = all;
  link_.send("report", {{"trouble", all}}, [this, asking](const base::Result<boost::json::object>& answer) {
    if (!answer || asking.empty() || asking != trouble_of(session_)) return;
    session_ = told_desk(std::move(session_));
    refresh();
  });
}

void Window::refresh() {
  tell_desk();
  const queue::KioskView* view = view_ ? &*view_ : nullptr;
  Screen next = kiosk::screen(view, session_, link_.connected(), link_.hub_now_ms(), steady_.elapsed());
  if (shown_ && *shown_ == next) return;
  if (next.warning && !(shown_ && shown_->warning)) emit leaving_soon();
  shown_ = std::move(next);
  show_scene(kiosk::scene(*shown_, phrases_, size()));
  if (QStringList words = spoken(*shown_, spoken_); words != said_) {
    said_ = std::move(words);
    emit speaks(said_);
  }
}

void Window::resizeEvent(QResizeEvent* event) {
  shown_.reset();
  refresh();
  seat::Stage::resizeEvent(event);
}

} // namespace machiai::kiosk
