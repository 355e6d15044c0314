// SPDX-License-Identifier: Apache-2.0
// Pii<T>: personal data that cannot be streamed, formatted or logged by accident.
#pragma once

#include <utility>

namespace machiai::base {

/// A name, a card number, a birth date. There is no operator<< and no formatter on purpose: whoever needs
/// the text calls reveal() and can be found by searching for it.
template <class T> class Pii {
public:
  Pii() = default;
  explicit Pii(T value) : value_(std::move(value)) {}
  [[nodiscard]] const T& reveal() const { return value_; }
  bool operator==(const Pii&) const = default;

private:
  T value_{};
};

} // namespace machiai::base
