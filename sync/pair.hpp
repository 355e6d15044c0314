// SPDX-License-Identifier: Apache-2.0
// A station's key with its certificate, and how they lie in HOME/cloud: each pair is one file, so that both
// are there or neither. pair.pem is the present one; next.pem is a renewed one that has not carried a link
// yet.
#pragma once

#include "core/base/result.hpp"
#include "core/store/station.hpp"
#include "sync/renewal.hpp"

#include <optional>
#include <string>

namespace machiai::sync {

struct Pair {
  std::string key; ///< PEM, as is the certificate
  std::string certificate;
  bool operator==(const Pair&) const = default;
};
/// A new key (P-256), and the request that asks for its certificate.
struct Wish {
  std::string key;
  std::string csr;
};
/// Error internal "bad_identity".
[[nodiscard]] base::Result<Wish> make_wish(const std::string& name);
/// The life of a certificate that is this key's and this authority's. Error storage "bad_enrolment".
[[nodiscard]] base::Result<Life> check_pair(const Pair& pair, const std::string& ca);
/// Whether both name the same facility and station.
[[nodiscard]] bool same_subject(const std::string& certificate, const std::string& other);
/// Whether the certificate is signed by this authority.
[[nodiscard]] bool is_of(const std::string& certificate, const std::string& ca);
/// SHA-256 in groups of four digits, for a person to compare.
[[nodiscard]] std::string fingerprint_of(const std::string& certificate);

/// The present pair. Error storage "bad_enrolment", not_found "missing_file".
[[nodiscard]] base::Result<Pair> load_pair(const store::Home& home);
/// On the disk when it returns; a renewed one that waits is dropped first.
[[nodiscard]] base::Status keep_pair(const store::Home& home, const Pair& pair);

/// The renewed pair that waits; none also when its file is not whole or not of this authority.
[[nodiscard]] std::optional<Pair> load_next(const store::Home& home, const std::string& ca);
[[nodiscard]] base::Status keep_next(const store::Home& home, const Pair& pair);
/// Makes it the present one. Nothing is done when another has taken its place meanwhile.
[[nodiscard]] base::Status promote_next(const store::Home& home, const Pair& pair);
/// It is of no use. Nothing is done when another has taken its place meanwhile.
void drop_next(const store::Home& home, const Pair& pair);

} // namespace machiai::sync
