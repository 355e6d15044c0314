// SPDX-License-Identifier: Apache-2.0
// A facility as the cloud knows it: what is public of it, its rules of booking, and its contract. JSON in the
// database (`facility.profile`) and in HOME/facilities.json.
#pragma once

#include "core/base/result.hpp"
#include "core/booking/acceptance.hpp"
#include "core/booking/slots.hpp"
#include "core/queue/clinic.hpp"
#include "core/service/contract.hpp"

#include <boost/json.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace machiai::cloud {

struct ServiceProfile {
  std::string id;
  int number = 0;
  queue::Label name;
  std::string prefix;
  std::vector<std::string> kinds;
  std::vector<queue::Hours> hours; ///< of consultation
  booking::Rules booking;
  queue::AbsenceRule absence;
};

struct RoomProfile {
  std::string id;
  queue::Label name;
};

struct Profile {
  int id = 0;     ///< facility_id of the database
  int number = 0; ///< facility number
  int generation = 1;
  std::string slug;
  queue::Label name;
  std::string phone;
  std::string postal;
  std::string address;
  std::string access;
  bool by_card = true; ///< known patients may book with card and birth date
  bool by_name = true; ///< first visits may book
  bool checks = true;  ///< cards are held against the clinic's list; else the clinic checks
  int slots_per_card = booking::usual_slots_a_card; ///< slots to come that one card may have; 0: no limit
  service::Contract contract;
  std::vector<ServiceProfile> services;
  std::vector<RoomProfile> rooms; ///< where patients are called to
  /// By its id or its service number.
  [[nodiscard]] const ServiceProfile* service(std::string_view wanted) const;
};

/// What is written now is held against more than what was kept once: no member that no rule knows, nothing
/// called twice, no name that shows nothing, no two counters that would call the same number.
enum class Written { before, now };
/// Error invalid "bad_settings" with the place in `detail`, "same_prefix" with both counters.
[[nodiscard]] base::Result<Profile> read_profile(const boost::json::object& document,
                                                 Written written = Written::before);
[[nodiscard]] base::Result<service::Provider> read_provider(const boost::json::object& document);

/// The fictional facilities of `init --example`: {"provider":{},"facilities":[{}]}.
[[nodiscard]] std::string_view example_facilities();

/// What stands for bookings on that date, with what the clinic has set for it: its stop, the places held for
/// walk-ins, and of how many one is kept.
[[nodiscard]] booking::Rules rules_on(const ServiceProfile& service, bool stopped, base::Date date,
                                      std::optional<int> walk_ins = std::nullopt,
                                      std::optional<int> walk_in_every = std::nullopt);

/// "12", "S-3", "W1-7", "SW1-7": as the clinic shows it (core/queue, shown_number).
[[nodiscard]] std::string shown(const ServiceProfile& service, std::string_view series, int n);

} // namespace machiai::cloud
