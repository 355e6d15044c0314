// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/system/error_code.hpp>

namespace machiai::net {

/// Awaits an operation; what went wrong is in `error` afterwards instead of being thrown.
inline auto to(boost::system::error_code& error) {
  return boost::asio::redirect_error(boost::asio::use_awaitable, error);
}

} // namespace machiai::net
