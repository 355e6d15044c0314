// SPDX-License-Identifier: Apache-2.0
// Live fan-out: so many subscribers of one channel or facility in one process, and a publisher; prints as
// JSON how long after the publisher began each message reached the first, the middle and the last of them.
//
//   bench-fanout redis PORT SUBSCRIBERS MESSAGES
//   bench-fanout ws|wss PORT SUBSCRIBERS MESSAGES FACILITY    publishing is a booking at that facility
//   bench-fanout ws|wss PORT SUBSCRIBERS MESSAGES FACILITY told    publishing is done by who reads "publish"
//   here
#include <arpa/inet.h>
#include <boost/json.hpp>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <openssl/ssl.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace {

using Clock = std::chrono::steady_clock;

double milliseconds(Clock::duration time) {
  return std::chrono::duration<double, std::milli>(time).count();
}

[[noreturn]] void give_up(const char* what) {
  std::perror(what);
  std::exit(1);
}

/// One connection, blocking until it is set to wait with the others.
class Line {
public:
  Line(int port, SSL_CTX* tls) : fd_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<std::uint16_t>(port));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (::connect(fd_, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) give_up("connect");
    const int on = 1;
    ::setsockopt(fd_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    if (tls == nullptr) return;
    ssl_ = SSL_new(tls);
    SSL_set_fd(ssl_, fd_);
    if (SSL_connect(ssl_) != 1) give_up("TLS");
  }
  void write(const std::string& bytes) const {
    const auto size = static_cast<int>(bytes.size());
    const auto done =
        ssl_ != nullptr ? SSL_write(ssl_, bytes.data(), size) : ::send(fd_, bytes.data(), bytes.size(), 0);
    if (done != size) give_up("write");
  }
  /// 0 or less: nothing there, or the end.
  int read(char* into, int size) const {
    return ssl_ != nullptr ? SSL_read(ssl_, into, size)
                           : static_cast<int>(::recv(fd_, into, static_cast<std::size_t>(size), 0));
  }
  /// Reads until the text has come.
  std::string read_to(std::string_view end) const {
    std::string got;
    std::array<char, 4096> buffer{};
    while (got.find(end) == std::string::npos) {
      const int size = read(buffer.data(), static_cast<int>(buffer.size()));
      if (size <= 0) give_up("read");
      got.append(buffer.data(), static_cast<std::size_t>(size));
    }
    return got;
  }
  void no_wait() const { ::fcntl(fd_, F_SETFL, O_NONBLOCK); }
  [[nodiscard]] int fd() const { return fd_; }

private:
  int fd_;
  SSL* ssl_ = nullptr;
};

struct Settings {
  std::string kind;
  int port = 0;
  std::size_t subscribers = 0;
  int messages = 0;
  std::string facility;
  bool told = false;
  [[nodiscard]] bool redis() const { return kind == "redis"; }
};

Line subscribe(const Settings& settings, SSL_CTX* tls) {
  Line line(settings.port, tls);
  if (settings.redis()) {
    line.write("*2\r\n$9\r\nSUBSCRIBE\r\n$2\r\nq1\r\n");
    line.read_to(":1\r\n");
    return line;
  }
  line.write(
      "GET /v1/live?facility=" + settings.facility +
      " HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: "
      "dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n");
  line.read_to("\r\n\r\n");
  return line;
}

