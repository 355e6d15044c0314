// SPDX-License-Identifier: Apache-2.0
// A program that we run ends, says little, and gets its words as they are.
#include "media/child.hpp"

#include <catch2/catch.hpp>
#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

#include <cstdlib>
#include <string>

using namespace machiai;
using namespace machiai::media;
using std::chrono::milliseconds;

namespace {

std::string output(std::vector<std::string> words, std::vector<int> files = {}) {
  const auto ran = run_and_read({std::move(words), std::move(files)}, 1 << 20);
  REQUIRE(ran);
  return ran->second;
}

} // namespace

TEST_CASE("words reach the program as they are, without a shell", "[child]") {
  CHECK(output({"printf", "%s|", "$(id)", "; rm -rf /", "'", "a b"}) == "$(id)|; rm -rf /|'|a b|");
}

TEST_CASE("how it ended, and what it said", "[child]") {
  const auto ended = run({{"sh", "-c", "echo trouble >&2; exit 3"}});
  REQUIRE(ended);
  CHECK(ended->status == 3);
  CHECK(ended->said == "trouble\n");
  CHECK(run({{"sh", "-c", "kill -9 $$"}})->status == 128 + SIGKILL);
}

TEST_CASE("a program that is not there is told from one that fails", "[child]") {
  const auto ended = run({{"no-such-program-of-ours"}});
  REQUIRE_FALSE(ended);
  CHECK(ended.error().reason == "no_program");
  CHECK(run({{"sh", "-c", "exit 127"}})->status == 127);
}

TEST_CASE("a program that hangs is killed with its children, also one that closed its outputs", "[child]") {
  const auto ended = run({{"sh", "-c", "sleep 600 & echo $! ; wait"}, {}, milliseconds{300}});
  REQUIRE(ended);
  CHECK(ended->late);
  CHECK(run({{"sh", "-c", "exec >&- 2>&-; exec sleep 600"}, {}, milliseconds{300}})->late);
  CHECK_FALSE(run({{"true"}})->late);
}

TEST_CASE("a talkative program costs no memory", "[child]") {
  const auto ended = run({{"sh", "-c", "head -c 5000000 /dev/zero >&2"}});
  REQUIRE(ended);
  CHECK(ended->said.size() == 64 * 1024);
  const auto ran = run_and_read({{"sh", "-c", "cat /dev/zero"}}, 1000);
  REQUIRE_FALSE(ran);
  CHECK(ran.error().reason == "too_large");
}

TEST_CASE("files are its descriptors 3 and 4, whatever their numbers were, and no others are", "[child]") {
  char name[] = "/tmp/machiai-child-XXXXXX";
  const int file = ::mkostemp(name, O_CLOEXEC);
  REQUIRE(file >= 0);
  ::unlink(name);
  REQUIRE(::write(file, "film", 4) == 4);
  const int other = ::open("/dev/null", O_RDONLY | O_CLOEXEC);
  CHECK(output({"cat", "/proc/self/fd/3"}, {file}) == "film");
  CHECK(output({"cat", "/proc/self/fd/4"}, {other, file}) == "film");
  CHECK(output({"sh", "-c", "ls /proc/$$/fd"}, {file}) == "0\n1\n2\n3\n");
  ::close(other);
  ::close(file);
}

TEST_CASE("it writes no more than it may", "[child]") {
  char name[] = "/tmp/machiai-child-XXXXXX";
  const int file = ::mkostemp(name, O_CLOEXEC);
  REQUIRE(file >= 0);
  ::unlink(name);
  const auto ended =
      run({{"sh", "-c", "head -c 100000 /dev/zero >/proc/self/fd/3"}, {file}, milliseconds{20'000}, 5000});
  REQUIRE(ended);
  CHECK(ended->status != 0);
  CHECK(ended->said.find("File too large") != std::string::npos);
  CHECK(::lseek(file, 0, SEEK_END) <= 5000);
  ::close(file);
}
