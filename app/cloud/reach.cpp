// SPDX-License-Identifier: Apache-2.0
#include "app/cloud/reach.hpp"

#include "core/wire/messages.hpp"

#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <csignal>

namespace machiai::cloud {

namespace fs = std::filesystem;
using base::Error;

int refuse(int code, const Error& error) {
  spdlog::error("{} ({} {})", wire::message(error.reason, "en"), error.reason, error.detail);
  return code;
}

int code_of(const Error& error) {
  if (error.reason == "database_away" || error.reason == "cloud_not_serving" ||
      error.reason == "cluster_failed")
    return exit_not_reachable;
  return error.code == Error::Code::invalid ? exit_usage : exit_refused;
}

Error not_serving(const Options& options) {
  std::error_code error;
  if (!fs::exists(card_key_file(options), error))
    return {Error::Code::invalid, "no_cloud_home", options.home};
  return {Error::Code::device, "cloud_not_serving", options.home};
}

void set_up_log() {
  spdlog::set_default_logger(spdlog::stderr_logger_st("machiai-cloud"));
  std::signal(SIGPIPE, SIG_IGN);
}

fs::path card_key_file(const Options& options) {
  return fs::path(options.home) / "keys" / "card";
}

fs::path media_dir(const Options& options) {
  return fs::path(options.home) / "media";
}

fs::path media_key_file(const Options& options) {
  return fs::path(options.home) / "keys" / "media";
}

} // namespace machiai::cloud
