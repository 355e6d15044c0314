# SPDX-License-Identifier: Apache-2.0
"""The service site as patients see it, on a phone and on a PC, held against docs/pictures/site-*.png.

    pictures.py [--keep DIR]     exits 1 when one looks different; DIR gets what it looks like now
    pictures.py --update         writes the references; look at each before committing

The pages are those that web-patient has built, at a pretended cloud (standin.mjs). All pages in all standings, for looking
at: `node pictures.mjs DIR`.
"""
import argparse
import pathlib
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))

from kit.case import ROOT  # noqa: E402
from kit.pictures import REFERENCES, SAME, check, difference, run, write  # noqa: E402

WAY = ["booking", "slots-chosen", "ticket-booked", "ticket-called"]
# Side by side: (language, width, pages, how large).
SHEETS = {"site-phone": ("ja", "phone", ["facility", "facility-slip", "ticket-waiting", "ticket-called"], "100%"),
          "site-phone-en": ("en", "phone", ["facility", "booking-check", "ticket-waiting", "ticket-called"], "100%"),
          "site-pc": ("ja", "pc", ["facility-slots", "ticket-booked"], "50%"),
          "site-pc-way": ("ja", "pc", WAY, "33%"), "site-pc-way-en": ("en", "pc", WAY, "33%")}
CONTROL = ("site-phone", "site-phone-en")  # the comparison must tell them apart, or it proves nothing


def draw(folder):
    pages = {page for _, _, names, _ in SHEETS.values() for page in names}
    run([HERE / "run", "pictures", folder, "ja", "en", "--window", "--only", ",".join(sorted(pages))], 180)
    for name, (lang, width, names, size) in SHEETS.items():
        run(["convert", *[folder / f"{page}-{lang}-{width}.png" for page in names], "-bordercolor", "#C8D2DA", "-border", "1",
             "+append", "-resize", size, "-strip", folder / f"{name}.png"])


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--update", action="store_true")
    parser.add_argument("--keep", type=pathlib.Path, default=ROOT / "build/pictures-that-differ")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="machiai-pictures-") as scratch:
        folder = pathlib.Path(scratch)
        draw(folder)
        for name in SHEETS if options.update else ():
            write(folder, name, "64")
        faults = check(folder, SHEETS, options.keep)
        one, other = CONTROL
        if difference(folder / f"{one}.png", REFERENCES / f"{other}.png") <= SAME:
            faults.append(f"{one} and {other} are not told apart")
    print("\n".join(faults) or f"{len(SHEETS)} pictures are as they were; the control is found")
    return 1 if faults else 0


sys.exit(main())
