// SPDX-License-Identifier: Apache-2.0
// Every page in every language, format and size of letters: nothing is cut, nothing lies over something else.
#include "fixture.hpp"
#include "kiosk/scene.hpp"
#include "kiosk/window.hpp"
#include "probe.hpp"

#include <catch2/catch.hpp>

using namespace machiai;
using test::fixture;

namespace {

const QStringList languages{"ja", "easy", "en", "zh", "ko", "vi", "pt"};
const QStringList plain_pages{"home",
                              "kind",
                              "card",
                              "card-kind",
                              "asking",
                              "checking",
                              "done",
                              "arrived",
                              "known",
                              "called",
                              "several",
                              "help",
                              "help-called",
                              "rules",
                              "away",
                              "code",
                              "why-shinsatsu",
                              "why-yobou",
                              "why-kensa",
                              "refused-closed",
                              "refused-not_opened",
                              "refused-cap_reached",
                              "refused-hub_unreachable",
                              "refused-overloaded",
                              "refused-missed_call",
                              "refused-on_hold",
                              "refused-finished",
                              "refused-of_tomorrow"};

struct Shown {
  seat::Scene scene;
  std::vector<test::Written> written;
};

Shown read(const queue::KioskView& view, const QString& page, const QString& lang, QSize size) {
  static const auto phrases = kiosk::load_phrases();
  REQUIRE(phrases);
  auto session = kiosk::sample_session(view, page, lang);
  REQUIRE(session);
  // As for a guest of another language than the house's, so that each page asks before it leaves.
  session->home_lang = lang == "ja" ? "en" : "ja";
  Shown shown;
  shown.scene = kiosk::scene(kiosk::screen(&view, *session, !page.startsWith("away"), 1795483920000, 0),
                             *phrases, size);
  shown.written = test::written_by(shown.scene);
  return shown;
}

/// What is wrong with the words of a page, one line each.
QStringList faults_of(const Shown& shown, double least) {
  QStringList faults;
  const QRectF glass(QPointF(0, 0), shown.scene.size);
  const auto& all = shown.written;
  for (std::size_t i = 0; i < all.size(); ++i) {
    const auto& it = all[i];
    if (it.words.contains(u'…')) faults << "cut: " + it.words;
    if (!glass.contains(it.ink)) faults << "off the glass: " + it.words;
    if (it.px < least) faults << QString("small, %1 px: %2").arg(it.px).arg(it.words);
    if (it.piece < 0 && !shown.scene.touch[-it.piece - 1].box.contains(it.ink))
      faults << "over the edge of its button: " + it.words;
    for (std::size_t j = i + 1; j < all.size(); ++j) {
      // A pixel of two glyphs' anti-aliasing is no overlap.
      if (it.ink.adjusted(1, 1, -1, -1).intersects(all[j].ink.adjusted(1, 1, -1, -1)))
        faults << "one over the other: " + it.words + " / " + all[j].words;
    }
    for (const auto& touch : shown.scene.touch)
      if (it.piece > 0 && touch.paint && touch.box.intersects(it.ink))
        faults << "under a button: " + it.words;
  }
  return faults;
}

QStringList faults_of_buttons(const seat::Scene& scene) {
  QStringList faults;
  for (std::size_t i = 0; i < scene.touch.size(); ++i) {
    const auto& touch = scene.touch[i];
    if (touch.name == kiosk::staff_button) continue; // not meant to be found
    if (touch.box.width() < 112 || touch.box.height() < 112) faults << "too small: " + touch.name;
    if (!QRectF(QPointF(0, 0), scene.size).contains(touch.box)) faults << "off the glass: " + touch.name;
    const QRectF apart = touch.box.adjusted(-15.9, -15.9, 15.9, 15.9);
    for (std::size_t j = i + 1; j < scene.touch.size(); ++j)
      if (scene.touch[j].name != kiosk::staff_button && apart.intersects(scene.touch[j].box))
        faults << "too near: " + touch.name + " " + scene.touch[j].name;
  }
  return faults;
}

/// Pages that look the same whatever the counters do are read with one view.
bool depends_on_view(const QString& page) {
  return page == "home" || page == "kind" || page == "card" || page == "asking" || page == "done" ||
         page.startsWith("why");
}

/// Reports only the first faults of each page: one wrong size shows itself in many places.
void check_all(const QStringList& files, const QStringList& endings, QSize size, double least) {
  for (const QString& file : files) {
    const auto view = fixture(file);
    for (const QString& page : plain_pages) {
      if (file != "mixed" && !depends_on_view(page)) continue;
      for (const QString& ending : endings)
        for (const QString& lang : languages) {
          const Shown shown = read(view, page + ending, lang, size);
          QStringList faults = faults_of_buttons(shown.scene) + faults_of(shown, least);
          INFO(file.toStdString() << " " << (page + ending).toStdString() << " " << lang.toStdString() << " "
                                  << size.width() << ": " << faults.mid(0, 3).join("; ").toStdString());
          CHECK(faults.isEmpty());
        }
    }
  }
}

const QStringList files{"single",           "three",  "mixed",  "many", "closed",
                        "closed_for_today", "paused", "before", "full", "no_printer"};

} // namespace

TEST_CASE("nothing is cut, hidden or too near upright") {
  check_all(files, {"", "-warning"}, {1080, 1920}, 24);
}

TEST_CASE("nothing is cut, hidden or too near on a lying glass") {
  check_all(files, {"", "-warning"}, {1280, 800}, 16);
}

TEST_CASE("large letters are at least 44 px upright, and nothing is cut") {
  check_all(files, {"-large", "-large-warning"}, {1080, 1920}, 44);
}

TEST_CASE("large letters are at least 44 px on 1920x1080, and nothing is cut") {
  check_all(files, {"-large", "-large-warning"}, {1280, 800}, 33);
}

TEST_CASE("the reader of pages finds what is cut, small, over another and over the edge") {
  Shown shown;
  shown.scene.size = {400, 300};
  shown.scene.touch.push_back({"a", "a", QRectF(0, 0, 112, 112), {}});
  shown.written = {{"x…", QRectF(10, 10, 20, 20), 30, 1},    {"small", QRectF(10, 50, 20, 10), 8, 1},
                   {"one", QRectF(100, 150, 60, 20), 30, 1}, {"two", QRectF(140, 150, 60, 20), 30, 2},
                   {"edge", QRectF(90, 90, 60, 20), 30, -1}, {"off", QRectF(390, 290, 60, 20), 30, 1}};
  CHECK(faults_of(shown, 20).size() == 5);
  shown.scene.touch.push_back({"b", "b", QRectF(120, 0, 100, 120), {}});
  CHECK(faults_of_buttons(shown.scene) == QStringList{"too near: a b", "too small: b"});
}
