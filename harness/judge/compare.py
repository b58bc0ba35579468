"""In what two outputs differ."""

import difflib
import math
import os
import re
from decimal import Decimal

from harness.core import limits
from harness.core.characters import name

CONTEXT = 2  # lines of a diff around what differs
WIDEST = 160  # columns

FLOAT = re.compile(
    r"(?<![\w.])[-+]?(?:\d+\.\d*(?:e[-+]?\d+)?|\.\d+(?:e[-+]?\d+)?|\d+e[-+]?\d+"
    r"|nan|inf)(?![\w])"
)


def apart(before: str, now: str) -> list[tuple[float, float]]:
    """The floats that differ, where nothing else does."""
    if FLOAT.sub("#", before) != FLOAT.sub("#", now):
        return []
    pairs = zip(FLOAT.findall(before), FLOAT.findall(now), strict=True)
    return [(float(a), float(b)) for a, b in pairs if a != b]


def close(before: str, now: str, relative: float) -> bool:
    """Whether floats are all that differs, and these only by a relative tolerance.

    One unit in the last printed place is rounding, from the second decimal on.
    """
    if FLOAT.sub("#", before) != FLOAT.sub("#", now):
        return False
    pairs = zip(FLOAT.findall(before), FLOAT.findall(now), strict=True)
    return all(a == b or _close(a, b, relative) for a, b in pairs)


def _close(before: str, now: str, relative: float) -> bool:
    a, b = float(before), float(now)
    if not (math.isfinite(a) and math.isfinite(b)):
        return False
    decimals = [len(text.partition(".")[2].partition("e")[0]) for text in (before, now)]
    unit = 10.0 ** max(Decimal(text).as_tuple().exponent for text in (before, now))
    rounding = 1.01 * unit if min(decimals) > 1 else 0.0
    return math.isclose(a, b, rel_tol=relative, abs_tol=rounding)


def difference(expected: str, actual: str, names: tuple[str, str]) -> str:
    """A unified diff from the first line that differs, short and with all visible."""
    before, now = _lines(expected), _lines(actual)
    first = len(os.path.commonprefix([before, now]))
    start, end = max(first - CONTEXT, 0), first + limits.DIFF
    parts = before[start:end], now[start:end]
    rows = difflib.unified_diff(*parts, *names, lineterm="", n=CONTEXT)
    shown = [visible(row) for row in rows if not row.startswith("@@")]
    if start:
        shown.insert(2, f"@@ from line {start + 1} @@")
    if len(shown) > limits.DIFF or before[end:] != now[end:]:
        shown[limits.DIFF :] = [f"… {len(before)} lines in all, {len(now)} now"]
    if first < min(len(before), len(now)):
        shown += _hidden(before[first], now[first])
    return "\n".join(shown)


def _lines(text: str) -> list[str]:
    *lines, last = text.split("\n")
    return [*lines, f"{last}⏎ (no newline at the end)"] if last else lines


def visible(line: str) -> str:
    """A line, cut, with what no one sees written as an escape."""
    if len(line) > WIDEST:
        line = f"{line[:WIDEST]}… ({len(line)} characters)"
    return "".join(
        c if c.isprintable() else c.encode("unicode_escape").decode() for c in line
    )


def _hidden(before: str, now: str) -> list[str]:
    """A difference of two lines that a person would not see, in words."""
    at = len(os.path.commonprefix([before, now]))
    was, found = (line[at : at + 1] for line in (before, now))
    if (was + found).isascii() and before.split() != now.split() and at < WIDEST:
        return []
    return [f"column {at + 1}: {name(was)} before, {name(found)} now"]
