// SPDX-License-Identifier: Apache-2.0
// One mail to one address over SMTP (RFC 5321), with STARTTLS (RFC 3207). To a relay of the provider's own;
// there is no log-in.
#pragma once

#include "core/base/pii.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>

#include <string>

namespace machiai::cloud {

struct SmtpServer {
  std::string host;
  int port = 25;
  /// Without TLS nothing is sent. Otherwise TLS is used where it is offered, and never to this machine
  /// itself. A certificate that does not fit ends the try either way.
  bool tls = false;
};

/// Between a notice's two tries the lease must hold: store::notice_lease is longer.
constexpr std::chrono::seconds smtp_patience{45};

enum class Posted {
  accepted, ///< the server has taken it over (250 after the end of the data)
  later,    ///< nothing is known to have gone: trouble on the way, or a refusal for now
  refused,  ///< for good: this address, or this mail
};

/// `message`: headers and body in lines of CR LF. Its text and the address are in no log; codes of answers
/// are.
boost::asio::awaitable<Posted> post(boost::asio::io_context& loop, const SmtpServer& server,
                                    const std::string& from, const base::Pii<std::string>& to,
                                    const std::string& message);

} // namespace machiai::cloud
