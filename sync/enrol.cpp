// SPDX-License-Identifier: Apache-2.0
#include "sync/enrol.hpp"

#include "core/base/text.hpp"

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <boost/beast/ssl.hpp>
#include <boost/json.hpp>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include <filesystem>

namespace machiai::sync {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;
namespace json = boost::json;
using base::Error;
using base::fail;
using base::Result;
using base::Status;

namespace {

constexpr std::chrono::seconds patience{20};

template <class T, void (*release)(T*)> struct Release {
  void operator()(T* thing) const { release(thing); }
};
using Key = std::unique_ptr<EVP_PKEY, Release<EVP_PKEY, EVP_PKEY_free>>;
using Cert = std::unique_ptr<X509, Release<X509, X509_free>>;
using Csr = std::unique_ptr<X509_REQ, Release<X509_REQ, X509_REQ_free>>;
using Bio = std::unique_ptr<BIO, Release<BIO, BIO_free_all>>;

std::string text_of(BIO* bio) {
  char* data = nullptr;
  const long size = BIO_get_mem_data(bio, &data);
  return {data, static_cast<std::size_t>(std::max(size, 0L))};
}

std::string pem(EVP_PKEY& key) {
  const Bio bio(BIO_new(BIO_s_mem()));
  PEM_write_bio_PKCS8PrivateKey(bio.get(), &key, nullptr, nullptr, 0, nullptr, nullptr);
  return text_of(bio.get());
}

Cert cert_of(const std::string& text) {
  const Bio bio(BIO_new_mem_buf(text.data(), static_cast<int>(text.size())));
  return Cert(PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr));
}

std::string csr_of(EVP_PKEY& key, const std::string& facility) {
  const Csr csr(X509_REQ_new());
  const auto* name = reinterpret_cast<const unsigned char*>(facility.c_str());
  const bool made = csr && X509_REQ_set_version(csr.get(), 0) == 1 &&
                    X509_NAME_add_entry_by_txt(X509_REQ_get_subject_name(csr.get()), "CN", MBSTRING_UTF8,
                                               name, -1, -1, 0) == 1 &&
                    X509_REQ_set_pubkey(csr.get(), &key) == 1 &&
                    X509_REQ_sign(csr.get(), &key, EVP_sha256()) > 0;
  const Bio bio(BIO_new(BIO_s_mem()));
  return made && PEM_write_bio_X509_REQ(bio.get(), csr.get()) == 1 ? text_of(bio.get()) : "";
}

std::string fingerprint(X509& cert) {
  unsigned char digest[32];
  unsigned size = sizeof digest;
  if (X509_digest(&cert, EVP_sha256(), digest, &size) != 1) return {};
  std::string text;
  for (unsigned i = 0; i < size; ++i) {
    constexpr char digits[] = "0123456789ABCDEF";
    text += digits[digest[i] >> 4];
    text += digits[digest[i] & 15];
    if (i % 2 == 1 && i + 1 < size) text += ' ';
  }
  return text;
}

struct Address {
  std::string host;
  std::string port;
  std::string target;
};

/// "https://HOST[:PORT]" and "wss://HOST[:PORT]/v1/link".
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

/// One POST over TLS 1.3.
class Post {
public:
  Post(const Address& address, const std::string& ca)
      : address_(address), tls_(asio::ssl::context::tls_client), stream_(loop_, tls_), resolver_(loop_) {
    SSL_CTX_set_min_proto_version(tls_.native_handle(), TLS1_3_VERSION);
    boost::system::error_code error;
    if (!ca.empty()) tls_.add_certificate_authority(asio::buffer(ca), error);
    SSL_set_verify(stream_.native_handle(), ca.empty() ? SSL_VERIFY_NONE : SSL_VERIFY_PEER, nullptr);
    X509_STORE* trusted = SSL_CTX_get_cert_store(tls_.native_handle());
    if (!ca.empty()) SSL_set1_chain_cert_store(stream_.native_handle(), trusted);
  }

