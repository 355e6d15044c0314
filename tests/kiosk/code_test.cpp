// SPDX-License-Identifier: Apache-2.0
// Where no slip comes out the glass shows the ticket's code, and a camera reads it.
#include "fixture.hpp"
#include "kiosk/scene.hpp"
#include "kiosk/window.hpp"
#include "qr/code.hpp"
#include "seat/stage.hpp"

#include <catch2/catch.hpp>

#include <QProcess>
#include <QStandardPaths>
#include <QTemporaryDir>

using namespace machiai;

namespace {

constexpr double least_px = 224; ///< 40 mm, as 112 px are 20 mm of a target

QByteArray read_from(const kiosk::Screen& screen, QSize size) {
  static const auto phrases = kiosk::load_phrases();
  QTemporaryDir dir;
  seat::Stage stage;
  stage.resize(size);
  stage.show_scene(kiosk::scene(screen, *phrases, size));
  REQUIRE(stage.grab().save(dir.filePath("glass.png")));
  QProcess reader;
  reader.start("zbarimg", {"--nodbus", "-q", "--raw", dir.filePath("glass.png")});
  reader.waitForFinished();
  return reader.readAllStandardOutput();
}

} // namespace

TEST_CASE("without a printer the number page has a code of 40 mm that reads back; with one it has none") {
  const bool reader = !QStandardPaths::findExecutable("zbarimg").isEmpty();
  for (const char* file : {"no_printer", "three"}) {
    const auto view = test::fixture(file);
    for (const std::string& code : {std::string("https://m.example.jp/f/minato#naika-20261124-W2.7"),
                                    std::string("https://machiai-no-nagai-namae.example.jp:8443/f/"
                                                "minato-kodomo-clinic#shounika-20261124-W12.3456")})
      for (const char* page : {"done", "done-large", "done-warning", "arrived-large-warning"})
        for (const QSize size : {QSize(1080, 1920), QSize(1280, 800), QSize(540, 960)}) {
          auto session = kiosk::sample_session(view, page, "ja");
          REQUIRE(session);
          session->given.code = code;
          const auto screen = kiosk::screen(&view, *session, true, 1795483920000, 0);
          const QRectF box = kiosk::frame_for(size, screen).code;
          INFO(file << " " << code << " " << page << " " << size.width());
          CHECK(box.isEmpty() == view.printing);
          if (!box.isEmpty()) {
            const auto made = qr::encode(code, 3);
            REQUIRE(made);
            const double module = box.width() / (made->width + 2 * qr::quiet);
            CHECK(made->width * module >= least_px);
          }
          // Where there is none, one shape is read as well.
          if (reader && (!view.printing || size.width() == 1080))
            CHECK(read_from(screen, size).trimmed() == (view.printing ? "" : code.c_str()));
        }
  }
}
