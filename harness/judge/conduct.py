"""How a program behaved, apart from what it printed: one problem for each cause.

Checks yield what is wrong, how to fix it and, where it is known, the line.
"""

import ast
import re
import sysconfig
from collections.abc import Iterator

from harness.core import limits
from harness.core.directives import NEEDS
from harness.core.problem import Problem
from harness.judge import compare, noise
from harness.judge.printed import UNPRINTABLE, own_warnings, printed
from harness.judge.result import Raised, Result
from harness.judge.subject import Subject

SCRATCH = re.compile(r"\S*/snippets-\w{8}\b")  # the folder that a run makes
NO_COMPILER = re.compile(r"InvalidCxxCompiler|No working C\+\+ compiler")
BELOW = "write below a folder of tempfile.TemporaryDirectory()"
ENDS = {
    "limit": (
        "hangs: still running long after its {:g} s",
        "make it faster, or say '# takes: … s'",
    ),
    "memory": ("eats memory", "make it smaller"),
    "harness": (
        "was lost: its supervisor ended without a word",
        "run it again; if it stays, this is a bug of the harness",
    ),
}
# The end of a message, and its cure where declaring the error would be none.
CURES = {
    "^MemoryError": "make it smaller",
    "^EOFError.*reading a line": "put the value into the program: nobody types it",
    "Permission denied": BELOW,
    "not compiled with CUDA|No CUDA GPUs|no NVIDIA driver": (
        "choose the device by the common line, or declare '# needs: cuda'"
    ),
    f"^ModuleNotFoundError: No module named '({'|'.join(NEEDS)})'": (
        "declare '# needs: {}'"
    ),
    "^ModuleNotFoundError": (
        "do without it: a program runs alone, with torch, NumPy and Matplotlib"
    ),
}


def conduct(subject: Subject, result: Result) -> list[Problem]:
    """What is wrong, of the first kind that is found: it may explain the others."""
    checks = (ended, _tried, raised, warned, _drew, _left, _shows)
    for check in checks:
        if faults := list(check(subject, result)):
            return [subject.problem(*fault) for fault in faults]
    return []


def fails(subject: Subject, result: Result) -> list[Problem]:
    """Only whether it ended and raised as declared."""
    faults = [*ended(subject, result), *raised(subject, result)]
    return [subject.problem(*fault) for fault in faults[:1]]


def promises(subject: Subject, result: Result) -> list[Problem]:
    """Only how it ended, raised and warned: this holds on every system."""
    faults = warned(subject, result, others=False)
    return fails(subject, result) or [subject.problem(*fault) for fault in faults]


def ended(subject: Subject, result: Result) -> Iterator[tuple]:
    """Why it did not come to its end by itself."""
    if result.ended in ENDS:
        what, fix = ENDS[result.ended]
        yield what.format(subject.directives.takes), fix, result.line
    elif result.ended != "finished":
        what = f"ended with {result.ended} before its last line{_quote(result.stderr)}"
        yield what, "it must not leave by os._exit or crash", result.line


def _tried(_: Subject, result: Result) -> Iterator[tuple]:
    """Forbidden acts, of which the first explains the others."""
    if tried := result.complaints:
        fix = BELOW
        if "network" in tried[0]:
            fix = "make the data in the program: it must run without a network"
        more = f" (and {len(tried) - 1} more)" if tried[1:] else ""
        yield tried[0] + more, fix, result.raised.line if result.raised else 0
    elif result.exits:
        what = f"calls sys.exit{_quote(result.stderr)}"
        yield what, "let the program end by itself", result.line


def raised(subject: Subject, result: Result) -> Iterator[tuple]:
    """An error that it did not declare, or declared in vain."""
    error, declared = result.raised, subject.directives.raises
    if declared and not error:
        what = f"does not raise {declared}, which it declares"
        yield what, "fix the program, or remove '# raises:'", 1
    if error and (fault := _syntax(subject)):
        yield f"is not valid Python: {fault.msg}", "fix this line", fault.lineno or 0
    elif not error or error.type == declared:
        return
    elif NO_COMPILER.search(error.text):
        what = "needs a C++ compiler and does not say so"
        yield what, "declare '# needs: compiler'", error.line
    else:
        lines = error.text.split("\n")  # a syntax error begins with its place
        head = next((one for one in lines if one.startswith(error.type)), lines[0])
        expected = f"instead of {declared}" if declared else "and does not say so"
        what = f"raises {head} ({expected}){_quote(error.traceback)}"
        yield what, _cure(error), error.line


