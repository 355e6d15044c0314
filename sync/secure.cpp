// SPDX-License-Identifier: Apache-2.0
#include "sync/secure.hpp"

#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <utility>

namespace machiai::sync {

using base::Error;
using base::fail;
using base::Result;
using base::Status;

namespace {

/// Four records in one read of the socket: OpenSSL moves what is left of it forward with each one that it
/// takes.
constexpr std::size_t read_ahead = 64 * 1024;

int left(Steady until) {
  const auto rest = std::chrono::ceil<std::chrono::milliseconds>(until - std::chrono::steady_clock::now());
  return static_cast<int>(std::clamp<std::int64_t>(rest.count(), 0, 3'600'000));
}

Status stopped() {
  return fail(Error::Code::conflict, "fetch_stopped");
}

/// Readable or writable; `late`: the reason when it is not in time.
Status ready(int fd, short events, Steady until, const Interrupt& interrupt, const char* late) {
  pollfd both[] = {{fd, events, 0}, {interrupt.fd(), POLLIN, 0}};
  for (;;) {
    const int found = ::poll(both, 2, left(until));
    if (interrupt.is_set()) return stopped();
    if (found < 0 && errno == EINTR) continue;
    if (found <= 0) return fail(Error::Code::device, late);
    return {};
  }
}

struct Resolved {
  addrinfo* first = nullptr;
  ~Resolved() {
    if (first != nullptr) ::freeaddrinfo(first);
  }
};

/// The socket, or -1.
int connect_to(const addrinfo& one, Steady until, const Interrupt& interrupt) {
  const int fd = ::socket(one.ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (fd < 0) return -1;
  int error = ::connect(fd, one.ai_addr, one.ai_addrlen) == 0 ? 0 : errno;
  if (error == EINPROGRESS) {
    socklen_t size = sizeof error;
    if (!ready(fd, POLLOUT, until, interrupt, "files_away") ||
        ::getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &size) != 0)
      error = ETIMEDOUT;
  }
  if (error == 0) return fd;
  ::close(fd);
  return -1;
}

} // namespace

Interrupt::Interrupt() : fd_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {}

Interrupt::~Interrupt() {
  if (fd_ >= 0) ::close(fd_);
}

void Interrupt::set() {
  set_ = true;
  const std::uint64_t one = 1;
  if (fd_ >= 0) (void)!::write(fd_, &one, sizeof one);
}

bool Interrupt::sleep(base::Millis time) const {
  pollfd me{fd_, POLLIN, 0};
  const Steady until = std::chrono::steady_clock::now() + time;
  while (!set_ && std::chrono::steady_clock::now() < until) (void)::poll(&me, 1, left(until));
  return !set_;
}

Result<std::shared_ptr<SSL_CTX>> trust(const std::string& ca) {
  const std::shared_ptr<SSL_CTX> context(SSL_CTX_new(TLS_client_method()), SSL_CTX_free);
  BIO* bio = BIO_new_mem_buf(ca.data(), static_cast<int>(ca.size()));
  int authorities = 0;
  while (X509* one = PEM_read_bio_X509(bio, nullptr, nullptr, nullptr)) {
    authorities += X509_STORE_add_cert(SSL_CTX_get_cert_store(context.get()), one);
    X509_free(one);
  }
  BIO_free(bio);
  ERR_clear_error();
  if (authorities == 0) return fail(Error::Code::storage, "bad_identity", "ca");
  SSL_CTX_set_min_proto_version(context.get(), TLS1_3_VERSION);
  SSL_CTX_set_verify(context.get(), SSL_VERIFY_PEER, nullptr);
  SSL_CTX_set_read_ahead(context.get(), 1);
  SSL_CTX_set_default_read_buffer_len(context.get(), read_ahead);
  return context;
}

Result<Secure> Secure::connect(const Address& address, SSL_CTX* trusted, Steady until,
                               const Interrupt& interrupt) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_NUMERICSERV;
  Resolved found;
  if (::getaddrinfo(address.host.c_str(), address.port.c_str(), &hints, &found.first) != 0)
    return fail(Error::Code::device, "files_away");
  for (const addrinfo* one = found.first; one != nullptr; one = one->ai_next) {
    const int fd = connect_to(*one, until, interrupt);
    if (interrupt.is_set()) break;
    if (fd < 0) continue;
    Secure made(fd, interrupt);
    MACHIAI_TRY(made.shake(address, trusted, until));
    return made;
  }
  MACHIAI_TRY(interrupt.is_set() ? stopped() : Status{});
  return fail(Error::Code::device, "files_away");
}

Secure::Secure(Secure&& other) noexcept
    : fd_(std::exchange(other.fd_, -1)), interrupt_(other.interrupt_),
      ssl_(std::exchange(other.ssl_, nullptr)) {}

Secure::~Secure() {
  SSL_free(ssl_);
  if (fd_ >= 0) ::close(fd_);
}

Status Secure::shake(const Address& address, SSL_CTX* trusted, Steady until) {
  const int on = 1;
  (void)::setsockopt(fd_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  ssl_ = SSL_new(trusted);
  if (ssl_ == nullptr || SSL_set_fd(ssl_, fd_) != 1) return fail(Error::Code::device, "files_away");
  expect_host(ssl_, address.host);
  for (;;) {
    ERR_clear_error();
    const int result = SSL_connect(ssl_);
    if (result == 1) return {};
    const auto waited = wait_for(result, until);
    if (!waited && waited.error().reason == "files_cut") return fail(Error::Code::device, "files_away");
    MACHIAI_TRY(waited);
  }
}

Status Secure::wait_for(int result, Steady until) {
  const int wanted = SSL_get_error(ssl_, result);
  if (wanted == SSL_ERROR_WANT_READ) return ready(fd_, POLLIN, until, *interrupt_, "files_cut");
  if (wanted == SSL_ERROR_WANT_WRITE) return ready(fd_, POLLOUT, until, *interrupt_, "files_cut");
  return fail(Error::Code::device, "files_cut");
}

Status Secure::send(std::string_view text, Steady until) {
  while (!text.empty()) {
    ERR_clear_error();
    const int sent = SSL_write(ssl_, text.data(), static_cast<int>(text.size()));
    if (sent > 0)
      text.remove_prefix(static_cast<std::size_t>(sent));
    else
      MACHIAI_TRY(wait_for(sent, until));
  }
  return {};
}

/// A record holds 16 KiB at most; what has come already is taken together.
Result<std::size_t> Secure::read(std::span<unsigned char> room, Steady until) {
  std::size_t filled = 0;
  while (filled < room.size()) {
    if (interrupt_->is_set()) return tl::unexpected(stopped().error());
    ERR_clear_error();
    const auto rest = room.subspan(filled);
    const int got = SSL_read(ssl_, rest.data(), static_cast<int>(rest.size()));
    if (got > 0) {
      filled += static_cast<std::size_t>(got);
      continue;
    }
    if (filled > 0) break; // an end shows again in the next read
    MACHIAI_TRY(wait_for(got, until));
  }
  return filled;
}

} // namespace machiai::sync
