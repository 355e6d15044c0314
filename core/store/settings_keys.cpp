// SPDX-License-Identifier: Apache-2.0
#include "core/store/settings_keys.hpp"

#include "core/base/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string_view>

namespace machiai::store {

namespace {

enum class Kind { text, integer, flag, texts, integers, table, tables };

struct Setting {
  std::string_view path; ///< names from the top, joined by dots; elements of an array of tables have its path
  Kind kind;
};

constexpr std::array settings_known{
    Setting{"cloud", Kind::table},
    Setting{"cloud.download_from", Kind::text},
    Setting{"cloud.download_kbit", Kind::integer},
    Setting{"cloud.download_until", Kind::text},
    Setting{"facility", Kind::table},
    Setting{"facility.closed", Kind::texts},
    Setting{"facility.closed_on_holidays", Kind::flag},
    Setting{"facility.id", Kind::text},
    Setting{"facility.name", Kind::table},
    Setting{"facility.name.en", Kind::text},
    Setting{"facility.name.ja", Kind::text},
    Setting{"facility.name.reading", Kind::text},
    Setting{"facility.phone", Kind::text},
    Setting{"hub", Kind::table},
    Setting{"hub.lan", Kind::text},
    Setting{"hub.port", Kind::integer},
    Setting{"media", Kind::table},
    Setting{"media.quota_gb", Kind::integer},
    Setting{"printer", Kind::table},
    Setting{"printer.queue", Kind::text},
    Setting{"printer.server", Kind::text},
    Setting{"printer.slip", Kind::text},
    Setting{"room", Kind::tables},
    Setting{"room.id", Kind::text},
    Setting{"room.name", Kind::table},
    Setting{"room.name.en", Kind::text},
    Setting{"room.name.ja", Kind::text},
    Setting{"room.name.reading", Kind::text},
    Setting{"rules", Kind::table},
    Setting{"rules.absence", Kind::table},
    Setting{"rules.absence.back", Kind::integer},
    Setting{"rules.absence.times", Kind::integer},
    Setting{"rules.settle_seconds", Kind::integer},
    Setting{"rules.undo_seconds", Kind::integer},
    Setting{"service", Kind::tables},
    Setting{"service.acceptance", Kind::text},
    Setting{"service.cap", Kind::integer},
    Setting{"service.hours", Kind::tables},
    Setting{"service.hours.close", Kind::text},
    Setting{"service.hours.open", Kind::text},
    Setting{"service.hours.session", Kind::text},
    Setting{"service.hours.weekdays", Kind::integers},
    Setting{"service.id", Kind::text},
    Setting{"service.kinds", Kind::texts},
    Setting{"service.name", Kind::table},
    Setting{"service.name.en", Kind::text},
    Setting{"service.name.ja", Kind::text},
    Setting{"service.name.reading", Kind::text},
    Setting{"service.prefix", Kind::text},
    Setting{"service.rooms", Kind::texts},
};

const Setting* find_setting(std::string_view path) {
  const auto* const at =
      std::lower_bound(settings_known.begin(), settings_known.end(), path,
                       [](const Setting& setting, std::string_view wanted) { return setting.path < wanted; });
  return at != settings_known.end() && at->path == path ? at : nullptr;
}

/// An empty array has elements of every kind.
bool all_are(const toml::node& node, bool (toml::node::*is)() const noexcept) {
  const auto* array = node.as_array();
  return array != nullptr && std::all_of(array->begin(), array->end(),
                                         [&](const toml::node& element) { return (element.*is)(); });
}

bool is_of(const toml::node& node, Kind kind) {
  switch (kind) {
  case Kind::text: return node.is_string();
  case Kind::integer: return node.is_integer();
  case Kind::flag: return node.is_boolean();
  case Kind::texts: return all_are(node, &toml::node::is_string);
  case Kind::integers: return all_are(node, &toml::node::is_integer);
  case Kind::table: return node.is_table();
  case Kind::tables: return all_are(node, &toml::node::is_table);
  }
  return false;
}

std::string_view words_for(Kind kind) {
  switch (kind) {
  case Kind::text: return "text in quotes";
  case Kind::integer: return "a whole number";
  case Kind::flag: return "true or false";
  case Kind::texts: return "a list of texts in quotes";
  case Kind::integers: return "a list of whole numbers";
  case Kind::table: return "a table";
  case Kind::tables: return "a list of tables";
  }
  return {};
}

/// What people read on slips and screens; the others are of this machine: paths, addresses, ids.
bool is_shown(std::string_view path) {
  return path.find(".name.") != std::string_view::npos || path == "facility.phone" || path == "service.kinds";
}

bool is_fit(const toml::node& node) {
  constexpr std::size_t longest = 64;
  if (const auto text = node.value<std::string>()) return base::check_text(*text, longest).has_value();
  const auto* texts = node.as_array();
  return texts == nullptr || std::all_of(texts->begin(), texts->end(), is_fit);
}

std::optional<std::string> unlike(const toml::table& table, const std::string& below) {
  for (const auto& [key, node] : table) {
    const std::string path = below + std::string(key.str());
    const Setting* setting = find_setting(path);
    if (setting == nullptr) return fmt::format("line {}: {} is no setting", key.source().begin.line, path);
    if (!is_of(node, setting->kind))
      return fmt::format("line {}: {}: {}", key.source().begin.line, path, words_for(setting->kind));
    if (is_shown(path) && !is_fit(node))
      return fmt::format("line {}: {}: text of 64 characters at most, without marks that cannot be seen",
                         key.source().begin.line, path);
    if (const auto* inner = node.as_table())
      if (auto wrong = unlike(*inner, path + ".")) return wrong;
    if (setting->kind == Kind::tables)
      for (const toml::node& element : *node.as_array())
        if (auto wrong = unlike(*element.as_table(), path + ".")) return wrong;
  }
  return std::nullopt;
}

} // namespace

std::optional<std::string> unlike_settings(const toml::table& settings) {
  return unlike(settings, "");
}

} // namespace machiai::store
