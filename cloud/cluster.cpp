// SPDX-License-Identifier: Apache-2.0
#include "cloud/cluster.hpp"

#include <fcntl.h>
#include <grp.h>
#include <pwd.h>
#include <spdlog/spdlog.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <thread>
#include <vector>

namespace machiai::cloud {

namespace {

using base::Error;
using base::fail;
using std::chrono::milliseconds;

constexpr const char* programs = "/usr/lib/postgresql/15/bin/";
constexpr auto start_limit = std::chrono::seconds{30};
constexpr auto stop_limit = std::chrono::seconds{20};
constexpr auto quit_limit = std::chrono::seconds{5};
constexpr milliseconds glance{20};

tl::unexpected<Error> failed(std::string what) {
  return fail(Error::Code::device, "cluster_failed", std::move(what));
}

std::string below(int fd, const char* name) {
  return "/proc/self/fd/" + std::to_string(fd) + name;
}

/// PostgreSQL refuses to run as root: then it is another user's.
const passwd* other_user() {
  if (::geteuid() != 0) return nullptr;
  const passwd* user = ::getpwnam("postgres");
  return user != nullptr ? user : ::getpwnam("nobody");
}

/// In the child: becomes `arguments`, as a user that PostgreSQL accepts, and dies with the parent.
[[noreturn]] void become(const std::vector<std::string>& arguments, const passwd* user, int fd, int log,
                         pid_t parent) {
  if (user != nullptr &&
      (::setgroups(0, nullptr) != 0 || ::setgid(user->pw_gid) != 0 || ::setuid(user->pw_uid) != 0))
    ::_exit(126);
  ::prctl(PR_SET_PDEATHSIG, SIGINT); // fast shutdown; after setuid, which would clear it
  if (::getppid() != parent) ::_exit(125);
  ::setpgid(0, 0); // a Ctrl-C is ours to pass on
  ::fcntl(fd, F_SETFD, 0);
  ::dup2(log, STDOUT_FILENO);
  ::dup2(log, STDERR_FILENO);
  ::signal(SIGPIPE, SIG_DFL);
  if (::chdir("/") != 0) ::_exit(124);
  std::vector<char*> raw;
  for (const std::string& each : arguments) raw.push_back(const_cast<char*>(each.c_str()));
  raw.push_back(nullptr);
  ::execv(raw.front(), raw.data());
  ::_exit(127);
}

pid_t spawn(const std::vector<std::string>& arguments, int fd, const std::filesystem::path& log_path) {
  const int log = ::open(log_path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  const passwd* user = other_user();
  const pid_t parent = ::getpid();
  const pid_t child = ::fork();
  if (child == 0) become(arguments, user, fd, log, parent);
  if (log >= 0) ::close(log);
  return child;
}

/// Whether the process ended within the limit.
bool reap(pid_t pid, std::chrono::seconds limit, int* status = nullptr) {
  for (milliseconds waited{0}; waited < limit; waited += glance) {
    if (::waitpid(pid, status, WNOHANG) == pid) return true;
    std::this_thread::sleep_for(glance);
  }
  return false;
}

} // namespace

base::Status Cluster::make() {
  std::error_code error;
  std::filesystem::create_directories(dir_, error);
  if (const passwd* user = other_user();
      !error && user != nullptr && ::chown(dir_.c_str(), user->pw_uid, user->pw_gid) != 0)
    return failed("chown");
  if (error || ::chmod(dir_.c_str(), 0700) != 0)
    return fail(Error::Code::storage, "storage_read_only", "postgres");
  fd_ = ::open(dir_.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (fd_ < 0) return failed("postgres");
  if (std::filesystem::exists(dir_ / "made", error)) return {};
  // What a crash left of an earlier attempt is nobody's data yet.
  std::filesystem::remove_all(dir_ / "data", error);
  const std::vector<std::string> command{std::string(programs) + "initdb",
                                         "-D",
                                         below(fd_, "/data"),
                                         "-U",
                                         "machiai",
                                         "-A",
                                         "trust",
                                         "-E",
                                         "UTF8",
                                         "--locale=C",
                                         "--data-checksums"};
  int status = 0;
  const pid_t child = spawn(command, fd_, dir_ / "log");
  if (child < 0 || !reap(child, std::chrono::seconds{60}, &status) || status != 0) return failed("initdb");
  std::ofstream(dir_ / "made") << "15\n";
  return {};
}

bool Cluster::answers() const {
  const int probe = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  const std::string path = below(fd_, "/.s.PGSQL.5432");
  std::strncpy(address.sun_path, path.c_str(), sizeof address.sun_path - 1);
  const bool up = ::connect(probe, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
  ::close(probe);
  return up;
}

/// A server of a process that was killed a moment ago is still shutting down.
void Cluster::end_leftover() {
  std::ifstream file(dir_ / "data" / "postmaster.pid");
  pid_t left = 0;
  if (!(file >> left) || left <= 1) return;
  std::ifstream command("/proc/" + std::to_string(left) + "/comm");
  std::string name;
  if (!(command >> name) || name != "postgres") return;
  ::kill(left, SIGINT);
  for (milliseconds waited{0}; waited < stop_limit && ::kill(left, 0) == 0; waited += glance)
    std::this_thread::sleep_for(glance);
}

base::Status Cluster::launch() {
  const std::string here = below(fd_, "");
  const auto set = [](const char* what) { return std::vector<std::string>{"-c", what}; };
  std::vector<std::string> command{std::string(programs) + "postgres", "-D", here + "/data", "-k", here};
  for (const char* each :
       {"listen_addresses=", "shared_buffers=64MB", "max_connections=200", "unix_socket_permissions=0700",
        "synchronous_commit=on", "log_min_messages=warning", "log_statement=none",
        // The text of a failed statement or row may hold personal data.
        "log_min_error_statement=panic", "log_error_verbosity=terse", "log_parameter_max_length=0",
        "log_parameter_max_length_on_error=0"})
    for (std::string& part : set(each)) command.push_back(std::move(part));
  pid_ = spawn(command, fd_, dir_ / "log");
  for (milliseconds waited{0}; pid_ > 0 && waited < start_limit; waited += glance) {
    if (::waitpid(pid_, nullptr, WNOHANG) == pid_) break;
    if (answers()) return {};
    std::this_thread::sleep_for(glance);
  }
  if (pid_ > 0) ::kill(pid_, SIGQUIT);
  pid_ = -1;
  return failed("postgres");
}

base::Status Cluster::start() {
  MACHIAI_TRY(make());
  end_leftover();
  return launch();
}

void Cluster::keep() {
  if (pid_ > 0 && ::waitpid(pid_, nullptr, WNOHANG) != pid_) return;
  if (fd_ < 0) return;
  spdlog::error("the database has died; starting it again");
  pid_ = -1;
  // The dead one's children hold its shared memory until they notice.
  if (const auto again = launch(); !again)
    spdlog::error("the database does not start: {}", again.error().detail);
}

void Cluster::stop() {
  if (pid_ > 0) {
    ::kill(pid_, SIGINT);
    if (!reap(pid_, stop_limit)) {
      ::kill(pid_, SIGQUIT);
      // One that stands still hears neither; what it has committed is on the disk.
      if (!reap(pid_, quit_limit)) ::kill(pid_, SIGKILL);
    }
  }
  pid_ = -1;
  if (fd_ >= 0) ::close(fd_);
  fd_ = -1;
}

base::Result<std::string> Cluster::url(const std::filesystem::path& home) {
  // Kept open to the end: libpq walks through it at each connection.
  const int fd = ::open((home / "postgres").c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (fd < 0) return fail(Error::Code::device, "database_away", "postgres");
  return "host=" + below(fd, "") + " user=machiai dbname=postgres";
}

} // namespace machiai::cloud
