// SPDX-License-Identifier: Apache-2.0
// The rules against a world that goes wrong at random: cupsd is killed and forgets, answers are lost, our own
// process crashes between its steps, the printer hangs. Seeded, so that a failure can be repeated.
#include "printer/rules.hpp"

#include <catch2/catch.hpp>

#include <random>
#include <vector>

using namespace machiai::printer;
using machiai::base::Instant;
using machiai::base::instant_from_ms;
using machiai::base::Millis;

namespace {

struct SimJob {
  Job job;
  bool marked = false;
  Instant ends{}; ///< when the paper comes out, if nothing stops it
};

class World {
public:
  explicit World(unsigned seed) : random_(seed), trouble_(chance(50) ? 3 : 0) {
    print_.id = seed;
    print_.asked = print_.changed = now_;
    journal_ = print_;
  }

  void run() {
    for (int step = 0; step < 6000 && !is_final(journal_.state); ++step) {
      now_ += Millis{150};
      cupsd();
      us();
    }
  }

  Print journal_;
  int plain_papers = 0;
  int marked_papers = 0;
  int submits = 0;
  int submits_held = 0;
  Instant last_submit{};
  Instant asked() const { return print_.asked; }

private:
  bool chance(int percent) { return static_cast<int>(random_() % 100) < percent; }

  void cupsd() {
    if (up_ && chance(trouble_)) { // kill -9: jobs are forgotten, the one in hand may still come out
      for (const SimJob& each : jobs_)
        if (each.job.state == Job::State::processing && chance(50)) paper(each);
      jobs_.clear();
      up_ = false;
    } else if (!up_ && chance(5)) {
      up_ = true;
    }
    for (SimJob& each : jobs_) {
      if (each.job.state != Job::State::processing || now_ < each.ends) continue;
      paper(each);
      each.job.state = Job::State::completed;
    }
  }

  void paper(const SimJob& job) { ++(job.marked ? marked_papers : plain_papers); }

  void us() {
    if (trouble_ > 0 && chance(2)) { // we crash and start again from the journal
      print_ = journal_;
      seen_ = {};
    }
    const Step step = next_step(print_, seen_, now_);
    switch (step.what) {
    case Step::Do::look: look(); break;
    case Step::Do::wait: seen_.looked = false; break;
    case Step::Do::record: record(step.next); break;
    case Step::Do::cancel:
      if (up_ && !chance(10))
        for (SimJob& each : jobs_)
          if (each.job.id == print_.cups_job && each.job.state == Job::State::processing)
            each.job.state = Job::State::cancelled;
      seen_.cancel_asked = now_;
      seen_.looked = false;
      break;
    case Step::Do::submit: submit(step.next); break;
    case Step::Do::done: break;
    }
  }

  void record(const Print& next) {
    journal_ = print_ = next;
    seen_ = {};
  }

  void look() {
    seen_.looked = true;
    seen_.reachable = up_;
    if (chance(2)) held_since_ = held_since_ ? std::optional<Instant>() : now_; // paper out, door open ...
    seen_.held = held_since_ ? "paper_out" : "";
    seen_.held_since = held_since_;
    seen_.job.reset();
    for (const SimJob& each : jobs_)
      if (each.job.title == job_title(print_)) seen_.job = each.job;
  }

  void submit(const Print& next) {
    record(next);
    if (trouble_ > 0 && chance(10)) return crash(); // between the record and the submit
    ++submits;
    submits_held += held_since_ ? 1 : 0;
    last_submit = now_;
    const bool lost_answer = up_ && chance(10);
    if (!up_) {
      seen_.refused =
          SubmitError{{machiai::base::Error::Code::device, "printer_unreachable", ""}, Outcome::not_sent};
      return;
    }
    SimJob job;
    job.job.id = next_id_++;
    job.job.title = job_title(next);
    job.job.state = Job::State::processing;
    job.job.created = now_;
    job.marked = next.marked;
    job.ends = now_ + Millis{chance(15) ? 60'000 : 500 + static_cast<int>(random_() % 3000)};
    jobs_.push_back(job);
    if (lost_answer) {
      seen_.refused =
          SubmitError{{machiai::base::Error::Code::device, "printer_unreachable", ""}, Outcome::unclear};
      return;
    }
    if (trouble_ > 0 && chance(10)) return crash(); // between the submit and its record
    Print sent = next;
    sent.state = Print::State::sent;
    sent.cups_job = job.job.id;
    sent.changed = now_;
    record(sent);
  }

  void crash() {
    print_ = journal_;
    seen_ = {};
  }

  std::mt19937 random_;
  int trouble_ = 0;
  Instant now_ = instant_from_ms(1'764'000'000'000);
  Print print_;
  Observation seen_;
  std::vector<SimJob> jobs_;
  bool up_ = true;
  std::optional<Instant> held_since_;
  int next_id_ = 1;
};

} // namespace

TEST_CASE("whatever goes wrong: no slip twice unmarked, none lost unseen, none late, and it ends") {
  int printed = 0;
  int again = 0;
  int handed_over = 0;
  for (unsigned seed = 1; seed <= 4000; ++seed) {
    World world(seed);
    world.run();
    CAPTURE(seed, state_name(world.journal_.state), world.plain_papers, world.marked_papers);
    REQUIRE(is_final(world.journal_.state));
    REQUIRE(world.plain_papers <= 1);
    REQUIRE(world.marked_papers <= 1);
    REQUIRE(world.submits_held == 0);
    REQUIRE((world.submits == 0 || world.last_submit - world.asked() <= Limits{}.too_old));
    if (world.journal_.state == Print::State::printed) REQUIRE(world.plain_papers + world.marked_papers >= 1);
    printed += world.journal_.state == Print::State::printed ? 1 : 0;
    again += world.marked_papers;
    handed_over += world.journal_.state == Print::State::unknown ? 1 : 0;
  }
  // The world was as wild as meant: all ways out were taken.
  CHECK(printed > 2000);
  CHECK(again > 50);
  CHECK(handed_over > 20);
}
