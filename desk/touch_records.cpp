// SPDX-License-Identifier: Apache-2.0
// The records and the devices: what is looked at, and what is asked for it.
#include "desk/model.hpp"

#include <algorithm>

namespace machiai::desk {

namespace json = boost::json;

namespace {

void turn_to(Glass& glass, int back) {
  glass.inside.back = std::max(0, back);
  glass.inside.page = 0;
  glass.found.saved.clear();
}

std::string room_or_first(const queue::DeskView& view, const std::string& room) {
  return room.empty() && !view.rooms.empty() ? view.rooms.front().id : room;
}

} // namespace

std::optional<Step> touch_records(const queue::DeskView&, bool free, const Glass& glass,
                                  std::string_view name) {
  Glass next = glass;
  if (const auto tab = after(name, "tab-")) {
    next.inside.tab = *tab;
    next.inside.page = 0;
    next.found.saved.clear();
  } else if (const auto span = after(name, "span-")) {
    next.inside.span = *span;
    turn_to(next, 0);
  } else if (const auto chart = after(name, "chart-")) {
    next.inside.chart = *chart;
  } else if (name == "first-again") {
    next.ticket.clear();
    next.inside.other.clear();
    next.inside.page = 0;
  } else if (name == "earlier") {
    turn_to(next, next.inside.back + 1);
  } else if (name == "later") {
    turn_to(next, next.inside.back - 1);
  } else if (name == "table") {
    // The same span as what is shown.
    const Counts& counts = glass.found.counts;
    if (!free || counts.from.empty()) return nothing(glass);
    return send(std::move(next), name, "statistics",
                json::object{{"csv", true}, {"from", counts.from}, {"to", counts.to}});
  } else {
    return std::nullopt;
  }
  return nothing(std::move(next));
}

std::optional<Step> touch_devices(const queue::DeskView& view, bool free, const Glass& glass,
                                  std::string_view name) {
  Glass next = glass;
  if (name == "pair") {
    const Devices known = next.found.devices;
    open_panel(next, Panel::pair);
    next.found.devices = known;
    next.inside.about = room_or_first(view, "");
    return nothing(std::move(next));
  }
  if (const auto room = after(name, "pair-room-")) {
    next.inside.about = *room;
    return nothing(std::move(next));
  }
  if (const auto device = after(name, "revoke-")) {
    next.inside.confirm = *device;
    return nothing(std::move(next));
  }
  if (name == "keep-device") {
    next.inside.confirm.clear();
    return nothing(std::move(next));
  }
  if (!free) return std::nullopt;
  if (name == "unpair-do" && !glass.inside.confirm.empty())
    return send(std::move(next), name, "unpair", json::object{{"device", glass.inside.confirm}});
  if (name == "pair-do") {
    const std::string room = room_or_first(view, glass.inside.about);
    std::string called = glass.words;
    if (called.empty()) called = room_name(view, room).ja;
    return send(std::move(next), name, "pair", json::object{{"name", called}, {"room", room}});
  }
  return std::nullopt;
}

} // namespace machiai::desk
