// SPDX-License-Identifier: Apache-2.0
#include "sync/post.hpp"

#include "core/base/text.hpp"
#include "net/line.hpp"
#include "net/to.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <openssl/pem.h>
#include <openssl/x509.h>

namespace machiai::sync {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;
namespace json = boost::json;
using base::Error;
using base::fail;
using base::Result;
using boost::system::error_code;

namespace {

constexpr std::chrono::seconds answer_limit{20};
constexpr std::size_t largest_answer = 64 * 1024;

std::string shown_by(SSL* ssl) {
  X509* cert = SSL_get1_peer_certificate(ssl);
  BIO* bio = BIO_new(BIO_s_mem());
  std::string text;
  if (cert != nullptr && PEM_write_bio_X509(bio, cert) == 1) {
    char* data = nullptr;
    const long size = BIO_get_mem_data(bio, &data);
    text.assign(data, static_cast<std::size_t>(size));
  }
  BIO_free_all(bio);
  X509_free(cert);
  return text;
}

json::object object_of(const std::string& text) {
  error_code error;
  json::value parsed = json::parse(text, error);
  return error || !parsed.is_object() ? json::object{} : std::move(parsed.as_object());
}

} // namespace

std::optional<Address> parse_address(std::string text, std::string_view scheme) {
  if (text.rfind(scheme, 0) != 0) return std::nullopt;
  text.erase(0, scheme.size());
  Address address;
  const auto slash = text.find('/');
  if (slash != std::string::npos) address.target = text.substr(slash);
  text = text.substr(0, slash);
  const auto colon = text.rfind(':');
  address.host = text.substr(0, colon);
  address.port = colon == std::string::npos ? "443" : text.substr(colon + 1);
  const bool port = !address.port.empty() && address.port.size() <= 5 &&
                    address.port.find_first_not_of("0123456789") == std::string::npos;
  if (!port || !base::is_plain_id(address.host, 253)) return std::nullopt;
  return address;
}

void expect_host(SSL* ssl, const std::string& host) {
  error_code error;
  (void)asio::ip::make_address(host, error);
  if (!error) {
    X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(ssl), host.c_str());
    return;
  }
  SSL_set_tlsext_host_name(ssl, host.c_str());
  SSL_set1_host(ssl, host.c_str());
}

asio::awaitable<Result<Answer>> post(Address address, json::object body,
                                     std::shared_ptr<asio::ssl::context> tls, bool named) {
  const auto loop = co_await asio::this_coro::executor;
  net::Line line{asio::ip::tcp::socket(loop)};
  net::Line::Tls& secure = line.secure(*tls);
  auto& tcp = line.next_layer();
  if (named)
    expect_host(secure.native_handle(), address.host);
  else
    SSL_set_tlsext_host_name(secure.native_handle(), address.host.c_str());
  http::request<http::string_body> request{http::verb::post, address.target, 11};
  request.set(http::field::host, address.host + ":" + address.port);
  request.set(http::field::content_type, "application/json");
  request.body() = json::serialize(body);
  request.prepare_payload();
  beast::flat_buffer buffer;
  http::response_parser<http::string_body> parser;
  parser.body_limit(largest_answer);
  asio::ip::tcp::resolver resolver(loop);
  error_code error;
  const auto found = co_await resolver.async_resolve(address.host, address.port, net::to(error));
  tcp.expires_after(answer_limit);
  if (!error) co_await tcp.async_connect(found, net::to(error));
  if (!error) co_await secure.async_handshake(asio::ssl::stream_base::client, net::to(error));
  if (!error) co_await http::async_write(line, request, net::to(error));
  if (!error) co_await http::async_read(line, buffer, parser, net::to(error));
  if (error) co_return fail(Error::Code::device, "cloud_unreachable");
  co_return Answer{parser.get().result_int(), object_of(parser.get().body()),
                   shown_by(secure.native_handle())};
}

Result<Answer> post_now(const Address& address, const json::object& body,
                        const std::shared_ptr<asio::ssl::context>& tls, bool named) {
  asio::io_context loop(1);
  Result<Answer> answer = fail(Error::Code::device, "cloud_unreachable");
  asio::co_spawn(loop, post(address, body, tls, named),
                 [&](const std::exception_ptr& thrown, Result<Answer> told) {
                   if (!thrown) answer = std::move(told);
                 });
  loop.run();
  return answer;
}

} // namespace machiai::sync
