"""`python -m tests.gate.others`: other tools on the broken sites of this corpus.

Each entry becomes a small site in the form that a tool documents, and stands beside a
page that is right. A tool notices an entry if it ends red; it must be green without.
In doubt the tool gets the point: any red counts, whatever its reason.
"""

import argparse
import ast
import json
import os
import re
import subprocess
import sys
import sysconfig
import tempfile
import xml.etree.ElementTree as xml
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import jupytext
import nbformat

from harness.core import records
from harness.core.tree import HERE
from harness.site.copies import EXPECTED
from tests.gate.test_corpus import FOLDER, LESSON, Case, cases, written

FILE = HERE.recorded / "other_tools.json"
LABELS = {  # what a page calls each file of the corpus
    "blocks": "Programs and outputs of a page",
    "runs": "Programs, when they run",
    "programs": "Programs, before they run",
    "cells": "Cells of notebooks",
    "walks": "Notebooks, before they run",
    "fences": "Code and output that somebody typed",
    "markup": "HTML that looks like output",
    "readme": "The README",
    "numbers": "Numbers in sentences",
    "links": "Links",
    "disguise": "Look-alike and invisible characters",
    "records": "Records of what ran",
    "files": "Files and their names",
    "exercises": "Exercises",
}
LIMIT = 300  # seconds; none of the tools ends a program that hangs
GOOD = "```python\nx = 2 + 2\n```\n"
BASE = {"index.md", "numbers/index.md", "numbers/why.md"}
INCLUDE = re.compile(
    r'^(?P<before> *)--8<-- "(?P<name>[\w/-]+)\.md(?::(?P<part>\w+))?"$'
)

ENV = {"PATH": os.defpath, "LANG": "C.UTF-8", "HOME": "/nonexistent"}
ENV |= {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "OMP_NUM_THREADS": "1"}

# Statement by statement, as a session shows it.
SESSION = """
import ast, contextlib, io, json, sys
sys.argv = sys.argv[1:]
names, said = {"__name__": "__main__", "__file__": sys.argv[0]}, []
for node in ast.parse(open(sys.argv[0], encoding="utf-8-sig").read()).body:
    with contextlib.redirect_stdout(io.StringIO()) as out:
        exec(compile(ast.Interactive([node]), sys.argv[0], "single"), names)
    said.append(out.getvalue())
    with open("said.json", "w") as file:
        json.dump(said, file)
"""
# Runs pytest in a fork for each line that it reads: a site, and arguments.
SERVER = """
import importlib, json, os, signal, sys
import pytest
if sys.argv[1]:
    importlib.import_module(sys.argv[1])
for line in sys.stdin:
    site, *arguments = json.loads(line)
    child = os.fork()
    if not child:
        os.setsid()
        os.dup2(os.open(os.devnull, os.O_RDWR), 0)
        os.dup2(os.open(site + ".log", os.O_WRONLY | os.O_CREAT), 1)
        os.dup2(1, 2)
        os.chdir(site)
        sys.path.insert(0, site)
        os._exit(pytest.main(arguments))
    signal.signal(signal.SIGALRM, lambda *_: os.killpg(child, 9))
    signal.alarm(LIMIT)
    ended = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    signal.alarm(0)
    print(ended, flush=True)
"""
EXAMPLES = """
import pytest
from pytest_examples import CodeExample, EvalExample, find_examples

@pytest.mark.parametrize("example", find_examples("docs", "README.md"), ids=str)
def test_example(example: CodeExample, eval_example: EvalExample):
    if eval_example.update_examples:
        eval_example.run_print_update(example)
    else:
        eval_example.run_print_check(example)
"""
SYBIL = """
from sybil import Sybil
from sybil.parsers.markdown import PythonCodeBlockParser, SkipParser

parsers = [PythonCodeBlockParser(), SkipParser()]
pytest_collect_file = Sybil(parsers=parsers, patterns=["*.md"]).pytest()
"""
RIGHT = Case(kind="a right page", page=GOOD, passes=True)
WRONG = Case(kind="a wrong page", page=GOOD.replace("2 + 2", "1 / 0"), cell="1 / 0")
RUNS = {"blocks", "fences", "programs", "readme", "runs"}  # what runs Markdown looks at


