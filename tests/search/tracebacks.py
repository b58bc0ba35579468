"""Tracebacks of the failing programs of the error pages.

`recorded` makes them of what the programs printed; `made` runs each, with other numbers
in it, too, in a fork of a process that has imported torch.
"""

import io
import json
import os
import re
import signal
import subprocess
import sys
import tempfile
import time
import tokenize
import traceback
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path

from harness.core import page as pages
from harness.core import snippet
from harness.core.snippet import Snippet
from harness.core.tree import HERE
from tests import error_entries

LIMIT = 120  # seconds of one program, on a busy machine
OURS = "/home/me/project"
SITE = "/home/me/.venv/lib/python3.11/site-packages"
LIBRARIES = re.compile(r"(?<=[\"\s])/\S*/site-packages(?=/)")
NUMBER = re.compile(r"\d+(?:\.\d+)?")
# Of a program: itself, its sizes doubled, and others.
OTHERS = (lambda n: n, lambda n: 2 * n, lambda n: n + 3)
NOTEBOOKS = 6  # IPython is slow: of so many programs, it shows one


@dataclass(frozen=True)
class Failure:
    """What a program showed of its error, in a terminal and in a notebook."""

    program: str
    text: str  # the traceback, or the warning with its line
    notebook: str  # the same by IPython, or nothing
    message: str  # from its type on, of one line or more


def failing() -> dict[str, Snippet]:
    """The programs of entries that fail, or warn, on a CPU."""
    known = {one.name: one for one in snippet.find(HERE)}
    found = {}
    for entry in error_entries.entries(pages.find(HERE)):
        for name in entry.snippets:
            told = known[name].directives
            if (told.raises or told.warns) and not told.run and told.lane == "cpu":
                found[name] = known[name]
    return found


def right(one: Failure) -> set[tuple[str, str]]:
    """Page and anchor of the entries that have an error.

    They have its text, or show its program, which may print another on another machine.
    """
    told = like(one.message.replace("\n", " "))
    having = {e: text for e, text in _texts().items() if text in told}
    longest = max(map(len, having.values()), default=0)
    best = [e for e, text in having.items() if 20 < len(text) == longest]
    shown = [e for e in _texts() if one.program in e.snippets]
    return {(e.page.name, e.anchor) for e in (*best, *shown)}


@cache
def _texts() -> dict[error_entries.Entry, str]:
    found = error_entries.entries(pages.find(HERE))
    return {e: like(e.text.replace("…", "")).strip() for e in found}


def like(text: str) -> str:
    return NUMBER.sub("#", text)


def recorded() -> Iterator[Failure]:
    """What each program printed last, as the traceback of a program of a reader."""
    for name, one in failing().items():
        if not one.out.exists():
            continue
        wanted = one.directives.raises or one.directives.warns[-1]
        text = one.out.read_text(encoding="utf-8").rstrip()
        start = text.rfind(f"\n{wanted}:") + 1
        if not text.startswith(wanted, start):
            continue
        message, code = text[start:], one.source.rstrip().split("\n")
        line = f'  File "{OURS}/train.py", line {len(code)}, in <module>\n'
        line += f"    {code[-1].strip()}\n"
        own = f"{OURS}/train.py:{len(code)}: "
        library = f'  File "{SITE}/torch/nn/functional.py", line 2, in linear\n'
        trace = f"Traceback (most recent call last):\n{line}{library}    f(x)\n"
        shown = trace if one.directives.raises else own
        yield Failure(name, f"{shown}{message}\n", "", message)


def varied(source: str, other) -> str:
    """A program with other whole numbers from 2 to 99."""
    lines = source.splitlines(keepends=True)
    for one in reversed([*tokenize.generate_tokens(io.StringIO(source).readline)]):
        if one.type == tokenize.NUMBER and re.fullmatch(r"[2-9]|[1-9]\d", one.string):
            (row, start), (_, end) = one.start, one.end
            line = lines[row - 1]
            lines[row - 1] = line[:start] + str(other(int(one.string))) + line[end:]
    return "".join(lines)


