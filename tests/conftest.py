"""A small project that the gate lets pass, for tests to break in one place."""

import json
import os
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from harness.core import records
from harness.core.problem import Problem
from harness.core.snippet import Snippet, digest
from harness.core.tree import Tree
from harness.gate import gate as pages
from harness.site import tables

MKDOCS = """\
site_name: Small
site_url: !ENV [SITE_URL, "http://127.0.0.1:8000/"]
nav:
  - Home: index.md
  - Numbers: numbers/index.md
  - Why: numbers/why.md
markdown_extensions:
  - admonition
  - attr_list
  - md_in_html
  - toc:
      permalink: true
  - pymdownx.details
  - pymdownx.highlight:
      anchor_linenums: false
  - pymdownx.snippets:
      base_path: [build/fragments]
      check_paths: true
      dedent_subsections: true
  - pymdownx.superfences
  - pymdownx.tabbed:
      alternate_style: true
      slugify: !!python/object/apply:pymdownx.slugs.slugify {kwds: {case: lower}}
"""

HEAD = """\
---
description: A page of a small project.
---

"""

HOME = """\
# Small

Add two numbers:

--8<-- "numbers/sum.md"

Read [why](numbers/why.md#because) and [the rest](numbers/index.md).
"""

# Every place where a fence may stand, and every kind that may be typed.
NUMBERS = """\
# Numbers

- In a list:

    ```python
    print(
        2 + 2)
    ```

- An include in a list:

    --8<-- "numbers/fails.md"

=== "One"

    A tab:

    --8<-- "numbers/warned.md"

=== "Two"

    !!! note "An admonition in a tab"

        ```python
        x = 2 + 2
        ```

> A quote:
>
> ```{ .py title="quoted" }
> x = 1
> ```

??? example "The code that drew it"

    --8<-- "numbers/drawn.md:code"

--8<-- "numbers/drawn.md:figure"

~~~console
$ python snippets/numbers/sum.py \\
    --help
~~~

````{.python hl_lines="1"}
text = "```"
````
"""

WHY = """\
# Why

## Because

A program shows its output apart:

--8<-- "numbers/big.md:code"

--8<-- "numbers/big.md:output"

It prints 4096, so 4,096.0 and 4 096 are fine.

It needs a card:

--8<-- "numbers/card.md"
"""

SVG = '<svg width="72pt" height="36pt" viewBox="0 0 72 36"><path fill="#1f2328"/></svg>'


class Draft:
    """A project in a temporary folder, to be broken."""

    def __init__(self, root: Path):
        self.tree = Tree(root)
        self.write("mkdocs.yml", MKDOCS)
        self.write("README.md", "# Small\n")
        self.page("index.md", HOME)
        self.page("numbers/index.md", NUMBERS)
        self.page("numbers/why.md", WHY)
        self.snippet("numbers/sum", "print(2 + 2)\n", "4\n")
        self.snippet("numbers/big", "print(4095 + 1)\n", "4096\n")
        self.snippet(
            "numbers/fails",
            '# raises: ValueError\nprint("""a\n  b""")\nint("x")\n',
            "a\n  b\nValueError: invalid literal for int() with base 10: 'x'\n",
        )
        self.snippet(
            "numbers/warned",
            "# warns: UserWarning\nimport warnings\n\n"
            "for _ in range(2):\n    warnings.warn('old', stacklevel=1)\nprint(1)\n",
            "1\nUserWarning: old\n",
        )
        figure = "# figure: A dot stands alone in the middle of the picture.\n"
        self.write("snippets/numbers/drawn.svg", SVG)
        self.snippet("numbers/drawn", f"{figure}x = 1\n", "")
        self.write("recorded/figures/numbers/drawn.json", "{}")
        self.snippet("numbers/card", "# needs: cuda\nprint(1)\n")

    def write(self, path: str, text: str) -> Path:
        file = self.tree.root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
        return file

    def page(self, name: str, text: str, head: str = HEAD) -> None:
        self.write(f"docs/{name}", head + text)

    def add(self, text: str, name: str = "index.md") -> int:
        """Append to a page; the number of the first line that this adds."""
        file = self.tree.docs / name
        before = file.read_text(encoding="utf-8") + "\n"
        file.write_text(before + text, encoding="utf-8")
        return before.count("\n") + 1

    def snippet(self, name: str, source: str, out: str | None = None) -> Snippet:
        """Write a program, and what the CPU lane printed where that is given."""
        self.write(f"snippets/{name}.py", source)
        one = Snippet(self.tree, name)
        if out is not None:
            if out:
                one.out.write_text(out, encoding="utf-8")
            self.record("cpu", one, out)
        return one

    def record(self, lane: str, one: Snippet, out: str, **facts) -> None:
        """Say that a lane ran a snippet."""
        device = "cpu" if lane == "cpu" else "Some GPU"
        known = {"torch": "2.13.0+cpu", "python": "3.11.7", "device": device}
        known |= {"seconds": 0.5, "date": "2026-11-23"} | facts
        drawn = one.figure.read_text() if one.figure.exists() else ""
        entry = records.Entry(
            source=digest(one.source), output=digest(out + drawn), **known
        )
        records.save(self.tree, lane, one.name, entry)

    def problems(self) -> list[Problem]:
        tables.make(self.tree)
        return sorted(pages.make(self.tree))

    def refused(self, where: str, *words: str) -> None:
        """Assert that there is one problem, at path or path:line, in these words."""
        problems = self.problems()
        assert len(problems) == 1, [str(problem) for problem in problems]
        text = str(problems[0])
        assert text.startswith(f"{where}: "), text
        assert not [word for word in words if word not in text], text

    def made(self, path: str) -> str:
        """A file below `build/`, after a run."""
        return (self.tree.build / path).read_text(encoding="utf-8")

    def census(self) -> dict:
        return json.loads(self.made("census.json"))


