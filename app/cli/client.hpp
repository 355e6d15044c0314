// SPDX-License-Identifier: Apache-2.0
// A short-lived line to the hub: one connection, one command, one answer.
#pragma once

#include "core/base/result.hpp"
#include "core/store/station.hpp"

#include <boost/json.hpp>

#include <string>

namespace machiai::cli {

struct Call {
  std::string cmd;
  std::string key;
  boost::json::object args;
  std::string lang = "en";
};

/// The hub's answer: the object under "ok" or the object under "error".
struct Answer {
  bool ok = false;
  boost::json::object body;
};

/// Fails with not_found "missing_file" when there is no station in that home, with "bad_text" or
/// "frame_too_large" when the hub could not take it, with device "hub_unreachable" when the daemon of this
/// home does not let it in within 10 s, and "answer_lost" (detail: the key) when no answer came within as
/// long (verify: 10 min): it may have been carried out.
[[nodiscard]] base::Result<Answer> ask(const store::Home& home, const Call& call);

/// 128 random bits as hex.
[[nodiscard]] std::string fresh_key();

/// One line of the standard input; on a terminal it asks and does not show what is typed.
[[nodiscard]] std::string read_pin();

} // namespace machiai::cli
