// SPDX-License-Identifier: Apache-2.0
// Every page, lying and upright, in both languages: what a finger meets, and what the eye reads.
#include "fixture.hpp"
#include "room/scene.hpp"
#include "tests/kiosk/probe.hpp"

#include <QImage>
#include <cmath>
#include <map>

using namespace machiai;
using test::fixture;

namespace {

const QStringList files{"morning", "called", "nobody", "quiet", "long"};
const QStringList pages{"seat",
                        "done",
                        "lost",
                        "unsure",
                        "stale",
                        "stale-foreign",
                        "enter",
                        "code",
                        "looking",
                        "joining",
                        "compare",
                        "anew",
                        "entry-device_revoked",
                        "entry-pairing_refused",
                        "entry-station_unreachable",
                        "entry-clock_differs",
                        "entry-check_differs",
                        "entry-key_unwritable",
                        "entry-not_a_station",
                        "entry-pairing_rests",
                        "entry-too_many_devices",
                        "refused-disk_full",
                        "refused-nothing_to_undo",
                        "refused-not_recorded"};
const QList<QSize> sizes{{1280, 800}, {800, 1280}};
constexpr double least_px = 15;
constexpr double least_contrast = 4.5;

struct Shown {
  seat::Scene scene;
  std::vector<test::Written> written;
};

Shown read(const QString& file, const QString& page, const QString& lang, QSize size) {
  static const auto phrases = room::load_phrases();
  REQUIRE(phrases);
  const auto view = fixture(file);
  const bool stale = page.startsWith("stale");
  Shown shown;
  shown.scene = room::scene(
      room::compose(&view, test::sample(view, page, lang), !stale, stale ? 6'000'000 : 0, test::at_ms, 0),
      *phrases, size);
  shown.written = test::written_by(shown.scene);
  return shown;
}

QImage painted(const seat::Scene& scene) {
  QImage image(scene.size.toSize(), QImage::Format_RGB32);
  image.fill(scene.ground);
  QPainter painter(&image);
  painter.setRenderHints(QPainter::Antialiasing | QPainter::TextAntialiasing);
  for (const auto& piece : scene.pieces) {
    painter.save();
    piece(painter);
    painter.restore();
  }
  for (const auto& touch : scene.touch) {
    painter.save();
    touch.paint(painter, false);
    painter.restore();
  }
  return image;
}

double luminance(QRgb colour) {
  const auto linear = [](int value) {
    const double v = value / 255.0;
    return v <= .04045 ? v / 12.92 : std::pow((v + .055) / 1.055, 2.4);
  };
  return .2126 * linear(qRed(colour)) + .7152 * linear(qGreen(colour)) + .0722 * linear(qBlue(colour));
}

double contrast(QRgb one, QRgb other) {
  const double a = luminance(one);
  const double b = luminance(other);
  return (std::max(a, b) + .05) / (std::min(a, b) + .05);
}

/// What most of the frame around the glyphs is painted with.
QRgb ground_of(const QImage& image, const QRectF& ink) {
  const QRect box = ink.adjusted(-2, -2, 2, 2).toAlignedRect() & image.rect();
  std::map<QRgb, int> seen;
  for (int x = box.left(); x <= box.right(); ++x) {
    ++seen[image.pixel(x, box.top())];
    ++seen[image.pixel(x, box.bottom())];
  }
  for (int y = box.top(); y <= box.bottom(); ++y) {
    ++seen[image.pixel(box.left(), y)];
    ++seen[image.pixel(box.right(), y)];
  }
  return std::max_element(seen.begin(), seen.end(), [](auto& a, auto& b) { return a.second < b.second; })
      ->first;
}

QStringList faults_of(const Shown& shown) {
  QStringList faults;
  const QRectF glass(QPointF(0, 0), shown.scene.size);
  const QImage image = painted(shown.scene);
  const auto& all = shown.written;
  for (std::size_t i = 0; i < all.size(); ++i) {
    const auto& it = all[i];
    if (it.words.contains(u'…')) faults << "cut: " + it.words;
    if (!glass.contains(it.ink)) faults << "off the glass: " + it.words;
    if (it.px < least_px) faults << QString("small, %1 px: %2").arg(it.px).arg(it.words);
    if (it.piece < 0 && !shown.scene.touch[-it.piece - 1].box.contains(it.ink))
      faults << "over the edge of its button: " + it.words;
    const double clear = contrast(it.colour.rgb(), ground_of(image, it.ink));
    if (clear < least_contrast) faults << QString("pale, %1: %2").arg(clear).arg(it.words);
    for (std::size_t j = i + 1; j < all.size(); ++j)
      if (it.ink.adjusted(1, 1, -1, -1).intersects(all[j].ink.adjusted(1, 1, -1, -1)))
        faults << "one over the other: " + it.words + " / " + all[j].words;
    for (const auto& touch : shown.scene.touch)
      if (it.piece > 0 && touch.box.intersects(it.ink)) faults << "under a button: " + it.words;
  }
  return faults;
}

QStringList faults_of_buttons(const seat::Scene& scene) {
  QStringList faults;
  for (std::size_t i = 0; i < scene.touch.size(); ++i) {
    const auto& touch = scene.touch[i];
    if (touch.box.width() < room::least_target || touch.box.height() < room::least_target)
      faults << "too small: " + touch.name;
    if (!QRectF(QPointF(0, 0), scene.size).contains(touch.box)) faults << "off the glass: " + touch.name;
    if (touch.label.isEmpty()) faults << "without a label: " + touch.name;
    const QRectF apart = touch.box.adjusted(-11.9, -11.9, 11.9, 11.9);
    for (std::size_t j = i + 1; j < scene.touch.size(); ++j)
      if (apart.intersects(scene.touch[j].box))
        faults << "too near: " + touch.name + " " + scene.touch[j].name;
  }
  return faults;
}

/// A painter gets kana and kanji in pieces; together they are the page's words.
bool says(const Shown& shown, const QString& words) {
  QString all;
  for (const auto& each : shown.written) all += each.words;
  return all.contains(words);
}

} // namespace

