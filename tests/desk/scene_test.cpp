// SPDX-License-Identifier: Apache-2.0
#include "seat/look.hpp"
#include "tests/desk/pages.hpp"

#include <QImage>
#include <QJsonArray>
#include <QPainter>
#include <QSignalSpy>
#include <map>

using namespace machiai;
using namespace machiai::test;

namespace {

const QStringList files{"morning", "busy", "first_run", "nobody"};
const QStringList pages{"home",
                        "row-waiting",
                        "row-hold",
                        "more",
                        "ticket",
                        "ticket-booked",
                        "find",
                        "find-none",
                        "absent",
                        "hold",
                        "transfer",
                        "amend",
                        "history",
                        "compare",
                        "order",
                        "move",
                        "receive",
                        "session",
                        "session-today",
                        "cap",
                        "hours",
                        "messages",
                        "message",
                        "message-free",
                        "close-day",
                        "records",
                        "records-saved",
                        "records-month",
                        "records-absences",
                        "records-slips",
                        "records-month-slips",
                        "receive-known",
                        "receive-booked",
                        "forecast",
                        "troubles",
                        "devices",
                        "revoke",
                        "pair",
                        "pair-code",
                        "login",
                        "login-pin",
                        "help",
                        "login-lost",
                        "away",
                        "logged-in",
                        "names",
                        "refused-disk_full",
                        "notices",
                        "notice",
                        "notice-long",
                        "notice-shown",
                        "replay",
                        "replay-none",
                        "access",
                        "session-undo",
                        "messages-undo",
                        "recalled",
                        "unopened",
                        "programme",
                        "programme-owed",
                        "programme-paused"};

/// Large enough, within the screen, and nothing enabled under something else.
void check_targets(const desk::Screen& screen, const seat::Phrases& phrases, const QString& lang) {
  const auto c = desk::context(screen, phrases, lang);
  const bool over = desk::has_overlay(screen);
  const seat::Scene scene = over ? desk::overlay_scene(c) : desk::base_scene(c);
  for (std::size_t i = 0; i < scene.touch.size(); ++i) {
    const auto& touch = scene.touch[i];
    INFO(touch.name.toStdString());
    CHECK(QRectF(QPointF(0, 0), scene.size).contains(touch.box));
    if (!touch.enabled) continue;
    CHECK(std::min(touch.box.height(), touch.box.width()) >= (over ? 56 : 44));
    CHECK_FALSE(touch.label.isEmpty());
    // The area around a sheet lies below all of the sheet.
    if (touch.name == "scrim-close") continue;
    // Rows touch each other; a hundredth of a pixel is not an overlap.
    const QRectF inner = touch.box.adjusted(0.01, 0.01, -0.01, -0.01);
    for (std::size_t j = i + 1; j < scene.touch.size(); ++j) {
      INFO(scene.touch[j].name.toStdString());
      CHECK_FALSE(inner.intersects(scene.touch[j].box));
    }
  }
}

/// A clinic with many counters, rooms and people.
desk::Screen crowded(const QString& page) {
  auto view = fixture("busy");
  for (int i = 0; i < 8; ++i) {
    view.services.push_back(view.services.front());
    view.services.back().id = "more-" + std::to_string(i);
    view.next.emplace_back();
  }
  for (int i = 0; i < 8; ++i) {
    view.rooms.push_back(view.rooms.front());
    view.rooms.back().id = "more-" + std::to_string(i);
  }
  auto sample = desk::sample_page(view, page, at_ms);
  REQUIRE(sample);
  auto& people = sample->glass.found.staff.people;
  for (int i = 0; i < 20; ++i) people.push_back({"p" + std::to_string(i), "名前"});
  return desk::compose(&sample->view, sample->glass, true, 0, at_ms, 0);
}

/// How much of a place is the plain white of what is up to date.
double white_in(const seat::Scene& scene, const QRect& place) {
  QImage image(scene.size.toSize(), QImage::Format_RGB32);
  image.fill(scene.ground);
  QPainter painter(&image);
  for (const auto& piece : scene.pieces) {
    painter.save();
    piece(painter);
    painter.restore();
  }
  for (const auto& touch : scene.touch) {
    painter.save();
    if (touch.paint) touch.paint(painter, false);
    painter.restore();
  }
  painter.end();
  int white = 0;
  for (int y = place.top(); y <= place.bottom(); ++y)
    for (int x = place.left(); x <= place.right(); ++x)
      white += image.pixel(x, y) == qRgb(255, 255, 255) ? 1 : 0;
  return white / (static_cast<double>(place.width()) * place.height());
}

} // namespace

