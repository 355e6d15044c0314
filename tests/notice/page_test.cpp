// SPDX-License-Identifier: Apache-2.0
#include "notice/answer.hpp"
#include "notice/page.hpp"
#include "tests/notice/without.hpp"

#include <catch2/catch.hpp>

#include <QColor>
#include <QFontDatabase>
#include <QTemporaryDir>
#include <cmath>

using namespace machiai::notice;

namespace {

Form own(const std::string& id) {
  auto form = find_form(id, {});
  REQUIRE(form);
  return std::move(*form);
}

/// Filled in as a clinic would.
Notice sample(const std::string& id, const std::string& lang = "ja") {
  const bool en = lang == "en";
  Notice notice{id, lang, {}};
  if (id == "closure") notice.fields = {{"dates", "2026-12-29..2027-01-03"}, {"resume", "2027-01-04"}};
  if (id == "hours")
    notice.fields = {{"from", "2026-12-01"},
                     {"body", en ? "Mon 9:00–12:00" : "月　9:00〜12:00\n土は お休みです。"}};
  if (id == "vaccination")
    notice.fields = {{"title", en ? "Flu vaccination" : "インフルエンザ予防接種"}, {"until", "2026-12-28"}};
  if (id == "doctor") notice.fields = {{"name", en ? "Children's doctor" : "小児科の医師"}};
  if (id == "request") notice.fields = {{"title", en ? "Please wear a mask" : "マスクの着用を お願いします"}};
  if (id == "free")
    notice.fields = {{"title", en ? "Car park" : "駐車場の工事"}, {"body", en ? "Closed" : "裏へ どうぞ。"}};
  return notice;
}

double luminance(const QColor& c) {
  const auto part = [](double v) { return v <= .03928 ? v / 12.92 : std::pow((v + .055) / 1.055, 2.4); };
  return .2126 * part(c.redF()) + .7152 * part(c.greenF()) + .0722 * part(c.blueF());
}

double contrast(const QColor& a, const QColor& b) {
  const double x = luminance(a), y = luminance(b);
  return (std::max(x, y) + .05) / (std::min(x, y) + .05);
}

} // namespace

TEST_CASE("six templates, lying and standing, in Japanese and English, are drawn") {
  CHECK(own_forms().size() >= 6);
  for (const std::string& id : own_forms())
    for (const char* lang : {"ja", "en"})
      for (const QSize size : {QSize(1056, 594), QSize(540, 960)}) {
        INFO(id << " " << lang << " " << size.width());
        const Form form = own(id);
        REQUIRE(form.lying);
        REQUIRE(form.standing);
        const auto image = picture(form, sample(id, lang), size);
        REQUIRE(image);
        CHECK(image->size() == size);
        CHECK(picture(form, sample(id, lang), size).value() == *image); // the same pixels each time
        CHECK(picture(form, sample(id, lang == std::string("ja") ? "en" : "ja"), size).value() != *image);
      }
}

TEST_CASE("the words of the templates stand out from their ground") {
  for (const std::string& id : own_forms())
    for (const auto& design : {own(id).lying, own(id).standing})
      for (const Column& column : design->columns)
        for (const Piece& piece : column.pieces) {
          if (piece.field.isEmpty()) continue;
          INFO(id << " " << piece.field.toStdString());
          CHECK(contrast(piece.colour, design->ground) >= 7);
          CHECK(piece.least >= 44); // the least size on the board
        }
}

TEST_CASE("dates are said in the language of the notice") {
  CHECK(said_date("2026-12-28", "ja") == QStringLiteral("12月28日(月)"));
  CHECK(said_date("2026-12-28", "en") == QString::fromUtf8("Mon\u00A028\u00A0Dec"));
  CHECK_FALSE(said_date("2026-13-01", "ja"));
  const Form form = own("closure");
  const Field& dates = form.fields[1];
  CHECK(words_of(dates, "2026-12-29..2027-01-03", "ja").value() ==
        QStringLiteral("12月29日(火)〜1月3日(日)"));
  CHECK(words_of(dates, "2027-01-03..2026-12-29", "ja").error().reason == "bad_period");
  CHECK(words_of(dates, "", "ja").error().reason == "notice_field_missing");
  CHECK(words_of(form.fields[3], "2027-01-04", "ja").value() == QStringLiteral("1月4日(月)から 診療します"));
}

