"""Whether two outputs are the same, exactly or with a tolerance for floats alone."""

import difflib
import math
import re

FLOAT = re.compile(
    r"(?<![\w.])[-+]?(?:\d+\.\d*(?:e[-+]?\d+)?|\.\d+(?:e[-+]?\d+)?|\d+e[-+]?\d+"
    r"|nan|inf)(?![\w])"
)


def same(expected: str, actual: str, rtol: float | None = None) -> bool:
    """Compare outputs; with `rtol`, floats may differ by that relative amount.

    Shapes, integers and text stay exact in either case.
    """
    if expected == actual:
        return True
    if rtol is None or FLOAT.sub("#", expected) != FLOAT.sub("#", actual):
        return False
    pairs = zip(FLOAT.findall(expected), FLOAT.findall(actual), strict=True)
    return all(_close(float(a), float(b), rtol) for a, b in pairs)


def _close(a: float, b: float, rtol: float) -> bool:
    if math.isnan(a) or math.isnan(b):
        return math.isnan(a) and math.isnan(b)
    return math.isclose(a, b, rel_tol=rtol)


def difference(expected: str, actual: str, names: tuple[str, str]) -> str:
    """A unified diff with the final newline's presence made visible."""
    lines = difflib.unified_diff(
        _lines(expected), _lines(actual), *names, lineterm="", n=2
    )
    return "\n".join(lines)


def _lines(text: str) -> list[str]:
    lines = text.split("\n")
    if lines[-1] == "":
        return lines[:-1]
    return [*lines[:-1], lines[-1] + "⏎ (no newline at the end)"]
