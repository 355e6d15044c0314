// SPDX-License-Identifier: Apache-2.0
// The JSON of the public routes (docs/openapi.yaml): functions of the facility, its day and the moment.
#pragma once

#include "cloud/profile.hpp"
#include "cloud/store/days.hpp"

#include <boost/json.hpp>

#include <optional>
#include <string>
#include <string_view>

namespace machiai::cloud {

/// What a view is made of.
struct Scene {
  const Profile& facility;
  const service::Provider& provider;
  const store::Day& day;
  base::Instant now;
  std::string_view lang;
  bool mail = false; ///< whether this cloud sends notices by e-mail
};

/// The service's counter on the scene's day; one with nothing in it when there is none.
[[nodiscard]] const store::CounterState& counter_of(const Scene& scene, const std::string& service);
/// The rules with what the clinic has set for the day, and what they come to at this moment.
[[nodiscard]] booking::Rules rules_now(const Scene& scene, const ServiceProfile& service);
[[nodiscard]] booking::Acceptance accepts(const Scene& scene, const ServiceProfile& service);
/// Of a day: "9:05".
[[nodiscard]] std::string minute_text(int minute);

[[nodiscard]] boost::json::object facility_view(const Scene& scene);
[[nodiscard]] boost::json::object status_view(const Scene& scene);
/// None: there is no such ticket on this day.
[[nodiscard]] std::optional<boost::json::object> ticket_view(const Scene& scene, const Token& token);

/// Where a number stands, named as on its slip ("naika-20261126-12"): what the board shows of it. None: no
/// number of this facility and day is named so.
[[nodiscard]] std::optional<boost::json::object> number_view(const Scene& scene, std::string_view ticket);

} // namespace machiai::cloud