  Result<http::response<http::string_body>> run(const std::string& body) {
    http::request<http::string_body> request{http::verb::post, "/v1/enrol", 11};
    request.set(http::field::host, address_.host + ":" + address_.port);
    request.set(http::field::content_type, "application/json");
    request.body() = body;
    request.prepare_payload();
    try {
      auto& tcp = beast::get_lowest_layer(stream_);
      tcp.expires_after(patience);
      tcp.connect(resolver_.resolve(address_.host, address_.port));
      SSL_set_tlsext_host_name(stream_.native_handle(), address_.host.c_str());
      stream_.handshake(asio::ssl::stream_base::client);
      http::write(stream_, request);
      beast::flat_buffer buffer;
      http::response_parser<http::string_body> parser;
      parser.body_limit(64 * 1024);
      http::read(stream_, buffer, parser);
      return parser.release();
    } catch (const boost::system::system_error&) {
      return fail(Error::Code::device, "cloud_unreachable");
    }
  }
  /// Whether the certificate that was shown is of this authority.
  [[nodiscard]] bool shown_by(X509& ca) {
    const Cert shown(SSL_get1_peer_certificate(stream_.native_handle()));
    return shown && X509_verify(shown.get(), X509_get0_pubkey(&ca)) == 1;
  }

private:
  Address address_;
  asio::io_context loop_;
  asio::ssl::context tls_;
  beast::ssl_stream<beast::tcp_stream> stream_;
  asio::ip::tcp::resolver resolver_;
};

std::string text_at(const json::object& object, const char* name) {
  const json::value* value = object.if_contains(name);
  return value != nullptr && value->is_string() ? std::string(value->as_string()) : std::string{};
}

tl::unexpected<Error> bad_enrolment(const char* what) {
  return fail(Error::Code::storage, "bad_enrolment", what);
}

Result<json::object> read_object(const std::filesystem::path& path) {
  const auto text = store::read_file(path);
  MACHIAI_TRY(text);
  boost::system::error_code error;
  json::value parsed = json::parse(*text, error);
  if (error || !parsed.is_object()) return bad_enrolment("link.json");
  return std::move(parsed.as_object());
}

Status keep(const store::Home& home, const json::object& answer, const std::string& key) {
  std::error_code error;
  std::filesystem::create_directories(home.cloud(), error);
  if (error) return fail(Error::Code::storage, "storage_read_only", "cloud");
  std::filesystem::permissions(home.cloud(), std::filesystem::perms::owner_all, error);
  const json::value* number = answer.if_contains("station_number");
  json::object link{{"facility", text_at(answer, "facility")},
                    {"link", text_at(answer, "link")},
                    {"station", number != nullptr && number->is_int64() ? number->as_int64() : 0},
                    {"lineage", 0}};
  MACHIAI_TRY(store::write_durable_file(home.cloud() / "key.pem", key));
  MACHIAI_TRY(store::write_durable_file(home.cloud() / "certificate.pem", text_at(answer, "certificate")));
  MACHIAI_TRY(store::write_durable_file(home.cloud() / "ca.pem", text_at(answer, "ca")));
  // Last: once it is there, all are.
  return store::write_durable_file(home.cloud() / "link.json", json::serialize(link));
}

} // namespace

Result<std::optional<Enrolled>> load_enrolled(const store::Home& home) {
  if (!std::filesystem::exists(home.cloud() / "link.json")) return std::nullopt;
  const auto link = read_object(home.cloud() / "link.json");
  MACHIAI_TRY(link);
  const auto address = parse_address(text_at(*link, "link"), "wss://");
  if (!address) return bad_enrolment("link.json");
  Enrolled enrolled;
  enrolled.link = {address->host, address->port, address->target, text_at(*link, "facility"), "", "", ""};
  for (const auto& [name, into] : {std::pair{"certificate.pem", &enrolled.link.certificate},
                                   {"key.pem", &enrolled.link.key},
                                   {"ca.pem", &enrolled.link.ca}}) {
    auto text = store::read_file(home.cloud() / name);
    MACHIAI_TRY(text);
    *into = std::move(*text);
  }
  boost::system::error_code error;
  const json::value* station = link->if_contains("station");
  const json::value* lineage = link->if_contains("lineage");
  if (station != nullptr) enrolled.station = station->to_number<std::uint16_t>(error);
  if (!error && lineage != nullptr) enrolled.lineage = lineage->to_number<std::uint64_t>(error);
  if (error) return bad_enrolment("link.json");
  return enrolled;
}

Status keep_lineage(const store::Home& home, std::uint64_t lineage) {
  auto link = read_object(home.cloud() / "link.json");
  MACHIAI_TRY(link);
  (*link)["lineage"] = lineage;
  return store::write_durable_file(home.cloud() / "link.json", json::serialize(*link));
}

Result<Enrolment> enrol(const store::Home& home, const std::string& facility, const EnrolAsk& ask) {
  const auto address = parse_address(ask.cloud, "https://");
  if (!address) return fail(Error::Code::invalid, "bad_cloud_address");
  const Key key(EVP_EC_gen("P-256"));
  const std::string csr = key ? csr_of(*key, facility) : "";
  if (csr.empty()) return fail(Error::Code::internal, "bad_identity");
  Post post(*address, ask.ca);
  const auto response =
      post.run(json::serialize(json::object{{"facility", facility}, {"code", ask.code}, {"csr", csr}}));
  MACHIAI_TRY(response);
  if (response->result_int() == 403) return fail(Error::Code::forbidden, "enrol_refused");
  boost::system::error_code error;
  const json::value parsed = json::parse(response->body(), error);
  // A captive portal answers as well.
  if (response->result_int() != 200 || error || !parsed.is_object())
    return fail(Error::Code::device, "cloud_unreachable");
  const json::object& answer = parsed.as_object();
  const Cert certificate = cert_of(text_at(answer, "certificate"));
  const Cert ca = cert_of(text_at(answer, "ca"));
  if (!certificate || !ca || X509_check_private_key(certificate.get(), key.get()) != 1 ||
      X509_verify(certificate.get(), X509_get0_pubkey(ca.get())) != 1 || !post.shown_by(*ca) ||
      !parse_address(text_at(answer, "link"), "wss://"))
    return bad_enrolment("answer");
  MACHIAI_TRY(keep(home, answer, pem(*key)));
  tm until{};
  ASN1_TIME_to_tm(X509_get0_notAfter(certificate.get()), &until);
  return Enrolment{text_at(answer, "facility"), text_at(answer, "link"), fingerprint(*ca),
                   base::instant_from_ms(static_cast<std::int64_t>(timegm(&until)) * 1000)};
}

} // namespace machiai::sync
