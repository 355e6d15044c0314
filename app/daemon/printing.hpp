// SPDX-License-Identifier: Apache-2.0
// Between the station's print journal and the printer's thread.
#pragma once

#include "app/daemon/station.hpp"
#include "printer/worker.hpp"

#include <boost/asio/io_context.hpp>

#include <memory>

namespace machiai::daemon {

class Printing {
public:
  Printing(boost::asio::io_context& loop, const base::Clock& clock, Station& station);

  void print(const store::PrintRow& row);
  void withdraw(std::uint64_t print);
  void stop();

private:
  boost::asio::io_context& loop_;
  Station& station_;
  std::map<std::uint64_t, store::PrintRow> rows_; ///< of prints the worker has; on the loop only
  std::unique_ptr<printer::Worker> worker_;
};

} // namespace machiai::daemon
