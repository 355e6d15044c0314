// SPDX-License-Identifier: Apache-2.0
#include "core/wire/events.hpp"

#include "core/wire/limits.hpp"

#include <boost/json.hpp>

#include <algorithm>
#include <array>
#include <utility>

namespace machiai::wire {

namespace {

namespace json = boost::json;
using base::Error;
using base::fail;

/// In the order of the variant.
constexpr std::array<std::string_view, 35> kinds{
    "day_opened", "day_closed",   "counter_opened", "counter_closed", "ownership_taken", "ownership_released",
    "taken",      "voided",       "called",         "recalled",       "entered",         "absent",
    "held",       "resumed",      "put_back",       "cancelled",      "finished",        "moved",
    "undone",     "reprinted",    "amended",        "transferred",    "no_show",         "cap_set",
    "hours_set",  "message_put",  "message_taken",  "refused",        "cloud_seen",      "arrived",
    "remote_set", "notice_shown", "notice_cleared", "walk_ins_set",   "phoned"};
static_assert(kinds.size() == std::variant_size_v<queue::EventBody>);

/// Writes and reads the fields of an event with one list for both; `Io` is Out or In.
class Out {
public:
  explicit Out(const queue::Clinic& clinic) : clinic_(clinic) { object_.reserve(8); }
  void service(const char* name, const int& index) {
    object_[name] = clinic_.services[static_cast<std::size_t>(index)].id;
  }
  void ticket(const char* name, const queue::TicketRef& ref) {
    object_[name] = {{"service", clinic_.services[static_cast<std::size_t>(ref.service)].id},
                     {"series", queue::series_text(ref.series)},
                     {"n", ref.n}};
  }
  /// null: the end of the line, or none.
  void ticket_or_none(const char* name, const queue::TicketRef& ref) {
    object_[name] = nullptr;
    if (ref.n != 0) ticket(name, ref);
  }
  void date(const char* name, const base::Date& date) { object_[name] = base::iso_date(date); }
  void series(const char* name, const queue::Series& series) { object_[name] = queue::series_text(series); }
  void range(const char* name, const std::optional<queue::WaitRange>& range) {
    if (range) object_[name] = json::array{range->low, range->high};
  }
  void instant(const char* name, const base::Instant& at) { object_[name] = base::to_ms(at); }
  template <class T> void plain(const char* name, const T& value) { object_[name] = value; }
  void number(const char* name, const std::uint32_t& n) { plain(name, n); }
  void cause(const char* name, const std::string& reason) { plain(name, reason); }
  /// Left out when empty, so that most rows stay short.
  void rare(const char* name, const std::string& value) {
    if (!value.empty()) object_[name] = value;
  }
  void rare(const char* name, const std::optional<base::Instant>& at) {
    if (at) instant(name, *at);
  }
  void rare(const char* name, const bool& value) {
    if (value) object_[name] = true;
  }
  void rare(const char* name, const queue::TicketRef& ref) {
    if (ref.n != 0) ticket(name, ref);
  }
  /// -1 is left out.
  void rare(const char* name, const int& value) {
    if (value >= 0) object_[name] = value;
  }
  void texts(const char* name, const std::vector<queue::NoticeText>& texts) {
    json::object all;
    for (const queue::NoticeText& each : texts) all[each.field] = each.text;
    object_[name] = std::move(all);
  }
  [[nodiscard]] std::string text() const { return json::serialize(object_); }

private:
  const queue::Clinic& clinic_;
  json::object object_;
};

class In {
public:
  In(const queue::Clinic& clinic, const json::object& object) : clinic_(clinic), object_(object) {}
  void service(const char* name, int& index) {
    std::string id;
    plain(name, id);
    find(id, index);
  }
  void ticket(const char* name, queue::TicketRef& ref) {
    const json::value* found = object_.if_contains(name);
    if (found == nullptr || !found->is_object()) return broken();
    In inner(clinic_, found->as_object());
    inner.service("service", ref.service);
    inner.series("series", ref.series);
    inner.number("n", ref.n);
    if (ref.n == 0) inner.broken();
    wrong(inner.reason_);
  }
  void ticket_or_none(const char* name, queue::TicketRef& ref) {
    const json::value* found = object_.if_contains(name);
    if (found == nullptr || !found->is_null()) ticket(name, ref);
  }
  void number(const char* name, std::uint32_t& n) {
    plain(name, n);
    if (n > most_numbers) broken();
  }
  /// Kept beside each number that it is about: short.
  void cause(const char* name, std::string& reason) {
    plain(name, reason);
    if (reason.size() > longest_reason) broken();
  }
  void date(const char* name, base::Date& date) {
    std::string text;
    plain(name, text);
    if (const auto parsed = base::parse_iso_date(text)) {
      date = *parsed;
    } else {
      broken();
    }
  }
  void series(const char* name, queue::Series& series) {
    std::string text;
    plain(name, text);
    const auto parsed = queue::parse_series(text);
    if (!parsed) return broken();
    series = *parsed;
  }
  void range(const char* name, std::optional<queue::WaitRange>& range) {
    const json::value* found = object_.if_contains(name);
    if (found == nullptr) return;
    if (!found->is_array() || found->as_array().size() != 2) return broken();
    boost::system::error_code error;
    range = queue::WaitRange{found->as_array()[0].to_number<int>(error), 0};
    if (!error) range->high = found->as_array()[1].to_number<int>(error);
    if (error) broken();
  }
  void instant(const char* name, base::Instant& at) {
    std::int64_t ms = 0;
    plain(name, ms);
    if (const auto most = static_cast<std::int64_t>(largest_integer); ms < -most || ms > most)
      return broken();
    at = base::instant_from_ms(ms);
  }
  template <class T> void plain(const char* name, T& value) {
    const json::value* found = object_.if_contains(name);
    if (found == nullptr) return broken();
    boost::system::error_code error;
    if constexpr (std::is_same_v<T, std::string>) {
      if (!found->is_string()) return broken();
      value = std::string(found->as_string());
    } else if constexpr (std::is_same_v<T, bool>) {
      if (!found->is_bool()) return broken();
      value = found->as_bool();
    } else {
      value = found->to_number<T>(error);
      if (error) broken();
      if constexpr (std::is_same_v<T, std::uint64_t>)
        if (value > largest_integer) broken();
    }
  }
  void rare(const char* name, std::string& value) {
    if (object_.contains(name)) plain(name, value);
  }
  void rare(const char* name, std::optional<base::Instant>& at) {
    if (object_.contains(name)) instant(name, at.emplace());
  }
  void rare(const char* name, bool& value) {
    if (object_.contains(name)) plain(name, value);
  }
  void rare(const char* name, queue::TicketRef& ref) {
    if (object_.contains(name)) ticket(name, ref);
  }
  void rare(const char* name, int& value) {
    if (object_.contains(name)) plain(name, value);
  }
  void texts(const char* name, std::vector<queue::NoticeText>& texts) {
    const json::value* found = object_.if_contains(name);
    if (found == nullptr || !found->is_object()) return broken();
    for (const auto& each : found->as_object()) {
      if (!each.value().is_string()) return broken();
      texts.push_back({std::string(each.key()), std::string(each.value().as_string())});
    }
  }
  [[nodiscard]] const std::string& reason() const { return reason_; }

