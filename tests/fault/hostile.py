# SPDX-License-Identifier: Apache-2.0
"""Bad input at the hub: no token, wrong role, broken and endless frames, floods, evil texts.

Others are served meanwhile, the daemon stays alive and small, the ledger verifies, and no personal name is ever
found in its log or in a refusal.
"""
import argparse
import json
import os
import socket
import sys
import threading
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from kit import ledger as audit
from kit.hub import BINARY, TEXT, Crowd, Hub, Lost, Refused, read_port, read_token
from kit.lan import Device, lan_port, redeem, trusting, try_code
from kit.station import Ended, Station, clean, until, work_dir

LARGEST_FRAME = 64 * 1024
MOST_GROWTH_KIB = 48 * 1024
QUICK_SECONDS = 1.0

# (argument, what the rule must say); None: accepted as the plain text it is.
EVIL_NAMES = [
    ("x" * 10240, "name_too_long"), ("待" * 65, "name_too_long"), ("a\0b", "bad_text"), ("a\nb", "bad_text"),
    ("\x1b[2Jgone", "bad_text"), ("\u202etxt.exe", "bad_text"), ("a\u200bb", "bad_text"), ("\ufeffx", "bad_text"),
    ("\x1d\x56\x00", "bad_text"), ("'; DROP TABLE event; --", None), ("<script>alert(1)</script>", None),
    ("%s%n%x{}{0}", None), ("=HYPERLINK(\"x\")", None), ("$(reboot)`reboot`", None), ("../../etc/passwd", None),
    ("髙橋﨑 🏥", None),
]

BROKEN_FRAMES = [
    b"", b"{", b"null", b"[]", b"7", b'"take"', b'{"cmd":7}', b'{"cmd":"take","args":[]}', b'{"id":1}',
    b'{"cmd":"take","key":7,"args":{}}', b'{"cmd":"take","args":{"service":"naika"},}', b"\x00\x01\x02",
    b'{"cmd":"' + b"x" * 60000 + b'"}', b"[" * 60000, b'{"a":' * 12000, b'{"cmd":"board","cmd":"take"}',
    b'{"cmd":"take","args":{"service":"naika"},"key":"' + b"k" * 65 + b'"}',
    b'{"cmd":"take","args":{"service":"naika"},"key":"\\u0000"}',
    b'{"id":1e400,"cmd":"board"}', b'{"id":123456789012345678901234567890,"cmd":"board"}',
    b'{"cmd":"watch","args":{"views":["nothing"]}}', b'{"cmd":"watch","args":{"views":7}}',
    b'{"cmd":"\\ud800","args":{}}', b'{"cmd":"take","args":{"service":' + b"9" * 5000 + b"}}",
]

WRONG_TYPES = [
    ("take", {"service": 7}), ("take", {"service": ["naika"]}), ("take", {"service": "naika", "print": "yes"}),
    ("take", {"service": "naika", "name": {"a": 1}}), ("take", {}), ("call", {"service": "naika"}),
    ("call", {"service": "naika", "room": 1}), ("absent", {"ticket": 1}), ("absent", {"ticket": "9" * 4000}),
    ("absent", {"ticket": "naika/-1"}), ("absent", {"ticket": "naika/99999999999999999999"}),
    ("why", {"ticket": "%n"}), ("why", {}), ("queue", {"service": "' OR 1=1"}), ("queue", {}), ("nonsense", {}),
    ("move", {"ticket": "1", "before": "1", "reason": "x"}), ("take", {"service": "naika", "kind": "x" * 5000}),
]


class Wrong(Exception):
    """A promise that did not hold."""


def expect(condition, what):
    if not condition:
        raise Wrong(what)


def canary(nth):
    return f"カナリア{os.getpid()}x{nth}x"


def is_served(station, where):
    """Another seat takes a number now, in good time."""
    began = time.monotonic()
    with station.hub("desk", "honest") as hub:
        hub.ok("take", {"service": "naika"})
    took = time.monotonic() - began
    expect(took < QUICK_SECONDS, f"{where}: an honest seat waited {took:.2f} s")


