// SPDX-License-Identifier: Apache-2.0
#include "cloud/authority.hpp"

#include "cloud/token.hpp"
#include "core/store/identity.hpp"

#include <openssl/bio.h>
#include <openssl/bn.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <charconv>

namespace machiai::cloud {

namespace {

using base::Error;
using base::fail;
using base::Instant;

constexpr std::chrono::days life{90};
constexpr std::chrono::hours backdated{1};
/// Of the subject's organisation: which facility the certificate is for.
constexpr std::string_view organisation = "machiai-facility-";

template <class T, void (*release)(T*)> struct Release {
  void operator()(T* thing) const { release(thing); }
};
using Key = std::unique_ptr<EVP_PKEY, Release<EVP_PKEY, EVP_PKEY_free>>;
using Cert = std::unique_ptr<X509, Release<X509, X509_free>>;
using Csr = std::unique_ptr<X509_REQ, Release<X509_REQ, X509_REQ_free>>;
using Bio = std::unique_ptr<BIO, Release<BIO, BIO_free_all>>;
using Number = std::unique_ptr<BIGNUM, Release<BIGNUM, BN_free>>;
using Extension = std::unique_ptr<X509_EXTENSION, Release<X509_EXTENSION, X509_EXTENSION_free>>;

Bio reader(const std::string& text) {
  return Bio(BIO_new_mem_buf(text.data(), static_cast<int>(text.size())));
}

Cert cert_of(const std::string& text) {
  return Cert(PEM_read_bio_X509(reader(text).get(), nullptr, nullptr, nullptr));
}

std::string pem_of(X509* cert) {
  const Bio bio(BIO_new(BIO_s_mem()));
  char* data = nullptr;
  if (PEM_write_bio_X509(bio.get(), cert) != 1) return {};
  const long size = BIO_get_mem_data(bio.get(), &data);
  return {data, static_cast<std::size_t>(size)};
}

std::string fingerprint_of(X509* cert) {
  std::string hash(EVP_MAX_MD_SIZE, '\0');
  unsigned size = 0;
  X509_digest(cert, EVP_sha256(), reinterpret_cast<unsigned char*>(hash.data()), &size);
  hash.resize(size);
  return hash;
}

Instant ends_at(X509* cert) {
  std::tm end{};
  ASN1_TIME_to_tm(X509_get0_notAfter(cert), &end);
  return base::instant_from_ms(std::int64_t{timegm(&end)} * 1000);
}

std::string serial_of(X509* cert) {
  const Number number(ASN1_INTEGER_to_BN(X509_get0_serialNumber(cert), nullptr));
  char* text = number ? BN_bn2hex(number.get()) : nullptr;
  std::string serial = text == nullptr ? "" : text;
  OPENSSL_free(text);
  return serial;
}

bool extend(X509* cert, X509* issuer, int nid, const char* value) {
  X509V3_CTX context;
  X509V3_set_ctx_nodb(&context);
  X509V3_set_ctx(&context, issuer, cert, nullptr, nullptr, 0);
  const Extension extension(X509V3_EXT_conf_nid(nullptr, &context, nid, value));
  return extension && X509_add_ext(cert, extension.get(), -1) == 1;
}

bool name(X509_NAME* into, const char* field, const std::string& text) {
  return X509_NAME_add_entry_by_txt(into, field, MBSTRING_UTF8,
                                    reinterpret_cast<const unsigned char*>(text.c_str()), -1, -1, 0) == 1;
}

/// P-256 alone: what our stations make.
bool is_p256(EVP_PKEY* key) {
  char group[32]{};
  std::size_t size = 0;
  return EVP_PKEY_get_group_name(key, group, sizeof group, &size) == 1 &&
         std::string_view(group, size) == "prime256v1";
}

std::string organisation_of(X509* cert) {
  char text[64]{};
  const int size =
      X509_NAME_get_text_by_NID(X509_get_subject_name(cert), NID_organizationName, text, sizeof text);
  return size > 0 ? std::string(text, static_cast<std::size_t>(size)) : std::string{};
}

int facility_of(X509* cert) {
  const std::string text = organisation_of(cert);
  int facility = 0;
  if (text.substr(0, organisation.size()) != organisation) return 0;
  const char* end = text.data() + text.size();
  const auto [rest, error] = std::from_chars(text.data() + organisation.size(), end, facility);
  return error == std::errc{} && rest == end ? facility : 0;
}

/// A wrong certificate gets as far as HTTP, where it is refused in words (Authority::shown_by).
int let_through(int, X509_STORE_CTX*) {
  return 1;
}

/// The certificate and key that connections from now on are shown.
bool show(SSL_CTX* context, const machiai::store::Identity& identity) {
  const Cert own = cert_of(identity.chain);
  const Key key(PEM_read_bio_PrivateKey(reader(identity.key).get(), nullptr, nullptr, nullptr));
  return own && key && SSL_CTX_use_certificate(context, own.get()) == 1 &&
         SSL_CTX_use_PrivateKey(context, key.get()) == 1;
}

Context make_context(const machiai::store::Identity& identity) {
  Context context(SSL_CTX_new(TLS_server_method()));
  const Cert ca = cert_of(identity.ca);
  if (!context || !ca) return nullptr;
  SSL_CTX* raw = context.get();
  constexpr std::string_view id = "machiai-cloud";
  const bool made = SSL_CTX_set_min_proto_version(raw, TLS1_3_VERSION) == 1 && show(raw, identity) &&
                    X509_STORE_add_cert(SSL_CTX_get_cert_store(raw), ca.get()) == 1 &&
                    SSL_CTX_add_client_CA(raw, ca.get()) == 1 &&
                    SSL_CTX_set_session_id_context(raw, reinterpret_cast<const unsigned char*>(id.data()),
                                                   static_cast<unsigned>(id.size())) == 1 &&
                    SSL_CTX_set_num_tickets(raw, 1) == 1;
  if (!made) return nullptr;
  SSL_CTX_set_verify(raw, SSL_VERIFY_PEER, let_through);
  SSL_CTX_set_purpose(raw, X509_PURPOSE_SSL_CLIENT);
  SSL_CTX_set_mode(raw, SSL_MODE_RELEASE_BUFFERS | SSL_MODE_ENABLE_PARTIAL_WRITE |
                            SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
  SSL_CTX_set_options(raw, SSL_OP_NO_RENEGOTIATION | SSL_OP_IGNORE_UNEXPECTED_EOF);
  return context;
}

} // namespace

base::Result<Authority> Authority::open(const std::filesystem::path& home,
                                        const std::vector<std::string>& names, Instant now) {
  const machiai::store::Home place{home};
  auto identity = machiai::store::station_identity(place, now, names, "Machiai cloud");
  MACHIAI_TRY(identity);
  auto key = machiai::store::read_file(place.tls() / "ca.key");
  MACHIAI_TRY(key);
  Authority authority;
  authority.context_ = make_context(*identity);
  if (!authority.context_) return fail(Error::Code::storage, "bad_identity", "server.pem");
  authority.ca_ = identity->ca;
  authority.ca_key_ = std::move(*key);
  authority.chain_ = identity->chain;
  return authority;
}

base::Result<bool> Authority::renew(const std::filesystem::path& home, const std::vector<std::string>& names,
                                    Instant now) {
  auto identity = machiai::store::station_identity({home}, now, names, "Machiai cloud");
  MACHIAI_TRY(identity);
  if (identity->chain == chain_) return false;
  if (!show(context_.get(), *identity)) return fail(Error::Code::storage, "bad_identity", "server.pem");
  chain_ = std::move(identity->chain);
  return true;
}

base::Result<Signed> Authority::sign(const std::string& csr, int facility, const std::string& station,
                                     Instant now) const {
  const Csr request(PEM_read_bio_X509_REQ(reader(csr).get(), nullptr, nullptr, nullptr));
  EVP_PKEY* key = request ? X509_REQ_get0_pubkey(request.get()) : nullptr;
  // Signed by the key it asks for, or it is somebody else's key.
  const bool right = key != nullptr && is_p256(key) && X509_REQ_verify(request.get(), key) == 1;
  ERR_clear_error();
  if (!right) return fail(Error::Code::invalid, "bad_csr");
  const Cert ca = cert_of(ca_);
  const Key ca_key(PEM_read_bio_PrivateKey(reader(ca_key_).get(), nullptr, nullptr, nullptr));
  const Cert cert(X509_new());
  const Number serial(BN_new());
  const Instant until = now + life;
  const auto seconds = [](Instant at) { return static_cast<time_t>(base::to_ms(at) / 1000); };
  const bool made =
      ca && ca_key && cert && serial && X509_set_version(cert.get(), X509_VERSION_3) == 1 &&
      BN_rand(serial.get(), 127, BN_RAND_TOP_ONE, BN_RAND_BOTTOM_ANY) == 1 &&
      BN_to_ASN1_INTEGER(serial.get(), X509_get_serialNumber(cert.get())) != nullptr &&
      ASN1_TIME_set(X509_getm_notBefore(cert.get()), seconds(now - backdated)) != nullptr &&
      ASN1_TIME_set(X509_getm_notAfter(cert.get()), seconds(until)) != nullptr &&
      X509_set_pubkey(cert.get(), key) == 1 &&
      name(X509_get_subject_name(cert.get()), "O", std::string(organisation) + std::to_string(facility)) &&
      name(X509_get_subject_name(cert.get()), "CN", station) &&
      X509_set_issuer_name(cert.get(), X509_get_subject_name(ca.get())) == 1 &&
      extend(cert.get(), ca.get(), NID_basic_constraints, "critical,CA:FALSE") &&
      extend(cert.get(), ca.get(), NID_key_usage, "critical,digitalSignature") &&
      extend(cert.get(), ca.get(), NID_ext_key_usage, "clientAuth") &&
      extend(cert.get(), ca.get(), NID_authority_key_identifier, "keyid:always") &&
      X509_sign(cert.get(), ca_key.get(), EVP_sha256()) > 0;
  if (!made) return fail(Error::Code::internal, "bad_identity", "ca.key");
  return Signed{pem_of(cert.get()), serial_of(cert.get()), fingerprint_of(cert.get()), until};
}

base::Result<Shown> Authority::shown_by(SSL* ssl, Instant now) const {
  const Cert cert(ssl == nullptr ? nullptr : SSL_get1_peer_certificate(ssl));
  if (!cert) return fail(Error::Code::forbidden, "certificate_missing");
  const long verdict = SSL_get_verify_result(ssl);
  const auto at = static_cast<time_t>(base::to_ms(now) / 1000);
  const Cert ca = cert_of(ca_);
  // Ours first: of another authority nothing more is said. The signature is checked here as well, so that no
  // verdict of a longer chain can stand for it.
  const bool ours = ca && X509_check_issued(ca.get(), cert.get()) == X509_V_OK &&
                    X509_verify(cert.get(), X509_get0_pubkey(ca.get())) == 1 &&
                    X509_check_purpose(cert.get(), X509_PURPOSE_SSL_CLIENT, 0) == 1 &&
                    facility_of(cert.get()) > 0;
  ERR_clear_error();
  if (!ours) return fail(Error::Code::forbidden, "certificate_unknown");
  if (ASN1_TIME_cmp_time_t(X509_get0_notAfter(cert.get()), at) <= 0)
    return fail(Error::Code::forbidden, "certificate_expired");
  if (ASN1_TIME_cmp_time_t(X509_get0_notBefore(cert.get()), at) > 0)
    return fail(Error::Code::forbidden, "certificate_early");
  if (verdict != X509_V_OK) return fail(Error::Code::forbidden, "certificate_unknown");
  return Shown{facility_of(cert.get()), serial_of(cert.get()), fingerprint_of(cert.get()),
               ends_at(cert.get())};
}

} // namespace machiai::cloud
