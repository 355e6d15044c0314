// SPDX-License-Identifier: Apache-2.0
// Scenes need fonts, and those an application; no screen.
#define CATCH_CONFIG_RUNNER
#include <catch2/catch.hpp>

#include <QApplication>

int main(int argc, char** argv) {
  qputenv("QT_QPA_PLATFORM", "offscreen");
  const QApplication application(argc, argv);
  return Catch::Session().run(argc, argv);
}
