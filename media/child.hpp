// SPDX-License-Identifier: Apache-2.0
// Runs a program to its end: no shell, a time limit, limits on what it may say, write and allocate, and never
// outliving us.
#pragma once

#include "core/base/result.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <vector>

namespace machiai::media {

struct Command {
  std::vector<std::string> words{}; ///< the program, found in PATH, and its arguments
  std::vector<int> files{};         ///< open files; at most two; the child has them as 3 and 4
  std::chrono::milliseconds limit{20'000};
  std::uint64_t largest_file = std::uint64_t{1} << 20; ///< it may write
  /// Each piece of its standard output; false ends it.
  std::function<bool(std::span<const unsigned char>)> out{};
};

struct Ended {
  int status = -1;      ///< exit status; 128 + the signal's number when one ended it
  bool late = false;    ///< by the time limit
  bool stopped = false; ///< by `out`
  std::string said;     ///< the last 64 KiB of its standard error
};

/// Error device "no_program" with its name.
[[nodiscard]] base::Result<Ended> run(const Command& command);
/// The same with all of its standard output; error limit "too_large" beyond `most`.
[[nodiscard]] base::Result<std::pair<Ended, std::string>> run_and_read(Command command, std::size_t most);

} // namespace machiai::media
