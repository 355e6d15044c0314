// SPDX-License-Identifier: Apache-2.0
#include "printer/worker.hpp"

#include "printer/document.hpp"
#include "printer/mailbox.hpp"
#include "printer/way.hpp"

#include <pthread.h>

#include <algorithm>
#include <thread>

namespace machiai::printer {

namespace {

using Steady = std::chrono::steady_clock;
using std::chrono::milliseconds;

constexpr milliseconds follow_every{150}; ///< a job in flight
constexpr milliseconds idle_every{3000};  ///< the printer's health
constexpr milliseconds retry_first{500};  ///< cupsd away, or the ledger cannot write
constexpr milliseconds retry_most{5000};
constexpr milliseconds health_settles{2000}; ///< a trouble seen while printing must last this long to count
constexpr auto forever = std::chrono::hours{24};

} // namespace

/// Everything here runs on the printer's thread, but for what Worker posts into the mailbox.
class Worker::Loop {
public:
  Loop(Settings settings, const base::Clock& clock, FontFiles fonts, Hooks hooks, Limits limits,
       SlipLayout layout)
      : cups_(std::move(settings)), way_(cups_), clock_(clock), font_files_(std::move(fonts)),
        hooks_(std::move(hooks)), limits_(limits), layout_(std::move(layout)),
        mailbox_(std::make_shared<Mailbox>()), thread_([this] { run(); }) {}

  void post(Message message) { mailbox_->post(std::move(message)); }
  void stop() {
    post(Stop{});
    if (thread_.joinable()) thread_.join();
  }

private:
  struct Entry {
    Print print;
    Slip slip;
    Observation seen;
    bool withdrawn = false;
  };

  void run();
  void drive();
  void perform(Entry& entry, const Step& step);
  void ended(const Print& print, const std::string& reason);
  void sweep();
  void look(Entry& entry);
  void submit(Entry& entry, const Step& step);
  [[nodiscard]] base::Result<Bitmap> painted(const Entry& entry, const Print& as);
  [[nodiscard]] bool record(Entry& entry, const Print& next, const std::string& reason);
  void take_in(Message message);
  void check_printer();
  void tell_health(const std::string& reason, bool at_once);
  void wait(milliseconds time) { wake_ = Steady::now() + time; }
  void wait_longer() {
    wait(retry_);
    retry_ = std::min(retry_ * 2, retry_most);
  }
  /// Nothing when cupsd does not answer or has no such queue.
  [[nodiscard]] std::optional<PrinterState> ask_printer();
  void look_ahead(const PrinterState& queue, bool at_once);
  void hold(Observation& seen) const {
    seen.held = held_;
    seen.held_since = held_since_;
  }

