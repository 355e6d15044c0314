# SPDX-License-Identifier: Apache-2.0
"""Long-lived processes that outlive the command which started them, known by pid and time of start: a pid that the
system gave to another is nobody of ours."""
import os
import pwd
import signal
import subprocess
import time


def began(pid):
    """Ticks since boot at which the process started; None: there is none, or it is dead and unburied."""
    try:
        with open(f"/proc/{pid}/stat", encoding="utf-8", errors="replace") as file:
            fields = file.read().rpartition(")")[2].split()
    except OSError:
        return None
    return None if fields[0] in "ZX" else int(fields[19])


def other_user():
    """Whom PostgreSQL and etcd run as when root starts them; None for an ordinary user: as himself."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    return None


def start(run_dir, name, arguments, *, user=None, env=None):
    """Starts it in a session of its own and writes down who it is."""
    def become():
        if user is not None:
            os.setgroups([])
            os.setgid(user.pw_gid)
            os.setuid(user.pw_uid)

    with open(os.path.join(run_dir, name + ".log"), "ab") as log:
        process = subprocess.Popen(arguments, stdin=subprocess.DEVNULL, stdout=log, stderr=log, cwd="/",
                                   start_new_session=True, preexec_fn=become, env=dict(os.environ, **(env or {})))
    with open(os.path.join(run_dir, name + ".pid"), "w", encoding="ascii") as file:
        file.write(f"{process.pid} {began(process.pid)}\n")
    return process


def running(run_dir, name):
    """The pid if what was started by this name still runs."""
    try:
        with open(os.path.join(run_dir, name + ".pid"), encoding="ascii") as file:
            pid, ticks = file.read().split()
    except (OSError, ValueError):
        return None
    return int(pid) if str(began(int(pid))) == ticks else None


def end(pid, seconds, first=signal.SIGTERM):
    """Asks it to end, and makes it end after so long."""
    ticks = began(pid)
    if ticks is None:
        return
    until = time.monotonic() + seconds
    os.kill(pid, first)
    while began(pid) == ticks:
        _bury(pid)
        if time.monotonic() > until:
            os.kill(pid, signal.SIGKILL)
            until += 5
        time.sleep(0.02)


def _bury(pid):
    try:
        os.waitpid(pid, os.WNOHANG)
    except ChildProcessError:
        pass
