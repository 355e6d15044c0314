// SPDX-License-Identifier: Apache-2.0
// The JSON and CSV of what was shown.
#pragma once

#include "core/programme/aired.hpp"

#include <boost/json.hpp>

#include <optional>
#include <string>
#include <vector>

namespace machiai::wire {

/// As a screen tells it to the station; instants in ms since 1970.
[[nodiscard]] boost::json::object aired_to_json(const programme::Aired& aired);
/// None when a member is missing or of another kind. It still has to pass programme::check_aired.
[[nodiscard]] std::optional<programme::Aired> aired_from_json(const boost::json::value& value);

/// {"airings":[...],"totals":[...]} for people: times in ISO 8601, the outcome and the share shown of the
/// turn.
[[nodiscard]] boost::json::object airings_to_json(const std::vector<programme::Aired>& records,
                                                  programme::By by);
/// One line a record, RFC 4180, with a head line.
[[nodiscard]] std::string airings_csv(const std::vector<programme::Aired>& records);

} // namespace machiai::wire