  CupsQueue cups_;
  Way way_;
  std::optional<base::Instant> held_since_; ///< since when `held_`, which is empty while the way is clear
  std::string held_;
  bool first_hand_ = false;  ///< health is what the device itself says
  std::string last_trouble_; ///< how the last print ended: all that is known of a device nobody can ask
  const base::Clock& clock_;
  FontFiles font_files_;
  Hooks hooks_;
  Limits limits_;
  SlipLayout layout_;
  std::optional<Fonts> fonts_;
  std::deque<Entry> entries_; ///< the first is in hand; a deque, so that adding moves none
  std::optional<Recorded> recorded_;
  std::uint64_t serial_ = 0;
  Steady::time_point wake_{};
  Steady::time_point next_check_{};
  milliseconds retry_ = retry_first;
  std::optional<std::string> health_told_;
  bool told_first_hand_ = false;
  std::string health_seen_;
  Steady::time_point health_since_{};
  std::shared_ptr<Mailbox> mailbox_; ///< shared with `done` callbacks, which may outlive us
  std::thread thread_;               ///< last: it starts when all else is there
};

void Worker::Loop::run() {
  pthread_setname_np(pthread_self(), "printer");
  if (auto fonts = Fonts::open(font_files_)) fonts_ = std::move(*fonts);
  while (!mailbox_->stopped()) {
    const auto due = entries_.empty() ? next_check_ : std::min(wake_, next_check_);
    if (auto message = mailbox_->take(due)) take_in(std::move(*message));
    if (mailbox_->stopped()) return;
    const auto now = Steady::now();
    if (!entries_.empty() && now >= wake_) drive();
    if (entries_.empty() && now >= next_check_) check_printer();
    if (now >= next_check_) {
      next_check_ = Steady::now() + idle_every;
      sweep();
    }
  }
}

void Worker::Loop::take_in(Message message) {
  if (auto* task = std::get_if<PrintTask>(&message)) {
    if (entries_.empty()) wake_ = Steady::now();
    entries_.push_back({std::move(task->print), std::move(task->slip), {}, false});
  } else if (const auto* withdraw = std::get_if<Withdraw>(&message)) {
    for (Entry& entry : entries_) entry.withdrawn = entry.withdrawn || entry.print.id == withdraw->print;
    next_check_ = Steady::now();
  } else if (const auto* recorded = std::get_if<Recorded>(&message)) {
    recorded_ = *recorded;
  }
}

/// One step of the print in hand.
void Worker::Loop::drive() {
  Entry& entry = entries_.front();
  if (entry.withdrawn && entry.print.state == Print::State::queued) {
    Print next = entry.print;
    next.state = Print::State::cancelled;
    next.changed = clock_.now();
    if (!record(entry, next, "withdrawn")) return wait_longer();
  }
  perform(entry, next_step(entry.print, entry.seen, clock_.now(), limits_));
}

void Worker::Loop::perform(Entry& entry, const Step& step) {
  wake_ = Steady::now(); // go on at once, unless a case below says otherwise
  switch (step.what) {
  case Step::Do::look: look(entry); break;
  case Step::Do::wait:
    if (entry.seen.reachable) {
      wait(follow_every);
    } else {
      wait_longer();
    }
    entry.seen.looked = false;
    break;
  case Step::Do::submit: submit(entry, step); break;
  case Step::Do::cancel:
    (void)cups_.cancel(entry.print.cups_job); // whether it worked is what the next look tells
    entry.seen.cancel_asked = clock_.now();
    entry.seen.looked = false;
    break;
  case Step::Do::record: {
    const bool back_to_queue = entry.seen.refused.has_value();
    const bool was_sent = entry.print.state != Print::State::queued;
    if (!record(entry, step.next, step.reason)) {
      wait_longer();
    } else if (!is_final(entry.print.state)) {
      if (back_to_queue) wait_longer();
    } else if (was_sent) {
      ended(entry.print, step.reason);
    }
    entry.seen.looked = false;
    break;
  }
  case Step::Do::done:
    entries_.pop_front();
    retry_ = retry_first;
    next_check_ = std::min(next_check_, Steady::now() + follow_every);
    break;
  }
}

/// A print that was sent has come to its end.
void Worker::Loop::ended(const Print& print, const std::string& reason) {
  const bool printed = print.state == Print::State::printed;
  last_trouble_ = !printed && (reason == "printer_timeout" || reason == "offline") ? reason : "";
  if (printed) return;
  way_.give_up(print);
  if (first_hand_) health_told_.reset(); // the time-out was told, so tell again that all is well
}

/// Those behind the first: they only grow too old or are withdrawn.
void Worker::Loop::sweep() {
  for (std::size_t i = 1; i < entries_.size(); ++i) {
    Entry& entry = entries_[i];
    if (entry.print.state != Print::State::queued) continue;
    Observation seen;
    seen.looked = seen.reachable = !held_.empty();
    hold(seen);
    Step step = next_step(entry.print, seen, clock_.now(), limits_);
    if (entry.withdrawn) {
      step = {Step::Do::record, entry.print, "withdrawn"};
      step.next.state = Print::State::cancelled;
      step.next.changed = clock_.now();
    }
    if (step.what == Step::Do::record && !record(entry, step.next, step.reason)) return;
  }
}

/// What cupsd says about the printer and this print's job.
void Worker::Loop::look(Entry& entry) {
  Observation& seen = entry.seen;
  seen.looked = true;
  seen.job.reset();
  const auto printer = ask_printer();
  seen.reachable = printer.has_value();
  if (!printer || mailbox_->stopped()) return;
  if (entry.print.state == Print::State::queued) {
    look_ahead(*printer, false);
    return hold(seen);
  }
  if (!printer->reason.empty() || !seen.cancel_asked) seen.printer = printer->reason;

  const std::string title = job_title(entry.print);
  if (entry.print.cups_job > 0) {
    if (auto job = cups_.job_state(entry.print.cups_job, title)) {
      seen.job = std::move(*job);
      if (seen.printer.empty()) seen.printer = seen.job->trouble;
      return tell_health(seen.printer, false);
    } else if (job.error().code != base::Error::Code::not_found) {
      seen.reachable = false;
      return;
    }
  }
  if (auto job = cups_.find_job(title)) {
    seen.job = std::move(*job);
    if (seen.job && entry.print.cups_job > 0)
      entry.print.cups_job = seen.job->id; // it came back under another id
  } else {
    seen.reachable = false;
  }
  if (seen.reachable && !seen.job && !mailbox_->stopped()) { // it may be sent again
    look_ahead(*printer, false);
    hold(seen);
  }
}

base::Result<Bitmap> Worker::Loop::painted(const Entry& entry, const Print& as) {
  if (!fonts_) return base::fail(base::Error::Code::device, "no_font");
  Slip slip = entry.slip;
  slip.reprint = as.marked;
  if (slip.reprinted == base::Instant{}) slip.reprinted = clock_.now();
  return paint(slip, *fonts_, layout_);
}

void Worker::Loop::submit(Entry& entry, const Step& step) {
  const auto failed = [&](const base::Error& error) {
    Print next = entry.print;
    next.state = Print::State::failed;
    next.changed = clock_.now();
    if (!record(entry, next, error.reason)) wait_longer();
  };
  const auto picture = painted(entry, step.next);
  if (!picture) return failed(picture.error());
  const auto pdf = to_pdf(*picture, layout_.paper_mm);
  if (!pdf) return failed(pdf.error());
  if (!record(entry, step.next, step.reason)) {
    entry.seen.looked = false;
    return wait_longer();
  }
  entry.seen = {};
  if (mailbox_->stopped()) return; // recorded and not sent: the next start finds out
  auto job = cups_.submit(job_title(entry.print), *pdf, layout_.paper_mm, paper_height_mm(*picture));
  if (!job) {
    entry.seen.refused = std::move(job.error());
    return;
  }
  Print sent = entry.print;
  sent.state = Print::State::sent;
  sent.cups_job = *job;
  sent.changed = clock_.now();
  if (!record(entry, sent, "")) return wait_longer(); // the title finds it again
  wait(follow_every);
}

/// Asks for durability and waits for the answer. On success `entry.print` is `next`.
bool Worker::Loop::record(Entry& entry, const Print& next, const std::string& reason) {
  const std::uint64_t serial = ++serial_;
  recorded_.reset();
  hooks_.record(next, reason, [box = mailbox_, serial](bool durable) {
    box->post(Recorded{serial, durable});
  });
  while (!(recorded_ && recorded_->serial == serial)) {
    if (mailbox_->stopped()) return false;
    if (auto message = mailbox_->take(Steady::now() + forever)) take_in(std::move(*message));
  }
  if (!recorded_->durable) return false;
  entry.print = next;
  entry.seen.refused.reset();
  if (next.state != Print::State::queued) retry_ = retry_first;
  return true;
}

std::optional<PrinterState> Worker::Loop::ask_printer() {
  auto state = way_.ask_queue();
  if (state) return std::move(*state);
  tell_health(state.error().reason, true);
  return {};
}

/// The way as a new slip would find it.
void Worker::Loop::look_ahead(const PrinterState& queue, bool at_once) {
  const Way::Sight sight = way_.clear(queue);
  held_ = sight.held;
  if (held_.empty()) {
    held_since_.reset();
  } else if (!held_since_) {
    held_since_ = clock_.now();
  }
  first_hand_ = sight.first_hand;
  tell_health(sight.health.empty() && !first_hand_ ? last_trouble_ : sight.health, at_once);
}

void Worker::Loop::check_printer() {
  if (!fonts_) return tell_health("no_font", true);
  const auto printer = ask_printer();
  if (printer && !mailbox_->stopped()) look_ahead(*printer, true);
}

void Worker::Loop::tell_health(const std::string& reason, bool at_once) {
  const auto now = Steady::now();
  if (reason != health_seen_) health_since_ = now;
  health_seen_ = reason;
  if (!fonts_ && reason != "no_font") return;
  const bool told = health_told_ == reason && (reason.empty() || told_first_hand_ == first_hand_);
  if (told || (!at_once && now - health_since_ < health_settles)) return;
  health_told_ = reason;
  told_first_hand_ = first_hand_;
  hooks_.printer_changed(reason, first_hand_);
}

Worker::Worker(Settings settings, const base::Clock& clock, FontFiles fonts, Hooks hooks, Limits limits,
               SlipLayout layout)
    : loop_(std::make_unique<Loop>(std::move(settings), clock, std::move(fonts), std::move(hooks), limits,
                                   std::move(layout))) {}
Worker::~Worker() {
  stop();
}
void Worker::add(PrintTask task) {
  loop_->post(std::move(task));
}
void Worker::withdraw(std::uint64_t print) {
  loop_->post(Withdraw{print});
}
void Worker::stop() {
  loop_->stop();
}

} // namespace machiai::printer
