// SPDX-License-Identifier: Apache-2.0
// One list of fields per struct, walked by a writer and by a reader, so that JSON goes both ways alike.
#pragma once

#include "core/base/clock.hpp"

#include <boost/json.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <type_traits>
#include <vector>

namespace machiai::wire {

/// A member's text; nothing where there is none.
inline std::optional<std::string> text_at(const boost::json::object& o, const char* name) {
  const boost::json::value* found = o.if_contains(name);
  return found != nullptr && found->is_string() ? std::optional(std::string(found->as_string()))
                                                : std::nullopt;
}

/// Of a list of fields that serves the writer's const struct and the reader's.
template <class T, class S>
concept Is = std::is_same_v<std::remove_const_t<T>, S>;

/// One that an earlier program did not know is missing, and is none.
template <class T> inline constexpr bool may_miss = false;
template <class T> inline constexpr bool may_miss<std::optional<T>> = true;

/// Writes the fields of a struct into a JSON object.
class Writer {
public:
  template <class T> Writer& operator()(const char* name, const T& value) {
    object_[name] = encode(value);
    return *this;
  }
  [[nodiscard]] boost::json::object take() { return std::move(object_); }

  template <class T> static boost::json::value encode(const T& value) {
    if constexpr (std::is_same_v<T, base::Instant>) {
      return base::to_ms(value);
    } else if constexpr (std::is_same_v<T, base::Date>) {
      return boost::json::value(base::iso_date(value));
    } else if constexpr (std::is_arithmetic_v<T> || std::is_same_v<T, std::string>) {
      return boost::json::value(value);
    } else {
      return encode_compound(value);
    }
  }

private:
  template <class T> static boost::json::value encode_compound(const std::vector<T>& values) {
    boost::json::array array;
    array.reserve(values.size());
    for (const T& value : values) array.push_back(encode(value));
    return array;
  }
  template <class T> static boost::json::value encode_compound(const std::optional<T>& value) {
    return value ? encode(*value) : boost::json::value(nullptr);
  }
  template <class T> static boost::json::value encode_compound(const T& value) {
    Writer writer;
    fields(writer, value);
    return writer.take();
  }

  boost::json::object object_;
};

/// Reads the fields of a struct from a JSON object; ok() is false when one was missing or of another type.
class Reader {
public:
  explicit Reader(const boost::json::object& object) : object_(object) {}
  template <class T> Reader& operator()(const char* name, T& value) {
    const boost::json::value* found = object_.if_contains(name);
    ok_ = (found == nullptr ? may_miss<T> : decode(*found, value)) && ok_;
    return *this;
  }
  [[nodiscard]] bool ok() const { return ok_; }

  template <class T> static bool decode(const boost::json::value& json, T& value) {
    if constexpr (std::is_same_v<T, base::Instant>) {
      if (!json.is_int64()) return false;
      value = base::instant_from_ms(json.as_int64());
      return true;
    } else if constexpr (std::is_same_v<T, base::Date>) {
      const auto date = json.is_string() ? base::parse_iso_date(json.as_string()) : std::nullopt;
      value = date.value_or(value);
      return date.has_value();
    } else if constexpr (std::is_same_v<T, bool>) {
      if (!json.is_bool()) return false;
      value = json.as_bool();
      return true;
    } else if constexpr (std::is_arithmetic_v<T>) {
      boost::system::error_code error;
      value = json.to_number<T>(error);
      return !error;
    } else if constexpr (std::is_same_v<T, std::string>) {
      if (!json.is_string()) return false;
      value = std::string(json.as_string());
      return true;
    } else {
      return decode_compound(json, value);
    }
  }

private:
  template <class T> static bool decode_compound(const boost::json::value& json, std::vector<T>& values) {
    if (!json.is_array()) return false;
    values.clear();
    for (const auto& element : json.as_array()) {
      if (!decode(element, values.emplace_back())) return false;
    }
    return true;
  }
  template <class T> static bool decode_compound(const boost::json::value& json, std::optional<T>& value) {
    if (json.is_null()) {
      value.reset();
      return true;
    }
    return decode(json, value.emplace());
  }
  template <class T> static bool decode_compound(const boost::json::value& json, T& value) {
    if (!json.is_object()) return false;
    Reader reader(json.as_object());
    fields(reader, value);
    return reader.ok();
  }

  const boost::json::object& object_;
  bool ok_ = true;
};

} // namespace machiai::wire
