"""The gate against a corpus of broken documentation: `corpus/*.yml`, a kind an entry.

What the entries of a stage break stands in one project, a page each, so that one run
reads them all. An entry says where it must be refused and in which words, that it is
right (`passes`), or what no one finds in it (`open`).
"""

import base64
import os
import re
import shutil
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import pytest
import yaml

from harness.core.problem import Problem
from harness.core.tree import HERE, Tree
from harness.notebooks import make
from harness.run import lane, trial
from harness.run.options import Options
from tests import commands
from tests.conftest import HEAD, SVG, Draft

FOLDER = Path(__file__).with_name("corpus")
LESSON = "# ---\n# description: A lesson.\n# ---\n\n# %% [markdown]\n# # Cells\n"


@dataclass(frozen=True)
class Case:
    kind: str
    by: str = "pages"  # or "record", "blocks", "notebooks": who must refuse it
    alone: bool = False  # it breaks what others share
    page: str = ""  # a whole one, or what stands below its title
    nav: str | None = None  # what the nav calls it; "" where it does not
    walk: str = ""  # a walkthrough
    cell: str = ""  # of a walkthrough that is executed
    readme: str = ""
    program: str = ""
    name: str = ""  # of the program
    prints: str | None = None  # by the CPU
    lines: int = 0  # in place of `prints`: the numbers below it
    cuda: str = ""  # what a GPU printed
    draws: bool = False
    record: dict = field(default_factory=dict)  # its entry, where that is another
    files: dict = field(default_factory=dict)
    bytes: dict = field(default_factory=dict)  # the same, in base64
    links: dict = field(default_factory=dict)
    says: str = ""  # part of the refusal
    at: str = ""  # part of the line that it names
    where: str = ""  # the file that it names
    passes: bool = False
    open: str = ""  # what nobody finds

    @property
    def slug(self) -> str:
        return re.sub(r"\W+", "_", self.kind.lower())

    @property
    def snippet(self) -> str:
        return self.name if "/" in self.name else f"corpus/{self.name or self.slug}"

    def fill(self, text: str) -> str:
        return text.replace("{name}", self.snippet).replace("{slug}", self.slug)

    @property
    def path(self) -> str:
        """The file that must be named."""
        if self.where:
            return self.fill(self.where)
        if self.by == "notebooks":
            return f"docs/walks/{self.slug if self.alone else 'cells'}.py"
        if self.readme:
            return "README.md"
        if self.walk:
            return f"docs/corpus/{self.slug}.py"
        page = self.page or self.by == "blocks"
        return f"docs/corpus/{self.slug}.md" if page else f"snippets/{self.snippet}.py"

    @property
    def text(self) -> str:
        if not self.page:
            return f'{self.head}--8<-- "{self.snippet}.md"\n'
        whole = self.page.lstrip("\ufeff").startswith("---\n")
        text = self.fill(self.page) + "\n" * (not self.page.endswith("\n"))
        return text if whole else self.head + text

    @property
    def head(self) -> str:
        words = self.slug.replace("_", " ")
        return f"{HEAD.replace('A page', words)}# Of {words}\n\n"

    def write(self, draft: Draft) -> None:
        if self.readme:
            draft.write("README.md", f"# Small\n\n{self.readme}")
            return
        if self.program:
            self._write_program(draft)
        if self.walk:
            text = f"{LESSON.split('# %%')[0]}{self.walk}"
            text = re.sub("^# # .*", f"# # {self.slug}", text, flags=re.MULTILINE)
            draft.write(self.path, text.replace("A lesson", f"{self.slug}, a lesson"))
        elif self.page or self.program:
            draft.write(f"docs/corpus/{self.slug}.md", self.text)
        for name, text in self.files.items():
            draft.write(self.fill(name), text)
        for name, data in self.bytes.items():
            (draft.tree.root / self.fill(name)).write_bytes(base64.b64decode(data))
        for name, target in self.links.items():
            (draft.tree.root / name).symlink_to(draft.tree.root / target)

    def _write_program(self, draft: Draft) -> None:
        one = draft.snippet(self.snippet, self.program)
        prints = "".join(f"{n}\n" for n in range(self.lines)) or self.prints
        if self.draws:
            draft.write(f"snippets/{self.snippet}.svg", SVG)
            draft.write(f"recorded/figures/{self.snippet}.json", "{}")
            prints = ""
        if prints:
            one.out.write_text(prints, encoding="utf-8")
        if self.cuda:
            one.cuda_out.write_text(self.cuda)
            draft.record("gpu", one, self.cuda, **self.record)
        elif prints is not None:
            draft.record("cpu", one, prints, **self.record)

    def place(self, root: Path) -> str:
        """Where it must be refused: path:line, or the path alone."""
        if not self.at:
            return self.path
        lines = (root / self.path).read_text(encoding="utf-8").split("\n")
        found = [n for n, line in enumerate(lines, 1) if self.fill(self.at) in line]
        assert found, f"{self.path} has no line with {self.at!r}"
        return f"{self.path}:{found[0]}"


@cache
def cases() -> dict[str, Case]:
    entries = {}
    for file in sorted(FOLDER.glob("*.yml")):
        for entry in yaml.load(file.read_text(encoding="utf-8"), yaml.CSafeLoader):
            case = Case(**{"where" if k == "in" else k: v for k, v in entry.items()})
            assert case.slug not in entries, f"two are called {case.kind}"
            assert bool(case.says) + case.passes + bool(case.open) == 1, case.kind
            entries[case.slug] = case
    return entries


def named(by: str, *, alone: bool = False) -> list[Case]:
    return [one for one in cases().values() if (one.by, one.alone) == (by, alone)]


