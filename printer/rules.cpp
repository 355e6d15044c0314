// SPDX-License-Identifier: Apache-2.0
#include "printer/rules.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

namespace machiai::printer {

namespace {

using State = Print::State;
using Do = Step::Do;

constexpr std::array<std::string_view, 7> names{"queued", "sending",   "sent",   "printed",
                                                "failed", "cancelled", "unknown"};

/// A clock that was set back must not keep a late slip waiting: a step beyond a second counts as "over".
bool over(base::Instant since, base::Instant now, base::Millis limit) {
  return now - since > limit || since - now > base::Millis{1000};
}

/// For ages that only forbid: a print from the future is young.
bool older(base::Instant since, base::Instant now, base::Millis limit) {
  return now - since > limit;
}

Step into(const Print& print, State state, std::string reason, base::Instant now) {
  Step step{Do::record, print, std::move(reason)};
  step.next.state = state;
  step.next.changed = now;
  return step;
}

Step send(const Print& print, bool again, base::Instant now) {
  Step step = into(print, State::sending, again ? "sent_again" : "", now);
  step.what = Do::submit;
  step.next.cups_job = 0;
  step.next.attempt = print.attempt + 1;
  step.next.marked = print.marked || print.reprint || again;
  return step;
}

/// True while a print that is in this state since `since` waits for the printer in vain.
bool held_too_long(const Observation& seen, base::Instant since, base::Instant now, const Limits& limits) {
  return over(std::max(since, seen.held_since.value_or(since)), now, limits.held);
}

/// The job is gone or never was there: perhaps there is paper. Once more, marked; after that a person looks.
Step send_again_or_give_up(const Print& print, const Observation& seen, base::Instant now,
                           const Limits& limits, base::Millis until) {
  if (print.attempt > 1 || older(print.asked, now, until))
    return into(print, State::unknown, "job_lost", now);
  if (seen.held.empty()) return send(print, true, now);
  if (held_too_long(seen, print.changed, now, limits)) return into(print, State::unknown, "job_lost", now);
  return {Do::wait, print, {}};
}

bool ours(const std::optional<Job>& job, const Print& print, const Limits& limits) {
  return job && job->title == job_title(print) && job->created + limits.clock_slack >= print.asked;
}

Step when_queued(const Print& print, const Observation& seen, base::Instant now, const Limits& limits) {
  if (older(print.asked, now, limits.too_old)) return into(print, State::failed, "too_old", now);
  if (!seen.looked) return {Do::look, print, {}};
  if (!seen.reachable) return {Do::wait, print, {}};
  if (seen.held.empty()) return send(print, false, now);
  if (held_too_long(seen, print.asked, now, limits)) return into(print, State::failed, seen.held, now);
  return {Do::wait, print, {}};
}

Step when_refused(const Print& print, const SubmitError& refused, base::Instant now) {
  const std::string& reason = refused.error.reason;
  if (reason != "printer_unreachable" && reason != "printer_missing")
    return into(print, State::failed, reason, now);
  Step step = into(print, State::queued, reason, now); // cupsd does not have it: as if never tried
  step.next.attempt = print.attempt - 1;
  return step;
}

Step when_sending(const Print& print, const Observation& seen, base::Instant now, const Limits& limits) {
  if (seen.refused && seen.refused->outcome == Outcome::not_sent)
    return when_refused(print, *seen.refused, now);
  if (!seen.looked) return {Do::look, print, {}};
  if (!seen.reachable) {
    if (!older(print.asked, now, limits.resend)) return {Do::wait, print, {}};
    return into(print, State::unknown, "printer_unreachable", now);
  }
  if (!ours(seen.job, print, limits) || seen.job->incoming)
    return send_again_or_give_up(print, seen, now, limits, limits.resend);
  Step step = into(print, State::sent, "", now);
  step.next.cups_job = seen.job->id;
  return step;
}

Step when_running(const Print& print, const Observation& seen, base::Instant now, const Limits& limits) {
  if (seen.cancel_asked) {
    if (over(*seen.cancel_asked, now, limits.cancel))
      return into(print, State::unknown, "printer_timeout", now);
    return {Do::wait, print, {}};
  }
  if (over(print.changed, now, limits.job)) return {Do::cancel, print, "printer_timeout"};
  return {Do::wait, print, {}};
}

std::string why_ended(const Observation& seen) {
  if (!seen.cancel_asked) return seen.job->reason;
  return seen.printer.empty() ? "printer_timeout" : seen.printer;
}

Step when_sent(const Print& print, const Observation& seen, base::Instant now, const Limits& limits) {
  if (!seen.looked) return {Do::look, print, {}};
  if (!seen.reachable) {
    if (!older(print.asked, now, limits.too_old)) return {Do::wait, print, {}};
    return into(print, State::unknown, "printer_unreachable", now);
  }
  if (!ours(seen.job, print, limits)) return send_again_or_give_up(print, seen, now, limits, limits.too_old);
  switch (seen.job->state) {
  case Job::State::completed:
    // Asked for the job by cupsd, a device that was off meanwhile knows of none: that is no paper.
    if (seen.job->forgotten) return into(print, State::unknown, "job_lost", now);
    return into(print, State::printed, "", now);
  case Job::State::aborted: return into(print, State::failed, why_ended(seen), now);
  case Job::State::cancelled:
    if (!seen.job->stopping) return into(print, State::failed, why_ended(seen), now);
    break;
  default: break;
  }
  return when_running(print, seen, now, limits);
}

} // namespace

std::string_view state_name(Print::State state) {
  return names.at(static_cast<std::size_t>(state));
}

std::optional<Print::State> state_from_name(std::string_view name) {
  for (std::size_t i = 0; i < names.size(); ++i)
    if (names.at(i) == name) return static_cast<State>(i);
  return {};
}

bool is_final(Print::State state) {
  return state != State::queued && state != State::sending && state != State::sent;
}

std::string job_title(const Print& print) {
  return print.attempt <= 1 ? fmt::format("machiai-print-{}", print.id)
                            : fmt::format("machiai-print-{}-{}", print.id, print.attempt);
}

Step next_step(const Print& print, const Observation& seen, base::Instant now, const Limits& limits) {
  switch (print.state) {
  case State::queued: return when_queued(print, seen, now, limits);
  case State::sending: return when_sending(print, seen, now, limits);
  case State::sent: return when_sent(print, seen, now, limits);
  default: return {Do::done, print, {}};
  }
}

} // namespace machiai::printer
