// SPDX-License-Identifier: Apache-2.0
#include "core/wire/programme.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

namespace machiai::wire {

namespace json = boost::json;
using base::Error;
using base::fail;
using base::Result;
using programme::Programme;

namespace {

constexpr std::array<std::string_view, 8> day_names{"sun", "mon", "tue", "wed",
                                                    "thu", "fri", "sat", "holiday"};

constexpr std::size_t most_faults = 1000;

std::string_view view(const json::string& text) {
  return {text.data(), text.size()};
}

/// "08:30" or "8:30" -> 510; "24:00" is allowed.
std::optional<int> minute_of(std::string_view text) {
  const std::size_t colon = text.find(':');
  if (colon == 0 || colon > 2 || text.size() != colon + 3) return std::nullopt;
  int parts[2] = {0, 0};
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (i == colon) continue;
    if (text[i] < '0' || text[i] > '9') return std::nullopt;
    int& part = parts[i > colon ? 1 : 0];
    part = part * 10 + (text[i] - '0');
  }
  const int minute = parts[0] * 60 + parts[1];
  return parts[1] < 60 && minute <= 1440 ? std::optional(minute) : std::nullopt;
}

/// JSON does not tell 3 from 3.0; none: a fraction, or beyond what every reader of JSON keeps exactly.
std::optional<std::int64_t> whole_number(const json::value& value) {
  constexpr std::int64_t exact = 1LL << 53;
  if (value.is_int64() && value.as_int64() <= exact && value.as_int64() >= -exact) return value.as_int64();
  if (!value.is_double()) return std::nullopt;
  const double number = value.as_double();
  const bool whole = number == std::trunc(number) && std::abs(number) <= static_cast<double>(exact);
  return whole ? std::optional(static_cast<std::int64_t>(number)) : std::nullopt;
}

/// Reads one document; collects its mistakes and goes on with empty values.
class Document {
public:
  explicit Document(const json::object& root) : root_(root) {}

  Programme read() {
    only(root_, "",
         {"format", "facility", "programme", "version", "period", "deadline", "issued", "items", "slots",
          "exceptions", "substitute", "signature"});
    if (number(root_, "", "format", 0) != 1) mistake("format");
    Programme p;
    p.facility = text(root_, "", "facility");
    p.id = text(root_, "", "programme");
    p.version = number(root_, "", "version", 0);
    const json::object& period = object(root_, "", "period");
    only(period, "period", {"from", "to"});
    p.from = date(period, "period", "from");
    p.to = date(period, "period", "to");
    p.deadline = instant(root_, "", "deadline");
    if (root_.contains("issued")) p.issued = instant(root_, "", "issued");
    each(root_, "", "items",
         [&](const json::object& o, const std::string& at) { p.items.push_back(item(o, at)); });
    each(root_, "", "slots",
         [&](const json::object& o, const std::string& at) { p.slots.push_back(slot(o, at)); });
    if (root_.contains("exceptions"))
      each(root_, "", "exceptions", [&](const json::object& o, const std::string& at) {
        only(o, at, {"date", "slots"});
        p.exceptions.push_back({date(o, at, "date"), texts(o, at, "slots")});
      });
    if (root_.contains("substitute")) p.substitute = texts(root_, "", "substitute");
    return p;
  }
  [[nodiscard]] const std::vector<programme::Fault>& faults() const { return faults_; }

private:
  static std::string in(const std::string& at, const std::string& name) {
    return at.empty() ? name : at + "/" + name;
  }
  void mistake(const std::string& where, const char* reason = "bad_value") {
    const bool told = std::any_of(faults_.begin(), faults_.end(), [&](const programme::Fault& fault) {
      return where.starts_with(fault.where) &&
             (where.size() == fault.where.size() || where[fault.where.size()] == '/');
    });
    if (!told && faults_.size() < most_faults) faults_.push_back({where, reason});
  }
  /// The member; none and a mistake where it is missing.
  const json::value* member(const json::object& o, const std::string& at, const char* name) {
    const json::value* found = o.if_contains(name);
    if (found == nullptr) mistake(in(at, name), "missing");
    return found;
  }

  void only(const json::object& o, const std::string& at, std::initializer_list<std::string_view> known) {
    for (const auto& member : o)
      if (std::find(known.begin(), known.end(), std::string_view(member.key().data(), member.key().size())) ==
          known.end())
        mistake(in(at, std::string(member.key())), "unknown_member");
  }

  std::string text(const json::object& o, const std::string& at, const char* name) {
    const json::value* found = member(o, at, name);
    if (found != nullptr && found->is_string()) return std::string(found->as_string());
    mistake(in(at, name));
    return {};
  }
  std::string text_or_none(const json::object& o, const std::string& at, const char* name) {
    return o.contains(name) ? text(o, at, name) : std::string{};
  }

