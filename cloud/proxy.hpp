// SPDX-License-Identifier: Apache-2.0
// The PROXY protocol, version 2: how a proxy that passes TLS through says who the caller is.
#pragma once

#include <boost/asio/ip/address.hpp>

#include <cstddef>
#include <optional>
#include <string_view>

namespace machiai::cloud {

constexpr std::size_t proxy_head = 16; ///< bytes before the addresses

/// How many bytes follow the head; none when it is not one, or says more than an address needs.
[[nodiscard]] std::optional<std::size_t> proxy_rest(std::string_view head);
/// Who calls, from the whole header; the proxy itself when it speaks for itself (its checks of health).
[[nodiscard]] std::optional<boost::asio::ip::address> proxied(std::string_view header,
                                                              const boost::asio::ip::address& proxy);

} // namespace machiai::cloud
