// SPDX-License-Identifier: Apache-2.0
#include "hub/server.hpp"

#include "hub/session.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <openssl/crypto.h>

#include <algorithm>
#include <array>

namespace machiai::hub {

namespace asio = boost::asio;
using asio::ip::tcp;

namespace {

constexpr std::size_t most_connections = 300;
/// Of them those that have not shown a token yet; the oldest makes way for the next.
constexpr std::size_t most_strangers = 64;
/// One seat needs one or two lines, and screens together leave places to the desks and the command line.
constexpr std::ptrdiff_t most_of_one_seat = 100;
constexpr std::ptrdiff_t most_of_screens = 200;
/// The network has places of its own, few from one address, and is let in at a measured pace: whatever
/// happens there, the seats on this machine keep theirs, and handshakes cost less than a tenth of a core.
constexpr std::size_t most_on_lan = 100;
constexpr std::size_t most_from_one_address = 24;
constexpr std::chrono::milliseconds lan_pause{4};
constexpr std::chrono::seconds beat_every{2};
/// Views that change faster than this are pushed together.
constexpr std::chrono::milliseconds push_at_most_every{8};

struct Rights {
  std::string_view role;
  std::string_view commands; ///< space separated, "*": all
  std::string_view views;
};

constexpr std::array rights{
    Rights{"cli", "*", "board desk kiosk rooms programme"},
    Rights{"desk", "*", "board desk kiosk rooms programme"},
    Rights{
        "room",
        " call recall enter absent hold resume back finish move skip undo rooms board report watch status ",
        "rooms board"},
    Rights{"kiosk", " take check_in kiosk board report watch status ", "kiosk board"},
    Rights{"display", " aired board doubt programme report watch status ", "board programme"},
};

const Rights* rights_of(std::string_view role) {
  const auto found =
      std::find_if(rights.begin(), rights.end(), [&](const Rights& r) { return r.role == role; });
  return found == rights.end() ? nullptr : &*found;
}

bool equal_in_constant_time(std::string_view a, std::string_view b) {
  return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

} // namespace

bool may_send(std::string_view role, std::string_view cmd) {
  const Rights* r = rights_of(role);
  if (r == nullptr || cmd.find(' ') != std::string_view::npos) return false;
  return r->commands == "*" || r->commands.find(" " + std::string(cmd) + " ") != std::string_view::npos;
}

bool may_watch(std::string_view role, std::string_view view) {
  const Rights* r = rights_of(role);
  const std::string padded = r == nullptr ? "" : " " + std::string(r->views) + " ";
  return padded.find(" " + std::string(view) + " ") != std::string::npos;
}

Server::Server(asio::io_context& loop, const base::Clock& clock, Backend& backend, Settings settings)
    : loop_(loop), clock_(clock), backend_(backend),
      settings_(std::move(settings)), loopback_{tcp::acceptor(loop), most_connections, most_connections},
      lan_door_{tcp::acceptor(loop), most_on_lan, most_from_one_address, lan_pause}, beat_timer_(loop),
      push_timer_(loop) {}

Server::~Server() = default;

base::Result<int> Server::open(Door& door, const tcp::endpoint& endpoint) {
  boost::system::error_code error;
  tcp::acceptor& acceptor = door.acceptor;
  acceptor.open(endpoint.protocol(), error);
  if (!error) acceptor.set_option(tcp::acceptor::reuse_address(true), error);
  if (!error) acceptor.bind(endpoint, error);
  if (!error) acceptor.listen(asio::socket_base::max_listen_connections, error);
  if (error) return base::fail(base::Error::Code::device, "port_in_use", std::to_string(endpoint.port()));
  asio::co_spawn(loop_, accept_all(door), asio::detached);
  return acceptor.local_endpoint().port();
}

base::Result<int> Server::listen() {
  auto port =
      open(loopback_, {asio::ip::address_v4::loopback(), static_cast<unsigned short>(settings_.port)});
  if (port) asio::co_spawn(loop_, beat(), asio::detached);
  return port;
}

base::Result<int> Server::listen_lan(LanSettings lan) {
  boost::system::error_code error;
  const auto address = asio::ip::make_address(lan.host, error);
  if (error || lan.gate == nullptr) return base::fail(base::Error::Code::invalid, "bad_lan");
  lan_ = std::move(lan);
  MACHIAI_TRY(renew(lan_.chain, lan_.key));
  return open(lan_door_, {address, static_cast<unsigned short>(lan_.port)});
}

base::Status Server::renew(const std::string& chain, const std::string& key) {
  auto context = tls_context(chain, key);
  MACHIAI_TRY(context);
  tls_ = std::move(*context);
  return {};
}

void Server::drop(const std::string& device) {
  const auto sessions = sessions_;
  for (const auto& session : sessions)
    if (session->is_device(device)) session->close();
}

/// Its own timer: to set push_timer_ anew would cancel the push of a change that waits for it.
asio::awaitable<void> Server::breathe(std::chrono::milliseconds pause) {
  asio::steady_timer breath(loop_, pause);
  boost::system::error_code ignored;
  co_await breath.async_wait(net::to(ignored));
}

asio::awaitable<void> Server::accept_all(Door& door) {
  while (!stopping_) {
    boost::system::error_code error;
    tcp::socket socket = co_await door.acceptor.async_accept(net::to(error));
    if (error == asio::error::operation_aborted) co_return;
    const auto from = error ? asio::ip::address{} : socket.remote_endpoint(error).address();
    const auto known = door.inside.find(from);
    const std::size_t here = known == door.inside.end() ? 0 : known->second;
    if (&door == &loopback_ && (strangers_.size() >= most_strangers || door.count >= door.most))
      turn_out_oldest();
    // Out of descriptors or places: drop this one and breathe, the others go on.
    if (error || door.count >= door.most || here >= door.most_from_one) {
      socket.close(error);
      co_await breathe(std::chrono::milliseconds{1});
      continue;
    }
    admit(door, std::move(socket), from);
    if (door.pause.count() > 0) co_await breathe(door.pause);
  }
}

void Server::admit(Door& door, tcp::socket socket, const asio::ip::address& from) {
  auto session = std::make_shared<Session>(*this, std::move(socket), &door == &lan_door_ ? tls_ : nullptr);
  ++door.count;
  ++door.inside[from];
  if (&door == &loopback_) strangers_.push_back(session);
  asio::co_spawn(loop_, session->run(), [this, session, &door, from](const std::exception_ptr&) {
    --door.count;
    if (--door.inside[from] == 0) door.inside.erase(from);
    left(session);
  });
}

/// Who is still at the door; its connection ends a moment later.
void Server::turn_out_oldest() {
  if (strangers_.empty()) return;
  strangers_.front()->close();
  strangers_.pop_front();
}

asio::awaitable<void> Server::beat() {
  while (!stopping_) {
    boost::system::error_code error;
    beat_timer_.expires_after(beat_every);
    co_await beat_timer_.async_wait(net::to(error));
    if (error) co_return;
    const auto frame =
        std::make_shared<const std::string>("{\"beat\":" + std::to_string(base::to_ms(clock_.now())) + "}");
    for (const auto& session : sessions_) session->push_beat(frame);
  }
}

void Server::changed(const std::vector<std::string>& views) {
  dirty_.insert(views.begin(), views.end());
  if (push_planned_ || stopping_) return;
  push_planned_ = true;
  // The first change goes out now; what follows within the interval goes out together.
  asio::post(loop_, [this] { push_dirty(); });
}

void Server::push_dirty() {
  const std::set<std::string> views = std::exchange(dirty_, {});
  for (const std::string& view : views) {
    ++revisions_[view];
    std::map<std::string, std::shared_ptr<const std::string>> frames; // by scope
    for (const auto& session : sessions_) {
      if (!session->watches(view)) continue;
      const std::string scope = session->scope(view);
      auto& frame = frames[scope];
      if (!frame) frame = frame_of(view, scope);
      session->push(view, frame);
    }
  }
  push_timer_.expires_after(push_at_most_every);
  push_timer_.async_wait([this](const boost::system::error_code& error) {
    push_planned_ = false;
    if (!error && !dirty_.empty()) changed({});
  });
}

std::shared_ptr<const std::string> Server::frame_of(const std::string& view, const std::string& scope) {
  boost::json::object frame{{"view", view}, {"rev", revisions_[view]}, {"at", base::to_ms(clock_.now())}};
  frame["data"] = backend_.view(scope);
  return std::make_shared<const std::string>(boost::json::serialize(frame));
}

std::string Server::role_of(std::string_view token) const {
  std::string role;
  for (const auto& [name, secret] : settings_.tokens)
    if (equal_in_constant_time(secret, token)) role = name;
  return role;
}

void Server::joined(const std::shared_ptr<Session>& session) {
  std::erase(strangers_, session);
  sessions_.insert(session);
}
void Server::left(const std::shared_ptr<Session>& session) {
  std::erase(strangers_, session);
  sessions_.erase(session);
}

std::ptrdiff_t Server::connections_of(const Caller& caller) const {
  return std::count_if(sessions_.begin(), sessions_.end(),
                       [&](const auto& session) { return session->caller().place() == caller.place(); });
}

bool Server::has_place(const Caller& caller) const {
  const auto is_screen = [](const std::string& role) { return role != "cli" && role != "desk"; };
  if (caller.role == "cli") return true;
  if (connections_of(caller) >= most_of_one_seat) return false;
  return !is_screen(caller.role) || std::count_if(sessions_.begin(), sessions_.end(), [&](const auto& each) {
                                      return is_screen(each->caller().role);
                                    }) < most_of_screens;
}

void Server::stop() {
  stopping_ = true;
  boost::system::error_code ignored;
  loopback_.acceptor.close(ignored);
  lan_door_.acceptor.close(ignored);
  beat_timer_.cancel();
  push_timer_.cancel();
  const auto sessions = sessions_;
  for (const auto& session : sessions) session->close();
}

} // namespace machiai::hub
