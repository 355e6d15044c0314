// SPDX-License-Identifier: Apache-2.0
#include "app/daemon/devices.hpp"

#include "core/base/text.hpp"
#include "core/wire/commands.hpp"

#include <boost/asio/post.hpp>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <array>

namespace machiai::daemon {

namespace json = boost::json;
using base::Error;
using base::fail;

namespace {

constexpr std::size_t longest_name = 40;
constexpr std::string_view rooms_scope = "rooms:";
hub::Device shown(const store::Device& device) {
  return {device.id, device.role, device.room, device.name};
}

/// In this room, or in nobody's and in a line that this room serves.
bool concerns(const queue::Clinic& clinic, const queue::Ticket& ticket, const std::string& room) {
  if (ticket.room >= 0) return clinic.rooms[static_cast<std::size_t>(ticket.room)].id == room;
  if (!queue::is_live(ticket.state)) return false;
  const auto& rooms = clinic.services[ticket.line].rooms;
  return rooms.empty() || std::find(rooms.begin(), rooms.end(), room) != rooms.end();
}

} // namespace

base::Status Devices::load() {
  auto devices = store::load_devices(home_);
  MACHIAI_TRY(devices);
  devices_ = std::move(*devices);
  return {};
}

void Devices::handle(const hub::Caller& caller, hub::Request request, hub::Respond respond) {
  if (request.cmd == "pair") {
    auto offered = pair(request.args);
    return respond(offered ? json::object{{"ok", std::move(*offered)}}
                           : hub::refusal(caller, offered.error()));
  }
  if (request.cmd == "unpair") return unpair(caller, request.args, respond);
  if (request.cmd == "devices") return respond({{"ok", list()}});
  if (!caller.room.empty()) {
    if (const auto allowed = may(caller, request); !allowed)
      return respond(hub::refusal(caller, allowed.error()));
    if (request.cmd == "rooms") return respond({{"ok", view(std::string(rooms_scope) + caller.room)}});
  }
  station_.handle(caller, std::move(request), std::move(respond));
}

base::Status Devices::may(const hub::Caller& caller, const hub::Request& request) const {
  const auto forbidden = [] { return fail(Error::Code::forbidden, "forbidden"); };
  if (request.cmd == "call") {
    const auto room = wire::text_argument(request.args, "room");
    if (!room || *room != caller.room) return forbidden();
    return {};
  }
  if (!request.args.contains("ticket")) return {};
  // A repeat gets the answer it had, wherever its ticket is by now.
  if (station_.knows_key(request.key)) return {};
  const auto text = wire::text_argument(request.args, "ticket");
  const queue::Clinic& clinic = station_.settings().clinic;
  if (!text) return forbidden();
  const auto at = queue::resolve_ticket(clinic, station_.working(), *text);
  // Which numbers there are elsewhere is not this room's to learn; a finished one may be told.
  if (!at || !concerns(clinic, station_.working().tickets[*at], caller.room)) return forbidden();
  return {};
}

json::object Devices::view(const std::string& name) {
  if (name.compare(0, rooms_scope.size(), rooms_scope) != 0) return station_.view(name);
  const std::string room = name.substr(rooms_scope.size());
  json::object whole = station_.view("rooms");
  json::array own;
  for (json::value& each : whole["rooms"].as_array())
    if (each.as_object()["room"].as_string() == json::string_view(room)) own.push_back(std::move(each));
  whole["rooms"] = std::move(own);
  return whole;
}

void Devices::seat_came(const hub::Caller& caller) {
  if (!caller.room.empty()) connected_.insert(caller.seat);
  station_.seat_came(caller);
}

void Devices::seat_left(const hub::Caller& caller) {
  connected_.erase(caller.seat);
  station_.seat_left(caller);
}

std::optional<hub::Device> Devices::known(std::string_view id, std::string_view secret) {
  store::Device* device = store::find_device(devices_, id, secret);
  if (device == nullptr) return std::nullopt;
  if (const base::Date today = base::civil_date(clock_.now()); device->seen != today) {
    device->seen = today;
    save([](const base::Status& saved) {
      if (!saved) spdlog::warn("devices: day not noted ({})", saved.error().reason);
    });
  }
  return shown(*device);
}

void Devices::save(const Saved& saved) {
  const bool taken = saver_.post([this, text = store::devices_text(devices_), saved] {
    auto status = store::write_durable_file(home_.devices(), text);
    boost::asio::post(loop_, [saved, status = std::move(status)] { saved(status); });
  });
  if (!taken) saved(fail(Error::Code::limit, "overloaded"));
}

base::Result<json::object> Devices::pair(const json::object& args) {
  if (place_.address.empty())
    return fail(Error::Code::device, place_.trouble.empty() ? "lan_off" : place_.trouble);
  const auto name = wire::text_argument(args, "name");
  MACHIAI_TRY(name);
  const auto role = wire::text_argument(args, "role");
  MACHIAI_TRY(role);
  const auto room = wire::text_argument(args, "room");
  MACHIAI_TRY(room);
  if (name->empty()) return fail(Error::Code::invalid, "bad_argument", "name");
  MACHIAI_TRY(base::check_text(*name, longest_name));
  if (!role->empty() && *role != "room") return fail(Error::Code::invalid, "unknown_role");
  if (!queue::find_room(station_.settings().clinic, *room))
    return fail(Error::Code::not_found, "unknown_room");
  if (devices_.size() >= store::most_devices) return fail(Error::Code::limit, "too_many_devices");
  const auto offer = codes_.offer(*name, "room", *room, std::chrono::steady_clock::now());
  MACHIAI_TRY(offer);
  const base::Instant until = clock_.now() + store::PairingCodes::code_life;
  return json::object{{"code", offer->code},  {"until", base::to_ms(until)}, {"address", place_.address},
                      {"name", offer->name},  {"role", offer->role},         {"room", offer->room},
                      {"check", place_.check}};
}

void Devices::redeem(std::string code, Admit admit) {
  const auto offer = codes_.redeem(code, std::chrono::steady_clock::now());
  if (!offer) {
    if (codes_.rests(std::chrono::steady_clock::now()))
      spdlog::warn("pairing rests after too many wrong codes");
    return admit(fail(Error::Code::forbidden, "pairing_refused"));
  }
  if (devices_.size() >= store::most_devices) return admit(fail(Error::Code::limit, "too_many_devices"));
  const std::string secret = store::new_secret();
  const base::Instant now = clock_.now();
  const store::Device device{
      store::new_device_id(offer->role), offer->name, offer->role,          offer->room,
      store::secret_digest(secret),      now,         base::civil_date(now)};
  devices_.push_back(device);
  save([this, device, secret, admit](const base::Status& saved) {
    if (saved) return admit(Admission{shown(device), secret});
    std::erase_if(devices_, [&](const store::Device& each) { return each.id == device.id; });
    admit(tl::unexpected(saved.error()));
  });
}

/// Out at once; the answer comes when it is durable. If the disk refuses, the device stays out until the
/// daemon ends, and the desk is told to try again.
void Devices::unpair(const hub::Caller& caller, const json::object& args, const hub::Respond& respond) {
  const auto id = wire::text_argument(args, "device");
  const auto device = std::find_if(devices_.begin(), devices_.end(),
                                   [&](const store::Device& each) { return id && each.id == *id; });
  if (device == devices_.end())
    return respond(hub::refusal(caller, {Error::Code::not_found, "unknown_device", {}}));
  device->revoked = true;
  if (drop_) drop_(device->id);
  json::object answer{{"device", device->id}, {"name", device->name}, {"room", device->room}};
  save([this, caller, respond, id = device->id, answer](const base::Status& saved) {
    if (!saved) return respond(hub::refusal(caller, saved.error()));
    std::erase_if(devices_, [&](const store::Device& each) { return each.id == id; });
    respond({{"ok", answer}});
  });
}

json::object Devices::list() const {
  json::array rows;
  for (const store::Device& device : devices_)
    rows.push_back({{"device", device.id},
                    {"name", device.name},
                    {"role", device.role},
                    {"room", device.room},
                    {"paired", base::iso_instant(device.paired)},
                    {"seen", base::iso_date(device.seen)},
                    {"connected", connected_.count(device.id) != 0}});
  return {{"devices", std::move(rows)}, {"address", place_.address}, {"trouble", place_.trouble}};
}

} // namespace machiai::daemon
