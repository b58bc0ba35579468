"""Why two executions of one program differ: what changed, and how to fix it."""

import itertools
import math
import re
from collections.abc import Mapping

from harness.judge import compare
from harness.judge.conduct import CURES
from harness.judge.subject import Subject

ADDRESS = re.compile(r"0x[0-9a-f]{6,}")
NEAR_ZERO = 1e-5


def by_seed(subject: Subject, texts: Mapping[str, str]) -> tuple[str, str]:
    """What fresh interpreters agree on does not change by itself: torch seeds each."""
    what, source = "prints something else in each run", subject.source
    alone = {texts[name] for name in ("fresh", "simple") if name in texts}
    if (moment := _asks(source, "clock")) and len(alone) != 1:
        fix = "leave it out of the output; of a time, print whether it is below a limit"
        return f"{what}: it uses {moment}", fix
    known = CURES["seeds"].items()
    if seeds := [seed for use, seed in known if re.search(use, source)]:
        fix = f"seed what is random: {' and '.join(seeds)} on the first working line"
        return "prints something else with another seed", fix
    return what, "sort it, wait for its threads, or leave out what changes"


def _asks(source: str, whom: str) -> str:
    """The first name in a program that asks the clock or the machine."""
    found = re.search("|".join(CURES["asks"][whom]), source)
    return found.group() if found else ""


def by_interpreter(subject: Subject, texts: Mapping[str, str]) -> tuple[str, str]:
    """A reader's interpreter hashes otherwise, has imported less, and more threads."""
    what = "prints something else in a fresh interpreter"
    before, now = texts["run"], texts["fresh"]
    if sorted(before) == sorted(now) and before != now:
        return f"{what}: another order", "sort it: a set has no order of its own"
    if asked := _asks(subject.source, "machine"):
        fix = "print nothing of the process or the machine"
        return f"{what}: it uses {asked}", fix
    fix = "add the import or the setting that it needs; print no thread count"
    return what, rounding(before, now) or fix


def by_processor(_: Subject, texts: Mapping[str, str]) -> tuple[str, str]:
    """Sums in another order differ in the last digits."""
    fix = rounding(texts["run"], texts["simple"]) or "print nothing of the processor"
    return "prints something else on other vector units", fix


def address(before: str, now: str) -> tuple[str, str] | None:
    """What to say where addresses are all that differs."""
    if ADDRESS.sub("", before) != ADDRESS.sub("", now):
        return None
    line = next(line for line in before.split("\n") if ADDRESS.search(line))
    what = f"prints an address in memory, another one in each run: {line[:200]!r}"
    return what, "print what it holds, as list(x), or what it is, as type(x).__name__"


def rounding(before: str, now: str) -> str | None:
    """The fix where floats are all that differs, and they differ a little."""
    pairs = compare.apart(before, now)
    if not pairs or not all(map(math.isfinite, itertools.chain(*pairs))):
        return None
    zeros = [pair for pair in pairs if max(map(abs, pair)) < NEAR_ZERO]
    if any(math.copysign(1, a) != math.copysign(1, b) for a, b in zeros):
        return "it is zero but for rounding and its sign: print abs(x) < 1e-5"
    if zeros:
        return "it is zero but for rounding: round it, as in round(x, 4)"
    most = max(abs(a - b) / max(abs(a), abs(b)) for a, b in pairs)
    if not 0 < most < 0.01:
        return None
    return f"print fewer digits: they agree to about {math.floor(-math.log10(most))}"
