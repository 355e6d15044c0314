// SPDX-License-Identifier: Apache-2.0
// Leave to fetch a file: an address that says which content, for which facility and until when, and is signed
// (HMAC-SHA256), so that any node - or any server of files that has the key - can answer it alone.
#pragma once

#include "core/base/clock.hpp"
#include "core/base/result.hpp"

#include <string>
#include <string_view>

namespace machiai::cloud {

struct Grant {
  std::string sha256;   ///< 64 lower-case hex digits
  std::string facility; ///< its short name
  base::Instant until{};
};

[[nodiscard]] bool is_content_name(std::string_view text);

/// Over "sha256\nfacility\nuntil"; 64 hex digits.
[[nodiscard]] std::string grant_signature(std::string_view key, const Grant& grant);
/// `address`: "https://host:port", without a slash at its end.
[[nodiscard]] std::string grant_url(std::string_view address, std::string_view key, const Grant& grant);

/// A request's own words for it.
struct GrantShown {
  std::string_view sha256, facility, until, sign;
};
/// Forbidden "media_refused", whatever is wrong with it: the answer tells a guesser nothing.
[[nodiscard]] base::Result<Grant> granted(std::string_view key, const GrantShown& shown, base::Instant now);

/// So long an address is good at most; half of that at least, when it is told.
inline constexpr base::Millis grant_life = std::chrono::hours{96};
/// The end of the addresses that the facility is told now. It stays the same for half of their life, also
/// across restarts and nodes, and each facility has its own moment for the next ones.
[[nodiscard]] base::Instant grants_until(int facility, base::Instant now);

} // namespace machiai::cloud