def entry(station):
    """Who may come in, and what each role may do."""
    refused = 0
    for token in ("", "x", "0" * 48, read_token(station.home, "desk")[:-1], read_token(station.home, "desk") + "0"):
        try:
            Hub(station.home, token=token).close()
            raise Wrong(f"came in with the token {token!r}")
        except Refused as error:
            expect(error.reason == "http_401", f"token {token!r}: {error.reason}")
            refused += 1
    for seat in ("", "a b", "x" * 33, "a/../b", "席"):
        try:
            Hub(station.home, seat=seat).close()
            raise Wrong(f"came in as seat {seat!r}")
        except (Refused, Lost):
            refused += 1
    desk_only = ["open", "close", "call", "absent", "undo", "cancel", "move", "reprint", "desk", "why", "verify"]
    for role, commands in (("kiosk", desk_only), ("display", [*desk_only, "take", "kiosk"])):
        with station.hub(role, role) as hub:
            for cmd in commands:
                reason = hub.ask(cmd, {"service": "naika", "ticket": "1"}).get("error", {}).get("reason")
                expect(reason == "forbidden", f"{role} {cmd}: {reason}")
                refused += 1
            reason = hub.ask("watch", {"views": ["desk"]}).get("error", {}).get("reason")
            expect(reason == "forbidden", f"{role} watches the desk: {reason}")
    return f"{refused} refused"


def broken_frames(station):
    """Each broken frame gets an answer or an end; the next connection is served."""
    answered = ended = 0
    for payload in BROKEN_FRAMES:
        for opcode in (TEXT, BINARY):
            with station.hub("desk", "broken") as hub:
                try:
                    hub.send_frame(payload, opcode)
                    while "beat" in (frame := hub.receive()):
                        pass
                    expect("ok" in frame or "error" in frame, f"{payload[:40]}: {frame}")
                    answered += 1
                except Lost:
                    ended += 1
        is_served(station, repr(payload[:20]))
    with station.hub("desk", "types") as hub:
        for cmd, args in WRONG_TYPES:
            frame = hub.ask(cmd, args)
            expect("error" in frame, f"{cmd} {str(args)[:60]} was accepted: {frame}")
            answered += 1
    for payload, opcode in ((b"\xff\xfe\xc0\x80", TEXT), (b'{"cmd":"board"}', 3), (b"", 11)):
        with station.hub("desk", "protocol") as hub:
            try:
                hub.send_frame(payload, opcode)
                hub.receive()
                raise Wrong(f"opcode {opcode} {payload!r} was answered")
            except Lost:
                ended += 1
    return f"{answered} answered, {ended} ended"


def ends(hub, what):
    """The hub ends the connection instead of answering."""
    try:
        for _ in range(3):
            frame = hub.receive()
            expect("beat" in frame, f"{what} was answered: {str(frame)[:100]}")
    except Lost:
        return
    raise Wrong(f"{what} is waited for")


def too_large(station):
    """64 KiB is the limit, in one frame or in a thousand pieces."""
    pad = LARGEST_FRAME - len('{"cmd":"board","pad":""}')
    with station.hub("desk", "large") as hub:
        hub.send_frame(b'{"cmd":"board","pad":"' + b"x" * pad + b'"}')
        expect("ok" in hub.answer(None), "64 KiB was not accepted")
        hub.send_frame(b'{"cmd":"board","pad":"' + b"x" * (pad + 1) + b'"}')
        ends(hub, "a frame of 64 KiB + 1")
    sent = 0
    with station.hub("desk", "endless") as hub:
        try:
            hub.send_frame(b'{"cmd":"', TEXT, fin=False)
            while sent < 64 << 20:
                hub.send_frame(b"x" * 1024, 0, fin=False)
                sent += 1024
            raise Wrong("an endless message was never ended")
        except Lost:
            pass
    head = b"\x81\xff" + (1 << 62).to_bytes(8, "big") + b"\0\0\0\0"
    with station.hub("desk", "promise") as hub:
        hub.socket.sendall(head)
        ends(hub, "a frame that promises 4 EiB")
    is_served(station, "after endless frames")
    return f"ended after {sent // 1024} KiB"


