// SPDX-License-Identifier: Apache-2.0
// One mail to one address over SMTP (RFC 5321), with STARTTLS (RFC 3207) or TLS from the first byte (RFC
// 8314), and a log-in (RFC 4954) where the server wants one.
#pragma once

#include "core/base/pii.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>

#include <optional>
#include <string>
#include <string_view>

namespace machiai::cloud {

struct SmtpLogin {
  std::string user;
  base::Pii<std::string> password;
};

/// Two lines of visible signs, the user and the password; none: it is something else.
[[nodiscard]] std::optional<SmtpLogin> login_of(std::string_view text);

enum class SmtpTls {
  offered, ///< where it is offered, and never to this machine itself
  needed,  ///< by STARTTLS, or nothing is sent
  at_once, ///< from the first byte
};

/// A certificate that does not fit ends the try in each case.
struct SmtpServer {
  std::string host;
  int port = 25;
  SmtpTls tls = SmtpTls::offered;
  std::optional<SmtpLogin> login; ///< never sent without TLS
};

/// Between a notice's two tries the lease must hold: store::notice_lease is longer.
constexpr std::chrono::seconds smtp_patience{45};

enum class Posted {
  accepted, ///< the server has taken it over (250 after the end of the data)
  later,    ///< nothing is known to have gone: trouble on the way, or a refusal for now
  refused,  ///< for good: this address, or this mail
  shut_out, ///< the server takes nothing of us: it refuses the log-in, or wants one
};

/// `message`: headers and body in lines of CR LF. Its text and the address are in no log; codes of answers
/// are.
boost::asio::awaitable<Posted> post(boost::asio::io_context& loop, const SmtpServer& server,
                                    const std::string& from, const base::Pii<std::string>& to,
                                    const std::string& message);
/// The same as far as the log-in: accepted when a mail would be listened to.
boost::asio::awaitable<Posted> log_in(boost::asio::io_context& loop, const SmtpServer& server);

} // namespace machiai::cloud
