// SPDX-License-Identifier: Apache-2.0
// The JSON of programmes, of the clinic's decision about them and of what plays. docs/programme.schema.json
// tells a stranger what may stand in a programme.
#pragma once

#include "core/programme/plan.hpp"

#include <boost/json.hpp>

#include <string>
#include <utility>
#include <vector>

namespace machiai::wire {

/// Bytes of a document at most.
inline constexpr std::size_t largest_programme = 1 << 20;

/// A document without regard to its signature. Error invalid "bad_programme" with the place of the first
/// mistake in `detail`; a member that is not known is a mistake too. It still has to pass programme::check.
[[nodiscard]] base::Result<programme::Programme> programme_from_json(const boost::json::object& document);

/// Every mistake of that kind, the first thousand of them; of a place that is wrong nothing within it.
/// Reasons: "unknown_member", "missing", "bad_value".
[[nodiscard]] std::vector<programme::Fault> form_faults(const boost::json::object& document);

/// The bytes that are signed: RFC 8785 (JSON Canonicalization Scheme) of the document without its
/// "signature". Numbers are whole, 3 or 3.0; error invalid "bad_programme" for others.
[[nodiscard]] base::Result<std::string> canonical(const boost::json::object& document);

/// The document with line breaks and two spaces a level, for people.
[[nodiscard]] std::string readable(const boost::json::object& document);

[[nodiscard]] boost::json::object airing_to_json(const programme::Airing& airing);
[[nodiscard]] boost::json::object review_to_json(const programme::Review& review);
/// None when it is not one.
[[nodiscard]] std::optional<programme::Review> review_from_json(const boost::json::value& value);
/// {"item","reasons","next"}
[[nodiscard]] boost::json::object explanation_to_json(const std::string& item,
                                                      const programme::Explanation& told);
/// Each: {"programme","version","from","to","deadline","items","slots","state","review"}
[[nodiscard]] boost::json::array shelf_to_json(const std::vector<programme::Loaded>& loaded,
                                               base::Instant now);
/// Documents that were left out: each {"file","reason"}
[[nodiscard]] boost::json::array
refused_to_json(const std::vector<std::pair<std::string, std::string>>& refused);
[[nodiscard]] boost::json::object summary_to_json(const programme::Programme& programme);
/// The item's title: {"ja","en"}; empty for a scene of our own.
[[nodiscard]] boost::json::object title_of(const std::vector<programme::Loaded>& loaded,
                                           const programme::Airing& airing);
[[nodiscard]] boost::json::array faults_to_json(const std::vector<programme::Fault>& faults);

} // namespace machiai::wire
