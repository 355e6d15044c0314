// SPDX-License-Identifier: Apache-2.0
// What the station is told of its cloud: the link, the contract, bookings from outside, films on their way.
#include "app/daemon/station.hpp"
#include "core/wire/phrases.hpp"

#include <utility>

namespace machiai::daemon {

namespace json = boost::json;

void Station::link_changed(bool connected, std::string reason) {
  // "offline" is the printers' word, and what no trouble is called by has no words for the staff.
  if (!connected && (reason == "offline" || !wire::is_trouble(reason))) reason = "cloud_away";
  if (link_.enrolled && link_.connected == connected && link_.reason == reason) return;
  // Another reason on the way is no other absence.
  const bool turned = !link_.enrolled || link_.connected != connected;
  link_ = {true, connected, std::move(reason), turned ? clock_.now() : link_.since};
  link_told_ = false;
  if (!connected) cloud_clock_.reset();
  effects_.views_changed({"desk"});
}

void Station::clock_told(base::Instant at) {
  const bool before = clock_unsure();
  cloud_clock_ = ToldClock{at, std::chrono::steady_clock::now()};
  if (clock_unsure() != before) effects_.views_changed({"desk"});
}

void Station::set_turned_out(const std::string& reason) {
  if (turned_out_ == reason) return;
  turned_out_ = reason;
  effects_.views_changed({"desk"});
}

void Station::outside_changed(queue::AcceptanceView view) {
  outside_ = std::move(view);
  effects_.views_changed({"desk"});
}

void Station::contract_changed(wire::ContractTold told) {
  contract_ = std::move(told);
  contract_looked_at();
}

void Station::contract_looked_at() {
  auto standing = contract_ ? wire::standing_views(*contract_, clock_.now()) : decltype(standing_){};
  auto rest = contract_ ? wire::phones_rest(*contract_, clock_.now()) : queue::MessageView{};
  if (standing == standing_ && rest == phones_rest_) return;
  standing_ = std::move(standing);
  phones_rest_ = std::move(rest);
  effects_.views_changed({"board", "desk", "kiosk"});
}

void Station::link_looked_at() {
  if (link_told_ || !link_is_away()) return;
  link_told_ = true;
  effects_.views_changed({"desk"});
}

void Station::certificate_changed(base::Instant until, bool late) {
  certificate_until_ = until;
  if (certificate_late_ == late) return;
  certificate_late_ = late;
  effects_.views_changed({"desk"});
}

void Station::downloads_changed(json::object progress) {
  const bool was = films_late();
  downloads_ = std::move(progress);
  if (films_late() != was) effects_.views_changed({"desk"});
}

void Station::programme_troubles(const ProgrammeTroubles& troubles) {
  if (std::exchange(programme_troubles_, troubles) != troubles) effects_.views_changed({"desk"});
}

} // namespace machiai::daemon
