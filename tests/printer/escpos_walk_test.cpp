// SPDX-License-Identifier: Apache-2.0
// Our thread, a real cupsd, our filter, and a receipt printer on a port that burns what it is told.
#include "tests/printer/walk_kit.hpp"

using namespace machiai;
using namespace machiai::printer;
using namespace machiai::printer::test;

namespace {

const std::string receipt = "--escpos '" MACHIAI_ESCPOS "' ";

/// Dots that differ, white below the shorter one counted as paper.
int differing(const Bitmap& a, const Bitmap& b) {
  int different = 0;
  for (int y = 0; y < std::max(a.height(), b.height()); ++y)
    for (int x = 0; x < std::max(a.width(), b.width()); ++x)
      different += a.black(x, y) != b.black(x, y) ? 1 : 0;
  return different;
}

/// The papers of one print among those that were cut.
Papers burnt_of(const VirtualPrinter& printer, std::uint64_t id) {
  Papers papers;
  for (const Bitmap& paper : printer.burnt()) {
    papers.plain += differing(picture_of(id, false), paper) < 20 ? 1 : 0;
    papers.marked += differing(picture_of(id, true), paper) < 20 ? 1 : 0;
  }
  return papers;
}

} // namespace

TEST_CASE("a receipt printer burns the slip dot by dot as it was painted, on both papers") {
  for (const std::string paper : {"80", "58"}) {
    CAPTURE(paper);
    VirtualPrinter printer(receipt + "--paper " + paper);
    const auto layout = load_layout(paper + "mm");
    REQUIRE(layout);
    Journal journal;
    Worker worker(printer.settings(), system_clock, {}, journal.hooks(), patient(), *layout);
    worker.add(task(17));
    REQUIRE(journal.fate(17) == "printed");
    REQUIRE(printer.burnt().size() == 1);
    const auto painted = paint(slip_of(17), fonts(), *layout);
    CHECK(printer.burnt().front().width() == layout->width);
    CHECK(differing(*painted, printer.burnt().front()) == 0);
    CHECK(printer.said("garbage") == 0);
    CHECK(printer.said("cut of nothing") == 0);
  }
}

TEST_CASE(
    "a receipt printer that hangs: nothing is sent blindly, nothing comes late, the next slip comes out") {
  const std::string behave = GENERATE("hang", "deaf", "mute");
  CAPTURE(behave);
  VirtualPrinter printer(receipt);
  REQUIRE(printer.tool("behave", behave) == 0);
  Journal journal;
  MovedClock clock;
  Worker worker(printer.settings(), clock, {}, journal.hooks(), patient());
  worker.add(task(17, State::queued, 0, clock));
  REQUIRE(within(a_while, [&] { return journal.state(17) == State::sent; }));
  clock.pass_time_out();
  CHECK(journal.fate(17) == "failed printer_timeout");
  REQUIRE(printer.tool("behave", "ok") == 0);
  worker.add(task(18, State::queued, 0, clock));
  CHECK(journal.fate(18) == "printed");
  CHECK(burnt_of(printer, 18).plain == 1);
  CHECK(printer.burnt().size() == 1);
}

TEST_CASE("control: sent blindly, a slip counts as printed though nothing came out") {
  VirtualPrinter printer(receipt + "--blind");
  Journal journal;
  Worker worker(printer.settings(), system_clock, {}, journal.hooks(), patient());
  REQUIRE(printer.tool("behave", "mute") == 0);
  worker.add(task(17));
  CHECK(journal.fate(17) == "printed");
  CHECK(within(a_while, [&] { return burnt_of(printer, 17).plain == 1; })); // what --blind is for
  REQUIRE(printer.tool("behave", "deaf") == 0);
  worker.add(task(18));
  CHECK(journal.fate(18) == "printed");
  CHECK(burnt_of(printer, 18).plain == 0);
}

