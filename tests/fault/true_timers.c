// SPDX-License-Identifier: Apache-2.0
// Loaded before libfaketime into a daemon that lives in a pretended time. libfaketime 0.9.10 moves every absolute timerfd
// deadline by the wall clock's offset, those of CLOCK_MONOTONIC too (which it is asked not to pretend): Asio's "at
// once", 1 ns after boot, comes a day late with a clock one day back, and the loop sleeps. Here timers stay true.
#include <sys/syscall.h>
#include <sys/timerfd.h>
#include <unistd.h>

int timerfd_settime(int fd, int flags, const struct itimerspec *wanted, struct itimerspec *before) {
  return (int)syscall(SYS_timerfd_settime, fd, flags, wanted, before);
}

int timerfd_gettime(int fd, struct itimerspec *now) { return (int)syscall(SYS_timerfd_gettime, fd, now); }