def half_open(station):
    """Sockets that say nothing, or speak very slowly, or fill all places."""
    port = read_port(station.home)
    silent = [socket.create_connection(("127.0.0.1", port)) for _ in range(200)]
    for nth, each in enumerate(silent):
        each.sendall(b"GET /hub HTTP/1.1\r\n"[:nth % 20])
    is_served(station, "with 200 silent sockets")
    seats = [station.hub("display", f"d{nth}") for nth in range(60)]
    is_served(station, "with 60 seats more")
    more = []
    for _ in range(80):
        try:
            more.append(socket.create_connection(("127.0.0.1", port)))
        except OSError:
            break
    for seat in seats[:5]:
        seat.ok("board")  # who is in stays in
    for each in (*silent, *more, *seats):
        each.close()
    until(lambda: _serves(station), "a place after they are gone")
    with socket.create_connection(("127.0.0.1", port), 15) as slow:
        slow.sendall(b"GET /hub HTTP/1.1\r\nX: ")
        slow.settimeout(15)
        expect(slow.recv(1024)[:12] in (b"", b"HTTP/1.1 400", b"HTTP/1.1 401"), "a slow handshake was let in")
    with socket.create_connection(("127.0.0.1", port), 15) as big:
        try:
            big.sendall(b"GET /hub HTTP/1.1\r\n" + b"X-Long: " + b"y" * 100000 + b"\r\n\r\n")
            expect(b"101" not in big.recv(1024), "a 100 kB header was let in")
        except OSError:
            pass
    return "340 connections, who was in stayed in"


def one_for_all(station):
    """One seat opens line upon line, and callers without a token stand at the door: the others find their places."""
    let_in = []
    try:
        for _ in range(300):
            let_in.append(station.hub("kiosk", "kiosk-9"))
    except Refused:
        pass
    expect(2 <= len(let_in) <= 100, f"{len(let_in)} lines of one seat")
    is_served(station, "beside a seat with many lines")
    silent = [socket.create_connection(("127.0.0.1", read_port(station.home))) for _ in range(350)]
    for each in silent:
        each.sendall(b"GET /hub HTTP/1.1\r\n")
    is_served(station, "with 350 callers at the door")
    station.hub("desk", "second").close()
    for each in (*let_in, *silent):
        each.close()
    return f"{len(let_in)} lines of one seat, 350 callers at the door"


def full_house(station):
    """More callers than places: who watches the board still sees its newest state."""
    port, stop = read_port(station.home), threading.Event()

    def knocking(_):
        while not stop.is_set():
            with socket.create_connection(("127.0.0.1", port)):
                pass

    seats = [station.hub("display" if nth < 200 else "cli", f"d{nth}") for nth in range(298)]
    crowd = None
    try:
        with station.hub("desk", "honest") as honest, seats[0] as board:
            board.ok("watch", {"views": ["board"]})
            crowd, rev = Crowd(knocking, ["a", "b"]), -1
            for nth in range(120):
                for _ in range(nth % 7 + 1):
                    honest.ok("take", {"service": "naika"})
                waiting = honest.ok("board")["waiting"]
                rev = board_shows(board, waiting, rev)
        return f"300 places taken, the board followed 120 times, to {waiting} waiting"
    finally:
        stop.set()
        if crowd:
            crowd.join()
        for seat in seats:
            seat.close()


def board_shows(board, waiting, rev):
    """Reads pushes until the board is up to date, and gives its revision, which only grows; two beats from now on without
    that say a stale board is true. Beats of before, while the takes were slow, lie in the socket still."""
    beats, now = 0, time.time() * 1000
    while beats < 2:
        frame = board.receive()
        if frame.get("view") == "board":
            expect(frame["rev"] > rev, f"the board of revision {frame['rev']} came after {rev}")
            rev = frame["rev"]
            if frame["data"]["waiting"] == waiting:
                return rev
        beats += frame.get("beat", 0) > now
    raise Wrong(f"the board was not told of {waiting} waiting")


