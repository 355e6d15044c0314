// SPDX-License-Identifier: Apache-2.0
// Every counter and room that the station has had, with the letters before its numbers: what the ledger names
// is known also when clinic.toml no longer has it.
#pragma once

#include "core/store/station.hpp"

namespace machiai::store {

/// Their ids, names, letters and kinds; the rest of the clinic is empty. Storage "bad_known" when the file is
/// damaged.
[[nodiscard]] base::Result<queue::Clinic> load_known(const Home& home);
/// Writes what `clinic` has, retired ones too, when it is not there already.
[[nodiscard]] base::Status save_known(const Home& home, const queue::Clinic& clinic);
/// The station has been at work, so there was a ledger, and its file is missing or empty: beginning anew
/// would give the day's numbers a second time (N1).
[[nodiscard]] bool ledger_is_lost(const Home& home);

} // namespace machiai::store
