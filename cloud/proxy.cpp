// SPDX-License-Identifier: Apache-2.0
#include "cloud/proxy.hpp"

#include <algorithm>

namespace machiai::cloud {

namespace {

using boost::asio::ip::address;

constexpr std::string_view signature{"\r\n\r\n\0\r\nQUIT\n", 12};
constexpr std::size_t most_rest = 512; ///< addresses and what a proxy adds to them
constexpr char for_itself = 0x20;
constexpr char for_another = 0x21;
constexpr char tcp4 = 0x11;
constexpr char tcp6 = 0x21;
constexpr std::size_t size4 = 12; ///< two addresses and two ports
constexpr std::size_t size6 = 36;

template <class Address> address source(std::string_view from) {
  typename Address::bytes_type bytes{};
  std::copy_n(from.begin(), bytes.size(), bytes.begin());
  return Address(bytes);
}

} // namespace

std::optional<std::size_t> proxy_rest(std::string_view head) {
  if (head.size() != proxy_head || head.substr(0, signature.size()) != signature) return std::nullopt;
  if (head[12] != for_itself && head[12] != for_another) return std::nullopt;
  const std::size_t rest = static_cast<unsigned char>(head[14]) * 256U + static_cast<unsigned char>(head[15]);
  return rest > most_rest ? std::nullopt : std::optional(rest);
}

std::optional<address> proxied(std::string_view header, const address& proxy) {
  const std::string_view rest = header.substr(proxy_head);
  if (header[12] == for_itself) return proxy;
  if (header[13] == tcp4 && rest.size() >= size4) return source<boost::asio::ip::address_v4>(rest);
  if (header[13] == tcp6 && rest.size() >= size6) return source<boost::asio::ip::address_v6>(rest);
  return std::nullopt;
}

} // namespace machiai::cloud
