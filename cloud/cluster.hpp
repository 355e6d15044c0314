// SPDX-License-Identifier: Apache-2.0
// A private PostgreSQL 15 cluster below the home directory, reached by a socket that nobody else can open. It
// ends with this process, however that ends, and is started again when it dies.
#pragma once

#include "core/base/result.hpp"

#include <sys/types.h>

#include <filesystem>
#include <string>

namespace machiai::cloud {

class Cluster {
public:
  explicit Cluster(std::filesystem::path home) : dir_(std::move(home) / "postgres") {}
  Cluster(const Cluster&) = delete;
  Cluster& operator=(const Cluster&) = delete;
  ~Cluster() { stop(); }

  /// Makes the cluster when there is none and starts it. Call it from the main thread: the server ends with
  /// the thread that started it. Error device "cluster_failed".
  [[nodiscard]] base::Status start();
  /// Starts it again if it has died.
  void keep();
  void stop();
  /// How to reach the cluster below `home`, by whoever started it. Valid while this process lives: the path
  /// goes through an open directory, because a socket's path may have 107 characters only.
  [[nodiscard]] static base::Result<std::string> url(const std::filesystem::path& home);
  [[nodiscard]] pid_t pid() const { return pid_; }

private:
  [[nodiscard]] base::Status make();
  [[nodiscard]] base::Status launch();
  [[nodiscard]] bool answers() const;
  void end_leftover();

  std::filesystem::path dir_;
  int fd_ = -1; ///< of dir_; the server's user may not be able to walk there
  pid_t pid_ = -1;
};

} // namespace machiai::cloud
