// SPDX-License-Identifier: Apache-2.0
#include "cloud/viewer.hpp"

#include <boost/asio/post.hpp>
#include <openssl/evp.h>
#include <openssl/sha.h>

#include <algorithm>
#include <array>

namespace machiai::cloud {

namespace asio = boost::asio;
using boost::system::error_code;

namespace {

constexpr std::uint64_t longest_frame = 4096; ///< a viewer has nothing to say
constexpr int reads_at_once = 16;             ///< then it is the others' turn
constexpr int most_unasked = 64;              ///< frames of data, which mean nothing here
constexpr unsigned op_close = 8;
constexpr unsigned op_ping = 9;

std::string frame_bytes(unsigned opcode, std::string_view payload) {
  std::string bytes;
  bytes += static_cast<char>(0x80U | opcode);
  if (payload.size() < 126) {
    bytes += static_cast<char>(payload.size());
  } else if (payload.size() < 65536) {
    bytes += static_cast<char>(126);
    bytes += static_cast<char>(payload.size() >> 8);
    bytes += static_cast<char>(payload.size() & 255U);
  } else {
    bytes += static_cast<char>(127);
    for (int shift = 56; shift >= 0; shift -= 8) bytes += static_cast<char>(payload.size() >> shift & 255U);
  }
  bytes += payload;
  return bytes;
}

} // namespace

Frame live_frame(std::string_view kind, base::Instant at, std::string_view data) {
  std::string text = "{\"kind\":\"";
  text.append(kind).append("\",\"at\":\"").append(base::iso_instant(at)).append("\"");
  if (!data.empty()) text.append(",\"data\":").append(data);
  text += '}';
  return std::make_shared<const std::string>(frame_bytes(1, text));
}

std::string accept_key(std::string_view key) {
  if (key.size() != 24) return {};
  const std::string whole = std::string(key) + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
  std::array<unsigned char, SHA_DIGEST_LENGTH> hash{};
  SHA1(reinterpret_cast<const unsigned char*>(whole.data()), whole.size(), hash.data());
  std::array<unsigned char, 32> text{};
  const int size = EVP_EncodeBlock(text.data(), hash.data(), static_cast<int>(hash.size()));
  return {reinterpret_cast<const char*>(text.data()), static_cast<std::size_t>(size)};
}

void Viewer::close() {
  stream_->close();
  all_.remove(shared_from_this());
}

void Viewer::wait_read() {
  stream_->socket().async_wait(Stream::Tcp::socket::wait_read,
                               [self = shared_from_this()](const error_code& error) {
                                 if (error) return self->close();
                                 self->read();
                               });
}

void Viewer::read() {
  // One buffer for all: nothing of it is needed after the call.
  static std::array<char, 4096> buffer;
  for (int i = 0; i < reads_at_once; ++i) {
    if (!stream_->socket().is_open()) return;
    const Stream::Tried got = stream_->try_read(buffer.data(), buffer.size());
    if (got.error == asio::error::would_block) return wait_read();
    if (got.error || got.bytes == 0) return close();
    take(buffer.data(), got.bytes);
  }
  // Not on the socket: TLS may hold what came last.
  asio::post(stream_->socket().get_executor(), [self = shared_from_this()] { self->read(); });
}

/// Reads frames byte by byte: viewers send next to nothing.
void Viewer::take(const char* data, std::size_t size) {
  for (std::size_t at = 0; at < size; ++at) {
    const auto byte = static_cast<unsigned char>(data[at]);
    if (in_payload_) {
      const std::size_t place = payload_.size();
      if ((head_[0] & 8U) != 0) payload_ += static_cast<char>(byte ^ head_[head_size_ - 4 + place % 4]);
      if (--rest_ == 0) finished_frame();
      if (!stream_->socket().is_open()) return;
      continue;
    }
    head_[head_size_++] = byte;
    if (head_size_ < 2) continue;
    const unsigned length = head_[1] & 127U;
    const unsigned extra = length == 126 ? 2 : length == 127 ? 8 : 0;
    // Clients mask, and a control frame is short (RFC 6455).
    if ((head_[1] & 128U) == 0 || ((head_[0] & 8U) != 0 && extra > 0)) return close();
    if (head_size_ < 2 + extra + 4) continue;
    rest_ = extra == 0 ? length : 0;
    for (unsigned i = 0; i < extra; ++i) rest_ = rest_ << 8 | head_[2 + i];
    if (rest_ > longest_frame) return close();
    in_payload_ = true;
    payload_.clear();
    if (rest_ == 0) finished_frame();
    if (!stream_->socket().is_open()) return;
  }
}

void Viewer::finished_frame() {
  const unsigned opcode = head_[0] & 15U;
  in_payload_ = false;
  head_size_ = 0;
  if ((opcode & 8U) == 0 && ++unasked_ > most_unasked) return close();
  if (opcode == op_close) {
    const std::string bytes = frame_bytes(op_close, payload_.substr(0, 2));
    if (!writing_) (void)stream_->try_write(bytes.data(), bytes.size());
    return close();
  }
  // A pong in the middle of a frame would break it; the caller asks again.
  if (opcode == op_ping && !writing_) {
    sending_ = std::make_shared<const std::string>(frame_bytes(10, payload_));
    sent_ = 0;
    pump();
  }
}

void Viewer::send(const Frame& frame) {
  if (!stream_->socket().is_open()) return;
  if (writing_) {
    next_ = frame;
    return;
  }
  sending_ = frame;
  sent_ = 0;
  pump();
}

void Viewer::beat(const Frame& frame) {
  if (!writing_) send(frame);
}

void Viewer::pump() {
  while (sending_) {
    const Stream::Tried tried = stream_->try_write(sending_->data() + sent_, sending_->size() - sent_);
    if (tried.error == asio::error::would_block) return wait_write(tried.wants_write);
    if (tried.error) {
      writing_ = false;
      sending_.reset();
      next_.reset();
      return close();
    }
    sent_ += tried.bytes;
    if (sent_ < sending_->size()) continue;
    sending_ = std::exchange(next_, nullptr);
    sent_ = 0;
  }
  writing_ = false;
}

void Viewer::wait_write(bool for_write) {
  writing_ = true;
  stream_->socket().async_wait(for_write ? Stream::Tcp::socket::wait_write : Stream::Tcp::socket::wait_read,
                               [self = shared_from_this()](const error_code& error) {
                                 if (error) return self->close();
                                 self->pump();
                               });
}

void Viewers::close() {
  const auto all = all_;
  for (const auto& each : all) each->close();
}

} // namespace machiai::cloud
