// SPDX-License-Identifier: Apache-2.0
// What the walks over real printers share: a journal like the daemon's, prints to ask for, papers to count.
#pragma once

#include "printer/document.hpp"
#include "printer/worker.hpp"
#include "tests/printer/fixture.hpp"
#include "tests/printer/virtual_printer.hpp"

#include <catch2/catch.hpp>

#include <atomic>
#include <map>
#include <mutex>

namespace machiai::printer::test {

using State = Print::State;

inline const Fonts& fonts() {
  static const auto opened = Fonts::open({});
  REQUIRE(opened);
  return *opened;
}

/// Longer than anything takes on a slow machine. Waits are for conditions; nothing is measured.
constexpr std::chrono::seconds a_while{60};

/// Time-outs that no slow machine reaches: a test that wants one moves the clock.
inline Limits patient() {
  Limits limits;
  limits.held = limits.job = base::Millis{60'000};
  limits.cancel = base::Millis{30'000};
  return limits;
}

/// The machine's clock, and what a test adds to it.
class MovedClock final : public base::Clock {
public:
  [[nodiscard]] base::Instant now() const override { return system_.now() + base::Millis{ahead_.load()}; }
  /// Past the limits of patient(), and less than the slack of a job's age.
  void pass_time_out() { ahead_ += 61'000; }

private:
  base::SystemClock system_;
  std::atomic<std::int64_t> ahead_{0};
};

/// What the daemon's ledger would hold.
class Journal {
public:
  [[nodiscard]] Hooks hooks() {
    return {[this](Print changed, std::string reason, std::function<void(bool)> done) {
              std::unique_lock lock(mutex_);
              history_[changed.id].push_back(changed);
              reasons_[changed.id] = std::move(reason);
              if (changed.state == State::sending && hold_sending_) {
                held_ = std::move(done);
                return;
              }
              lock.unlock();
              done(true);
            },
            [this](std::string reason, bool) {
              const std::lock_guard lock(mutex_);
              health_.push_back(std::move(reason));
            }};
  }
  State state(std::uint64_t id) {
    const std::lock_guard lock(mutex_);
    return history_[id].empty() ? State::queued : history_[id].back().state;
  }
  Print last(std::uint64_t id) {
    const std::lock_guard lock(mutex_);
    return history_[id].back();
  }
  std::string reason(std::uint64_t id) {
    const std::lock_guard lock(mutex_);
    return reasons_[id];
  }
  bool reached(std::uint64_t id, State state) {
    const std::lock_guard lock(mutex_);
    for (const Print& print : history_[id])
      if (print.state == state) return true;
    return false;
  }
  std::vector<std::string> health() {
    const std::lock_guard lock(mutex_);
    return health_;
  }
  /// Waits until the print is final: "printed", "failed paper_out" ...; "sent, still" when it does not become
  /// so.
  std::string fate(std::uint64_t id) {
    if (!within(a_while, [&] { return is_final(state(id)); }))
      return std::string(state_name(state(id))) + ", still";
    const std::string why = reason(id);
    return std::string(state_name(state(id))) + (why.empty() ? "" : " " + why);
  }
  /// Waits until this is the last that was told of the printer.
  bool told(const std::string& trouble) {
    return within(a_while, [&] {
      const std::lock_guard lock(mutex_);
      return !health_.empty() && health_.back() == trouble;
    });
  }
  void hold_sending(bool hold) {
    const std::lock_guard lock(mutex_);
    hold_sending_ = hold;
  }
  /// The answer the worker waits for; empty while it does not.
  std::function<void(bool)> held() {
    const std::lock_guard lock(mutex_);
    return std::exchange(held_, nullptr);
  }

private:
  std::mutex mutex_;
  std::map<std::uint64_t, std::vector<Print>> history_;
  std::map<std::uint64_t, std::string> reasons_;
  std::vector<std::string> health_;
  bool hold_sending_ = false;
  std::function<void(bool)> held_;
};

inline const base::SystemClock system_clock;

inline Slip slip_of(std::uint64_t id) {
  Slip slip = sample_slip();
  slip.number = std::to_string(id);
  slip.reprinted = at("2026-11-24", 10 * 60 + 41); // so that the marked picture is known
  return slip;
}

inline PrintTask task(std::uint64_t id, State state = State::queued, int attempt = 0,
                      const base::Clock& clock = system_clock) {
  Print print;
  print.id = id;
  print.ticket = "t" + std::to_string(id);
  print.state = state;
  print.attempt = attempt;
  print.asked = print.changed = clock.now();
  return {print, slip_of(id)};
}

inline Bitmap picture_of(std::uint64_t id, bool marked) {
  Slip slip = slip_of(id);
  slip.reprint = marked;
  auto picture = paint(slip, fonts());
  REQUIRE(picture);
  return std::move(*picture);
}

struct Papers {
  int plain = 0;
  int marked = 0;
};

/// The papers of one print, told by their pictures.
inline Papers papers_of(const VirtualPrinter& printer, std::uint64_t id) {
  Papers papers;
  for (const auto& pdf : printer.papers()) {
    const Page page = page_of(pdf);
    if (differing_dots(picture_of(id, false), page) < 20) ++papers.plain;
    if (differing_dots(picture_of(id, true), page) < 20) ++papers.marked;
  }
  return papers;
}

inline std::string pdf_of(std::uint64_t id) {
  return *to_pdf(picture_of(id, false), SlipLayout{}.paper_mm);
}

} // namespace machiai::printer::test