def _syntax(subject: Subject) -> SyntaxError | None:
    try:
        ast.parse(subject.source)
    except SyntaxError as error:
        return error
    return None


def _cure(error: Raised) -> str:
    for pattern, cure in CURES.items():
        if found := re.search(pattern, error.text):
            return cure.format(*found.groups())
    return f"fix it, or declare '# raises: {error.type}'"


def warned(subject: Subject, result: Result, others: bool = True) -> Iterator[tuple]:
    """Warnings that it did not declare, if `others` count, or declared in vain."""
    seen = own_warnings(subject, result)
    names = list(dict.fromkeys(w.category for w in seen))
    declared = subject.directives.categories
    foreign = [w for w in seen if w.category not in declared] if others else []
    missing = [name for name in declared if name not in names]
    if foreign:
        one, *more = foreign
        line = one.line if one.file == subject.path else 0
        what = f"warns {one.category}: {_cut(one.message)}"
        what += "" if line else f" (at {one.file}:{one.line})"
        what += f" (and {len(more)} more)" if more else ""
        fix = f"fix it, or declare '# warns: {', '.join(names)}'"
        hidden = one.category == "ResourceWarning"  # by Python, from a reader
        yield what, "close what it opens, as 'with' does" if hidden else fix, line
    elif missing:
        what = f"does not warn {', '.join(missing)}, which it declares"
        yield what, "fix the program, or correct '# warns:'", 1


def _drew(subject: Subject, result: Result) -> Iterator[tuple]:
    """A picture that is missing, or that nobody declared."""
    name = subject.figure
    if subject.directives.figure:
        if not result.svg:
            yield f"draws no {name}", f'end with fig.savefig("{name}")'
        elif result.figure is None:
            what = "does not leave exactly one pyplot figure open"
            yield what, "make one with plt.subplots and do not close it"
    elif result.svg:
        fix = "declare '# figure: what the picture shows'"
        yield f"draws {name} without saying so", fix
    elif result.figure is not None:
        fix = "close it with plt.close()"
        if name:
            fix += f", or save it as \"{name}\" and declare '# figure: what it shows'"
        yield "draws a picture without saying so", fix


def _left(_: Subject, result: Result) -> Iterator[tuple]:
    """Words on standard error, files and processes."""
    if stderr := noise.without_noise(result.stderr):
        fix = "print to standard output, or fix what complains"
        yield f"writes to standard error:{_quote(stderr)}", fix
    if files := noise.own_files(result.files):
        yield f"leaves files: {_some(files)}", BELOW
    if names := result.processes:
        yield f"leaves processes: {_some(names)}", "join or end what it starts"


def _shows(subject: Subject, result: Result) -> Iterator[tuple]:
    """Nothing, what a page cannot show, or what is elsewhere on each machine."""
    if subject.silent:  # no page shows what it prints
        return
    text = printed(subject, result)
    if not (text.strip() or subject.directives.figure):
        yield "prints nothing", "print what the reader should see"
    if found := UNPRINTABLE.search(text):
        where = _where(text, found.start())
        yield f"prints {found.group()!r}{where}", "print plain text"
    places = [subject.root, *map(sysconfig.get_path, ("purelib", "stdlib"))]
    places += [found.group() for found in SCRATCH.finditer(text)]
    for place in places:
        if place and place in text:
            what = f"prints {place}{_where(text, text.index(place))}"
            yield what, "print no folder of this machine: a reader has others"
            return


def _where(text: str, at: int) -> str:
    """The line of an output, quoted."""
    number = text.count("\n", 0, at)
    return f" in line {number + 1} of its output: {_cut(text.split(chr(10))[number])!r}"


def _some(names: list[str] | tuple[str, ...]) -> str:
    more = f", and {len(names) - 5} more" if len(names) > 5 else ""
    return ", ".join(map(_cut, names[:5])) + more


def _cut(text: str) -> str:
    return text if len(text) <= 300 else f"{text[:300]}…"


def _quote(text: str) -> str:
    """The end of a text, indented, on lines of its own."""
    lines = text.rstrip("\n").split("\n") if text.strip() else []
    if len(lines) > limits.TRACEBACK:
        lines[: -limits.TRACEBACK] = [f"… {len(lines) - limits.TRACEBACK} lines before"]
    return "".join(f"\n      {compare.visible(line)}" for line in lines)
