// SPDX-License-Identifier: Apache-2.0
// One request to the cloud beside the link.
#pragma once

#include "core/base/result.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/json.hpp>

#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace machiai::sync {

struct Address {
  std::string host;
  std::string port;
  std::string target;
};
/// "https://HOST[:PORT]" and "wss://HOST[:PORT]/v1/link".
[[nodiscard]] std::optional<Address> parse_address(std::string text, std::string_view scheme);

struct Answer {
  unsigned status = 0;
  boost::json::object body; ///< empty when it is no JSON: a captive portal answers as well
  std::string shown;        ///< the certificate that the other end showed, PEM
};
/// The name or address that the other end's certificate must hold.
void expect_host(SSL* ssl, const std::string& host);

/// POSTs the body as JSON over a connection of its own, for at most 20 s after the name is found. With
/// `named` the certificate must hold the host. Error device "cloud_unreachable".
[[nodiscard]] boost::asio::awaitable<base::Result<Answer>>
post(Address address, boost::json::object body, std::shared_ptr<boost::asio::ssl::context> tls, bool named);
/// The same, waited for.
[[nodiscard]] base::Result<Answer> post_now(const Address& address, const boost::json::object& body,
                                            const std::shared_ptr<boost::asio::ssl::context>& tls,
                                            bool named);

} // namespace machiai::sync
