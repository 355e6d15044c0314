// SPDX-License-Identifier: Apache-2.0
// The clinic's day as its events tell it: the same fold as the clinic's own (N7), and what of it is public.
#pragma once

#include "cloud/profile.hpp"
#include "core/queue/day.hpp"
#include "core/queue/event.hpp"
#include "core/wire/link.hpp"

#include <boost/json.hpp>

#include <map>
#include <memory>
#include <string>

namespace machiai::cloud {

class ClinicDay {
public:
  explicit ClinicDay(const Profile& facility);

  [[nodiscard]] const queue::Clinic& clinic() const { return clinic_; }
  /// Whether these are the facility's counters and rooms.
  [[nodiscard]] bool is_of(const Profile& facility) const;
  void fold(const queue::Event& event);
  /// The clinic's forecast; false: of another date, passed over.
  bool forecast(const wire::LinkWaits& waits);
  /// The open day's date; none before the first.
  [[nodiscard]] std::optional<base::Date> date() const;
  /// What the public routes show (docs/CLOUD.md): services, tickets by their id, messages; no names.
  [[nodiscard]] boost::json::object document(base::Instant now) const;

private:
  queue::Clinic clinic_;
  queue::Day day_;
  std::map<std::string, queue::WaitRange, std::less<>> waits_; ///< by service's and by ticket's id
};

} // namespace machiai::cloud
