// SPDX-License-Identifier: Apache-2.0
// machiai-notice: lists templates, checks notices and draws them, for the command line and the daemon, which
// have no Qt of their own.
#include "notice/answer.hpp"

#include <sys/prctl.h>

#include <QGuiApplication>
#include <csignal>
#include <cstdio>
#include <string_view>

namespace {

constexpr int usage_error = 2;
constexpr int refused = 3;

} // namespace

/// machiai-notice QUESTION: a JSON object (see notice::answer); the answer goes to the standard output.
int main(int argc, char** argv) {
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  const std::string_view asked = argc == 2 ? argv[1] : "";
  if (asked == "--version") {
    std::puts("machiai-notice " MACHIAI_VERSION);
    return 0;
  }
  boost::system::error_code error;
  const auto question = boost::json::parse(asked, error);
  if (error || !question.is_object()) {
    std::fputs("machiai-notice: one JSON object is needed; people use machiai notice\n", stderr);
    return usage_error;
  }
  qputenv("QT_QPA_PLATFORM", "offscreen");
  const QGuiApplication application(argc, argv);
  const auto answer = machiai::notice::answer(question.as_object());
  std::puts(boost::json::serialize(answer).c_str());
  return answer.contains("error") ? refused : 0;
}
