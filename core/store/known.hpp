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

} // namespace machiai::store
