// SPDX-License-Identifier: Apache-2.0
#include "cloud/grant.hpp"

#include "cloud/guards.hpp"
#include "core/base/text.hpp"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <algorithm>
#include <array>
#include <charconv>

namespace machiai::cloud {

namespace {

constexpr std::size_t name_length = 64;
constexpr std::size_t longest_facility = 32;

std::string keyed(std::string_view key, std::string_view text) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> hash{};
  unsigned size = 0;
  HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()),
       reinterpret_cast<const unsigned char*>(text.data()), text.size(), hash.data(), &size);
  constexpr std::string_view digits = "0123456789abcdef";
  std::string hex;
  for (unsigned at = 0; at < size; ++at) {
    hex += digits[hash[at] >> 4];
    hex += digits[hash[at] & 15U];
  }
  return hex;
}

bool same(std::string_view one, std::string_view other) {
  return one.size() == other.size() && CRYPTO_memcmp(one.data(), other.data(), one.size()) == 0;
}

} // namespace

bool is_content_name(std::string_view text) {
  const auto hex = [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); };
  return text.size() == name_length && std::all_of(text.begin(), text.end(), hex);
}

std::string grant_signature(std::string_view key, const Grant& grant) {
  return keyed(key, grant.sha256 + "\n" + grant.facility + "\n" + std::to_string(base::to_ms(grant.until)));
}

std::string grant_url(std::string_view address, std::string_view key, const Grant& grant) {
  return std::string(address) + "/v1/media/" + grant.sha256 + "?for=" + grant.facility +
         "&until=" + std::to_string(base::to_ms(grant.until)) + "&sign=" + grant_signature(key, grant);
}

base::Result<Grant> granted(std::string_view key, const GrantShown& shown, base::Instant now) {
  std::int64_t until = 0;
  const char* end = shown.until.data() + shown.until.size();
  const auto [rest, error] = std::from_chars(shown.until.data(), end, until);
  const Grant grant{std::string(shown.sha256), std::string(shown.facility), base::instant_from_ms(until)};
  const bool formed = is_content_name(shown.sha256) && base::is_plain_id(shown.facility, longest_facility) &&
                      error == std::errc{} && rest == end;
  // The signature is made in every case, so that time tells nothing either.
  const bool signed_by_us = same(grant_signature(key, grant), shown.sign);
  if (stops(Guard::grant_form, !formed) || stops(Guard::grant_signature, !signed_by_us) ||
      stops(Guard::grant_end, now >= grant.until))
    return base::fail(base::Error::Code::forbidden, "media_refused");
  return grant;
}

base::Instant grants_until(int facility, base::Instant now) {
  constexpr std::int64_t half = grant_life.count() / 2;
  // A prime number of minutes apart: neighbours do not ask for theirs together.
  const std::int64_t apart = static_cast<std::int64_t>(facility) * 1009 * 60'000 % half;
  return base::instant_from_ms(((base::to_ms(now) + apart) / half + 2) * half - apart);
}

} // namespace machiai::cloud
