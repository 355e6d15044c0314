// SPDX-License-Identifier: Apache-2.0
#include "printer/cups_reasons.hpp"
#include "printer/rules.hpp"

#include <catch2/catch.hpp>

#include <vector>

using namespace machiai::printer;
using machiai::base::Instant;
using machiai::base::instant_from_ms;
using machiai::base::Millis;
using State = Print::State;
using Do = Step::Do;

namespace {

const Instant start = instant_from_ms(1'764'000'000'000);
Instant after(std::int64_t ms) {
  return start + Millis{ms};
}

Print print_in(State state, int attempt = 0, int job = 0) {
  Print print;
  print.id = 17;
  print.ticket = "t";
  print.state = state;
  print.attempt = attempt;
  print.cups_job = job;
  print.asked = print.changed = start;
  return print;
}

Job job_in(Job::State state, const std::string& reason = "", const std::string& title = "machiai-print-17") {
  Job job;
  job.id = 5;
  job.title = title;
  job.state = state;
  job.created = start;
  job.reason = reason;
  return job;
}

Observation seen(std::optional<Job> job = {}) {
  Observation observation;
  observation.looked = observation.reachable = true;
  observation.job = std::move(job);
  return observation;
}

Observation away() {
  Observation observation;
  observation.looked = true;
  return observation;
}

Observation refused(Outcome outcome, const std::string& reason) {
  Observation observation;
  observation.refused = SubmitError{{machiai::base::Error::Code::device, reason, ""}, outcome};
  return observation;
}

} // namespace

TEST_CASE("a queued print is looked at, then sent, unmarked") {
  CHECK(next_step(print_in(State::queued), {}, after(10)).what == Do::look);
  const Step step = next_step(print_in(State::queued), seen(), after(10));
  CHECK(step.what == Do::submit);
  CHECK(step.next.state == State::sending);
  CHECK(step.next.attempt == 1);
  CHECK_FALSE(step.next.marked);
  CHECK(job_title(step.next) == "machiai-print-17");
}

TEST_CASE("a print a person asked for again is marked") {
  Print print = print_in(State::queued);
  print.reprint = true;
  CHECK(next_step(print, seen(), after(10)).next.marked);
}

