"""Whether a program keeps what it promised: a function of its results alone."""

from collections.abc import Mapping
from dataclasses import replace

from harness.core.directives import Directives
from harness.core.problem import Problem
from harness.judge import change, compare, figures
from harness.judge.conduct import ENDED, conduct
from harness.judge.result import Result
from harness.judge.shown import printed
from harness.judge.subject import Subject

OTHERS = {
    "again": ("with another seed", change.by_seed),
    "fresh": ("in a fresh interpreter", change.by_interpreter),
    "simple": ("on other vector units", change.by_processor),
}


def judge(
    subject: Subject, results: Mapping[str, Result], lane: str = "cpu", cards: int = 0
) -> list[Problem]:
    """What is wrong with a program whose executions are all in.

    "run" is the execution that counts. Those of `OTHERS` must agree with it, where they
    are there; "hidden" (no GPU) must only behave. `cards` is how many the lane has.
    """
    main, declared = results["run"], subject.directives
    if lane == "gpu" and main.ended == "finished":
        # Else a program that fell back to the CPU would be taken for the same on both.
        if declared.run:
            saw = _shows_card(results) or fell_back(declared, results, cards)
            what, fix = "shows no GPU", "print the device that it used"
        else:
            saw, what = main.used_card, "saw no GPU"
            fix = "import torch; see whether a process that forks set up CUDA"
        if not saw:
            return [subject.problem(what, fix)]
    hidden = conduct(subject, results.get("hidden", main))
    return (
        conduct(subject, main)  # a failure explains its own output
        or _elsewhere(hidden, "with the GPU hidden")
        or _unstable(subject, results)
        or _compared(subject, main)
    )


def fell_back(declared: Directives, results: Mapping[str, Result], cards: int) -> bool:
    """Whether a launched program stayed on the CPU for want of cards."""
    starts = declared.processes if declared.run else 0
    return starts > cards and not _shows_card(results)


def _shows_card(results: Mapping[str, Result]) -> bool:
    """Whether a launched program printed that it used a card: only it can say so."""
    main, hidden = results["run"], results.get("hidden")
    return "cuda" in main.stdout and not (hidden and hidden.stdout == main.stdout)


def _elsewhere(problems: list[Problem], where: str) -> list[Problem]:
    return [replace(problem, what=f"{where}, {problem.what}") for problem in problems]


def _unstable(subject: Subject, results: Mapping[str, Result]) -> list[Problem]:
    """The first thing that another seed, interpreter or processor changes."""
    main = results["run"]
    texts = {name: printed(subject, result) for name, result in results.items()}
    for name, (where, why) in OTHERS.items():
        if (result := results.get(name)) is None:
            continue
        if not main.raised or result.ended != "finished":
            if failed := conduct(subject, result, ENDED):
                return _elsewhere(failed, where)
        before, now = texts["run"], texts[name]
        if before != now:
            said = change.address(before, now) or why(subject, texts)
            return [_differs(subject, said, (before, now), ("first run", where))]
        if main.figure and (found := figures.difference(main.figure, result.figure)):
            what, fix = why(subject, texts)
            return [subject.problem(f"{what.replace('prints', 'draws')}: {found}", fix)]
    return []


def _compared(subject: Subject, result: Result) -> list[Problem]:
    expected, again = subject.expected, subject.record
    if expected is None:
        return []
    before, now = expected.text or "", printed(subject, result)
    draws = subject.directives.figure
    if expected.text is None and (now or not draws):
        return [subject.problem("has no recorded output", again)]
    if before != now and not (
        expected.tolerance and compare.close(before, now, expected.tolerance)
    ):
        fix = change.rounding(before, now) or "fix it"
        fix += f", or record it: {again}" if again else ""
        said = change.address(before, now) or ("prints something else", fix)
        return [_differs(subject, said, (before, now), (expected.name, "printed now"))]
    if draws and result.figure is not None:
        if expected.figure is None:
            return [subject.problem("has no recorded figure", again)]
        fix = f"fix it, or record it: {again}"
        if found := figures.difference(expected.figure, result.figure):
            return [subject.problem(f"draws something else: {found}", fix)]
        kept, now = (figures.strokes(svg or "") for svg in (expected.svg, result.svg))
        found = figures.difference(kept, now, subject.figure, figures.POINT)
        if kept and found:
            what = f"does not draw the picture that is kept: {found}"
            return [subject.problem(what, fix)]
    return []


def _differs(subject: Subject, said: tuple, texts: tuple, names: tuple) -> Problem:
    what, fix = said
    lines = compare.difference(*texts, names).split("\n")
    return subject.problem("\n      ".join([what, *lines]), fix)
