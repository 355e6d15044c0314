// SPDX-License-Identifier: Apache-2.0
// Tells the station what this screen has shown, until it says that it is recorded; keeps it in a file till
// then.
#pragma once

#include "display/player/airlog.hpp"
#include "seat/link.hpp"

#include <QObject>
#include <QString>
#include <QThreadPool>
#include <atomic>
#include <memory>

namespace machiai::display {

class Reporter : public QObject {
public:
  /// `file`: what an earlier run left in it is told first.
  Reporter(seat::Link& link, QString file);
  /// Waits until the file is written.
  ~Reporter() override;

  void on(const Turn& turn);
  void off(const std::string& reason);
  /// At least once a second; `calling`: a call has part of the film's place.
  void tick(bool calling);
  void damaged(const std::string& sha256);

private:
  void keep();
  void tell();
  [[nodiscard]] base::Instant now() const;

  seat::Link& link_;
  QString file_;
  Airlog log_;
  std::size_t grown_ = 0, compact_at_ = 0; ///< bytes of the file; the first write makes it anew
  std::shared_ptr<std::atomic<bool>> torn_ = std::make_shared<std::atomic<bool>>(false);
  bool telling_ = false;
  QThreadPool writer_; ///< one thread: writes in order, away from the screen's loop
};

} // namespace machiai::display