def made(programs: list[str]) -> list[Failure]:
    """Failures of programs, the recorded one first, then alike ones of other sizes."""
    with tempfile.TemporaryDirectory() as folder:
        ran = subprocess.run(
            [sys.executable, "-m", __spec__.name, folder],
            input=json.dumps(programs),
            stdout=subprocess.PIPE,
            text=True,
            cwd=HERE.root,
            check=True,
        )
    return [Failure(**one) for one in json.loads(ran.stdout)]


def _serve(folder: Path) -> None:
    for module in ("torch", "torch.utils.data", "IPython.core.ultratb"):
        __import__(module)
    found = []
    for at, name in enumerate(json.load(sys.stdin)):
        source, tried, first = Snippet(HERE, name).source, set(), None
        for number, other in enumerate(OTHERS):
            text = varied(source, other)
            if text in tried:
                continue
            tried.add(text)
            file = folder / f"{at}-{number}" / "train.py"
            file.parent.mkdir()
            file.write_text(text, encoding="utf-8")
            in_notebook = at % NOTEBOOKS == 0 and number == 0
            one = _failure(name, file, in_notebook)
            first = first or one
            if one and like(one.message) == like(first.message):
                found.append(asdict(one))
    print(json.dumps(found))


def _failure(name: str, file: Path, in_notebook: bool) -> Failure | None:
    told = file.with_suffix(".json")
    pid = os.fork()
    if not pid:
        try:
            _run(name, file, told, in_notebook)
        finally:
            os._exit(0)
    end = time.monotonic() + LIMIT
    while not os.waitpid(pid, os.WNOHANG)[0]:
        if time.monotonic() > end:
            os.kill(pid, signal.SIGKILL)
            os.waitpid(pid, 0)
            break
        time.sleep(0.01)
    return Failure(**json.loads(told.read_text())) if told.exists() else None


def _run(name: str, file: Path, told: Path, in_notebook: bool) -> None:
    """Executes a program as `python train.py` does, and writes what it showed."""
    said = file.with_suffix(".err")
    null = os.open(os.devnull, os.O_RDWR)
    out = os.open(said, os.O_RDWR | os.O_CREAT | os.O_TRUNC)
    for fd, target in enumerate((null, null, out)):
        os.dup2(target, fd)
    os.chdir(file.parent)
    sys.stderr = open(2, "w", closefd=False)
    main = sys.modules["__main__"].__dict__
    main |= {"__name__": "__main__", "__file__": str(file)}
    notebook = ""
    try:
        exec(compile(file.read_text(encoding="utf-8"), str(file), "exec"), main)
    except BaseException as error:
        error.__traceback__ = error.__traceback__.tb_next
        text = traceback.format_exc()
        message = "".join(traceback.format_exception_only(error))
        if in_notebook:
            notebook = _notebook(error)
    else:
        sys.stderr.flush()
        text = said.read_text(encoding="utf-8", errors="replace")
        warned = re.findall(r"^\S+?:\d+: (\w+Warning: [^\n]*)", text, re.MULTILINE)
        if not warned:
            return
        message = warned[-1]
    own, parts = str(file.parent), (text, notebook, message.strip())
    texts = (LIBRARIES.sub(SITE, one.replace(own, OURS)) for one in parts)
    told.write_text(json.dumps(asdict(Failure(name, *texts))), encoding="utf-8")


def _notebook(error: BaseException) -> str:
    from IPython.core.ultratb import AutoFormattedTB

    shown = AutoFormattedTB(mode="Context", theme_name="nocolor", tb_offset=0)
    text = shown.text(type(error), error, error.__traceback__)
    return re.sub(r"(?m)^File \S*train\.py:(\d+)", r"Cell In[4], line \1", text)


if __name__ == "__main__":
    _serve(Path(sys.argv[1]))
