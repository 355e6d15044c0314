// SPDX-License-Identifier: Apache-2.0
// What the desk says stands whole, and says what is so.
#include "seat/look.hpp"
#include "tests/desk/pages.hpp"

#include <QImage>
#include <QPainter>
#include <QRegularExpression>
#include <cmath>

using namespace machiai;
using namespace machiai::test;

namespace {

/// A linked clinic: 26 has an appointment at 11:30, 22 booked a place in the line at 9:54; neither is here.
queue::DeskView linked() {
  auto view = fixture("morning");
  const auto at = [](int minutes) { return base::instant_from_ms(at_ms + minutes * 60'000); };
  for (auto& ticket : view.tickets) {
    if (ticket.number != "26" && ticket.number != "22") continue;
    ticket.state = "booked";
    ticket.origin = "web";
    ticket.reason.clear();
    ticket.wait.reset();
    ticket.taken = at(ticket.number == "26" ? 58 : -38);
    if (ticket.number == "26") ticket.slot = ticket.taken;
  }
  return view;
}

desk::Screen home_of(const queue::DeskView& view) {
  const auto sample = desk::sample_page(view, "home", at_ms);
  REQUIRE(sample);
  return desk::screen_of(*sample, true, 0, at_ms);
}

std::string row_words(const desk::Screen& screen, const QString& lang, const std::string& number) {
  for (const auto& row : screen.rows)
    if (row.number == number)
      return words_on(screen, lang, "row-" + QString::fromStdString(row.ticket)).join("|").toStdString();
  return {};
}

/// What the sheet of a page says.
std::string sheet_words(const QString& page, const QString& lang) {
  static const auto phrases = desk::load_phrases();
  REQUIRE(phrases);
  QStringList words;
  for (const auto& it :
       written_by(desk::overlay_scene(desk::context(screen_of("morning", page), *phrases, lang))))
    words << it.words;
  return words.join(QString()).toStdString();
}

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

} // namespace

TEST_CASE("an appointment and a place in the line are told apart, and neither is a time of reception") {
  const auto screen = home_of(linked());
  CHECK(has(row_words(screen, "ja", "26"), "11:30 予約"));
  CHECK(has(row_words(screen, "en", "26"), "11:30 appt."));
  CHECK(has(row_words(screen, "ja", "22"), "9:54 順番"));
  CHECK(has(row_words(screen, "en", "22"), "9:54 booked"));
  for (const char* number : {"26", "22"}) CHECK(has(row_words(screen, "ja", number), "未着"));
}

TEST_CASE("nothing of a row is cut, wherever the patient comes from and whatever there is to say") {
  auto view = linked();
  CHECK(written_badly(home_of(view), "ja", "row-") == "");
  CHECK(written_badly(home_of(view), "en", "row-") == "");
  view.rooms[0].name.ja = "第3診察室（小児アレルギー）";
  view.rooms[0].name.en = "Examination room 3 (allergy)";
  for (auto& ticket : view.tickets) {
    ticket.origin = "web";
    ticket.since = base::instant_from_ms(at_ms - 104 * 60'000);
    if (ticket.state != "booked") ticket.here = ticket.since;
    if (ticket.state == "absent") ticket.absences = 2;
    if (ticket.state == "waiting") ticket.reason = "booking";
    if (ticket.state == "hold") ticket.reason = "family";
  }
  for (const char* reason : {"booking", "walk_in_place", "returned", "hold", "test", "transfer"}) {
    for (auto& ticket : view.tickets)
      if (ticket.state == "waiting") ticket.reason = reason;
    INFO(reason);
    CHECK(written_badly(home_of(view), "ja", "row-") == "");
    CHECK(written_badly(home_of(view), "en", "row-") == "");
  }
}

TEST_CASE("of one who has not come the panel says so, and names the time that was agreed") {
  CHECK(has(sheet_words("ticket-booked", "ja"), "予約の時刻11:30"));
  CHECK(has(sheet_words("ticket-booked", "ja"), "まだ来院されていません"));
  CHECK(has(sheet_words("ticket-booked", "en"), "Appointment11:30"));
  CHECK(has(sheet_words("ticket-booked", "en"), "not here yet"));
  for (const char* lang : {"ja", "en"}) CHECK_FALSE(has(sheet_words("ticket-booked", lang), "…"));
}

TEST_CASE("before the day is closed it is said what becomes of whom") {
  auto view = linked();
  const auto sample = desk::sample_page(view, "close-day", at_ms);
  REQUIRE(sample);
  const auto phrases = desk::load_phrases();
  REQUIRE(phrases);
  QString said;
  const auto screen = desk::screen_of(*sample, true, 0, at_ms);
  for (const auto& it : written_by(desk::overlay_scene(desk::context(screen, *phrases, "ja"))))
    said += it.words;
  for (const char* part : {"2人は「済」", "「診察なし（お帰り）」", "未着の 2人は「来院なし」"}) {
    INFO(part);
    CHECK(said.contains(part));
  }
  CHECK_FALSE(said.contains(QChar(u'…')));
}

TEST_CASE("eight rooms can be told apart and touched, and a free one says so to who cannot see its door") {
  const auto phrases = desk::load_phrases();
  REQUIRE(phrases);
  auto screen = with_rooms(8);
  screen.rooms[4].name = {"第3診察室（小児アレルギー）", "Examination room 3 (allergy)", ""};
  for (const char* lang : {"ja", "en"}) {
    const auto scene = desk::base_scene(desk::context(screen, *phrases, lang));
    int seen = 0;
    for (const auto& touch : scene.touch) {
      if (!touch.name.startsWith("room-")) continue;
      ++seen;
      CHECK(std::min(touch.box.width(), touch.box.height()) >= 44);
      for (const auto& other : scene.touch)
        if (other.name == "call-next" || (other.name.startsWith("room-") && other.name != touch.name))
          CHECK_FALSE(other.box.intersects(touch.box));
      if (touch.name == "room-2") CHECK(touch.label.contains(*lang == 'j' ? "空いています" : "free"));
    }
    CHECK(seen == 8);
    CHECK(words_on(screen, lang, "room-2").join(QString()) == (*lang == 'j' ? "診察室2" : "Room 2"));
    const QString cut = words_on(screen, lang, "room-5").join(QString());
    INFO(cut.toStdString());
    CHECK(cut.contains(*lang == 'j' ? "アレルギー）" : "(allergy)"));
    CHECK(cut.contains(QString::fromStdString(screen.rooms[4].number)));
  }
}

TEST_CASE("a long name of a counter stands in two lines that can be read, and its count beside it") {
  auto view = fixture("busy");
  view.services.resize(2);
  view.services[0].name = {"内科（一般・生活習慣病・糖尿病専門外来）", "Internal medicine (diabetes)", ""};
  view.services[1].name = {"整形外科・リハビリテーション科", "Orthopaedics and rehabilitation", ""};
  view.services[0].waiting = 200;
  for (int i = 0; i < 4; ++i) {
    view.services.push_back(view.services[1]);
    view.services.back().id = "more-" + std::to_string(i);
    view.services.back().state = i == 0 ? "closed" : i == 1 ? "before" : "open";
    view.next.emplace_back();
  }
  for (const char* lang : {"ja", "en"}) {
    const auto screen = home_of(view);
    CHECK(written_badly(screen, lang, "service-", 15) == "");
    CHECK(words_on(screen, lang, "service-shinsatsu").contains("200"));
  }
}

TEST_CASE("without its machine the desk says as of when, and nothing of what it cannot know") {
  const auto phrases = desk::load_phrases();
  REQUIRE(phrases);
  auto sample = desk::sample_page(fixture("morning"), "home", at_ms);
  REQUIRE(sample);
  const auto screen = desk::screen_of(*sample, false, 180'000, at_ms);
  const auto scene = desk::base_scene(desk::context(screen, *phrases, "ja"));
  CHECK(words_on(screen, "ja", "session").join(QString()).contains("10:29 時点：受付中"));
  const QString strip = words_on(screen, "ja", "programme").join(QString());
  CHECK(strip.contains("わかりません"));
  CHECK_FALSE(strip.contains("環境映像"));
  for (const auto& touch : scene.touch)
    if (touch.name == "messages" || touch.name == "devices" || touch.name == "programme")
      CHECK_FALSE(touch.enabled);
}

TEST_CASE("the stripes over an old list leave it to be read") {
  const auto contrast = [](const QColor& a, const QColor& b) {
    const auto light = [](const QColor& c) {
      const auto part = [](double v) {
        return v <= 0.03928 ? v / 12.92 : std::pow((v + 0.055) / 1.055, 2.4);
      };
      return 0.2126 * part(c.redF()) + 0.7152 * part(c.greenF()) + 0.0722 * part(c.blueF());
    };
    const double x = light(a), y = light(b);
    return (std::max(x, y) + 0.05) / (std::min(x, y) + 0.05);
  };
  const auto under = [](const QColor& colour) {
    QImage image(200, 60, QImage::Format_RGB32);
    image.fill(colour);
    QPainter p(&image);
    desk::paint_stale(p, QRectF(0, 0, 200, 60), 0);
    p.end();
    std::vector<QColor> seen;
    for (int x = 0; x < 200; ++x) seen.push_back(image.pixelColor(x, 30));
    return seen;
  };
  for (const QColor& ink : {seat::look::ink, seat::look::ink_2}) {
    double least = 21;
    for (const QColor& on : under(seat::look::panel))
      for (const QColor& of : under(ink)) least = std::min(least, contrast(of, on));
    CHECK(least >= 4.5);
  }
}

TEST_CASE("a long text of an urgent notice is seen whole where it is written, with how long it may be") {
  const auto phrases = desk::load_phrases();
  REQUIRE(phrases);
  for (const std::string form : {"closure", "doctor", "free", "hours", "request", "vaccination"})
    for (const char* lang : {"ja", "en"}) {
      auto screen = screen_of("morning", "notice");
      screen.inside.notice.form = form;
      screen.inside.notice.texts = {{"body", lang == std::string("ja") ? "お手洗いは 2階です" : "Upstairs."}};
      const auto c = desk::context(screen, *phrases, lang);
      const auto fields = desk::fields_of(*c);
      int several = 0;
      for (std::size_t i = 0; i < fields.size(); ++i) {
        INFO(form << " " << fields[i].name.toStdString());
        several += fields[i].several ? 1 : 0;
        CHECK(fields[i].several == (fields[i].name == "notice-field-body"));
        CHECK(fields[i].box.height() >= (fields[i].several ? 96 : 42));
        CHECK(fields[i].box.bottom() <= 484); // there it is said how long it is shown
        for (std::size_t k = i + 1; k < fields.size(); ++k)
          CHECK_FALSE(fields[i].box.intersects(fields[k].box));
      }
      CHECK(several == 1);
      QStringList counts;
      static const QRegularExpression count("^\\d+/\\d+$");
      for (const auto& it : written_by(desk::overlay_scene(c)))
        if (count.match(it.words).hasMatch()) counts << it.words;
      REQUIRE(counts.size() == 1);
      CHECK(counts.first().section('/', 0, 0).toInt() == (lang == std::string("ja") ? 10 : 9));
      CHECK(counts.first().section('/', 1).toInt() > 30);
    }
}

TEST_CASE("the first time missed is no number one") {
  const auto screen = home_of(fixture("morning"));
  CHECK(has(row_words(screen, "en", "20"), "1st time, 5 min"));
}

TEST_CASE("a reason of the order is no state") {
  const auto screen = home_of(fixture("morning"));
  CHECK(has(row_words(screen, "ja", "26"), "予約優先"));
}
