// SPDX-License-Identifier: Apache-2.0
#include "hub/session.hpp"

#include "core/base/text.hpp"
#include "core/wire/commands.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace machiai::hub {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
namespace json = boost::json;
using base::Error;

namespace {

constexpr std::chrono::seconds silence_limit{30};
constexpr std::size_t most_waiting_answers = 8;
/// Bytes for what a command says, which an allocator still gives from its small blocks.
constexpr std::size_t frame_room = 768;

} // namespace

Session::Session(Server& server, asio::ip::tcp::socket socket, std::shared_ptr<asio::ssl::context> tls)
    : server_(server), stream_(std::move(socket)), tls_(std::move(tls)) {}

std::string Session::scope(const std::string& view) const {
  return view == "rooms" && !caller_.room.empty() ? "rooms:" + caller_.room : view;
}

asio::awaitable<void> Session::run() {
  if (!co_await enter() || revoked()) co_return;
  const auto self = shared_from_this();
  open_ = true;
  // A seat comes with the first of its connections, and leaves with the last: a new line may be there before
  // the old one is found to be dead.
  if (server_.connections_of(caller_) == 0) server_.backend_.seat_came(caller_);
  server_.joined(self);
  co_await serve();
  open_ = false;
  server_.left(self);
  if (server_.connections_of(caller_) == 0) server_.backend_.seat_left(caller_);
}

asio::awaitable<bool> Session::upgrade(const HttpRequest& request) {
  recognise(request);
  if (caller_.role.empty() || !base::is_plain_id(caller_.seat, 32)) {
    co_await turn_away(request,
                       caller_.role.empty() ? http::status::unauthorized : http::status::bad_request);
    co_return false;
  }
  if (!server_.has_place(caller_)) {
    co_await turn_away(request, http::status::service_unavailable);
    co_return false;
  }
  boost::system::error_code error;
  beast::get_lowest_layer(stream_).expires_never();
  stream_.set_option(beast::websocket::stream_base::timeout{handshake_limit, silence_limit, true});
  stream_.read_message_max(wire::largest_frame);
  co_await stream_.async_accept(request, net::to(error));
  co_return !error;
}

/// Revoked between its upgrade and its place among the sessions, where drop() finds it.
bool Session::revoked() const {
  return !device_.empty() && !server_.lan_.gate->known(device_, secret_);
}

asio::awaitable<void> Session::serve() {
  beast::flat_buffer buffer;
  for (;;) {
    boost::system::error_code error;
    co_await stream_.async_read(buffer, net::to(error));
    if (error) co_return;
    const std::string_view text(static_cast<const char*>(buffer.data().data()), buffer.size());
    json::object reply = co_await answer(text);
    buffer.consume(buffer.size());
    send(std::make_shared<const std::string>(json::serialize(reply)));
  }
}

json::object refusal(const Caller& caller, const Error& error) {
  return {{"error", wire::error_to_json(error, caller.lang)}};
}

json::object Session::refusal(Error::Code code, std::string reason) const {
  return hub::refusal(caller_, {code, std::move(reason), {}});
}

asio::awaitable<json::object> Session::answer(std::string_view text) {
  boost::system::error_code error;
  // All that a frame says lies in one piece of memory, which its arguments keep.
  json::value parsed = json::parse(json::string_view(text.data(), text.size()), error,
                                   json::make_shared_resource<json::monotonic_resource>(frame_room));
  json::object* frame = error ? nullptr : parsed.if_object();
  const json::value* cmd = frame == nullptr ? nullptr : frame->if_contains("cmd");
  if (cmd == nullptr || !cmd->is_string()) co_return refusal(Error::Code::invalid, "bad_frame");
  json::object reply;
  json::value* args = frame->if_contains("args");
  const json::value* key = frame->if_contains("key");
  const bool has_args = args != nullptr && args->is_object(), keyed = key != nullptr && key->is_string();
  Request request{std::string(cmd->as_string()), keyed ? std::string(key->as_string()) : std::string(),
                  has_args ? json::object(std::move(args->as_object())) : json::object()};
  if ((args != nullptr && !has_args) || (key != nullptr && !keyed)) {
    reply = refusal(Error::Code::invalid, "bad_frame");
  } else if (!may_send(caller_.role, request.cmd)) {
    reply = refusal(Error::Code::forbidden, "forbidden");
  } else if (request.cmd == "watch") {
    reply = watch(request.args);
  } else {
    reply = co_await ask(std::move(request));
  }
  if (const json::value* id = frame->if_contains("id"); id != nullptr && id->is_number()) reply["id"] = *id;
  co_return reply;
}

asio::awaitable<json::object> Session::ask(Request request) {
  auto initiate = [this](auto handler, Request&& asked) {
    struct Waiting {
      decltype(handler) resume;
      bool asking = true;
    };
    auto waiting = std::make_shared<Waiting>(Waiting{std::move(handler)});
    server_.backend_.handle(caller_, std::move(asked), [this, waiting](json::object reply) {
      if (!waiting->asking) return waiting->resume(std::move(reply));
      // Posted, so that a backend that answers at once does not grow the stack.
      asio::post(server_.loop_,
                 [waiting, reply = std::move(reply)]() mutable { waiting->resume(std::move(reply)); });
    });
    waiting->asking = false;
  };
  co_return co_await asio::async_initiate<decltype(asio::use_awaitable), void(json::object)>(
      initiate, asio::use_awaitable, std::move(request));
}

json::object Session::watch(const json::object& args) {
  const json::value* views = args.if_contains("views");
  if (views == nullptr || !views->is_array()) return refusal(Error::Code::invalid, "bad_argument");
  std::set<std::string> wanted;
  for (const json::value& view : views->as_array()) {
    if (!view.is_string() ||
        !may_watch(caller_.role, std::string_view(view.as_string().data(), view.as_string().size())))
      return refusal(Error::Code::forbidden, "forbidden");
    wanted.emplace(view.as_string());
  }
  views_ = std::move(wanted);
  for (const std::string& view : views_) push(view, server_.frame_of(view, scope(view)));
  return {{"ok", json::object{}}};
}

void Session::send(std::shared_ptr<const std::string> frame) {
  // A seat that sends but never reads is let go instead of being hoarded for.
  if (answers_.size() >= most_waiting_answers) return close();
  answers_.push_back(std::move(frame));
  pump();
}

void Session::push(const std::string& view, std::shared_ptr<const std::string> frame) {
  newest_[view] = std::move(frame);
  pump();
}

void Session::push_beat(const std::shared_ptr<const std::string>& frame) {
  newest_["\x7f beat"] = frame;
  pump();
}

/// The next frame goes out at once when none is on its way; an answer before a view.
void Session::pump() {
  if (writing_ || !open_ || (answers_.empty() && newest_.empty())) return;
  std::shared_ptr<const std::string> frame;
  if (!answers_.empty()) {
    frame = std::move(answers_.front());
    answers_.pop_front();
  } else {
    frame = std::move(newest_.begin()->second);
    newest_.erase(newest_.begin());
  }
  writing_ = true;
  stream_.text(true);
  const auto bytes = asio::buffer(*frame);
  stream_.async_write(bytes, [self = shared_from_this(),
                              frame = std::move(frame)](const boost::system::error_code& error, std::size_t) {
    self->writing_ = false;
    if (!error) self->pump();
  });
}

void Session::close() {
  open_ = false;
  boost::system::error_code ignored;
  beast::get_lowest_layer(stream_).socket().close(ignored);
}

} // namespace machiai::hub
