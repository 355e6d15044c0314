// SPDX-License-Identifier: Apache-2.0
#include "core/store/identity.hpp"

#include <fmt/format.h>
#include <openssl/bio.h>
#include <openssl/bn.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <memory>

namespace machiai::store {

namespace {

using base::Error;
using base::fail;
using base::Instant;
using base::Result;
using std::chrono::days;

constexpr days ca_life{3653};
constexpr days server_life{397}; // the longest that browsers accept
constexpr days server_renewed_after{265};
/// Tablets whose clock is a little behind take the certificate too.
constexpr days backdated{1};
/// A station whose clock lost its battery would make a CA from 1970 (2026-01-01T00:00:00Z).
constexpr Instant earliest = base::instant_from_ms(1767225600000);

template <class T, void (*release)(T*)> struct Release {
  void operator()(T* thing) const { release(thing); }
};
using Key = std::unique_ptr<EVP_PKEY, Release<EVP_PKEY, EVP_PKEY_free>>;
using Cert = std::unique_ptr<X509, Release<X509, X509_free>>;
using Bio = std::unique_ptr<BIO, Release<BIO, BIO_free_all>>;
using Number = std::unique_ptr<BIGNUM, Release<BIGNUM, BN_free>>;
using Extension = std::unique_ptr<X509_EXTENSION, Release<X509_EXTENSION, X509_EXTENSION_free>>;

tl::unexpected<Error> bad_identity(std::string file) {
  return fail(Error::Code::storage, "bad_identity", std::move(file));
}

std::string pem_of(BIO* bio) {
  char* data = nullptr;
  const long size = BIO_get_mem_data(bio, &data);
  return {data, static_cast<std::size_t>(std::max(size, 0L))};
}

std::string pem(X509& cert) {
  const Bio bio(BIO_new(BIO_s_mem()));
  return PEM_write_bio_X509(bio.get(), &cert) == 1 ? pem_of(bio.get()) : "";
}

std::string pem(EVP_PKEY& key) {
  const Bio bio(BIO_new(BIO_s_mem()));
  const int done = PEM_write_bio_PKCS8PrivateKey(bio.get(), &key, nullptr, nullptr, 0, nullptr, nullptr);
  return done == 1 ? pem_of(bio.get()) : "";
}

Cert cert_of(const std::string& text) {
  const Bio bio(BIO_new_mem_buf(text.data(), static_cast<int>(text.size())));
  return Cert(PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr));
}

Key key_of(const std::string& text) {
  const Bio bio(BIO_new_mem_buf(text.data(), static_cast<int>(text.size())));
  return Key(PEM_read_bio_PrivateKey(bio.get(), nullptr, nullptr, nullptr));
}

time_t seconds(Instant at) {
  return static_cast<time_t>(base::to_ms(at) / 1000);
}

bool extend(X509& cert, X509& issuer, int nid, const std::string& value) {
  X509V3_CTX context;
  X509V3_set_ctx_nodb(&context);
  X509V3_set_ctx(&context, &issuer, &cert, nullptr, nullptr, 0);
  const Extension extension(X509V3_EXT_conf_nid(nullptr, &context, nid, value.c_str()));
  return extension && X509_add_ext(&cert, extension.get(), -1) == 1;
}

/// A certificate without extensions and signature: version, random serial, life, subject and key.
Cert blank(EVP_PKEY& key, Instant now, days life, const std::string& common_name) {
  Cert cert(X509_new());
  const Number serial(BN_new());
  const Instant from = std::max(now, earliest) - backdated;
  bool made = cert && serial && X509_set_version(cert.get(), X509_VERSION_3) == 1 &&
              BN_rand(serial.get(), 127, BN_RAND_TOP_ONE, BN_RAND_BOTTOM_ANY) == 1 &&
              BN_to_ASN1_INTEGER(serial.get(), X509_get_serialNumber(cert.get())) != nullptr &&
              ASN1_TIME_set(X509_getm_notBefore(cert.get()), seconds(from)) != nullptr &&
              ASN1_TIME_set(X509_getm_notAfter(cert.get()), seconds(from + life)) != nullptr &&
              X509_set_pubkey(cert.get(), &key) == 1;
  const auto* name = reinterpret_cast<const unsigned char*>(common_name.c_str());
  made = made && X509_NAME_add_entry_by_txt(X509_get_subject_name(cert.get()), "CN", MBSTRING_UTF8, name, -1,
                                            -1, 0) == 1;
  return made ? std::move(cert) : nullptr;
}

Cert make_ca(EVP_PKEY& key, Instant now, const std::string& owner) {
  Cert cert = blank(key, now, ca_life, owner + " CA");
  const bool made = cert && X509_set_issuer_name(cert.get(), X509_get_subject_name(cert.get())) == 1 &&
                    extend(*cert, *cert, NID_basic_constraints, "critical,CA:TRUE,pathlen:0") &&
                    extend(*cert, *cert, NID_key_usage, "critical,keyCertSign,cRLSign") &&
                    extend(*cert, *cert, NID_subject_key_identifier, "hash") &&
                    X509_sign(cert.get(), &key, EVP_sha256()) > 0;
  return made ? std::move(cert) : nullptr;
}

bool is_address(const std::string& name) {
  const std::unique_ptr<ASN1_OCTET_STRING, Release<ASN1_OCTET_STRING, ASN1_OCTET_STRING_free>> address(
      a2i_IPADDRESS(name.c_str()));
  return address != nullptr;
}

std::string alternative_names(const std::vector<std::string>& names) {
  std::string text;
  for (const std::string& name : names)
    text += (text.empty() ? "" : ",") + std::string(is_address(name) ? "IP:" : "DNS:") + name;
  return text;
}

Cert make_server(EVP_PKEY& key, X509& ca, EVP_PKEY& ca_key, Instant now,
                 const std::vector<std::string>& names, const std::string& owner) {
  Cert cert = blank(key, now, server_life, owner);
  const bool made = cert && X509_set_issuer_name(cert.get(), X509_get_subject_name(&ca)) == 1 &&
                    extend(*cert, ca, NID_basic_constraints, "critical,CA:FALSE") &&
                    extend(*cert, ca, NID_key_usage, "critical,digitalSignature") &&
                    extend(*cert, ca, NID_ext_key_usage, "serverAuth") &&
                    extend(*cert, ca, NID_subject_alt_name, alternative_names(names)) &&
                    extend(*cert, ca, NID_subject_key_identifier, "hash") &&
                    extend(*cert, ca, NID_authority_key_identifier, "keyid:always") &&
                    X509_sign(cert.get(), &ca_key, EVP_sha256()) > 0;
  return made ? std::move(cert) : nullptr;
}

bool covers(X509& cert, const std::string& name) {
  return is_address(name) ? X509_check_ip_asc(&cert, name.c_str(), 0) == 1
                          : X509_check_host(&cert, name.data(), name.size(), 0, nullptr) == 1;
}

/// Still right for these names, not past two thirds of its life, and of this CA.
bool serves(X509& cert, EVP_PKEY& key, EVP_PKEY& ca_key, Instant now, const std::vector<std::string>& names) {
  const auto compared = [&](const ASN1_TIME* time, Instant at) {
    return ASN1_TIME_cmp_time_t(time, seconds(at)); // < 0: `time` is before `at`
  };
  return X509_verify(&cert, &ca_key) == 1 && X509_check_private_key(&cert, &key) == 1 &&
         compared(X509_get0_notBefore(&cert), now) <= 0 &&
         compared(X509_get0_notAfter(&cert), now + (server_life - server_renewed_after)) > 0 &&
         std::all_of(names.begin(), names.end(), [&](const std::string& name) { return covers(cert, name); });
}

struct Pair {
  Cert cert;
  Key key;
};

Result<Pair> authority(const Home& home, Instant now, const std::string& owner) {
  const auto cert_text = read_file(home.tls() / "ca.pem");
  const auto key_text = read_file(home.tls() / "ca.key");
  if (cert_text || key_text) {
    Pair pair{cert_of(cert_text.value_or("")), key_of(key_text.value_or(""))};
    // A key without its certificate is left by a crash on the very first start; nobody trusts it yet.
    if (!cert_text && pair.key)
      pair.cert = nullptr;
    else if (!pair.cert || !pair.key || X509_check_private_key(pair.cert.get(), pair.key.get()) != 1)
      return bad_identity("ca.pem");
    if (pair.cert) return pair;
  }
  Pair made{nullptr, Key(EVP_EC_gen("P-256"))};
  if (made.key) made.cert = make_ca(*made.key, now, owner);
  if (!made.cert) return bad_identity("ca.pem");
  // The certificate last: once it is there, both are.
  MACHIAI_TRY(write_file(home.tls() / "ca.key", pem(*made.key), true));
  MACHIAI_TRY(write_file(home.tls() / "ca.pem", pem(*made.cert), false));
  return made;
}

} // namespace

