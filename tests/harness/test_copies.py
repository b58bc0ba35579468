"""What pytest runs of the pages, that it finds all of it, and what readers get."""

import re
import shutil
import subprocess
import sys

import pytest

from harness.core.problem import Problem
from harness.core.tree import HERE
from harness.gate.wrap import wrap
from harness.site import publish
from harness.site.copies import place

PYTEST = """\
[pytest]
addopts = -q --strict-markers --import-mode=importlib -p no:cacheprovider
filterwarnings = error
"""


class Run:
    """`pytest --codeblocks` over a project's expanded pages."""

    def __init__(self, draft):
        self.draft = draft
        draft.write("pytest.ini", PYTEST)
        shutil.copy(HERE.root / "conftest.py", draft.tree.root)

    def __call__(self, *arguments: str) -> subprocess.CompletedProcess:
        command = [sys.executable, "-m", "pytest", "--codeblocks", *arguments]
        return subprocess.run(
            command,
            cwd=self.draft.tree.root,
            env={"PYTHONPATH": str(HERE.root), "PATH": "", "SECRET": "kept"},
            capture_output=True,
            text=True,
        )


@pytest.fixture
def run(draft):
    return Run(draft)


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


def test_a_good_project_passes_and_says_what_it_left_out(draft, run):
    draft.write("README.md", README)
    assert draft.problems() == []
    done = run("build/pages", "README.md", "-rs")
    assert "10 passed, 1 skipped" in done.stdout, done.stdout
    assert "needs cuda" in done.stdout


BROKEN = """\
```python
import os; os.environ.clear(); os.chdir("/")
```

```python
import os; assert os.environ["SECRET"] == "kept" and os.listdir(".") == []
```

```python
raise SystemExit(0)
```

```python
import warnings; warnings.warn("loud", stacklevel=1)
```

```python
import socket; socket.create_connection(("192.0.2.1", 80), 1)
```

```pycon
>>> 2 + 2
5
```

```python
class Pair: pass
import inspect, pickle; pickle.dumps(Pair()); print(inspect.getsource(Pair))
```

```python
print(__name__); assert __name__ == "__main__"
```
"""


def test_what_no_longer_holds_fails(draft, run):
    line = draft.add(BROKEN, "numbers/why.md")
    draft.snippet("numbers/sum", "print(2 + 2)\n", "5\n")
    draft.snippet("numbers/fails", "# raises: KeyError\nint('x')\n", "KeyError: 'x'\n")
    draft.snippet("numbers/warned", "# warns: UserWarning\nprint(1)\n", "1\nold\n")
    assert draft.problems() == []
    done = run("build/pages", "--seed", "7")
    failed = dict(
        re.findall(
            r"^(docs/\S+?:\d+.*)\n((?:.|\n)*?)^to repeat it: --seed 7",
            done.stdout,
            re.MULTILINE,
        )
    )
    said = {
        "docs/index.md:9 · snippets/numbers/sum.py": "output\n```\n5\n```\nbut",
        "docs/numbers/index.md:16 · snippets/numbers/fails.py": "ValueError: invalid",
        "docs/numbers/index.md:22 · snippets/numbers/warned.py": "Expected output",
        f"docs/numbers/why.md:{line + 8}": "the block calls sys.exit",
        f"docs/numbers/why.md:{line + 12}": "UserWarning: loud",
        f"docs/numbers/why.md:{line + 16}": "must not reach for the network: 192.0.2.1",
        f"docs/numbers/why.md:{line + 20}": "Expected:\n    5\nGot:\n    4\n",
    }
    assert failed.keys() == said.keys(), done.stdout
    for where, words in said.items():
        assert words in failed[where], failed[where]
    assert "7 failed, 10 passed, 1 skipped" in done.stdout


def test_a_block_that_pytest_does_not_find_stops_it(draft, run):
    draft.problems()
    page = draft.tree.pages / "index.md"
    page.write_text(page.read_text().replace("```python", "```  python"))
    done = run("build/pages")
    assert "pytest found 0 blocks, build/census.json counts 1" in done.stdout
    assert done.returncode != 0


def test_a_page_that_pytest_does_not_find_stops_it(draft, run):
    draft.problems()
    (draft.tree.pages / "index.md").unlink()
    done = run("build/pages")
    assert "index.md has blocks that were not found" in done.stderr
    assert done.returncode != 0


def test_stale_pages_stop_it(draft, run):
    draft.problems()
    draft.write("snippets/numbers/sum.out", "5\n")
    done = run("build/pages")
    assert "older than what they show" in done.stderr
    assert done.returncode != 0


def test_pages_that_were_never_made_stop_it(draft, run):
    (draft.tree.pages).mkdir(parents=True)
    done = run("build/pages")
    assert "the pages were never made" in done.stderr
    assert done.returncode != 0


def test_a_run_without_any_page_is_no_success(draft, run):
    draft.problems()
    draft.write("elsewhere/test_x.py", "def test_x():\n    pass\n")
    done = run("elsewhere")
    assert "no page was found" in done.stderr
    assert done.returncode != 0


def test_pages_as_their_author_wrote_them_are_not_run(draft, run):
    draft.problems()
    done = run("docs")
    assert "no page that the harness made" in done.stdout
    assert done.returncode != 0


