# SPDX-License-Identifier: Apache-2.0
"""The scaled-out form on one machine: etcd, PostgreSQL under Patroni, HAProxy, and nodes of machiai-cloud.

    HOME/cluster.json      ports and members, chosen once
    HOME/secrets           passwords, readable by their user alone
    HOME/run               pids and logs
    HOME/db1 ... HOME/node1 ...
"""
import base64
import errno
import http.client
import json
import os
import random
import secrets as randomness
import shutil
import signal
import socket
import ssl
import subprocess
import time

import processes
import settings

POSTGRESQL = "/usr/lib/postgresql/15/bin"
NEEDED = {"etcd": "etcd-server", "patroni": "patroni", "haproxy": "haproxy", "psql": "postgresql-client-15",
          POSTGRESQL + "/initdb": "postgresql-15"}
PATIENCE = 20  # seconds for one question
PATH = os.pathsep.join([os.environ.get("PATH", ""), "/usr/sbin", "/usr/local/sbin"])


class Refused(Exception):
    """Said to the caller in words; nothing was left half done that a second `up` would not mend."""


def free_ports(count):
    """Below the range that the system lends to callers, so that they are still free in a moment."""
    held = []
    for port in random.sample(range(20_000, 32_000), 1000):
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError as error:
                if error.errno != errno.EADDRINUSE:
                    raise
                continue
        held.append(port)
        if len(held) == count:
            return held
    raise Refused("no free ports")


