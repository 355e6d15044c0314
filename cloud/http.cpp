// SPDX-License-Identifier: Apache-2.0
#include "cloud/http.hpp"

#include "cloud/range.hpp"
#include "cloud/token.hpp"
#include "core/booking/budget.hpp"
#include "core/wire/messages.hpp"

#include <boost/beast/http/field.hpp>
#include <boost/beast/http/status.hpp>
#include <boost/beast/websocket/rfc6455.hpp>

#include <algorithm>
#include <array>
#include <chrono>
#include <optional>

namespace machiai::cloud {

namespace http = boost::beast::http;
using base::Error;

namespace {

constexpr std::string_view websocket_version = "13"; // RFC 6455

struct Exception {
  std::string_view reason;
  int status;
};
/// Reasons whose status is not that of their code.
constexpr std::array exceptions{
    Exception{"key_reused", 422},      Exception{"outside_hours", 503},
    Exception{"maintenance", 503},     Exception{"suspended", 503},
    Exception{"not_begun", 503},       Exception{"ended", 503},
    Exception{"signage_only", 503},    Exception{"not_json", 415},
    Exception{"too_large", 413},       Exception{"bad_method", 405},
    Exception{"needs_websocket", 426}, Exception{"certificate_missing", 401},
    Exception{"range_beyond", 416},    Exception{"too_many_downloads", 503},
};

/// After which it is worth another try; none: nobody can say, or the answer says when it opens.
std::optional<std::chrono::seconds> retry_after(std::string_view reason, int status) {
  constexpr std::array<std::string_view, 6> standing{"outside_hours", "maintenance", "suspended",
                                                     "not_begun",     "ended",       "signage_only"};
  if (std::find(standing.begin(), standing.end(), reason) != standing.end()) return std::nullopt;
  if (reason == "check_resting")
    return std::chrono::duration_cast<std::chrono::seconds>(booking::Budget{}.refill);
  if (reason == "renewed_too_often") return std::chrono::hours{24};
  if (status == 429) return std::chrono::minutes{1};
  return status == 503 ? std::optional(std::chrono::seconds{10}) : std::nullopt;
}

bool is_host(std::string_view host) {
  return !host.empty() && host.size() <= 255 &&
         host.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-:[]") ==
             std::string_view::npos;
}

} // namespace

std::string_view Request::header(http::field name) const {
  const auto text = message[name];
  return {text.data(), text.size()};
}

std::string_view Request::header(std::string_view name) const {
  const auto text = message[boost::beast::string_view(name.data(), name.size())];
  return {text.data(), text.size()};
}

std::string Request::argument(std::string_view name) const {
  std::string_view rest = query;
  while (!rest.empty()) {
    const std::string_view each = rest.substr(0, rest.find('&'));
    rest.remove_prefix(std::min(rest.size(), each.size() + 1));
    const std::size_t equals = each.find('=');
    if (equals != std::string_view::npos && each.substr(0, equals) == name)
      return std::string(each.substr(equals + 1));
  }
  return {};
}

bool Request::wants_websocket() const {
  return boost::beast::websocket::is_upgrade(message) &&
         header(http::field::sec_websocket_version) == websocket_version;
}

bool Request::is_json() const {
  const std::string_view type = header(http::field::content_type);
  return boost::beast::iequals(trimmed(type.substr(0, type.find(';'))), "application/json");
}

bool Request::takes_gzip() const {
  std::string_view rest = header(http::field::accept_encoding);
  while (!rest.empty()) {
    const std::string_view each = take_first(rest);
    const std::size_t mark = each.find(';');
    if (!boost::beast::iequals(trimmed(each.substr(0, mark)), "gzip")) continue;
    // "q=0", "q=0.0" and the like: not at all.
    const std::string_view weight = mark == std::string_view::npos ? "" : trimmed(each.substr(mark + 1));
    return weight.substr(0, 3) != "q=0" || weight.find_first_of("123456789") != std::string_view::npos;
  }
  return false;
}

int status_of(const Error& error) {
  const auto found = std::find_if(exceptions.begin(), exceptions.end(),
                                  [&](const auto& each) { return each.reason == error.reason; });
  if (found != exceptions.end()) return found->status;
  switch (error.code) {
  case Error::Code::invalid: return 400;
  case Error::Code::not_found: return 404;
  case Error::Code::conflict: return 409;
  case Error::Code::forbidden: return 403;
  case Error::Code::limit: return 429;
  case Error::Code::storage:
  case Error::Code::device: return 503;
  case Error::Code::internal: return 500;
  }
  return 500;
}

Response json_response(int status, const boost::json::object& body) {
  return {status, "application/json", boost::json::serialize(body)};
}

Response refusal(const Error& error, std::string_view lang) {
  boost::json::object told{{"code", base::code_name(error.code)},
                           {"reason", error.reason},
                           {"message", wire::message(error.reason, lang)}};
  if (!error.detail.empty()) told["detail"] = error.detail;
  Response response = json_response(status_of(error), {{"error", std::move(told)}});
  response.headers.emplace_back("Cache-Control", "no-store");
  if (const auto wait = retry_after(error.reason, response.status)) set_retry_after(response, *wait);
  return response;
}

Response needs_websocket(const Request& request) {
  Response response = refusal({Error::Code::invalid, "needs_websocket", {}}, request.lang);
  response.headers.emplace_back("Upgrade", "websocket");
  response.headers.emplace_back("Sec-WebSocket-Version", std::string(websocket_version));
  return response;
}

void set_retry_after(Response& response, std::chrono::seconds wait) {
  std::erase_if(response.headers, [](const auto& header) { return header.first == "Retry-After"; });
  response.headers.emplace_back("Retry-After", std::to_string(wait.count()));
}

std::string to_bytes(const Response& response, bool keep_alive, bool head) {
  const auto reason = http::obsolete_reason(static_cast<http::status>(response.status));
  std::string bytes;
  bytes.reserve(response.body.size() + 512);
  bytes += "HTTP/1.1 " + std::to_string(response.status) + " ";
  bytes.append(reason.data(), reason.size());
  bytes += "\r\n";
  for (const auto& [name, value] : response.headers) bytes += name + ": " + value + "\r\n";
  const bool empty = response.status == 304 || response.status == 101 || response.status == 204;
  if (!empty) {
    const std::uint64_t length = response.file ? response.file->length : response.body.size();
    bytes += "Content-Type: " + response.type + "\r\nContent-Length: " + std::to_string(length) + "\r\n";
    bytes += "X-Content-Type-Options: nosniff\r\nReferrer-Policy: no-referrer\r\n";
  }
  if (!keep_alive && response.status != 101) bytes += "Connection: close\r\n";
  bytes += "\r\n";
  if (!head && !empty) bytes += response.body;
  return bytes;
}

std::string etag_of(std::string_view body) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string text = "\"";
  for (const char each : sha256(body).substr(0, 12)) {
    text += digits[static_cast<unsigned char>(each) >> 4];
    text += digits[static_cast<unsigned char>(each) & 15];
  }
  return text + "\"";
}

Response with_etag(const Request& request, std::string body, std::string etag, std::string cache) {
  Response response;
  if (has_already(request.header(http::field::if_none_match), etag)) {
    response.status = 304;
  } else {
    response.body = std::move(body);
  }
  response.headers.emplace_back("ETag", std::move(etag));
  response.headers.emplace_back("Cache-Control", std::move(cache));
  response.headers.emplace_back("Vary", "Accept-Language");
  return response;
}

void secure_page(Response& response, const Request& request) {
  const std::string_view host = request.header(http::field::host);
  std::string policy = "default-src 'self'; img-src 'self' data:; connect-src 'self'";
  if (is_host(host)) policy += " wss://" + std::string(host);
  policy += "; object-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
  response.headers.emplace_back("Content-Security-Policy", policy);
  response.headers.emplace_back("Cross-Origin-Opener-Policy", "same-origin");
  response.headers.emplace_back("X-Robots-Tag", "noindex");
}

} // namespace machiai::cloud
