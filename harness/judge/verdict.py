"""Whether a program keeps what it promised: a function of its results alone."""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from harness.core.directives import Directives
from harness.core.problem import Problem
from harness.judge import change, compare, figures
from harness.judge.conduct import conduct, fails
from harness.judge.printed import printed
from harness.judge.result import Result
from harness.judge.subject import Subject

OTHERS = {
    "again": ("with another seed", change.by_seed),
    "fresh": ("in a fresh interpreter", change.by_interpreter),
    "simple": ("on other vector units", change.by_processor),
}


def judge(
    subject: Subject, results: Mapping[str, Result], lane: str = "cpu", cards: int = 0
) -> list[Problem]:
    """What is wrong with a program whose executions are all in; [] where it holds.

    "run" is the execution that counts. The others, where they are there, must agree
    with it: "again" (another seed), "fresh" (a fresh interpreter) and "simple" (other
    vector units); "hidden" (no GPU) must only end as declared. `cards` is how many
    the GPU lane has.
    """
    main = results["run"]
    if lane == "gpu" and main.ended == "finished":
        # Else a program that fell back to the CPU would be taken for the same on both.
        declared = subject.directives
        if declared.run and not _shows_card(results):
            if not fell_back(declared, results, cards):
                fix = "print the device that it used"
                return [subject.problem("shows no GPU", fix)]
        elif not declared.run and not main.used_card:
            fix = "import torch; see whether a process that forks set up CUDA"
            return [subject.problem("saw no GPU", fix)]
    hidden = conduct(subject, results.get("hidden", main))
    return (
        conduct(subject, main)  # a failure explains its own output
        or _elsewhere(hidden, "with the GPU hidden")
        or [*_unstable(subject, results)]
        or [*_compared(subject, main)]
    )


def fell_back(declared: Directives, results: Mapping[str, Result], cards: int) -> bool:
    """Whether a launched program stayed on the CPU for want of cards."""
    starts = bool(declared.run) and declared.processes > cards
    return starts and not _shows_card(results)


def _shows_card(results: Mapping[str, Result]) -> bool:
    """Whether a launched program printed that it used a card.

    Its processes are the launcher's, so there is nobody else to ask.
    """
    main, hidden = results["run"], results.get("hidden")
    return "cuda" in main.stdout and not (hidden and hidden.stdout == main.stdout)


def _elsewhere(problems: list[Problem], where: str) -> list[Problem]:
    return [replace(problem, what=f"{where}, {problem.what}") for problem in problems]


def _unstable(subject: Subject, results: Mapping[str, Result]) -> Iterator[Problem]:
    """The first thing that another seed, interpreter or processor changes."""
    main = results["run"]
    texts = {name: printed(subject, result) for name, result in results.items()}
    before = texts["run"]
    for name, (where, why) in OTHERS.items():
        if name not in results:
            continue
        result, now = results[name], texts[name]
        only = not main.raised and fails(subject, result)
        if only or result.ended != "finished":
            yield from _elsewhere(fails(subject, result), where)
            return
        if before != now:
            what, fix = change.address(before, now) or why(subject, texts)
            diff = compare.difference(before, now, ("first run", where))
            yield subject.problem(f"{what}\n{_indent(diff)}", fix)
            return
        if main.figure and (found := figures.difference(main.figure, result.figure)):
            what, fix = why(subject, texts)
            yield subject.problem(f"{what.replace('prints', 'draws')}: {found}", fix)
            return


def _compared(subject: Subject, result: Result) -> Iterator[Problem]:
    """Whether it printed and drew what is recorded."""
    expected, again = subject.expected, subject.record
    if expected is None:
        return
    before, now = expected.text or "", printed(subject, result)
    draws = subject.directives.figure
    if expected.text is None and (now or not draws):
        yield subject.problem("has no recorded output", again)
    elif before != now:
        cures = (change.rounding(before, now) or "fix it", "or record it: " + again)
        what, fix = "prints something else", ", ".join(cures if again else cures[:1])
        what, fix = change.address(before, now) or (what, fix)
        diff = compare.difference(before, now, (expected.name, "printed now"))
        yield subject.problem(f"{what}\n{_indent(diff)}", fix)
    elif draws and result.figure is not None:
        if expected.figure is None:
            yield subject.problem("has no recorded figure", again)
        elif found := figures.difference(expected.figure, result.figure):
            fix = f"fix it, or record it: {again}"
            yield subject.problem(f"draws something else: {found}", fix)


def _indent(text: str) -> str:
    return "\n".join(f"      {line}" for line in text.split("\n"))