  void broken() { reason_ = "bad_event"; }

private:
  /// What is broken is no event of a counter that has gone.
  void wrong(const std::string& reason) {
    if (reason == "bad_event" || reason_.empty()) reason_ = reason;
  }
  void find(const std::string& id, int& index) {
    if (const auto found = queue::find_service(clinic_, id)) {
      index = *found;
    } else {
      wrong("service_gone");
    }
  }
  const queue::Clinic& clinic_;
  const json::object& object_;
  std::string reason_;
};

template <class E, class... Es>
concept OneOf = (std::is_same_v<std::remove_const_t<E>, Es> || ...);

template <class Io, OneOf<queue::DayOpened, queue::DayClosed> E> void fields(Io& io, E& e) {
  io.date("date", e.date);
}
template <class Io, OneOf<queue::CounterOpened> E> void fields(Io& io, E& e) {
  io.service("service", e.service);
  io.plain("session", e.session);
}
template <class Io, OneOf<queue::CounterClosed> E> void fields(Io& io, E& e) {
  io.service("service", e.service);
}
template <class Io, OneOf<queue::OwnershipTaken> E> void fields(Io& io, E& e) {
  io.service("service", e.service);
  io.plain("epoch", e.epoch);
  io.number("high", e.high);
}
template <class Io, OneOf<queue::OwnershipReleased> E> void fields(Io& io, E& e) {
  io.service("service", e.service);
  io.plain("epoch", e.epoch);
}
template <class Io, OneOf<queue::Taken> E> void fields(Io& io, E& e) {
  io.ticket("ticket", e.ticket);
  io.rare("kind", e.kind);
  io.rare("card", e.card);
  io.rare("name", e.name);
  io.plain("ahead", e.ahead);
  io.plain("print", e.print);
  io.rare("note", e.note);
  io.range("told", e.told);
  io.rare("accepted", e.accepted);
  io.rare("keeps", e.keeps);
  io.rare("behind", e.behind);
}
template <class Io, OneOf<queue::Voided> E> void fields(Io& io, E& e) {
  io.service("service", e.service);
  io.series("series", e.series);
  io.number("from", e.from);
  io.number("to", e.to);
  io.cause("reason", e.reason);
  if constexpr (std::is_same_v<Io, In>)
    if (e.from == 0 || e.to < e.from) io.broken();
}
template <class Io, OneOf<queue::Called> E> void fields(Io& io, E& e) {
  io.ticket("ticket", e.ticket);
  io.plain("room", e.room);
}
template <class Io, OneOf<queue::Recalled> E> void fields(Io& io, E& e) {
  io.ticket("ticket", e.ticket);
  io.plain("room", e.room);
}
template <class Io, OneOf<queue::Entered, queue::Resumed, queue::PutBack, queue::Cancelled, queue::Finished,
                          queue::Reprinted, queue::NoShow, queue::Arrived>
                        E>
void fields(Io& io, E& e) {
  io.ticket("ticket", e.ticket);
}
template <class Io, OneOf<queue::Phoned> E> void fields(Io& io, E& e) {
  io.ticket("ticket", e.ticket);
  io.plain("result", e.result);
}
template <class Io, OneOf<queue::Held> E> void fields(Io& io, E& e) {
  io.ticket("ticket", e.ticket);
  io.rare("reason", e.reason);
}
template <class Io, OneOf<queue::Amended> E> void fields(Io& io, E& e) {
  io.ticket("ticket", e.ticket);
  io.rare("kind", e.kind);
  io.rare("card", e.card);
  io.rare("name", e.name);
  io.rare("note", e.note);
}
template <class Io, OneOf<queue::Transferred> E> void fields(Io& io, E& e) {
  io.ticket("ticket", e.ticket);
  io.service("to", e.to);
  io.ticket_or_none("before", e.before);
}
template <class Io, OneOf<queue::CapSet> E> void fields(Io& io, E& e) {
  io.service("service", e.service);
  io.plain("cap", e.cap);
}
template <class Io, OneOf<queue::RemoteSet> E> void fields(Io& io, E& e) {
  io.service("service", e.service);
  io.plain("open", e.open);
}
template <class Io, OneOf<queue::WalkInsSet> E> void fields(Io& io, E& e) {
  io.service("service", e.service);
  io.plain("places", e.places);
  io.rare("every", e.every);
}
template <class Io, OneOf<queue::HoursSet> E> void fields(Io& io, E& e) {
  io.service("service", e.service);
  io.plain("hours", e.hours);
}
template <class Io, OneOf<queue::MessagePut> E> void fields(Io& io, E& e) {
  io.plain("id", e.id);
  io.plain("pattern", e.pattern);
  io.rare("text", e.text);
  io.plain("minutes", e.minutes);
  io.instant("until", e.until);
}
template <class Io, OneOf<queue::MessageTaken> E> void fields(Io& io, E& e) {
  io.plain("id", e.id);
}
template <class Io, OneOf<queue::Refused> E> void fields(Io& io, E& e) {
  io.service("service", e.service);
  io.plain("reason", e.reason);
}
template <class Io, OneOf<queue::CloudSeen> E> void fields(Io& io, E& e) {
  io.service("service", e.service);
  io.plain("generation", e.generation);
}
template <class Io, OneOf<queue::NoticeShown> E> void fields(Io& io, E& e) {
  io.plain("template", e.form);
  io.plain("lang", e.lang);
  io.texts("fields", e.texts);
  io.instant("until", e.until);
}
template <class Io, OneOf<queue::NoticeCleared> E> void fields(Io&, E&) {}
template <class Io, OneOf<queue::MarkedAbsent> E> void fields(Io& io, E& e) {
  io.ticket("ticket", e.ticket);
  io.ticket_or_none("before", e.before);
  io.rare("chosen", e.chosen);
}
template <class Io, OneOf<queue::Moved> E> void fields(Io& io, E& e) {
  io.ticket("ticket", e.ticket);
  io.ticket_or_none("before", e.before);
  io.plain("reason", e.reason);
}
template <class Io, OneOf<queue::Undone> E> void fields(Io& io, E& e) {
  io.plain("group", e.group);
  io.ticket_or_none("ticket", e.ticket);
  io.plain("what", e.what);
}

template <std::size_t I = 0> queue::EventBody empty_body(std::size_t index) {
  if constexpr (I + 1 < std::variant_size_v<queue::EventBody>)
    if (index != I) return empty_body<I + 1>(index);
  return std::variant_alternative_t<I, queue::EventBody>{};
}

} // namespace

std::string_view event_kind(const queue::EventBody& body) {
  return kinds[body.index()];
}

const queue::TicketRef* event_ticket(const queue::EventBody& body) {
  return std::visit(
      [](const auto& e) -> const queue::TicketRef* {
        if constexpr (requires { e.ticket; }) return e.ticket.n == 0 ? nullptr : &e.ticket;
        return nullptr;
      },
      body);
}

std::string event_to_json(const queue::Clinic& clinic, const queue::EventBody& body) {
  Out out(clinic);
  std::visit([&](const auto& e) { fields(out, e); }, body);
  return out.text();
}

base::Result<queue::EventBody> event_from_json(const queue::Clinic& clinic, std::string_view kind,
                                               std::string_view text) {
  const auto found = std::find(kinds.begin(), kinds.end(), kind);
  boost::system::error_code error;
  const json::value parsed = json::parse(json::string_view(text.data(), text.size()), error);
  if (found == kinds.end() || error || !parsed.is_object()) return fail(Error::Code::storage, "bad_event");
  queue::EventBody body = empty_body(static_cast<std::size_t>(found - kinds.begin()));
  In in(clinic, parsed.as_object());
  std::visit([&](auto& e) { fields(in, e); }, body);
  if (!in.reason().empty()) return fail(Error::Code::storage, in.reason());
  return body;
}

} // namespace machiai::wire
