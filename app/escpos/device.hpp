// SPDX-License-Identifier: Apache-2.0
// The printer at the other end of cupsd's backend: bytes go down on standard output, answers come up by the
// back channel.
#pragma once

#include "printer/bitmap.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace machiai::escpos_filter {

/// SIGTERM becomes something that Device sees; a backend that is gone is a failed write, no signal.
void obey_signals();
class Device {
public:
  /// `answers`: the device has a way to answer, and is asked.
  explicit Device(bool answers);

  /// Waits until the device could print. False: it cannot be, see end().
  [[nodiscard]] bool begin();
  /// Sends one page, cuts it, and waits until it is on paper.
  [[nodiscard]] bool print(const printer::Bitmap& page);
  /// The exit code after a false: 0 when cancelled. The device forgets what it did not print.
  [[nodiscard]] int end();
  [[nodiscard]] int give_up();

private:
  [[nodiscard]] bool send(const std::string& bytes);
  /// Asks what is wrong. Nothing: no answer.
  [[nodiscard]] std::optional<std::string_view> how_is_it();
  [[nodiscard]] std::optional<std::uint8_t> ask(int what);
  void listen(std::chrono::milliseconds time);
  void tell(std::string_view trouble);

  bool answers_;
  bool sent_ = false; ///< there may be something to forget
  std::string told_;
  std::chrono::steady_clock::time_point until_;
  std::optional<std::uint8_t> now_answer_;
  std::optional<std::uint8_t> done_answer_;
};

} // namespace machiai::escpos_filter
