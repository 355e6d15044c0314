// SPDX-License-Identifier: Apache-2.0
// Pages of the desk from stored views, and what is written on them.
#pragma once

#include "core/wire/views.hpp"
#include "desk/scene.hpp"
#include "desk/window.hpp"
#include "seat/program.hpp"
#include "tests/kiosk/probe.hpp"

#include <catch2/catch.hpp>

namespace machiai::test {

inline queue::DeskView fixture(const QString& name) {
  const auto bytes = seat::read_file(QString(FIXTURES) + "/" + name + ".json");
  REQUIRE(bytes);
  const auto view = wire::desk_from_json(
      boost::json::parse(std::string_view(bytes->constData(), bytes->size())).as_object());
  REQUIRE(view);
  return *view;
}

inline constexpr std::int64_t at_ms = 1795483920000;

inline desk::Screen screen_of(const QString& file, const QString& page) {
  const auto sample = desk::sample_page(fixture(file), page, at_ms);
  REQUIRE(sample);
  return desk::screen_of(*sample, page != "away", 0, at_ms);
}

/// What is cut, small or over the edge on the touches whose name begins so; empty: nothing.
inline std::string written_badly(const desk::Screen& screen, const QString& lang, const QString& beginning,
                                 double least = 10) {
  static const auto phrases = desk::load_phrases();
  REQUIRE(phrases);
  const seat::Scene scene = desk::base_scene(desk::context(screen, *phrases, lang));
  QStringList faults;
  for (const auto& it : written_by(scene)) {
    if (it.piece >= 0) continue;
    const auto& touch = scene.touch[static_cast<std::size_t>(-it.piece - 1)];
    if (!touch.name.startsWith(beginning)) continue;
    if (it.words.contains(u'…')) faults << "cut: " + it.words;
    if (!touch.box.adjusted(2, 2, -2, -2).contains(it.ink)) faults << "over the edge: " + it.words;
    if (it.px < least) faults << "small: " + it.words;
  }
  return faults.join("; ").toStdString();
}

/// The words on one touch, top to bottom as they were written.
inline QStringList words_on(const desk::Screen& screen, const QString& lang, const QString& name) {
  static const auto phrases = desk::load_phrases();
  REQUIRE(phrases);
  const seat::Scene scene = desk::base_scene(desk::context(screen, *phrases, lang));
  QStringList words;
  for (const auto& it : written_by(scene))
    if (it.piece < 0 && scene.touch[static_cast<std::size_t>(-it.piece - 1)].name == name) words << it.words;
  return words;
}

/// As many rooms as that, most of them with a number.
inline desk::Screen with_rooms(std::size_t count) {
  const std::vector<std::pair<std::string, std::string>> inside{{"999", "called"},      {"", ""},
                                                                {"D-1", "in_room"},     {"S-103", "called"},
                                                                {"ABC-999", "in_room"}, {"1009", "called"}};
  auto screen = screen_of("busy", "home");
  screen.rooms.clear();
  for (std::size_t i = 0; i < count; ++i) {
    const std::string digit = std::to_string(i + 1);
    screen.rooms.push_back({digit,
                            {"診察室" + digit, "Room " + digit, ""},
                            inside[i % inside.size()].first,
                            inside[i % inside.size()].second,
                            inside[i % inside.size()].first.empty() ? -1 : 116,
                            i == 0});
  }
  return screen;
}

} // namespace machiai::test
