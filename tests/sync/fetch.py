# SPDX-License-Identifier: Apache-2.0
"""A station's own way of fetching a file against a server that breaks off, lies, drips and floods: in the end the file
is there, byte for byte, or the reason is told; nothing wrong ever counts."""
import fcntl
import json
import os
import pathlib
import random
import resource
import signal
import socket
import ssl
import subprocess
import sys
import threading
import time
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))

from kit import file_server as lies  # noqa: E402
from kit.case import main, program  # noqa: E402
from kit.file_server import Files  # noqa: E402
from kit.station import clean, until, work_dir  # noqa: E402

SEEDS = 200


class Fetch(unittest.TestCase):
    def setUp(self):
        self.dir = work_dir("fetch")
        self.addCleanup(clean, self.dir)
        self.files = Files(self.dir).__enter__()
        self.addCleanup(self.files.__exit__)
        self.content = random.Random(5).randbytes(300_000)
        self.into = os.path.join(self.dir, "incoming")

    def command(self, content=None, *args, url=None, ca=None):
        told = self.files.told(self.content if content is None else content)
        return [program("fetch-file"), "--url", url or told["url"], "--sha256", told["sha256"], "--bytes",
                str(told["bytes"]), "--ca", ca or self.files.ca, "--dir", self.into, *map(str, args)]

    def fetch(self, *args, content=None, url=None, ca=None, before=None):
        """What became of each try."""
        ran = subprocess.run(self.command(content, *args, url=url, ca=ca), capture_output=True, text=True, timeout=100,
                             check=False, preexec_fn=before)
        rows = [json.loads(line) for line in ran.stdout.splitlines()]
        self.assertEqual(ran.returncode == 0, rows[-1]["reason"] == "", ran.stderr)
        return rows

    def reason(self, *args, **more):
        return self.fetch(*args, **more)[-1]["reason"]

    def part(self, content=None):
        """What lies there; None when nothing does."""
        path = pathlib.Path(self.into) / (self.files.told(self.content if content is None else content)["sha256"] + ".part")
        return path.read_bytes() if path.exists() else None

    def write_part(self, data):
        os.makedirs(self.into, exist_ok=True)
        path = pathlib.Path(self.into) / (self.files.told(self.content)["sha256"] + ".part")
        path.write_bytes(data)
        return path

    def comes_whole(self):
        self.files.lie = None
        self.assertEqual(self.reason(), "")
        self.assertEqual(self.part(), self.content)

    def test_a_file_comes_whole(self):
        for size in (1, 16_384, 256 * 1024, 9_000_001):
            content = random.Random(size).randbytes(size)
            self.assertEqual(self.reason(content=content), "")
            self.assertEqual(self.part(content), content)
        self.assertEqual(self.files.sent, 1 + 16_384 + 256 * 1024 + 9_000_001)

    def test_connections_that_break_anywhere_cost_nothing_twice(self):
        for seed in range(SEEDS):
            content = random.Random(seed).randbytes(random.Random(-seed).randrange(1, 200_000))
            self.files.requests.clear()
            self.files.lie = lies.cut_at_random(seed)
            rows = self.fetch("--tries", 500, content=content)
            self.assertEqual(rows[-1]["reason"], "", seed)
            self.assertEqual(self.part(content), content, seed)
            self.assertEqual(sum(row["gained"] for row in rows), len(content), seed)
            self.assertLessEqual({row["reason"] for row in rows}, {"", "files_cut"}, seed)
            starts = [request.start or 0 for request in self.files.requests]
            self.assertEqual(starts, sorted(starts), f"seed {seed}: what had come was asked for again")

    def test_lies_are_told_and_do_not_count(self):
        page = answered_page()
        for name, lie, reason, part_stays in (
                ("wrong bytes", lies.wrong_bytes, "hash_differs", False),
                ("another range", lies.from_the_start, "other_answer", True),
                ("a range of another file", lies.headed(content_range="bytes 100000-299999/299999"), "other_answer", True),
                ("a range of a longer file", lies.headed(content_range="bytes 100000-299999/400000"), "other_file", False),
                ("no range", lies.headed("206 Partial Content", content_range=None), "other_answer", True),
                ("nonsense for a range", lies.headed(content_range="bytes 1-0/*, x"), "other_answer", True),
                ("another file's ETag", lies.headed(etag='"0000"'), "other_file", False),
                ("another length", lies.headed(content_length=12), "other_answer", True),
                ("no length and no end", lies.endless, "other_answer", True),
                ("packed", lies.headed(content_encoding="gzip"), "other_answer", True),
                ("elsewhere", lies.answered("HTTP/1.1 302 Found\r\nlocation: https://127.0.0.1/"), "other_answer", True),
                ("a portal's page", page, "other_answer", True),
                ("no HTTP", lies.answered("SSH-2.0-OpenSSH_9.2"), "other_answer", True),
                ("a head without end", lies.answered("HTTP/1.1 200 OK\r\nx: " + "y" * 50_000), "other_answer", True),
                ("ended", lies.answered("HTTP/1.1 403 Forbidden\r\ncontent-length: 0"), "address_ended", True),
                ("gone", lies.answered("HTTP/1.1 404 Not Found\r\ncontent-length: 0"), "file_gone", True),
                ("a shorter file", lies.answered("HTTP/1.1 416 Range Not Satisfiable\r\ncontent-length: 0"), "other_file", False),
                ("busy", lies.answered("HTTP/1.1 503 Busy\r\ncontent-length: 0"), "files_busy", True),
                ("silence", lambda request: lambda out: None, "files_cut", True)):
            with self.subTest(name):
                self.write_part(self.content[:100_000])
                self.files.lie = lie
                self.assertEqual(self.reason(), reason)
                self.assertEqual(self.part(), self.content[:100_000] if part_stays else None)
                self.comes_whole()

    def test_the_whole_instead_of_a_part_starts_anew(self):
        self.write_part(self.content[:100_000])
        self.files.lie = lies.whole_instead
        self.assertEqual(self.reason(), "")
        self.assertEqual(self.part(), self.content)

    def test_a_server_may_give_less_than_it_was_asked_for(self):
        self.write_part(self.content[:100_000])

        def pieces(size):
            def lie(request):
                if request.start is None:
                    return None
                end = min(request.start + size, len(self.content))
                return lies.headed(content_range=f"bytes {request.start}-{end - 1}/{len(self.content)}",
                                   content_length=end - request.start, body=self.content[request.start:end])(request)
            return lie
        self.files.lie = pieces(10_000)
        self.assertEqual(self.fetch(), [{"reason": "", "gained": 200_000}])
        self.assertEqual(len(self.files.requests), 20)
        # One that gives next to nothing each time does not keep the line for ever.
        self.write_part(self.content[:299_900])
        self.files.lie = pieces(1)
        self.assertEqual(self.fetch("--tries", 2), [{"reason": "files_cut", "gained": 64}, {"reason": "", "gained": 36}])

    def test_a_wrong_part_on_the_disk_is_found_by_the_hash(self):
        self.write_part(b"\0" * 100_000)
        self.assertEqual(self.reason(), "hash_differs")
        self.assertIsNone(self.part())
        self.comes_whole()

    def test_what_is_whole_is_not_asked_for(self):
        self.write_part(self.content)
        self.assertEqual(self.reason(), "")
        self.write_part(self.content[:-1] + b"x")
        self.assertEqual(self.reason(), "hash_differs")
        self.assertEqual(self.files.requests, [])
        self.write_part(self.content + b"more")
        self.assertEqual(self.reason(), "")
        self.assertEqual(self.part(), self.content)

    def test_without_a_guard_a_lie_gets_in(self):
        self.files.lie = lies.wrong_bytes
        self.assertEqual(self.reason("--without", "hash"), "")
        self.assertNotEqual(self.part(), self.content, "the control must show what the guard keeps out")
        self.write_part(self.content[:100_000])
        self.files.lie = lies.from_the_start
        self.assertEqual(self.reason("--without", "range"), "hash_differs")
        self.files.lie = None
        self.assertEqual(self.reason("--room", 1000, "--without", "reserve"), "")

    def test_a_server_that_drips_holds_up_nobody(self):
        over = threading.Event()
        self.addCleanup(over.set)
        few = self.content[:60]
        self.files.lie = lies.drip(over)
        self.assertEqual(self.reason("--silence", 400, content=few), "files_cut")
        came = self.part(few)
        self.assertEqual(came, few[:len(came)])
        os.unlink(os.path.join(self.into, self.files.told(few)["sha256"] + ".part"))
        self.assertEqual(self.reason("--silence", 400, "--without", "silence", content=few), "")

    def test_a_rate_is_kept(self):
        """The clinic's line is for its link first. Faster than the rate no clock can be; how much slower is the machine's affair."""
        size, rate = 1 << 20, 1 << 19  # two seconds
        content = random.Random(7).randbytes(size)
        begun = time.monotonic()
        self.assertEqual(self.fetch("--speed", rate, content=content), [{"reason": "", "gained": size}])
        self.assertGreaterEqual(time.monotonic() - begun, size / rate)
        self.assertEqual(self.part(content), content)
        # A try begins with a pace of its own, for what it still has to fetch.
        (pathlib.Path(self.into) / (self.files.told(content)["sha256"] + ".part")).write_bytes(content[:size // 2])
        begun = time.monotonic()
        self.assertEqual(self.fetch("--speed", rate, content=content), [{"reason": "", "gained": size // 2}])
        self.assertGreaterEqual(time.monotonic() - begun, size / rate / 2)
        self.assertEqual(self.part(content), content)
        # Without one nothing is held back, and the same comes.
        os.unlink(os.path.join(self.into, self.files.told(content)["sha256"] + ".part"))
        self.assertEqual(self.fetch(content=content), [{"reason": "", "gained": size}])
        self.assertEqual(self.part(content), content)

    def test_whoever_waits_for_the_pace_can_be_called_off(self):
        content = random.Random(8).randbytes(1 << 20)
        with subprocess.Popen(self.command(content, "--speed", 100), stdout=subprocess.PIPE, text=True) as fetching:
            until(lambda: self.part(content), "the first bytes")
            fetching.send_signal(signal.SIGTERM)
            self.assertEqual(json.loads(fetching.communicate(timeout=20)[0])["reason"], "fetch_stopped")
        self.assertLessEqual(len(self.part(content)), 32 * 1024, "what came with the head, and the first piece")

    def test_whoever_waits_can_be_called_off(self):
        over = threading.Event()
        self.addCleanup(over.set)
        self.files.lie = lies.drip(over)
        with subprocess.Popen(self.command(None, "--silence", 60_000), stdout=subprocess.PIPE, text=True) as fetching:
            until(lambda: self.part(), "the first bytes")
            fetching.send_signal(signal.SIGTERM)
            self.assertEqual(json.loads(fetching.communicate(timeout=20)[0])["reason"], "fetch_stopped")
        self.comes_whole()

    def test_one_writes_at_a_time(self):
        path = self.write_part(self.content[:10])
        with open(path, "rb") as held:
            fcntl.flock(held, fcntl.LOCK_EX)
            self.assertEqual(self.reason(), "media_busy")
        self.comes_whole()

    def test_a_full_disk_leaves_nothing_behind(self):
        def small():
            resource.setrlimit(resource.RLIMIT_FSIZE, (150_000, 150_000))
        self.assertEqual(self.reason(before=small), "media_disk_full")
        self.assertIsNone(self.part(), "its bytes are given back")
        self.comes_whole()

    def test_a_small_disk_fills_up(self):
        if os.geteuid() != 0:
            self.skipTest("needs root for a small disk")
        os.makedirs(self.into)
        mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=200k", "tmpfs", self.into], check=False)
        if mounted.returncode != 0:
            self.skipTest("no small disk here")
        try:
            self.assertEqual(self.reason(), "media_disk_full")
            self.assertEqual(os.listdir(self.into), [])
        finally:
            subprocess.run(["umount", self.into], check=True)

    def test_the_rest_of_the_disk_is_the_ledger_s(self):
        self.assertEqual(self.reason("--room", 200_000), "media_reserve")
        self.assertEqual(self.files.requests, [])
        # While it comes somebody else fills the disk.
        large = random.Random(6).randbytes(20_000_000)
        self.assertEqual(self.fetch("--room", 20_000_000, "--room-later", 1000, content=large)[0]["reason"], "media_reserve")
        self.assertIsNone(self.part(large), "its bytes are given back")
        self.assertEqual(self.reason("--room", 20_000_000, content=large), "")

    def test_nobody_else_is_believed(self):
        other = os.path.join(self.dir, "other.pem")
        lies.make_certificate(other, other + ".key")
        self.assertEqual(self.reason(ca=other), "files_away")
        url = self.files.told(self.content)["url"]
        self.assertEqual(self.reason(url=url.replace("127.0.0.1", "localhost")), "files_away", "another name")
        self.files.context.maximum_version = ssl.TLSVersion.TLSv1_2
        self.assertEqual(self.reason(), "files_away")
        self.files.context.maximum_version = ssl.TLSVersion.MAXIMUM_SUPPORTED
        self.assertEqual(self.files.requests, [])
        with Portal() as portal:
            self.assertEqual(self.reason(url=f"https://127.0.0.1:{portal.port}/film"), "files_away")
        self.assertEqual(self.reason(url=f"https://127.0.0.1:{portal.port}/film"), "files_away", "nobody is there")
        self.assertEqual(self.reason(url="https://no-such-host.invalid/film"), "files_away")
        self.comes_whole()


def answered_page():
    page = b"<html>Please log in</html>"
    return lies.answered(f"HTTP/1.1 200 OK\r\ncontent-type: text/html\r\ncontent-length: {len(page)}", page)


class Portal:
    """Answers whoever connects with a page, without TLS."""

    def __enter__(self):
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self.run, daemon=True).start()
        return self

    def __exit__(self, *_):
        self.listener.close()

    def run(self):
        while True:
            try:
                line, _ = self.listener.accept()
            except OSError:
                return
            with line:
                line.recv(4096)
                line.sendall(b"HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nlogin")


if __name__ == "__main__":
    main(__doc__)
