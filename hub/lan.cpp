// SPDX-License-Identifier: Apache-2.0
#include "hub/lan.hpp"

#include "core/wire/commands.hpp"

#include <boost/json.hpp>
#include <openssl/ssl.h>

#include <algorithm>

namespace machiai::hub {

namespace asio = boost::asio;
namespace http = boost::beast::http;
namespace json = boost::json;
using base::Error;

namespace {

/// `__Host-`: only over TLS, only this host, and no other port's page can set it for a parent domain.
constexpr std::string_view cookie_name = "__Host-machiai";
/// The longest browsers keep a cookie; each visit begins it anew.
constexpr std::string_view cookie_rules = "; Path=/; Secure; HttpOnly; SameSite=Strict; Max-Age=34560000";

std::string_view view(boost::beast::string_view text) {
  return {text.data(), text.size()};
}

std::string_view field(const HttpRequest& request, http::field name) {
  return view(request[name]);
}

/// What may stand in a header we send: host names, addresses, a port.
bool is_host(std::string_view host) {
  return !host.empty() && host.size() <= 255 &&
         host.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-:[]") ==
             std::string_view::npos;
}

/// 'self' names the WebSocket too, but older Safari does not think so; the host is named for its sake.
std::string content_policy(const HttpRequest& request) {
  const std::string_view host = field(request, http::field::host);
  std::string policy = "default-src 'self'; connect-src 'self'";
  if (is_host(host)) policy += " wss://" + std::string(host);
  return policy + "; object-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
}

HttpResponse blank(const HttpRequest& request, http::status status) {
  HttpResponse response(status, request.version());
  response.keep_alive(request.keep_alive());
  response.set(http::field::cache_control, "no-store");
  response.set("Content-Security-Policy", content_policy(request));
  response.set("X-Content-Type-Options", "nosniff");
  response.set("Referrer-Policy", "no-referrer");
  response.set("Cross-Origin-Resource-Policy", "same-origin");
  response.set("Cross-Origin-Opener-Policy", "same-origin");
  return response;
}

HttpResponse finish(HttpResponse response, const HttpRequest& request, std::string_view type,
                    std::string_view body) {
  response.set(http::field::content_type, boost::beast::string_view(type.data(), type.size()));
  if (request.method() == http::verb::head) {
    response.content_length(body.size());
  } else {
    response.body().assign(body);
    response.prepare_payload();
  }
  return response;
}

HttpResponse json_answer(HttpResponse response, const HttpRequest& request, const json::object& body) {
  return finish(std::move(response), request, "application/json", json::serialize(body));
}

json::object about(const Device& device) {
  return {{"device", device.id}, {"role", device.role}, {"room", device.room}, {"name", device.name}};
}

void set_cookie(HttpResponse& response, std::string_view id, std::string_view secret) {
  std::string cookie(cookie_name);
  cookie.append("=").append(id).append(".").append(secret).append(cookie_rules);
  response.set(http::field::set_cookie, cookie);
}

std::string_view lang_of(const HttpRequest& request) {
  return field(request, http::field::accept_language).substr(0, 2) == "en" ? "en" : "ja";
}

/// Tells a browser whether it is paired, without a WebSocket whose refusal a page cannot read.
HttpResponse me(const LanSettings& lan, const HttpRequest& request) {
  const Credential credential = credential_of(request);
  const auto device = lan.gate->known(credential.id, credential.secret);
  HttpResponse response = blank(request, device ? http::status::ok : http::status::unauthorized);
  if (!device) return json_answer(std::move(response), request, {});
  if (credential.cookie) set_cookie(response, credential.id, credential.secret);
  return json_answer(std::move(response), request, about(*device));
}

} // namespace

base::Result<std::shared_ptr<asio::ssl::context>> tls_context(const std::string& chain,
                                                              const std::string& key) {
  auto context = std::make_shared<asio::ssl::context>(asio::ssl::context::tls_server);
  SSL_CTX* native = context->native_handle();
  boost::system::error_code chain_error;
  boost::system::error_code key_error;
  context->use_certificate_chain(asio::buffer(chain), chain_error);
  context->use_private_key(asio::buffer(key), asio::ssl::context::pem, key_error);
  const bool ready =
      !chain_error && !key_error && SSL_CTX_set_min_proto_version(native, TLS1_3_VERSION) == 1 &&
      SSL_CTX_set_num_tickets(native, 0) == 1; // nothing to resume: every visit shows its secret
  if (!ready) return base::fail(Error::Code::storage, "bad_identity", "server.pem");
  SSL_CTX_set_mode(native, SSL_MODE_RELEASE_BUFFERS);
  return context;
}

Credential credential_of(const HttpRequest& request) {
  const auto split = [](std::string_view text, bool cookie) -> Credential {
    const std::size_t dot = text.find('.');
    if (dot == std::string_view::npos) return {};
    return {text.substr(0, dot), text.substr(dot + 1), cookie};
  };
  constexpr std::string_view scheme = "Bearer ";
  const std::string_view bearer = field(request, http::field::authorization);
  if (bearer.substr(0, scheme.size()) == scheme) return split(bearer.substr(scheme.size()), false);
  std::string_view rest = field(request, http::field::cookie);
  while (!rest.empty()) {
    const std::string_view each = rest.substr(0, rest.find(';'));
    rest.remove_prefix(std::min(rest.size(), each.size() + 1));
    const std::string_view trimmed = each.substr(std::min(each.find_first_not_of(' '), each.size()));
    const std::size_t equals = trimmed.find('=');
    if (equals != std::string_view::npos && trimmed.substr(0, equals) == cookie_name)
      return split(trimmed.substr(equals + 1), true);
  }
  return {};
}

bool from_our_page(const HttpRequest& request) {
  const std::string ours = "https://" + std::string(field(request, http::field::host));
  return field(request, http::field::origin) == ours;
}

HttpResponse page(const LanSettings& lan, const HttpRequest& request) {
  if (request.method() != http::verb::get && request.method() != http::verb::head) {
    HttpResponse response = blank(request, http::status::method_not_allowed);
    response.set(http::field::allow, "GET, HEAD");
    response.keep_alive(false);
    return finish(std::move(response), request, "text/plain", "405\n");
  }
  const std::string_view target = view(request.target());
  const std::string_view path = target.substr(0, target.find('?'));
  if (path == "/me") return me(lan, request);
  if (path == "/ca.pem") {
    HttpResponse response = blank(request, http::status::ok);
    response.set(http::field::content_disposition, "attachment; filename=\"machiai-ca.pem\"");
    return finish(std::move(response), request, "application/x-x509-ca-cert", lan.ca);
  }
  for (const Asset& asset : lan.assets)
    if (asset.path == path) return finish(blank(request, http::status::ok), request, asset.type, asset.body);
  return finish(blank(request, http::status::not_found), request, "text/plain", "404\n");
}

base::Result<std::string> pairing_code(const HttpRequest& request) {
  const bool ours = from_our_page(request) || field(request, http::field::origin).empty();
  // Not a type that a form of another site could send.
  if (!ours || field(request, http::field::content_type) != "application/json")
    return base::fail(Error::Code::forbidden, "forbidden");
  boost::system::error_code error;
  const json::value body = json::parse(request.body(), error);
  const json::object* object = error ? nullptr : body.if_object();
  const json::value* code = object == nullptr ? nullptr : object->if_contains("code");
  if (code == nullptr || !code->is_string() || code->as_string().size() > 32)
    return base::fail(Error::Code::invalid, "bad_argument");
  return std::string(code->as_string());
}

HttpResponse paired(const HttpRequest& request, const base::Result<Gate::Admission>& admission) {
  if (!admission) {
    const Error& error = admission.error();
    const auto status = error.code == Error::Code::invalid   ? http::status::bad_request
                        : error.code == Error::Code::storage ? http::status::service_unavailable
                                                             : http::status::forbidden;
    return json_answer(blank(request, status), request,
                       {{"error", wire::error_to_json(error, lang_of(request))}});
  }
  HttpResponse response = blank(request, http::status::ok);
  set_cookie(response, admission->device.id, admission->secret);
  return json_answer(std::move(response), request, about(admission->device));
}

std::string_view plain_http_answer() {
  return "HTTP/1.1 400 Bad Request\r\nConnection: close\r\nContent-Type: text/plain; charset=utf-8\r\n"
         "X-Content-Type-Options: nosniff\r\n\r\n"
         "この番号は https:// で はじめてください。\nPlease begin the address with https://.\n";
}

} // namespace machiai::hub