class Cluster:
    def __init__(self, home):
        self.home = os.path.realpath(home)
        self.run_dir = os.path.join(self.home, "run")
        self.layout = {}
        self.started = []
        try:
            with open(os.path.join(self.home, "cluster.json"), encoding="utf-8") as file:
                self.layout = json.load(file)
        except FileNotFoundError:
            pass

    # Making

    def make(self, *, databases=3, nodes=2, first_port=None):
        """Chooses ports and passwords, once."""
        if self.layout:
            return
        members = [f"db{n + 1}" for n in range(databases)]
        names = ["service", "primary", "etcd", "etcd-peer", *members, *(each + "-api" for each in members)]
        cloud = [f"node{n + 1}" for n in range(nodes)]
        names += cloud
        ports = range(first_port, first_port + len(names)) if first_port else free_ports(len(names))
        os.makedirs(self.run_dir, exist_ok=True)
        os.makedirs(self.path("secrets"), mode=0o700, exist_ok=True)
        self.layout = {"home": self.home, "root": os.geteuid() == 0, "postgresql": POSTGRESQL, "members": members,
                       "nodes": cloud, "ports": dict(zip(names, ports))}
        user = processes.other_user()
        for name in (*members, "etcd"):
            os.makedirs(self.path(name), mode=0o700, exist_ok=True)
            if user:
                os.chown(self.path(name), user.pw_uid, user.pw_gid)
        passwords = {name: randomness.token_urlsafe(24) for name in ("postgres", "replicator", "machiai", "api")}
        self.write("secrets/passwords.json", json.dumps(passwords))
        port = self.layout["ports"]["primary"]
        self.write("secrets/pgpass", "".join(f"127.0.0.1:{port}:*:{name}:{passwords[name]}\n"
                                             for name in ("postgres", "machiai")))
        for name in members:
            self.write(f"{name}/patroni.yaml", settings.patroni(self.layout, name, passwords), user)
        # Last: with it the home is whole.
        self.write("cluster.json", json.dumps(self.layout, indent=1))

    def path(self, *names):
        return os.path.join(self.home, *names)

    def write(self, name, text, user=None):
        path = self.path(name)
        with open(os.open(path + ".new", os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
            file.write(text)
        if user:
            os.chown(path + ".new", user.pw_uid, user.pw_gid)
        os.rename(path + ".new", path)

    def make_nodes(self, program, facilities):
        """The first node's home is made by the program; the others are copies of its keys and authority, with its files."""
        first = self.path(self.layout["nodes"][0])
        if not os.path.exists(os.path.join(first, "keys", "card")):
            example = [] if facilities else ["--example"]
            run = subprocess.run([program, "init", "--home", first, *example], capture_output=True, text=True, check=False)
            if run.returncode != 0:
                raise Refused(run.stderr.strip())
            if facilities:
                shutil.copyfile(facilities, os.path.join(first, "facilities.json"))
        os.makedirs(os.path.join(first, "media"), mode=0o700, exist_ok=True)
        for name in self.layout["nodes"][1:]:
            if os.path.exists(self.path(name, "keys", "card")):
                continue
            shutil.rmtree(self.path(name), ignore_errors=True)
            shutil.copytree(first, self.path(name), ignore=shutil.ignore_patterns("run", "media"))
            os.makedirs(self.path(name, "run"))
            os.symlink(os.path.join(os.path.abspath(first), "media"), self.path(name, "media"))

    # Starting

    def missing(self, program):
        """Programs that are not here, with the packages that have them."""
        gone = [f"{os.path.basename(name)} (package {package})" for name, package in NEEDED.items()
                if shutil.which(name, path=PATH) is None]
        if not os.access(program, os.X_OK):
            gone.append(f"machiai-cloud ({program}; see --bin)")
        return gone

    def check_home(self):
        """The other user must be able to walk to the home."""
        user = processes.other_user()
        path = self.home
        while user and path != "/":
            path = os.path.dirname(path)
            mode = os.stat(path)
            if not mode.st_mode & 1 and mode.st_uid != user.pw_uid:
                raise Refused(f"user {user.pw_name}, who runs PostgreSQL, may not enter {path}: chmod o+x, or another --home")

    def start(self, program):
        """Starts what does not run yet, in order, and waits for it."""
        user = processes.other_user()
        self.write("haproxy.cfg", settings.haproxy(self.layout))
        self.part("etcd", settings.etcd(self.layout), user=user)
        self.wait(lambda: self.http("etcd", "/health")[0] == 200, "etcd", 30)
        for name in self.layout["members"]:
            self.part(name, ["patroni", self.path(name, "patroni.yaml")], user=user, env={"HOME": self.path(name)})
        self.part("haproxy", ["haproxy", "-db", "-f", self.path("haproxy.cfg")])
        self.wait(self.primary, "a primary", 120)
        self.wait(self.prepare, "the database", 60)
        for name in self.layout["nodes"]:
            self.part(name, [program, "serve", "--home", self.path(name), "--listen", f"127.0.0.1:{self.port(name)}",
                             "--address", f"https://localhost:{self.port('service')}", "--proxied-by", "127.0.0.1",
                             "--database", settings.database_url(self.layout)])
        self.wait(lambda: all(self.healthy(name) for name in self.layout["nodes"]), "the nodes", 60)
        self.wait(self.serves, "the service's door", 30)

    def wait(self, condition, what, seconds):
        """Until it holds; says so when a part that was started has ended, or it takes too long."""
        end = time.monotonic() + seconds
        while not condition():
            for name in self.started:
                if not processes.running(self.run_dir, name):
                    raise Refused(f"{name} ended: {self.last_words(name)}")
            if time.monotonic() > end:
                raise Refused(f"waited {seconds} s for {what}; see the logs in {self.run_dir}")
            time.sleep(0.1)

    def last_words(self, name):
        with open(os.path.join(self.run_dir, name + ".log"), encoding="utf-8", errors="replace") as file:
            return (file.read().strip().splitlines() or ["it said nothing"])[-1]

    def part(self, name, arguments, **more):
        if not processes.running(self.run_dir, name):
            arguments = [shutil.which(arguments[0], path=PATH) or arguments[0], *arguments[1:]]
            processes.start(self.run_dir, name, arguments, **more)
        self.started.append(name)

    def prepare(self):
        """Makes the program's role and database on the primary; whether they are there."""
        password = self.passwords()["machiai"]
        role = ("DO $$BEGIN IF NOT EXISTS (SELECT 1 FROM pg_roles WHERE rolname = 'machiai') THEN "
                f"CREATE ROLE machiai LOGIN PASSWORD '{password}'; END IF; END$$;")
        base = ("SELECT 'CREATE DATABASE machiai OWNER machiai' WHERE NOT EXISTS "
                "(SELECT 1 FROM pg_database WHERE datname = 'machiai')\\gexec")
        return self.psql(f"{role}\n{base}\n", user="postgres", database="postgres") is not None

    # Looking

    def passwords(self):
        with open(self.path("secrets", "passwords.json"), encoding="utf-8") as file:
            return json.load(file)

    def port(self, name):
        return self.layout["ports"][name]

    def psql(self, text, *, user="machiai", database="machiai"):
        """Rows of the primary, fields parted by 0x1f; None when it does not answer."""
        url = f"host=127.0.0.1 port={self.port('primary')} user={user} dbname={database} connect_timeout=3"
        try:
            run = subprocess.run(["psql", "-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-F", "\x1f", "-d", url],
                                 input=text, capture_output=True, text=True, check=False, timeout=PATIENCE,
                                 env=dict(os.environ, PGPASSFILE=self.path("secrets", "pgpass")))
        except subprocess.TimeoutExpired:  # a commit waits until a standby has it
            return None
        return [line.split("\x1f") for line in run.stdout.splitlines()] if run.returncode == 0 else None

    def http(self, name, path, *, method="GET", body=None, tls=None):
        """(status, body); (0, b"") when nobody answers."""
        port = self.port(name)
        line = (http.client.HTTPSConnection("127.0.0.1", port, timeout=3, context=tls) if tls else
                http.client.HTTPConnection("127.0.0.1", port, timeout=3))
        headers = {}
        if body is not None:
            word = base64.b64encode(f"patroni:{self.passwords()['api']}".encode()).decode()
            headers = {"Authorization": f"Basic {word}", "Content-Type": "application/json"}
            body = json.dumps(body)
        try:
            line.request(method, path, body, headers)
            answer = line.getresponse()
            return answer.status, answer.read()
        except (OSError, http.client.HTTPException):
            return 0, b""
        finally:
            line.close()

    def primary(self):
        """The member that its Patroni calls primary."""
        for name in self.layout["members"]:
            if self.http(name + "-api", "/primary")[0] == 200:
                return name
        return None

    def synchronous(self):
        """Members of whom Patroni says that they have all that was acknowledged."""
        return [name for name in self.layout["members"] if self.http(name + "-api", "/synchronous")[0] == 200]

    def trust(self):
        return ssl.create_default_context(cafile=self.path(self.layout["nodes"][0], "tls", "ca.pem"))

    def healthy(self, name):
        """A node by itself; it expects the proxy's header, which says here that the proxy itself asks."""
        try:
            with socket.create_connection(("127.0.0.1", self.port(name)), 3) as raw:
                raw.sendall(b"\r\n\r\n\x00\r\nQUIT\n\x20\x00\x00\x00")
                with self.trust().wrap_socket(raw, server_hostname="localhost") as line:
                    line.sendall(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
                    return line.recv(64).startswith(b"HTTP/1.1 200")
        except OSError:
            return False

    def serves(self):
        return self.http("service", "/healthz", tls=self.trust())[0] == 200

    def parts(self):
        return ["etcd", *self.layout["members"], "haproxy", *self.layout["nodes"]]

    def status(self):
        """One row a part: name, pid or None, port, what it says of itself, and whether that is as it should be."""
        rows = []
        for name in self.parts():
            pid = processes.running(self.run_dir, name)
            row = {"name": name, "pid": pid, "port": self.port("service" if name == "haproxy" else name), "says": "ended",
                   "well": False}
            if pid and name in self.layout["members"]:
                status, body = self.http(name + "-api", "/patroni")
                told = json.loads(body) if status else {}
                role = "synchronous standby" if told.get("sync_standby") else told.get("role", "no answer")
                row["says"] = f"{role}, {told.get('state', '')}".strip(", ")
                row["well"] = told.get("state") in ("running", "streaming")
            elif pid:
                row["well"] = (self.healthy(name) if name in self.layout["nodes"] else
                               self.serves() if name == "haproxy" else self.http("etcd", "/health")[0] == 200)
                row["says"] = "serves" if row["well"] else "not ready"
            rows.append(row)
        return rows

    # Ending

    def postmaster(self, name):
        """The PostgreSQL of this member, also when its Patroni is gone; None when there is none."""
        data = self.path(name, "data")
        try:
            with open(os.path.join(data, "postmaster.pid"), encoding="ascii") as file:
                pid = int(file.readline())
            return pid if os.path.realpath(os.readlink(f"/proc/{pid}/cwd")) == os.path.realpath(data) else None
        except (OSError, ValueError):
            return None

    def stop(self):
        """Ends what `start` started, and nothing else."""
        for name in (*reversed(self.layout["nodes"]), "haproxy"):
            self.end(name, 15)
        # Together: each waits until the others have what it wrote.
        patronis = [pid for name in self.layout["members"] if (pid := processes.running(self.run_dir, name))]
        for pid in patronis:
            os.kill(pid, signal.SIGTERM)
        for pid in patronis:
            processes.end(pid, 40)
        for name in self.layout["members"]:
            if pid := self.postmaster(name):
                processes.end(pid, 20, signal.SIGINT)
        self.end("etcd", 10)

    def end(self, name, seconds):
        if pid := processes.running(self.run_dir, name):
            processes.end(pid, seconds)
