// SPDX-License-Identifier: Apache-2.0
#include "app/cloud/settings.hpp"

#include "cloud/near.hpp"
#include "core/base/text.hpp"
#include "core/store/station.hpp"

#include <boost/asio/ip/address.hpp>
#include <sys/stat.h>

#include <charconv>

namespace machiai::cloud {

namespace asio = boost::asio;
using base::Error;
using base::Result;

namespace {

/// Two lines, user and password, in a file that is its owner's alone.
Result<SmtpLogin> read_login(const std::string& path) {
  struct stat told {};
  if (::stat(path.c_str(), &told) == 0 && (told.st_mode & (S_IRWXG | S_IRWXO)) != 0)
    return base::fail(Error::Code::invalid, "secret_open", "--smtp-login");
  const auto text = machiai::store::read_file(path);
  auto login = text ? login_of(*text) : std::nullopt;
  if (!login) return base::fail(Error::Code::invalid, "bad_login_file", "--smtp-login");
  return std::move(*login);
}

} // namespace

Result<Door> parse_door(const std::string& text) {
  const std::size_t colon = text.rfind(':');
  Door door{text.substr(0, colon == std::string::npos ? 0 : colon), -1};
  if (door.host.size() > 2 && door.host.front() == '[' && door.host.back() == ']')
    door.host = door.host.substr(1, door.host.size() - 2);
  if (colon != std::string::npos) {
    const char* end = text.data() + text.size();
    const auto [rest, error] = std::from_chars(text.data() + colon + 1, end, door.port);
    if (error != std::errc{} || rest != end) door.port = -1;
  }
  if (door.host.empty() || door.port < 0 || door.port > 65535)
    return base::fail(Error::Code::invalid, "bad_lan", "--listen");
  return door;
}

base::Status add_proxies(const Options& options, Door& door) {
  for (const std::string& each : options.proxied_by) {
    boost::system::error_code error;
    door.proxies.insert(asio::ip::make_address(each, error));
    if (error) return base::fail(Error::Code::invalid, "bad_argument", "--proxied-by");
  }
  return {};
}

bool is_base(const std::string& address) {
  constexpr std::string_view scheme = "https://";
  constexpr std::size_t longest = 200;
  return address.empty() ||
         (address.starts_with(scheme) && address.size() > scheme.size() && address.size() <= longest &&
          address.back() != '/' && address.find_first_of(" \"\\?#") == std::string::npos);
}

bool is_origin(std::string address) {
  constexpr std::string_view scheme = "https://";
  constexpr std::size_t longest_host = 250;
  if (address.empty()) return true;
  while (address.ends_with('/')) address.pop_back();
  if (!address.starts_with(scheme)) return false;
  const std::string_view named = std::string_view(address).substr(scheme.size());
  const std::size_t bracket = named.starts_with('[') ? named.find(']') : 0;
  if (bracket == std::string_view::npos) return false;
  const std::size_t colon = named.find(':', bracket);
  const std::string_view host = bracket > 0 ? named.substr(1, bracket - 1) : named.substr(0, colon);
  if (!base::is_plain_id(host, longest_host)) return false;
  if (colon == std::string_view::npos) return bracket == 0 || bracket + 1 == named.size();
  const auto door = parse_door(std::string(named));
  return door && door->port > 0 && (bracket == 0 || bracket + 1 == colon);
}

Result<std::optional<SmtpServer>> parse_smtp(const Options& options) {
  const bool asked = !options.smtp.empty() || !options.mail_from.empty() || options.smtp_tls ||
                     options.smtps || !options.smtp_login.empty();
  if (!asked) return std::nullopt;
  const auto door = parse_door(options.smtp);
  if (!door || door->port == 0) return base::fail(Error::Code::invalid, "bad_argument", "--smtp");
  if (!is_email(options.mail_from)) return base::fail(Error::Code::invalid, "bad_email", "--mail-from");
  SmtpServer server{door->host, door->port, SmtpTls::offered, std::nullopt};
  if (options.smtp_tls) server.tls = SmtpTls::needed;
  if (options.smtps) server.tls = SmtpTls::at_once;
  if (options.smtp_login.empty()) return server;
  auto login = read_login(options.smtp_login);
  MACHIAI_TRY(login);
  server.login = std::move(*login);
  if (server.tls == SmtpTls::offered) server.tls = SmtpTls::needed;
  return server;
}

} // namespace machiai::cloud