TEST_CASE("no paper, an open door: told in words; mended in time the slip comes out, else never") {
  const auto [behave, trouble] =
      GENERATE(table<std::string, std::string>({{"empty", "paper_out"}, {"door", "door_open"}}));
  CAPTURE(behave);
  VirtualPrinter printer(receipt);
  REQUIRE(printer.tool("behave", behave) == 0);
  Journal journal;
  MovedClock clock;
  Worker worker(printer.settings(), clock, {}, journal.hooks(), patient());
  worker.add(task(17, State::queued, 0, clock));
  REQUIRE(journal.told(trouble));
  REQUIRE(printer.tool("behave", "ok") == 0);
  CHECK(journal.fate(17) == "printed");
  CHECK(journal.told(""));
  REQUIRE(printer.tool("behave", behave) == 0);
  worker.add(task(18, State::queued, 0, clock));
  REQUIRE(journal.told(trouble));
  clock.pass_time_out();
  CHECK(journal.fate(18) == "failed " + trouble);
  REQUIRE(printer.tool("behave", "ok") == 0);
  worker.add(task(19, State::queued, 0, clock));
  CHECK(journal.fate(19) == "printed");
  CHECK(burnt_of(printer, 17).plain == 1);
  CHECK(burnt_of(printer, 18).plain == 0);
  CHECK(burnt_of(printer, 19).plain == 1);
  CHECK(printer.burnt().size() == 2);
  CHECK(journal.told(""));
}

TEST_CASE("the paper ends under a slip: given up, forgotten by the printer, nothing late") {
  VirtualPrinter printer(receipt);
  REQUIRE(printer.tool("behave", "slow") == 0);
  Journal journal;
  MovedClock clock;
  Worker worker(printer.settings(), clock, {}, journal.hooks(), patient());
  worker.add(task(17, State::queued, 0, clock));
  REQUIRE(within(a_while, [&] { return printer.taken() == 1; }));
  REQUIRE(printer.tool("behave", "empty") == 0);
  REQUIRE(journal.told("paper_out"));
  clock.pass_time_out();
  CHECK(journal.fate(17) == "failed paper_out");
  CHECK(within(a_while, [&] { return printer.said("forget") == 1; }));
  REQUIRE(printer.tool("behave", "ok") == 0);
  worker.add(task(18, State::queued, 0, clock));
  CHECK(journal.fate(18) == "printed");
  CHECK(burnt_of(printer, 17).plain == 0);
  CHECK(burnt_of(printer, 18).plain == 1);
  CHECK(printer.burnt().size() == 1);
}

TEST_CASE("a receipt printer that breaks off, is busy, is slow, is off") {
  VirtualPrinter printer(receipt);
  Journal journal;
  MovedClock clock;
  Worker worker(printer.settings(), clock, {}, journal.hooks(), patient());
  std::string fate;
  SECTION("half a slip: failed, told") {
    REQUIRE(printer.tool("behave", "half") == 0);
    worker.add(task(17, State::queued, 0, clock));
    fate = "failed job_aborted";
  }
  SECTION("busy with another: no slip, and the desk knows") {
    REQUIRE(printer.tool("behave", "busy") == 0);
    worker.add(task(17, State::queued, 0, clock));
    fate = "failed job_aborted";
  }
  SECTION("slow: it comes out once") {
    REQUIRE(printer.tool("behave", "slow") == 0);
    worker.add(task(17, State::queued, 0, clock));
    fate = "printed";
  }
  SECTION("off") {
    REQUIRE(printer.tool("off") == 0);
    worker.add(task(17, State::queued, 0, clock));
    REQUIRE(journal.told("offline"));
    clock.pass_time_out();
    fate = "failed offline";
  }
  CHECK(journal.fate(17) == fate);
  if (fate == "failed offline") REQUIRE(printer.tool("on") == 0);
  REQUIRE(printer.tool("behave", "ok") == 0);
  worker.add(task(18, State::queued, 0, clock));
  CHECK(journal.fate(18) == "printed");
  CHECK(journal.told(""));
  CHECK(burnt_of(printer, 17).plain == (fate == "printed" ? 1 : 0));
  CHECK(burnt_of(printer, 18).plain == 1);
  CHECK(printer.said("garbage") == 0);
}

TEST_CASE("cupsd killed while a receipt printer burns: none lost, none twice unmarked") {
  VirtualPrinter printer(receipt);
  REQUIRE(printer.tool("behave", "slow") == 0);
  Journal journal;
  Worker worker(printer.settings(), system_clock, {}, journal.hooks(), patient());
  worker.add(task(17));
  worker.add(task(18));
  REQUIRE(within(a_while, [&] { return printer.taken() == 1; }));
  REQUIRE(printer.tool("kill-cupsd") == 0);
  REQUIRE(printer.tool("restart-cupsd") == 0);
  CHECK(journal.fate(17) == "printed");
  CHECK(journal.fate(18) == "printed");
  const Papers first = burnt_of(printer, 17);
  CHECK(first.plain <= 1);
  CHECK(first.marked == 1);
  CHECK(burnt_of(printer, 18).plain == 1);
}
