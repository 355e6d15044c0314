// SPDX-License-Identifier: Apache-2.0
// What the options of `machiai-cloud serve` mean.
#pragma once

#include "app/cloud/serve.hpp"
#include "cloud/server.hpp"
#include "cloud/smtp.hpp"
#include "core/base/result.hpp"

#include <optional>
#include <string>

namespace machiai::cloud {

[[nodiscard]] base::Result<Door> parse_door(const std::string& text);
[[nodiscard]] base::Status add_proxies(const Options& options, Door& door);
/// Empty, or what stations can put a path behind.
[[nodiscard]] bool is_base(const std::string& address);
/// Empty, or https://HOST[:PORT]; a slash behind it is nothing.
[[nodiscard]] bool is_origin(std::string address);
/// None: no mail is sent. With a log-in TLS is needed, whatever else was asked for.
[[nodiscard]] base::Result<std::optional<SmtpServer>> parse_smtp(const Options& options);

} // namespace machiai::cloud
