# SPDX-License-Identifier: Apache-2.0
"""The rules of the house, read from docs/ARCHITECTURE.md and held against the sources.

    house.py ROOT          exits 1 and says where a rule is broken
    house.py ROOT --self   plants one breach of each kind in a copy and expects every one to be found
"""
import pathlib
import re
import shutil
import sys
import tempfile

CLOCK_HOME = "core/base/clock.cpp"
CLOCKS = re.compile(
    r"system_clock::now|QDateTime::current|QDate::current|QTime::current|\btime\(\s*(nullptr|NULL|0)\s*\)"
    r"|\bgettimeofday\b|CLOCK_REALTIME|'now'|CURRENT_TIMESTAMP")
SQL = re.compile(r"\b(SELECT\s.+\sFROM|INSERT\s+(OR\s+\w+\s+)?INTO|UPDATE\s+\w+\s+SET|DELETE\s+FROM|CREATE\s+TABLE)\b")
SQL_HOMES = ("core/store/", "cloud/store/")
REASON = re.compile(r'Code::\w+,\s*"([a-z_]+)"')
TROUBLES = re.compile(r'"((?:film|still)_[a-z_]+|no_(?:speaker|voice|decoder|player)|notice_not_drawn)"')
PRINTER_TROUBLES = re.compile(r'Known\{"[a-z-]+", "([a-z_]+)"\}')
LISTED = re.compile(r'"([a-z_]+)"')
SETTINGS = re.compile(r'Setting\{"([a-z_.]+)", Kind::(?!table)')
WORDS = re.compile(r'Phrase\{\s*"([a-z_]+)"')
NO_TROUBLE = {"film_late"}  # why a scene came first, told nobody
SIZE_LIMIT = 500
BUILT = {"node_modules", "dist"}  # not ours, or made of what is ours
SPDX = "SPDX-License-Identifier: Apache-2.0"


def table(root):
    """Room -> rooms it may include, from the table of the architecture page."""
    rooms = {}
    for line in (root / "docs/ARCHITECTURE.md").read_text().splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if len(cells) == 3 and re.fullmatch(r"[a-z]+(/[a-z]+)?", cells[0]) and cells[1] != "holds":
            rooms[cells[0]] = set(cells[2].split()) - {"-"}
    return rooms


def room_of(path, rooms):
    for length in (2, 1):
        room = "/".join(path.split("/")[:length])
        if room in rooms:
            return room
    return None


def sources(root):
    for top in ("app", "core", "hub", "seat", "display", "kiosk", "desk", "room", "printer", "sync", "cloud",
                "web", "media", "net", "notice", "qr", "sound"):
        for path in sorted((root / top).rglob("*")):
            if BUILT & set(path.relative_to(root).parts):
                continue
            if path.suffix in (".cpp", ".hpp", ".js", ".css", ".ts"):
                yield path.relative_to(root).as_posix(), path.read_text()


def breaches(root):
    rooms = table(root)
    if not rooms:
        yield "docs/ARCHITECTURE.md: no table of rooms"
    seen = set()
    words = {word for each in (root / "core/wire").glob("phrases_*.cpp") for word in WORDS.findall(each.read_text())}
    troubles = set(LISTED.findall((root / "core/wire/troubles.cpp").read_text()))
    settings = (root / "docs/man/clinic.toml.5").read_text()
    for path, text in sources(root):
        for setting in SETTINGS.findall(text):
            if not re.search(rf"^\.It Li .*\b{re.escape(setting)}(?![\w.])", settings, re.MULTILINE):
                yield f"{path}: docs/man/clinic.toml.5 does not tell of {setting}"
        told = TROUBLES.findall(text) if path.startswith("display/") else PRINTER_TROUBLES.findall(text)
        for trouble in sorted(set(told) - troubles - NO_TROUBLE):
            yield f"{path}: {trouble} is not among the troubles of core/wire/troubles.cpp"
        room = room_of(path, rooms)
        if room is None:
            yield f"{path}: in no room of the table"
            continue
        seen.add(room)
        if SPDX not in text.split("\n", 1)[0]:
            yield f"{path}: first line names no licence"
        for reason in sorted(set(REASON.findall(text)) - words):
            yield f"{path}: no words for the reason {reason}"
        lines = text.splitlines()
        if len(lines) > SIZE_LIMIT:
            yield f"{path}: {len(lines)} lines"
        for number, line in enumerate(lines, 1):
            code = line.split("//", 1)[0]
            included = re.match(r'\s*#include "([^"]+)"', line)
            if included:
                other = room_of(included[1], rooms)
                if other is None:
                    if "/" in included[1]:
                        yield f"{path}:{number}: includes {included[1]}, in no room"
                elif other != room and other not in rooms[room]:
                    yield f"{path}:{number}: {room} may not include {other}"
            if CLOCKS.search(code) and path != CLOCK_HOME:
                yield f"{path}:{number}: asks a clock of its own"
            if SQL.search(code) and not path.startswith(SQL_HOMES):
                yield f"{path}:{number}: SQL outside the store"
    for room in sorted(set(rooms) - seen):
        yield f"docs/ARCHITECTURE.md: room {room} has no sources"


PLANTS = {
    "core/queue/planted.cpp": ('#include "core/store/ledger.hpp"', "may not include core/store"),
    "hub/planted.cpp": ('#include "printer/worker.hpp"', "may not include printer"),
    "display/planted.cpp": ("auto t = QDateTime::currentDateTime();", "clock of its own"),
    "core/store/planted.cpp": ("auto t = std::chrono::system_clock::now();", "clock of its own"),
    "core/base/planted.cpp": ('auto e = fail(Code::invalid, "planted_reason");', "no words for the reason"),
    "display/planted_trouble.cpp": ('auto t = "film_planted";', "not among the troubles"),
    "printer/planted.cpp": ('Known{"media-planted", "paper_planted"}', "not among the troubles"),
    "core/store/planted_setting.cpp": ('Setting{"hub.planted", Kind::text}', "does not tell of hub.planted"),
    "app/daemon/planted.cpp": ('auto s = "DELETE FROM event";', "SQL outside the store"),
}


def self_test(root):
    missed = []
    for path, plant in PLANTS.items():
        with tempfile.TemporaryDirectory() as scratch:
            copy = pathlib.Path(scratch) / "house"
            shutil.copytree(root, copy, ignore=shutil.ignore_patterns(".git", "build*", "demo", "node_modules"))
            (copy / path).write_text(f"// {SPDX}\n{plant[0]}\n")
            if not any(path in found and plant[1] in found for found in breaches(copy)):
                missed.append(path)
    return missed


def main():
    root = pathlib.Path(sys.argv[1])
    if "--self" in sys.argv:
        found = [f"the check does not see the breach planted in {path}" for path in self_test(root)]
    else:
        found = list(breaches(root))
    print("\n".join(found) or "the house is in order")
    return 1 if found else 0


sys.exit(main())
