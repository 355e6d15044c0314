// SPDX-License-Identifier: Apache-2.0
#include "display/reporter.hpp"

#include <unistd.h>

#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QSaveFile>
#include <QUuid>
#include <algorithm>
#include <utility>

namespace machiai::display {

namespace {

constexpr std::size_t most_at_once = 50;
constexpr std::size_t least_grown = 64 * 1024; // bytes, before the file is written anew
constexpr std::size_t most_times_grown = 4;

bool write(const QString& path, const std::string& text) {
  QDir().mkpath(QFileInfo(path).path());
  QSaveFile file(path);
  return file.open(QIODevice::WriteOnly) &&
         file.write(text.data(), qint64(text.size())) == qint64(text.size()) && file.commit();
}

/// A line that was torn by a power cut is left out when the file is read.
bool append(const QString& path, const std::string& text) {
  QFile file(path);
  return file.open(QIODevice::WriteOnly | QIODevice::Append) &&
         file.write(text.data(), qint64(text.size())) == qint64(text.size()) && file.flush() &&
         ::fdatasync(file.handle()) == 0;
}

} // namespace

Reporter::Reporter(seat::Link& link, QString file) : link_(link), file_(std::move(file)) {
  writer_.setMaxThreadCount(1);
  QFile earlier(file_);
  if (earlier.open(QIODevice::ReadOnly)) log_.load(earlier.readAll().toStdString());
}

Reporter::~Reporter() {
  off("stopped");
  writer_.waitForDone();
}

base::Instant Reporter::now() const {
  return base::instant_from_ms(link_.hub_now_ms());
}

void Reporter::on(const Turn& turn) {
  log_.begin(QUuid::createUuid().toString(QUuid::WithoutBraces).toStdString(), turn, now());
  keep();
}

void Reporter::off(const std::string& reason) {
  log_.end(reason, now());
  keep();
}

void Reporter::tick(bool calling) {
  if (link_.hub_now_ms() > 0) log_.live(calling, now());
  keep();
  tell();
}

void Reporter::damaged(const std::string& sha256) {
  link_.send("doubt", {{"sha256", sha256}}, [](const auto&) {});
}

/// Appended; written anew when most of the file is history, or when it could not be appended to.
void Reporter::keep() {
  std::string news = log_.news();
  if (news.empty()) return;
  grown_ += news.size();
  const bool anew = torn_->exchange(false) || grown_ > compact_at_;
  if (anew) {
    news = log_.text();
    grown_ = news.size();
    compact_at_ = std::max(least_grown, most_times_grown * news.size());
  }
  writer_.start([path = file_, news = std::move(news), anew, torn = torn_] {
    if (anew ? write(path, news) : append(path, news)) return;
    *torn = true;
    qWarning("film: what was shown could not be written to the disk");
  });
}

/// One batch at a time. What the station refuses for good is told nobody again.
void Reporter::tell() {
  if (telling_ || !link_.connected()) return;
  auto records = log_.due(most_at_once);
  if (records.empty()) return;
  telling_ = true;
  boost::json::array list;
  for (const programme::Aired& aired : records) list.push_back(wire::aired_to_json(aired));
  link_.send("aired", {{"airings", std::move(list)}},
             [this, records = std::move(records)](const auto& reply) {
               telling_ = false;
               const bool refused = !reply && reply.error().code == base::Error::Code::invalid;
               if (refused)
                 qWarning("film: records of what was shown were refused (%s)", reply.error().detail.c_str());
               if (!reply && !refused) return;
               log_.settle(records);
               keep();
             });
}

} // namespace machiai::display
