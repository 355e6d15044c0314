// SPDX-License-Identifier: Apache-2.0
// Clients of the hub, each with one command under way: how many tickets a second become durable, and how
// long each answer takes. Prints JSON; the last line of the latencies is the slowest.
#include "core/store/station.hpp"

#include <CLI/CLI.hpp>
#include <boost/asio.hpp>
#include <boost/beast.hpp>
#include <boost/json.hpp>
#include <fmt/format.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdio>
#include <memory>
#include <thread>

namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
using Steady = std::chrono::steady_clock;

struct Plan {
  std::string home;
  std::string service = "naika";
  int clients = 1;
  double seconds = 3;
  long count = 0; ///< stop after so many in all; 0: by time
  bool print = false;
  double pause_ms = 0; ///< between an answer and the client's next command
  bool watch = false;  ///< each client also watches a view, as the seats of a clinic would
};

struct Result {
  long done = 0;
  long refused = 0;
  std::vector<double> latencies_ms;
};

class Client : public std::enable_shared_from_this<Client> {
public:
  Client(asio::io_context& loop, const Plan& plan, Result& result, Steady::time_point end, int number)
      : stream_(loop), timer_(loop), plan_(plan), result_(result), end_(end), number_(number) {}

  void connect(int port, const std::string& token) {
    auto& tcp = beast::get_lowest_layer(stream_);
    tcp.socket().connect({asio::ip::address_v4::loopback(), static_cast<unsigned short>(port)});
    tcp.socket().set_option(asio::ip::tcp::no_delay(true));
    stream_.set_option(beast::websocket::stream_base::decorator([&](beast::websocket::request_type& request) {
      request.set(beast::http::field::authorization, "Bearer " + token);
      request.set("X-Machiai-Seat", fmt::format("bench-{}", number_));
    }));
    stream_.handshake("127.0.0.1", "/hub");
  }

  /// One desk in ten; the others are screens, kiosks and rooms in equal parts.
  void watch() {
    constexpr std::array views{"board", "kiosk", "rooms"};
    const char* view = number_ % 10 == 0 ? "desk" : views[static_cast<std::size_t>(number_) % views.size()];
    stream_.write(asio::buffer(fmt::format(R"({{"cmd":"watch","args":{{"views":["{}"]}}}})", view)));
  }
  /// The first commands are spread over one pause.
  void begin() {
    if (plan_.pause_ms <= 0) return next();
    pause(plan_.pause_ms * (number_ + 1) / plan_.clients);
  }

  void next() {
    if (enough()) return;
    compose();
    stream_.async_write(asio::buffer(frame_), [self = shared_from_this()](auto error, std::size_t) {
      if (!error) self->read();
    });
  }

  /// One command after the other; looks for each answer instead of sleeping: how long this machine takes to
  /// wake a sleeping processor is not the daemon's figure. It yields, for the kernel may have put the daemon
  /// on its processor.
  void look_out() {
    const int line = beast::get_lowest_layer(stream_).socket().native_handle();
    char first = 0;
    while (!enough()) {
      compose();
      stream_.write(asio::buffer(frame_));
      while (::recv(line, &first, 1, MSG_PEEK | MSG_DONTWAIT) < 0) std::this_thread::yield();
      do stream_.read(buffer_);
      while (!take_answer());
    }
  }

private:
  [[nodiscard]] bool enough() const {
    return plan_.count > 0 ? result_.done >= plan_.count : Steady::now() >= end_;
  }
  void compose() {
    frame_ = fmt::format(R"({{"id":{},"cmd":"take","key":"b{}-{}-{}","args":{{"service":"{}","print":{}}}}})",
                         sent_ + 1, ::getpid(), number_, sent_, plan_.service, plan_.print);
    ++sent_;
    asked_ = Steady::now();
  }
  /// False for a beat or a view.
  bool take_answer() {
    const std::chrono::duration<double, std::milli> took = Steady::now() - asked_;
    const std::string_view text(static_cast<const char*>(buffer_.data().data()), buffer_.size());
    const bool done = text.starts_with(R"({"ok":)") && text != R"({"ok":{}})"; // that answers `watch`
    const bool refused = text.starts_with(R"({"error":)");
    buffer_.consume(buffer_.size());
    if (!done && !refused) return false;
    result_.refused += refused ? 1 : 0;
    ++result_.done;
    result_.latencies_ms.push_back(took.count());
    return true;
  }
  void read() {
    stream_.async_read(buffer_, [self = shared_from_this()](auto error, std::size_t) {
      if (error) return;
      if (!self->take_answer()) return self->read();
      self->plan_.pause_ms <= 0 ? self->next() : self->pause(self->plan_.pause_ms);
    });
  }

  void pause(double ms) {
    timer_.expires_after(std::chrono::microseconds(static_cast<long>(ms * 1000)));
    timer_.async_wait([self = shared_from_this()](auto error) {
      if (!error) self->next();
    });
  }

  beast::websocket::stream<beast::tcp_stream> stream_;
  asio::steady_timer timer_;
  const Plan& plan_;
  Result& result_;
  Steady::time_point end_;
  int number_;
  long sent_ = 0;
  std::string frame_;
  beast::flat_buffer buffer_;
  Steady::time_point asked_;
};

double percentile(std::vector<double>& sorted, double p) {
  if (sorted.empty()) return 0;
  return sorted[std::min(sorted.size() - 1,
                         static_cast<std::size_t>(p * static_cast<double>(sorted.size())))];
}

} // namespace

int main(int argc, char** argv) {
  CLI::App app("bench-hub");
  Plan plan;
  app.add_option("--home", plan.home)->required();
  app.add_option("--service", plan.service);
  app.add_option("--clients", plan.clients);
  app.add_option("--seconds", plan.seconds);
  app.add_option("--count", plan.count);
  app.add_option("--pause-ms", plan.pause_ms);
  app.add_flag("--print", plan.print);
  app.add_flag("--watch", plan.watch);
  CLI11_PARSE(app, argc, argv);
  const machiai::store::Home home{plan.home};
  const auto port_text = machiai::store::read_file(home.port());
  const auto token = machiai::store::read_file(home.token("cli"));
  if (!port_text || !token) return 4;
  int port = 0;
  std::from_chars(port_text->data(), port_text->data() + port_text->size(), port);
  asio::io_context loop;
  Result result;
  const auto start = Steady::now();
  const auto end = start + std::chrono::microseconds(static_cast<long>(plan.seconds * 1e6));
  for (int i = 0; i < plan.clients; ++i) {
    auto client = std::make_shared<Client>(loop, plan, result, end, i);
    client->connect(port, *token);
    if (plan.watch) client->watch();
    plan.clients == 1 && plan.pause_ms <= 0 ? client->look_out() : client->begin();
  }
  loop.run();
  const std::chrono::duration<double> took = Steady::now() - start;
  std::sort(result.latencies_ms.begin(), result.latencies_ms.end());
  const boost::json::object out{{"rate", static_cast<double>(result.done) / took.count()},
                                {"done", result.done},
                                {"refused", result.refused},
                                {"p50_ms", percentile(result.latencies_ms, 0.50)},
                                {"p99_ms", percentile(result.latencies_ms, 0.99)},
                                {"max_ms", percentile(result.latencies_ms, 1.0)}};
  std::puts(boost::json::serialize(out).c_str());
  return result.refused == 0 ? 0 : 1;
}
