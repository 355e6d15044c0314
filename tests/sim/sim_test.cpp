// SPDX-License-Identifier: Apache-2.0
// numbering-sim [SEEDS] [FIRST]: that many random days with every guard, and each guard's removal, which must
// be seen. numbering-sim trace SEED: tells that day.
#include "core/numbering/guards.hpp"
#include "core/queue/guards.hpp"
#include "tests/sim/world.hpp"

#include <fmt/format.h>

#include <atomic>
#include <cstdlib>
#include <mutex>
#include <thread>

namespace {

using namespace machiai;
using sim::Plan;
using sim::Tally;
using sim::World;

struct Outcome {
  std::uint64_t seeds = 0, failing = 0;
  std::map<std::string, std::uint64_t> kinds; ///< "N1", "N2", ...
  std::uint64_t first_seed = 0;
  std::string first;
  Tally tally;
};

Plan plan_of(std::uint64_t seed, const Plan& like) {
  Plan plan = like;
  plan.seed = seed;
  plan.enrolled_late = seed % 5 == 1;
  plan.alone = seed % 4 == 3 ? numbering::Alone::refuse : numbering::Alone::web_series;
  return plan;
}

/// Plays `seeds` days on both cores; stops at the first failure when `hunting`.
Outcome play(std::uint64_t first, std::uint64_t seeds, const Plan& like, bool hunting) {
  Outcome outcome;
  std::mutex mutex;
  std::atomic<std::uint64_t> next = first;
  std::atomic<bool> found = false;
  const auto work = [&] {
    Outcome mine;
    for (std::uint64_t seed = next++; seed < first + seeds && !found; seed = next++) {
      World world(plan_of(seed, like));
      const std::string broke = world.run();
      ++mine.seeds;
      mine.tally.add(world.tally());
      if (broke.empty()) continue;
      ++mine.failing;
      ++mine.kinds[broke.substr(0, broke.find(':'))];
      if (mine.first.empty() || seed < mine.first_seed) {
        mine.first = broke;
        mine.first_seed = seed;
      }
      if (hunting) found = true;
      if (!hunting && mine.failing < 10) fmt::print("  seed {}: {}\n", seed, broke);
    }
    const std::lock_guard lock(mutex);
    outcome.seeds += mine.seeds;
    outcome.failing += mine.failing;
    outcome.tally.add(mine.tally);
    for (const auto& [kind, count] : mine.kinds) outcome.kinds[kind] += count;
    if (!mine.first.empty() && (outcome.first.empty() || mine.first_seed < outcome.first_seed)) {
      outcome.first = mine.first;
      outcome.first_seed = mine.first_seed;
    }
  };
  std::thread other(work);
  work();
  other.join();
  return outcome;
}

void print(const std::string& label, const Outcome& o) {
  std::string kinds;
  for (const auto& [kind, count] : o.kinds) kinds += fmt::format(" {}={}", kind, count);
  fmt::print("{:34} seeds {:7} failing {:6}{}{}\n", label, o.seeds, o.failing, kinds,
             o.first.empty() ? "" : fmt::format("  (seed {}: {})", o.first_seed, o.first));
  std::fflush(stdout);
}

bool seen(const std::string& label, const Plan& like) {
  const Outcome o = play(1, 20'000, like, true);
  print("without " + label, o);
  if (o.failing == 0) fmt::print("  NOT SEEN: the guard or this test is worth nothing\n");
  return o.failing != 0;
}

bool each_removal_is_seen() {
  using N = numbering::Guard;
  using Q = queue::Guard;
  bool all = true;
  for (const auto& [guard, name] : {std::pair{N::hold_before_grant, "hold_before_grant"},
                                    {N::later_answer_holds, "later_answer_holds"},
                                    {N::trust_first, "trust_first"},
                                    {N::web_series_of_generation, "web_series_of_generation"},
                                    {N::one_number_a_request, "one_number_a_request"},
                                    {N::clock_set_back, "clock_set_back"},
                                    {N::one_station_served, "one_station_served"},
                                    {N::record_goes_on, "record_goes_on"},
                                    {N::replaced_station_out, "replaced_station_out"},
                                    {N::jump_over_lost_owner, "jump_over_lost_owner"},
                                    {N::release_before_grant, "release_before_grant"},
                                    {N::paper_stays, "paper_stays"}}) {
    numbering::removed_guards = 1U << static_cast<unsigned>(guard);
    all = seen(name, {}) && all;
    numbering::removed_guards = 0;
  }
  for (const auto& [guard, name] : {std::pair{Q::epoch_rises, "epoch_rises"},
                                    {Q::main_only_by_owner, "main_only_by_owner"},
                                    {Q::request_once, "request_once"},
                                    {Q::origin_decides, "origin_decides"},
                                    {Q::refusal_stays, "refusal_stays"},
                                    {Q::jump_over_unknown, "jump_over_unknown"},
                                    {Q::station_series, "station_series"},
                                    {Q::number_above_high, "number_above_high"}}) {
    queue::removed_guards = 1U << static_cast<unsigned>(guard);
    all = seen(name, {}) && all;
    queue::removed_guards = 0;
  }
  Plan speaks;
  speaks.speaks_before_commit = true;
  all = seen("waiting for the commit", speaks) && all;
  Plan same_generation;
  same_generation.forgets_backup_generation = true;
  return seen("a new generation at a restore", same_generation) && all;
}

} // namespace

int main(int argc, char** argv) {
  if (argc == 3 && std::string_view(argv[1]) == "trace") {
    Plan plan = plan_of(std::strtoull(argv[2], nullptr, 10), {});
    plan.trace = true;
    fmt::print("{}\n", World(plan).run());
    return 0;
  }
  const std::uint64_t seeds = argc > 1 ? std::strtoull(argv[1], nullptr, 10) : 100'000;
  const std::uint64_t first = argc > 2 ? std::strtoull(argv[2], nullptr, 10) : 1;
  const Outcome o = play(first, seeds, {}, false);
  print("with every guard", o);
  fmt::print("  {} requests, {} numbers given, {} refused, {} lost to a restore; {} packets, {} hand-overs, "
             "{} restarts, {} restores, {} copied stations, {} replaced\n",
             o.tally.requests, o.tally.given, o.tally.refused, o.tally.lost, o.tally.packets,
             o.tally.handovers, o.tally.restarts, o.tally.restores, o.tally.copies, o.tally.replaced);
  const bool seen_all = each_removal_is_seen();
  return o.failing == 0 && seen_all ? 0 : 1;
}