void publish(const Settings& settings, const Line& line, int message) {
  if (settings.told) {
    std::puts("publish");
    std::fflush(stdout);
    return;
  }
  if (settings.redis()) {
    const std::string text(600, 'x'); // about as long as a status
    line.write("*3\r\n$7\r\nPUBLISH\r\n$2\r\nq1\r\n$600\r\n" + text + "\r\n");
    line.read_to("\r\n");
    return;
  }
  const std::string body = R"({"service":"naika","kind":"first","people":[{"name":"x","phone":"000000"}]})";
  const auto run = Clock::now().time_since_epoch().count();
  line.write(
      "POST /v1/facilities/" + settings.facility + "/bookings HTTP/1.1\r\nHost: localhost\r\nContent-Type: " +
      "application/json\r\nIdempotency-Key: fanout-" + std::to_string(run) + "-" + std::to_string(message) +
      "\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body);
}

/// What came to the subscriber since; true when it was something.
bool drain(const Line& line) {
  std::array<char, 65536> buffer{};
  bool any = false;
  while (line.read(buffer.data(), static_cast<int>(buffer.size())) > 0) any = true;
  return any;
}

std::size_t wait_for(int poll, const std::vector<Line>& lines, Clock::time_point began,
                     std::vector<double>* times, std::vector<char>& seen, std::chrono::milliseconds limit) {
  std::array<epoll_event, 512> events{};
  std::size_t got = 0;
  const auto end = Clock::now() + limit;
  while (got < lines.size() && Clock::now() < end) {
    const int ready = ::epoll_wait(poll, events.data(), static_cast<int>(events.size()), 100);
    for (int i = 0; i < ready; ++i) {
      const std::uint32_t at = events[static_cast<std::size_t>(i)].data.u32;
      if (!drain(lines[at]) || seen[at] != 0) continue;
      seen[at] = 1;
      ++got;
      if (times != nullptr) times->push_back(milliseconds(Clock::now() - began));
    }
  }
  return got;
}

double median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return values.empty() ? 0 : values[values.size() / 2];
}

} // namespace

int main(int argc, char** argv) {
  if (argc < 5) return 2;
  Settings settings{argv[1],
                    std::atoi(argv[2]),
                    static_cast<std::size_t>(std::atoi(argv[3])),
                    std::atoi(argv[4]),
                    argc > 5 ? argv[5] : "",
                    argc > 6};
  rlimit limit{};
  ::getrlimit(RLIMIT_NOFILE, &limit);
  limit.rlim_cur = limit.rlim_max;
  ::setrlimit(RLIMIT_NOFILE, &limit);
  SSL_CTX* tls = settings.kind == "wss" ? SSL_CTX_new(TLS_client_method()) : nullptr;
  const int poll = ::epoll_create1(EPOLL_CLOEXEC);
  std::vector<Line> lines;
  lines.reserve(settings.subscribers);
  const auto connecting = Clock::now();
  for (std::size_t at = 0; at < settings.subscribers; ++at) {
    lines.push_back(subscribe(settings, tls));
    lines.back().no_wait();
    epoll_event event{EPOLLIN, {}};
    event.data.u32 = static_cast<std::uint32_t>(at);
    ::epoll_ctl(poll, EPOLL_CTL_ADD, lines.back().fd(), &event);
  }
  const double connected = milliseconds(Clock::now() - connecting);
  std::vector<char> seen(lines.size());
  wait_for(poll, lines, Clock::now(), nullptr, seen, std::chrono::milliseconds{2000}); // the first status
  const Line publisher(settings.port, tls);
  std::vector<double> firsts;
  std::vector<double> middles;
  std::vector<double> lasts;
  std::size_t missed = 0;
  for (int message = 0; message < settings.messages; ++message) {
    std::this_thread::sleep_for(std::chrono::milliseconds{1200}); // the pace of a clinic's calls, and more
    std::fill(seen.begin(), seen.end(), static_cast<char>(0));
    for (const Line& line : lines) drain(line);
    std::vector<double> times;
    const auto began = Clock::now();
    publish(settings, publisher, message);
    missed += lines.size() - wait_for(poll, lines, began, &times, seen, std::chrono::milliseconds{10000});
    if (!settings.redis() && !settings.told) publisher.read_to("\"ahead\"");
    if (times.empty()) continue;
    firsts.push_back(times.front());
    middles.push_back(median(times));
    lasts.push_back(times.back());
  }
  const boost::json::object told{{"kind", settings.kind},      {"subscribers", lines.size()},
                                 {"connected_ms", connected},  {"missed", missed},
                                 {"first_ms", median(firsts)}, {"median_ms", median(middles)},
                                 {"last_ms", median(lasts)}};
  std::puts(boost::json::serialize(told).c_str());
  if (::isatty(0) == 0) {
    // Stays until its input ends, so that the server's memory can be looked at with everybody connected.
    std::fflush(stdout);
    while (std::getchar() != EOF) {
    }
  }
  return missed == 0 ? 0 : 1;
}
