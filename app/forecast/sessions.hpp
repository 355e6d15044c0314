// SPDX-License-Identifier: Apache-2.0
// Past sessions from a file of comma-separated values, one line a patient.
#pragma once

#include "core/queue/forecast.hpp"

#include <tl/expected.hpp>

#include <istream>
#include <string>
#include <vector>

namespace machiai::forecasting {

struct NamedSession {
  std::string name;
  queue::SessionLog log;
};

/// What is wrong with a file, in words: "line 12: ServTime is not a number of seconds".
using FileError = std::string;

/// Reads the columns Session, AM_PM, Visit.No, StartTime (H:MM:SS) and ServTime (seconds), in any order and
/// among others. Sessions come in the order of their first line; the patients of each in order of their
/// start. Visit.No and ServTime may be empty or NA: not recorded.
[[nodiscard]] tl::expected<std::vector<NamedSession>, FileError> read_sessions(std::istream& in);

} // namespace machiai::forecasting
