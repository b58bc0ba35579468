"""Whether a result is what its program promised, and in which words it is not."""

import re
import sysconfig
from collections.abc import Iterator, Mapping

from harness.core.problem import Problem
from harness.core.snippet import Snippet
from harness.judge import compare, figures, noise
from harness.judge.result import Result, Warned
from harness.judge.subject import Subject

# Of a message: torch's bold marks, and the line of its source in its own build.
PASSED_OVER = re.compile(r"\x1b\[[\d;]*m| \(Triggered internally at [^)]*\)")
UNPRINTABLE = re.compile(r"[^\n\x20-\x7e\xa0-\U0010ffff]")  # by a page


def judge(
    subject: Subject, results: Mapping[str, Result], lane: str = "cpu"
) -> list[Problem]:
    """What is wrong with a program whose executions are all in; [] where it holds.

    "run" is the execution that counts. The others, where they are there, must agree
    with it: "again" (another seed), "fresh" (a fresh interpreter) and "simple" (other
    vector units); "hidden" (no GPU) must only end as declared.
    """
    main = results["run"]
    problems = list(conduct(subject, main))
    if lane == "gpu":
        problems += _unseen(subject, results)
    if problems:  # a failure explains its own output
        return problems
    return [*_unstable(subject, results)] or [*_compared(subject, main)]


def promises(subject: Subject, result: Result) -> list[Problem]:
    """Only how it ended, raised and warned: this holds on every system."""
    return list(_ended(subject, result)) or [
        *_raised(subject, result),
        *_warned(subject, result, only=False),
    ]


def printed(program: Subject | Snippet, result: Result) -> str:
    """What a page shows: standard output, then the warnings or the error."""
    text = result.stdout
    tail = [f"{w.category}: {w.message}" for w in _own_warnings(program, result)]
    if result.raised:
        tail.append(result.raised.text)
    tail = [PASSED_OVER.sub("", line).expandtabs(4) for line in tail]
    if tail and text and not text.endswith("\n"):
        text += "\n"
    return text + "".join(f"{line}\n" for line in tail)


def _own_warnings(program: Subject | Snippet, result: Result) -> list[Warned]:
    """The warnings less torch's own noise, each text once; a declared one is none."""
    seen = {}
    for w in result.warned:
        own = w.category == program.directives.warns or w.file == str(program.path)
        if own or not noise.is_noise(f"{w.category}: {w.message}", noise.WARNINGS):
            seen.setdefault((w.category, w.message), w)
    return list(seen.values())


def conduct(subject: Subject, result: Result) -> Iterator[Problem]:
    """Everything but the output itself: how it ended and what it did."""
    declared = subject.directives
    if ended := list(_ended(subject, result)):
        yield from ended
        return
    for complaint in result.complaints:
        fix = "a snippet makes its own data and leaves nothing"
        yield _problem(subject, complaint, fix)
    if result.exits:
        fix = "let the program end by itself"
        yield _problem(subject, "calls sys.exit", fix, result.line)
    yield from _raised(subject, result)
    yield from _warned(subject, result)
    if stderr := noise.without_noise(result.stderr):
        yield _problem(
            subject,
            f"writes to standard error:\n{_indent(stderr)}",
            "print to standard output, or fix what complains",
        )
    if result.files:
        yield _problem(
            subject,
            f"leaves files: {', '.join(result.files[:5])}",
            "use a temporary directory and remove it",
        )
    if result.processes:
        yield _problem(
            subject,
            f"leaves processes: {'; '.join(result.processes[:3])}",
            "join or end what it starts",
        )
    yield from _drew(subject, result)
    if subject.silent:  # no page shows what it prints
        return
    text = printed(subject, result)
    if not text.strip() and not declared.figure:
        yield _problem(subject, "prints nothing", "print what the reader should see")
    if found := UNPRINTABLE.search(text):
        yield _problem(subject, f"prints {found.group()!r}", "print plain text")
    for place in _places(subject):
        if place in text:
            fix = "print nothing of this machine"
            yield _problem(subject, f"prints {place}", fix)
            break


def _problem(subject: Subject, what: str, fix: str, line: int = 0) -> Problem:
    return Problem(subject.shown, subject.line(line), what, fix)


def _places(subject: Subject) -> list[str]:
    """Folders that are elsewhere on each machine."""
    paths = sysconfig.get_paths()
    return [
        place for place in (subject.root, paths["purelib"], paths["stdlib"]) if place
    ]


