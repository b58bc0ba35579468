"""How a program behaved, apart from what it printed: one problem for each cause."""

import ast
import re
import sysconfig
from collections.abc import Iterator

from harness.core.directives import NEEDS
from harness.core.problem import Problem
from harness.judge import compare, noise
from harness.judge.printed import UNPRINTABLE, own_warnings, printed
from harness.judge.result import Raised, Result
from harness.judge.subject import Subject

LONGEST = 20  # lines of a traceback
SCRATCH = re.compile(r"\S*/snippets-\w+/\d+\b")  # the folder that a job runs in
NO_MODULE = re.compile(r"No module named '(\w+)")
NO_GPU = re.compile(r"not compiled with CUDA|No CUDA GPUs|no NVIDIA driver")
NO_COMPILER = re.compile(r"InvalidCxxCompiler|No working C\+\+ compiler")
BELOW = "write below a folder of tempfile.TemporaryDirectory()"
ALONE = "do without it: a program runs alone, with torch, NumPy and Matplotlib"


def conduct(subject: Subject, result: Result) -> list[Problem]:
    """What is wrong, of the first kind that is found: it may explain the others."""
    text = printed(subject, result)
    for found in (
        ended(subject, result),
        _tried(subject, result),
        _exited(subject, result),
        raised(subject, result),
        warned(subject, result),
        _drew(subject, result),
        _left(subject, result),
        _unfit(subject, text),
        _silent(subject, text),
    ):
        if problems := list(found):
            return problems
    return []


def ended(subject: Subject, result: Result) -> Iterator[Problem]:
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
        yield subject.problem(*reasons[result.ended], result.line)
    elif result.ended != "finished":
        yield subject.problem(
            f"ended with {result.ended} before its last line{_quote(result.stderr)}",
            "it must not leave by os._exit or crash",
            result.line,
        )


def _tried(subject: Subject, result: Result) -> Iterator[Problem]:
    for complaint in result.complaints[:1]:
        fix = BELOW
        if "network" in complaint:
            fix = "make the data in the program: it must run without a network"
        more = len(result.complaints) - 1
        what = f"{complaint} (and {more} more)" if more else complaint
        yield subject.problem(what, fix, result.raised.line if result.raised else 0)


def _exited(subject: Subject, result: Result) -> Iterator[Problem]:
    if result.exits:
        fix = "let the program end by itself"
        what = f"calls sys.exit{_quote(result.stderr)}"
        yield subject.problem(what, fix, result.line)


def raised(subject: Subject, result: Result) -> Iterator[Problem]:
    """An error that it did not declare, or declared in vain."""
    error, declared = result.raised, subject.directives.raises
    if error and error.type != declared:
        if fault := _syntax(subject):
            what = f"is not valid Python: {fault.msg}"
            yield subject.problem(what, "fix this line", fault.lineno or 0)
            return
        if NO_COMPILER.search(error.text):
            fix = "declare '# needs: compiler'"
            yield subject.problem("needs a C++ compiler and does not say so", fix)
            return
        expected = f"instead of {declared}" if declared else "and does not say so"
        what = f"raises {_headline(error)} ({expected}){_quote(error.traceback)}"
        yield subject.problem(what, _cure(error), error.line)
    elif declared and not error:
        yield subject.problem(
            f"does not raise {declared}, which it declares",
            "fix the program, or remove '# raises:'",
            1,
        )


def _syntax(subject: Subject) -> SyntaxError | None:
    try:
        ast.parse(subject.source)
    except SyntaxError as error:
        return error
    return None


def _headline(error: Raised) -> str:
    """The first line of the message; a syntax error begins with other lines."""
    lines = error.text.split("\n")
    return next((line for line in lines if line.startswith(error.type)), lines[0])


def _cure(error: Raised) -> str:
    if error.type == "ModuleNotFoundError":
        found = NO_MODULE.search(error.text)
        name = found[1] if found else ""
        return f"declare '# needs: {name}'" if name in NEEDS else ALONE
    if error.type == "MemoryError":
        return "make it smaller"
    if error.type == "EOFError" and "reading a line" in error.text:
        return "put the value into the program: nobody types an answer"
    if "Permission denied" in error.text:
        return BELOW
    if NO_GPU.search(error.text):
        return "choose the device by the common line, or declare '# needs: cuda'"
    return f"fix it, or declare '# raises: {error.type}'"