Result<Identity> station_identity(const Home& home, Instant now, const std::vector<std::string>& names,
                                  const std::string& owner) {
  std::error_code error;
  std::filesystem::create_directories(home.tls(), error);
  if (error) return fail(Error::Code::storage, "storage_read_only", "tls");
  std::filesystem::permissions(home.tls(), std::filesystem::perms::owner_all, error);
  const auto ca = authority(home, now, owner);
  MACHIAI_TRY(ca);
  Pair server{cert_of(read_file(home.tls() / "server.pem").value_or("")),
              key_of(read_file(home.tls() / "server.key").value_or(""))};
  if (!server.cert || !server.key || !serves(*server.cert, *server.key, *ca->key, now, names)) {
    server.key = Key(EVP_EC_gen("P-256"));
    server.cert = server.key ? make_server(*server.key, *ca->cert, *ca->key, now, names, owner) : nullptr;
    if (!server.cert) return bad_identity("server.pem");
    MACHIAI_TRY(write_file(home.tls() / "server.key", pem(*server.key), true));
    MACHIAI_TRY(write_file(home.tls() / "server.pem", pem(*server.cert), false));
  }
  return Identity{pem(*ca->cert), pem(*server.cert) + pem(*ca->cert), pem(*server.key)};
}

Result<std::string> identity_check(const std::string& ca) {
  const Cert cert = cert_of(ca);
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned int size = 0;
  if (!cert || X509_digest(cert.get(), EVP_sha256(), digest.data(), &size) != 1)
    return bad_identity("ca.pem");
  std::string check;
  for (std::size_t at = 0; at < 10; ++at)
    check += fmt::format("{}{:02X}", at > 0 && at % 2 == 0 ? " " : "", digest[at]);
  return check;
}

} // namespace machiai::store
