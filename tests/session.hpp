// SPDX-License-Identifier: Apache-2.0
#pragma once

/// Catch's own program; its half of the library is compiled once, in session.cpp. Returns the exit code.
int run_tests(int argc, char** argv);
