#!/usr/bin/env python3
"""Writes extension/text/unicode_categories.inc, the general category of every code point, from Python's data.

Of Unicode 15.1, as the RE2 in onnxruntime 1.31 has it: Python 3.13's unicodedata, or, with another Python, the package
unicodedata2 15.1. Run it from the root of the source tree; another version's data it refuses.
"""

import pathlib
import sys

try:
    import unicodedata2 as unicodedata
except ImportError:
    import unicodedata

VERSION = "15.1.0"
# The order of kCategories in extension/text/unicode_classes.cc.
CATEGORIES = "Cc Cf Cn Co Cs Ll Lm Lo Lt Lu Mc Me Mn Nd Nl No Pc Pd Pe Pf Pi Po Ps Sc Sk Sm So Zl Zp Zs".split()


def runs():
    """For each run of code points of one category: its first code point times 32, plus the category's place."""
    last = None
    for code in range(0x110000):
        category = CATEGORIES.index(unicodedata.category(chr(code)))
        if category != last:
            yield code * 32 + category
        last = category


def main():
    if unicodedata.unidata_version != VERSION:
        found = unicodedata.unidata_version
        sys.exit(f"this Python has Unicode {found}, expected {VERSION}: pip install unicodedata2=={VERSION}")
    numbers = [f"{number:#x}," for number in runs()]
    lines = [" ".join(numbers[i : i + 11]) for i in range(0, len(numbers), 11)]
    text = "// Written by scripts/unicode_classes.py.\n" + "\n".join(lines) + "\n"
    (pathlib.Path("extension") / "text" / "unicode_categories.inc").write_text(text)


if __name__ == "__main__":
    main()
