// SPDX-License-Identifier: Apache-2.0
#include "app/cloud/settings.hpp"

#include "cloud/near.hpp"
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
