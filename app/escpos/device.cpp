// SPDX-License-Identifier: Apache-2.0
#include "app/escpos/device.hpp"

#include "printer/escpos.hpp"

#include <cups/sidechannel.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <thread>

namespace machiai::escpos_filter {

namespace {

namespace escpos = printer::escpos;
using Steady = std::chrono::steady_clock;
using std::chrono::milliseconds;

constexpr std::chrono::seconds patience{60}; ///< for senders that never cancel
constexpr milliseconds answer_within{400};
constexpr milliseconds ask_again{300};
constexpr int feed_dots = 120; ///< from the head to the cutter

volatile std::sig_atomic_t cancelled = 0;

void on_term(int /*signal*/) {
  cancelled = 1;
}

} // namespace

void obey_signals() {
  struct sigaction action {};
  action.sa_handler = on_term; // without SA_RESTART: a write to a deaf backend ends
  sigaction(SIGTERM, &action, nullptr);
  action.sa_handler = SIG_IGN;
  sigaction(SIGPIPE, &action, nullptr);
}

Device::Device(bool answers) : answers_(answers), until_(Steady::now() + patience) {}

bool Device::begin() {
  if (!answers_) return send(escpos::begin());
  // What an earlier job left standing at the queue.
  std::fputs("STATE: -media-empty-error,media-low-warning,cover-open-error,media-jam-error\n", stderr);
  while (cancelled == 0 && Steady::now() < until_) {
    const auto trouble = how_is_it();
    if (trouble) tell(*trouble);
    if (trouble && (trouble->empty() || *trouble == "media-low-warning")) return send(escpos::begin());
    if (trouble) listen(ask_again);
  }
  return false;
}

bool Device::print(const printer::Bitmap& page) {
  sent_ = true;
  if (!send(escpos::raster(page)) || !send(escpos::cut(feed_dots))) return false;
  if (!answers_) return true;
  done_answer_.reset();
  if (!send(escpos::ask_when_done())) return false;
  while (cancelled == 0 && Steady::now() < until_) {
    listen(ask_again);
    if (done_answer_) {
      if (!escpos::done_without_paper(*done_answer_)) return true;
      tell("media-empty-error");
      return false;
    }
    if (const auto trouble = how_is_it()) tell(*trouble);
  }
  return false;
}

int Device::end() {
  if (answers_ && sent_) {
    const bool was_cancelled = cancelled != 0;
    cancelled = 0; // this one message still has to go out
    (void)::alarm(1);
    (void)send(escpos::forget());
    return was_cancelled ? 0 : 1;
  }
  return cancelled != 0 ? 0 : 1;
}

int Device::give_up() {
  (void)end();
  return 1;
}

bool Device::send(const std::string& bytes) {
  std::size_t done = 0;
  while (done < bytes.size()) {
    if (cancelled != 0) return false;
    const ssize_t got = ::write(STDOUT_FILENO, bytes.data() + done, bytes.size() - done);
    if (got < 0 && errno != EINTR) return false;
    if (got > 0) done += static_cast<std::size_t>(got);
  }
  return true;
}

std::optional<std::string_view> Device::how_is_it() {
  const auto offline = ask(2);
  if (!offline) return {};
  if (const auto trouble = escpos::offline_trouble(*offline); !trouble.empty()) return trouble;
  const auto paper = ask(4);
  if (!paper) return {};
  return escpos::paper_trouble(*paper);
}

std::optional<std::uint8_t> Device::ask(int what) {
  now_answer_.reset();
  if (!send(escpos::ask_now(what))) {
    until_ = {}; // nobody there to ask
    return {};
  }
  const auto until = Steady::now() + answer_within;
  while (!now_answer_ && cancelled == 0 && Steady::now() < until)
    listen(std::max(milliseconds{1}, std::chrono::duration_cast<milliseconds>(until - Steady::now())));
  return now_answer_;
}

/// Takes at most one answer, whichever it is.
void Device::listen(milliseconds time) {
  char answer = 0;
  const ssize_t got = cupsBackChannelRead(&answer, 1, static_cast<double>(time.count()) / 1000);
  if (got != 1) {
    if (got < 0 && cancelled == 0) std::this_thread::sleep_for(milliseconds{20}); // no back channel at all
    return;
  }
  const auto byte = static_cast<std::uint8_t>(answer);
  if (escpos::is_now_answer(byte))
    now_answer_ = byte;
  else if (escpos::is_done_answer(byte))
    done_answer_ = byte;
}

/// One trouble at a time, and its end.
void Device::tell(std::string_view trouble) {
  if (told_ == trouble) return;
  if (!told_.empty()) std::fprintf(stderr, "STATE: -%s\n", told_.c_str());
  told_ = trouble;
  if (!told_.empty()) std::fprintf(stderr, "STATE: +%s\n", told_.c_str());
}

} // namespace machiai::escpos_filter
