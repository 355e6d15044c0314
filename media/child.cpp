// SPDX-License-Identifier: Apache-2.0
#include "media/child.hpp"

#include <fcntl.h>
#include <linux/close_range.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdlib>

namespace machiai::media {

using base::Error;
using base::fail;
using base::Result;
using Steady = std::chrono::steady_clock;

namespace {

constexpr std::size_t kept_words = 64 * 1024;
constexpr rlim_t most_memory = rlim_t{4} << 30; // a 4K film takes well under 2 GiB
constexpr int exec_failed = 127;
constexpr int first_file = 3;

struct Pipe {
  int read = -1, write = -1;
  Pipe() {
    int ends[2];
    if (::pipe2(ends, O_CLOEXEC) == 0) read = ends[0], write = ends[1];
  }
  Pipe(const Pipe&) = delete;
  Pipe& operator=(const Pipe&) = delete;
  ~Pipe() {
    close_write();
    if (read >= 0) ::close(read);
  }
  void close_write() {
    if (write >= 0) ::close(write);
    write = -1;
  }
};

void limit(int resource, rlim_t most) {
  const struct rlimit both { most, most };
  ::setrlimit(static_cast<__rlimit_resource>(resource), &both);
}

/// In the child, between fork and exec: system calls only.
[[noreturn]] void become(const Command& command, char* const* words, int out, int err, int told) {
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  ::setpgid(0, 0);
  // Out of the way of the numbers they are to have, then there; dup2 takes away close-on-exec.
  const std::size_t files = std::min<std::size_t>(command.files.size(), 2);
  const int high = ::fcntl(told, F_DUPFD_CLOEXEC, 100);
  std::array<int, 4> moved{::fcntl(out, F_DUPFD_CLOEXEC, 100), ::fcntl(err, F_DUPFD_CLOEXEC, 100), -1, -1};
  for (std::size_t i = 0; i < files; ++i) moved[2 + i] = ::fcntl(command.files[i], F_DUPFD_CLOEXEC, 100);
  const int nothing = ::open("/dev/null", O_RDONLY | O_CLOEXEC);
  ::dup2(nothing, 0);
  ::dup2(moved[0], 1);
  ::dup2(moved[1], 2);
  for (std::size_t i = 0; i < files; ++i) ::dup2(moved[2 + i], first_file + static_cast<int>(i));
  // What others left open goes too; at the exec, for `high` is still needed.
  ::close_range(first_file + static_cast<unsigned>(files), ~0U, CLOSE_RANGE_CLOEXEC);
  ::signal(SIGXFSZ, SIG_IGN); // writing too much then fails like a full disk
  limit(RLIMIT_CORE, 0);
  limit(RLIMIT_FSIZE, command.largest_file);
  limit(RLIMIT_AS, most_memory);
  ::setpriority(PRIO_PROCESS, 0, 10); // the reception comes first
  ::execvp(words[0], words);
  const int error = errno;
  (void)!::write(high, &error, sizeof error);
  ::_exit(exec_failed);
}

/// Reads what is there; false at the end.
template <class Use> bool take(int fd, const Use& use) {
  std::array<unsigned char, 65536> room;
  const ssize_t n = ::read(fd, room.data(), room.size());
  if (n < 0) return errno == EINTR || errno == EAGAIN;
  if (n > 0) use(std::span<const unsigned char>(room.data(), static_cast<std::size_t>(n)));
  return n > 0;
}

void listen(const Command& command, pid_t child, int out, int err, Ended& ended) {
  const auto end = Steady::now() + command.limit;
  std::array<pollfd, 2> both{pollfd{out, POLLIN, 0}, pollfd{err, POLLIN, 0}};
  while (both[0].fd >= 0 || both[1].fd >= 0) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(end - Steady::now());
    ended.late = left.count() <= 0;
    if (ended.late || ended.stopped) {
      ::kill(-child, SIGKILL);
      return;
    }
    if (::poll(both.data(), both.size(), static_cast<int>(left.count())) <= 0) continue;
    if (both[0].revents != 0 && !take(out, [&](auto bytes) {
          if (command.out && !command.out(bytes)) ended.stopped = true;
        }))
      both[0].fd = -1;
    if (both[1].revents != 0 && !take(err, [&](auto bytes) {
          ended.said.append(reinterpret_cast<const char*>(bytes.data()), bytes.size());
          if (ended.said.size() > kept_words) ended.said.erase(0, ended.said.size() - kept_words);
        }))
      both[1].fd = -1;
  }
}

/// Its end, within the limit: it may have closed its outputs and go on.
int wait_for(pid_t child, Steady::time_point end, Ended& ended) {
  int status = 0;
  while (::waitpid(child, &status, WNOHANG) == 0) {
    if (Steady::now() >= end) {
      ended.late = true;
      ::kill(-child, SIGKILL);
      ::waitpid(child, &status, 0);
      break;
    }
    ::poll(nullptr, 0, 2);
  }
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

} // namespace

Result<Ended> run(const Command& command) {
  std::vector<char*> words;
  for (const std::string& word : command.words) words.push_back(const_cast<char*>(word.c_str()));
  words.push_back(nullptr);
  Pipe out, err, told;
  const auto end = Steady::now() + command.limit;
  const pid_t child = ::fork();
  if (child < 0) return fail(Error::Code::device, "no_program", command.words.front());
  if (child == 0) become(command, words.data(), out.write, err.write, told.write);
  for (Pipe* each : {&out, &err, &told}) each->close_write();
  Ended ended;
  listen(command, child, out.read, err.read, ended);
  ended.status = wait_for(child, end, ended);
  int error = 0;
  if (::read(told.read, &error, sizeof error) == sizeof error)
    return fail(Error::Code::device, "no_program", command.words.front());
  return ended;
}

Result<std::pair<Ended, std::string>> run_and_read(Command command, std::size_t most) {
  std::string text;
  command.out = [&](std::span<const unsigned char> bytes) {
    text.append(reinterpret_cast<const char*>(bytes.data()), bytes.size());
    return text.size() <= most;
  };
  auto ended = run(command);
  MACHIAI_TRY(ended);
  if (ended->stopped) return fail(Error::Code::limit, "too_large", command.words.front());
  return std::pair{std::move(*ended), std::move(text)};
}

} // namespace machiai::media
