// SPDX-License-Identifier: Apache-2.0
// Programmes on this station: who may sign them (Ed25519, RFC 8032), the documents that were taken in, and
// what the clinic decided about each. Everything is checked again whenever it is read.
#pragma once

#include "core/programme/plan.hpp"
#include "core/queue/day.hpp"
#include "core/store/station.hpp"

#include <boost/json.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace machiai::store {

/// Makes a provider's key pair in HOME/keys and trusts it on this station. Returns the key's id: the first 16
/// hex digits of the SHA-256 of the public key. Error conflict "key_exists".
[[nodiscard]] base::Result<std::string> make_provider_key(const Home& home);
/// Trusts a public key (base64, as HOME/keys/provider.pub has it). Returns its id; error invalid
/// "bad_public_key".
[[nodiscard]] base::Result<std::string> trust_provider(const Home& home, std::string_view public_key);

/// The document with a fresh signature by HOME/keys/provider.key, still to be read by people. Errors:
/// not_found "no_key", invalid "bad_programme".
[[nodiscard]] base::Result<std::string> signed_programme(const Home& home, std::string_view text);

/// What became of a document's check; `faults` also for a draft that nobody signed.
struct Checked {
  programme::Programme programme;
  std::vector<programme::Fault> faults;
};
/// Reads, verifies and checks a document for this facility. Errors: invalid "bad_programme" (not JSON, or
/// with the place), forbidden "not_signed", "untrusted_key", "bad_signature", "foreign".
[[nodiscard]] base::Result<Checked> check_programme(const Home& home, std::string_view facility,
                                                    std::string_view text);

/// The same for a draft, whose signature is not asked for.
[[nodiscard]] base::Result<Checked> check_draft(std::string_view facility, std::string_view text);

/// Every mistake of a document's form, in which it cannot be read as a programme. Error invalid
/// "bad_programme": not JSON.
[[nodiscard]] base::Result<std::vector<programme::Fault>> check_form(std::string_view text);

/// Takes a document in. Beside check_programme: invalid "bad_programme" when it has faults; conflict
/// "expired" (its period is over), "replayed" (this or a newer version is here), "period_overlaps" (another
/// programme's).
[[nodiscard]] base::Result<programme::Programme> take_programme(const Home& home, std::string_view facility,
                                                                std::string_view text, base::Instant now);

/// All that were taken in, with the clinic's decisions. A document that no longer verifies is left out and
/// told in `refused` (file name and reason); so is the record of the decisions ("bad_reviews"), without which
/// all stand unapproved.
struct Shelf {
  std::vector<programme::Loaded> loaded;
  std::vector<std::pair<std::string, std::string>> refused;
};
[[nodiscard]] base::Result<Shelf> load_programmes(const Home& home, std::string_view facility);

/// Changes whenever a document, a key or a decision may have: names, sizes and times of the files.
[[nodiscard]] std::string programmes_stamp(const Home& home);

/// `programme`: its id; empty: the next one that is not approved and whose deadline is ahead. The newest such
/// version of it is meant; where there is none, the newest of all is refused with what it is.
/// Errors of programme::approve and programme::swap, not_found "unknown_programme", conflict "clock_unsure":
/// the clock stands behind what is recorded, so that nobody knows whether the deadline has passed.
[[nodiscard]] base::Result<programme::Review> approve_programme(const Home& home, std::string_view facility,
                                                                const std::string& programme, std::string by,
                                                                base::Instant now);
[[nodiscard]] base::Result<programme::Review> swap_item(const Home& home, std::string_view facility,
                                                        const std::string& programme, programme::Swap swap,
                                                        base::Instant now);

/// When any counter is open on the date by the settings.
[[nodiscard]] std::vector<programme::Hours> open_hours(const queue::Clinic& clinic, base::Date date);
/// The same; of the day's own date as the desk has changed them.
[[nodiscard]] std::vector<programme::Hours> open_hours(const queue::Clinic& clinic, const queue::Day& day,
                                                       base::Date date);

} // namespace machiai::store