TEST_CASE("rows of a text stand apart: more where the box allows, and never touching") {
  QImage image(400, 200, QImage::Format_RGB32);
  QPainter p(&image);
  const auto step = [&](double high) {
    const QRectF box(0, 0, 400, high);
    const seat::look::Type type{20, false, seat::look::ink, "ja"};
    const double one = seat::look::text(p, box, "一行目", type).height();
    return seat::look::text(p, box, "一行目\n二行目", type, Qt::AlignLeft | Qt::AlignVCenter, 1).height() -
           one;
  };
  CHECK(step(200) == Approx(27));
  CHECK(step(20) == Approx(23));
  CHECK(step(46) >= 23);
}

TEST_CASE("every target of the desk can be hit, and none hides another") {
  const auto phrases = desk::load_phrases();
  REQUIRE(phrases);
  for (const QString& file : files)
    for (const QString& page : pages)
      for (const QString& lang : QStringList{"ja", "en"}) {
        INFO(file.toStdString() << " " << page.toStdString());
        check_targets(screen_of(file, page), *phrases, lang);
      }
}

TEST_CASE("also with a cloud") {
  const auto phrases = desk::load_phrases();
  REQUIRE(phrases);
  for (const char* page :
       {"linked-session", "linked-session-three", "linked-session-away", "linked-session-stopped",
        "linked-session-untold", "linked-troubles", "linked-contract"})
    for (const char* lang : {"ja", "en"}) {
      INFO(page);
      check_targets(screen_of("busy", page), *phrases, lang);
    }
}

TEST_CASE("also in a large clinic") {
  const auto phrases = desk::load_phrases();
  REQUIRE(phrases);
  for (const char* page : {"transfer", "session", "linked-session", "pair", "login", "close-day", "records",
                           "compare", "order", "replay"}) {
    INFO(page);
    check_targets(crowded(page), *phrases, "ja");
  }
}

TEST_CASE("eight counters stand whole on their keys, and all of them when the day is closed") {
  const auto phrases = desk::load_phrases();
  REQUIRE(phrases);
  const std::vector<queue::Label> names{{"内科・循環器内科", "Internal medicine", ""},
                                        {"整形外科", "Orthopaedics", ""},
                                        {"リハビリテーション科", "Rehabilitation", ""},
                                        {"小児科", "Paediatrics", ""},
                                        {"皮膚科", "Dermatology", ""},
                                        {"予防接種", "Vaccination", ""},
                                        {"検査", "Tests", ""},
                                        {"会計", "Payment", ""}};
  auto view = fixture("busy");
  view.services.resize(1);
  view.next.resize(1);
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (i > 0) view.services.push_back(view.services.front());
    if (i > 0) view.next.emplace_back();
    view.services[i].name = names[i];
    view.services[i].waiting = 120;
    if (i > 0) view.services[i].id = "s" + std::to_string(i);
  }
  for (const char* lang : {"ja", "en"}) {
    const auto home = desk::sample_page(view, "home", at_ms);
    REQUIRE(home);
    const auto screen = desk::compose(&home->view, home->glass, true, 0, at_ms, 0);
    CHECK(written_badly(screen, lang, "service-", 15) == "");
    check_targets(screen, *phrases, lang);
    const auto receive = desk::sample_page(view, "receive", at_ms);
    REQUIRE(receive);
    check_targets(desk::compose(&receive->view, receive->glass, true, 0, at_ms, 0), *phrases, lang);
  }
  const auto closing = desk::sample_page(view, "close-day", at_ms);
  REQUIRE(closing);
  const auto screen = desk::compose(&closing->view, closing->glass, true, 0, at_ms, 0);
  const auto scene = desk::overlay_scene(desk::context(screen, *phrases, "ja"));
  QStringList said;
  for (const auto& it : test::written_by(scene)) said << it.words;
  for (const auto& name : names) CHECK(said.join(QString()).contains(QString::fromStdString(name.ja)));
}

