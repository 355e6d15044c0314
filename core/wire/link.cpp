// SPDX-License-Identifier: Apache-2.0
#include "core/wire/link.hpp"

#include "core/base/text.hpp"
#include "core/queue/places.hpp"
#include "core/wire/limits.hpp"

#include <boost/json.hpp>

#include <algorithm>
#include <array>

namespace machiai::wire {

namespace json = boost::json;
using base::Error;
using base::fail;
using base::Result;

namespace {

constexpr std::size_t longest_name = 64;
constexpr std::size_t longest_body = 16 * 1024;
constexpr std::size_t longest_document = 192 * 1024;
constexpr std::size_t deepest = 8;
constexpr std::uint64_t most_minutes = 24 * 60;
constexpr std::array<std::string_view, 3> offers{"live", "voided", "refused"};

bool is_hex(std::string_view text) {
  return std::all_of(text.begin(), text.end(),
                     [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
}

/// Takes the fields of one object and remembers the first that was wrong.
class Fields {
public:
  explicit Fields(const json::object& object) : object_(object) {}

  std::uint64_t number(const char* name, std::uint64_t most = largest_integer) {
    const json::value* found = object_.if_contains(name);
    boost::system::error_code error;
    const auto value = found != nullptr && found->is_number() ? found->to_number<std::uint64_t>(error) : 0;
    if (found == nullptr || !found->is_number() || found->is_double() || error || value > most)
      return wrong(name), 0;
    return value;
  }
  base::Instant instant(const char* name) {
    return base::instant_from_ms(static_cast<std::int64_t>(number(name)));
  }
  std::optional<base::Instant> told_at() {
    return object_.contains("at") ? std::optional(instant("at")) : std::nullopt;
  }
  bool flag(const char* name) {
    const json::value* found = object_.if_contains(name);
    if (found == nullptr || !found->is_bool()) return wrong(name), false;
    return found->as_bool();
  }
  /// Of at most `most` bytes; nothing is said of its characters.
  std::string raw(const char* name, std::size_t most) {
    const json::value* found = object_.if_contains(name);
    if (found == nullptr || !found->is_string() || found->as_string().size() > most) return wrong(name), "";
    return std::string(found->as_string());
  }
  /// What a person wrote; absent is empty.
  std::string words(const char* name) {
    if (!object_.contains(name)) return {};
    std::string text = raw(name, longest_name * 4);
    if (!base::check_text(text, longest_name)) wrong(name);
    return text;
  }
  std::string id(const char* name, std::size_t most = longest_id) {
    std::string text = raw(name, most);
    if (!base::is_plain_id(text, most)) wrong(name);
    return text;
  }
  std::string key(const char* name, bool may_be_empty = false) {
    std::string text = raw(name, longest_name);
    if (!(may_be_empty && text.empty()) && !base::is_key(text)) wrong(name);
    return text;
  }
  std::string hex(const char* name, bool may_be_empty) {
    std::string text = raw(name, 64);
    if (!is_hex(text) || !(text.size() == 64 || (may_be_empty && text.empty()))) wrong(name);
    return text;
  }
  base::Date date(const char* name) {
    const auto parsed = base::parse_iso_date(raw(name, 10));
    if (!parsed) wrong(name);
    return parsed.value_or(base::Date{});
  }
  queue::Series series(const char* name) {
    const auto parsed = queue::parse_series(raw(name, 8));
    if (!parsed) wrong(name);
    return parsed.value_or(queue::main_series);
  }
  const json::array* list(const char* name, std::size_t most) {
    const json::value* found = object_.if_contains(name);
    if (found == nullptr || !found->is_array() || found->as_array().size() > most)
      return wrong(name), nullptr;
    return &found->as_array();
  }
  [[nodiscard]] bool has(const char* name) const { return object_.contains(name); }
  void wrong(std::string_view name) {
    if (wrong_.empty()) wrong_ = name;
  }
  [[nodiscard]] const std::string& wrong() const { return wrong_; }

private:
  const json::object& object_;
  std::string wrong_;
};

json::object to_json(const EventLine& e) {
  return {{"seq", e.seq},         {"group", e.group},        {"epoch", e.epoch},
          {"request", e.request}, {"at", base::to_ms(e.at)}, {"date", base::iso_date(e.date)},
          {"event", e.kind},      {"actor", e.actor},        {"seat", e.seat},
          {"key", e.key},         {"body", e.body},          {"hash", e.hash}};
}

EventLine event_line(const json::value& value, Fields& outer) {
  EventLine e;
  if (!value.is_object()) return outer.wrong("events"), e;
  Fields f(value.as_object());
  e.seq = f.number("seq");
  e.group = f.number("group");
  e.epoch = f.number("epoch");
  // Half of a digest: all 63 bits of it.
  e.request = f.number("request", std::uint64_t{1} << 63);
  e.at = f.instant("at");
  e.date = f.date("date");
  e.kind = f.id("event");
  e.actor = f.raw("actor", longest_name);
  e.seat = f.raw("seat", longest_name);
  e.key = f.key("key", true);
  e.body = f.raw("body", longest_body);
  e.hash = f.hex("hash", false);
  if (!base::check_text(e.actor, longest_name)) f.wrong("actor");
  if (!base::check_text(e.seat, longest_name)) f.wrong("seat");
  if (!f.wrong().empty()) outer.wrong(f.wrong());
  return e;
}

json::array to_json(const std::vector<LinkWaits::Wait>& waits) {
  json::array all;
  all.reserve(waits.size());
  for (const LinkWaits::Wait& each : waits)
    all.push_back(json::object{{"of", each.of}, {"low", each.range.low}, {"high", each.range.high}});
  return all;
}

std::vector<LinkWaits::Wait> waits(Fields& outer, const char* name, std::size_t most) {
  std::vector<LinkWaits::Wait> all;
  const json::array* list = outer.list(name, most);
  if (list == nullptr) return all;
  for (const json::value& each : *list) {
    if (!each.is_object()) return outer.wrong(name), all;
    Fields f(each.as_object());
    std::string of = f.raw("of", longest_name);
    const auto low = static_cast<int>(f.number("low", most_minutes));
    const auto high = static_cast<int>(f.number("high", most_minutes));
    if (low > high) f.wrong("high");
    if (!f.wrong().empty()) return outer.wrong(f.wrong()), all;
    all.push_back({std::move(of), {low, high}});
  }
  return all;
}

/// What a message is on the wire; its name is "say".
struct Say {
  json::object out{};

  void operator()(const numbering::State& m) {
    out = {{"say", "state"},       {"epoch", m.epoch},       {"generation", m.generation},
           {"high", m.high},       {"web_high", m.web_high}, {"owner", m.owner},
           {"trusted", m.trusted}, {"settled", m.settled}};
  }
  void operator()(const numbering::Claim& m) {
    out = {{"say", "claim"}, {"epoch", m.epoch}, {"generation", m.generation}};
  }
  void operator()(const numbering::Grant& m) {
    out = {{"say", "grant"}, {"epoch", m.epoch}, {"high", m.high}, {"generation", m.generation}};
  }
  void operator()(const numbering::Request& m) {
    out = {{"say", "request"}, {"key", m.key}, {"accepted", base::to_ms(m.accepted)}};
    if (m.every > 0) out["every"] = m.every;
  }
  void operator()(const numbering::Reply& m) {
    out = {{"say", "reply"},
           {"key", m.key},
           {"series", queue::series_text(m.series)},
           {"n", m.n},
           {"reason", m.reason}};
  }
  void operator()(const numbering::Offer& m) {
    out = {{"say", "offer"},
           {"what", offers[static_cast<std::size_t>(m.what)]},
           {"generation", m.generation},
           {"key", m.key},
           {"series", queue::series_text(m.series)},
           {"n", m.n},
           {"to", m.to},
           {"reason", m.reason},
           {"accepted", base::to_ms(m.accepted)}};
    if (m.every > 0) out["every"] = m.every;
  }
};

std::uint32_t small(Fields& f, const char* name) {
  return static_cast<std::uint32_t>(f.number(name, most_numbers));
}

/// An earlier cloud says nothing of it.
int every(Fields& f) {
  const int value = f.has("every") ? static_cast<int>(f.number("every", queue::most_every)) : 0;
  if (!queue::is_every(value)) f.wrong("every");
  return value;
}

numbering::Offer offer(Fields& f) {
  numbering::Offer m;
  const std::string what = f.id("what");
  const auto found = std::find(offers.begin(), offers.end(), what);
  if (found == offers.end()) f.wrong("what");
  m.what = found == offers.end() ? numbering::Offer::What::live
                                 : static_cast<numbering::Offer::What>(found - offers.begin());
  m.generation = small(f, "generation");
  m.key = f.key("key", m.what != numbering::Offer::What::refused);
  m.series = f.series("series");
  m.n = small(f, "n");
  m.to = small(f, "to");
  m.reason = f.raw("reason", longest_reason);
  m.accepted = f.instant("accepted");
  m.every = every(f);
  if (m.what != numbering::Offer::What::refused && (m.n == 0 || m.to < m.n)) f.wrong("n");
  if (m.what == numbering::Offer::What::live && m.to != m.n) f.wrong("to");
  return m;
}

/// The message named by "say", if the end `from` sends it.
void message(Fields& f, LinkEnd from, bool booking, numbering::Message& m) {
  const std::string say = f.id("say");
  if (from == LinkEnd::cloud && booking && say == "request") {
    m = numbering::Request{f.key("key"), f.instant("accepted"), every(f)};
  } else if (from == LinkEnd::cloud && booking && say == "offer") {
    m = offer(f);
  } else if (from == LinkEnd::cloud && !booking && say == "state") {
    m = numbering::State{f.number("epoch"), small(f, "generation"), small(f, "high"), small(f, "web_high"),
                         f.flag("owner"),   f.flag("trusted"),      f.flag("settled")};
  } else if (from == LinkEnd::cloud && !booking && say == "grant") {
    m = numbering::Grant{f.number("epoch"), small(f, "high"), small(f, "generation")};
  } else if (from == LinkEnd::clinic && !booking && say == "claim") {
    m = numbering::Claim{f.number("epoch"), small(f, "generation")};
  } else if (from == LinkEnd::clinic && !booking && say == "reply") {
    m = numbering::Reply{f.key("key"), f.series("series"), small(f, "n"), f.raw("reason", longest_reason)};
  } else {
    f.wrong("say");
  }
}

struct Writing {
  json::object operator()(const LinkHello& f) const {
    const numbering::Hello& h = f.hello;
    return {{"kind", "hello"},      {"version", link_version},  {"facility", f.facility},
            {"station", h.station}, {"lineage", h.lineage},     {"nonce", h.nonce},
            {"seq", h.seq},         {"proof_seq", h.proof_seq}, {"proof", h.proof}};
  }
  json::object operator()(const LinkReady& f) const { return {{"kind", "ready"}, {"lineage", f.lineage}}; }
  json::object operator()(const LinkEvents& f) const {
    json::array events;
    events.reserve(f.events.size());
    for (const EventLine& line : f.events) events.push_back(to_json(line));
    return {{"kind", "events"}, {"events", std::move(events)}};
  }
  json::object operator()(const LinkWaits& f) const {
    return {{"kind", "waits"},
            {"date", base::iso_date(f.date)},
            {"services", to_json(f.services)},
            {"tickets", to_json(f.tickets)}};
  }
  json::object operator()(const LinkWelcome& f) const {
    return at({{"kind", "welcome"}, {"lineage", f.welcome.lineage}, {"acked", f.welcome.acked}}, f.at);
  }
  json::object operator()(const LinkTurned& f) const {
    return {{"kind", "refused"}, {"reason", f.reason}, {"prove", f.prove}};
  }
  json::object operator()(const LinkAck& f) const { return {{"kind", "ack"}, {"seq", f.seq}}; }
  json::object operator()(const LinkCancel& f) const { return of_request("cancel", f); }
  json::object operator()(const LinkArrive& f) const { return of_request("arrive", f); }
  json::object operator()(const LinkDocument& f) const {
    return {{"kind", "document"}, {"name", f.name}, {"version", f.version}, {"body", f.body}};
  }
  json::object operator()(const LinkSays& f) const {
    Say say;
    std::visit(say, f.message);
    const bool booking = std::holds_alternative<numbering::Request>(f.message) ||
                         std::holds_alternative<numbering::Offer>(f.message);
    say.out["kind"] = booking ? "booking" : "numbering";
    say.out["service"] = f.about.service;
    say.out["date"] = base::iso_date(f.about.date);
    if (booking) {
      say.out["visit"] = f.about.kind;
      say.out["card"] = f.about.card;
      say.out["name"] = f.about.name;
    }
    return std::move(say.out);
  }
  json::object operator()(const LinkPing& f) const { return {{"kind", "ping"}, {"id", f.id}}; }
  json::object operator()(const LinkPong& f) const { return at({{"kind", "pong"}, {"id", f.id}}, f.at); }

private:
  static json::object at(json::object frame, const std::optional<base::Instant>& told) {
    if (told) frame["at"] = base::to_ms(*told);
    return frame;
  }
  template <class T> static json::object of_request(const char* kind, const T& f) {
    return {{"kind", kind}, {"service", f.service}, {"date", base::iso_date(f.date)}, {"key", f.key}};
  }
};

LinkHello hello(Fields& f) {
  if (f.number("version") != link_version) f.wrong("version");
  return {f.id("facility"),
          {static_cast<std::uint16_t>(f.number("station", 65535)), f.number("lineage"), f.id("nonce"),
           f.number("seq"), f.number("proof_seq"), f.hex("proof", true)}};
}

LinkEvents events(Fields& f) {
  LinkEvents frame;
  if (const json::array* list = f.list("events", most_link_events))
    for (const json::value& each : *list) frame.events.push_back(event_line(each, f));
  for (std::size_t i = 1; i < frame.events.size(); ++i)
    if (frame.events[i].seq != frame.events[i - 1].seq + 1) f.wrong("seq");
  return frame;
}

LinkSays says(Fields& f, LinkEnd from, bool booking) {
  LinkSays frame;
  frame.about.service = f.id("service");
  frame.about.date = f.date("date");
  if (booking) {
    frame.about.kind = f.words("visit");
    frame.about.card = f.words("card");
    frame.about.name = f.words("name");
  }
  message(f, from, booking, frame.message);
  return frame;
}

/// The frame of that kind, if the end `from` sends it.
std::optional<LinkFrame> read(std::string_view kind, Fields& f, LinkEnd from) {
  if (kind == "ping") return LinkPing{f.number("id")};
  if (kind == "pong") return LinkPong{f.number("id"), f.told_at()};
  if (kind == "numbering") return says(f, from, false);
  if (from == LinkEnd::clinic) {
    if (kind == "hello") return hello(f);
    if (kind == "ready") return LinkReady{f.number("lineage")};
    if (kind == "events") return events(f);
    if (kind == "waits")
      return LinkWaits{f.date("date"), waits(f, "services", most_services),
                       waits(f, "tickets", most_link_waits)};
    return std::nullopt;
  }
  if (kind == "booking") return says(f, from, true);
  if (kind == "welcome") return LinkWelcome{{f.number("lineage"), f.number("acked")}, f.told_at()};
  if (kind == "refused") return LinkTurned{f.id("reason", longest_reason), f.number("prove")};
  if (kind == "ack") return LinkAck{f.number("seq")};
  if (kind == "cancel") return LinkCancel{f.id("service"), f.date("date"), f.key("key")};
  if (kind == "arrive") return LinkArrive{f.id("service"), f.date("date"), f.key("key")};
  if (kind == "document")
    return LinkDocument{f.id("name"), f.number("version"), f.raw("body", longest_document)};
  return std::nullopt;
}

} // namespace

std::string link_to_json(const LinkFrame& frame) {
  return json::serialize(std::visit(Writing{}, frame));
}

Result<LinkFrame> link_from_json(std::string_view text, LinkEnd from) {
  if (text.size() > largest_link_frame) return fail(Error::Code::limit, "frame_too_large");
  boost::system::error_code error;
  json::parse_options options;
  options.max_depth = deepest;
  const json::value parsed = json::parse(json::string_view(text.data(), text.size()), error, {}, options);
  if (error || !parsed.is_object()) return fail(Error::Code::invalid, "bad_frame");
  const json::value* kind = parsed.as_object().if_contains("kind");
  if (kind == nullptr || !kind->is_string()) return fail(Error::Code::invalid, "bad_frame", "kind");
  Fields fields(parsed.as_object());
  auto frame = read(std::string_view(kind->as_string().data(), kind->as_string().size()), fields, from);
  if (!frame) return fail(Error::Code::not_found, "unknown_frame");
  if (!fields.wrong().empty()) return fail(Error::Code::invalid, "bad_frame", fields.wrong());
  return std::move(*frame);
}

} // namespace machiai::wire