  int number(const json::object& o, const std::string& at, const char* name, int otherwise) {
    const json::value* found = member(o, at, name);
    const auto value = found != nullptr ? whole_number(*found) : std::nullopt;
    if (value && *value >= 0 && *value <= 1'000'000'000) return static_cast<int>(*value);
    mistake(in(at, name));
    return otherwise;
  }

  const json::object& object(const json::object& o, const std::string& at, const char* name) {
    static const json::object empty;
    const json::value* found = member(o, at, name);
    if (found != nullptr && found->is_object()) return found->as_object();
    mistake(in(at, name));
    return empty;
  }

  base::Date date(const json::object& o, const std::string& at, const char* name) {
    const auto parsed = base::parse_iso_date(text(o, at, name));
    if (!parsed) mistake(in(at, name));
    return parsed.value_or(base::Date{});
  }
  base::Instant instant(const json::object& o, const std::string& at, const char* name) {
    const auto parsed = base::parse_iso_instant(text(o, at, name));
    if (!parsed) mistake(in(at, name));
    return parsed.value_or(base::Instant{});
  }

  template <class Use> void each(const json::object& o, const std::string& at, const char* name, Use use) {
    const json::value* found = member(o, at, name);
    if (found == nullptr || !found->is_array()) return mistake(in(at, name));
    for (std::size_t i = 0; i < found->as_array().size(); ++i) {
      const std::string here = in(at, name) + "/" + std::to_string(i);
      const json::value& value = found->as_array()[i];
      value.is_object() ? use(value.as_object(), here) : mistake(here);
    }
  }

  std::vector<std::string> texts(const json::object& o, const std::string& at, const char* name) {
    std::vector<std::string> list;
    const json::value* found = member(o, at, name);
    if (found == nullptr || !found->is_array()) {
      mistake(in(at, name));
      return list;
    }
    for (const json::value& value : found->as_array()) {
      if (!value.is_string()) mistake(in(at, name));
      list.push_back(value.is_string() ? std::string(value.as_string()) : std::string{});
    }
    return list;
  }

  programme::Days days(const json::object& o, const std::string& at) {
    if (!o.contains("days")) return programme::every_day;
    unsigned bits = 0;
    const auto names = texts(o, at, "days");
    if (names.empty()) mistake(in(at, "days"));
    for (const std::string& name : names) {
      const auto found = std::find(day_names.begin(), day_names.end(), name);
      if (found == day_names.end())
        mistake(in(at, "days"));
      else
        bits |= 1U << static_cast<unsigned>(found - day_names.begin());
    }
    return static_cast<programme::Days>(bits);
  }

  int minute(std::string_view text, const std::string& at, int otherwise) {
    const auto minute = minute_of(text);
    if (!minute) mistake(at);
    return minute.value_or(otherwise);
  }

  programme::Right right(const json::object& o, const std::string& at) {
    only(o, at, {"from", "to", "days", "hours"});
    programme::Right right{date(o, at, "from"), date(o, at, "to"), days(o, at), {}};
    if (!o.contains("hours")) return right;
    for (const std::string& span : texts(o, at, "hours")) {
      const std::size_t dash = std::min(span.find('-'), span.size());
      const std::string_view text = span;
      right.hours.push_back({minute(text.substr(0, dash), in(at, "hours"), 0),
                             minute(text.substr(std::min(dash + 1, span.size())), in(at, "hours"), 1)});
    }
    return right;
  }

  programme::Item item(const json::object& o, const std::string& at) {
    only(o, at, {"id", "kind", "title", "title_en", "sha256", "seconds", "rights", "sponsor"});
    programme::Item item;
    item.id = text(o, at, "id");
    const auto kind = programme::kind_of(text(o, at, "kind"));
    if (!kind) mistake(in(at, "kind"));
    item.kind = kind.value_or(programme::Kind::own);
    item.title = text(o, at, "title");
    item.title_en = text_or_none(o, at, "title_en");
    item.sha256 = text(o, at, "sha256");
    item.seconds = number(o, at, "seconds", 0);
    item.sponsor = text_or_none(o, at, "sponsor");
    if (o.contains("rights"))
      each(o, at, "rights",
           [&](const json::object& r, const std::string& here) { item.rights.push_back(right(r, here)); });
    return item;
  }

  /// "id", or {"item":"id","weight":2}.
  std::vector<programme::Choice> choices(const json::object& o, const std::string& at, const char* name) {
    std::vector<programme::Choice> list;
    const json::value* found = member(o, at, name);
    if (found == nullptr || !found->is_array()) {
      mistake(in(at, name));
      return list;
    }
    for (std::size_t i = 0; i < found->as_array().size(); ++i) {
      const json::value& value = found->as_array()[i];
      const std::string here = in(at, name) + "/" + std::to_string(i);
      if (value.is_string()) {
        list.push_back({std::string(value.as_string()), 1});
      } else if (value.is_object()) {
        only(value.as_object(), here, {"item", "weight"});
        list.push_back({text(value.as_object(), here, "item"), number(value.as_object(), here, "weight", 1)});
      } else {
        mistake(here);
      }
    }
    return list;
  }

  programme::Slot slot(const json::object& o, const std::string& at) {
    only(o, at, {"id", "days", "from", "to", "when", "order", "items", "ad_share", "ads"});
    programme::Slot slot;
    slot.id = text(o, at, "id");
    slot.days = days(o, at);
    slot.hours = {minute(text(o, at, "from"), in(at, "from"), 0), minute(text(o, at, "to"), in(at, "to"), 1)};
    const std::string when = o.contains("when") ? text(o, at, "when") : "always";
    const std::string order = o.contains("order") ? text(o, at, "order") : "sequence";
    if (when != "always" && when != "open" && when != "closed") mistake(in(at, "when"));
    if (order != "sequence" && order != "weighted") mistake(in(at, "order"));
    slot.when = when == "open"     ? programme::When::open
                : when == "closed" ? programme::When::closed
                                   : programme::When::always;
    slot.order = order == "weighted" ? programme::Order::weighted : programme::Order::sequence;
    slot.items = choices(o, at, "items");
    if (o.contains("ad_share")) slot.ad_share = number(o, at, "ad_share", 0);
    if (o.contains("ads")) slot.ads = choices(o, at, "ads");
    return slot;
  }

  const json::object& root_;
  std::vector<programme::Fault> faults_;
};

/// RFC 8785 3.2.2.2.
void write_text(std::string_view text, std::string& out) {
  constexpr std::string_view named = "\b\f\n\r\t\"\\";
  constexpr std::string_view letters = "bfnrt\"\\";
  out += '"';
  for (const char c : text) {
    if (const std::size_t at = named.find(c); at != std::string_view::npos) {
      out += '\\';
      out += letters[at];
    } else if (static_cast<unsigned char>(c) < 0x20) {
      out += fmt::format("\\u{:04x}", static_cast<unsigned>(c));
    } else {
      out += c;
    }
  }
  out += '"';
}

/// False for a number that is not an integer within 2^53.
bool write(const json::value& value, std::string& out);

bool write(const json::object& object, std::string& out) {
  std::vector<const json::key_value_pair*> members;
  for (const auto& member : object) members.push_back(&member);
  // By bytes: the same as the standard's UTF-16 order for the ASCII names that a programme has.
  std::sort(members.begin(), members.end(), [](const auto* a, const auto* b) { return a->key() < b->key(); });
  out += '{';
  for (const auto* member : members) {
    if (out.back() != '{') out += ',';
    write_text({member->key().data(), member->key().size()}, out);
    out += ':';
    if (!write(member->value(), out)) return false;
  }
  out += '}';
  return true;
}

bool write(const json::value& value, std::string& out) {
  if (value.is_object()) return write(value.as_object(), out);
  if (value.is_array()) {
    out += '[';
    for (const json::value& each : value.as_array()) {
      if (out.back() != '[') out += ',';
      if (!write(each, out)) return false;
    }
    out += ']';
  } else if (value.is_string()) {
    write_text(view(value.as_string()), out);
  } else if (value.is_bool() || value.is_null()) {
    out += json::serialize(value);
  } else if (const auto number = whole_number(value)) {
    out += std::to_string(*number);
  } else {
    return false;
  }
  return true;
}

/// 3 where 3.0 stood: as it is signed.
void write_whole_numbers(json::value& value) {
  if (const auto number = whole_number(value)) value = *number;
  if (json::array* list = value.if_array())
    for (json::value& each : *list) write_whole_numbers(each);
  if (json::object* object = value.if_object())
    for (auto& member : *object) write_whole_numbers(member.value());
}

/// What is short and holds nothing nested stays on its line.
void write_readable(const json::value& value, int level, std::string& out) {
  constexpr std::size_t line = 100;
  const bool compound = value.is_object() || value.is_array();
  const std::string flat = json::serialize(value);
  if (!compound || (level > 0 && flat.size() < line)) {
    out += flat;
    return;
  }
  const std::string indent(static_cast<std::size_t>(level + 1) * 2, ' ');
  const char* before = "";
  const auto next = [&] { out += before, out += "\n" + indent, before = ","; };
  out += value.is_object() ? '{' : '[';
  if (value.is_object())
    for (const auto& member : value.as_object()) {
      next();
      out += json::serialize(member.key()) + ": ";
      write_readable(member.value(), level + 1, out);
    }
  else
    for (const json::value& each : value.as_array()) {
      next();
      write_readable(each, level + 1, out);
    }
  out += "\n" + indent.substr(2) + (value.is_object() ? "}" : "]");
}

} // namespace

Result<Programme> programme_from_json(const json::object& document) {
  Document reader(document);
  Programme p = reader.read();
  if (!reader.faults().empty())
    return fail(Error::Code::invalid, "bad_programme", reader.faults().front().where);
  return p;
}

std::vector<programme::Fault> form_faults(const json::object& document) {
  Document reader(document);
  static_cast<void>(reader.read());
  return reader.faults();
}

Result<std::string> canonical(const json::object& document) {
  json::object unsigned_one = document;
  unsigned_one.erase("signature");
  std::string out;
  if (!write(unsigned_one, out)) return fail(Error::Code::invalid, "bad_programme", "number");
  return out;
}

std::string readable(const json::object& document) {
  json::value copy = document;
  write_whole_numbers(copy);
  std::string out;
  write_readable(copy, 0, out);
  return out + "\n";
}

} // namespace machiai::wire
