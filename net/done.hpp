// SPDX-License-Identifier: Apache-2.0
// What keeps a connection's layers from being compiled anew for each operation of Beast and each caller.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/associated_executor.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/system/error_code.hpp>

#include <array>
#include <cstddef>
#include <memory>
#include <utility>

namespace machiai::net {

/// Completion of a read or write whose type is forgotten, so that the layers below are compiled for one type.
/// Costs one allocation an operation; of the handler's associations only the executor is kept.
class Done {
public:
  using executor_type = boost::asio::any_io_executor;

  template <class Handler>
  Done(Handler handler, const executor_type& otherwise)
      : executor_(boost::asio::get_associated_executor(handler, otherwise)),
        call_(std::make_unique<Call<Handler>>(std::move(handler))) {}

  [[nodiscard]] executor_type get_executor() const { return executor_; }
  void operator()(boost::system::error_code error, std::size_t bytes) {
    const std::unique_ptr<Base> call = std::move(call_);
    call->invoke(error, bytes);
  }

private:
  struct Base {
    virtual ~Base() = default;
    virtual void invoke(boost::system::error_code error, std::size_t bytes) = 0;
  };
  template <class Handler> struct Call final : Base {
    explicit Call(Handler&& h) : handler(std::move(h)) {}
    void invoke(boost::system::error_code error, std::size_t bytes) override { handler(error, bytes); }
    Handler handler;
  };
  executor_type executor_;
  std::unique_ptr<Base> call_;
};

/// The first few of a sequence of buffers: a read or write of "some" may take less than it is given.
template <class Buffer> class Some {
public:
  template <class Buffers> explicit Some(const Buffers& buffers) {
    auto at = boost::asio::buffer_sequence_begin(buffers);
    const auto last = boost::asio::buffer_sequence_end(buffers);
    for (; at != last && count_ < buffers_.size(); ++at)
      if (const Buffer buffer(*at); buffer.size() != 0) buffers_[count_++] = buffer;
  }
  using value_type = Buffer;
  using const_iterator = const Buffer*;
  [[nodiscard]] const_iterator begin() const { return buffers_.data(); }
  [[nodiscard]] const_iterator end() const { return buffers_.data() + count_; }

private:
  std::array<Buffer, 8> buffers_;
  std::size_t count_ = 0;
};

} // namespace machiai::net
