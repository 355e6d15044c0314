// SPDX-License-Identifier: Apache-2.0
#include "net/line.hpp"

namespace machiai::net {

void Line::read(Done done, const Room& into) {
  tls_ ? tls_->async_read_some(into, std::move(done)) : tcp_.async_read_some(into, std::move(done));
}

void Line::write(Done done, const Pieces& from) {
  tls_ ? tls_->async_write_some(from, std::move(done)) : tcp_.async_write_some(from, std::move(done));
}

} // namespace machiai::net
