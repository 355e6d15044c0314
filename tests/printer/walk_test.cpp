// SPDX-License-Identifier: Apache-2.0
// The real thing: our thread, a real cupsd, a printer that answers IPP and keeps what it printed.
#include "tests/printer/walk_kit.hpp"

#include <csignal>

using namespace machiai;
using namespace machiai::printer;
using namespace machiai::printer::test;
using namespace std::chrono_literals;

TEST_CASE("a slip comes out of the printer dot by dot as it was painted") {
  VirtualPrinter printer;
  Journal journal;
  Worker worker(printer.settings(), system_clock, {}, journal.hooks(), patient());
  worker.add(task(17));
  REQUIRE(journal.fate(17) == "printed");
  CHECK(journal.reached(17, State::sending));
  CHECK(journal.reached(17, State::sent));
  REQUIRE(printer.papers().size() == 1);
  const Page page = page_of(printer.papers().front());
  CHECK(differing_dots(picture_of(17, false), page) == 0);
  CHECK(differing_dots(picture_of(18, false), page) > 500);
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
  Worker worker(printer.settings(), system_clock, {}, journal.hooks(), patient());
  worker.add(task(17));
  CupsQueue queue(printer.settings());
  std::function<void(bool)> answer;
  REQUIRE(within(a_while, [&] { return (answer = journal.held()) != nullptr; }));
  CHECK_FALSE(queue.find_job("machiai-print-17").value()); // the worker stands still until we answer
  answer(false);
  answer = nullptr;
  REQUIRE(within(a_while, [&] { return (answer = journal.held()) != nullptr; })); // it tries again later
  CHECK_FALSE(queue.find_job("machiai-print-17").value());
  journal.hold_sending(false);
  answer(true);
  REQUIRE(journal.fate(17) == "printed");
  CHECK(papers_of(printer, 17).plain == 1);
  CHECK(printer.papers().size() == 1);
}

