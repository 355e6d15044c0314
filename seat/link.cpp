// SPDX-License-Identifier: Apache-2.0
#include "seat/link.hpp"

#include "seat/door.hpp"
#include "seat/name.hpp"

#include <QDir>
#include <QFile>
#include <QNetworkProxy>
#include <QNetworkRequest>
#include <QRandomGenerator>
#include <QUrl>
#include <algorithm>
#include <optional>
#include <utility>

namespace machiai::seat {

namespace json = boost::json;
using base::Error;

namespace {

constexpr int least_back_off_ms = 100;
constexpr int most_back_off_ms = 2000;
/// The hub beats every 2 s: three missed beats mean that nobody is there, whatever TCP believes.
constexpr qint64 silence_ms = 6000;
constexpr int sweep_every_ms = 200;
/// A desk view of a long day is larger than a command; this bound is for memory, not for the protocol.
constexpr quint64 largest_frame = 8U << 20U;

/// First line of a small file, or nothing.
std::optional<QString> read_word(const QString& path) {
  QFile file(path);
  if (!file.open(QIODevice::ReadOnly)) return std::nullopt;
  const QString word = QString::fromUtf8(file.read(4096)).trimmed();
  if (word.isEmpty()) return std::nullopt;
  return word;
}

/// 128 random bits: no two presses on any seat ever share one.
std::string fresh_key() {
  quint32 words[4] = {};
  QRandomGenerator::system()->fillRange(words);
  return QByteArray(reinterpret_cast<const char*>(words), sizeof words).toHex().toStdString();
}

std::string text_or(const json::object& object, std::string_view key, std::string_view otherwise) {
  const json::value* value = object.if_contains(key);
  return std::string(value != nullptr && value->is_string() ? std::string_view(value->get_string())
                                                            : otherwise);
}

std::optional<qint64> integer(const json::object& object, std::string_view key) {
  const json::value* value = object.if_contains(key);
  if (value == nullptr) return std::nullopt;
  if (const auto* number = value->if_int64()) return *number;
  if (const auto* number = value->if_uint64()) return static_cast<qint64>(*number);
  return std::nullopt;
}

const json::object* object_at(const json::object& object, std::string_view key) {
  const json::value* value = object.if_contains(key);
  return value == nullptr ? nullptr : value->if_object();
}

Error refused(const json::object& error) {
  return Error{base::code_from_name(text_or(error, "code", "internal")), text_or(error, "reason", "unknown"),
               text_or(error, "detail", "")};
}

QByteArray bytes_of(const json::object& frame) {
  return QByteArray::fromStdString(json::serialize(frame));
}

} // namespace

base::Result<Settings> checked(Settings settings) {
  if (settings.home.isEmpty()) return base::fail(Error::Code::invalid, "no_home");
  if (settings.role != "kiosk" && settings.role != "desk" && settings.role != "display")
    return base::fail(Error::Code::invalid, "unknown_role");
  if (!is_seat_name(settings.seat)) return base::fail(Error::Code::invalid, "bad_seat");
  return settings;
}

Link::Link(Settings settings, QObject* parent)
    : QObject(parent), settings_(std::move(settings)), retry_(this), sweep_(this) {
  retry_.setSingleShot(true);
  // The hub is on this machine or on the clinic's own network; a proxy of the environment is never meant.
  socket_.setProxy(QNetworkProxy::NoProxy);
  socket_.setMaxAllowedIncomingFrameSize(largest_frame);
  socket_.setMaxAllowedIncomingMessageSize(largest_frame);
  uptime_.start();
  connect(&retry_, &QTimer::timeout, this, &Link::connect_now);
  connect(&sweep_, &QTimer::timeout, this, &Link::sweep);
  connect(&socket_, &QWebSocket::connected, this, &Link::on_connected);
  connect(&socket_, &QWebSocket::textMessageReceived, this, &Link::on_text);
  connect(&socket_, &QWebSocket::stateChanged, this, [this](QAbstractSocket::SocketState state) {
    if (state == QAbstractSocket::UnconnectedState) on_lost();
  });
}

Link::~Link() {
  socket_.disconnect(this);
  socket_.abort();
}

void Link::start() {
  if (sweep_.isActive()) return;
  sweep_.start(sweep_every_ms);
  connect_now();
}

bool Link::connected() const {
  return connected_;
}

qint64 Link::age_ms() const {
  return last_heard_ms_ < 0 ? -1 : uptime_.elapsed() - last_heard_ms_;
}

qint64 Link::hub_now_ms() const {
  return last_heard_ms_ < 0 ? 0 : last_stamp_ms_ + age_ms();
}

qint64 Link::rev(const QString& name) const {
  return revs_.value(name, -1);
}

void Link::send(const QString& command, json::object args, Reply reply, std::chrono::milliseconds patience) {
  const qint64 id = next_id_++;
  const json::object frame{
      {"id", id}, {"cmd", command.toStdString()}, {"key", fresh_key()}, {"args", std::move(args)}};
  Pending& pending =
      *pending_.insert(id, Pending{bytes_of(frame), std::move(reply), uptime_.elapsed() + patience.count()});
  if (socket_.state() == QAbstractSocket::ConnectedState) transmit(pending);
}

void Link::connect_over_tls() {
  const Key& key = *settings_.key;
  attempt_ms_ = uptime_.elapsed();
  QNetworkRequest request(QUrl("wss://" + place_text(key.place) + "/hub"));
  request.setRawHeader("Authorization", "Bearer " + (key.device + "." + key.secret).toLatin1());
  // Set anew each time: nothing of an earlier connection is resumed.
  socket_.setSslConfiguration(trusting(key.authority));
  socket_.open(request);
}

void Link::connect_now() {
  if (settings_.key) return connect_over_tls();
  const QDir run(QDir(settings_.home).filePath("run"));
  const auto port = read_word(run.filePath("port"));
  const auto token = read_word(run.filePath("token." + settings_.role));
  attempt_ms_ = uptime_.elapsed();
  bool is_number = false;
  const int number = port ? port->toUShort(&is_number) : 0;
  if (!token || !is_number || number == 0) return on_lost();

  QUrl url("ws://127.0.0.1/hub");
  url.setPort(number);
  QNetworkRequest request(url);
  request.setRawHeader("Authorization", "Bearer " + token->toUtf8());
  request.setRawHeader("X-Machiai-Seat", settings_.seat.toUtf8());
  socket_.open(request);
}

void Link::on_connected() {
  attempt_ms_ = uptime_.elapsed();
  json::array views;
  for (const QString& name : settings_.views) views.emplace_back(name.toStdString());
  const json::object watch{
      {"id", next_id_++}, {"cmd", "watch"}, {"args", json::object{{"views", std::move(views)}}}};
  socket_.sendTextMessage(QString::fromUtf8(bytes_of(watch)));
  for (Pending& pending : pending_) transmit(pending);
}

/// Also called when an attempt could not even begin; never schedules twice.
void Link::on_lost() {
  if (!retry_.isActive()) {
    back_off_ms_ = std::clamp(back_off_ms_ * 2, least_back_off_ms, most_back_off_ms);
    retry_.start(back_off_ms_);
  }
  set_connected(false);
}

void Link::transmit(Pending& pending) {
  pending.sent = true;
  socket_.sendTextMessage(QString::fromUtf8(pending.frame));
}

void Link::on_text(const QString& text) {
  const QByteArray bytes = text.toUtf8();
  boost::system::error_code error;
  const json::value value =
      json::parse(std::string_view(bytes.constData(), std::size_t(bytes.size())), error);
  const json::object* frame = error ? nullptr : value.if_object();
  if (frame == nullptr) {
    qWarning("hub frame dropped: not a JSON object (%lld bytes)", static_cast<long long>(bytes.size()));
    return;
  }
  if (const auto beat = integer(*frame, "beat")) return heard(*beat);
  if (const json::object* data = object_at(*frame, "data")) {
    const auto name = QString::fromStdString(text_or(*frame, "view", ""));
    heard(integer(*frame, "at").value_or(hub_now_ms()));
    revs_.insert(name, integer(*frame, "rev").value_or(0));
    emit view(name, *data);
    return;
  }
  if (const auto id = integer(*frame, "id")) answer(*id, *frame);
}

void Link::heard(qint64 stamp_ms) {
  last_heard_ms_ = uptime_.elapsed();
  last_stamp_ms_ = stamp_ms;
  // Only a hub that speaks resets the back-off: one that accepts and dies must not be hammered.
  back_off_ms_ = 0;
  set_connected(true);
}

void Link::answer(qint64 id, const json::object& frame) {
  const auto found = pending_.find(id);
  if (found == pending_.end()) return;
  const Reply reply = std::move(found->reply);
  pending_.erase(found);
  if (!reply) return;
  const json::object* error = object_at(frame, "error");
  refusal_ = error != nullptr ? *error : json::object{};
  if (const json::object* ok = object_at(frame, "ok")) return reply(*ok);
  if (error != nullptr) return reply(tl::unexpected(refused(*error)));
  reply(base::fail(Error::Code::internal, "bad_answer"));
}

void Link::sweep() {
  const qint64 now = uptime_.elapsed();
  const bool idle = socket_.state() == QAbstractSocket::UnconnectedState;
  if (!idle && now - std::max(last_heard_ms_, attempt_ms_) > silence_ms) socket_.abort();

  QList<std::pair<Reply, bool>> given_up;
  for (auto it = pending_.begin(); it != pending_.end();) {
    if (now < it->deadline_ms) {
      ++it;
      continue;
    }
    given_up.append({std::move(it->reply), it->sent});
    it = pending_.erase(it);
  }
  if (!given_up.isEmpty()) refusal_.clear();
  for (const auto& [reply, sent] : given_up)
    if (reply) reply(base::fail(Error::Code::device, "hub_unreachable", sent ? "unanswered" : "unsent"));
}

void Link::set_connected(bool connected) {
  if (connected_ == connected) return;
  connected_ = connected;
  emit connected_changed(connected);
}

} // namespace machiai::seat
