// SPDX-License-Identifier: Apache-2.0
// The station's own certificate authority and its server certificate, for the seats of the clinic's network.
// A tablet trusts the CA once; the server certificate is renewed under it without anybody noticing.
#pragma once

#include "core/base/clock.hpp"
#include "core/base/result.hpp"
#include "core/store/station.hpp"

#include <string>
#include <vector>

namespace machiai::store {

/// PEM texts.
struct Identity {
  std::string ca;    ///< the certificate to install on a tablet
  std::string chain; ///< server certificate, then the CA
  std::string key;   ///< of the server certificate
};

/// Reads HOME/tls and makes what is missing: the CA once, the server certificate when it is missing, past two
/// thirds of its 397 days, not yet valid, or does not cover one of `names` (host names and addresses).
/// `owner` is what both call themselves. A CA that is there but cannot be read is an error (storage
/// "bad_identity"), never replaced: the tablets trust it.
[[nodiscard]] base::Result<Identity> station_identity(const Home& home, base::Instant now,
                                                      const std::vector<std::string>& names,
                                                      const std::string& owner = "Machiai station");

/// What people compare on two screens to know this CA again: the first 80 bits of the SHA-256 of its DER,
/// "7F3A 91C2 0B5E D418 66A0". Error storage "bad_identity".
[[nodiscard]] base::Result<std::string> identity_check(const std::string& ca);

} // namespace machiai::store
