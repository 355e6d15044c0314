# SPDX-License-Identifier: Apache-2.0
"""Every screen as a picture, drawn without a screen from stored views, held against docs/pictures/.

    pictures.py --bin BIN [--keep DIR]     exits 1 when one looks different; DIR gets what it looks like now
    pictures.py --bin BIN --update [NAME]  writes the references; look at each before committing

References are half as large. tests/web/pictures.py does the same for the service site.
"""
import argparse
import concurrent.futures
import os
import pathlib
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))

from kit.case import ROOT  # noqa: E402
from kit.pictures import REFERENCES, SAME, check, difference, run, write  # noqa: E402

# Fewer where it does not show, more where it does.
COLOURS = {"room": "32", "room-en": "32", "kiosk-type": "32", "desk-ticket": "64", "desk-offline": "64", "desk-programme": "48",
           "desk-busy": "64", "desk-move": "64", "desk-message": "64", "desk-troubles": "96", "desk-en": "64", "desk": "64",
           "films-notices": "64", "films-scenes": "224",
           **dict.fromkeys(["kiosk-message", "kiosk-closed", "kiosk-done", "kiosk-done-no-printer", "kiosk-home"], "64"),
           **dict.fromkeys(["board-languages", "board-offline", "board-offline-long", "board-before", "board-services",
                            "board-long-names", "board-queue-only"], "80")}
BOARD, KIOSK, DESK, ROOM = (ROOT / "tests" / room / "fixtures" for room in ("display", "kiosk", "desk", "room"))
BOARD_AT, DESK_AT = 1764034320000, 1795483920000
UPRIGHT, WIDE = "1080x1920", "1920x1080"


def board(view, size=WIDE, *more):
    return ["machiai-display", "--view", BOARD / f"{view}.json", "--size", size, *more]


def kiosk(view, page, size=UPRIGHT, lang="ja"):
    return ["machiai-kiosk", "--view", KIOSK / f"{view}.json", "--page", page, "--size", size, "--lang", lang,
            "--at", DESK_AT]


def desk(page, lang="ja", view="morning"):
    return ["machiai-desk", "--view", DESK / f"{view}.json", "--page", page, "--size", "1280x800", "--lang", lang,
            "--at", DESK_AT]


def room(lang):
    return ["machiai-room", "--view", ROOM / "called.json", "--page", "seat", "--size", "1280x800", "--lang", lang,
            "--at", DESK_AT]


PICTURES = {
    "room": room("ja"),
    "room-en": room("en"),
    "board-rest": board("board-landscape", WIDE, "--at", BOARD_AT),
    "board-rest-en": board("board-landscape", WIDE, "--at", BOARD_AT, "--lang", "en"),
    "board-called": board("board-called"),
    "board-called-en": board("board-called", WIDE, "--lang", "en"),
    "board-before": board("board-before"),
    "board-closed": board("board-closed"),
    "board-closed-en": board("board-closed", WIDE, "--lang", "en"),
    "board-closed-for-the-day": board("board-closed-day"),
    "board-offline": board("board-landscape", WIDE, "--at", BOARD_AT + 4 * 60_000),
    "board-offline-long": board("board-landscape", WIDE, "--at", BOARD_AT + 40 * 60_000),
    "board-portrait": board("board-landscape", UPRIGHT, "--at", BOARD_AT),
    "board-portrait-called": board("board-called", UPRIGHT),
    "board-queue-only": board("board-landscape", WIDE, "--queue-only"),
    "board-long-names": board("board-long"),
    "board-services": board("board-six"),
    "board-languages": board("board-called", WIDE, "--langs", "ja,zh,ko", "--running", 10_000),
    "kiosk-home": kiosk("three", "home"),
    "kiosk-home-en": kiosk("three", "home", UPRIGHT, "en"),
    "kiosk-home-easy": kiosk("three", "home", UPRIGHT, "easy"),
    "kiosk-home-landscape": kiosk("three", "home", WIDE),
    "kiosk-kind": kiosk("three", "kind"),
    "kiosk-type": kiosk("three", "type"),
    "kiosk-done": kiosk("three", "done"),
    "kiosk-done-en": kiosk("three", "done", UPRIGHT, "en"),
    "kiosk-done-landscape": kiosk("three", "done", WIDE),
    "kiosk-done-no-printer": kiosk("no_printer", "done"),
    "kiosk-closed": kiosk("closed", "home"),
    "kiosk-closed-en": kiosk("closed", "home", UPRIGHT, "en"),
    "kiosk-closed-landscape": kiosk("closed", "home", WIDE),
    "kiosk-away": kiosk("three", "away"),
    "kiosk-message": kiosk("mixed", "home"),
    "kiosk-why-landscape": kiosk("mixed", "why-yobou", WIDE, "vi"),
    "kiosk-stay": kiosk("mixed", "rules-warning", UPRIGHT, "en"),
    "kiosk-large": kiosk("many", "home-large"),
    "kiosk-wipe": kiosk("mixed", "wipe"),
    "desk": desk("home"),
    "desk-en": desk("home", "en"),
    "desk-busy": desk("home", view="busy"),
    "desk-receive": desk("receive"),
    "desk-receive-en": desk("receive", "en"),
    "desk-move": desk("move"),
    "desk-troubles": desk("troubles", view="busy"),
    "desk-offline": desk("away"),
    "desk-ticket": desk("ticket"),
    "desk-message": desk("message"),
    "desk-records": desk("records"),
    "desk-programme": desk("programme-owed"),
    "desk-login": desk("login-pin"),
}
SLIPS = {"slip": "slip-80mm.png", "slip-reprint": "reprint-80mm.png", "slip-58mm": "slip-58mm.png"}
# Sheets: what is drawn for each, the size of its pictures in the sheet, rows of the same length.
SCENES = [[(["machiai-display", "--view", BOARD / "board-landscape.json", "--size", size, "--at", BOARD_AT,
             "--scene", scene, "--shot"], cell) for scene in range(5)]
          for size, cell in ((WIDE, "192x108"), (UPRIGHT, "192x341"))]
