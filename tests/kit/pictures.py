# SPDX-License-Identifier: Apache-2.0
"""Pictures of screens and pages, held against docs/pictures/.

A picture is the same when at most 0.2 % of its pixels differ by more than 24 of 255: anti-aliasing may move, words and
colours may not. References have a palette, so that all together stay small.
"""
import subprocess

from kit.case import ROOT

REFERENCES = ROOT / "docs/pictures"
SAME = 0.002
FUZZ = "9.4%"  # 24 of 255
LARGEST_SET = 2_700_000  # bytes


def run(command, seconds=60):
    done = subprocess.run([str(part) for part in command], capture_output=True, text=True, timeout=seconds, check=False)
    if done.returncode not in (0, 1) or (done.returncode == 1 and command[0] != "compare"):
        raise RuntimeError(f"{command[0]}: exit {done.returncode}: {done.stderr.strip()[-300:]}")
    return done.stderr


def difference(one, two):
    """Fraction of pixels that differ; 1 when the sizes do."""
    sizes = [subprocess.run(["identify", "-format", "%w %h", str(path)], capture_output=True, text=True,
                            check=True).stdout for path in (one, two)]
    if sizes[0] != sizes[1]:
        return 1.0
    width, height = map(int, sizes[0].split())
    return float(run(["compare", "-metric", "AE", "-fuzz", FUZZ, one, two, "null:"]).split()[0]) / (width * height)


def write(folder, name, colours):
    """The picture of the folder as the reference; look at it before committing."""
    REFERENCES.mkdir(parents=True, exist_ok=True)
    run(["convert", folder / f"{name}.png", "+dither", "-colors", colours, "-define", "png:compression-level=9", "-strip",
         f"PNG8:{REFERENCES / name}.png"])


def check(folder, names, keep):
    """What differs, each in words; `keep` gets what it looks like now."""
    faults = []
    for name in names:
        reference = REFERENCES / f"{name}.png"
        if not reference.exists():
            faults.append(f"{name}: no reference")
            continue
        share = difference(folder / f"{name}.png", reference)
        if share > SAME:
            faults.append(f"{name}: {share:.2%} of the picture is different")
            keep.mkdir(parents=True, exist_ok=True)
            (keep / f"{name}.png").write_bytes((folder / f"{name}.png").read_bytes())
    total = sum(path.stat().st_size for path in REFERENCES.glob("*.png"))
    if total > LARGEST_SET:
        faults.append(f"the references take {total} bytes")
    return faults