TEST_CASE("without cupsd a queued print waits, until it is too old") {
  CHECK(next_step(print_in(State::queued), away(), after(119'000)).what == Do::wait);
  const Step late = next_step(print_in(State::queued), away(), after(120'001));
  CHECK(late.what == Do::record);
  CHECK(late.next.state == State::failed);
  CHECK(late.reason == "too_old");
  CHECK(next_step(print_in(State::queued), seen(), after(120'001)).next.state == State::failed);
  CHECK(next_step(print_in(State::queued), seen(), after(120'000)).what == Do::submit);
}

TEST_CASE("a clock that was set back does not make a print too old") {
  CHECK(next_step(print_in(State::queued), seen(), after(-3'600'000)).what == Do::submit);
}

TEST_CASE("nothing is sent to a printer that could not begin; after 10 s the desk is told why") {
  Observation busy = seen();
  busy.held = "paper_out";
  busy.held_since = after(-60'000);
  CHECK(next_step(print_in(State::queued), busy, after(9'000)).what == Do::wait);
  const Step step = next_step(print_in(State::queued), busy, after(10'001));
  CHECK(step.what == Do::record);
  CHECK(step.next.state == State::failed);
  CHECK(step.reason == "paper_out");
  // Not since it was asked, but since the printer is held up: a queue of slips may take longer.
  busy.held_since = after(9'000);
  CHECK(next_step(print_in(State::queued), busy, after(19'000)).what == Do::wait);
  CHECK(next_step(print_in(State::queued), busy, after(19'001)).what == Do::record);
  busy.held.clear();
  CHECK(next_step(print_in(State::queued), busy, after(19'001)).what == Do::submit);
}

TEST_CASE("nor is a lost slip sent again to such a printer") {
  Observation busy = seen();
  busy.held = "printer_busy";
  busy.held_since = after(0);
  CHECK(next_step(print_in(State::sent, 1, 5), busy, after(9'000)).what == Do::wait);
  const Step step = next_step(print_in(State::sent, 1, 5), busy, after(10'001));
  CHECK(step.next.state == State::unknown);
  CHECK(step.reason == "job_lost");
}

TEST_CASE("a refusal that reached nobody puts it back, unmarked and uncounted") {
  const Step step =
      next_step(print_in(State::sending, 1), refused(Outcome::not_sent, "printer_unreachable"), after(5));
  CHECK(step.next.state == State::queued);
  CHECK(step.next.attempt == 0);
  CHECK_FALSE(next_step(step.next, seen(), after(10)).next.marked);
}

TEST_CASE("a refused job fails at once, with the reason") {
  const Step step =
      next_step(print_in(State::sending, 1), refused(Outcome::not_sent, "job_refused"), after(5));
  CHECK(step.next.state == State::failed);
  CHECK(step.reason == "job_refused");
}

TEST_CASE("a submit of unclear fate is looked up, not repeated") {
  CHECK(next_step(print_in(State::sending, 1), refused(Outcome::unclear, "printer_unreachable"), after(5))
            .what == Do::look);
}

TEST_CASE("sending, found after a crash: the job is followed") {
  const Step step =
      next_step(print_in(State::sending, 1), seen(job_in(Job::State::processing)), after(5'000));
  CHECK(step.what == Do::record);
  CHECK(step.next.state == State::sent);
  CHECK(step.next.cups_job == 5);
  CHECK_FALSE(step.next.marked);
}

TEST_CASE("sending, unknown to cupsd: once more, marked, within two minutes") {
  const Step step = next_step(print_in(State::sending, 1), seen(), after(119'000));
  CHECK(step.what == Do::submit);
  CHECK(step.next.marked);
  CHECK(step.next.attempt == 2);
  CHECK(job_title(step.next) == "machiai-print-17-2");
  const Step late = next_step(print_in(State::sending, 1), seen(), after(120'001));
  CHECK(late.next.state == State::unknown);
  CHECK(next_step(print_in(State::sending, 2), seen(), after(5'000)).next.state == State::unknown);
}

TEST_CASE("a job that never got its document is no print") {
  Job job = job_in(Job::State::held);
  job.incoming = true;
  CHECK(next_step(print_in(State::sending, 1), seen(job), after(5'000)).what == Do::submit);
}

TEST_CASE("sending, and cupsd away: waits two minutes, then a person looks") {
  CHECK(next_step(print_in(State::sending, 1), away(), after(60'000)).what == Do::wait);
  CHECK(next_step(print_in(State::sending, 1), away(), after(121'000)).next.state == State::unknown);
}

TEST_CASE("another's job of the same name, or of an older ledger, is not ours") {
  const Step other = next_step(print_in(State::sending, 1),
                               seen(job_in(Job::State::completed, "", "machiai-print-18")), after(5));
  CHECK(other.next.state == State::sending);
  Job old = job_in(Job::State::completed);
  old.created = start - Millis{121'000};
  CHECK(next_step(print_in(State::sent, 1, 5), seen(old), after(5)).next.state != State::printed);
  old.created = start - Millis{60'000}; // a clock a minute off is allowed for
  CHECK(next_step(print_in(State::sent, 1, 5), seen(old), after(5)).next.state == State::printed);
}

TEST_CASE("completed for a device that has forgotten the job is not known to be printed") {
  Job job = job_in(Job::State::completed);
  job.forgotten = true;
  const Step step = next_step(print_in(State::sent, 1, 5), seen(job), after(1'000));
  CHECK(step.next.state == State::unknown);
  CHECK(step.reason == "job_lost");
}

TEST_CASE("completed is printed; aborted and cancelled are failures with their reason") {
  CHECK(
      next_step(print_in(State::sent, 1, 5), seen(job_in(Job::State::completed)), after(1'000)).next.state ==
      State::printed);
  for (const auto& [state, reason] :
       {std::pair{Job::State::aborted, "job_aborted"}, {Job::State::cancelled, "job_refused"}}) {
    const Step step = next_step(print_in(State::sent, 1, 5), seen(job_in(state, reason)), after(1'000));
    CHECK(step.next.state == State::failed);
    CHECK(step.reason == reason);
  }
}

TEST_CASE("a vanished job is sent again once, marked; the second time a person looks") {
  const Step again = next_step(print_in(State::sent, 1, 5), seen(), after(30'000));
  CHECK(again.what == Do::submit);
  CHECK(again.next.marked);
  CHECK(again.next.cups_job == 0);
  const Step second = next_step(print_in(State::sent, 2, 6), seen(), after(31'000));
  CHECK(second.next.state == State::unknown);
  CHECK(second.reason == "job_lost");
  CHECK(next_step(print_in(State::sent, 1, 5), seen(), after(120'001)).next.state == State::unknown);
}

TEST_CASE("a job that hangs is cancelled after 10 s, and the failure names the printer's trouble") {
  const Job hung = job_in(Job::State::processing);
  CHECK(next_step(print_in(State::sent, 1, 5), seen(hung), after(10'000)).what == Do::wait);
  CHECK(next_step(print_in(State::sent, 1, 5), seen(hung), after(10'001)).what == Do::cancel);

  Observation cancelled = seen(job_in(Job::State::cancelled, "job_cancelled"));
  cancelled.cancel_asked = after(10'001);
  CHECK(next_step(print_in(State::sent, 1, 5), cancelled, after(10'100)).reason == "printer_timeout");
  cancelled.printer = "paper_out";
  const Step step = next_step(print_in(State::sent, 1, 5), cancelled, after(10'100));
  CHECK(step.next.state == State::failed);
  CHECK(step.reason == "paper_out");
}

TEST_CASE("a cancel that came too late is a print; one that is not confirmed is unknown") {
  Observation late = seen(job_in(Job::State::completed));
  late.cancel_asked = after(10'001);
  CHECK(next_step(print_in(State::sent, 1, 5), late, after(10'100)).next.state == State::printed);

  Observation pending = seen(job_in(Job::State::cancelled));
  pending.job->stopping = true;
  pending.cancel_asked = after(10'001);
  CHECK(next_step(print_in(State::sent, 1, 5), pending, after(12'000)).what == Do::wait);
  CHECK(next_step(print_in(State::sent, 1, 5), pending, after(15'002)).next.state == State::unknown);
}

TEST_CASE("a clock set back an hour does not let a hung job live an hour longer") {
  CHECK(
      next_step(print_in(State::sent, 1, 5), seen(job_in(Job::State::processing)), after(-3'600'000)).what ==
      Do::cancel);
}

TEST_CASE("a final print stays what it is") {
  for (const State state : {State::printed, State::failed, State::cancelled, State::unknown}) {
    CHECK(is_final(state));
    CHECK(next_step(print_in(state, 1, 5), seen(), after(1)).what == Do::done);
    CHECK(state_from_name(state_name(state)) == state);
  }
  CHECK_FALSE(state_from_name("nonsense"));
}

TEST_CASE("the worst of a printer's troubles is told, in our words") {
  CHECK(printer_reason({"none"}).empty());
  CHECK(printer_reason({"cups-waiting-for-job-completed"}).empty());
  CHECK(printer_reason({"media-low-report"}) == "paper_low");
  CHECK(printer_reason({"media-low-warning", "cover-open-error", "media-empty-warning"}) == "paper_out");
  CHECK(printer_reason({"media-jam"}) == "jam");
  CHECK(printer_reason({"offline-report"}) == "offline");
  CHECK(job_reason(Job::State::cancelled, "Printer cannot print with supplied options.") == "job_refused");
  CHECK(job_reason(Job::State::cancelled, "") == "job_cancelled");
  CHECK(job_reason(Job::State::completed, "").empty());
}
