// SPDX-License-Identifier: Apache-2.0
// What happens next to one print. cupsd forgets queued jobs when it is killed and may print one twice, so the
// print journal is ours and these rules decide from it and from what cupsd says:
//   - no slip is lost without the desk being told (state failed or unknown);
//   - a slip that may exist already is sent again only once, and marked 再発行: never two unmarked;
//   - a late slip is harmful: nothing starts after `too_old`;
//   - nothing is sent to a printer that could not begin at once: cupsd would try it again in its own time.
#pragma once

#include "core/base/clock.hpp"
#include "printer/cups.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace machiai::printer {

/// One print of one ticket's slip. `reprint`: a person asked for it again. `marked`: the paper says 再発行,
/// either for that reason or because an earlier attempt may have printed.
struct Print {
  enum class State : std::uint8_t {
    queued,    ///< nothing was sent
    sending,   ///< recorded just before the submit: from now on cupsd may have it
    sent,      ///< cupsd took it as `cups_job`
    printed,   ///< the printer finished it
    failed,    ///< it did not come out (or was stopped); the desk is told why
    cancelled, ///< withdrawn before it was sent
    unknown,   ///< nobody can say whether there is paper; the desk looks
  };
  std::uint64_t id = 0;
  std::string ticket;
  bool reprint = false;
  bool marked = false;
  State state = State::queued;
  int cups_job = 0;
  int attempt = 0; ///< submits that may have reached cupsd
  base::Instant asked{};
  base::Instant changed{}; ///< of `state`
  bool operator==(const Print&) const = default;
};

[[nodiscard]] std::string_view state_name(Print::State state);
[[nodiscard]] std::optional<Print::State> state_from_name(std::string_view name);
[[nodiscard]] bool is_final(Print::State state);
/// The job's name at cupsd, our identity there: "machiai-print-17", a second attempt "machiai-print-17-2".
[[nodiscard]] std::string job_title(const Print& print);

struct Limits {
  base::Millis too_old{2 * 60'000};  ///< after `asked`: no slip starts; who asked has gone
  base::Millis resend{2 * 60'000};   ///< after `asked`: a submit of unknown fate may still be repeated
  base::Millis held{10'000};         ///< after `asked`: a slip does not wait longer for a printer to be ready
  base::Millis job{10'000};          ///< after `sent`: the printer had its time
  base::Millis cancel{5'000};        ///< after the cancel: it should be confirmed
  base::Millis clock_slack{120'000}; ///< a job older than the print by more than this is somebody else's
};

/// What is known of the world when a step is decided. Default: nothing was asked yet.
struct Observation {
  bool looked = false;    ///< cupsd was asked about the printer and this print's job
  bool reachable = false; ///< and answered
  std::optional<Job> job; ///< the job of that title; absent: cupsd has none
  std::string printer;    ///< reason key of the printer's trouble, empty: fine or not known
  std::string held;       ///< why a slip sent now would not print at once (reason key); empty: it would
  std::optional<base::Instant> held_since;   ///< since when that is so, for whatever reason
  std::optional<base::Instant> cancel_asked; ///< since when a cancel is on its way
  std::optional<SubmitError> refused;        ///< how the submit of this very moment failed
};

struct Step {
  enum class Do : std::uint8_t {
    look,   ///< ask cupsd, then decide again
    wait,   ///< nothing to do now; look again later
    submit, ///< record `next` (sending) and, once durable, submit it
    cancel, ///< cancel the job, then look
    record, ///< record `next` with `reason`
    done,   ///< the print is final
  };
  Do what = Do::done;
  Print next;
  std::string reason;
};

[[nodiscard]] Step next_step(const Print& print, const Observation& seen, base::Instant now,
                             const Limits& limits = {});

} // namespace machiai::printer