def test_marks_of_the_test_runner_on_a_page_do_nothing(draft):
    draft.add("<!--pytest.mark.skip-->\n```python\n1 / 0\n```\n")
    assert draft.problems() == []
    assert "skip" not in draft.made("pages/index.md")


def test_a_snippet_with_a_launcher_is_left_to_the_harness(draft):
    source = "# run: torchrun --nproc-per-node 2\nprint(4)\n"
    draft.snippet("numbers/sum", source, "4\n")
    assert draft.problems() == []
    skip = "<!--pytest.mark.skip(reason='run by torchrun')-->\n```python\n"
    assert skip in draft.made("pages/index.md")
    assert draft.census()["totals"]["exempt"]["run by torchrun"] == 1


def test_an_exempt_program_is_skipped_with_its_reason(draft):
    draft.add("<!-- not run: needs a browser -->\n```python\nwindow.alert()\n```\n")
    assert draft.problems() == []
    skip = "<!--pytest.mark.skip(reason='not run: needs a browser')-->\n```python\n"
    assert skip in draft.made("pages/index.md")


def test_a_dotted_error_is_imported():
    code = wrap("import torch\nf()", "torch.OutOfMemoryError", None)
    assert (
        "from torch import OutOfMemoryError\n\nwith pytest.raises(OutOfMemoryError)"
        in code
    )


def test_an_error_of_the_programs_own_class_is_caught(capsys):
    code = wrap("class Odd(Exception):\n    pass\nraise Odd(1)\n", "Odd", None)
    exec(code, {"__name__": "__main__"})
    assert capsys.readouterr().out == "Odd: 1\n"


def test_a_program_that_warns_and_then_raises_says_both(capsys):
    source = 'import warnings\nwarnings.warn(f"""a\n{1}""", stacklevel=1)\n1 / 0\n'
    exec(wrap(source, "ZeroDivisionError", "UserWarning"), {})
    said = "UserWarning: a\n1\nZeroDivisionError: division by zero\n"
    assert capsys.readouterr().out == said


def test_readers_get_code_output_and_pictures_as_text(draft):
    assert draft.problems() == []
    text = draft.made("markdown/numbers/index.md")
    assert '    ```python title="snippets/numbers/fails.py"\n' in text
    assert '    ```text title="Output"\n    a\n      b\n' in text
    assert "**An admonition in a tab**\n\n```pycon\n>>> 2 + 2\n4\n```\n" in text
    words = "[Picture: A dot stands alone in the middle of the picture.]"
    assert words + "(../assets/figures/numbers/drawn.light.svg)" in text
    assert not re.search(r"8<--|data-|\{ \.|only-dark|===|!!!|<!--", text)


def test_links_lead_to_the_copies(draft):
    draft.add("[home](../index.md#small), [own](#because)\n", "numbers/why.md")
    assert draft.problems() == []
    assert "[why](numbers/why/index.md#because)" in draft.made("markdown/index.md")
    why = draft.made("markdown/numbers/why.md")
    assert "[home](../../index.md#small), [own](#because)" in why


def test_a_copy_drops_attributes_and_keeps_the_space_after_them(draft):
    draft.add("*True.*{ .verdict .true } It holds, *so*{: lang=zh }.\n{ .lead }\n")
    draft.problems()
    assert "\n*True.* It holds, *so*.\n" in draft.made("markdown/index.md")


def test_a_title_in_the_front_matter_heads_the_copy(draft):
    draft.page(
        "numbers/why.md", "[a](../index.md)\n", "---\ntitle: T\ndescription: D\n---\n"
    )
    draft.add('--8<-- "numbers/big.md"\n\n--8<-- "numbers/card.md"\n')
    page = draft.tree.docs / "index.md"
    page.write_text(page.read_text().replace("#because", ""))
    assert draft.problems() == []
    assert draft.made("markdown/numbers/why.md").startswith("# T\n\n[a]")


@pytest.mark.parametrize(
    ("name", "there"),
    [("index.md", "index.md"), ("a/b.md", "a/b/index.md"), ("a.svg", "a.svg")],
)
def test_a_copy_lies_beside_its_html(name, there):
    assert place(name) == there


def test_publishing_copies_every_page(draft):
    draft.problems()
    site = draft.tree.root / "site"
    for folder in (".", "numbers", "numbers/why"):
        draft.write(f"site/{folder}/index.html", "")
    publish.copy(draft.tree, site)
    text = (site / "numbers/why/index.md").read_text()
    assert text == draft.made("markdown/numbers/why.md")


def test_publishing_without_a_site_is_refused(draft):
    draft.problems()
    with pytest.raises(Problem, match="build the site first"):
        publish.copy(draft.tree, draft.tree.root / "site")


@pytest.mark.parametrize(
    ("old", "new", "line", "words"),
    [
        ("print(2 + 2)", "print(2 + 3)", 4, "not what the snippet says"),
        ("\n4\n", "\n5\n", 9, "not what the snippet printed"),
    ],
)
def test_a_readme_that_left_its_snippet_is_refused(draft, old, new, line, words):
    draft.write("README.md", README.replace(old, new))
    draft.refused(f"README.md:{line}", words)


def test_a_readme_may_not_hold_what_nobody_runs(draft):
    draft.write("README.md", "# Small\n\n```bash\nrm -r x\n```\n")
    draft.refused("README.md:3", "nobody runs a 'bash' fence")
