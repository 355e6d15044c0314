// SPDX-License-Identifier: Apache-2.0
// The slip of looks/slip.png and what the tests of this room share.
#pragma once

#include "core/base/clock.hpp"
#include "printer/rules.hpp"
#include "printer/slip.hpp"

namespace machiai::printer::test {

inline base::Instant at(const char* date, int minute) {
  return base::at_minute(*base::parse_iso_date(date), minute);
}

inline Slip sample_slip() {
  Slip slip;
  slip.facility = "みなとこどもクリニック";
  slip.date = *base::parse_iso_date("2026-11-24");
  slip.session = "morning";
  slip.issued = at("2026-11-24", 10 * 60 + 32);
  slip.service = "診察";
  slip.number = "36";
  slip.ahead = 11;
  slip.wait = queue::WaitRange{30, 45};
  slip.absence = {3, 2};
  slip.phone = "00-0000-0000";
  return slip;
}

inline Slip reprinted_slip() {
  Slip slip = sample_slip();
  slip.reprint = true;
  slip.reprinted = at("2026-11-24", 10 * 60 + 41);
  return slip;
}

} // namespace machiai::printer::test
