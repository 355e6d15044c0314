# SPDX-License-Identifier: Apache-2.0
"""Reads a station's ledger without machiaid, as an auditor would: rows, chain and numbers.

The chain and the rules are written here a second time on purpose: what the product checks with its own code
proves less. Never opens the ledger itself while a daemon has it: read_copy() works on a copy.
"""
import hashlib
import json
import os
import shutil
import sqlite3
import tempfile
from collections import Counter, namedtuple

# `raw`: the body as it is stored; `body`: parsed.
Event = namedtuple("Event", "seq grp epoch at date kind actor seat key request raw hash body")


class Ledger:
    def __init__(self, events, tickets, integrity):
        self.events = events
        self.tickets = tickets
        self.integrity = integrity

    def taken(self):
        """(date, service, series, n, key) of every number given, in order."""
        for event in self.events:
            if event.kind == "taken":
                ticket = event.body["ticket"]
                yield event.date, ticket["service"], ticket["series"], ticket["n"], event.key

    def keys(self):
        """How many commands (not events) used each key."""
        return Counter(key for key, _ in {(e.key, e.grp) for e in self.events if e.key})


def read(path):
    """The ledger at this path; SQLite may bring its WAL in, so this must be ours alone."""
    base = sqlite3.connect(path)
    base.text_factory = lambda raw: raw.decode("utf-8", "surrogateescape")
    try:
        integrity = base.execute("PRAGMA integrity_check").fetchone()[0]
        if not base.execute("SELECT count(*) FROM sqlite_schema WHERE name='event'").fetchone()[0]:
            return Ledger([], [], integrity)
        events = [Event(*row, json.loads(row[10])) for row in base.execute(
            "SELECT seq, grp, epoch, at, date, kind, actor, seat, key, request, body, hash FROM event ORDER BY seq")]
        tickets = base.execute("SELECT date, service, series, n, state FROM ticket").fetchall()
    finally:
        base.close()
    return Ledger(events, tickets, integrity)


def read_copy(home):
    """The ledger of a home as it lies on disk now."""
    with tempfile.TemporaryDirectory(prefix="machiai-ledger-") as copy:
        for end in ("", "-wal"):
            source = os.path.join(home, "data", "ledger.db" + end)
            if os.path.exists(source):
                shutil.copy(source, copy)
        return read(os.path.join(copy, "ledger.db"))


def broken_chain(ledger):
    """The seq of the first event whose hash does not follow, or None."""
    previous = bytes(32)
    for event in ledger.events:
        text = previous + (f"{event.seq}|{event.grp}|{event.epoch}|{event.at}|{event.date}|"
                           f"{event.request}|").encode()
        for part in (event.kind, event.actor, event.seat, event.key, event.raw):
            raw = part.encode("utf-8", "surrogateescape")
            text += f"{len(raw)}:".encode() + raw
        previous = hashlib.sha256(text).digest()
        if previous != event.hash:
            return event.seq
    return None


def complaints(ledger, acknowledged=None, issued=None, commands=None):
    """What does not hold, in words; empty is good.

    acknowledged: {key: (date or None, n)} of takes that were answered.
    issued: every take key that was ever sent; a number of another key is unexplained.
    commands: keys of other commands that were answered as done.
    """
    found = []
    if ledger.integrity != "ok":
        found.append("pages: " + ledger.integrity)
    seqs = [event.seq for event in ledger.events]
    if seqs != list(range(1, len(seqs) + 1)):
        found.append("events do not follow")
    if (at := broken_chain(ledger)) is not None:
        found.append(f"chain broken at {at}")
    found += _numbers(ledger)
    given = {key: (date, n) for date, _, _, n, key in ledger.taken()}
    for key, (date, n) in (acknowledged or {}).items():
        if key not in given:
            found.append(f"lost: acknowledged {n} of key {key}")
        elif given[key][1] != n or date not in (None, given[key][0]):
            found.append(f"changed: {n} of key {key} is now {given[key][1]}")
    if issued is not None:
        found += [f"unexplained: {n} of key {key!r}" for key, (_, n) in given.items() if key not in issued]
    uses = ledger.keys()
    found += [f"key {key} acted {count} times" for key, count in uses.items() if count > 1]
    found += [f"lost: command of key {key}" for key in (commands or ()) if key not in uses]
    return found


def _numbers(ledger):
    """Each number once, and in each series every number from 1 on, in the order of the ledger."""
    found = []
    high = Counter()
    for date, service, series, n, _ in ledger.taken():
        line = (date, service, series)
        if n != high[line] + 1:
            found.append(f"{line}: {n} after {high[line]}")
        high[line] = max(high[line], n)
    rows = Counter((date, service, series, n) for date, service, series, n, _ in ledger.tickets)
    if any(count > 1 for count in rows.values()):
        found.append("a ticket row is doubled")
    if sum(high.values()) != len(rows):
        found.append(f"{sum(high.values())} numbers given, {len(rows)} ticket rows")
    return found
