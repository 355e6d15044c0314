// SPDX-License-Identifier: Apache-2.0
#include "printer/cups_reasons.hpp"

#include <array>

namespace machiai::printer {

namespace {

struct Known {
  std::string_view keyword; ///< without its -error, -warning or -report
  std::string_view reason;  ///< empty: no trouble of ours
};

// Worst first: what a person has to mend before anything else can be right.
constexpr std::array known{
    Known{"media-empty", "paper_out"},
    Known{"media-needed", "paper_out"},
    Known{"media-jam", "jam"},
    Known{"cover-open", "door_open"},
    Known{"door-open", "door_open"},
    Known{"interlock-open", "door_open"},
    Known{"offline", "offline"},
    Known{"timed-out", "offline"},
    Known{"shutdown", "offline"},
    Known{"connecting-to-device", "offline"},
    Known{"paused", "stopped"},
    Known{"stopped-partly", "stopped"},
    Known{"cups-missing-filter", "printer_trouble"},
    Known{"cups-insecure-filter", "printer_trouble"},
    Known{"spool-area-full", "printer_trouble"},
    Known{"other", "printer_trouble"},
    Known{"media-low", "paper_low"},
};

std::string_view bare(std::string_view keyword) {
  for (const std::string_view ending : {"-error", "-warning", "-report"})
    if (keyword.ends_with(ending)) return keyword.substr(0, keyword.size() - ending.size());
  return keyword;
}

} // namespace

std::string printer_reason(const std::vector<std::string_view>& keywords) {
  for (const Known& entry : known)
    for (const std::string_view keyword : keywords)
      if (bare(keyword) == entry.keyword) return std::string(entry.reason);
  return {};
}

std::string job_reason(Job::State state, std::string_view message) {
  if (state == Job::State::aborted) return "job_aborted";
  if (state != Job::State::cancelled) return {};
  // The only trace cupsd's ipp backend leaves of a size the printer does not have (2.4.2).
  return message.find("supplied options") != std::string_view::npos ? "job_refused" : "job_cancelled";
}

std::string running_trouble(std::string_view message) {
  // backend/socket.c and ipp.c (2.4.2) while they try again and again.
  for (const std::string_view words :
       {"may not exist or is unavailable", "is unreachable at this time", "The printer is not responding"})
    if (message.find(words) != std::string_view::npos) return "offline";
  return {};
}

} // namespace machiai::printer
