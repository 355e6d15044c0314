// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QCoreApplication>
#include <QElapsedTimer>
#include <functional>

/// Runs the event loop until `done`, at most `limit_ms`; what `done` says then.
inline bool until(const std::function<bool()>& done, qint64 limit_ms = 10'000) {
  QElapsedTimer timer;
  timer.start();
  while (!done() && timer.elapsed() < limit_ms)
    QCoreApplication::processEvents(QEventLoop::WaitForMoreEvents, 20);
  return done();
}
