# SPDX-License-Identifier: Apache-2.0
"""The virtual printer for walks, and eyes for what comes out of it: reads the large number from the paper's dots."""
import functools
import glob
import os
import subprocess

from kit.case import ROOT, edit_settings

FONT = "/usr/share/fonts/truetype/bizud-gothic/BIZUDPGothic-Bold.ttf"
CELL = (36, 48)  # each glyph is compared in this size
WIDE = 300  # dots: a run of ink so long is the frame around the number


class Printer:
    def __init__(self, folder):
        self.dir = folder
        # Run by root, cupsd works as lp, and lp must reach the folder; else nothing comes out and nobody says why.
        os.chmod(os.path.dirname(folder), 0o711)
        # Below the range that outgoing connections use: one of those may hold the port for a minute.
        self.tool("start", "--port-base", str(20000 + os.getpid() % 5000 * 2))
        with open(os.path.join(folder, "printer.env"), encoding="utf-8") as file:
            env = dict(line.rstrip("\n").split("=", 1) for line in file)
        self.settings = {"server": f'"{env["CUPS_SERVER"]}"', "queue": f'"{env["QUEUE"]}"'}

    def tool(self, verb, *more):
        run = subprocess.run([str(ROOT / "tools/virtual-printer"), verb, self.dir, *more], capture_output=True,
                             text=True, timeout=60, check=False)
        if run.returncode != 0:
            raise RuntimeError(f"virtual-printer {verb}: {run.stderr.strip()}")

    def stop(self):
        self.tool("stop")

    def taken(self):
        """How many documents the device has begun with."""
        try:
            with open(os.path.join(self.dir, "taken"), encoding="ascii") as file:
                return len(file.readlines())
        except FileNotFoundError:
            return 0

    def papers(self):
        """Each comes whole and never changes."""
        return sorted(glob.glob(os.path.join(self.dir, "out", "*.png")))


def give_printer(case):
    """A printer of its own for the class's station, which is started anew with it."""
    case.printer = Printer(os.path.join(case.dir, "p"))  # a short path: cupsd's socket lies in it
    case.addClassCleanup(case.printer.stop)
    case.station.stop()
    edit_settings(case.station.home, **case.printer.settings)
    case.station.start()


class Dots:
    """A picture as rows of ink: 1 is black."""

    def __init__(self, source):
        """`source`: a file, or label:TEXT to have it drawn in the slip's font."""
        raw = subprocess.run(["convert", "-font", FONT, "-pointsize", "240", source, "-colorspace", "gray", "-depth",
                              "8", "pgm:-"], capture_output=True, check=True).stdout
        fields = raw.split(None, 4)
        if fields[0] != b"P5":
            raise ValueError("not a picture")
        self.width, self.height = int(fields[1]), int(fields[2])
        pixels = raw[len(raw) - self.width * self.height:]
        self.rows = [[1 if p < 128 else 0 for p in pixels[y * self.width:(y + 1) * self.width]]
                     for y in range(self.height)]

    def ink(self):
        """Fraction of the paper that is black."""
        return sum(map(sum, self.rows)) / (self.width * self.height)


def crop(rows, top, bottom, left, right):
    return [row[left:right] for row in rows[top:bottom]]


def trim(rows):
    ink_rows = [y for y, row in enumerate(rows) if any(row)]
    ink_columns = [x for x in range(len(rows[0])) if any(row[x] for row in rows)]
    return crop(rows, ink_rows[0], ink_rows[-1] + 1, ink_columns[0], ink_columns[-1] + 1)


def cell(rows):
    """The glyph in CELL, its height filled and its proportions kept: 1 stays narrow."""
    rows = trim(rows)
    width, height = CELL
    scale = height / len(rows)
    drawn = min(width, max(1, round(len(rows[0]) * scale)))
    left = (width - drawn) // 2
    out = [[0] * width for _ in range(height)]
    for y in range(height):
        for x in range(drawn):
            out[y][left + x] = rows[min(len(rows) - 1, int(y / scale))][min(len(rows[0]) - 1,
                                                                            x * len(rows[0]) // drawn)]
    return out


@functools.lru_cache(None)
def glyph(character):
    return cell(Dots(f"label:{character}").rows)


def groups(flags):
    """(from, to) of each run of true values."""
    runs, start = [], None
    for at, flag in enumerate([*flags, False]):
        if flag and start is None:
            start = at
        elif not flag and start is not None:
            runs.append((start, at))
            start = None
    return runs


def longest(row):
    return max((end - begin for begin, end in groups(row)), default=0)


@functools.lru_cache(None)
def read_number(path):
    """The digits in the framed box of a slip, as a person reads them."""
    dots = Dots(path)
    frame = groups([longest(row) > WIDE for row in dots.rows])
    if len(frame) < 2:
        raise ValueError("no box on the slip")
    (_, top), (bottom, _) = next((a, b) for a, b in zip(frame, frame[1:]) if b[0] - a[1] > 150)
    box = crop(dots.rows, top + 12, bottom - 12, 0, dots.width)
    # From the left: paper, the frame with the counter's name in white on black, then the number, the frame.
    columns = [sum(row[x] for row in box) / len(box) for x in range(dots.width)]
    edges = groups([share > 0.95 for share in columns])
    inner = crop(box, 0, len(box), edges[-2][1] + 2, edges[-1][0] - 2)
    marks = groups([any(row[x] for row in inner) for x in range(len(inner[0]))])
    return "".join(best(crop(inner, 0, len(inner), left, right)) for left, right in marks)


def best(rows):
    seen = cell(rows)

    def difference(character):
        return sum(a != b for one, two in zip(seen, glyph(character)) for a, b in zip(one, two))

    return min("0123456789", key=difference)


@functools.lru_cache(None)
def is_marked(path):
    """Whether the slip begins with the black bar of a reprint."""
    dots = Dots(path)
    above = groups([longest(row) > WIDE for row in dots.rows])
    return above[0][1] - above[0][0] > 12