def written(root: Path, together: list[Case]) -> Draft:
    """A project with what the cases break."""
    draft = Draft(root)
    nav = []
    for case in together:
        case.write(draft)
        names = [case.path if case.walk else f"docs/corpus/{case.slug}.md"]
        names += map(case.fill, case.files)
        for name in names if case.nav != "" else ():
            is_page = name.startswith("docs/") and name.endswith((".md", ".py"))
            if is_page and not name.startswith("docs/assets/"):
                file = name.removeprefix("docs/").replace(".py", ".ipynb")
                if (root / name).exists():
                    nav.append(f"  - {case.nav or case.slug}: {file}\n")
    config = root / "mkdocs.yml"
    text = config.read_text(encoding="utf-8")
    text = text.replace("markdown_ext", "".join([*nav, "markdown_ext"]), 1)
    config.write_text(text, encoding="utf-8")
    return draft


@pytest.fixture(scope="module")
def together(tmp_path_factory):
    """The project of all pages, and what is refused in it."""
    draft = written(tmp_path_factory.mktemp("together"), named("pages"))
    return draft.tree.root, [*map(str, draft.problems())]


@pytest.fixture(scope="module")
def proven(tmp_path_factory):
    """A project that the gate takes, and what the run of its blocks says of each."""
    draft = written(tmp_path_factory.mktemp("proven"), named("blocks"))
    assert draft.problems() == []
    draft.write("pytest.ini", "[pytest]\naddopts = -q --import-mode=importlib\n")
    root = draft.tree.root
    shutil.copy(HERE.root / "conftest.py", root)
    env = {"PYTHONPATH": str(HERE.root), "PATH": os.defpath}
    what = ("--codeblocks", "build/pages", "--seed", "7")
    said = commands.run("pytest", *what, cwd=root, env=env, code=1)
    blocks = re.split(r"^_+ code block check _+$", said, flags=re.MULTILINE)[1:]
    return root, [one.strip() for one in blocks]


def of(case: Case, said: list[str]) -> list[str]:
    """What is said of a case: in its file, or in another one of its name."""
    own = (case.path, f"docs/corpus/{case.slug}.", f"docs/corpus/{case.slug}/")
    own += (f"snippets/{case.snippet}.",)
    own += tuple(f"recorded/runs/{x}/{case.snippet}.json" for x in ("cpu", "gpu"))
    return [one for one in said if one.startswith(own)]


def holds(case: Case, root: Path, said: list[str]) -> None:
    """Assert that a case is refused once, for its reason and at its place."""
    if not case.says:
        assert said == []
        return
    assert len(said) == 1, said or "it gets through"
    assert said[0].startswith(f"{case.place(root)}: "), said
    assert case.fill(case.says) in said[0], said


@pytest.mark.parametrize("slug", [one.slug for one in named("pages")])
def test_the_gate(together, slug):
    root, said = together
    holds(cases()[slug], root, of(cases()[slug], said))


def test_the_gate_refuses_nothing_else(together):
    _, said = together
    known = [one for case in named("pages") for one in of(case, said)]
    assert sorted(known) == sorted(said)


@pytest.mark.parametrize("slug", [one.slug for one in named("blocks")])
def test_the_run_of_every_block(proven, slug):
    root, said = proven
    holds(cases()[slug], root, of(cases()[slug], said))


@pytest.mark.parametrize("slug", [one.slug for one in named("pages", alone=True)])
def test_the_gate_alone(tmp_path, slug):
    case = cases()[slug]
    draft = written(tmp_path, [case])
    try:
        said = [*map(str, draft.problems())]
    except Problem as fault:
        said = [str(fault).replace(f"{tmp_path}/", "")]
    holds(case, tmp_path, said)


@pytest.fixture(scope="module")
def recorded(tmp_path_factory, shared_parents):
    draft = Draft.__new__(Draft)
    draft.tree = Tree(tmp_path_factory.mktemp("recorded"))
    says = {case.snippet: case.says for case in named("record")}
    for case in named("record"):
        draft.snippet(case.snippet, case.program)
    every = trial.variants

    def enough(snippet, options):
        """What the execution that counts shows is told before others are looked at."""
        jobs, said = every(snippet, options), says[snippet.name]
        compared = not said or re.search("something else|order|address|it uses", said)
        return jobs if compared else {"run": jobs["run"]}

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(trial, "variants", enough)
        outcomes = lane.run(draft.tree, Options(record=True, startup=3))
    return draft.tree.root, [str(one) for o in outcomes for one in o.problems]


@pytest.mark.parametrize("slug", [one.slug for one in named("record")])
def test_a_recording(recorded, slug):
    root, said = recorded
    holds(cases()[slug], root, of(cases()[slug], said))


@pytest.fixture(scope="module")
def executed(tmp_path_factory):
    tree = Tree(tmp_path_factory.mktemp("executed"))
    for case in (one for one in cases().values() if one.by == "notebooks"):
        file = tree.root / case.path
        file.parent.mkdir(parents=True, exist_ok=True)
        before = file.read_text(encoding="utf-8") if file.exists() else LESSON
        file.write_text(f"{before}\n# %%\n{case.cell}\n", encoding="utf-8")
    return tree.root, [*map(str, make.make(tree))]


@pytest.mark.parametrize(
    "slug", [one.slug for one in cases().values() if one.by == "notebooks"]
)
def test_an_execution(executed, slug):
    case, (root, said) = cases()[slug], executed
    here = f"{case.place(root)}: " if case.at else "nowhere"
    holds(case, root, [one for one in said if one.startswith(here)])
