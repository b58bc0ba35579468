"""How a program behaved, apart from what it printed: one problem for each cause.

Checks yield what is wrong, how to fix it and, where it is known, the line.
"""

import ast
import re
import sys
import sysconfig
import tomllib
from collections.abc import Iterator, Sequence
from pathlib import Path

from harness.core import limits
from harness.core.problem import Problem
from harness.judge import compare, shown
from harness.judge.result import Result
from harness.judge.subject import Subject

SCRATCH = re.compile(r"\S*/snippets-\w{8}\b")  # the folder that a run makes
NO_COMPILER = re.compile(r"InvalidCxxCompiler|No working C\+\+ compiler")
CURES = tomllib.loads(Path(__file__).with_name("cures.toml").read_text("utf-8"))
OURS = " -m harness.run."  # the command of what forks programs, and so of their forks


def _ended(subject: Subject, result: Result) -> Iterator[tuple]:
    """Why it did not come to its end by itself."""
    over = result.ended == "limit" and not (result.line or subject.directives.run)
    if ended := CURES["ends"].get("over" if over else result.ended):
        what, fix = ended
        yield what.format(subject.directives.takes, limits.MEMORY), fix, result.line
    elif found := subject.directives.run and _of_process(subject.path, result.stderr):
        traceback, line, said = found.groups()
        yield f"raises {said}{_quote(traceback)}", _cure(said, "fix it"), int(line)
    elif result.ended != "finished":
        what = f"ended with {result.ended} before its last line{_quote(result.stderr)}"
        yield what, "it must not leave by os._exit or crash", result.line


def _of_process(path: str, stderr: str) -> re.Match | None:
    """Of the first process that a launcher lost: its frames, the line, the error."""
    rank = re.search(r"^(\[rank\d+\]: |)Traceback ", f"{stderr}\nTraceback ", re.M)[1]
    own = [row[len(rank) :] for row in stderr.split("\n") if row.startswith(rank)]
    frame = rf'  File "{re.escape(path)}", line (\d+)'
    error = rf"^Traceback .*\n(?: .*\n)*?({frame}.*\n(?: .*\n)*(\S.*))"
    return re.search(error, "\n".join(own), re.MULTILINE)


def _tried(_: Subject, result: Result) -> Iterator[tuple]:
    """Forbidden acts, of which the first explains the others."""
    if tried := result.complaints:
        line = result.raised.line if result.raised else 0
        yield _some(tried, 1), CURES["tried"][tried[0].split()[0]], line
    elif result.exits:
        what = f"calls sys.exit{_quote(result.stderr)}"
        yield what, _cure(result.stderr, "let the program end by itself"), result.line


def _raised(subject: Subject, result: Result) -> Iterator[tuple]:
    """An error that it did not declare, or declared in vain."""
    error, declared = result.raised, subject.directives.raises
    if error is None:
        if declared:
            what = f"does not raise {declared}, which it declares"
            yield what, "fix the program, or remove '# raises:'", 1
        return
    try:
        ast.parse(subject.source)
    except SyntaxError as fault:
        yield f"is not valid Python: {fault.msg}", "fix this line", fault.lineno or 0
        return
    if NO_COMPILER.search(error.text) and error.type != declared:
        what = "needs a C++ compiler and does not say so"
        yield what, "declare '# needs: compiler'", error.line
    elif error.type != declared:
        lines = error.text.split("\n")  # a syntax error begins with its place
        head = next((one for one in lines if one.startswith(error.type)), lines[0])
        expected = f"instead of {declared}" if declared else "and does not say so"
        what = f"raises {head} ({expected}){_quote(error.traceback)}"
        fix = f"fix it, or declare '# raises: {error.type}'"
        yield what, _cure(f"{error.text}\n{result.stderr}", fix), error.line


def _cure(error: str, otherwise: str) -> str:
    known = ((re.search(one, error), cure) for one, cure in CURES["errors"].items())
    return next((cure.format(*hit.groups()) for hit, cure in known if hit), otherwise)


