// SPDX-License-Identifier: Apache-2.0
// Devices of the clinic's network: the codes that let one in, and the file of those that are in. The station
// keeps the SHA-256 of a device's secret, never the secret, and nothing about patients or staff.
#pragma once

#include "core/base/clock.hpp"
#include "core/base/result.hpp"
#include "core/store/station.hpp"

#include <chrono>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace machiai::store {

struct Device {
  std::string id;   ///< "room-4f2a91c0"; also its seat name
  std::string name; ///< what the desk called it, "診察室1のタブレット"
  std::string role; ///< "room"
  std::string room;
  std::string secret; ///< SHA-256 in hex
  base::Instant paired{};
  base::Date seen{};    ///< last day it was connected
  bool revoked = false; ///< not let in any more; leaves the file with the next save
};

inline constexpr std::size_t most_devices = 64;

/// The devices in HOME/data/devices.json. A missing file: none yet. Error storage "bad_devices".
[[nodiscard]] base::Result<std::vector<Device>> load_devices(const Home& home);
/// What is written; revoked ones are left out.
[[nodiscard]] std::string devices_text(const std::vector<Device>& devices);

/// 256 random bits in hex, and what is kept of them.
[[nodiscard]] std::string new_secret();
[[nodiscard]] std::string secret_digest(std::string_view secret);
/// "room-" and 32 random bits in hex.
[[nodiscard]] std::string new_device_id(std::string_view role);
/// The device with this secret, or none; takes as long for a wrong secret as for a right one.
[[nodiscard]] Device* find_device(std::vector<Device>& devices, std::string_view id, std::string_view secret);

/// Codes that are open at the moment. Lives in memory only: after a restart the desk asks for a new one.
class PairingCodes {
public:
  /// Monotonic: neither a clock step nor a wrong date makes a code live longer.
  using Moment = std::chrono::steady_clock::time_point;
  struct Offer {
    std::string code; ///< six digits
    std::string name;
    std::string role;
    std::string room;
    Moment until{};
    int wrong = 0;
  };

  static constexpr std::chrono::minutes code_life{5};
  static constexpr int tries_per_code = 5;
  static constexpr std::size_t most_codes = 8;
  static constexpr std::size_t wrong_before_rest = 20; ///< for the whole station,
  static constexpr std::chrono::minutes wrong_window{10};
  static constexpr std::chrono::minutes rest{10};

  /// A new code. Refused (limit "pairing_rests") after too many wrong ones, (limit "overloaded") when too
  /// many are open.
  [[nodiscard]] base::Result<Offer> offer(std::string name, std::string role, std::string room, Moment now);
  /// Uses the code up. None for a wrong, used, void or old code and while pairing rests: whoever asks cannot
  /// tell one from the other. A wrong code counts against every open one.
  [[nodiscard]] std::optional<Offer> redeem(std::string_view code, Moment now);
  [[nodiscard]] bool rests(Moment now) const { return now < rests_until_; }

private:
  void note_wrong(Moment now);
  std::vector<Offer> open_;
  std::deque<Moment> wrong_;
  Moment rests_until_ = Moment::min();
};

} // namespace machiai::store
