// SPDX-License-Identifier: Apache-2.0
// What is remembered of a day before a command, to judge what it did to the counts that people were told.
#pragma once

#include "tests/queue/history.hpp"

namespace machiai::test {

struct History::Before {
  queue::Day day;
  std::map<queue::TicketIndex, int> told; ///< of all who wait or are expected
};

} // namespace machiai::test
