"""A small project that the gate lets pass, for tests to break in one place."""

import gc
import json
import os
import re
import signal
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from harness.core import memory, moment, records, snippet_rules
from harness.core.problem import Problem
from harness.core.snippet import Snippet, digest
from harness.core.tree import Tree
from harness.gate import gate as pages
from harness.run import trial
from tests import forked, parents

# All that tests import stays: no collection need look at it, torch first.
gc.disable()
os.environ |= forked.ENVIRONMENT
# A shell's background jobs ignore Ctrl-C, and so would all that tests start.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)

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
  - footnotes
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
> ```{ .py hl_lines="1" }
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

It prints 4096{=}, so 4,096.0{=} and 4 096{=} are fine.

It needs a card:

--8<-- "numbers/card.md"
"""

README = """\
# Small

<!-- snippets/numbers/sum.py -->
```python
print(2 + 2)
```

<!--pytest-codeblocks:expected-output-->
```text
4
```
"""

SVG = '<svg viewBox="0 0 388.8 36"><path fill="#1f2328"/></svg>'


# What is remembered of a page from one draft to the next.
RENDERED = {f"harness.gate.parts.{name}" for name in ("html", "expanded")}
RENDERED |= {f"harness.site.markdown.{name}" for name in ("plain", "extensions")}


class Draft:
    """A project in a temporary folder, to be broken."""

    README = README
    # What became of the pages of the first one: most stay the same in the others.
    rendered = b""

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
        self.snippet("numbers/card", "# needs: cuda\nprint('cuda')\n")

    def write(self, path: str, text: str) -> Path:
        file = self.tree.root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
        return file

    def page(self, name: str, text: str, head: str = HEAD) -> None:
        self.write(f"docs/{name}", head.replace("project", f"project, {name}") + text)

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
        known = {"torch": "2.13.0+cpu", "python": "3.11.7", "device": "cpu"}
        if lane == "gpu":
            known |= {"torch": "2.13.0+cu130", "device": "Some GPU", "driver": "580.1"}
        drawn = one.figure.read_text() if one.figure.exists() else ""
        known |= {"source": digest(one.source), "output": digest(out + drawn)}
        known |= {"seconds": 0.5, "date": "2026-11-23"} | facts
        records.save(self.tree, lane, one.name, records.Entry(**known))

    def problems(self) -> list[Problem]:
        """All anew, but for what pages are rendered to: a test may have patched it."""
        kept = self.tree.build / memory.FILE
        records.write(kept, self.rendered)
        run = pages.run(self.tree)
        if not self.rendered:
            parts = run.tree._parts.items()
            run.tree._parts = {k: v for k, v in parts if k[1] in RENDERED}
            run.tree.keep(True)
            Draft.rendered = kept.read_bytes()
        return sorted(run.problems)

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

    def blocks(self) -> int:
        """How many the pages have together."""
        return sum(page["blocks"] for page in self.census()["pages"].values())


@pytest.fixture
def draft(tmp_path) -> Draft:
    return Draft(tmp_path)


@pytest.fixture
def stand_ins(monkeypatch):
    """Programs stand in for others: they read variables, and use not all they need."""
    without_rules(monkeypatch)


@pytest.fixture
def without_launcher(monkeypatch):
    """A launched program starts by itself, and is judged as a launched one."""
    job = trial.job
    alone = {"command": (), "group": "plain"}
    monkeypatch.setattr(trial, "job", lambda *what: replace(job(*what), **alone))


def without_rules(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(moment, "asked", lambda *_: [])
    patch.setattr(snippet_rules, "_needs", lambda _: [])


@pytest.fixture(scope="module")
def shared_parents():
    """Runs start no interpreter that imports torch: other tests are about that."""
    with pytest.MonkeyPatch.context() as patch:
        parents.share(patch)
        yield


@pytest.fixture
def on_the_cpu():
    """Keras on the CPU, where there is a GPU, too."""
    import keras

    with keras.device("cpu"):
        yield


@pytest.fixture(autouse=True)
def every_warning():
    """torch says some warnings once a process: in another test, perhaps."""
    if "torch" in sys.modules:
        torch = sys.modules["torch"]
        torch.set_warn_always(True)
        # torch.compile switches this check off for all of its process.
        torch.distributions.Distribution.set_default_validate_args(True)
        torch.set_default_dtype(torch.float32)  # which a program may have changed


# What looks at every page in every look; each of the other workers has a browser, too.
LOOKS_AT_ALL = ("test_pages.py", "test_text.py", "test_walkthroughs.py")
# What runs programs that compute, in forks of the same process.
SHARES_PARENTS = re.compile(
    "tests/.*/test_(corpus|gpu_lane|guards|proof|recording|runner).py"
)


# What imports Keras, or compiles; both import torch's compiler.
COMPILES = "autograd/test_define_by_run errors/test_compile errors/test_imports "
COMPILES += "errors/test_layers gpu/test_compile gpu/test_export"
COMPILES = tuple(f"tests/claims/{name}.py" for name in COMPILES.split())


def pytest_configure_node(node):
    """What forks programs has imported torch once for all workers."""
    node.workerinput["forks"] = forked.start()


def pytest_configure(config):
    if hasattr(config, "workerinput"):
        forked.shared = config.workerinput["forks"]


def pytest_xdist_make_scheduler(config, log):
    """A file to a worker, and to one each what shares what is dear to start."""
    from xdist.scheduler import LoadScopeScheduling

    class ByFile(LoadScopeScheduling):
        def _split_scope(self, nodeid: str) -> str:
            file = nodeid.split("::")[0]
            if SHARES_PARENTS.fullmatch(file):
                return "parents"
            if file in COMPILES or file.startswith("tests/claims/keras/"):
                return "compiles"
            if not file.startswith("tests/browser/"):
                return file
            return "look" if file.endswith(LOOKS_AT_ALL) else "click"

    return ByFile(config, log)


def pytest_collection_modifyitems(items):
    """What takes longest begins: the browser's tests, then the harness's."""
    slow = ("tests/browser/", "tests/harness/")
    items.sort(key=lambda item: [not item.nodeid.startswith(one) for one in slow])


def pytest_collection_finish():
    """From here on there is garbage, but none in what was imported."""
    gc.freeze()
    gc.enable()
