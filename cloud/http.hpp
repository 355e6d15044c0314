// SPDX-License-Identifier: Apache-2.0
// A request and its answer, as the routes see them.
#pragma once

#include "cloud/stream.hpp"
#include "core/base/result.hpp"
#include "core/vault/file.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/beast/http/message.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/json.hpp>

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace machiai::cloud {

inline constexpr std::size_t largest_body = 64 * 1024;

using HttpMessage = boost::beast::http::request<boost::beast::http::string_body>;

struct Request {
  HttpMessage message;
  std::string method;
  std::vector<std::string> path; ///< "/v1/live" -> {"v1", "live"}, percent signs taken out
  std::string query;
  std::string address;     ///< of the caller: limits only, never kept
  bool limited = true;     ///< callers of this machine are not counted
  std::string lang = "ja"; ///< of the words: "ja" or "en"
  SSL* tls = nullptr;

  [[nodiscard]] std::string_view header(boost::beast::http::field name) const;
  [[nodiscard]] std::string_view header(std::string_view name) const;
  /// The value of a name in the query, or empty.
  [[nodiscard]] std::string argument(std::string_view name) const;
  [[nodiscard]] bool wants_websocket() const; ///< of the version there is (RFC 6455)
  [[nodiscard]] bool is_json() const;
  [[nodiscard]] bool takes_gzip() const; ///< RFC 9110, 12.5.3
};

/// A body that lies on the disk, and is read while it is sent.
struct FileBody {
  vault::File file;
  std::uint64_t offset = 0;
  std::uint64_t length = 0;
  std::shared_ptr<void> place; ///< among those that are being sent
};

struct Response {
  int status = 200;
  std::string type = "application/json";
  std::string body;
  std::vector<std::pair<std::string, std::string>> headers{};
  std::shared_ptr<FileBody> file{}; ///< in place of `body`
  /// After a 101: who has the connection from here on. With `raw` nothing was written before.
  std::function<void(std::unique_ptr<Stream>, HttpMessage)> takeover{};
  bool raw = false;
};

[[nodiscard]] Response json_response(int status, const boost::json::object& body);
/// The refusal with its words; its status by its code and reason.
[[nodiscard]] Response refusal(const base::Error& error, std::string_view lang);
/// 426, with what it takes.
[[nodiscard]] Response needs_websocket(const Request& request);
/// Instead of what the refusal says by itself.
void set_retry_after(Response& response, std::chrono::seconds wait);
[[nodiscard]] int status_of(const base::Error& error);
/// The whole answer as bytes; without the body for HEAD.
[[nodiscard]] std::string to_bytes(const Response& response, bool keep_alive, bool head);
/// 200 with an ETag, or 304 when the caller has it already.
[[nodiscard]] Response with_etag(const Request& request, std::string body, std::string etag,
                                 std::string cache);
[[nodiscard]] std::string etag_of(std::string_view body);
/// What a page may do: itself, its own server, nothing else.
void secure_page(Response& response, const Request& request);

} // namespace machiai::cloud