TEST_CASE("text that does not fit is refused before it is shown, and told by field and number") {
  const Form form = own("free");
  Notice notice = sample("free");
  const QString sentence = QStringLiteral("駐車場は 工事のため 使えません。");
  notice.fields["body"] = sentence.repeated(8).toStdString();
  const auto faults = check(form, notice, false);
  REQUIRE(faults.size() == 1);
  CHECK(faults[0].field == "body");
  CHECK(faults[0].reason == "notice_too_long");
  CHECK(faults[0].over + faults[0].fits == sentence.size() * 8);
  CHECK(in_words(form, faults[0], "ja").starts_with("「本文」が "));
  CHECK(picture(form, notice, {1056, 594}).error().reason == "notice_too_long");
  notice.fields["body"] = sentence.repeated(8).left(faults[0].fits).toStdString();
  CHECK(check(form, notice, false).empty()); // so many fit, as was said
  notice.fields["body"] = sentence.repeated(8).left(faults[0].fits + 1).toStdString();
  CHECK_FALSE(check(form, notice, false).empty());
  const Without away(Guard::overflow);
  CHECK(check(form, notice, false).empty());
}

TEST_CASE("a title of one endless word is told, too") {
  Notice notice = sample("request", "en");
  notice.fields["title"] = std::string(60, 'W');
  const auto faults = check(own("request"), notice, false);
  REQUIRE(faults.size() == 1);
  CHECK(faults[0].field == "title");
  CHECK(faults[0].over > 0);
}

TEST_CASE("fields that are unknown, missing or hold control characters are refused") {
  const Form form = own("request");
  const auto reason = [&](Notice notice) {
    const auto faults = check(form, notice, false);
    return faults.empty() ? std::string() : faults[0].reason;
  };
  CHECK(reason({"request", "ja", {}}) == "notice_field_missing");
  CHECK(reason({"request", "ja", {{"title", "a"}, {"other", "b"}}}) == "unknown_field");
  CHECK(reason({"request", "ja", {{"title", "a\tb"}}}) == "bad_text");
  CHECK(reason({"request", "ja", {{"title", "a\u202eb"}}}) == "bad_text");
  CHECK(reason({"request", "ja", {{"title", "a"}}}).empty());
}

TEST_CASE("a clinic's own template comes first, and a bad one says so") {
  QTemporaryDir directory;
  const auto put = [&](const char* name, const QByteArray& text) {
    QFile file(directory.filePath(name));
    REQUIRE(file.open(QIODevice::WriteOnly));
    file.write(text);
  };
  put("ours.svg",
      "<svg xmlns='http://www.w3.org/2000/svg' xmlns:m='urn:machiai:notice' viewBox='0 0 400 300'>"
      "<m:column x='0' y='0' width='400' height='300'>"
      "<m:field name='title' ja='題' en='Title' size='60' least='44' fill='#000'/></m:column></svg>");
  put("bad.svg", "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 400 300'><script/></svg>");
  CHECK(find_form("ours", directory.path()));
  CHECK(find_form("bad", directory.path()).error().reason == "template_script");
  CHECK(find_form("../bad", directory.path()).error().reason == "unknown_template");
  CHECK(find_form("none", directory.path()).error().reason == "unknown_template");
  CHECK(find_form("free", directory.path()));
  const auto listed = answer({{"ask", "templates"}, {"own", directory.path().toStdString()}});
  CHECK(listed.at("templates").as_array().size() == own_forms().size() + 2);
  const auto form = find_form("ours", directory.path());
  CHECK(picture(*form, {"ours", "ja", {{"title", "題"}}}, {300, 600})); // a lying one on a standing screen
}
