// SPDX-License-Identifier: Apache-2.0
// The way to a key: what the keys of the pairing pages do.
#include "room/entry.hpp"

#include <algorithm>

namespace machiai::room {

namespace {

constexpr std::string_view in_address = "abcdefghijklmnopqrstuvwxyz0123456789.:-[]/";

void type(Entry& entry, std::string_view key) {
  entry.reason.clear();
  std::string& text = entry.at_code ? entry.code : entry.address;
  if (key == "left") {
    if (!text.empty()) text.pop_back();
  } else if (key.size() != 1) {
    return;
  } else if (entry.at_code) {
    if (key[0] >= '0' && key[0] <= '9' && text.size() < code_digits) text += key;
  } else if (in_address.find(key[0]) != std::string_view::npos && text.size() < longest_address) {
    text += key;
  }
}

/// Asks who is there, once both are filled in; else it goes to what is missing.
Step go(Glass glass) {
  Entry& entry = glass.entry;
  entry.reason.clear();
  if (entry.address.empty()) {
    entry.at_code = false;
    entry.reason = "entry.address";
  } else if (entry.code.size() != code_digits) {
    // The first "go" after the address leads on to the code.
    if (entry.at_code) entry.reason = "entry.code";
    entry.at_code = true;
  } else {
    glass.page = Page::looking;
    return {std::move(glass), Order{"look", {}}};
  }
  return nothing(std::move(glass));
}

Glass back_to_entry(Glass glass, std::string reason) {
  glass.page = Page::enter;
  glass.entry.check.clear();
  // A code works once; the address stays.
  glass.entry.code.clear();
  glass.entry.at_code = true;
  glass.entry.reason = std::move(reason);
  return glass;
}

} // namespace

Step touched_entry(Glass glass, std::string_view name) {
  if (glass.page == Page::compare) {
    if (name == "same") {
      glass.page = Page::joining;
      return {std::move(glass), Order{"join", {}}};
    }
    if (name == "differs") return nothing(back_to_entry(std::move(glass), "check_differs"));
  }
  if (glass.page != Page::enter) return nothing(std::move(glass));
  if (name == "field-address" || name == "field-code") glass.entry.at_code = name == "field-code";
  if (name.substr(0, 4) == "key-") type(glass.entry, name.substr(4));
  if (name == "go") return go(std::move(glass));
  if (name == "keep" && glass.has_key) {
    glass.page = Page::seat;
    glass.entry.reason.clear();
  }
  return nothing(std::move(glass));
}

Step looked(Glass glass, const base::Result<std::string>& check) {
  if (glass.page != Page::looking) return nothing(std::move(glass));
  if (!check) {
    // Nothing was told to anybody: the code still works.
    glass.page = Page::enter;
    glass.entry.at_code = false;
    glass.entry.reason = check.error().reason;
    return nothing(std::move(glass));
  }
  glass.entry.check = *check;
  if (glass.entry.expected.empty()) {
    glass.page = Page::compare;
    return nothing(std::move(glass));
  }
  if (plain_check(glass.entry.expected) != plain_check(*check))
    return nothing(back_to_entry(std::move(glass), "check_differs"));
  glass.page = Page::joining;
  return {std::move(glass), Order{"join", {}}};
}

Glass joined(Glass glass, const base::Result<std::pair<std::string, std::string>>& device_and_room) {
  if (!device_and_room) return back_to_entry(std::move(glass), device_and_room.error().reason);
  glass.page = Page::seat;
  glass.has_key = true;
  std::tie(glass.device, glass.room) = *device_and_room;
  glass.entry.code.clear();
  glass.entry.check.clear();
  glass.entry.expected.clear();
  glass.told = {};
  glass.away.clear();
  glass.pending.clear();
  return glass;
}

Glass revoked(Glass glass) {
  Glass fresh;
  fresh.lang = glass.lang;
  fresh.entry.address = glass.entry.address;
  fresh.entry.at_code = !fresh.entry.address.empty();
  fresh.entry.reason = "device_revoked";
  return fresh;
}

std::string plain_check(std::string_view text) {
  std::string plain;
  for (const char c : text) {
    if (c >= 'a' && c <= 'f')
      plain += static_cast<char>(c - 'a' + 'A');
    else if ((c >= '0' && c <= '9') || (c >= 'A' && c <= 'F'))
      plain += c;
  }
  return plain;
}

} // namespace machiai::room
