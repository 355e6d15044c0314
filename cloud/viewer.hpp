// SPDX-License-Identifier: Apache-2.0
// Viewers of /v1/live: WebSockets that are only spoken to. Written by hand instead of with Beast, because ten
// thousand of them wait on one node: an idle one costs its socket and some hundred bytes, and a frame is
// built once for all.
#pragma once

#include "cloud/stream.hpp"
#include "core/base/clock.hpp"

#include <boost/asio/io_context.hpp>

#include <memory>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

namespace machiai::cloud {

using Frame = std::shared_ptr<const std::string>;

/// {"kind", "at", "data"} as a text message's bytes; `data` is JSON, none when it is empty.
[[nodiscard]] Frame live_frame(std::string_view kind, base::Instant at, std::string_view data);
/// The header Sec-WebSocket-Accept for a key; empty when the key is none.
[[nodiscard]] std::string accept_key(std::string_view key);

class Viewers;

class Viewer : public std::enable_shared_from_this<Viewer> {
public:
  Viewer(Viewers& all, std::unique_ptr<Stream> stream) : all_(all), stream_(std::move(stream)) {}
  void start() { wait_read(); }
  /// A newer frame replaces one that the caller was too slow to take.
  void send(const Frame& frame);
  /// Says only that the line is alive: for whoever still has something to take that is no news.
  void beat(const Frame& frame);
  void close();

  std::string token{};  ///< of a ticket
  std::string number{}; ///< as its slip names it; neither: watches the facility
  bool english = false;
  std::uint64_t seen = 0; ///< version of the day that was looked at last
  std::string last{};     ///< ETag of what was sent last

private:
  void wait_read();
  void read();
  void wait_write(bool for_write);
  void take(const char* data, std::size_t size);
  void pump();
  void finished_frame();

  Viewers& all_;
  std::unique_ptr<Stream> stream_;
  Frame sending_;
  Frame next_;
  std::size_t sent_ = 0;
  bool writing_ = false;
  // What is read: small control frames; anything else is passed over.
  unsigned char head_[14]{};
  unsigned char head_size_ = 0;
  std::uint64_t rest_ = 0; ///< of the payload of the frame that is being read
  std::string payload_{};  ///< of a control frame
  bool in_payload_ = false;
  int unasked_ = 0; ///< frames of data that it has sent
};

class Viewers {
public:
  void add(const std::shared_ptr<Viewer>& viewer) { all_.insert(viewer); }
  void remove(const std::shared_ptr<Viewer>& viewer) { all_.erase(viewer); }
  [[nodiscard]] bool empty() const { return all_.empty(); }
  [[nodiscard]] std::size_t size() const { return all_.size(); }
  [[nodiscard]] const std::unordered_set<std::shared_ptr<Viewer>>& all() const { return all_; }
  void close();

private:
  std::unordered_set<std::shared_ptr<Viewer>> all_;
};

} // namespace machiai::cloud
