// SPDX-License-Identifier: Apache-2.0
// What the clinic's own day says of its counters: how many are in line, and when one who books now would be
// through. Bookings stop by themselves when that is too late, and begin again (booking::Rules::through_by).
#pragma once

#include "cloud/profile.hpp"
#include "core/base/clock.hpp"

#include <boost/json.hpp>
#include <pqxx/pqxx>

#include <optional>

namespace machiai::cloud::store {

struct Predicted {
  std::optional<base::Instant> end;
  base::Instant said{};

  Predicted() = default;
  /// Of the columns predicted_end and predicted_at.
  template <class Field> Predicted(const Field& ends, const Field& at) {
    if (ends.is_null() || at.is_null()) return;
    end = base::instant_from_ms(ends.template as<std::int64_t>());
    said = base::instant_from_ms(at.template as<std::int64_t>());
  }
  /// None when the clinic has said nothing for too long.
  [[nodiscard]] std::optional<base::Instant> at(base::Instant now) const;
};

/// Of a projection: the people in line, with those whom the clinic has not heard of yet; and the longest wait
/// of one who comes now, for the services that stop by it.
void follow_projection(pqxx::work& work, const Profile& facility, base::Date date,
                       const boost::json::object& projection, base::Instant now);

} // namespace machiai::cloud::store