class Tool:
    """One that runs the Python of Markdown, and compares no output."""

    name = "pytest-markdown-docs"
    version = "0.9.2"
    plugin = "pytest_markdown_docs.plugin"
    command = ("--markdown-docs", "docs", "README.md")
    files: dict[str, str] = {}
    claims = RUNS

    def __init__(self, envs: Path):
        self.python = envs / self.name / "bin" / "python"
        if not self.python.exists():
            subprocess.run([sys.executable, "-m", "venv", envs / self.name], check=True)
            what = f"{self.name}=={self.version}"
            pip = [
                self.python,
                "-m",
                "pip",
                "install",
                "--quiet",
                "pytest==9.2.0",
                what,
            ]
            subprocess.run(pip, check=True)
            # Programs import what this project has; what the tool has comes first.
            ours = f"{sysconfig.get_path('purelib')}\n"
            [site] = (envs / self.name).glob("lib/python*/site-packages")
            (site / "zz-project.pth").write_text(ours)
        server = SERVER.replace("LIMIT", str(LIMIT))
        self._server = subprocess.Popen(
            [self.python, "-c", server, self.plugin],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=ENV,
            text=True,
        )

    def program(self, source: str, printed: str) -> str:
        """A program and what a page says that it prints, as this tool wants it."""
        shown = f"\n{_fence('text', printed)}" if printed else ""
        return _fence("python", source) + shown

    def output(self, printed: str) -> str:
        return _fence("text", printed)

    def red(self, site: Path, *more: str) -> bool:
        """Whether pytest ends with another exit than 0."""
        for name, text in self.files.items():
            (site / name).write_text(text)
        (site / "pytest.ini").write_text("[pytest]\n")
        plugin = ("-p", self.plugin) if self.plugin else ()
        asked = [
            str(site),
            "-q",
            "-p",
            "no:cacheprovider",
            *plugin,
            *self.command,
            *more,
        ]
        self._server.stdin.write(f"{json.dumps(asked)}\n")
        self._server.stdin.flush()
        return int(self._server.stdout.readline()) not in (0, -9)

    def end(self) -> None:
        self._server.stdin.close()
        self._server.wait()

    def site(self, case: Case, root: Path) -> Path:
        """The site that breaks as the case says."""
        site = root / "site"
        _write(site / "docs" / "index.md", f"# Small\n\n{GOOD}")
        draft = written(root / "draft", [case]).tree
        _write(site / "README.md", (draft.root / "README.md").read_text("utf-8"))
        for file in sorted(draft.docs.rglob("*.md")):
            name = file.relative_to(draft.docs).as_posix()
            if name in BASE or file.is_dir() or not file.exists():
                continue
            data = file.read_bytes()
            if not case.bytes:
                text = "\n".join(self._lines(case, draft.root, data.decode()))
                data = text.encode()
            (site / "docs" / name).parent.mkdir(parents=True, exist_ok=True)
            (site / "docs" / name).write_bytes(data)
        return site

    def _lines(self, case: Case, root: Path, text: str) -> Iterator[str]:
        for line in text.split("\n"):
            found = INCLUDE.fullmatch(line)
            file = root / "snippets" / f"{found['name']}.py" if found else root
            if not file.is_file():
                yield line
                continue
            shown = self._fragment(case, file, found["part"] or "")
            yield from (f"{found['before']}{one}".rstrip() for one in shown.split("\n"))

    def _fragment(self, case: Case, file: Path, part: str) -> str:
        source = file.read_text(encoding="utf-8-sig")
        out = file.with_suffix(".out")
        printed = out.read_text(encoding="utf-8") if out.exists() else ""
        if not printed and case.by == "record":
            printed = "".join(said(source))  # an author copies what a run printed
        if part == "figure":
            return ""
        if part == "output":
            return self.output(printed)
        if "# needs: cuda" in source:  # none of them runs it here
            return _fence("text", source)
        return self.program(source, "" if part == "code" else printed)


