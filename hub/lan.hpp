// SPDX-License-Identifier: Apache-2.0
// The clinic's network: who may come in over TLS, and what a browser is given before it has a WebSocket.
#pragma once

#include "core/base/result.hpp"

#include <boost/asio/ssl/context.hpp>
#include <boost/beast/http.hpp>

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace machiai::hub {

/// A paired device.
struct Device {
  std::string id;
  std::string role;
  std::string room; ///< the one it may act for
  std::string name;
};

/// Knows the devices; the daemon's.
class Gate {
public:
  struct Admission {
    Device device;
    std::string secret; ///< told once
  };
  using Admit = std::function<void(base::Result<Admission>)>;

  Gate() = default;
  Gate(const Gate&) = delete;
  Gate& operator=(const Gate&) = delete;
  virtual ~Gate() = default;

  /// The device with this secret, unless it was revoked.
  [[nodiscard]] virtual std::optional<Device> known(std::string_view id, std::string_view secret) = 0;
  /// Uses a pairing code up. Answers on the loop, once the device is durable.
  virtual void redeem(std::string code, Admit admit) = 0;
};

/// A file of the browser's seat, in memory.
struct Asset {
  std::string_view path; ///< "/room.js"
  std::string_view type;
  std::string_view body;
};

struct LanSettings {
  std::string host; ///< address to listen on
  int port = 0;     ///< 0: any free one
  std::string ca;   ///< PEM: what /ca.pem gives
  std::string chain;
  std::string key;
  std::vector<Asset> assets;
  Gate* gate = nullptr;
};

using HttpRequest = boost::beast::http::request<boost::beast::http::string_body>;
using HttpResponse = boost::beast::http::response<boost::beast::http::string_body>;

/// A TLS 1.3 server with this chain and key. Error storage "bad_identity".
[[nodiscard]] base::Result<std::shared_ptr<boost::asio::ssl::context>> tls_context(const std::string& chain,
                                                                                   const std::string& key);

/// The device a request shows: the cookie a browser keeps, or a bearer token; "" and "" without either.
struct Credential {
  std::string_view id;
  std::string_view secret;
  bool cookie = false;
};
[[nodiscard]] Credential credential_of(const HttpRequest& request);
/// A page of another site cannot use this browser's cookie: its Origin is not ours. Programs send none.
[[nodiscard]] bool from_our_page(const HttpRequest& request);

/// GET and HEAD: the page, its parts, the CA, and /me.
[[nodiscard]] HttpResponse page(const LanSettings& lan, const HttpRequest& request);
/// The code of POST /pair, or the refusal.
[[nodiscard]] base::Result<std::string> pairing_code(const HttpRequest& request);
[[nodiscard]] HttpResponse paired(const HttpRequest& request, const base::Result<Gate::Admission>& admission);
/// For one who speaks plain HTTP to the TLS port.
[[nodiscard]] std::string_view plain_http_answer();

} // namespace machiai::hub
