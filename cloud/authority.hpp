// SPDX-License-Identifier: Apache-2.0
// The cloud as its own certificate authority: its server's TLS, certificates for stations, and who a caller's
// certificate makes it.
#pragma once

#include "core/base/clock.hpp"
#include "core/base/result.hpp"

#include <openssl/ssl.h>

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

namespace machiai::cloud {

struct FreeContext {
  void operator()(SSL_CTX* context) const { SSL_CTX_free(context); }
};
using Context = std::unique_ptr<SSL_CTX, FreeContext>;

/// A certificate for a station's key.
struct Signed {
  std::string pem;
  std::string serial;      ///< hexadecimal
  std::string fingerprint; ///< SHA-256 of the DER
  base::Instant not_after{};
};

/// What a client certificate says of itself; whether it still counts is asked of the database.
struct Shown {
  int facility = 0;
  std::string serial;
  std::string fingerprint;
  base::Instant not_after{};
};

class Authority {
public:
  /// Makes CA and server certificate below HOME/tls where they are missing. Storage "bad_identity".
  [[nodiscard]] static base::Result<Authority> open(const std::filesystem::path& home,
                                                    const std::vector<std::string>& names, base::Instant now);
  /// Makes the server certificate anew when it is past two thirds of its life; connections to come are shown
  /// it. True: another one than before, also when another node of this HOME made it.
  [[nodiscard]] base::Result<bool> renew(const std::filesystem::path& home,
                                         const std::vector<std::string>& names, base::Instant now);

  /// TLS 1.3; a client certificate is asked for and not demanded.
  [[nodiscard]] const Context& context() const { return context_; }
  [[nodiscard]] const std::string& ca() const { return ca_; }
  /// Signs the key of the request for a facility; what else stands in it is not looked at. Invalid "bad_csr".
  [[nodiscard]] base::Result<Signed> sign(const std::string& csr, int facility, const std::string& station,
                                          base::Instant now) const;
  /// The caller's certificate, if it is one of ours, for this use, and of this time. Forbidden
  /// "certificate_missing", "certificate_unknown", "certificate_expired", "certificate_early".
  [[nodiscard]] base::Result<Shown> shown_by(SSL* ssl, base::Instant now) const;

private:
  std::string ca_;
  std::string ca_key_;
  std::string chain_; ///< what is shown
  Context context_;
};

} // namespace machiai::cloud
