// SPDX-License-Identifier: Apache-2.0
#include "core/programme/entry.hpp"

namespace machiai::programme {

using base::Error;
using base::fail;

base::Status may_enter(const Programme& programme, const std::vector<Known>& known, base::Instant now) {
  if (programme.to < base::civil_date(now))
    return fail(Error::Code::conflict, "expired", base::iso_date(programme.to));
  for (const Known& other : known)
    if (other.id == programme.id && other.version >= programme.version)
      return fail(Error::Code::conflict, "replayed", std::to_string(other.version));
  for (const Known& other : known)
    if (other.id != programme.id && other.from <= programme.to && programme.from <= other.to)
      return fail(Error::Code::conflict, "period_overlaps", other.id);
  return {};
}

} // namespace machiai::programme
