"""`make record-gpu` from end to end: only what torch says of the card is made up."""

import os
import platform
import re
import shutil
import subprocess
import sys
from datetime import UTC, date, datetime, timedelta

import pytest

from harness.core import records
from harness.core.snippet import Snippet, digest
from harness.core.tree import HERE, Tree
from harness.gate import provenance
from harness.site import fragments
from harness.site.tables import gpu_numbers
from tests import stand_in_card

pytestmark = pytest.mark.weekly

OUT_OF_MEMORY = "CUDA out of memory. Tried to allocate 65536.00 GiB."
SNIPPETS = {  # with what they print on a card, and otherwise
    "start/any_device": ("cuda\ntensor([12., 34.])\n", "cpu\ntensor([12., 34.])\n"),
    "tensors/to_the_device_and_back": ("tensor([0., 2., 4.])\n",) * 2,
    "errors/devices/more_than_the_gpu_has": (
        f"torch.OutOfMemoryError: {OUT_OF_MEMORY}\n",
        None,
    ),
}
TORCH = re.search(r"^TORCH = (.*)", (HERE.root / "Makefile").read_text("utf-8"), re.M)
DRIVER = "/proc/driver/nvidia/version"


class Maintainer:
    """A copy of the site's files on a machine with a card, and its commands."""

    def __init__(self, root):
        self.tree = Tree(root / "copy")
        top, here = self.tree.root, HERE.root
        for folder in ("harness", "lab"):
            shutil.copytree(here / folder, top / folder)
        files = "Makefile", "requirements.txt", "requirements-torch.txt", ".gitignore"
        for file in files:
            shutil.copy2(here / file, top)
        for name in SNIPPETS:
            one = Snippet(HERE, name)
            there = Snippet(self.tree, name)
            for file, copy in (
                (one.path, there.path),
                (one.out, there.out),
                *((records.path(t, "cpu", name) for t in (HERE, self.tree)),),
            ):
                copy.parent.mkdir(parents=True, exist_ok=True)
                if file.exists():
                    shutil.copy2(file, copy)
        self.driver, lane = root / "driver", top / "harness/run/gpu.py"
        self.driver.write_text("NVRM version: Kernel Module  580.65.06  Sun\n")
        source = lane.read_text(encoding="utf-8")
        assert source.count(DRIVER) == 1
        lane.write_text(source.replace(DRIVER, str(self.driver)))
        apart, venv = top / "build/venvs/cuda-build", top / ".venv"
        site = apart / "lib/python{}.{}/site-packages".format(*sys.version_info)
        self.cards = stand_in_card.install(apart / "bin/python", site, ["Card A"])
        (venv / "bin").mkdir(parents=True)
        uv = venv / "bin/uv"
        uv.write_text(f'#!/bin/sh\necho "$@" >> {root}/installed\n')
        uv.chmod(0o755)
        self.installed = root / "installed"
        for place in (venv, apart):
            (place / f"ready-{TORCH[1].replace('=', '')}-cpu").touch()
        self.git("init", "--quiet")
        self.commit()

    def git(self, *words: str) -> str:
        who = ["-c", "user.name=m", "-c", "user.email=m@example.org"]
        done = subprocess.run(
            ["git", *who, *words],
            cwd=self.tree.root,
            capture_output=True,
            text=True,
            check=True,
        )
        return done.stdout

    def commit(self) -> None:
        self.git("add", "--all")
        self.git("commit", "--quiet", "--message", "All", "--allow-empty")

    def record(self, *words: str) -> tuple[int, str]:
        """How `make record-gpu` ends, and what it says."""
        # Nothing of the make that may have started this test, and of its variables.
        ours = re.compile("MAKE.*|TORCH_INDEX|CUDA_INDEX|ONLY|CUDA_VISIBLE_DEVICES")
        env = {k: v for k, v in os.environ.items() if not ours.fullmatch(k)}
        done = subprocess.run(
            ["make", "--no-print-directory", "record-gpu", *words],
            cwd=self.tree.root,
            env=env | {"CXX": "no-compiler"},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        return done.returncode, done.stdout

    def changed(self) -> list[str]:
        """The files that differ from the last commit, with what git says of them."""
        said = self.git("status", "--short", "--untracked-files=all")
        return sorted(said.splitlines())


@pytest.fixture(scope="module")
def maintainer(tmp_path_factory):
    return Maintainer(tmp_path_factory.mktemp("machine"))


def holds(maintainer, card: str) -> None:
    """Look at all that was written on a card, and at what pages show of it."""
    tree = maintainer.tree
    entries, today = records.load(tree, "gpu"), datetime.now(UTC).date()
    assert entries.keys() == SNIPPETS.keys()
    for name, (text, hidden) in SNIPPETS.items():
        one, entry = Snippet(tree, name), entries[name]
        assert entry == records.Entry(
            source=digest(one.source),
            output=digest(text),
            torch=f"{TORCH[1].removeprefix('torch==')}+cu130",
            python=platform.python_version(),
            device=card,
            seconds=entry.seconds,
            date=entry.date,
            driver="580.65.06",
        )
        assert today - date.fromisoformat(entry.date) <= timedelta(days=1)
        assert (one.out.read_text() if one.out.exists() else None) == hidden
        own = text if text != hidden else None
        assert (one.cuda_out.read_text() if one.cuda_out.exists() else None) == own
        shown = fragments.Programs(tree)[name]
        assert list(provenance.check(shown)) == []
        assert card in fragments.make(shown)
    faults = [*provenance.one_card(tree), *provenance.orphans(tree)]
    assert faults + list(provenance.one_set(tree, "gpu", today.isoformat())) == []

    numbers = gpu_numbers.load(tree, "gpu")
    assert (numbers.device, numbers.driver) == (card, "580.65.06")
    assert not (tree.recorded / "cpu_numbers.json").exists()
    assert {*numbers.tables} == {"launch", "crossover", "graphs"}
    ways = {row.way for row in numbers.tables["graphs"]}
    assert ways == {"eager", "CUDA graph"}
    fits = {row.n for row in numbers.tables["crossover"]}
    assert max(fits) ** 2 * 4 == stand_in_card.MEMORY
    assert {row["failed"] for row in numbers.left_out} == {"out of memory"}
    for part in numbers.tables:
        assert f"**{card}**" in gpu_numbers.text(tree, part)


NUMBERS = "recorded/gpu_numbers.json"
WRITTEN = sorted(
    [NUMBERS]
    + [f"recorded/runs/gpu/{name}.json" for name in SNIPPETS]
    + [f"snippets/{n}.cuda.out" for n, (text, out) in SNIPPETS.items() if text != out]
)


def test_the_command_records_measures_and_says_what_to_commit(maintainer):
    code, said = maintainer.record()
    assert code == 0, said
    (asked,) = maintainer.installed.read_text().splitlines()
    into = "build/venvs/cuda-build/bin/python"
    assert asked == f"--quiet pip install --python {into} {TORCH[1]}"
    assert "3 snippets recorded, 0 failed" in said
    assert maintainer.changed() == [f"?? {file}" for file in WRITTEN]
    holds(maintainer, "Card A")
    *_, listed = said.partition("To commit:\n")
    listed = [line.removeprefix("?? ") for line in listed.splitlines()]
    maintainer.git("add", *listed)  # as a maintainer does
    assert maintainer.changed() == [f"A  {file}" for file in WRITTEN]
    maintainer.commit()


@pytest.mark.parametrize(
    ("cards", "driver", "why"),
    [
        (
            ["Card B"],
            True,
            "recorded is another card: Card A, not Card B;",
        ),
        (["Card A", "Card B"], True, "two kinds of card: Card A and Card B; name"),
        ([], True, "the GPU lane needs a GPU that torch can use; here is none"),
        ([], False, "here is none: no NVIDIA driver is loaded"),
    ],
)
def test_what_is_refused_leaves_nothing_half_written(maintainer, cards, driver, why):
    before = maintainer.driver.read_text(), maintainer.cards.read_text()
    try:
        maintainer.cards.write_text("".join(f"{name}\n" for name in cards))
        if not driver:
            maintainer.driver.unlink()
        code, said = maintainer.record()
    finally:
        maintainer.driver.write_text(before[0])
        maintainer.cards.write_text(before[1])
    assert code == 2 and why in said, said
    assert "To commit:" not in said and "one addition" not in said
    assert maintainer.changed() == []
    assert not list(maintainer.tree.root.rglob(".*.part"))


def test_another_card_records_all_after_the_way_that_the_refusal_names(maintainer):
    maintainer.cards.write_text("Card B\n")
    maintainer.git("rm", "-r", "--quiet", "recorded/runs/gpu")
    code, said = maintainer.record()
    assert code == 0, said
    holds(maintainer, "Card B")
