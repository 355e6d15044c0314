// SPDX-License-Identifier: Apache-2.0
// The real thing: our thread, a real cupsd, a printer that answers IPP and keeps what it printed.
#include "printer/document.hpp"
#include "printer/worker.hpp"
#include "tests/printer/fixture.hpp"
#include "tests/printer/virtual_printer.hpp"

#include <catch2/catch.hpp>

#include <csignal>
#include <map>
#include <mutex>

using namespace machiai;
using namespace machiai::printer;
using namespace std::chrono_literals;
using State = Print::State;
using test::VirtualPrinter;
using test::within;

namespace {

const Fonts& fonts() {
  static const auto opened = Fonts::open({});
  REQUIRE(opened);
  return *opened;
}

Limits quick() {
  Limits limits;
  limits.job = base::Millis{4000};
  return limits;
}

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
            [this](std::string reason) {
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

const base::SystemClock system_clock;

Slip slip_of(std::uint64_t id) {
  Slip slip = test::sample_slip();
  slip.number = std::to_string(id);
  slip.reprinted = test::at("2026-11-24", 10 * 60 + 41); // so that the marked picture is known
  return slip;
}

PrintTask task(std::uint64_t id, State state = State::queued, int attempt = 0) {
  Print print;
  print.id = id;
  print.ticket = "t" + std::to_string(id);
  print.state = state;
  print.attempt = attempt;
  print.asked = print.changed = system_clock.now();
  return {print, slip_of(id)};
}

Bitmap picture_of(std::uint64_t id, bool marked) {
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
Papers papers_of(const VirtualPrinter& printer, std::uint64_t id) {
  Papers papers;
  for (const auto& pdf : printer.papers()) {
    const test::Page page = test::page_of(pdf);
    if (test::differing_dots(picture_of(id, false), page) < 20) ++papers.plain;
    if (test::differing_dots(picture_of(id, true), page) < 20) ++papers.marked;
  }
  return papers;
}

std::string pdf_of(std::uint64_t id) {
  return *to_pdf(picture_of(id, false), paper_width_mm);
}

/// A printer that has just been mended may still be refusing jobs while cupsd's backend waits its seconds, so
/// a slip can time out once more; some slip soon comes out. Returns its id, 0 when none of five did.
std::uint64_t first_to_print(Worker& worker, Journal& journal, std::uint64_t id) {
  for (const std::uint64_t last = id + 4; id <= last; ++id) {
    worker.add(task(id));
    if (!within(20s, [&] { return is_final(journal.state(id)); })) return 0;
    if (journal.state(id) == State::printed) return id;
  }
  return 0;
}

} // namespace

TEST_CASE("a slip comes out of the printer dot by dot as it was painted") {
  VirtualPrinter printer;
  Journal journal;
  Worker worker(printer.settings(), system_clock, {}, journal.hooks());
  worker.add(task(17));
  REQUIRE(within(10s, [&] { return journal.state(17) == State::printed; }));
  CHECK(journal.reached(17, State::sending));
  CHECK(journal.reached(17, State::sent));
  REQUIRE(printer.papers().size() == 1);
  const test::Page page = test::page_of(printer.papers().front());
  CHECK(test::differing_dots(picture_of(17, false), page) == 0);
  CHECK(test::differing_dots(picture_of(18, false), page) > 500);
  CHECK(journal.health() == std::vector<std::string>{""});
  CupsQueue queue(printer.settings());
  const auto job = queue.find_job("machiai-print-17");
  REQUIRE((job && *job));
  CHECK((*job)->state == Job::State::completed);
  CHECK_FALSE(queue.find_job("machiai-print-99").value());
  CHECK(queue.job_state((*job)->id, "machiai-print-18").error().reason == "job_missing");
}

TEST_CASE("nothing is submitted before sending is durable, nor when it cannot be") {
  VirtualPrinter printer;
  Journal journal;
  journal.hold_sending(true);
  Worker worker(printer.settings(), system_clock, {}, journal.hooks());
  worker.add(task(17));
  CupsQueue queue(printer.settings());
  std::function<void(bool)> answer;
  REQUIRE(within(5s, [&] { return (answer = journal.held()) != nullptr; }));
  CHECK_FALSE(queue.find_job("machiai-print-17").value()); // the worker stands still until we answer
  answer(false);
  answer = nullptr;
  REQUIRE(within(5s, [&] { return (answer = journal.held()) != nullptr; })); // it tries again later
  CHECK_FALSE(queue.find_job("machiai-print-17").value());
  journal.hold_sending(false);
  answer(true);
  REQUIRE(within(10s, [&] { return journal.state(17) == State::printed; }));
  CHECK(papers_of(printer, 17).plain == 1);
  CHECK(printer.papers().size() == 1);
}

TEST_CASE("a size the printer does not have is accepted, then cancelled: the job tells") {
  VirtualPrinter printer;
  CupsQueue queue(printer.settings());
  const auto job = queue.submit("machiai-print-5", pdf_of(5), 80, 400);
  REQUIRE(job);
  Job last;
  REQUIRE(within(10s, [&] {
    last = queue.job_state(*job, "machiai-print-5").value();
    return last.state == Job::State::cancelled && !last.stopping;
  }));
  CHECK(last.reason == "job_refused");
  CHECK(printer.papers().empty());
}

TEST_CASE("host and port reach the same queue; a wrong queue and a dead port are told apart") {
  VirtualPrinter printer;
  CHECK(CupsQueue({printer.env("CUPS_TCP"), "Ticket"}).printer_state());
  CHECK(CupsQueue({printer.env("CUPS_TCP"), "Other"}).printer_state().error().reason == "printer_missing");
  CHECK(CupsQueue({printer.env("CUPS_TCP"), "Other"}).submit("x", pdf_of(5), 80, 120).error().error.reason ==
        "printer_missing");
  REQUIRE(printer.tool("kill-cupsd") == 0);
  CHECK(CupsQueue({printer.env("CUPS_TCP"), "Ticket"}).printer_state().error().reason ==
        "printer_unreachable");
  const auto job = CupsQueue(printer.settings()).submit("x", pdf_of(5), 80, 120);
  REQUIRE_FALSE(job);
  CHECK(job.error().error.reason == "printer_unreachable");
  CHECK(job.error().outcome == Outcome::not_sent);
}

TEST_CASE("a hung printer: time-out, cancel, told to the desk; the next slip comes out") {
  VirtualPrinter printer;
  REQUIRE(printer.tool("behave", "hang") == 0);
  Journal journal;
  Worker worker(printer.settings(), system_clock, {}, journal.hooks(), quick());
  worker.add(task(17));
  REQUIRE(within(20s, [&] { return is_final(journal.state(17)); }));
  CHECK(journal.state(17) == State::failed);
  CHECK(journal.reason(17) == "printer_timeout");
  REQUIRE(printer.tool("behave", "ok") == 0);
  const auto printed = first_to_print(worker, journal, 18);
  REQUIRE(printed != 0);
  CHECK(papers_of(printer, 17).plain == 0);
  CHECK(papers_of(printer, printed).plain == 1);
}

TEST_CASE("no paper is told as such, and is over once a slip comes out") {
  VirtualPrinter printer;
  REQUIRE(printer.tool("behave", "empty") == 0);
  Journal journal;
  Worker worker(printer.settings(), system_clock, {}, journal.hooks(), quick());
  worker.add(task(17));
  REQUIRE(within(20s, [&] { return is_final(journal.state(17)); }));
  CHECK(journal.state(17) == State::failed);
  CHECK(journal.reason(17) == "paper_out");
  REQUIRE(within(10s, [&] { return !journal.health().empty() && journal.health().back() == "paper_out"; }));
  REQUIRE(printer.tool("behave", "ok") == 0);
  REQUIRE(first_to_print(worker, journal, 18) != 0);
  CHECK(within(10s, [&] { return journal.health().back().empty(); }));
}

TEST_CASE("a paused queue is resumed by us") {
  VirtualPrinter printer;
  REQUIRE(std::system(("cupsdisable -h " + printer.env("CUPS_SERVER") + " Ticket").c_str()) == 0);
  CHECK(CupsQueue(printer.settings()).printer_state()->stopped);
  Journal journal;
  Worker worker(printer.settings(), system_clock, {}, journal.hooks());
  worker.add(task(17));
  REQUIRE(within(15s, [&] { return is_final(journal.state(17)); }));
  CHECK(journal.state(17) == State::printed);
}

TEST_CASE("cupsd killed with slips in hand: none lost, none twice unmarked") {
  for (const char* behave : {"ok", "slow"}) { // killed before, and while the printer works
    CAPTURE(behave);
    VirtualPrinter printer;
    REQUIRE(printer.tool("behave", behave) == 0);
    Journal journal;
    Worker worker(printer.settings(), system_clock, {}, journal.hooks());
    for (std::uint64_t id = 11; id <= 15; ++id) worker.add(task(id));
    for (const std::uint64_t id : {11U, 13U}) {
      REQUIRE(within(30s, [&] { return journal.reached(id, State::sent); }));
      REQUIRE(printer.tool("kill-cupsd") == 0);
      REQUIRE(printer.tool("restart-cupsd") == 0);
    }
    REQUIRE(within(90s, [&] {
      for (std::uint64_t id = 11; id <= 15; ++id)
        if (!is_final(journal.state(id))) return false;
      return true;
    }));
    for (std::uint64_t id = 11; id <= 15; ++id) {
      const Papers papers = papers_of(printer, id);
      CAPTURE(id, papers.plain, papers.marked, state_name(journal.state(id)), journal.reason(id));
      CHECK(papers.plain <= 1);
      CHECK((papers.plain + papers.marked >= 1 || journal.state(id) == State::failed ||
             journal.state(id) == State::unknown));
      if (journal.state(id) == State::printed) CHECK(papers.plain + papers.marked >= 1);
    }
  }
}

TEST_CASE("cupsd killed before the printer had the slip: it comes out once more, marked") {
  VirtualPrinter printer;
  REQUIRE(printer.tool("off") == 0);
  Journal journal;
  Worker worker(printer.settings(), system_clock, {}, journal.hooks());
  worker.add(task(17));
  REQUIRE(within(15s, [&] { return journal.reached(17, State::sent); }));
  REQUIRE(printer.tool("kill-cupsd") == 0);
  REQUIRE(printer.tool("on") == 0);
  REQUIRE(printer.tool("restart-cupsd") == 0);
  REQUIRE(within(30s, [&] { return is_final(journal.state(17)); }));
  CHECK(journal.state(17) == State::printed);
  const Papers papers = papers_of(printer, 17);
  CHECK(papers.marked == 1);
  CHECK(papers.plain <= 1); // an orphaned backend of the dead cupsd may have brought the first one after all
  CHECK(journal.last(17).attempt == 2);
  CHECK(journal.last(17).marked);
}

TEST_CASE(
    "our own crash between the record and the submit: again, marked; behind it: followed, not repeated") {
  VirtualPrinter printer;
  CupsQueue queue(printer.settings());
  REQUIRE(
      queue.submit("machiai-print-18", pdf_of(18), paper_width_mm, paper_height_mm(picture_of(18, false))));
  Journal journal;
  Worker worker(printer.settings(), system_clock, {}, journal.hooks());
  worker.add(task(17, State::sending, 1));
  worker.add(task(18, State::sending, 1));
  REQUIRE(within(20s, [&] { return is_final(journal.state(17)) && is_final(journal.state(18)); }));
  CHECK(journal.state(17) == State::printed);
  CHECK(journal.state(18) == State::printed);
  CHECK(papers_of(printer, 17).marked == 1);
  CHECK(papers_of(printer, 18).plain == 1);
  CHECK(printer.papers().size() == 2);
}

TEST_CASE("without cupsd prints wait, then come out; the desk hears of both") {
  VirtualPrinter printer;
  REQUIRE(printer.tool("kill-cupsd") == 0);
  Journal journal;
  Worker worker(printer.settings(), system_clock, {}, journal.hooks());
  worker.add(task(17));
  worker.add(task(18));
  worker.withdraw(18);
  REQUIRE(within(
      10s, [&] { return !journal.health().empty() && journal.health().back() == "printer_unreachable"; }));
  REQUIRE(within(10s, [&] { return journal.state(18) == State::cancelled; }));
  CHECK_FALSE(journal.reached(17, State::sending));
  REQUIRE(printer.tool("restart-cupsd") == 0);
  REQUIRE(within(20s, [&] { return journal.state(17) == State::printed; }));
  CHECK(within(10s, [&] { return journal.health().back().empty(); }));
  CHECK(printer.papers().size() == 1);
}

TEST_CASE("a print that waited too long does not come out") {
  VirtualPrinter printer;
  Journal journal;
  Worker worker(printer.settings(), system_clock, {}, journal.hooks());
  PrintTask late = task(17);
  late.print.asked -= 11min;
  worker.add(std::move(late));
  REQUIRE(within(5s, [&] { return is_final(journal.state(17)); }));
  CHECK(journal.reason(17) == "too_old");
  CHECK(printer.papers().empty());
}

TEST_CASE("stop ends within 4 s, also when cupsd hangs or the ledger never answers") {
  VirtualPrinter printer;
  SECTION("cupsd hangs") {
    const pid_t cupsd = std::stoi(printer.env("CUPSD_PID"));
    Journal journal;
    Worker worker(printer.settings(), system_clock, {}, journal.hooks());
    REQUIRE(within(5s, [&] { return !journal.health().empty(); }));
    REQUIRE(kill(cupsd, SIGSTOP) == 0);
    worker.add(task(17));
    CHECK(within(8s, [&] { return journal.health().back() == "printer_unreachable"; }));
    const auto began = std::chrono::steady_clock::now();
    worker.stop();
    CHECK(std::chrono::steady_clock::now() - began < 4s);
    REQUIRE(kill(cupsd, SIGCONT) == 0);
    CHECK_FALSE(journal.reached(17, State::sending));
  }
  SECTION("the ledger never answers") {
    Journal journal;
    journal.hold_sending(true);
    Worker worker(printer.settings(), system_clock, {}, journal.hooks());
    worker.add(task(17));
    REQUIRE(within(5s, [&] { return journal.reached(17, State::sending); }));
    const auto began = std::chrono::steady_clock::now();
    worker.stop();
    CHECK(std::chrono::steady_clock::now() - began < 1s);
    if (auto late = journal.held()) late(true); // may come after the end
  }
}

TEST_CASE("without a font each print fails with that reason, and nothing is sent") {
  VirtualPrinter printer;
  Journal journal;
  Worker worker(printer.settings(), system_clock, {"/nonexistent", "/nonexistent", "/nonexistent"},
                journal.hooks());
  worker.add(task(17));
  REQUIRE(within(5s, [&] { return is_final(journal.state(17)); }));
  CHECK(journal.state(17) == State::failed);
  CHECK(journal.reason(17) == "no_font");
  CHECK(within(5s, [&] { return !journal.health().empty() && journal.health().back() == "no_font"; }));
  CHECK_FALSE(CupsQueue(printer.settings()).find_job("machiai-print-17").value());
}
