// SPDX-License-Identifier: Apache-2.0
// National holidays of Japan by the Act on National Holidays (Act No. 178 of 1948) as it stands since 2020.
#pragma once

#include "core/base/clock.hpp"

namespace machiai::programme {

/// Right from 2022 to 2099: the equinoxes follow the usual approximation, which the official almanac has so
/// far always confirmed; a holiday moved by a special law is an exception in the programme.
[[nodiscard]] bool is_holiday(base::Date date);

} // namespace machiai::programme
