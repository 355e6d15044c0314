// SPDX-License-Identifier: Apache-2.0
#include "cloud/profile.hpp"

#include "core/base/text.hpp"
#include "core/queue/places.hpp"
#include "core/wire/limits.hpp"

#include <algorithm>
#include <map>
#include <set>

namespace machiai::cloud {

namespace {

namespace json = boost::json;
using base::Error;
using base::fail;

constexpr std::size_t longest_text = 200;
constexpr int shortest_slot = 5; ///< minutes
constexpr std::size_t longest_prefix = 3;
constexpr std::size_t longest_kind = 40;
constexpr int most_places = 100;
constexpr int longest_draw = 24 * 3600; ///< seconds

/// Reads fields and remembers the first that is wrong; a missing field keeps its default.
class Reader {
public:
  Reader(std::string& wrong, Written written) : wrong_(wrong), written_(written) {}

  const json::value* find(const json::object& from, std::string_view name) {
    asked_[&from].insert(name);
    return from.if_contains({name.data(), name.size()});
  }
  std::string text(const json::object& from, std::string_view name, std::string otherwise = {}) {
    const json::value* value = find(from, name);
    if (value == nullptr) return otherwise;
    if (!value->is_string()) return bad(name), otherwise;
    std::string text(value->as_string());
    if (!base::check_text(text, longest_text)) bad(name);
    return text;
  }
  int number(const json::object& from, std::string_view name, int otherwise) {
    const json::value* value = find(from, name);
    if (value == nullptr) return otherwise;
    if (!value->is_int64() || value->as_int64() < -1 || value->as_int64() > 1'000'000)
      return bad(name), otherwise;
    return static_cast<int>(value->as_int64());
  }
  /// A number of something.
  int count(const json::object& from, std::string_view name, int otherwise) {
    const json::value* value = find(from, name);
    if (value != nullptr && value->is_int64() && value->get_int64() < 0) doubt(name);
    return number(from, name, otherwise);
  }
  bool flag(const json::object& from, std::string_view name, bool otherwise) {
    const json::value* value = find(from, name);
    if (value == nullptr) return otherwise;
    if (!value->is_bool()) return bad(name), otherwise;
    return value->as_bool();
  }
  int minute(const json::object& from, std::string_view name, int otherwise) {
    const std::string written = text(from, name);
    if (written.empty()) return otherwise;
    const auto minute = queue::parse_minute(written);
    if (!minute) bad(name);
    return minute.value_or(otherwise);
  }
  std::optional<base::Date> date(const json::object& from, std::string_view name) {
    const std::string written = text(from, name);
    if (written.empty()) return std::nullopt;
    const auto date = base::parse_iso_date(written);
    if (!date) bad(name);
    return date;
  }
  std::optional<base::Instant> instant(const json::object& from, std::string_view name) {
    const std::string written = text(from, name);
    if (written.empty()) return std::nullopt;
    const auto at = base::parse_iso_instant(written);
    if (!at) bad(name);
    return at;
  }
  queue::Label label(const json::object& from, std::string_view name, const std::string& otherwise) {
    const json::object& object = child(from, name);
    queue::Label label;
    label.ja = text(object, "ja", otherwise);
    if (base::is_blank(label.ja)) doubt(name);
    label.en = text(object, "en", label.ja);
    label.reading = text(object, "reading", label.ja);
    return label;
  }
  const json::object& child(const json::object& from, std::string_view name) {
    static const json::object nothing;
    const json::value* value = find(from, name);
    if (value == nullptr) return nothing;
    if (!value->is_object()) return bad(name), nothing;
    return value->get_object();
  }
  /// Calls `each` with every object of the list.
  template <class Each> void list(const json::object& from, std::string_view name, Each each) {
    const json::value* value = find(from, name);
    if (value == nullptr) return;
    if (!value->is_array() || value->get_array().size() > 1000) return bad(name);
    for (const json::value& element : value->get_array()) {
      if (!element.is_object()) return bad(name);
      each(element.get_object());
    }
  }
  std::vector<int> weekdays(const json::object& from) {
    std::vector<int> days;
    const json::value* value = find(from, "weekdays");
    if (value == nullptr) return days;
    if (!value->is_array()) return doubt("weekdays"), days;
    for (const json::value& each : value->get_array()) {
      if (!each.is_int64() || each.as_int64() < 0 || each.as_int64() > 6)
        bad("weekdays");
      else
        days.push_back(static_cast<int>(each.as_int64()));
    }
    return days;
  }
  /// What a service calls its kinds of visits; what could not be written into a booking is none.
  std::vector<std::string> kinds(const json::object& from) {
    std::vector<std::string> kinds;
    const json::value* value = find(from, "kinds");
    if (value == nullptr) return kinds;
    if (!value->is_array()) return doubt("kinds"), kinds;
    for (const json::value& each : value->get_array()) {
      const std::string kind = each.is_string() ? std::string(each.get_string()) : std::string{};
      if (base::is_blank(kind) || !base::check_text(kind, longest_kind))
        doubt("kinds");
      else
        kinds.push_back(kind);
    }
    return kinds;
  }
  void bad(std::string_view name) {
    if (wrong_.empty()) wrong_ = name;
  }
  /// Wrong in what is entered now; what was kept before this was looked at still holds.
  void doubt(std::string_view name) {
    if (written_ == Written::now) bad(name);
  }
  /// A member that nobody asked for is a misspelt one, or a newer program's.
  void doubt_others() {
    for (const auto& [object, names] : asked_)
      for (const auto& member : *object)
        if (names.count(member.key()) == 0) doubt(member.key());
  }

private:
  std::string& wrong_;
  Written written_;
  std::map<const json::object*, std::set<std::string_view>> asked_;
};

std::vector<booking::Window> read_windows(Reader& reader, const json::object& from) {
  std::vector<booking::Window> windows;
  reader.list(from, "windows", [&](const json::object& each) {
    windows.push_back(
        {reader.weekdays(each), reader.minute(each, "opens", 0), reader.minute(each, "closes", 0)});
    if (windows.back().open >= windows.back().close) reader.bad("windows");
  });
  const auto on = [](const booking::Window& window, int day) {
    return window.weekdays.empty() || std::count(window.weekdays.begin(), window.weekdays.end(), day) != 0;
  };
  for (int day = 0; day < 7; ++day) {
    const auto many =
        std::count_if(windows.begin(), windows.end(), [&](const auto& each) { return on(each, day); });
    if (static_cast<std::size_t>(many) > wire::most_windows) reader.doubt("windows");
  }
  return windows;
}

booking::Rules read_rules(Reader& reader, const json::object& from) {
  booking::Rules rules;
  rules.windows = read_windows(reader, from);
  reader.list(from, "exceptions", [&](const json::object& each) {
    booking::DateException exception;
    const auto date = reader.date(each, "date");
    if (!date) return reader.bad("exceptions");
    exception.date = *date;
    exception.windows = read_windows(reader, each);
    if (!each.contains("windows")) exception.windows = booking::usual_windows(rules, *date);
    if (const int cap = reader.count(each, "cap", -1); cap >= 0) exception.cap = cap;
    rules.exceptions.push_back(std::move(exception));
  });
  rules.cap = reader.count(from, "cap", 0);
  rules.walk_in_places = std::max(0, reader.count(from, "walk_in_places", 0));
  rules.walk_in_every = reader.number(from, "walk_in_every", 0);
  if (!queue::is_every(rules.walk_in_every)) reader.bad("walk_in_every");
  rules.stopped = reader.flag(from, "stopped", false);
  rules.stopped_until = reader.instant(from, "stopped_until");
  const std::string when_away = reader.text(from, "when_away", "numbers");
  if (when_away != "numbers" && when_away != "refuse") reader.bad("when_away");
  rules.refuse_when_away = when_away == "refuse";
  rules.draw_seconds = reader.number(from, "draw_seconds", 60);
  if (rules.draw_seconds < 0 || rules.draw_seconds > longest_draw) reader.doubt("draw_seconds");
  if (const int minute = reader.minute(from, "through_by", -1); minute >= 0) rules.through_by = minute;
  return rules;
}

bool on_one_day(const booking::SlotSpan& a, const booking::SlotSpan& b) {
  if (a.weekdays.empty() || b.weekdays.empty()) return true;
  return std::any_of(a.weekdays.begin(), a.weekdays.end(), [&](int day) {
    return std::find(b.weekdays.begin(), b.weekdays.end(), day) != b.weekdays.end();
  });
}

std::vector<booking::SlotSpan> read_slots(Reader& reader, const json::object& from) {
  std::vector<booking::SlotSpan> slots;
  reader.list(from, "slots", [&](const json::object& each) {
    booking::SlotSpan span;
    span.weekdays = reader.weekdays(each);
    span.open = reader.minute(each, "opens", 0);
    span.close = reader.minute(each, "closes", 0);
    span.minutes = reader.number(each, "minutes", span.minutes);
    span.places = reader.number(each, "places", span.places);
    span.days_ahead = reader.number(each, "days_ahead", span.days_ahead);
    span.closes_before = reader.number(each, "closes_before", span.closes_before);
    const bool right = span.open < span.close && span.minutes >= shortest_slot && span.minutes <= 24 * 60 &&
                       span.places >= 1 && span.places <= most_places && span.days_ahead >= 0 &&
                       span.days_ahead <= booking::most_days_ahead && span.closes_before >= 0;
    const bool crossed = std::any_of(slots.begin(), slots.end(), [&](const booking::SlotSpan& other) {
      return on_one_day(span, other) && span.open < other.close && other.open < span.close;
    });
    if (!right || crossed) reader.bad("slots");
    slots.push_back(std::move(span));
  });
  return slots;
}

/// As clinic.toml takes it: a number of the web's or the kiosk's own series (W1-7, K-3) could not be told
/// from that of a counter with such a prefix.
bool is_prefix(std::string_view prefix) {
  return prefix.size() <= longest_prefix && !prefix.starts_with('W') && !prefix.starts_with('K') &&
         std::all_of(prefix.begin(), prefix.end(), [](char c) { return c >= 'A' && c <= 'Z'; });
}

/// Two counters with one prefix, or both without, would call the same number; as clinic.toml takes it.
base::Status check_prefixes(const std::vector<ServiceProfile>& services) {
  std::map<std::string_view, std::string_view> seen;
  for (const ServiceProfile& each : services)
    if (const auto [other, is_new] = seen.try_emplace(each.prefix, each.id); !is_new)
      return fail(Error::Code::invalid, "same_prefix",
                  "service " + each.id + ": prefix as service " + std::string(other->second));
  return {};
}

ServiceProfile read_service(Reader& reader, const json::object& from) {
  ServiceProfile service;
  service.id = reader.text(from, "id");
  if (!base::is_plain_id(service.id, 32)) reader.bad("service id");
  service.number = reader.count(from, "number", 0);
  service.name = reader.label(from, "name", service.id);
  service.prefix = reader.text(from, "prefix");
  if (!is_prefix(service.prefix)) reader.doubt("prefix");
  service.kinds = reader.kinds(from);
  if (service.kinds.empty()) service.kinds = {"return"};
  reader.list(from, "hours", [&](const json::object& each) {
    service.hours.push_back({reader.text(each, "session", "morning"), reader.minute(each, "opens", 0),
                             reader.minute(each, "closes", 0), reader.weekdays(each)});
  });
  service.booking = read_rules(reader, reader.child(from, "booking"));
  service.booking.slots = read_slots(reader, from);
  const json::object& absence = reader.child(from, "absence");
  service.absence.back = reader.count(absence, "back", service.absence.back);
  service.absence.times = reader.count(absence, "times", service.absence.times);
  return service;
}

/// No two are called the same: counters are found by their number, too.
template <class Part> bool each_once(const std::vector<Part>& parts) {
  std::set<std::string> names;
  for (const Part& each : parts) {
    if (!names.insert(each.id).second) return false;
    if constexpr (requires { each.number; })
      if (each.number > 0 && std::to_string(each.number) != each.id &&
          !names.insert(std::to_string(each.number)).second)
        return false;
  }
  return true;
}

std::vector<service::Span> read_spans(Reader& reader, const json::object& from, std::string_view name) {
  std::vector<service::Span> spans;
  reader.list(from, name, [&](const json::object& each) {
    const auto begin = reader.instant(each, "from");
    if (!begin) return reader.bad(name);
    spans.push_back({*begin, reader.instant(each, "until"), reader.text(each, "reason")});
  });
  return spans;
}

} // namespace

const ServiceProfile* Profile::service(std::string_view wanted) const {
  const auto found = std::find_if(services.begin(), services.end(), [&](const ServiceProfile& each) {
    return each.id == wanted || std::to_string(each.number) == wanted;
  });
  return found == services.end() ? nullptr : &*found;
}

base::Result<Profile> read_profile(const json::object& document, Written written) {
  std::string wrong;
  Reader reader(wrong, written);
  Profile profile;
  profile.slug = reader.text(document, "id");
  if (!base::is_plain_id(profile.slug, 32)) reader.bad("id");
  // Facilities are found by their number, too.
  if (profile.slug.find_first_not_of("0123456789") == std::string::npos) reader.doubt("id");
  profile.number = reader.count(document, "number", 0);
  profile.name = reader.label(document, "name", profile.slug);
  if (!document.contains("name")) reader.doubt("name");
  profile.phone = reader.text(document, "phone");
  const json::object& address = reader.child(document, "address");
  profile.postal = reader.text(address, "postal");
  profile.address = reader.text(address, "text");
  profile.access = reader.text(address, "access");
  profile.by_card = reader.flag(document, "by_card", true);
  profile.by_name = reader.flag(document, "by_name", true);
  profile.checks = reader.flag(document, "checks", true);
  profile.slots_per_card = reader.number(document, "slots_per_card", profile.slots_per_card);
  if (profile.slots_per_card < 0) reader.bad("slots_per_card");
  const json::object& contract = reader.child(document, "contract");
  profile.contract.queue = reader.flag(contract, "queue", true);
  profile.contract.signage = reader.flag(contract, "signage", true);
  profile.contract.begins = reader.date(contract, "begins");
  profile.contract.ended = reader.date(contract, "ended");
  profile.contract.suspensions = read_spans(reader, contract, "suspensions");
  reader.list(document, "rooms", [&](const json::object& each) {
    const std::string id = reader.text(each, "id");
    profile.rooms.push_back({id, reader.label(each, "name", id)});
  });
  reader.list(document, "services",
              [&](const json::object& each) { profile.services.push_back(read_service(reader, each)); });
  if (!each_once(profile.services)) reader.doubt("services");
  if (!each_once(profile.rooms)) reader.doubt("rooms");
  reader.doubt_others();
  if (!wrong.empty()) return fail(Error::Code::invalid, "bad_settings", wrong);
  if (written == Written::now) MACHIAI_TRY(check_prefixes(profile.services));
  return profile;
}

base::Result<service::Provider> read_provider(const json::object& document) {
  std::string wrong;
  Reader reader(wrong, Written::before);
  service::Provider provider;
  const json::object& hours = reader.child(document, "hours");
  provider.hours.open = reader.minute(hours, "opens", provider.hours.open);
  provider.hours.close = reader.minute(hours, "closes", provider.hours.close);
  reader.list(hours, "exceptions", [&](const json::object& each) {
    const auto date = reader.date(each, "date");
    if (!date) return reader.bad("exceptions");
    provider.hours.exceptions.push_back(
        {*date, reader.minute(each, "opens", 0), reader.minute(each, "closes", 0)});
  });
  provider.maintenance = read_spans(reader, document, "maintenance");
  if (!wrong.empty()) return fail(Error::Code::invalid, "bad_settings", wrong);
  return provider;
}

booking::Rules rules_on(const ServiceProfile& service, bool stopped, base::Date date,
                        std::optional<int> walk_ins, std::optional<int> walk_in_every) {
  booking::Rules rules = service.booking;
  rules.walk_in_places = walk_ins.value_or(rules.walk_in_places);
  rules.walk_in_every = walk_in_every.value_or(rules.walk_in_every);
  if (!stopped) return rules;
  rules.stopped = true;
  rules.stopped_until = base::at_minute(base::Date{date.days + 1}, 0); // with the date
  return rules;
}

std::string shown(const ServiceProfile& service, std::string_view series, int n) {
  const std::string number = std::to_string(n);
  if (series != "M") return service.prefix + std::string(series) + "-" + number;
  return service.prefix.empty() ? number : service.prefix + "-" + number;
}

} // namespace machiai::cloud
