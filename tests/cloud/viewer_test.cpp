// SPDX-License-Identifier: Apache-2.0
#include "cloud/viewer.hpp"

#include <boost/asio/read.hpp>
#include <catch2/catch.hpp>

using namespace machiai;
using namespace machiai::cloud;
using Tcp = boost::asio::ip::tcp;

TEST_CASE("a viewer that takes nothing for a while has the last that was said to it, whatever beats came") {
  boost::asio::io_context loop;
  Tcp::acceptor acceptor(loop, {boost::asio::ip::address_v4::loopback(), 0});
  Tcp::socket phone(loop);
  phone.connect(acceptor.local_endpoint());
  Viewers all;
  const auto viewer = std::make_shared<Viewer>(all, std::make_unique<Stream>(acceptor.accept(), nullptr));
  // More than the buffers of both ends hold.
  const Frame first =
      live_frame("status", base::Instant{}, '"' + std::string(std::size_t{16} << 20, 'x') + '"');
  const Frame last = live_frame("status", base::Instant{}, "7");
  const Frame beat = live_frame("beat", base::Instant{}, {});
  viewer->send(first);
  viewer->send(last);
  viewer->beat(beat);
  std::string told(first->size() + last->size(), ' ');
  boost::system::error_code error;
  boost::asio::async_read(phone, boost::asio::buffer(told),
                          [&](const boost::system::error_code& failed, std::size_t) {
                            error = failed;
                            loop.stop();
                          });
  loop.run_for(std::chrono::seconds{20});
  CHECK_FALSE(error);
  CHECK(told.substr(first->size()) == *last);

  // It has taken all: the next beat is sent.
  loop.restart();
  viewer->beat(beat);
  told.assign(beat->size(), ' ');
  boost::asio::read(phone, boost::asio::buffer(told), error);
  CHECK(told == *beat);
}
