// SPDX-License-Identifier: Apache-2.0
// The scene needs fonts, and those an application.
#define CATCH_CONFIG_RUNNER
#include <catch2/catch.hpp>

#include <QApplication>

int main(int argc, char** argv) {
  const QApplication app(argc, argv);
  return Catch::Session().run(argc, argv);
}
