// SPDX-License-Identifier: Apache-2.0
#include "core/store/pairing.hpp"

#include "core/store/rows.hpp"

#include <boost/json.hpp>
#include <fmt/format.h>
#include <openssl/crypto.h>
#include <openssl/rand.h>
#include <openssl/sha.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <filesystem>
#include <utility>

namespace machiai::store {

namespace {

namespace json = boost::json;
using base::Error;
using base::fail;
using base::Result;

template <std::size_t size> std::array<unsigned char, size> random_bytes() {
  std::array<unsigned char, size> bytes{};
  if (RAND_bytes(bytes.data(), static_cast<int>(size)) != 1) std::abort();
  return bytes;
}

template <class Bytes> std::string hex(const Bytes& bytes) {
  std::string text;
  for (const unsigned char byte : bytes) text += fmt::format("{:02x}", byte);
  return text;
}

bool same(std::string_view a, std::string_view b) {
  return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

/// Six digits, each as likely as any other.
std::string random_code() {
  constexpr std::uint32_t codes = 1'000'000;
  constexpr std::uint32_t fair = 0xffffffff / codes * codes;
  for (;;) {
    const auto bytes = random_bytes<4>();
    const std::uint32_t number = (std::uint32_t{bytes[0]} << 24) | (std::uint32_t{bytes[1]} << 16) |
                                 (std::uint32_t{bytes[2]} << 8) | bytes[3];
    if (number < fair) return fmt::format("{:06}", number % codes);
  }
}

std::optional<Device> device_of(const json::object& row) {
  const json::value* paired = row.if_contains("paired");
  Device device{text_of(row, "id"), text_of(row, "name"), text_of(row, "role"), text_of(row, "room"),
                text_of(row, "secret")};
  if (paired != nullptr && paired->is_int64()) device.paired = base::instant_from_ms(paired->as_int64());
  device.seen = base::parse_iso_date(text_of(row, "seen")).value_or(base::Date{});
  const bool whole = !device.id.empty() && !device.role.empty() && device.secret.size() == 64;
  return whole ? std::optional(device) : std::nullopt;
}

} // namespace

Result<std::vector<Device>> load_devices(const Home& home) {
  const auto rows = read_rows(home.devices(), "devices", "bad_devices");
  MACHIAI_TRY(rows);
  std::vector<Device> devices;
  for (const json::object& row : *rows) {
    auto device = device_of(row);
    if (!device) return fail(Error::Code::storage, "bad_devices");
    devices.push_back(std::move(*device));
  }
  return devices;
}

std::string devices_text(const std::vector<Device>& devices) {
  json::array rows;
  for (const Device& device : devices)
    if (!device.revoked)
      rows.push_back({{"id", device.id},
                      {"name", device.name},
                      {"role", device.role},
                      {"room", device.room},
                      {"secret", device.secret},
                      {"paired", base::to_ms(device.paired)},
                      {"seen", base::iso_date(device.seen)}});
  return rows_text("devices", std::move(rows));
}

std::string new_secret() {
  return hex(random_bytes<32>());
}

std::string secret_digest(std::string_view secret) {
  std::array<unsigned char, SHA256_DIGEST_LENGTH> digest{};
  SHA256(reinterpret_cast<const unsigned char*>(secret.data()), secret.size(), digest.data());
  return hex(digest);
}

std::string new_device_id(std::string_view role) {
  return fmt::format("{}-{}", role, hex(random_bytes<4>()));
}

Device* find_device(std::vector<Device>& devices, std::string_view id, std::string_view secret) {
  const std::string digest = secret_digest(secret);
  Device* found = nullptr;
  for (Device& device : devices)
    if (device.id == id && same(device.secret, digest) && !device.revoked) found = &device;
  return found;
}

Result<PairingCodes::Offer> PairingCodes::offer(std::string name, std::string role, std::string room,
                                                Moment now) {
  if (rests(now)) return fail(Error::Code::limit, "pairing_rests");
  std::erase_if(open_, [&](const Offer& each) { return each.until <= now; });
  if (open_.size() >= most_codes) return fail(Error::Code::limit, "overloaded");
  Offer offer{random_code(), std::move(name), std::move(role), std::move(room), now + code_life};
  while (std::any_of(open_.begin(), open_.end(), [&](const Offer& o) { return o.code == offer.code; }))
    offer.code = random_code();
  open_.push_back(offer);
  return offer;
}

std::optional<PairingCodes::Offer> PairingCodes::redeem(std::string_view code, Moment now) {
  if (rests(now)) return std::nullopt;
  std::erase_if(open_, [&](const Offer& each) { return each.until <= now; });
  const auto right =
      std::find_if(open_.begin(), open_.end(), [&](const Offer& each) { return same(each.code, code); });
  if (right == open_.end()) {
    note_wrong(now);
    return std::nullopt;
  }
  Offer used = std::move(*right);
  open_.erase(right);
  return used;
}

void PairingCodes::note_wrong(Moment now) {
  for (Offer& each : open_) ++each.wrong;
  std::erase_if(open_, [](const Offer& each) { return each.wrong >= tries_per_code; });
  std::erase_if(wrong_, [&](Moment at) { return now - at >= wrong_window; });
  wrong_.push_back(now);
  if (wrong_.size() < wrong_before_rest) return;
  rests_until_ = now + rest;
  wrong_.clear();
  open_.clear();
}

} // namespace machiai::store