def _serves(station):
    try:
        is_served(station, "after the crowd")
        return True
    except (Lost, Refused):
        return False


def flood(station):
    """Four seats flood with commands and one never reads; honest ones, a kiosk too, still get their numbers."""
    stop = threading.Event()
    sent = [0]

    def shouting(seat):
        while not stop.is_set():
            try:
                with station.hub("kiosk" if seat == "k" else "desk", "flood-" + seat, timeout=2) as hub:
                    while not stop.is_set():
                        for _ in range(100):
                            hub.send("take" if seat == "k" else "desk", {"service": "naika"})
                            sent[0] += 1
                        if seat != "deaf":
                            for _ in range(100):
                                while "id" not in hub.receive():
                                    pass
            except (Lost, Refused):
                pass

    crowd = Crowd(shouting, ["k", "a", "b", "deaf"])
    waits = []
    try:
        with station.hub("desk", "honest") as hub, station.hub("kiosk", "kiosk-2") as kiosk:
            for nth in range(100):
                began = time.monotonic()
                hub.ok("take", {"service": "naika"})
                waits.append(time.monotonic() - began)
                if nth % 10 == 9:
                    kiosk.ok("take", {"service": "naika"})
    finally:
        stop.set()
        crowd.join()
    waits.sort()
    expect(waits[-1] < QUICK_SECONDS, f"an honest take waited {waits[-1]:.2f} s")
    with station.hub("kiosk", "k") as hub:
        reasons = {hub.ask("take", {"service": "naika"}).get("error", {}).get("reason") for _ in range(40)}
    expect("overloaded" in reasons, f"a kiosk may take 40 numbers at once: {reasons}")
    return (f"100 honest takes beside {sent[0]} shouted commands: median {waits[50] * 1000:.0f} ms, "
            f"longest {waits[-1] * 1000:.0f} ms")


def evil_texts(station):
    """Texts of the wrong kind are refused; the others stay texts; names reach the desk and nothing else."""
    named = {}
    with station.hub("desk", "front") as hub:
        for nth, (name, reason) in enumerate(EVIL_NAMES):
            frame = hub.ask("take", {"service": "naika", "name": name})
            expect(frame.get("error", {}).get("reason") == reason, f"name {name[:20]!r}: {str(frame)[:200]}")
            if reason is None:
                named[frame["ok"]["ticket"]] = name
        for nth in range(20):
            frame = hub.ask("take", {"service": "naika", "name": canary(nth), "card": canary(100 + nth)})
            named[frame["ok"]["ticket"]] = canary(nth)
            # Also where something is wrong with the rest of the frame.
            bad = hub.ask("take", {"service": "nowhere", "name": canary(nth)})
            expect(canary(nth) not in json.dumps(bad, ensure_ascii=False), f"a refusal repeats the name: {bad}")
            hub.send_frame(('{"cmd":"take","args":{"name":"' + canary(nth)).encode())
            expect(canary(nth) not in json.dumps(hub.answer(None), ensure_ascii=False), "a refusal repeats the frame")
        seen = {ticket["ticket"]: ticket["name"] for ticket in hub.ok("desk")["tickets"]}
    wrong = {name: seen.get(ticket) for ticket, name in named.items() if seen.get(ticket) != name}
    expect(not wrong, f"the desk shows other names: {wrong}")
    for role, views in (("display", ["board"]), ("kiosk", ["board", "kiosk"])):
        with station.hub(role, role) as hub:
            for view in views:
                text = json.dumps(hub.ok(view), ensure_ascii=False)
                expect("カナリア" not in text, f"the {view} of a {role} shows a name")
    return f"{len(EVIL_NAMES)} evil texts, 20 canaries only on the desk"