def warned(subject: Subject, result: Result, others: bool = True) -> Iterator[Problem]:
    """Warnings that it did not declare, if `others` count, or declared in vain."""
    seen = own_warnings(subject, result)
    declared = subject.directives.categories
    names = list(dict.fromkeys(w.category for w in seen))
    foreign = [name for name in names if name not in declared] if others else []
    for name in foreign[:1]:
        one, *more = [w for w in seen if w.category == name]
        inside = one.file == subject.path
        what = f"warns {name}: {_cut(one.message)}"
        if not inside:
            what += f" (at {one.file}:{one.line})"
        if more or len(foreign) > 1:
            what += f" (and {len(seen) - 1} more)"
        fix = f"fix it, or declare '# warns: {', '.join(names)}'"
        yield subject.problem(what, fix, one.line if inside else 0)
    missing = [name for name in declared if name not in names]
    if missing and not foreign:
        yield subject.problem(
            f"does not warn {', '.join(missing)}, which it declares",
            "fix the program, or correct '# warns:'",
            1,
        )


def _left(subject: Subject, result: Result) -> Iterator[Problem]:
    """Words on standard error, files and processes."""
    if stderr := noise.without_noise(result.stderr):
        yield subject.problem(
            f"writes to standard error:{_quote(stderr)}",
            "print to standard output, or fix what complains",
        )
    if files := noise.own_files(result.files):
        yield subject.problem(
            f"leaves files: {_some(files)}",
            BELOW,
        )
    if result.processes:
        yield subject.problem(
            f"leaves processes: {_some([_cut(name) for name in result.processes])}",
            "join or end what it starts",
        )


def _drew(subject: Subject, result: Result) -> Iterator[Problem]:
    name = subject.figure
    if subject.directives.figure:
        if not result.svg:
            yield subject.problem(f"draws no {name}", f'end with fig.savefig("{name}")')
        elif result.figure is None:
            yield subject.problem(
                "does not leave exactly one pyplot figure open",
                "make one with plt.subplots and do not close it",
            )
    elif result.svg:
        yield subject.problem(
            f"draws {name} without saying so",
            "declare '# figure: what the picture shows'",
        )
    elif result.figure is not None:
        cure = "close it with plt.close()"
        if name:
            cure += f", or save it as \"{name}\" and declare '# figure: what it shows'"
        yield subject.problem("draws a picture without saying so", cure)


def _unfit(subject: Subject, text: str) -> Iterator[Problem]:
    """What a page cannot show, or what is elsewhere on each machine."""
    if found := UNPRINTABLE.search(text):
        what = f"prints {found.group()!r}{_where(text, found.start())}"
        yield subject.problem(what, "print plain text")
    paths = sysconfig.get_paths()
    places = [subject.root, paths["purelib"], paths["stdlib"]]
    if scratch := SCRATCH.search(text):
        places.append(scratch.group())
    for place in places:
        if place and place in text:
            what = f"prints {place}{_where(text, text.index(place))}"
            yield subject.problem(
                what, "print no folder of this machine: a reader has others"
            )
            return


def _silent(subject: Subject, text: str) -> Iterator[Problem]:
    if not (text.strip() or subject.directives.figure or subject.silent):
        yield subject.problem("prints nothing", "print what the reader should see")


def _where(text: str, at: int) -> str:
    """The line of an output, quoted."""
    number = text.count("\n", 0, at)
    return f" in line {number + 1} of its output: {_cut(text.split(chr(10))[number])!r}"


def _some(names: list[str]) -> str:
    more = f", and {len(names) - 5} more" if len(names) > 5 else ""
    return ", ".join(names[:5]) + more


def _cut(text: str, most: int = 300) -> str:
    return text if len(text) <= most else f"{text[:most]}…"


def _quote(text: str) -> str:
    """The end of a text, indented, on lines of its own."""
    lines = text.rstrip("\n").split("\n") if text.strip() else []
    if len(lines) > LONGEST:
        lines[:-LONGEST] = [f"… {len(lines) - LONGEST} lines before"]
    return "".join(f"\n      {compare.visible(line)}" for line in lines)
