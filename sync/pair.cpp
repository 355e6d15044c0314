// SPDX-License-Identifier: Apache-2.0
#include "sync/pair.hpp"

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include <algorithm>
#include <filesystem>
#include <memory>

namespace machiai::sync {

using base::Error;
using base::fail;
using base::Result;
using base::Status;

namespace {

constexpr std::string_view certificate_begins = "-----BEGIN CERTIFICATE-----";

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

Bio reader(const std::string& text) {
  return Bio(BIO_new_mem_buf(text.data(), static_cast<int>(text.size())));
}

Cert cert_of(const std::string& text) {
  Cert cert(PEM_read_bio_X509(reader(text).get(), nullptr, nullptr, nullptr));
  ERR_clear_error();
  return cert;
}

Key key_of(const std::string& text) {
  Key key(PEM_read_bio_PrivateKey(reader(text).get(), nullptr, nullptr, nullptr));
  ERR_clear_error();
  return key;
}

base::Instant instant_of(const ASN1_TIME* time) {
  tm civil{};
  ASN1_TIME_to_tm(time, &civil);
  return base::instant_from_ms(static_cast<std::int64_t>(timegm(&civil)) * 1000);
}

std::filesystem::path present(const store::Home& home) {
  return home.cloud() / "pair.pem";
}
std::filesystem::path next(const store::Home& home) {
  return home.cloud() / "next.pem";
}

std::string joined(const Pair& pair) {
  return pair.key + pair.certificate;
}

Result<Pair> read_pair(const std::filesystem::path& path) {
  const auto text = store::read_file(path);
  MACHIAI_TRY(text);
  const auto at = text->find(certificate_begins);
  if (at == std::string::npos) return fail(Error::Code::storage, "bad_enrolment", path.filename().string());
  return Pair{text->substr(0, at), text->substr(at)};
}

Status write_present(const store::Home& home, const Pair& pair) {
  MACHIAI_TRY(store::write_durable_file(present(home), joined(pair)));
  std::error_code error;
  for (const char* old : {"key.pem", "certificate.pem"}) std::filesystem::remove(home.cloud() / old, error);
  return {};
}

bool is_next(const store::Home& home, const Pair& pair) {
  const auto text = store::read_file(next(home));
  return text && *text == joined(pair);
}

} // namespace

Result<Wish> make_wish(const std::string& name) {
  const Key key(EVP_EC_gen("P-256"));
  const Csr csr(X509_REQ_new());
  const auto* text = reinterpret_cast<const unsigned char*>(name.c_str());
  const bool made = key && csr && X509_REQ_set_version(csr.get(), 0) == 1 &&
                    X509_NAME_add_entry_by_txt(X509_REQ_get_subject_name(csr.get()), "CN", MBSTRING_UTF8,
                                               text, -1, -1, 0) == 1 &&
                    X509_REQ_set_pubkey(csr.get(), key.get()) == 1 &&
                    X509_REQ_sign(csr.get(), key.get(), EVP_sha256()) > 0;
  const Bio secret(BIO_new(BIO_s_mem()));
  const Bio asked(BIO_new(BIO_s_mem()));
  if (!made ||
      PEM_write_bio_PKCS8PrivateKey(secret.get(), key.get(), nullptr, nullptr, 0, nullptr, nullptr) != 1 ||
      PEM_write_bio_X509_REQ(asked.get(), csr.get()) != 1)
    return fail(Error::Code::internal, "bad_identity");
  return Wish{text_of(secret.get()), text_of(asked.get())};
}

Result<Life> check_pair(const Pair& pair, const std::string& ca) {
  const Cert certificate = cert_of(pair.certificate);
  const Key key = key_of(pair.key);
  const bool fits = certificate && key && X509_check_private_key(certificate.get(), key.get()) == 1 &&
                    is_of(pair.certificate, ca);
  ERR_clear_error();
  if (!fits) return fail(Error::Code::storage, "bad_enrolment", "certificate");
  return Life{instant_of(X509_get0_notBefore(certificate.get())),
              instant_of(X509_get0_notAfter(certificate.get()))};
}

bool same_subject(const std::string& certificate, const std::string& other) {
  const Cert one = cert_of(certificate);
  const Cert two = cert_of(other);
  return one && two && X509_NAME_cmp(X509_get_subject_name(one.get()), X509_get_subject_name(two.get())) == 0;
}

bool is_of(const std::string& certificate, const std::string& ca) {
  const Cert cert = cert_of(certificate);
  const Cert issuer = cert_of(ca);
  const bool is = cert && issuer && X509_verify(cert.get(), X509_get0_pubkey(issuer.get())) == 1;
  ERR_clear_error();
  return is;
}

std::string fingerprint_of(const std::string& certificate) {
  const Cert cert = cert_of(certificate);
  unsigned char digest[32];
  unsigned size = sizeof digest;
  if (!cert || X509_digest(cert.get(), EVP_sha256(), digest, &size) != 1) return {};
  std::string text;
  for (unsigned i = 0; i < size; ++i) {
    constexpr char digits[] = "0123456789ABCDEF";
    text += digits[digest[i] >> 4];
    text += digits[digest[i] & 15];
    if (i % 2 == 1 && i + 1 < size) text += ' ';
  }
  return text;
}

Result<Pair> load_pair(const store::Home& home) {
  std::error_code error;
  if (std::filesystem::exists(present(home), error)) return read_pair(present(home));
  // As stations kept it that enrolled before there was a renewal.
  auto key = store::read_file(home.cloud() / "key.pem");
  MACHIAI_TRY(key);
  auto certificate = store::read_file(home.cloud() / "certificate.pem");
  MACHIAI_TRY(certificate);
  return Pair{std::move(*key), std::move(*certificate)};
}

Status keep_pair(const store::Home& home, const Pair& pair) {
  std::error_code error;
  std::filesystem::remove(next(home), error);
  return write_present(home, pair);
}

std::optional<Pair> load_next(const store::Home& home, const std::string& ca) {
  auto pair = read_pair(next(home));
  if (!pair || !check_pair(*pair, ca)) return std::nullopt;
  return std::move(*pair);
}

Status keep_next(const store::Home& home, const Pair& pair) {
  return store::write_durable_file(next(home), joined(pair));
}

Status promote_next(const store::Home& home, const Pair& pair) {
  if (!is_next(home, pair)) return {};
  MACHIAI_TRY(write_present(home, pair));
  // Last: killed in between, both are there and the same.
  drop_next(home, pair);
  return {};
}

void drop_next(const store::Home& home, const Pair& pair) {
  std::error_code error;
  if (is_next(home, pair)) std::filesystem::remove(next(home), error);
}

} // namespace machiai::sync