def network(station):
    """The clinic's network shouts: handshakes, silence, wrong codes, garbage. This machine's seats do not notice."""
    code = station.cli("pair", "--name", "room", "--room", "1")[1]["code"]
    device = Device(station.home, redeem(station.home, code))
    port, stop, tried = lan_port(station.home), threading.Event(), [0]

    def shouting(kind):
        context = trusting(station.home)
        while not stop.is_set():
            tried[0] += 1
            try:
                if kind == "codes":
                    try_code(station.home, "000000")
                    continue
                with socket.create_connection(("127.0.0.1", port), 10) as plain:
                    if kind == "garbage":
                        plain.sendall(os.urandom(600))
                        plain.recv(100)
                    elif kind == "handshakes":
                        context.wrap_socket(plain, server_hostname="localhost").close()
                    else:
                        stop.wait(0.05)
            except OSError:
                pass

    crowd = Crowd(shouting, ["codes", "garbage", "handshakes", "silence", "silence"])
    waits = []
    try:
        with station.hub("desk", "honest") as hub, device.hub(source="127.0.0.9") as room:
            for _ in range(100):
                began = time.monotonic()
                hub.ok("take", {"service": "naika"})
                waits.append(time.monotonic() - began)
                room.ok("rooms")
    finally:
        stop.set()
        crowd.join()
    expect(max(waits) < QUICK_SECONDS, f"an honest take waited {max(waits):.2f} s")
    with device.hub(source="127.0.0.9") as room:
        for payload in BROKEN_FRAMES[:12]:
            room.send_frame(payload, TEXT)
            expect("error" in room.answer(None), f"{payload[:40]} was accepted from the network")
        room.send_frame(b'{"cmd":"board","pad":"' + b"x" * LARGEST_FRAME + b'"}')
        ends(room, "a frame of more than 64 KiB from the network")
    station.cli("unpair", device.id)
    return f"100 honest takes beside {tried[0]} callers: longest {max(waits) * 1000:.0f} ms"


PARTS = {"entry": entry, "frames": broken_frames, "large": too_large, "crowd": half_open, "lines": one_for_all, "house": full_house,
         "flood": flood, "texts": evil_texts, "network": network}


def main():
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--bin", required=True)
    options.add_argument("--mutant")
    options.add_argument("--part", choices=sorted(PARTS), action="append")
    asked = options.parse_args()
    place = work_dir("hostile")
    failed = 0
    try:
        with Station(os.path.join(place, "home"), asked.bin, daemon_args=["--lan", "127.0.0.1:0"]) as station:
            with station.hub("desk", "opener") as hub:
                hub.ok("open", {"service": "naika"})
            is_served(station, "at the start")
            rss = station.rss_kib()
            for name in asked.part or PARTS:
                began = time.monotonic()
                try:
                    print(f"{name}: {PARTS[name](station)} ({time.monotonic() - began:.1f} s)", flush=True)
                except (Wrong, Lost, Refused, OSError, TimeoutError) as error:
                    failed = 1
                    print(f"{name}: WRONG {type(error).__name__}: {error}", flush=True)
                    if not station.alive():
                        print(f"machiaid ended with {station.process.returncode}: {station.log_text()[-600:]}")
                        return 1
            failed |= at_the_end(station, rss)
    finally:
        clean(place)
    return failed


def at_the_end(station, rss):
    wrong = []
    grown = station.rss_kib() - rss
    if grown > MOST_GROWTH_KIB:
        wrong.append(f"grew by {grown} KiB")
    code, answer = station.verify()
    if code != 0 or not answer["holds"]:
        wrong.append(f"verify: exit {code}, {answer}")
    if station.stop() != 0:
        wrong.append("does not stop in good order")
    wrong += audit.complaints(audit.read_copy(station.home))
    log = station.log_text()
    wrong += [f"the log holds a name: {text}" for text in ("カナリア", "DROP TABLE", "髙橋") if text in log]
    print(f"end: alive, grown by {grown} KiB, {len(log)} bytes of log without a name" if not wrong else f"WRONG {wrong}")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