@pytest.fixture
def draft(tmp_path) -> Draft:
    return Draft(tmp_path)


@pytest.fixture(autouse=True)
def every_warning():
    """torch says some warnings once a process: in another test, perhaps."""
    if "torch" in sys.modules:
        sys.modules["torch"].set_warn_always(True)


# A thread of Gloo can outlive the group, and abort while Python closes down: so each
# process ends by os._exit.
RANKS = """\
import json
import os

import torch
import torch.distributed as dist
import torch.distributed.nn


def threads():  # of Gloo, in this process
    names = []
    for task in os.listdir("/proc/self/task"):
        with open(f"/proc/self/task/{{task}}/comm") as file:
            names.append(file.read().strip())
    return sum("gloo" in name for name in names)


def attempt(work):
    try:
        work()
        return "fine"
    except RuntimeError as error:
        return str(error)


dist.init_process_group("gloo")
rank = dist.get_rank()
facts = {{}}

{body}

if dist.is_initialized():
    dist.destroy_process_group()
with open(os.path.join(os.path.dirname(__file__), f"{{rank}}.json"), "w") as file:
    json.dump(facts, file)
os._exit(0)
"""


def torchrun(program: Path, count: int = 2, **env: str) -> subprocess.CompletedProcess:
    """Start a program in several processes, as a page says."""
    launcher = [sys.executable, "-m", "torch.distributed.run", "--standalone"]
    command = [*launcher, "--nproc-per-node", str(count), str(program)]
    env = {**os.environ, "GLOO_SOCKET_IFNAME": "lo", **env}
    pipe = subprocess.PIPE
    with subprocess.Popen(command, env=env, stdout=pipe, stderr=pipe, text=True) as one:
        try:
            out, err = one.communicate(timeout=100)
        finally:
            one.terminate()  # asked so, and not killed, it ends its workers
    return subprocess.CompletedProcess(command, one.returncode, out, err)


@pytest.fixture(scope="session")
def in_processes(tmp_path_factory):
    """Runs a body in two processes and returns the `facts` of each, by rank."""

    def run(body: str, **env: str) -> list[dict]:
        program = tmp_path_factory.mktemp("ranks") / "facts.py"
        program.write_text(RANKS.format(body=textwrap.dedent(body)), encoding="utf-8")
        ended = torchrun(program, **env)
        assert ended.returncode == 0, ended.stderr[-3000:]
        files = [program.with_name(f"{rank}.json") for rank in range(2)]
        return [json.loads(file.read_text()) for file in files]

    return run


@pytest.fixture(scope="session")
def in_torchrun():
    return torchrun
