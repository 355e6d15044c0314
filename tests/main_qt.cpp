// SPDX-License-Identifier: Apache-2.0
// Scenes need fonts, and those an application; no screen.
#include "tests/session.hpp"

#include <QApplication>

int main(int argc, char** argv) {
  qputenv("QT_QPA_PLATFORM", "offscreen");
  const QApplication application(argc, argv);
  return run_tests(argc, argv);
}
