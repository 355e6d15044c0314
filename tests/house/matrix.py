# SPDX-License-Identifier: Apache-2.0
"""Every test that docs/SECURITY.md names exists.

    matrix.py ROOT          exits 1 and names the rows that point at nothing
    matrix.py ROOT --self   plants a row without a test and expects it to be found
"""
import pathlib
import re
import sys

NAMED = re.compile(r"(tests/[\w/.]+) · ([^;|]+)")


def faults(root, text):
    """Rows without a test, and tests that are not there."""
    rows = [line for line in text.splitlines() if line.startswith("| ") and not line.startswith(("| attack", "| fault"))]
    if not rows:
        yield "docs/SECURITY.md: no rows"
    for row in rows:
        named = NAMED.findall(row)
        if not named:
            yield f"no test: {row}"
        for path, name in named:
            name = name.strip()
            file = root / path
            if not file.exists() or not name:
                yield f"no such test: {path} · {name}"
                continue
            source = file.read_text(encoding="utf-8")
            if path.endswith(".py") and name.startswith("test_"):
                found = f"def {name}(" in source
            else:
                found = name in " ".join(source.split())
            if not found:
                yield f"no such test: {path} · {name}"


def main():
    root = pathlib.Path(sys.argv[1])
    text = (root / "docs/SECURITY.md").read_text(encoding="utf-8")
    if "--self" in sys.argv:
        for planted in ("| a | b | c |", "| a | b | tests/cloud/hostile.py · test_nothing_of_the_kind |",
                        "| a | b | tests/cloud/none.py · test_x |"):
            if len(list(faults(root, text + planted + "\n"))) != len(list(faults(root, text))) + 1:
                print("the check does not see", planted)
                return 1
        print("planted rows are seen")
        return 0
    found = list(faults(root, text))
    print("\n".join(found) or "every row has its test")
    return 1 if found else 0


sys.exit(main())
