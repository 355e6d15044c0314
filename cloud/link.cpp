// SPDX-License-Identifier: Apache-2.0
#include "cloud/link.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/websocket.hpp>
#include <spdlog/spdlog.h>

#include <deque>

namespace machiai::cloud {

namespace asio = boost::asio;
namespace json = boost::json;
namespace websocket = boost::beast::websocket;
using boost::system::error_code;

namespace {

/// An application's ping finds a half-open link within 30 s, from either side.
constexpr std::chrono::seconds silence_limit{30};
constexpr std::size_t largest_frame = 256 * 1024;
constexpr std::size_t most_waiting = 64;

std::string text_at(const json::object& from, std::string_view name) {
  const json::value* value = from.if_contains({name.data(), name.size()});
  return value != nullptr && value->is_string() ? std::string(value->as_string()) : std::string{};
}

} // namespace

class LinkSession : public std::enable_shared_from_this<LinkSession> {
public:
  LinkSession(Links& links, std::unique_ptr<Stream> stream, HttpMessage upgrade, Station station)
      : links_(links), upgrade_(std::move(upgrade)), station_(std::move(station)),
        stream_(std::move(*stream)) {}

  asio::awaitable<void> run();
  void send(const json::object& frame);
  void close() { boost::beast::get_lowest_layer(stream_).close(); }
  [[nodiscard]] const Station& station() const { return station_; }

private:
  asio::awaitable<bool> take(std::string_view text);
  asio::awaitable<bool> greet(const json::object& frame);
  asio::awaitable<void> drain();
  void refuse(std::string_view reason) { send({{"kind", "refused"}, {"reason", reason}}); }

  Links& links_;
  HttpMessage upgrade_;
  Station station_;
  websocket::stream<Stream> stream_;
  std::deque<std::string> waiting_;
  bool draining_ = false;
  bool greeted_ = false;
  bool over_ = false;
};

asio::awaitable<void> LinkSession::run() {
  error_code error;
  stream_.set_option(websocket::stream_base::timeout{std::chrono::seconds{10}, silence_limit, true});
  stream_.read_message_max(largest_frame);
  co_await stream_.async_accept(upgrade_, asio::redirect_error(asio::use_awaitable, error));
  boost::beast::flat_buffer buffer;
  while (!error && !over_) {
    co_await stream_.async_read(buffer, asio::redirect_error(asio::use_awaitable, error));
    if (error) break;
    const std::string_view text(static_cast<const char*>(buffer.data().data()), buffer.size());
    const bool goes_on = co_await take(text);
    buffer.consume(buffer.size());
    if (!goes_on) break;
  }
  // What was said last gets out before the end.
  while (!error && draining_) co_await asio::post(stream_.get_executor(), asio::use_awaitable);
  if (!error)
    co_await stream_.async_close(websocket::close_code::normal,
                                 asio::redirect_error(asio::use_awaitable, error));
  over_ = true;
}

/// One frame of the station; false ends the link.
asio::awaitable<bool> LinkSession::take(std::string_view text) {
  error_code error;
  const json::value parsed = json::parse({text.data(), text.size()}, error);
  const json::object* frame = error ? nullptr : parsed.if_object();
  if (frame == nullptr) {
    refuse("bad_frame");
    co_return false;
  }
  const std::string kind = text_at(*frame, "kind");
  if (kind == "hello") co_return co_await greet(*frame);
  if (!greeted_) {
    refuse("bad_frame");
    co_return false;
  }
  if (kind == "ping") {
    send({{"kind", "pong"}});
    co_return true;
  }
  // Kinds that a newer station knows are passed over.
  co_return true;
}

asio::awaitable<bool> LinkSession::greet(const json::object& frame) {
  const Place* place = links_.node_.find(station_.facility);
  if (place == nullptr || text_at(frame, "facility") != place->profile->slug) {
    // The certificate says who it is; a hello of another facility is a mistake or worse.
    refuse("certificate_unknown");
    co_return false;
  }
  greeted_ = true;
  send({{"kind", "welcome"}, {"generation", place->profile->generation}, {"acked", 0}});
  co_return true;
}

void LinkSession::send(const json::object& frame) {
  if (over_) return;
  if (waiting_.size() >= most_waiting) return close();
  waiting_.push_back(json::serialize(frame));
  if (draining_) return;
  draining_ = true;
  asio::co_spawn(stream_.get_executor(), drain(), [self = shared_from_this()](const std::exception_ptr&) {});
}

asio::awaitable<void> LinkSession::drain() {
  while (!waiting_.empty() && !over_) {
    const std::string text = std::move(waiting_.front());
    waiting_.pop_front();
    error_code error;
    stream_.text(true);
    co_await stream_.async_write(asio::buffer(text), asio::redirect_error(asio::use_awaitable, error));
    if (error) break;
  }
  draining_ = false;
}

void Links::open(std::unique_ptr<Stream> stream, HttpMessage upgrade, Station station) {
  const int facility = station.facility;
  auto session =
      std::make_shared<LinkSession>(*this, std::move(stream), std::move(upgrade), std::move(station));
  if (auto& place = sessions_[facility]) place->close();
  sessions_[facility] = session;
  asio::co_spawn(node_.loop, session->run(), [this, facility, session](const std::exception_ptr&) {
    const auto found = sessions_.find(facility);
    if (found != sessions_.end() && found->second == session) sessions_.erase(found);
  });
}

void Links::changed(int facility) {
  const auto found = sessions_.find(facility);
  if (found != sessions_.end()) found->second->send({{"kind", "changed"}});
}

void Links::stop() {
  const auto all = sessions_;
  for (const auto& [facility, session] : all) session->close();
}

} // namespace machiai::cloud