TEST_CASE("a size the printer does not have is accepted, then cancelled: the job tells") {
  VirtualPrinter printer;
  CupsQueue queue(printer.settings());
  const auto job = queue.submit("machiai-print-5", pdf_of(5), 80, 400);
  REQUIRE(job);
  Job last;
  REQUIRE(within(a_while, [&] {
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

TEST_CASE("a hung printer: time-out, cancel, told to the desk; the first slip after it comes out") {
  VirtualPrinter printer;
  REQUIRE(printer.tool("behave", "hang") == 0);
  Journal journal;
  MovedClock clock;
  Worker worker(printer.settings(), clock, {}, journal.hooks(), patient());
  worker.add(task(17, State::queued, 0, clock));
  REQUIRE(within(a_while, [&] { return printer.taken() == 1 && journal.state(17) == State::sent; }));
  clock.pass_time_out();
  REQUIRE(journal.fate(17) == "failed printer_timeout");
  worker.add(task(18, State::queued, 0, clock)); // while it still hangs
  REQUIRE(printer.tool("behave", "ok") == 0);
  worker.add(task(19, State::queued, 0, clock));
  REQUIRE(journal.fate(19) == "printed");
  CHECK(papers_of(printer, 17).plain == 0);
  CHECK(papers_of(printer, 18).plain == 1);
  CHECK(papers_of(printer, 19).plain == 1);
  CHECK(printer.papers().size() == 2);
  CHECK(printer.backed_off() == 0);
}

TEST_CASE("control: cupsd lets a slip wait that was sent to a busy printer") {
  VirtualPrinter printer;
  REQUIRE(printer.tool("behave", "hang") == 0);
  CupsQueue queue(printer.settings());
  const auto hung = queue.submit("machiai-print-17", pdf_of(17), 80, 120);
  REQUIRE(hung);
  REQUIRE(within(a_while, [&] { return printer.taken() == 1; }));
  REQUIRE(queue.cancel(*hung));
  REQUIRE(within(a_while, [&] { return !queue.job_state(*hung, "machiai-print-17").value().stopping; }));
  REQUIRE(queue.submit("machiai-print-18", pdf_of(18), 80, 120));
  CHECK(within(a_while, [&] { return printer.backed_off() == 1; }));
}

TEST_CASE(
    "a deaf printer: what became of the slip is unknown; awake again it prints the next one, not that") {
  VirtualPrinter printer;
  REQUIRE(printer.tool("behave", "hang") == 0);
  Journal journal;
  MovedClock clock;
  Limits limits = patient();
  limits.cancel = base::Millis{500};
  Worker worker(printer.settings(), clock, {}, journal.hooks(), limits);
  worker.add(task(17, State::queued, 0, clock));
  REQUIRE(within(a_while, [&] { return printer.taken() == 1 && journal.state(17) == State::sent; }));
  REQUIRE(kill(printer.pid("DEVICE"), SIGSTOP) == 0);
  clock.pass_time_out();
  REQUIRE(journal.fate(17) == "unknown printer_timeout");
  CHECK(journal.told("printer_timeout"));
  CHECK_FALSE(CupsQueue(printer.settings()).printer_state()->working); // its backend does not block the queue
  REQUIRE(kill(printer.pid("DEVICE"), SIGCONT) == 0);
  REQUIRE(printer.tool("behave", "ok") == 0);
  worker.add(task(18, State::queued, 0, clock));
  REQUIRE(journal.fate(18) == "printed");
  CHECK(papers_of(printer, 17).plain == 0);
  CHECK(papers_of(printer, 18).plain == 1);
  CHECK(printer.backed_off() == 0);
  CHECK(journal.told(""));
}

TEST_CASE(
    "a printer that is off: nothing is sent; switched on, a slip that waits comes out, an old one not") {
  VirtualPrinter printer;
  REQUIRE(printer.tool("off") == 0);
  Journal journal;
  MovedClock clock;
  Worker worker(printer.settings(), clock, {}, journal.hooks(), patient());
  CHECK(journal.told("offline"));
  worker.add(task(17, State::queued, 0, clock));
  clock.pass_time_out();
  REQUIRE(journal.fate(17) == "failed offline");
  CHECK_FALSE(journal.reached(17, State::sending));
  worker.add(task(18, State::queued, 0, clock));
  REQUIRE(printer.tool("on") == 0);
  REQUIRE(journal.fate(18) == "printed");
  CHECK(papers_of(printer, 18).plain == 1);
  CHECK(printer.papers().size() == 1);
  CHECK(journal.told(""));
}

TEST_CASE("no paper, an open door: told as such, and over once it is mended, before anybody prints") {
  const auto [behave, trouble] =
      GENERATE(table<std::string, std::string>({{"empty", "paper_out"}, {"door", "door_open"}}));
  CAPTURE(behave);
  VirtualPrinter printer;
  REQUIRE(printer.tool("behave", behave) == 0);
  Journal journal;
  MovedClock clock;
  Limits limits = patient();
  limits.held = base::Millis{500};
  Worker worker(printer.settings(), clock, {}, journal.hooks(), limits);
  worker.add(task(17, State::queued, 0, clock));
  REQUIRE(journal.told(trouble));
  clock.pass_time_out();
  REQUIRE(journal.fate(17) == "failed " + trouble);
  worker.add(task(18, State::queued, 0, clock));
  REQUIRE(journal.fate(18) == "failed " + trouble);
  CHECK_FALSE(journal.reached(18, State::sending));
  REQUIRE(printer.tool("behave", "ok") == 0);
  CHECK(journal.told(""));
  worker.add(task(19, State::queued, 0, clock));
  REQUIRE(journal.fate(19) == "printed");
  CHECK(papers_of(printer, 19).plain == 1);
  CHECK(printer.papers().size() == 1);
  CHECK(printer.backed_off() == 0);
}

TEST_CASE(
    "a printer that loses its power under a slip: a person looks; switched on, only the next one comes out") {
  VirtualPrinter printer;
  REQUIRE(printer.tool("behave", "hang") == 0);
  Journal journal;
  MovedClock clock;
  Limits limits = patient();
  limits.cancel = base::Millis{500};
  Worker worker(printer.settings(), clock, {}, journal.hooks(), limits);
  worker.add(task(17, State::queued, 0, clock));
  REQUIRE(within(a_while, [&] { return printer.taken() == 1 && journal.state(17) == State::sent; }));
  REQUIRE(printer.tool("off") == 0);
  clock.pass_time_out();
  const std::string fate = journal.fate(17); // by what the backend said last; either is a task of the desk
  CAPTURE(fate);
  CHECK((fate == "failed offline" || fate == "failed printer_timeout" || fate == "unknown printer_timeout"));
  CHECK(journal.told("offline"));
  CHECK_FALSE(CupsQueue(printer.settings()).printer_state()->working); // its backend does not block the queue
  REQUIRE(printer.tool("behave", "ok") == 0);
  REQUIRE(printer.tool("on") == 0);
  worker.add(task(18, State::queued, 0, clock));
  REQUIRE(journal.fate(18) == "printed");
  CHECK(papers_of(printer, 17).plain + papers_of(printer, 17).marked == 0);
  CHECK(papers_of(printer, 18).plain == 1);
  CHECK(printer.backed_off() == 0);
  CHECK(journal.told(""));
}

TEST_CASE("a paused queue is resumed by us") {
  VirtualPrinter printer;
  REQUIRE(std::system(("cupsdisable -h " + printer.env("CUPS_SERVER") + " Ticket").c_str()) == 0);
  CHECK(CupsQueue(printer.settings()).printer_state()->stopped);
  Journal journal;
  Worker worker(printer.settings(), system_clock, {}, journal.hooks(), patient());
  worker.add(task(17));
  REQUIRE(journal.fate(17) == "printed");
}

TEST_CASE("cupsd killed with slips in hand: none lost, none twice unmarked") {
  for (const char* behave : {"ok", "slow"}) { // killed before, and while the printer works
    CAPTURE(behave);
    VirtualPrinter printer;
    REQUIRE(printer.tool("behave", behave) == 0);
    Journal journal;
    Worker worker(printer.settings(), system_clock, {}, journal.hooks(), patient());
    for (std::uint64_t id = 11; id <= 15; ++id) worker.add(task(id));
    for (const std::uint64_t id : {11U, 13U}) {
      REQUIRE(within(a_while, [&] { return journal.reached(id, State::sent); }));
      REQUIRE(printer.tool("kill-cupsd") == 0);
      REQUIRE(printer.tool("restart-cupsd") == 0);
    }
    REQUIRE(within(a_while, [&] {
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
  Journal journal;
  journal.hold_sending(true);
  Worker worker(printer.settings(), system_clock, {}, journal.hooks(), patient());
  worker.add(task(17));
  std::function<void(bool)> answer;
  REQUIRE(within(a_while, [&] { return (answer = journal.held()) != nullptr; }));
  REQUIRE(printer.tool("off") == 0); // at the worst moment: the way was clear
  journal.hold_sending(false);
  answer(true);
  REQUIRE(within(a_while, [&] { return journal.reached(17, State::sent); }));
  REQUIRE(printer.tool("kill-cupsd") == 0);
  REQUIRE(printer.tool("on") == 0);
  REQUIRE(printer.tool("restart-cupsd") == 0);
  REQUIRE(journal.fate(17) == "printed");
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
  REQUIRE(queue.submit("machiai-print-18", pdf_of(18), SlipLayout{}.paper_mm,
                       paper_height_mm(picture_of(18, false))));
  Journal journal;
  Worker worker(printer.settings(), system_clock, {}, journal.hooks(), patient());
  worker.add(task(17, State::sending, 1));
  worker.add(task(18, State::sending, 1));
  CHECK(journal.fate(17) == "printed");
  CHECK(journal.fate(18) == "printed");
  CHECK(papers_of(printer, 17).marked == 1);
  CHECK(papers_of(printer, 18).plain == 1);
  CHECK(printer.papers().size() == 2);
}

TEST_CASE("without cupsd prints wait, then come out; the desk hears of both") {
  VirtualPrinter printer;
  REQUIRE(printer.tool("kill-cupsd") == 0);
  Journal journal;
  Worker worker(printer.settings(), system_clock, {}, journal.hooks(), patient());
  worker.add(task(17));
  worker.add(task(18));
  worker.withdraw(18);
  REQUIRE(within(a_while, [&] {
    return !journal.health().empty() && journal.health().back() == "printer_unreachable";
  }));
  REQUIRE(within(a_while, [&] { return journal.state(18) == State::cancelled; }));
  CHECK_FALSE(journal.reached(17, State::sending));
  REQUIRE(printer.tool("restart-cupsd") == 0);
  REQUIRE(journal.fate(17) == "printed");
  CHECK(journal.told(""));
  CHECK(printer.papers().size() == 1);
}

TEST_CASE("a print that waited too long does not come out") {
  VirtualPrinter printer;
  Journal journal;
  Worker worker(printer.settings(), system_clock, {}, journal.hooks(), patient());
  PrintTask late = task(17);
  late.print.asked -= 11min;
  worker.add(std::move(late));
  REQUIRE(journal.fate(17) == "failed too_old");
  CHECK(printer.papers().empty());
}

TEST_CASE("stop ends also while cupsd hangs, the device is deaf, or the ledger never answers") {
  VirtualPrinter printer;
  Journal journal;
  Worker worker(printer.settings(), system_clock, {}, journal.hooks(), patient());
  REQUIRE(within(a_while, [&] { return !journal.health().empty(); }));
  SECTION("cupsd hangs") {
    const pid_t cupsd = printer.pid("CUPSD");
    REQUIRE(kill(cupsd, SIGSTOP) == 0);
    worker.add(task(17));
    CHECK(journal.told("printer_unreachable"));
    worker.stop(); // comes back, or this test does not
    REQUIRE(kill(cupsd, SIGCONT) == 0);
    CHECK_FALSE(journal.reached(17, State::sending));
  }
  SECTION("the device is deaf") {
    const pid_t device = printer.pid("DEVICE");
    REQUIRE(kill(device, SIGSTOP) == 0);
    worker.add(task(17));
    CHECK(journal.told("printer_timeout"));
    worker.stop();
    REQUIRE(kill(device, SIGCONT) == 0);
    CHECK_FALSE(journal.reached(17, State::sending));
  }
  SECTION("the ledger never answers") {
    journal.hold_sending(true);
    worker.add(task(17));
    REQUIRE(within(a_while, [&] { return journal.reached(17, State::sending); }));
    worker.stop();
    if (auto late = journal.held()) late(true); // may come after the end
  }
}

TEST_CASE("stopping the virtual printer ends the backends of a killed cupsd too") {
  Scratch keep;
  auto printer = std::make_unique<VirtualPrinter>();
  REQUIRE(printer->tool("behave", "hang") == 0);
  REQUIRE(CupsQueue(printer->settings()).submit("machiai-print-17", pdf_of(17), 80, 120));
  REQUIRE(within(a_while, [&] { return printer->taken() == 1; }));
  const std::string backend = "pgrep -f '^ipp://localhost:" + printer->env("DEVICE_PORT") + "/'";
  REQUIRE(printer->tool("kill-cupsd") == 0);
  REQUIRE(printer->tool("restart-cupsd") == 0);
  CHECK_FALSE(keep.run(backend).empty()); // it lives on
  printer.reset();
  CHECK(keep.run(backend).empty());
}

TEST_CASE("without a font each print fails with that reason, and nothing is sent") {
  VirtualPrinter printer;
  Journal journal;
  Worker worker(printer.settings(), system_clock, {"/nonexistent", "/nonexistent", "/nonexistent"},
                journal.hooks());
  worker.add(task(17));
  REQUIRE(journal.fate(17) == "failed no_font");
  CHECK(journal.told("no_font"));
  CHECK_FALSE(CupsQueue(printer.settings()).find_job("machiai-print-17").value());
}
