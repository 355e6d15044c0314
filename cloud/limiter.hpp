// SPDX-License-Identifier: Apache-2.0
// So many requests a minute of one address; what it held back is known for a minute and then forgotten.
#pragma once

#include <chrono>
#include <string>
#include <unordered_map>

namespace machiai::cloud {

class Limiter {
public:
  explicit Limiter(int a_minute) : most_(a_minute) {}

  /// Whether this one may pass.
  bool take(const std::string& address) {
    const auto now = std::chrono::steady_clock::now();
    if (now - began_ > std::chrono::minutes{1} || counts_.size() > most_addresses) {
      counts_.clear();
      began_ = now;
    }
    return ++counts_[address] <= most_;
  }

private:
  static constexpr std::size_t most_addresses = 200'000;
  int most_;
  std::chrono::steady_clock::time_point began_ = std::chrono::steady_clock::now();
  std::unordered_map<std::string, int> counts_;
};

} // namespace machiai::cloud
