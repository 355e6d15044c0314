// SPDX-License-Identifier: Apache-2.0
// Glasses for pictures and tests, as the pages are met in use.
#include "room/window.hpp"

namespace machiai::room {

namespace {

constexpr const char* sample_check = "7F3A 91C2 0B5E D418 66A0";

bool entry_page(Glass& glass, const QString& page) {
  glass.page = Page::enter;
  if (page == "enter") return true;
  glass.entry.address = "192.168.1.20:8443";
  glass.entry.at_code = true;
  if (page == "code") {
    glass.entry.code = "0428";
  } else if (page == "looking" || page == "joining") {
    glass.entry.code = "042817";
    glass.page = page == "looking" ? Page::looking : Page::joining;
  } else if (page == "compare") {
    glass.page = Page::compare;
    glass.entry.check = sample_check;
  } else if (page == "anew") {
    glass.has_key = true;
    glass.entry.at_code = false;
  } else if (page.startsWith("entry-")) {
    glass.entry.reason = page.mid(6).toStdString();
  } else {
    return false;
  }
  return true;
}

} // namespace

std::optional<Glass> sample_glass(const queue::RoomsView& view, const QString& page, const QString& lang) {
  Glass glass;
  glass.lang = lang.toStdString();
  if (entry_page(glass, page)) return glass;
  glass = Glass{};
  glass.lang = lang.toStdString();
  glass.page = Page::seat;
  glass.device = "room-a1";
  glass.room = view.rooms.empty() ? "" : view.rooms.front().room;
  const bool plain = page.isEmpty() || page == "seat" || page == "stale";
  if (page == "done")
    glass.told = {"done.call", "24", "", "", false, told_ms};
  else if (page == "lost")
    glass.told = {"lost", "25", "2", "26", true, refused_ms};
  else if (page == "stale-foreign")
    glass.away = "station_foreign";
  else if (page == "unsure")
    glass.told = {"unsure", "", "", "", true, refused_ms};
  else if (page.startsWith("refused-"))
    glass.told = {page.mid(8).toStdString(), "", "", "", true, refused_ms};
  else if (!plain)
    return std::nullopt;
  glass.names["2"] = {"診察室2", "Room 2", "しんさつしつ に"};
  return glass;
}

} // namespace machiai::room