NOTICES = {
    "closure": ["dates=2026-12-29..2027-01-03"],
    "vaccination": ["title=インフルエンザの 予防接種を はじめました"],
    "doctor": ["name=待合 花子", "from=2027-01-12"],
    "hours": ["from=2026-12-28", "body=午後は 3時から はじめます。"],
    "request": ["title=マスクを お願いします"],
    "free": ["title=断水の お知らせ", "body=いま 水が 出ません。お手洗いは 2階を お使いください。"],
}
TEMPLATES = [[(["machiai", "notice", "render", name, *[word for field in fields for word in ("--field", field)], *upright,
                "--out"], cell) for name, fields in NOTICES.items()]
             for upright, cell in (([], "190x107"), (["--portrait"], "190x338"))]
SHEETS = {"films-scenes": SCENES, "films-notices": TEMPLATES}
NAMES = [*PICTURES, *SHEETS, *SLIPS]
# Pairs that the comparison must tell apart, or it proves nothing.
CONTROLS = [("board-rest", "board-called"), ("board-rest", "board-offline"), ("kiosk-home", "kiosk-home-en"),
            ("kiosk-done", "kiosk-done-no-printer"), ("kiosk-message", "kiosk-home"), ("desk", "desk-en"),
            ("slip", "slip-reprint"), ("films-scenes", "films-notices")]


def small(full, to):
    run(["convert", full, "-resize", "50%", "-strip", to])


def draw(bin_dir, name, folder):
    program, *arguments = PICTURES[name]
    full = folder / f"{name}.full.png"
    run([bin_dir / program, *arguments, "--shot", full])
    small(full, folder / f"{name}.png")


def sheet(bin_dir, name, folder):
    """Rows of small pictures of equal size."""
    home = folder / f"{name}.home"
    run([bin_dir / "machiai", "init", "--example", "--home", home])
    rows = []
    for row in SHEETS[name]:
        cells = []
        for command, size in row:
            full = folder / f"{name}-{len(rows)}-{len(cells)}.full.png"
            program, *words = command
            run([bin_dir / program, *(["--home", home] if program == "machiai" else []), *words, full])
            cells.append(full.with_suffix(".small.png"))
            run(["convert", full, "-resize", size, "-bordercolor", "white", "-border", "3", "-strip", cells[-1]])
        rows.append(folder / f"{name}-{len(rows)}.row.png")
        run(["convert", *cells, "+append", rows[-1]])
    run(["convert", *rows, "-append", "-strip", folder / f"{name}.png"])


def draw_all(bin_dir, folder):
    """Draws every picture, half size, into the folder."""
    run([bin_dir / "machiai-slip-samples", folder])
    for name, sample in SLIPS.items():
        (folder / sample).rename(folder / f"{name}.full.png")
        small(folder / f"{name}.full.png", folder / f"{name}.png")
    with concurrent.futures.ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda name: draw(bin_dir, name, folder), PICTURES))
    for name in SHEETS:
        sheet(bin_dir, name, folder)


def update(folder, only=()):
    for name in only or NAMES:
        write(folder, name, COLOURS.get(name, "64" if name in SLIPS else "128"))
    print(f"{len(only or NAMES)} pictures written to {REFERENCES}")


def strangers():
    return [f"{path.name}: a reference of no picture" for path in REFERENCES.glob("*.png")
            if path.stem not in NAMES and not path.stem.startswith("site-")]


def controls(bin_dir, folder):
    """What the comparison must find: another view, and the same view with one other number."""
    faults = [f"{one} and {two} are not told apart" for one, two in CONTROLS
              if difference(folder / f"{one}.png", REFERENCES / f"{two}.png") <= SAME]
    view = (BOARD / "board-called.json").read_text(encoding="utf-8")
    if '"24"' not in view:
        return [*faults, "the control's view has no 24"]
    other = folder / "other.json"
    other.write_text(view.replace('"24"', '"25"'), encoding="utf-8")
    run([bin_dir / "machiai-display", "--view", other, "--size", WIDE, "--shot", folder / "other.full.png"])
    small(folder / "other.full.png", folder / "other.png")
    if difference(folder / "other.png", REFERENCES / "board-called.png") <= SAME:
        faults.append("number 25 in the place of 24 is not found")
    return faults


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--bin", type=lambda text: pathlib.Path(text).resolve(), default=ROOT / "build/bin")
    parser.add_argument("--update", nargs="*", metavar="NAME")
    parser.add_argument("--keep", type=pathlib.Path, default=ROOT / "build/pictures-that-differ")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="machiai-pictures-") as scratch:
        folder = pathlib.Path(scratch)
        draw_all(options.bin, folder)
        if options.update is not None:
            update(folder, options.update)
        faults = check(folder, NAMES, options.keep) + strangers() + controls(options.bin, folder)
    print("\n".join(faults) or f"{len(NAMES)} pictures are as they were; the controls are found")
    return 1 if faults else 0


sys.exit(main())
