// SPDX-License-Identifier: Apache-2.0
#include "tests/session.hpp"

int main(int argc, char** argv) {
  return run_tests(argc, argv);
}