TEST_CASE("a day's counts stand whole on the filters, clear of the keys beside them") {
  const auto phrases = desk::load_phrases();
  REQUIRE(phrases);
  for (const std::vector<int>& counts : {std::vector<int>{142, 9, 2, 0, 130},
                                         {1420, 130, 20, 12, 1288},
                                         {9999, 9999, 999, 999, 9999},
                                         {9999, 9999, 999, 999, 9999, 999}})
    for (const char* lang : {"ja", "en"}) {
      auto screen = screen_of("busy", "home");
      if (counts.size() == 6) screen.filters.insert(screen.filters.end() - 1, {"booked", 0, false});
      REQUIRE(screen.filters.size() == counts.size());
      for (std::size_t i = 0; i < counts.size(); ++i) screen.filters[i].count = counts[i];
      INFO(lang << " " << counts[0]);
      check_targets(screen, *phrases, lang);
      CHECK(written_badly(screen, lang, "filter-") == "");
    }
}

TEST_CASE("however many rooms, the number and the name of each stand whole on its key") {
  for (std::size_t count = 2; count <= 8; ++count)
    for (const char* lang : {"ja", "en"}) {
      const auto screen = with_rooms(count);
      INFO(lang << " " << count);
      CHECK(written_badly(screen, lang, "room-") == "");
      for (const auto& room : screen.rooms) {
        const QStringList words = words_on(screen, lang, "room-" + QString::fromStdString(room.id));
        INFO(words.join(" | ").toStdString());
        CHECK(words.join(" ").contains(QString::fromStdString(room.number)));
        CHECK(words.contains(QString::fromStdString(*lang == 'j' ? room.name.ja : room.name.en)));
      }
    }
}

