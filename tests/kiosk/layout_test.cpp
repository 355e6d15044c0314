// SPDX-License-Identifier: Apache-2.0
// Every page in every language, format and size of letters: nothing is cut, nothing lies over something else.
#include "fixture.hpp"
#include "kiosk/scene.hpp"
#include "kiosk/window.hpp"
#include "probe.hpp"
#include "seat/counters.hpp"

#include <catch2/catch.hpp>

#include <QRegularExpression>
#include <QSet>

using namespace machiai;
using test::fixture;

namespace {

const QStringList languages{"ja", "easy", "en", "zh", "ko", "vi", "pt"};
const QStringList plain_pages{"home",
                              "kind",
                              "type",
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

/// Runs of letters of the Latin scripts, Vietnamese among them.
QStringList latin_words(const QString& text) {
  static const QRegularExpression run("[A-Za-z\\x{C0}-\\x{24F}\\x{1E00}-\\x{1EFF}]+");
  QStringList words;
  for (auto it = run.globalMatch(text); it.hasNext();) words << it.next().captured();
  return words;
}

void add_words(QSet<QString>& words, const QString& text) {
  for (const QString& word : latin_words(text)) words.insert(word);
}

struct Shown {
  seat::Scene scene;
  std::vector<test::Written> written;
  std::vector<QRectF> filled = {};
  QRectF head = {}, now = {};
};

Shown read(const queue::KioskView& view, const QString& page, const QString& lang, QSize size) {
  static const auto phrases = kiosk::load_phrases();
  REQUIRE(phrases);
  auto session = kiosk::sample_session(view, page, lang);
  REQUIRE(session);
  // As for a guest of another language than the house's, so that each page asks before it leaves.
  session->home_lang = lang == "ja" ? "en" : "ja";
  Shown shown;
  const auto screen = kiosk::screen(&view, *session, !page.startsWith("away"), 1795483920000, 0);
  shown.scene = kiosk::scene(screen, *phrases, size);
  shown.written = test::written_by(shown.scene, &shown.filled);
  const kiosk::Frame frame = kiosk::frame_for(size, screen);
  shown.head = frame.head;
  using kiosk::Face;
  // On the other pages of an upright glass the place is another's.
  const bool there = screen.face == Face::home || screen.face == Face::asking || screen.face == Face::kind ||
                     screen.face == Face::typing;
  if (there || !frame.portrait) shown.now = frame.now;
  return shown;
}

/// Every Latin word that the kiosk may write: of its phrases in all languages, and of a view's names.
QSet<QString> words_of(const queue::KioskView& view) {
  static const QSet<QString> phrases = [] {
    const auto known = kiosk::load_phrases();
    REQUIRE(known);
    QSet<QString> words;
    for (const QString& key : known->keys())
      for (const QString& lang : languages) add_words(words, (*known)(key, lang));
    return words;
  }();
  QSet<QString> words = phrases;
  for (const auto& service : view.services)
    for (const QString& lang : languages)
      add_words(words, seat::counter_name(QString::fromStdString(service.name.ja),
                                          QString::fromStdString(service.name.en),
                                          QString::fromStdString(service.name.reading), lang));
  add_words(words, QString::fromStdString(view.facility.en));
  return words;
}

/// "Portuguê" above "s": the last word of a row goes on in the row below.
QStringList broken_words(const std::vector<test::Written>& all, const QSet<QString>& words) {
  QStringList faults;
  for (const auto& row : all) {
    const QString head = latin_words(row.words).value(latin_words(row.words).size() - 1);
    if (head.isEmpty() || !row.words.trimmed().endsWith(head) || words.contains(head)) continue;
    for (const auto& next : all) {
      if (next.piece != row.piece || next.ink.top() <= row.ink.center().y()) continue;
      const QString tail = latin_words(next.words).value(0);
      if (!tail.isEmpty() && next.words.trimmed().startsWith(tail) && words.contains(head + tail))
        faults << "in two pieces: " + head + "/" + tail;
    }
  }
  return faults;
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

/// Words that leave their panel (its edge cuts them), or stand on a line between two columns.
QStringList faults_of_zones(const Shown& shown) {
  QStringList faults;
  for (const auto& it : shown.written) {
    for (const QRectF& zone : {shown.head, shown.now})
      if (zone.intersects(it.ink) && !zone.adjusted(-1, -8, 1, 8).contains(it.ink))
        faults << "leaves its zone: " + it.words;
    if (shown.now.intersects(it.ink) && !shown.now.adjusted(0, 4, 0, -4).contains(it.ink))
      faults << "at the edge of what is now: " + it.words;
    for (const QRectF& line : shown.filled)
      if (line.width() <= 4 && line.adjusted(-6, 0, 6, 0).intersects(it.ink))
        faults << "on the line between two columns: " + it.words;
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
    const QSet<QString> words = words_of(view);
    for (const QString& page : plain_pages) {
      if (file != "mixed" && !depends_on_view(page)) continue;
      for (const QString& ending : endings)
        for (const QString& lang : languages) {
          const Shown shown = read(view, page + ending, lang, size);
          const QStringList faults = faults_of_buttons(shown.scene) + faults_of(shown, least) +
                                     faults_of_zones(shown) + broken_words(shown.written, words);
          INFO(file.toStdString() << " " << (page + ending).toStdString() << " " << lang.toStdString() << " "
                                  << size.width() << ": " << faults.mid(0, 3).join("; ").toStdString());
          CHECK(faults.isEmpty());
        }
    }
  }
}

const QStringList files{"single",           "three",  "called", "mixed", "many",      "closed",
                        "closed_for_today", "paused", "before", "full",  "no_printer"};

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

TEST_CASE("long names stay in the head and in what is now, and no number is cut") {
  const auto view = fixture("long");
  for (const bool large : {false, true})
    for (const QSize size : {QSize(1080, 1920), QSize(1280, 800)})
      for (const QString& lang : languages) {
        const Shown shown = read(view, large ? "home-large" : "home", lang, size);
        const double least = size.width() > size.height() ? large ? 33 : 16 : large ? 44 : 24;
        QStringList faults = faults_of_zones(shown);
        for (const auto& it : shown.written) {
          if (shown.now.intersects(it.ink) && it.px < least) faults << "small: " + it.words;
          if (shown.now.intersects(it.ink) && it.words.contains(u'…')) faults << "cut: " + it.words;
        }
        const auto called = std::count_if(shown.written.begin(), shown.written.end(), [&](const auto& it) {
          return shown.now.intersects(it.ink) && (it.words == "999" || it.words == "ABC-999");
        });
        INFO(lang.toStdString() << " " << size.width() << (large ? " large: " : ": ")
                                << faults.mid(0, 4).join("; ").toStdString());
        CHECK(faults.isEmpty());
        CHECK(called >= 1);
      }
}

TEST_CASE("the reader of pages finds what is cut, small, over another and over the edge") {
  Shown shown;
  shown.scene.size = {400, 300};
  shown.scene.touch.push_back({"a", "a", QRectF(0, 0, 112, 112), {}});
  shown.written = {{"x…", QRectF(10, 10, 20, 20), 30, 1},    {"small", QRectF(10, 50, 20, 10), 8, 1},
                   {"one", QRectF(100, 150, 60, 20), 30, 1}, {"two", QRectF(140, 150, 60, 20), 30, 2},
                   {"edge", QRectF(90, 90, 60, 20), 30, -1}, {"off", QRectF(390, 290, 60, 20), 30, 1}};
  CHECK(faults_of(shown, 20).size() == 5);
  shown.now = {0, 148, 400, 40};
  shown.filled = {{190, 100, 3, 80}, {0, 0, 400, 300}};
  CHECK(faults_of_zones(shown).join(", ").toStdString() ==
        "at the edge of what is now: one, at the edge of what is now: two, on the line between two columns: "
        "two");
  const std::vector<test::Written> rows{{"Portuguê", QRectF(10, 10, 90, 20), 30, 1},
                                        {"s", QRectF(10, 40, 10, 20), 30, 1}};
  CHECK(broken_words(rows, {"Português"}).size() == 1);
  CHECK(broken_words(rows, {"Português", "Portuguê"}).isEmpty());
  CHECK(broken_words({{"Call", QRectF(10, 10, 90, 20), 30, 1}, {"staff", QRectF(10, 40, 50, 20), 30, 1}},
                     {"Call", "staff", "Callstaff"})
            .isEmpty());
  shown.scene.touch.push_back({"b", "b", QRectF(120, 0, 100, 120), {}});
  CHECK(faults_of_buttons(shown.scene) == QStringList{"too near: a b", "too small: b"});
}
