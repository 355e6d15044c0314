// SPDX-License-Identifier: Apache-2.0
// A small clinic for the tests of the desk.
#pragma once

#include "desk/model.hpp"

namespace machiai::desk {

inline constexpr std::int64_t sample_now = 1795483920000; // 2026-11-24 10:32 in Japan

inline queue::TicketView ticket(const std::string& number, const std::string& state, int minutes = 5) {
  queue::TicketView view;
  view.ticket = "naika-20261124-" + number;
  view.number = number;
  view.service = "naika";
  view.kind = "return";
  view.name = "name" + number;
  view.state = state;
  view.since = view.taken = base::instant_from_ms(sample_now - minutes * 60'000);
  return view;
}

/// 1 is called to room A; 2, 3, 4 wait; 5 is absent, 6 on hold, 7 done. Room B is free.
inline queue::DeskView sample_view() {
  queue::DeskView view;
  queue::ServiceView service;
  service.id = "naika";
  service.state = "open";
  service.kinds = {"return", "first"};
  service.waiting = 3;
  view.services = {service};
  view.rooms = {{"a", {"診察室1", "Room 1", ""}, "1", "called"}, {"b", {"診察室2", "Room 2", ""}, "", ""}};
  view.tickets = {ticket("1", "called", 0), ticket("2", "waiting"), ticket("3", "waiting"),
                  ticket("4", "waiting"),   ticket("5", "absent"),  ticket("6", "hold"),
                  ticket("7", "done")};
  view.tickets[0].room = "a";
  view.next = {"naika-20261124-2"};
  return view;
}

inline Glass sample_glass_at(const queue::DeskView& view) {
  return settled(view, {});
}

inline Screen composed(const queue::DeskView& view, const Glass& glass, bool reachable = true,
                       std::int64_t age_ms = 0, std::int64_t steady_ms = 0) {
  return compose(&view, glass, reachable, age_ms, sample_now, steady_ms);
}

inline queue::UndoView undo_of(const std::string& what, const std::string& number, std::int64_t left_ms) {
  queue::UndoView undo;
  undo.what = what;
  undo.number = number;
  undo.actor = "desk";
  undo.seat = "desk-1";
  undo.at = base::instant_from_ms(sample_now + left_ms - 10'000);
  undo.until = base::instant_from_ms(sample_now + left_ms);
  return undo;
}

} // namespace machiai::desk