def _ended(subject: Subject, result: Result) -> Iterator[Problem]:
    """Why it did not come to its end by itself."""
    seconds = subject.directives.takes
    reasons = {
        "limit": (
            f"hangs: still running long after its {seconds:g} s",
            "make it faster, or say '# takes: … s'",
        ),
        "memory": ("eats memory", "make it smaller"),
        "harness": (
            "was lost: its supervisor ended without a word",
            "run it again; if it stays, this is a bug of the harness",
        ),
    }
    if result.ended in reasons:
        yield _problem(subject, *reasons[result.ended], result.line)
    elif result.ended != "finished":
        yield _problem(
            subject,
            f"ended with {result.ended} before its last line\n{_indent(result.stderr)}",
            "it must not leave by os._exit or crash",
            result.line,
        )


def _raised(subject: Subject, result: Result) -> Iterator[Problem]:
    raised, declared = result.raised, subject.directives.raises
    if raised and raised.type != declared:
        expected = f"instead of {declared}" if declared else "and does not say so"
        yield _problem(
            subject,
            f"raises {raised.text} ({expected})\n{_indent(raised.traceback)}",
            f"fix it, or declare '# raises: {raised.type}'",
            raised.line,
        )
    elif declared and not raised:
        yield _problem(
            subject,
            f"does not raise {declared}, which it declares",
            "fix the snippet, or remove '# raises:'",
            1,
        )


def _warned(subject: Subject, result: Result, only: bool = True) -> Iterator[Problem]:
    warned, declared = _own_warnings(subject, result), subject.directives.warns
    for w in warned:
        if only and w.category != declared:
            here = w.line if w.file == subject.path else 0
            place = "" if here else f" (at {w.file}:{w.line})"
            yield _problem(
                subject,
                f"warns {w.category}: {w.message}{place}",
                f"fix it, or declare '# warns: {w.category}'",
                here,
            )
    if declared and declared not in [w.category for w in warned]:
        yield _problem(
            subject,
            f"does not warn {declared}, which it declares",
            "fix the snippet, or remove '# warns:'",
            1,
        )


def _drew(subject: Subject, result: Result) -> Iterator[Problem]:
    name = subject.figure
    if subject.directives.figure:
        if not result.svg:
            yield _problem(
                subject, f"draws no {name}", f'end with fig.savefig("{name}")'
            )
        elif result.figure is None:
            yield _problem(
                subject,
                "does not leave exactly one pyplot figure open",
                "make one with plt.subplots and do not close it",
            )
    elif result.svg:
        yield _problem(
            subject,
            f"draws {name} without saying so",
            "declare '# figure: what the picture shows'",
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
        yield _problem(subject, "saw no GPU", fix)
    if hidden := results.get("hidden"):
        for problem in conduct(subject, hidden):
            what = f"with the GPU hidden, {problem.what}"
            yield Problem(problem.path, problem.line, what, problem.fix)


UNSTABLE = {
    "again": (
        "something else with another seed",
        "seed what is random: torch.manual_seed(0) on the first working line",
    ),
    "fresh": (
        "something else in a fresh interpreter",
        "add the import or setting that the preloaded process hid; sort a set",
    ),
    "simple": (
        "something else on other vector units",
        "print fewer digits, or declare '# floats: rtol …'",
    ),
}


def _unstable(subject: Subject, results: Mapping[str, Result]) -> Iterator[Problem]:
    """The first thing that another seed, interpreter or processor changes."""
    main = results["run"]
    for variant, (what, fix) in UNSTABLE.items():
        result = results.get(variant)
        if result is None:
            continue
        before, now = printed(subject, main), printed(subject, result)
        if not compare.same(before, now, subject.directives.rtol):
            diff = compare.difference(before, now, ("first run", variant))
            said = f"prints {what}\n{_indent(diff)}\n{_indent(result.stderr)}"
            yield _problem(subject, said.rstrip(), fix)
            return
        if main.figure and (found := figures.difference(main.figure, result.figure)):
            yield _problem(subject, f"draws {what}: {found}", fix)
            return


def _compared(subject: Subject, result: Result) -> Iterator[Problem]:
    """Whether it printed and drew what is recorded."""
    expected, again = subject.expected, subject.record
    if expected is None:
        return
    actual, draws = printed(subject, result), subject.directives.figure
    if expected.text is None and (actual or not draws):
        yield _problem(subject, "has no recorded output", again)
    elif not compare.same(expected.text or "", actual, subject.directives.rtol):
        names = (expected.name, "printed now")
        diff = compare.difference(expected.text or "", actual, names)
        yield _problem(
            subject,
            f"prints something else\n{_indent(diff)}",
            f"fix it, or record it: {again}" if again else "fix it",
        )
    if not draws or result.figure is None:
        return
    if expected.figure is None:
        yield _problem(subject, "has no recorded figure", again)
    elif found := figures.difference(expected.figure, result.figure):
        yield _problem(subject, f"draws something else: {found}", again)


def _indent(text: str) -> str:
    return "\n".join(f"      {line}" for line in text.rstrip("\n").split("\n"))
