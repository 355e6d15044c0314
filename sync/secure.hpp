// SPDX-License-Identifier: Apache-2.0
// A TLS connection for a thread that may wait: films are read straight from OpenSSL into a large buffer,
// beside the loop, and whoever waits can be called off.
#pragma once

#include "core/base/result.hpp"
#include "sync/plan.hpp"
#include "sync/post.hpp"

#include <openssl/ssl.h>

#include <atomic>
#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace machiai::sync {

/// Calls off whatever waits on it, from another thread.
class Interrupt {
public:
  Interrupt();
  Interrupt(const Interrupt&) = delete;
  Interrupt& operator=(const Interrupt&) = delete;
  ~Interrupt();
  void set();
  [[nodiscard]] bool is_set() const { return set_; }
  /// Readable once it is set.
  [[nodiscard]] int fd() const { return fd_; }
  /// Waits so long; false when it was called off.
  [[nodiscard]] bool sleep(base::Millis time) const;

private:
  int fd_;
  std::atomic<bool> set_ = false;
};

/// TLS 1.3 that trusts these authorities (PEM) alone. Error storage "bad_identity".
[[nodiscard]] base::Result<std::shared_ptr<SSL_CTX>> trust(const std::string& ca);

/// Errors of all: device "files_away" (not connected), "files_cut" (later); conflict "fetch_stopped".
class Secure {
public:
  /// The certificate must hold the host.
  [[nodiscard]] static base::Result<Secure> connect(const Address& address, SSL_CTX* trusted, Steady until,
                                                    const Interrupt& interrupt);
  Secure(Secure&& other) noexcept;
  Secure& operator=(Secure&&) = delete;
  ~Secure();
  [[nodiscard]] base::Status send(std::string_view text, Steady until);
  /// What has come, at least a byte.
  [[nodiscard]] base::Result<std::size_t> read(std::span<unsigned char> room, Steady until);

private:
  Secure(int fd, const Interrupt& interrupt) : fd_(fd), interrupt_(&interrupt) {}
  [[nodiscard]] base::Status shake(const Address& address, SSL_CTX* trusted, Steady until);
  /// Until what OpenSSL asked for can be had.
  [[nodiscard]] base::Status wait_for(int result, Steady until);

  int fd_;
  const Interrupt* interrupt_;
  SSL* ssl_ = nullptr;
};

} // namespace machiai::sync
