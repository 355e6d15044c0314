# SPDX-License-Identifier: Apache-2.0
"""Files for the stations: whole, in ranges and resumed, by curl over TLS; addresses that are wrong, ended or another's;
files that are gone or changed; readers who take nothing; what the command line takes in; and the manifest at a link."""
import concurrent.futures
import datetime
import fcntl
import json
import os
import pathlib
import random
import shutil
import socket
import subprocess
import sys
import time
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "fault"))

import disks  # noqa: E402
import link  # noqa: E402
from kit import faketime  # noqa: E402
from kit.case import main, options, program  # noqa: E402
from kit.cloud import Cloud, facility  # noqa: E402
from kit.files import HOUR, address, lay, read, sha256, stored, write  # noqa: E402
from kit.station import clean, until, work_dir  # noqa: E402

MIB = 1 << 20
SIZE = 24 * MIB + 12_345
X264 = ("-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p", "-profile:v", "high", "-movflags", "+faststart")


def day(ahead):
    return (datetime.datetime.now(datetime.timezone(datetime.timedelta(hours=9))).date() +
            datetime.timedelta(days=ahead)).isoformat()


class Media(link.Link):
    @classmethod
    def setUpClass(cls):
        cls.dir = work_dir("cloud")
        cls.addClassCleanup(clean, cls.dir)
        rooms = [{"id": "1", "name": {"ja": "診察室1"}}]
        cls.cloud = Cloud(os.path.join(cls.dir, "home"), options.bin, facilities=[
            facility("minato", 1, rooms=rooms), facility("kita", 2, rooms=rooms),
            facility("nishi", 3, rooms=rooms), facility("minami", 4, rooms=rooms)]).start()
        cls.addClassCleanup(cls.cloud.__exit__)
        cls.serial = 0
        cls.secret = read(os.path.join(cls.cloud.home, "keys", "media")).strip()
        cls.data = random.Random(20261126).randbytes(SIZE)
        cls.name = lay(cls.cloud.home, cls.data)
        cls.provider = os.path.join(cls.dir, "provider")
        for words in (("init", "--example"), ("programme", "keygen")):
            subprocess.run([program("machiai"), *words, "--home", cls.provider], check=True, capture_output=True)

    # Addresses made by hand

    def file(self, name):
        return stored(self.cloud.home, name)

    def sign(self, name, place="minato", until_ms=None, key=None):
        return address(self.cloud.home, name, place, until_ms, key)

    def curl(self, path, *words, expect=0, node=None):
        """curl's standard output, as bytes."""
        node = node or self.cloud
        url = path if path.startswith("https:") else f"https://127.0.0.1:{node.port()}{path}"
        run = subprocess.run(["curl", "-sS", "--cacert", os.path.join(node.home, "tls", "ca.pem"), *words, url],
                             capture_output=True, timeout=120, check=False)
        self.assertEqual(run.returncode, expect, run.stderr)
        return run.stdout

    def ask(self, path, headers=None, method="GET", node=None):
        return (node or self.cloud).ask(method, path, headers=headers or {})

    def refused(self, path, status=403, reason="media_refused", **more):
        answer = self.ask(path, **more)
        self.assertEqual((answer[0], answer[1]["error"]["reason"]), (status, reason), path)
        return {**answer[1], "status": answer[0]}

    # What is given

    def test_a_whole(self):
        """The same bytes, with what a downloader needs to go on later."""
        out = os.path.join(self.dir, "whole")
        head = self.curl(self.sign(self.name), "-o", out, "-D", "-").decode().lower()
        self.assertEqual(sha256(read(out)), self.name)
        for line in (f"etag: \"{self.name}\"", "accept-ranges: bytes", f"content-length: {SIZE}",
                     "content-type: application/octet-stream", "cache-control: private", "x-content-type-options: nosniff"):
            self.assertIn(line, head)

    def test_b_ranges(self):
        """First, middle, last and open-ended pieces are those of the file."""
        for words, first, end in (("0-0", 0, 1), ("0-99", 0, 100), ("1000000-1999999", 10**6, 2 * 10**6), ("-50", SIZE - 50, SIZE),
                                  (f"{SIZE - 1}-", SIZE - 1, SIZE), (f"{SIZE - 7}-{SIZE * 9}", SIZE - 7, SIZE)):
            status, body, fields = self.ask(self.sign(self.name), {"Range": "bytes=" + words})
            self.assertEqual(status, 206, words)
            self.assertEqual(body, self.data[first:end], words)
            self.assertEqual(fields["Content-Range"], f"bytes {first}-{end - 1}/{SIZE}")
            self.assertEqual(int(fields["Content-Length"]), end - first)
        # Behind the 32 bits of a length, in a file that takes no room.
        far, big = "f" * 64, 6 << 30
        os.makedirs(os.path.dirname(self.file(far)), exist_ok=True)
        with open(self.file(far), "wb") as file:
            file.truncate(big)
            file.seek(5 << 30)
            file.write(b"here")
        status, body, fields = self.ask(self.sign(far), {"Range": f"bytes={5 << 30}-{(5 << 30) + 9}"})
        self.assertEqual((status, body, fields["Content-Range"]), (206, b"here" + bytes(6), f"bytes {5 << 30}-{(5 << 30) + 9}/{big}"))
        os.unlink(self.file(far))
        # On one connection one after the other: each answer ends where it says.
        connection = self.cloud.connect()
        self.addCleanup(connection.close)
        for n in range(40):
            at = random.Random(n).randrange(SIZE)
            status, body, _ = self.cloud.ask("GET", self.sign(self.name), headers={"Range": f"bytes={at}-{at + 70_000}"},
                                             connection=connection)
            self.assertEqual((status, body), (206, self.data[at:at + 70_001]))

    def test_c_resumed(self):
        """curl goes on where it was cut off, and what it has is not sent again."""
        out = os.path.join(self.dir, "resumed")
        for have in (1, SIZE // 3, SIZE - 1):
            write(out, self.data[:have])
            sent = self.curl(self.sign(self.name), "-C", "-", "-o", out, "-w", "%{http_code} %{size_download}")
            self.assertEqual(sent, f"206 {SIZE - have}".encode())
            self.assertEqual(sha256(read(out)), self.name)

    def test_d_if_range(self):
        """Of the same content the rest, of another the whole."""
        path, part = self.sign(self.name), {"Range": "bytes=5-9"}
        self.assertEqual(self.ask(path, {**part, "If-Range": f'"{self.name}"'})[:2], (206, self.data[5:10]))
        for other in ('"' + "0" * 64 + '"', f'W/"{self.name}"', self.name, "Thu, 26 Nov 2026 16:00:00 GMT"):
            self.assertEqual(self.ask(path, {**part, "If-Range": other})[:2], (200, self.data), other)

    def test_e_no_range_of_ours(self):
        """Beyond the end: 416 with the length. Several and what is none: the whole."""
        path = self.sign(self.name)
        for beyond in (f"bytes={SIZE}-", f"bytes={SIZE * 2}-{SIZE * 3}", "bytes=-0", "bytes=99999999999999999999999-"):
            status, told, fields = self.ask(path, {"Range": beyond})
            self.assertEqual((status, told["error"]["reason"]), (416, "range_beyond"), beyond)
            self.assertEqual(fields["Content-Range"], f"bytes */{SIZE}")
        for whole in ("bytes=0-1,5-6", "bytes=9-5", "bytes=a-b", "lines=1-2", "bytes=0-0," + "1-1," * 400):
            status, body, fields = self.ask(path, {"Range": whole})
            self.assertEqual((status, len(body)), (200, SIZE), whole)
            self.assertNotIn("Content-Range", fields)

    def test_f_head_and_known(self):
        """HEAD tells the same of the whole and sends nothing; what is known is not sent again."""
        path = self.sign(self.name)
        for headers in ({}, {"Range": "bytes=0-9"}):
            status, body, fields = self.ask(path, headers, "HEAD")
            self.assertEqual((status, body, fields["Content-Length"], fields["ETag"]), (200, b"", str(SIZE), f'"{self.name}"'))
        for known in (f'"{self.name}"', f'"x", W/"{self.name}"', "*"):
            status, body, fields = self.ask(path, {"If-None-Match": known, "Range": "bytes=0-9"})
            self.assertEqual((status, body, fields["ETag"]), (304, b"", f'"{self.name}"'), known)
        self.assertEqual(self.ask(path, {"If-None-Match": '"other"'}, "HEAD")[0], 200)
        self.assertEqual(self.ask(path, method="POST")[0], 405)

    # What is not

    def test_g_addresses_that_are_none(self):
        """Wrong, ended, another facility's, another file's: one answer, which tells nothing."""
        good = self.sign(self.name)
        until_ms = int(good.split("until=")[1].split("&")[0])
        absent = sha256(b"nobody has this")
        wrong = [good[:-1] + ("0" if good[-1] != "0" else "1"), good[:-1], good.split("&sign=")[0], good + "0",
                 good.replace("sign=", "sign=" + "0" * 64 + "&sign="), good.split("?")[0], good.upper(),
                 good.replace("for=minato", "for=kita"), good.replace("for=minato", "for="),
                 good.replace(f"until={until_ms}", f"until={until_ms + 1}"), good.replace(f"until={until_ms}", "until="),
                 good.replace(f"until={until_ms}", f"until={until_ms}x"), good.replace(f"until={until_ms}", f"until=%2B{until_ms}"),
                 good.replace(self.name, absent), self.sign(self.name, until_ms=int(time.time() * 1000) - 1),
                 self.sign(self.name, key=b"k" * 64), self.sign(absent, key=b"k" * 64), self.sign("A" * 64), self.sign("ab"),
                 self.sign(self.name, place="minato%0Akita")]
        wrong[6] = "/v1/media/" + wrong[6].split("/")[-1]
        told = [self.refused(each) for each in wrong]
        self.assertTrue(all(each == told[0] for each in told), "they can be told apart")
        for method in ("HEAD",):
            self.assertEqual(self.ask(wrong[0], method=method)[0], 403)
        # Only who was given an address learns that the file is not there.
        self.refused(self.sign(absent), 404, "content_missing")

    def test_h_paths_that_climb(self):
        for path in ("../../keys/media", "..%2f..%2fkeys%2fmedia", "%2e%2e/keys/media", "/etc/passwd", "", ".", "..",
                     "00/../../../keys/media", "a" * 64 + "/..", "a" * 65, "\\..\\keys"):
            for query in ("", self.sign(path.replace("\\", "")).partition("?")[2]):
                got = self.curl(f"/v1/media/{path}?{query}", "--path-as-is", "-w", "%{http_code}")
                self.assertIn(got[-3:], (b"403", b"404", b"400"), path)
                self.assertNotIn(self.secret, got)
        # A name that leads elsewhere is no file of the store.
        name = sha256(b"elsewhere")
        os.makedirs(os.path.dirname(self.file(name)), exist_ok=True)
        os.symlink(os.path.join(self.cloud.home, "keys", "media"), self.file(name))
        self.refused(self.sign(name), 404, "content_missing")
        os.unlink(self.file(name))
        os.mkfifo(self.file(name))
        self.refused(self.sign(name), 404, "content_missing")
        os.unlink(self.file(name))

    def test_i_gone_and_changed(self):
        """A file that is gone is said to be; one that is cut ends short; one that was changed is found by its hash."""
        data = random.Random(1).randbytes(3 * MIB)
        name = lay(self.cloud.home, data)
        path, out = self.sign(name), os.path.join(self.dir, "changed")
        write(self.file(name), data[:MIB] + b"x" + data[MIB + 1:])
        self.curl(path, "-o", out)
        self.assertNotEqual(sha256(read(out)), name)
        os.unlink(self.file(name))
        self.refused(path, 404, "content_missing")
        write(self.file(name), b"")
        self.refused(path, 404, "content_missing")
        # Cut while it is being sent: the connection ends before the length that was told.
        big = random.Random(2).randbytes(64 * MIB)
        name = lay(self.cloud.home, big)
        line, head = self.stalled(self.sign(name))
        self.assertIn(b"200 OK", head)
        os.truncate(self.file(name), MIB)
        got = 0
        try:
            while more := line.recv(MIB):
                got += len(more)
        except OSError:
            pass
        self.assertLess(got, len(big))
        os.unlink(self.file(name))

    # Readers

    def stalled(self, path, node=None, receive=4096):
        """A connection that asks for a file and takes no more than its first bytes."""
        node = node or self.cloud
        raw = socket.socket()
        raw.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive)
        raw.settimeout(60)
        raw.connect(("127.0.0.1", node.port()))
        line = node.context().wrap_socket(raw, server_hostname="127.0.0.1")
        self.addCleanup(line.close)
        line.sendall(f"GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
        return line, line.recv(300)

    def test_j_slow_readers_hold_up_nobody(self):
        """Beside many who take nothing others get theirs, also the last place; then those are let go, one who goes away
        leaves his place at once, and one who is slow but goes on gets it all, however long it takes."""
        path, out = self.sign(self.name), os.path.join(self.dir, "steady")
        steady = subprocess.Popen(["curl", "-sS", "--cacert", os.path.join(self.cloud.home, "tls", "ca.pem"), "--limit-rate", "550k",
                                   "-o", out, f"https://127.0.0.1:{self.cloud.port()}{path}"])
        self.addCleanup(steady.kill)
        until(lambda: os.path.exists(out) and os.path.getsize(out), "the first bytes", 20, 0.05)
        with concurrent.futures.ThreadPoolExecutor(8) as pool:
            slow = list(pool.map(lambda n: self.stalled(self.sign(self.name, f"f{n // 16}")), range(255)))
        self.assertTrue(all(b"200 OK" in head for _, head in slow))
        since = time.monotonic()
        self.refused(path, 503, "too_many_downloads")
        self.assertEqual(self.ask(path, method="HEAD")[0], 200)
        self.assertEqual(self.cloud.get("/v1/facilities/minato/status")[0], 200)
        for line, _ in slow[:8]:
            line.close()
        # Of one facility sixteen are served, however much room there is.
        until(lambda: self.ask(self.sign(self.name, "f0"), {"Range": "bytes=0-9"})[0] == 206, "a place of f0", 20, 0.05)
        self.refused(self.sign(self.name, "f1"), 503, "too_many_downloads")
        until(lambda: self.ask(path, {"Range": "bytes=0-9"})[0] == 206, "a place", 20, 0.05)
        self.assertEqual(sha256(self.curl(path)), self.name)
        # They are let go without having asked for it.
        until(lambda: len(self.open_lines()) <= 1, "those who take nothing to be let go", 90, 0.2)
        self.assertGreater(time.monotonic() - since, 20)
        self.assertEqual(steady.wait(120), 0)
        self.assertEqual(sha256(read(out)), self.name)
        self.assertEqual(sha256(self.curl(path)), self.name)

    def open_lines(self):
        """Connections to the cloud that are still open on its side."""
        inodes = set()
        for each in os.listdir(f"/proc/{self.cloud.process.pid}/fd"):
            try:
                inodes.add(os.readlink(f"/proc/{self.cloud.process.pid}/fd/{each}"))
            except OSError:
                pass
        with open("/proc/net/tcp", encoding="ascii") as table:
            rows = [row.split() for row in table][1:]
        port = f":{self.cloud.port():04X}"
        return [row for row in rows if row[1].endswith(port) and row[3] == "01" and f"socket:[{row[9]}]" in inodes]

    def test_k_killed_meanwhile(self):
        """Two nodes with one key and one store: what one began the other ends."""
        other = self.node("other")
        out = os.path.join(self.dir, "two")
        with other:
            line, head = self.stalled(self.sign(self.name), other)
            self.assertIn(b"200 OK", head)
            begun = head.partition(b"\r\n\r\n")[2] + line.recv(MIB)
            other.kill9()
            write(out, begun)
            self.curl(self.sign(self.name), "-C", "-", "-o", out)
            self.assertEqual(sha256(read(out)), self.name)
            # A node whose key is another's gives nothing.
            write(os.path.join(other.home, "keys", "media"), b"0" * 64 + b"\n")
            other.start()
            self.refused(self.sign(self.name), node=other)
            self.assertEqual(sha256(self.curl(self.sign(self.name, key=b"0" * 64), node=other)), self.name)

    @classmethod
    def node(cls, name, env=None, shared=True):
        """Another node on the same database, with the same keys, and the same store of files or one of its own."""
        fd = os.open(os.path.join(cls.cloud.home, "postgres"), os.O_RDONLY | os.O_DIRECTORY)
        cls.addClassCleanup(os.close, fd)
        node = Cloud(os.path.join(cls.dir, name), options.bin, facilities=[facility("minato", 1)],
                     database=f"host=/proc/{os.getpid()}/fd/{fd} user=machiai dbname=postgres", env=env)
        for each in ("keys", "tls"):
            shutil.rmtree(os.path.join(node.home, each))
            shutil.copytree(os.path.join(cls.cloud.home, each), os.path.join(node.home, each))
        if shared:
            os.symlink(os.path.join(cls.cloud.home, "media"), os.path.join(node.home, "media"))
        return node

    def test_l_key_made_at_start(self):
        """A home of before this had no key: the first start makes one, and the next keeps it."""
        old = self.node("old")
        key = os.path.join(old.home, "keys", "media")
        os.unlink(key)
        with old:
            made = read(key).strip()
            self.assertEqual(len(made), 64)
            self.assertEqual(os.stat(key).st_mode & 0o077, 0)
            self.assertEqual(sha256(self.curl(self.sign(self.name, key=made), node=old)), self.name)
            # Every node that shares the key of the cards comes to the same.
            with self.node("older") as older:
                older.stop()
                os.unlink(os.path.join(older.home, "keys", "media"))
                older.start()
                self.assertEqual(read(os.path.join(older.home, "keys", "media")).strip(), made)
            self.assertNotEqual(made, read(os.path.join(self.cloud.home, "keys", "media")).strip())
            old.stop()
            old.start()
            self.assertEqual(read(key).strip(), made)
        write(key, b"not a key\n")
        self.assertEqual(old.command("serve").returncode, 2)
        for wrong in ("http://files.example", "https://", "https://files.example/", "https://files.example/ x"):
            self.assertEqual(self.cloud.command("serve", "--media-address", wrong).returncode, 2, wrong)

    # The command line

    def run_cli(self, *words, expect=0):
        """The answer, or the reason of the refusal."""
        run = subprocess.run([self.cloud.program, *words, "--home", self.cloud.home, "--json"], capture_output=True, text=True,
                             timeout=120, check=False)
        self.assertEqual(run.returncode, expect, run.stdout + run.stderr)
        told = json.loads(run.stdout)
        return told["error"]["reason"] if expect == 3 and "error" in told else told

    def film(self, hue, house=True):
        """A short film, different for each hue; of the house profile or not."""
        path = os.path.join(self.dir, f"film-{hue}-{house}.mp4")
        size = "1280x720:r=30" if house else "480x360:r=25"
        subprocess.run(["ffmpeg", "-v", "error", "-nostdin", "-y", "-f", "lavfi", "-i",
                        f"testsrc2=s={size}:d=1.2,hue=h={hue}", *X264, path], check=True, timeout=60)
        return path

    def programme(self, name="now", version=1, place="minato", items=(), signed=True, **more):
        """A signed document's file; `items`: SHA-256 of films."""
        document = {"format": 1, "facility": place, "programme": name, "version": version,
                    "period": {"from": day(-1), "to": day(20)}, "deadline": day(-2) + "T18:00:00+09:00",
                    "items": [{"id": f"film-{n}", "kind": "own", "title": f"見本 {n}", "sha256": each, "seconds": 20}
                              for n, each in enumerate(items or ["e" * 64])],
                    "slots": [{"id": "day", "from": "08:30", "to": "18:00", "items": ["film-0"]}], **more}
        type(self).serial += 1
        path = os.path.join(self.dir, f"programme-{self.serial}.json")
        with open(path, "w", encoding="utf-8") as file:
            json.dump(document, file, ensure_ascii=False)
        if signed:
            subprocess.run([program("machiai"), "programme", "sign", path, "--home", self.provider], check=True,
                           capture_output=True)
        return path

    def test_m_films_are_taken_in(self):
        """Of the house profile as they are, others converted; known ones once; what is no film is refused."""
        house = self.film(10)
        told = self.run_cli("media", "add", house, "--title", "冬の感染症", "--kind", "provided")
        self.assertEqual(told["sha256"], sha256(read(house)))
        self.assertEqual((told["converted"], told["width"], told["title"], told["facility"]), (False, 1280, "冬の感染症", 0))
        self.assertEqual(read(self.file(told["sha256"])), read(house))
        self.assertEqual(os.stat(self.file(told["sha256"])).st_mode & 0o077, 0)
        self.assertEqual(sha256(self.curl(self.sign(told["sha256"]))), told["sha256"])
        other = self.run_cli("media", "add", self.film(20, False), "--facility", "kita", "--kind", "own")
        self.assertEqual((other["converted"], other["facility"]), (True, 2))
        self.assertEqual(sha256(read(self.file(other["sha256"]))), other["sha256"])
        # What a killed writer left behind goes, what another writes just now stays.
        left, busy = self.file("a" * 64) + ".part", self.file("b" * 64) + ".part"
        write(left, b"half")
        write(busy, b"half")
        with open(busy, "rb") as writer:
            fcntl.flock(writer, fcntl.LOCK_EX)
            again = self.run_cli("media", "add", house, "--title", "新しい題")
            self.assertEqual((os.path.exists(left), os.path.exists(busy)), (False, True))
        os.unlink(busy)
        listed = {each["sha256"]: each for each in self.run_cli("media", "list")["films"]}
        self.assertEqual((again["sha256"], listed[again["sha256"]]["title"]), (told["sha256"], "新しい題"))
        for path, reason in ((self.programme(), "media_unreadable"), (os.path.join(self.dir, "absent"), "no_such_file")):
            self.assertEqual(self.run_cli("media", "add", path, expect=3), reason)
        self.assertEqual(self.run_cli("media", "add", house, "--facility", "nobody", expect=3), "unknown_facility")
        left = [each for _, _, files in os.walk(os.path.join(self.cloud.home, "media")) for each in files
                if not len(each) == 64]
        self.assertEqual(left, [], "nothing half is left behind")
        # What is changed on the disk is found, and adding it again mends it.
        self.assertTrue(self.run_cli("media", "verify", told["sha256"][:12])["holds"])
        write(self.file(told["sha256"]), b"x" + read(house)[1:])
        found = self.run_cli("media", "verify", expect=3)
        self.assertEqual([each["sha256"] for each in found["films"] if each["state"] == "changed"], [told["sha256"]])
        self.run_cli("media", "add", house)
        self.assertTrue(self.run_cli("media", "verify", told["sha256"])["holds"])

    def test_m_one_film_from_several_sides(self):
        """Added by four at once it is here once, and whole; whoever came second is told so or finds it."""
        film = self.film(50)
        words = [self.cloud.program, "media", "add", film, "--home", self.cloud.home, "--json"]
        adding = [subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) for _ in range(4)]
        told = [(json.loads(each.communicate(timeout=120)[0]), each.returncode) for each in adding]
        self.assertIn(0, [code for _, code in told])
        for answer, code in told:
            self.assertEqual(answer["sha256"] if code == 0 else answer["error"]["reason"], sha256(read(film)) if code == 0 else "media_busy")
        self.assertEqual(len([each for each in self.run_cli("media", "list")["films"] if each["sha256"] == sha256(read(film))]), 1)
        self.assertTrue(self.run_cli("media", "verify", sha256(read(film)))["holds"])

    @unittest.skipUnless(shutil.which("strace"), "needs strace")
    def test_m_killed_while_it_is_added(self):
        """At each step of keeping and entering it: what has a name is whole, a row has its file, and another try ends well."""
        film = self.film(70)
        name = sha256(read(film))
        add = [self.cloud.program, "media", "add", film, "--home", self.cloud.home, "--json"]
        steps = ["pwrite64:signal=KILL", "fsync:signal=KILL:when=1", "fsync:signal=KILL:when=2", "rename:signal=KILL",
                 *[f"sendto:signal=KILL:when={n}" for n in range(1, 10)]]
        killed = 0
        for step in steps:
            call = step.split(":")[0]
            run = subprocess.run(["strace", "-o", os.devnull, "-e", f"trace={call}", "-e", f"inject={step}", *add],
                                 capture_output=True, timeout=120, check=False)
            killed += run.returncode != 0
            listed = [each for each in self.run_cli("media", "list")["films"] if each["sha256"] == name]
            self.assertTrue(all(each["state"] == "here" for each in listed), step)
            if os.path.exists(self.file(name)):
                self.assertEqual(sha256(read(self.file(name))), name, step)
            if listed:
                self.run_cli("media", "remove", name)
            elif os.path.exists(self.file(name)):
                os.unlink(self.file(name))  # named and not entered: the next step is to begin as this one did
        self.assertGreater(killed, 10)
        self.run_cli("media", "add", film)
        self.assertTrue(self.run_cli("media", "verify", name)["holds"])
        self.assertFalse(os.path.exists(self.file(name) + ".part"))

    @unittest.skipIf(disks.missing(), "needs root and loop devices")
    def test_m_full_disk(self):
        """No film is begun that would leave the database without room; on a disk that is full nothing is half entered."""
        full = self.node("full", shared=False)
        place = os.path.join(full.home, "media")

        def reason(*words):
            run = full.command(*words, "--json")
            self.assertEqual(run.returncode, 3, run.stdout + run.stderr)
            return json.loads(run.stdout)["error"]["reason"]

        with disks.small_disk(os.path.join(self.dir, "disk.img"), place, 16):
            self.assertEqual(reason("media", "add", self.film(60)), "media_reserve")
            data = random.Random(3).randbytes(4 * MIB)
            name = lay(full.home, data)
            with full:
                self.assertEqual(self.curl(self.sign(name), node=full), data)
            before = self.cloud.sql("SELECT count(*) FROM programme")
            path = self.programme("full", place="nishi", period={"from": day(200), "to": day(210)})
            with open(os.path.join(place, "filler"), "wb", buffering=0) as filler, self.assertRaises(OSError):
                while True:
                    filler.write(bytes(4096))
            self.assertEqual(reason("programme", "nishi", path), "media_disk_full")
            self.assertEqual(self.cloud.sql("SELECT count(*) FROM programme"), before)
            left = {each for _, _, files in os.walk(place) for each in files}
            self.assertEqual(left, {name, "filler"})
            os.unlink(os.path.join(place, "filler"))
            self.assertEqual(full.command("programme", "nishi", path).returncode, 0)
            self.cloud.sql("DELETE FROM programme WHERE programme = 'full'")

    def test_n_removed_when_nobody_needs_it(self):
        film = self.run_cli("media", "add", self.film(30))["sha256"]
        self.assertEqual(self.run_cli("media", "add", self.film(30), "--facility", "kita")["sha256"], film)
        self.run_cli("programme", "kita", self.programme("needs", place="kita", items=[film], period={"from": day(0), "to": day(1)}))
        self.assertEqual(self.run_cli("media", "remove", film, expect=3), "content_needed")
        self.assertEqual(self.run_cli("media", "remove", film, "--facility", "kita", expect=3), "content_needed")
        self.cloud.sql("UPDATE programme SET until_date = 0 WHERE programme = 'needs'")
        self.run_cli("media", "remove", film[:16])
        self.assertTrue(os.path.exists(self.file(film)), "the other row's file stays")
        self.run_cli("media", "remove", film, "--facility", "kita")
        self.assertFalse(os.path.exists(self.file(film)))
        self.assertEqual(self.run_cli("media", "remove", film, expect=3), "content_missing")

    def test_o_programmes_are_checked(self):
        """Another facility's, unsigned, with faults, over, not newer, beside another: refused, and nothing is kept."""
        good = self.programme("kita-now", place="kita")
        entered = self.run_cli("programme", "kita", good)
        self.assertEqual((entered["programme"], entered["version"], entered["state"], len(entered["missing"])),
                         ("kita-now", 1, "standing", 1))
        before = self.cloud.sql("SELECT count(*) FROM programme")
        period = {"from": day(40), "to": day(50)}
        for reason, place, path in (
                ("foreign", "minato", good), ("unknown_facility", "nobody", good), ("replayed", "kita", good),
                ("not_signed", "kita", self.programme("more", place="kita", signed=False, period=period)),
                ("bad_programme", "kita", self.programme("more", place="kita", period={"from": day(50), "to": day(40)})),
                ("programme_too_large", "kita", self.film(10)), ("bad_programme", "kita", self.cloud.log), ("expired", "kita", self.programme(
                    "more", place="kita", period={"from": day(-9), "to": day(-1)})),
                ("period_overlaps", "kita", self.programme("more", place="kita", period={"from": day(20), "to": day(30)}))):
            self.assertEqual(self.run_cli("programme", place, path, expect=3), reason)
        self.assertEqual(self.cloud.sql("SELECT count(*) FROM programme"), before)
        self.run_cli("programme", "kita", self.programme("kita-now", 2, place="kita"))
        told = self.run_cli("programmes", "2")["programmes"]
        self.assertEqual([(each["version"], each["state"]) for each in told if each["programme"] == "kita-now"],
                         [(1, "replaced"), (2, "standing")])
        self.assertEqual(self.run_cli("programmes", "nobody", expect=3), "unknown_facility")

    # The link

    def told(self, clinic):
        document = clinic.next("document", name="manifest")
        return json.loads(document["body"])

    def test_p_manifest(self):
        """At first, and again when a programme or a film comes: by another process, from addresses that give the bytes."""
        clinic = link.Clinic(self, "minato", self.enrolled("minato"), "start-1")
        first = self.told(clinic)
        self.assertEqual((first["programmes"], first["films"]), ([], []))
        ahead = first["urls_until"] / 1000 - time.time()
        self.assertTrue(48 * 3600 - 60 <= ahead <= 96 * 3600, ahead)
        here = self.run_cli("media", "add", self.film(40), "--title", "ある映像")
        theirs = self.run_cli("media", "add", self.film(41), "--facility", "kita")
        absent = self.film(42)
        path = self.programme("2026", items=[here["sha256"], theirs["sha256"], sha256(read(absent))])
        entered = self.run_cli("programme", "minato", path)
        self.assertEqual([each["item"] for each in entered["missing"]], ["film-1", "film-2"])
        told = self.told(clinic)
        self.assertEqual([(each["programme"], each["version"]) for each in told["programmes"]], [("2026", 1)])
        self.assertEqual(self.curl(told["programmes"][0]["file"]["url"]), read(path))
        self.assertEqual([each["file"]["sha256"] for each in told["films"]], [here["sha256"]])
        film = told["films"][0]
        self.assertEqual((film["title"], film["kind"], film["width"], film["height"]), ("ある映像", "provided", 1280, 720))
        self.assertEqual(sha256(self.curl(film["file"]["url"])), here["sha256"])
        self.assertEqual(told["urls_until"], first["urls_until"])
        # The film that was missing comes: so does the next manifest. Another facility's own film never does.
        self.run_cli("media", "add", absent)
        told = self.told(clinic)
        self.assertEqual({each["file"]["sha256"] for each in told["films"]}, {here["sha256"], sha256(read(absent))})
        self.assertEqual(self.run_cli("programmes", "minato")["programmes"][0]["missing"][0]["sha256"], theirs["sha256"])
        # What changes nothing for this station is not told again; a new link is told once.
        self.run_cli("media", "add", self.film(43))
        self.run_cli("programme", "minato", self.programme("2026", 2, items=[here["sha256"]]))
        told = self.told(clinic)
        self.assertEqual([each["version"] for each in told["programmes"]], [2])
        self.assertEqual([each["file"]["sha256"] for each in told["films"]], [here["sha256"]])
        self.assertFalse([each for each in clinic.said if each.get("name") == "manifest"])

    def test_q_manifest_by_another_node(self):
        """What is entered beside one node reaches a link of another, which then says it with its own address."""
        node = self.node("second")
        node.args = ["--media-address", "https://files.example:8443"]
        with node:
            clinic = self.linked_to(node, "kita")
            self.told(clinic)
            self.run_cli("programme", "kita", self.programme("far", place="kita", period={"from": day(60), "to": day(70)}))
            programmes = self.told(clinic)["programmes"]
            self.assertEqual(programmes[-1]["programme"], "far")
            url = programmes[-1]["file"]["url"]
            self.assertTrue(url.startswith("https://files.example:8443/v1/media/"), url)
            self.assertEqual(self.ask(url.removeprefix("https://files.example:8443"))[0], 200)

    def linked_to(self, node, place):
        """A clinic whose link is at that node."""
        key = self.key()
        csr = link.enrol.openssl("req", "-new", "-key", key, "-subj", "/CN=station")
        status, told, _ = node.post("/v1/enrol", {"facility": place, "code": self.code(place), "csr": csr})
        self.assertEqual(status, 200, told)
        mine, type(self).cloud = self.cloud, node
        try:
            return link.Clinic(self, place, self.keep(told["certificate"], key), "start-1")
        finally:
            type(self).cloud = mine

    def test_r_addresses_are_renewed_in_time(self):
        """When half of their life is over the next ones come down the link by themselves; then the old ones end."""
        clock = faketime.FakeClock(os.path.join(self.dir, "time"), faketime.preload(options.bin))
        clock.set(time.time())
        node = self.node("later", env=clock.env)
        node.args = ["--address", "https://cloud.example:8443/"]
        with node:
            self.run_cli("programme", "nishi", self.programme("long", place="nishi", period={"from": day(0), "to": day(90)}))
            clinic = self.linked_to(node, "nishi")
            first = self.told(clinic)
            for ahead in (48, 96):
                clock.move(48 * 3600)
                told = self.told(clinic)
                self.assertEqual(told["urls_until"] - first["urls_until"], ahead * HOUR)
                self.assertEqual([each["file"]["sha256"] for each in told["programmes"]],
                                 [each["file"]["sha256"] for each in first["programmes"]])
            self.assertTrue(told["programmes"][0]["file"]["url"].startswith("https://cloud.example:8443/v1/media/"))
            path = {name: each["programmes"][0]["file"]["url"].partition("/v1/")[2] for name, each in (("old", first), ("new", told))}
            self.refused("/v1/" + path["old"], node=node)
            self.assertEqual(self.ask("/v1/" + path["new"], node=node)[0], 200)

    def test_s_more_than_a_frame_holds(self):
        """Four hundred films with long titles: as many as the link's frame takes, those first that are needed first."""
        clinic = link.Clinic(self, "minami", self.enrolled("minami"), "start-1")
        self.told(clinic)
        names = [f"{n:064x}" for n in range(1, 401)]
        for name in names:
            os.makedirs(os.path.dirname(self.file(name)), exist_ok=True)
            with open(self.file(name), "wb") as file:
                file.truncate(1000)
        path = self.programme("many", place="minami", items=names[:1])
        self.cloud.sql("INSERT INTO media SELECT 4, lpad(to_hex(n), 64, '0'), 1000, repeat('\"長い', 57), 'own', 1000, 1280, 720, n "
                       "FROM generate_series(1, 400) n")
        self.run_cli("programme", "minami", path)
        self.told(clinic)
        self.cloud.sql("INSERT INTO programme_film SELECT 4, 'many', 1, lpad(to_hex(n), 64, '0'), 'film-' || n, 30000 - n FROM "
                       "generate_series(2, 400) n; SELECT pg_notify('machiai', '4m')")
        document = clinic.next("document", name="manifest")
        self.assertLessEqual(len(json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()), 256 * 1024)
        films = [each["file"]["sha256"] for each in json.loads(document["body"])["films"]]
        self.assertGreater(len(films), 150)
        self.assertEqual(films, ([names[0]] + names[:0:-1])[:len(films)])


# The walks of the link are another test's.
for each in [name for name in dir(link.Link) if name.startswith("test_")]:
    setattr(Media, each, None)


if __name__ == "__main__":
    main(__doc__)