TEST_CASE("nothing is cut, pale, hidden or small, and every target is at least 20 mm") {
  for (const QSize size : sizes)
    for (const QString& file : files)
      for (const QString& page : pages)
        for (const QString& lang : QStringList{"ja", "en"}) {
          const bool seat_page =
              page == "seat" || page == "done" || page.startsWith("stale") || page == "lost";
          if (file != "morning" && !seat_page) continue;
          const Shown shown = read(file, page, lang, size);
          const QStringList faults = faults_of_buttons(shown.scene) + faults_of(shown);
          INFO(file.toStdString() << " " << page.toStdString() << " " << lang.toStdString() << " "
                                  << size.width() << ": " << faults.mid(0, 4).join("; ").toStdString());
          CHECK(faults.isEmpty());
          CHECK_FALSE(shown.written.empty());
        }
}

TEST_CASE("the reader of pages finds what is cut, small, pale, over another and too near") {
  Shown shown;
  shown.scene.size = {400, 300};
  shown.scene.ground = seat::look::paper;
  shown.written = {{"x…", QRectF(10, 10, 20, 20), 30, 1, Qt::black},
                   {"small", QRectF(10, 50, 20, 10), 8, 1, Qt::black},
                   {"pale", QRectF(10, 90, 20, 10), 30, 1, seat::look::ash},
                   {"one", QRectF(100, 150, 60, 20), 30, 1, Qt::black},
                   {"two", QRectF(140, 150, 60, 20), 30, 2, Qt::black},
                   {"off", QRectF(390, 290, 60, 20), 30, 1, Qt::black}};
  CHECK(faults_of(shown).size() == 5);
  shown.scene.touch.push_back({"a", "a", QRectF(0, 0, 112, 112), {}});
  shown.scene.touch.push_back({"b", "b", QRectF(120, 0, 100, 120), {}});
  CHECK(faults_of_buttons(shown.scene) == QStringList{"too near: a b", "too small: b"});
}

TEST_CASE("each state offers what can be done in it") {
  for (const QSize size : sizes) {
    const auto offered = [&](const QString& file, const QString& page) {
      QStringList names;
      for (const auto& touch : read(file, page, "ja", size).scene.touch)
        if (touch.enabled && !touch.name.startsWith("key-")) names << touch.name;
      names.sort();
      return names.join(' ');
    };
    CHECK(offered("morning", "seat") == "absent call-next finish hold lang recall");
    CHECK(offered("called", "seat") == "absent call-next finish hold lang recall undo");
    CHECK(offered("nobody", "seat") == "absent finish hold lang recall");
    CHECK(offered("quiet", "seat") == "lang");
    CHECK(offered("called", "stale") == "lang pair-anew");
    CHECK(offered("morning", "enter") == "field-address field-code go lang");
    CHECK(offered("morning", "anew") == "field-address field-code go keep lang");
    CHECK(offered("morning", "looking").isEmpty());
    CHECK(offered("morning", "compare") == "differs lang same");
  }
}

TEST_CASE("the words say what is so") {
  const QSize size{1280, 800};
  CHECK(says(read("nobody", "seat", "ja", size), "お待ちの方は"));
  CHECK(says(read("morning", "stale", "ja", size), "8:52までの 内容です（1時間40分まえ）"));
  CHECK(says(read("morning", "lost", "ja", size), "診察室2が"));
  CHECK(says(read("morning", "lost", "en", size), "Next is number 26."));
  CHECK(says(read("morning", "entry-device_revoked", "ja", size), "解除されました"));
  CHECK(says(read("morning", "seat", "en", size), "24 will be finished"));
  const Shown compare = read("morning", "compare", "ja", size);
  CHECK(says(compare, "7F3A  91C2  0B5E  D418  66A0"));
  // Names are the room's own business; the pairing pages know none.
  CHECK_FALSE(says(read("morning", "entry-device_revoked", "ja", size), "サトウ"));
}

TEST_CASE("every phrase has both languages") {
  const auto phrases = room::load_phrases();
  REQUIRE(phrases);
  for (const QString& key : phrases->keys())
    for (const QString& lang : QStringList{"ja", "en"}) {
      INFO(key.toStdString());
      CHECK(phrases->has(key, lang));
    }
}