class Codeblocks(Tool):
    name = "pytest-codeblocks"
    version = "0.18.0"
    plugin = "pytest_codeblocks.plugin"
    command = ("--codeblocks", "docs", "README.md")

    def output(self, printed: str) -> str:
        return f"{EXPECTED}\n{_fence('text', printed)}"

    def program(self, source: str, printed: str) -> str:
        shown = f"\n{self.output(printed)}" if printed else ""
        return _fence("python", source) + shown


class Examples(Tool):
    name = "pytest-examples"
    version = "0.0.18"
    plugin = "pytest_examples"
    command = ("test_docs.py",)
    files = {"test_docs.py": EXAMPLES}

    def program(self, source: str, printed: str) -> str:
        """With `#> ` below what prints, as the tool itself writes it."""
        with tempfile.TemporaryDirectory() as folder:
            site = Path(folder)
            _write(site / "README.md", "# Small\n")
            _write(site / "docs" / "index.md", _fence("python", source))
            self.red(site, "--update-examples")
            text = (site / "docs" / "index.md").read_text(encoding="utf-8")
        before, now = "".join(said(source)).split("\n"), printed.split("\n")
        if printed and before != now:
            lines = text.split("\n")
            if len(before) != len(now):
                lines[-1:-1] = [f"#> {one}" for one in now[:-1]]
            for was, one in zip(before, now, strict=False):
                if was != one and f"#> {was}" in lines:
                    lines[lines.index(f"#> {was}")] = f"#> {one}"
            text = "\n".join(lines)
        return text


class Sybil(Tool):
    name = "sybil"
    version = "10.1.0"
    plugin = ""
    command = ("docs", "README.md")
    files = {"conftest.py": SYBIL}

    def program(self, source: str, printed: str) -> str:
        """As a session: so a page says what each statement prints."""
        try:
            nodes = ast.parse(source).body
        except SyntaxError:
            return _fence("python", source)
        rows, start, outputs = source.split("\n"), 0, said(source)
        shown = (
            printed.split("\n")[:-1] if printed else "".join(outputs).split("\n")[:-1]
        )
        fits = len(shown) == "".join(outputs).count("\n")
        session = []
        for at, node in enumerate(nodes):
            code = [one for one in rows[start : node.end_lineno] if one.strip()]
            start = node.end_lineno
            head = next(n for n, one in enumerate(code) if not one.startswith("#"))
            session += [f">>> {one}" for one in code[: head + 1]]
            session += [f"... {one}" for one in code[head + 1 :]]
            count = outputs[at].count("\n") if at < len(outputs) else 0
            if not fits:
                count = len(shown) if node is nodes[-1] else 0
            session += [one or "<BLANKLINE>" for one in shown[:count]]
            shown = shown[count:]
        return _fence("python", "\n".join(session) + "\n")


class Nbmake(Tool):
    """Reads notebooks, which are made from lessons."""

    name = "nbmake"
    version = "1.5.5"
    plugin = "nbmake.pytest_plugin"
    command = ("--nbmake", "docs")
    claims = {"cells", "walks"}

    def site(self, case: Case, root: Path) -> Path:
        site = root / "site"
        cells = [nbformat.v4.new_code_cell("x = 2 + 2")]
        _notebook(site / "docs" / "index", cells)
        lessons = {f"corpus/{case.slug}": case.walk, "walks/cells": ""}
        if case.cell:
            lessons["walks/cells"] = f"{LESSON}\n# %%\n{case.cell}\n"
        for name, text in lessons.items():
            if text:
                lesson = jupytext.reads(text, fmt="py:percent")
                _notebook(site / "docs" / name, lesson.cells)
        return site


TOOLS = (Codeblocks, Examples, Sybil, Nbmake, Tool)


def _notebook(file: Path, cells: list) -> None:
    """A notebook, unless nothing in it runs."""
    if any(one.cell_type == "code" for one in cells):
        made = nbformat.v4.new_notebook(cells=cells)
        made.metadata.kernelspec = {"name": "python3", "display_name": "Python 3"}
        _write(file.with_suffix(".ipynb"), nbformat.writes(made))


