// SPDX-License-Identifier: Apache-2.0
#include "notice/form.hpp"
#include "notice/guard.hpp"
#include "tests/notice/without.hpp"

#include <catch2/catch.hpp>

#include <QBuffer>
#include <QFile>
#include <QImage>
#include <QSvgRenderer>
#include <random>

using namespace machiai::notice;

namespace {

QByteArray svg(const QByteArray& inside, const QByteArray& before = {}, const QByteArray& root = {}) {
  return before +
         "<svg xmlns='http://www.w3.org/2000/svg' xmlns:xlink='http://www.w3.org/1999/xlink' "
         "xmlns:m='urn:machiai:notice' viewBox='0 0 400 300' " +
         root + ">" + inside + "</svg>";
}

std::string refusal(const QByteArray& text) {
  const auto drawing = let_in(text);
  return drawing ? "" : drawing.error().reason;
}

QByteArray png(int side) {
  QByteArray bytes;
  QBuffer buffer(&bytes);
  buffer.open(QIODevice::WriteOnly);
  QImage image(side, side, QImage::Format_RGB32);
  image.fill(Qt::red);
  image.save(&buffer, "PNG");
  return bytes.toBase64();
}

struct Bad {
  QByteArray text;
  std::string reason;
  Guard guard;
};

std::vector<Bad> bad_ones() {
  const QByteArray billion = "<!DOCTYPE svg [<!ENTITY a 'aaaaaaaaaa'><!ENTITY b '&a;&a;&a;&a;&a;&a;'>]>";
  QByteArray deep, many;
  for (int i = 0; i < 40; ++i) deep += "<g>";
  for (int i = 0; i < 40; ++i) deep += "</g>";
  for (int i = 0; i < 3000; ++i) many += "<rect/>";
  return {
      {svg("<script>alert(1)</script>"), "template_script", Guard::scripts},
      {svg("<rect onclick='x()'/>"), "template_script", Guard::scripts},
      {svg("", "", "onload='x()'"), "template_script", Guard::scripts},
      {svg("<rect fill='javascript:x'/>"), "template_script", Guard::scripts},
      {svg("<image href='http://example.jp/a.png'/>"), "template_link", Guard::links},
      {svg("<image xlink:href='file:///etc/passwd'/>"), "template_link", Guard::links},
      {svg("<rect fill='url(http://example.jp/a.svg#x)'/>"), "template_link", Guard::links},
      {svg("<rect style='fill:url( other.svg#x )'/>"), "template_link", Guard::links},
      {svg("<g xlink:href='#x'/>"), "template_link", Guard::links},
      {svg("", billion), "template_entity", Guard::entities},
      {svg("", "<?xml-stylesheet href='a.css'?>"), "template_entity", Guard::entities},
      {svg("<foreignObject/>"), "template_element", Guard::elements},
      {svg("<use/>"), "template_element", Guard::elements},
      {svg("<style/>"), "template_element", Guard::elements},
      {svg("<animate/>"), "template_element", Guard::elements},
      {svg("<filter/>"), "template_element", Guard::elements},
      {svg("<image href='data:image/svg+xml;base64,PHN2Zz4='/>"), "template_picture", Guard::pictures},
      {svg("<image href='data:text/html,hello'/>"), "template_picture", Guard::pictures},
      {svg("<image href='data:image/png;base64,AAAA'/>"), "template_picture", Guard::pictures},
      {svg("<image href='data:image/png;base64," + png(2100) + "'/>"), "template_too_large", Guard::size},
      {svg("<rect width='1e30'/>"), "template_too_large", Guard::size},
      {svg("<path d='M0 0L99999999 0'/>"), "template_too_large", Guard::size},
      {svg(deep), "template_too_large", Guard::size},
      {svg(many), "template_too_large", Guard::size},
      {svg("<desc>" + QByteArray(300'000, 'x') + "</desc>"), "template_too_large", Guard::size},
      {"<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 90000 90000'/>", "template_too_large",
       Guard::size},
  };
}

} // namespace

TEST_CASE("a template that could do more than stand there is refused with its reason") {
  for (const Bad& bad : bad_ones()) {
    INFO(bad.text.left(300).toStdString());
    CHECK(refusal(bad.text) == bad.reason);
  }
  CHECK(refusal(svg("words")) == "template_element");
  CHECK(refusal(svg("<html xmlns='http://www.w3.org/1999/xhtml'/>")) == "template_element");
  CHECK(refusal("") == "template_unreadable");
  CHECK(refusal("<svg") == "template_unreadable");
  CHECK(refusal("<svg xmlns='http://www.w3.org/2000/svg'/>") == "template_unreadable");
  CHECK(refusal(svg("&unknown;")) != "");
}

TEST_CASE("each guard of the templates is needed") {
  for (const Bad& bad : bad_ones()) {
    INFO(bad.text.left(300).toStdString());
    const Without away(bad.guard);
    CHECK(refusal(bad.text) != bad.reason);
  }
}

TEST_CASE("what is let in is drawn, and an editor's own remarks are left out") {
  const auto drawing = let_in(
      svg("<title>t</title><metadata><x xmlns='urn:other'/></metadata><g style='fill:#f00;font-family:x'>"
          "<rect id='a' width='10' height='10' class='c'/><image width='9' height='9' "
          "href='data:image/png;base64," +
          png(8) + "'/></g><m:column x='1' y='1' width='9' height='9'><m:field name='a'/></m:column>"));
  REQUIRE(drawing);
  CHECK(drawing->marks.size() == 2);
  CHECK(drawing->marks[1].parent == 0);
  for (const char* gone : {"title", "metadata", "class", "font-family", "machiai"})
    CHECK_FALSE(drawing->svg.contains(gone));
  CHECK(QSvgRenderer(drawing->svg).isValid());
}

/// Qt tells of every path that it cuts off.
void quiet(QtMsgType, const QMessageLogContext&, const QString&) {}

TEST_CASE("a damaged template is refused or drawn, and never ends the program") {
  QFile file(":/templates/vaccination.svg");
  REQUIRE(find_form("vaccination", {}));
  REQUIRE(file.open(QIODevice::ReadOnly));
  const QByteArray whole = file.readAll();
  std::mt19937 random(7);
  int taken = 0;
  const auto told = qInstallMessageHandler(quiet);
  for (int i = 0; i < 2000; ++i) {
    QByteArray bytes = whole;
    for (int n = 0; n <= i % 4; ++n)
      bytes[qsizetype(random() % std::size_t(bytes.size()))] ^= char(1U << random() % 8);
    if (i % 5 == 0) bytes.truncate(qsizetype(random() % std::size_t(bytes.size())));
    const auto form = form_of("x", bytes, {});
    if (!form) {
      CHECK(form.error().reason.starts_with("template_"));
      continue;
    }
    ++taken;
    QSvgRenderer renderer;
    renderer.load(form->lying->drawing);
  }
  qInstallMessageHandler(told);
  CHECK(taken > 100);
}
