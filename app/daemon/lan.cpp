// SPDX-License-Identifier: Apache-2.0
#include "app/daemon/lan.hpp"

#include "core/base/text.hpp"
#include "core/store/identity.hpp"
#include "web/room/files.hpp"

#include <boost/asio/post.hpp>
#include <ifaddrs.h>
#include <net/if.h>
#include <netdb.h>
#include <spdlog/spdlog.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <charconv>

namespace machiai::daemon {

namespace {

using base::Error;
using base::fail;

/// Often enough for a new address from the router, seldom enough to cost nothing.
constexpr std::chrono::minutes look_again{15};

/// This machine's addresses in the network; loopback and link-local ones are nobody's way in.
std::vector<std::string> addresses() {
  std::vector<std::string> found;
  ifaddrs* list = nullptr;
  if (::getifaddrs(&list) != 0) return found;
  for (const ifaddrs* each = list; each != nullptr; each = each->ifa_next) {
    if (each->ifa_addr == nullptr || (each->ifa_flags & IFF_LOOPBACK) != 0) continue;
    const int family = each->ifa_addr->sa_family;
    if (family != AF_INET && family != AF_INET6) continue;
    std::array<char, NI_MAXHOST> text{};
    const socklen_t size = family == AF_INET ? sizeof(sockaddr_in) : sizeof(sockaddr_in6);
    if (::getnameinfo(each->ifa_addr, size, text.data(), text.size(), nullptr, 0, NI_NUMERICHOST) != 0)
      continue;
    const std::string address(text.data());
    if (address.find('%') == std::string::npos) found.push_back(address);
  }
  ::freeifaddrs(list);
  std::stable_partition(found.begin(), found.end(),
                        [](const std::string& each) { return each.find(':') == std::string::npos; });
  return found;
}

/// What the server's certificate must cover.
std::vector<std::string> names() {
  std::vector<std::string> all{"localhost", "127.0.0.1", "::1"};
  std::array<char, 256> host{};
  const bool named = ::gethostname(host.data(), host.size() - 1) == 0 && base::is_plain_id(host.data(), 63) &&
                     std::string_view(host.data()).find_first_of("_:") == std::string_view::npos;
  if (named) all.emplace_back(host.data());
  if (named && std::string_view(host.data()).find('.') == std::string_view::npos)
    all.push_back(std::string(host.data()) + ".local");
  for (std::string& address : addresses()) all.push_back(std::move(address));
  return all;
}

struct Where {
  std::string host;
  int port = 0;
};

base::Result<Where> parse(const std::string& text) {
  const std::size_t colon = text.rfind(':');
  if (colon == std::string::npos) return fail(Error::Code::invalid, "bad_lan");
  Where where{text.substr(0, colon), -1};
  if (where.host.size() > 2 && where.host.front() == '[' && where.host.back() == ']')
    where.host = where.host.substr(1, where.host.size() - 2);
  const char* end = text.data() + text.size();
  const auto [rest, error] = std::from_chars(text.data() + colon + 1, end, where.port);
  if (error != std::errc{} || rest != end || where.port < 0 || where.port > 65535)
    return fail(Error::Code::invalid, "bad_lan");
  return where;
}

/// What a tablet opens: the address listened on, or the machine's first when that is "any".
std::string address_of(const Where& where, int port) {
  std::string host = where.host;
  const auto own = addresses();
  if (host == "0.0.0.0" || host == "::") host = own.empty() ? "127.0.0.1" : own.front();
  if (host.find(':') != std::string::npos) host = "[" + host + "]";
  return "https://" + host + ":" + std::to_string(port) + "/";
}

std::vector<hub::Asset> page_files() {
  std::vector<hub::Asset> all;
  for (const web::File& file : web::room_files()) all.push_back({file.path, file.type, file.body});
  return all;
}

} // namespace

void Lan::start(const std::string& where) {
  if (where.empty()) return;
  const auto opened = open(where);
  if (opened) return renew_later();
  spdlog::error("the clinic's network stays off: {} {}", opened.error().reason, opened.error().detail);
  devices_.set_place({"", opened.error().reason});
}

base::Status Lan::open(const std::string& where) {
  const auto place = parse(where);
  MACHIAI_TRY(place);
  MACHIAI_TRY(devices_.load());
  auto identity = store::station_identity(home_, clock_.now(), names());
  MACHIAI_TRY(identity);
  chain_ = identity->chain;
  const auto check = store::identity_check(identity->ca);
  MACHIAI_TRY(check);
  const auto port = server_.listen_lan({place->host, place->port, std::move(identity->ca), identity->chain,
                                        std::move(identity->key), page_files(), &devices_});
  MACHIAI_TRY(port);
  devices_.set_place({address_of(*place, *port), "", *check});
  devices_.set_drop([this](const std::string& device) { server_.drop(device); });
  spdlog::info("serving the clinic's network on port {}", *port);
  return store::write_file(home_.lan_port(), std::to_string(*port) + "\n", false);
}

void Lan::renew_later() {
  timer_.expires_after(look_again);
  timer_.async_wait([this](const boost::system::error_code& error) {
    if (!error) renew();
  });
}

void Lan::renew() {
  (void)worker_.post([this] {
    auto identity = store::station_identity(home_, clock_.now(), names());
    boost::asio::post(loop_, [this, identity = std::move(identity)] {
      if (!identity) spdlog::warn("certificate not renewed: {}", identity.error().reason);
      if (identity && identity->chain != chain_ && server_.renew(identity->chain, identity->key))
        chain_ = identity->chain;
    });
  });
  renew_later();
}

void Lan::stop() {
  timer_.cancel();
  ::unlink(home_.lan_port().c_str());
}

} // namespace machiai::daemon
