"""Why two executions of one program printed or drew different things."""

import itertools
import math
import re
from collections.abc import Mapping

from harness.judge import compare
from harness.judge.subject import Subject

ADDRESS = re.compile(r"0x[0-9a-f]{6,}")
NEAR_ZERO = 1e-5
MOMENT = re.compile(
    r"\b(?:perf_counter|process_time|monotonic|time\.time|timeit|elapsed_time|datetime"
    r"|date\.today|strftime|getpid|uuid\d?|urandom|secrets|id(?=\())"
)
MACHINE = re.compile(
    r"\b(?:cpu_count|sched_getaffinity|get_num_threads|get_num_interop_threads|environ"
    r"|getenv|sys\.modules|sys\.path|(?:hash|id)(?=\())"
)
# What is random in a source, and what seeds it.
SEEDS = {
    r"default_rng\(\s*\)": "numpy.random.default_rng(0)",
    r"\brandom\.Random\(\s*\)": "random.Random(0)",
    r"\b(?:np|numpy)\.random\.(?!default_rng|Generator)": "numpy.random.seed(0)",
    r"^\s*(?:import|from) random\b": "random.seed(0)",
    r"\btorch\b": "torch.manual_seed(0)",
}


def by_seed(
    subject: Subject, texts: Mapping[str, str], changed: str = "prints"
) -> tuple[str, str]:
    """What to say of a program that changes from one run to the next.

    Torch in a fresh interpreter begins with a seed of its own: what two of those
    agree on does not change by itself.
    """
    moment = MOMENT.search(subject.source)
    alone = {texts[name] for name in ("fresh", "simple") if name in texts}
    if moment and len(alone) != 1:
        return (
            f"{changed} something else in each run: it uses {moment.group()}",
            "leave it out of the output; of a time, print whether it is below a limit",
        )
    seeds = [
        seed for use, seed in SEEDS.items() if re.search(use, subject.source, re.M)
    ]
    if not seeds:
        return (
            f"{changed} something else in each run",
            "sort it, wait for its threads, or leave out what changes",
        )
    return (
        f"{changed} something else with another seed",
        f"seed what is random: {' and '.join(seeds)} on the first working line",
    )


def by_interpreter(subject: Subject, before: str, now: str) -> tuple[str, str]:
    """What to say of a program that a fork and a fresh interpreter run otherwise."""
    what = "prints something else in a fresh interpreter"
    if sorted(before) == sorted(now):
        return f"{what}: another order", "sort it: a set has no order of its own"
    if asked := MACHINE.search(subject.source):
        fix = "print nothing of the process or the machine"
        return f"{what}: it uses {asked.group()}", fix
    if fix := by_rounding(before, now):
        return f"{what}: other roundings", fix
    return what, "add the import or the setting that it needs; print no thread count"


def by_processor(before: str, now: str) -> tuple[str, str]:
    """What to say of a program that other vector units run otherwise."""
    fix = by_rounding(before, now) or "print nothing of the processor"
    return "prints something else on other vector units", fix


def address(before: str, now: str) -> tuple[str, str] | None:
    """What to say where addresses are all that differs."""
    if ADDRESS.sub("", before) != ADDRESS.sub("", now):
        return None
    line = next(line for line in before.split("\n") if ADDRESS.search(line))
    return (
        f"prints an address in memory, another one in each run: {line[:200]!r}",
        "print what it holds, as list(x), or what it is, as type(x).__name__",
    )


def by_rounding(before: str, now: str) -> str | None:
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
    power = math.floor(math.log10(most)) + 1
    return f"print fewer digits, or declare '# floats: rtol 1e{power}'"