def _fence(language: str, text: str) -> str:
    mark = "````" if "```" in text else "```"
    return f"{mark}{language}\n{text}{mark}\n"


def _write(file: Path, text: str) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")


@cache
def said(source: str) -> tuple[str, ...]:
    """What each statement of a program prints, up to one that fails."""
    with tempfile.TemporaryDirectory() as folder:
        file, found = Path(folder, "program.py"), Path(folder, "said.json")
        file.write_text(source, encoding="utf-8")
        run = [sys.executable, "-c", SESSION, file]
        quiet = {"stdin": subprocess.DEVNULL, "stdout": subprocess.DEVNULL}
        quiet["stderr"] = subprocess.DEVNULL
        with suppress(subprocess.TimeoutExpired):
            subprocess.run(run, cwd=folder, env=ENV, timeout=LIMIT, **quiet)
        return tuple(json.loads(found.read_text())) if found.exists() else ()


def kinds() -> dict[str, list[Case]]:
    """The entries that this gate must refuse, by file of the corpus."""
    found = {}
    for file in sorted(FOLDER.glob("*.yml")):
        slugs = re.findall(r"^- kind: (.+)$", file.read_text("utf-8"), re.MULTILINE)
        every = [cases()[re.sub(r"\W+", "_", one.strip('"').lower())] for one in slugs]
        if refused := [one for one in every if one.says]:
            found[file.stem] = refused
    return found


def ours() -> set[str]:
    """The entries for which this gate's own test passes."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "junit.xml")
        run = ["-m", "pytest", str(Path(__file__).parent), f"--junitxml={file}"]
        subprocess.run([sys.executable, *run], cwd=HERE.root)
        every = xml.parse(file).getroot().iter("testcase")
        good = [one.get("name", "") for one in every if not len(one)]
    return {name.partition("[")[2].rstrip("]") for name in good}


def noticed(tool: Tool, case: Case) -> bool:
    if isinstance(tool, Nbmake) and not (case.walk or case.cell or case.passes):
        return False
    with tempfile.TemporaryDirectory() as folder:
        return tool.red(tool.site(case, Path(folder)))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    place = HERE.build / "venvs"
    parser.add_argument("--envs", type=Path, default=place, help="where they are made")
    names = [tool.name for tool in TOOLS]
    parser.add_argument("--only", choices=names, help="one of the tools, anew")
    parser.add_argument("--new", action="store_true", help="entries without an answer")
    asked = parser.parse_args()
    envs = asked.envs.resolve()
    old = json.loads(FILE.read_bytes()) if asked.only or asked.new else {"tools": {}}
    table = {"tools": {**old["tools"]}}
    answered = {slug for one in old.get("entries", {}).values() for slug in one}
    answered = answered if asked.new else set()
    every = [case for one in kinds().values() for case in one]
    good = ours()
    today = datetime.now(UTC).date().isoformat()
    table["date"] = old["date"] if asked.new else today  # of the oldest answer
    table["labels"] = LABELS
    table["entries"] = {kind: [c.slug for c in one] for kind, one in kinds().items()}
    table["gate"] = [case.slug for case in every if case.slug in good]
    for kind in TOOLS:
        if asked.only not in (None, kind.name):
            continue
        tool = kind(envs)
        # It must pass what is right, and fail what no tool of its kind lets through.
        if noticed(tool, RIGHT) or not noticed(tool, WRONG):
            print(f"{tool.name} cannot tell right from wrong", file=sys.stderr)
            return 1
        before = {*old["tools"].get(tool.name, {}).get("noticed", ())}
        found = [
            one.slug
            for one in every
            if (one.slug in before if one.slug in answered else noticed(tool, one))
        ]
        row = {"version": tool.version, "claims": sorted(tool.claims), "noticed": found}
        table["tools"][tool.name] = row
        tool.end()
        print(f"{tool.name}: {len(found)} of {len(every)}", file=sys.stderr)
    records.write(FILE, json.dumps(table, indent=1) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