TEST_CASE("without the hub the rooms look stale, the list's age covers nobody, and it is said how to go on") {
  auto sample = desk::sample_page(fixture("morning"), "home", at_ms);
  REQUIRE(sample);
  const auto phrases = desk::load_phrases();
  REQUIRE(phrases);
  for (const char* lang : {"ja", "en"}) {
    const auto away = desk::screen_of(*sample, false, 184'000, at_ms);
    const auto scene = desk::base_scene(desk::context(away, *phrases, lang));
    const auto there = desk::screen_of(*sample, true, 0, at_ms);
    CHECK(white_in(desk::base_scene(desk::context(there, *phrases, lang)), {790, 90, 460, 40}) > 0.5);
    CHECK(white_in(scene, {790, 90, 460, 40}) <
          0.8 * white_in(desk::base_scene(desk::context(there, *phrases, lang)), {790, 90, 460, 40}));
    QRectF list;
    for (const auto& touch : scene.touch)
      if (touch.name == "stale") list = touch.box;
    REQUIRE(list.isValid());
    const QString age = QString(lang) == "ja" ? "3分前" : "3 min old";
    const QString paper = QString(lang) == "ja" ? "紙" : "paper";
    bool aged = false, told = false;
    for (const auto& it : test::written_by(scene)) {
      if (it.words.contains(age)) aged = !it.ink.intersects(list);
      told = told || it.words.contains(paper);
    }
    CHECK(aged);
    CHECK(told);
  }
}

TEST_CASE("beside a refusal it is said what can be taken back") {
  const auto phrases = desk::load_phrases();
  REQUIRE(phrases);
  for (const auto& [lang, did] :
       {std::pair{"ja", "24番 を 診察室1 に呼びました"}, std::pair{"en", "24 was called to Room 1"}}) {
    const auto scene =
        desk::base_scene(desk::context(screen_of("morning", "refused-disk_full"), *phrases, lang));
    QString bar;
    for (const auto& it : test::written_by(scene))
      if (it.piece > 0 && it.ink.top() > 646 && it.ink.bottom() < 712) bar += it.words;
    INFO(bar.toStdString());
    CHECK(bar.remove(' ').contains(QString(did).remove(' ')));
    QString key;
    for (const auto& touch : scene.touch)
      if (touch.name == "undo") key = touch.label;
    CHECK(key.contains(did));
  }
}

TEST_CASE("the example of a date is no value of the field") {
  const auto phrases = desk::load_phrases();
  REQUIRE(phrases);
  const auto c = desk::context(screen_of("morning", "notice"), *phrases, "ja");
  QString said;
  bool found = false;
  for (const auto& it : test::written_by(desk::overlay_scene(c))) {
    said += it.words;
    if (!it.words.contains("2026-12-28")) continue;
    found = true;
    CHECK(it.colour == seat::look::ink_2);
  }
  CHECK(found);
  CHECK(said.contains("書き方の例: 2026-12-28"));
}

TEST_CASE("long names of counters stand whole in the dialog that receives, or tell both their ends") {
  const auto phrases = desk::load_phrases();
  REQUIRE(phrases);
  const std::vector<std::string> names{"Department of Gastroenterology and Hepatology (morning)",
                                       "Department of Gastroenterology and Hepatology (afternoon)"};
  for (std::size_t count = 2; count <= 8; ++count) {
    auto screen = screen_of("morning", "receive");
    screen.services.resize(1);
    for (std::size_t i = 0; i < count; ++i) {
      if (i > 0) screen.services.push_back(screen.services.front());
      screen.services[i].id = "s" + std::to_string(i);
      screen.services[i].name = {"消化器内科・肝臓内科（午後の診察）", names[i % 2], ""};
    }
    screen.draft.service = "s1";
    for (const char* lang : {"ja", "en"}) {
      INFO(count << " " << lang);
      check_targets(screen, *phrases, lang);
      const auto scene = desk::overlay_scene(desk::context(screen, *phrases, lang));
      std::map<QString, QString> words;
      for (const auto& it : test::written_by(scene)) {
        if (it.piece >= 0) continue;
        const auto& touch = scene.touch[static_cast<std::size_t>(-it.piece - 1)];
        if (!touch.name.startsWith("draft-service-")) continue;
        INFO(it.words.toStdString());
        CHECK(touch.box.adjusted(4, 2, -4, -2).contains(it.ink));
        CHECK(it.px >= 13);
        words[touch.name] += it.words + " ";
      }
      CHECK(words.size() == count);
      // Four and fewer have the room for all of the name; of more at least both ends are told.
      for (const auto& [key, text] : words) {
        INFO(text.toStdString());
        if (count <= 4) CHECK_FALSE(text.contains(u'…'));
        if (*lang == 'e') CHECK(text.contains("noon)") == (key.right(1).toInt() % 2 == 1));
      }
    }
  }
}

TEST_CASE("call-next never moves") {
  const auto phrases = desk::load_phrases();
  REQUIRE(phrases);
  for (const QString& file : files)
    for (const QString& page : pages) {
      const auto scene = desk::base_scene(desk::context(screen_of(file, page), *phrases, "ja"));
      for (const auto& touch : scene.touch)
        if (touch.name == "call-next") CHECK(touch.box == QRectF(780, 158, 484, 188));
    }
}

TEST_CASE("a click on the glass reaches the model by the name of the button") {
  auto phrases = desk::load_phrases();
  REQUIRE(phrases);
  desk::Face face(std::move(*phrases), "ja");
  face.resize(640, 400);
  face.show();
  face.show_screen(screen_of("morning", "home"));
  QSignalSpy touched(&face, &desk::Face::touched);
  auto* button = face.findChild<QAbstractButton*>("call-next");
  REQUIRE(button != nullptr);
  CHECK(button->geometry() == QRect(390, 79, 242, 94));
  CHECK(button->accessibleName().contains("25"));
  button->click();
  REQUIRE(touched.count() == 1);
  CHECK(touched.front().front().toString() == "call-next");
}

TEST_CASE("the layout file tells only what can be touched now") {
  auto phrases = desk::load_phrases();
  REQUIRE(phrases);
  desk::Face face(std::move(*phrases), "ja");
  face.resize(1280, 800);
  face.show();
  face.show_screen(screen_of("morning", "home"));
  CHECK(face.layout().contains("call-next"));
  const QPoint corner = face.mapToGlobal(QPoint(1062, 653));
  CHECK(face.layout()["undo"].toArray() == QJsonArray{corner.x(), corner.y(), 195, 52});
  face.show_screen(screen_of("morning", "receive"));
  CHECK_FALSE(face.layout().contains("call-next"));
  CHECK(face.layout().contains("draft-take"));
  CHECK(face.layout().contains("draft-name"));
  face.show_screen(screen_of("morning", "away"));
  CHECK_FALSE(face.layout().contains("call-next"));
  CHECK_FALSE(face.layout().contains("draft-take"));
}

TEST_CASE("each phrase of the desk exists in Japanese and English") {
  const auto phrases = desk::load_phrases();
  REQUIRE(phrases);
  REQUIRE(phrases->keys().size() > 100);
  for (const QString& key : phrases->keys()) {
    INFO(key.toStdString());
    CHECK(phrases->has(key, "ja"));
    CHECK(phrases->has(key, "en"));
  }
}
