# SPDX-License-Identifier: Apache-2.0
"""A real machiai-cloud with a private PostgreSQL cluster, and requests to it over TLS.

    with Cloud(home, bin_dir) as cloud:
        status, body, headers = cloud.get("/v1/facilities/minato")
"""
import contextlib
import http.client
import json
import os
import signal
import ssl
import subprocess
import uuid

from kit.seed import sow
from kit.station import until


def facility(name, number, *, services=("naika",), **more):
    """A facility that takes bookings at any hour, without a draw."""
    return {"id": name, "number": number, "name": {"ja": f"見本{number}"}, "phone": "00-0000-0000",
            "services": [service(each, at + 1) for at, each in enumerate(services)], **more}


def service(name, number, **booking):
    """The first without a prefix, the others with their names' letter, as at a station (S-3)."""
    return {"id": name, "number": number, "prefix": "" if number == 1 else name[0].upper(), "kinds": ["return", "first"],
            "booking": {"windows": [{"opens": "0:00", "closes": "24:00"}], "draw_seconds": 0, **booking}}


# Itself: the one in PATH is Debian's wrapper in Perl, which takes seven times as long.
PSQL = "/usr/lib/postgresql/15/bin/psql"
ALWAYS = {"hours": {"opens": "0:00", "closes": "24:00"}}


class Cloud:
    def __init__(self, home, bin_dir, *, facilities=None, provider=None, args=(), database=None, env=None, plain=False):
        self.home = os.path.abspath(home)
        self.program = os.path.join(os.path.abspath(bin_dir), "machiai-cloud")
        self.log = self.home + ".log"
        self.args = list(args)
        self.database = database
        self.plain = plain
        self.env = dict(os.environ, **(env or {}))
        self.process = None
        run = self.command("init", *([] if facilities else ["--example"]))
        assert run.returncode == 0, run.stderr
        if facilities:
            with open(os.path.join(self.home, "facilities.json"), "w", encoding="utf-8") as file:
                json.dump({"provider": provider or ALWAYS, "facilities": facilities}, file)

    def __enter__(self):
        return self.start()

    def __exit__(self, *_):
        if self.process is not None and self.process.poll() is None:
            self.stop()

    # The program

    def command(self, verb, *args):
        more = ["--home", self.home]
        if self.database and verb != "init":
            more += ["--database", self.database]
        return subprocess.run([self.program, verb, *args, *more], capture_output=True, text=True, timeout=60,
                              check=False, env=self.env)

    def start(self, seconds=40.0):
        for name in ("port", "ca"):
            try:
                os.unlink(os.path.join(self.home, "run", name))
            except OSError:
                pass
        more = ["--database", self.database] if self.database else []
        if not self.database:
            sow(self.program, self.home)
        with open(self.log, "ab") as log:
            self.process = subprocess.Popen([self.program, "serve", "--home", self.home, *more, *self.args],
                                            env=self.env, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        until(self.serves, "machiai-cloud to serve", seconds)
        return self

    def serves(self):
        assert self.process.poll() is None, self.log_text()[-2000:]
        try:
            return self.get("/healthz")[0] == 200
        except (OSError, ValueError, http.client.HTTPException):
            return False

    def stop(self, seconds=40.0):
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(seconds)

    def kill9(self):
        self.process.kill()
        self.process.wait()

    def log_text(self):
        with open(self.log, encoding="utf-8", errors="replace") as file:
            return file.read()

    def postmaster(self):
        """Its pid; None for the moment in which a new one takes the place of a dead one's file."""
        try:
            with open(os.path.join(self.home, "postgres", "data", "postmaster.pid"), encoding="ascii") as file:
                return int(file.readline())
        except (FileNotFoundError, ValueError):
            return None

    # Requests

    def port(self):
        with open(os.path.join(self.home, "run", "port"), encoding="ascii") as file:
            return int(file.read())

    def context(self, certificate=None, key=None):
        context = ssl.create_default_context(cafile=os.path.join(self.home, "tls", "ca.pem"))
        if certificate:
            context.load_cert_chain(certificate, key)
        return context

    def connect(self, timeout=20.0, **client):
        if self.plain:
            return http.client.HTTPConnection("127.0.0.1", self.port(), timeout=timeout)
        return http.client.HTTPSConnection("127.0.0.1", self.port(), timeout=timeout, context=self.context(**client))

    def ask(self, method, path, body=None, headers=None, connection=None, timeout=20.0, **client):
        """(status, body as JSON or bytes, headers)"""
        own = connection is None
        connection = connection or self.connect(timeout, **client)
        try:
            data = json.dumps(body, ensure_ascii=False).encode() if isinstance(body, (dict, list)) else body
            connection.request(method, path, data, headers or {})
            answer = connection.getresponse()
            raw = answer.read()
            is_json = answer.headers.get("Content-Type", "").startswith("application/json") and raw
            return answer.status, json.loads(raw) if is_json else raw, answer.headers
        finally:
            if own:
                connection.close()

    def get(self, path, headers=None, **more):
        return self.ask("GET", path, headers=headers, **more)

    def post(self, path, body=None, headers=None, **more):
        return self.ask("POST", path, body, {"Content-Type": "application/json", **(headers or {})}, **more)

    def book(self, place="minato", key=None, people=None, service="naika", headers=None, **more):
        body = {"service": service, "people": people or [first()], **more.pop("body", {})}
        return self.post(f"/v1/facilities/{place}/bookings", body,
                         {"Idempotency-Key": key or str(uuid.uuid4()), **(headers or {})}, **more)

    @contextlib.contextmanager
    def psql(self, *args, **how):
        """psql as whoever may open the socket: its command and what a process needs with it."""
        fd = os.open(os.path.join(self.home, "postgres"), os.O_RDONLY | os.O_DIRECTORY)
        try:
            url = self.database or f"host=/proc/self/fd/{fd} user=machiai dbname=postgres"
            yield [PSQL, "-X", "-q", "-A", "-t", "-F", "\x1f", "-d", url, *args], {"pass_fds": [fd], "text": True, **how}
        finally:
            os.close(fd)

    def sql(self, text):
        """Rows of a query, as lists of texts."""
        with self.psql("-c", text, capture_output=True, timeout=60, check=True) as (command, how):
            run = subprocess.run(command, **how)
        return [line.split("\x1f") for line in run.stdout.splitlines() if line]

    @contextlib.contextmanager
    def holding(self, *statements):
        """A transaction of somebody else's that has said these and keeps what they lock until the end; gives what says more in it."""
        with (self.psql("-v", "ON_ERROR_STOP=1", stdin=subprocess.PIPE, stdout=subprocess.PIPE) as (command, how),
              subprocess.Popen(command, **how) as psql):
            def say(text):
                psql.stdin.write(text + ";\n\\echo said\n")
                psql.stdin.flush()
                while (line := psql.stdout.readline()) != "said\n":
                    assert line, "the transaction is broken"

            say("BEGIN")
            for each in statements:
                say(each)
            yield say
            say("COMMIT")
            psql.stdin.close()

    def standing(self):
        """How many transactions wait for another one."""
        return int(self.sql("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'")[0][0])


def first(name="見本 花子", phone="00-0000-0000"):
    return {"name": name, "phone": phone}


def card(number, birth):
    return {"card": number, "birth": birth}