def _warned(subject: Subject, result: Result) -> Iterator[tuple]:
    seen = shown.own_warnings(subject, result)
    foreign = [w for w in seen if w.category not in subject.directives.warns]
    if not foreign:
        return
    what = f"warns {_some([f'{w.category}: {w.message}' for w in foreign], 1)}"
    kinds = ", ".join(dict.fromkeys(w.category for w in seen))
    one = foreign[0]
    fix = _cure(one.message, f"fix it, or declare '# warns: {kinds}'")
    if one.category == "ResourceWarning":  # which Python hides from a reader
        fix = "close what it opens, as 'with' does"
    if one.file == subject.path:
        yield what, fix, one.line
    else:
        yield f"{what} (at {one.file}:{one.line})", fix


def _kept_quiet(subject: Subject, result: Result) -> Iterator[tuple]:
    """Warnings that it declared in vain."""
    seen = {w.category for w in shown.own_warnings(subject, result)}
    missing = [name for name in subject.directives.warns if name not in seen]
    if missing:
        what = f"does not warn {', '.join(missing)}, which it declares"
        yield what, "fix the program, or correct '# warns:'", 1


def _drew(subject: Subject, result: Result) -> Iterator[tuple]:
    name = subject.figure
    if subject.directives.figure:
        if not result.svg:
            yield f"draws no {name}", f'end with fig.savefig("{name}")'
        elif result.figure is None:
            what = "does not leave exactly one pyplot figure open"
            yield what, "make one with plt.subplots and do not close it"
    elif result.svg or result.figure is not None:
        what = f"draws {name if result.svg else 'a picture'} without saying so"
        fix = "close it with plt.close()"
        if name:
            fix += f", or save it as \"{name}\" and declare '# figure: what it shows'"
            fix += f", in {limits.ALT} characters or more"
        yield what, fix


def _left(_: Subject, result: Result) -> Iterator[tuple]:
    if stderr := shown.without_noise(result.stderr):
        fix = "print to standard output, or fix what complains"
        yield f"writes to standard error:{_quote(stderr)}", fix
    if files := [one for one in result.files if not shown.is_noise(one, "files")]:
        yield f"leaves files: {_some(files)}", CURES["tried"]["writes"]
    if names := ["a fork" if OURS in name else name for name in result.processes]:
        yield f"leaves processes: {_some(names)}", "join or end what it starts"


def _shows(subject: Subject, result: Result) -> Iterator[tuple]:
    """Nothing, what a page cannot show, or what is elsewhere on each machine."""
    if subject.silent:  # no page shows what it prints
        return
    text = shown.printed(subject, result)
    if not (text.strip() or subject.directives.figure):
        yield "prints nothing", "print what the reader should see"
    for number, what, fix in shown.text_faults(text):
        yield f"{what}{_where(text, number)}", fix
    for _, what, fix in shown.picture_faults(result.svg) if result.svg else ():
        yield what, fix
    places = [subject.root, *map(sysconfig.get_path, ("purelib", "stdlib"))]
    places += [place for place in (sys.prefix, sys.base_prefix) if place.count("/") > 1]
    places += SCRATCH.findall(text)
    if named := [place for place in places if place and place in text]:
        number = text.count("\n", 0, text.index(named[0])) + 1
        what = f"prints {named[0]}{_where(text, number)}"
        yield what, "print no folder of this machine: a reader has others"


def _where(text: str, number: int) -> str:
    line = compare.visible(text.split("\n")[number - 1])
    return f" in line {number} of its output: '{line}'" if number else ""


def _some(found: Sequence[str], most: int = 5) -> str:
    more = f" (and {len(found) - most} more)" if len(found) > most else ""
    return ", ".join(map(compare.visible, found[:most])) + more


def _quote(text: str) -> str:
    """The end of a text, indented, on lines of its own."""
    lines = text.rstrip("\n").split("\n") if text.strip() else []
    if len(lines) > limits.TRACEBACK:
        lines[: -limits.TRACEBACK] = [f"… {len(lines) - limits.TRACEBACK} lines before"]
    return "".join(f"\n      {compare.visible(line)}" for line in lines)


# What is asked of a program, in the order in which one fault may explain the others.
ALL = (_ended, _tried, _raised, _warned, _kept_quiet, _drew, _left, _shows)
PROMISED = (_ended, _raised, _kept_quiet)  # this holds on every system
ENDED = (_ended, _raised)


def conduct(subject: Subject, result: Result, kinds: Sequence = ALL) -> list[Problem]:
    """What is wrong, of the first kind that is found."""
    for kind in kinds:
        if faults := list(kind(subject, result)):
            return [subject.problem(*fault) for fault in faults]
    return []
