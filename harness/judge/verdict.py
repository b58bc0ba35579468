"""Whether a program keeps what it promised: a function of its results alone."""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from harness.core.problem import Problem
from harness.judge import change, compare, figures
from harness.judge.conduct import conduct, ended, raised, warned
from harness.judge.printed import printed
from harness.judge.result import Result
from harness.judge.subject import Subject

OTHERS = {
    "again": "with another seed",
    "fresh": "in a fresh interpreter",
    "simple": "on other vector units",
}


def judge(
    subject: Subject, results: Mapping[str, Result], lane: str = "cpu"
) -> list[Problem]:
    """What is wrong with a program whose executions are all in; [] where it holds.

    "run" is the execution that counts. The others, where they are there, must agree
    with it: "again" (another seed), "fresh" (a fresh interpreter) and "simple" (other
    vector units); "hidden" (no GPU) must only end as declared.
    """
    main = results["run"]
    problems = conduct(subject, main)
    if lane == "gpu":
        problems += _unseen(subject, results)
    if problems:  # a failure explains its own output
        return problems
    return [*_unstable(subject, results)] or [*_compared(subject, main)]


def promises(subject: Subject, result: Result) -> list[Problem]:
    """Only how it ended, raised and warned: this holds on every system."""
    return (
        list(ended(subject, result))
        or list(raised(subject, result))
        or list(warned(subject, result, others=False))
    )


def _unseen(subject: Subject, results: Mapping[str, Result]) -> Iterator[Problem]:
    """Refuse what ran without the card, or cannot run with the card hidden.

    Else a program that fell back to the CPU would be taken for the same on both.
    """
    main = results["run"]
    if main.ended != "finished":
        return
    if not subject.directives.run and not main.used_card:
        fix = "see whether a process that forks set up CUDA"
        yield subject.problem("saw no GPU", fix)
    if hidden := results.get("hidden"):
        for problem in conduct(subject, hidden):
            yield replace(problem, what=f"with the GPU hidden, {problem.what}")


def _unstable(subject: Subject, results: Mapping[str, Result]) -> Iterator[Problem]:
    """The first thing that another seed, interpreter or processor changes."""
    main = results["run"]
    texts = {name: printed(subject, result) for name, result in results.items()}
    before = texts["run"]
    for name in OTHERS:
        if name not in results:
            continue
        result, now = results[name], texts[name]
        for problem in (*ended(subject, result), *_broken(subject, main, result)):
            yield replace(problem, what=f"{OTHERS[name]}, {problem.what}")
            return
        if not compare.same(before, now, subject.directives.rtol):
            what, fix = change.address(before, now) or _why(subject, texts, name)
            diff = compare.difference(before, now, ("first run", OTHERS[name]))
            yield subject.problem(f"{what}\n{_indent(diff)}", fix)
            return
        if main.figure and (found := figures.difference(main.figure, result.figure)):
            what, fix = _why(subject, texts, name)
            yield subject.problem(f"{what.replace('prints', 'draws')}: {found}", fix)
            return


def _broken(subject: Subject, main: Result, result: Result) -> Iterator[Problem]:
    """An error that only this execution raises."""
    if result.raised and not main.raised:
        yield from raised(subject, result)


def _why(subject: Subject, texts: Mapping[str, str], name: str) -> tuple[str, str]:
    if name == "again":
        return change.by_seed(subject, texts)
    if name == "fresh":
        return change.by_interpreter(subject, texts["run"], texts[name])
    return change.by_processor(texts["run"], texts[name])


def _compared(subject: Subject, result: Result) -> Iterator[Problem]:
    """Whether it printed and drew what is recorded."""
    expected, again = subject.expected, subject.record
    if expected is None:
        return
    before, now = expected.text or "", printed(subject, result)
    draws = subject.directives.figure
    if expected.text is None and (now or not draws):
        yield subject.problem("has no recorded output", again)
    elif not compare.same(before, now, subject.directives.rtol):
        fix = f"fix it, or record it: {again}" if again else "fix it"
        what = "prints something else"
        if found := change.address(before, now):
            what, fix = found
        elif rounding := change.by_rounding(before, now):
            fix = f"{rounding}; then {again}"
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
