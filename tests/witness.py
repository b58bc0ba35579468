"""An independent witness: stock pytest-codeblocks runs the blocks, without our plugin.

`python -m tests.witness` does so for the pages in the current folder.

It cannot judge those that raise, warn, are started by a launcher or belong to another
lane. Each of the others has a process of its own, so that none changes another.
"""

import multiprocessing
import os
import re
import sys
import tempfile
from collections import Counter
from pathlib import Path

import pytest
from pytest_codeblocks.main import extract_from_file

from harness.core.tree import Tree
from harness.gate import readme
from harness.proof.block import Block, of
from harness.site.copies import EXPECTED
from harness.site.fragments import fence

OWN_NAME = re.compile(r"(?<!\.)__name__")  # not that of a class
FORK = multiprocessing.get_context("fork")
STOCK = ("--noconftest", "--codeblocks", "-q", "-c", os.devnull)
STOCK += ("-W", "ignore::pytest.PytestAssertRewriteWarning")


def witness(tree: Tree) -> int:
    """How many blocks did not hold; prints each, and what was left out and why."""
    os.environ["CUDA_VISIBLE_DEVICES"] = ""
    import torch  # noqa: F401 - so that no process below needs to

    files = [*sorted(tree.pages.rglob("*.md")), tree.root / readme.NAME]
    left, ran, failed = Counter(), 0, 0
    for file in files:
        for found in extract_from_file(file):
            if found.syntax != "python":
                continue
            block = of(tree, file, found)
            if reason := _left_out(block):
                left[reason] += 1
                continue
            ran += 1
            if said := _run(block):
                failed += 1
                what = "stock pytest-codeblocks finds that it fails"
                print(f"{block.where}: {what}\n{said}")
    print(f"{ran} blocks, {failed} failed", *(f"{n} {why}" for why, n in left.items()))
    return failed


def _left_out(block: Block) -> str:
    declared = block.directives
    ways = {"raises": declared.raises, "warns": declared.warns, "run": declared.run}
    if OWN_NAME.search(block.code):
        return "with __name__, which stock pytest gives to no block"
    return next((f"with '# {name}:'" for name in ways if ways[name]), block.elsewhere)


def _run(block: Block) -> str:
    """Fork, and let stock pytest run the block in an empty folder; why it fails."""
    text = fence("python", block.code)
    if block.printed is not None:
        text += f"\n{EXPECTED}\n{fence('text', block.printed)}"
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "block.md").write_text(text, encoding="utf-8")
        (folder / "work").mkdir()
        process = FORK.Process(target=_be_stock, args=[folder])
        process.start()
        process.join()
        said = (folder / "said").read_text("utf-8", "replace")
    if process.exitcode == 0 and "1 passed" in said:
        return ""
    return f"{said}it ended with exit code {process.exitcode}"


def _be_stock(folder: Path) -> None:
    said = os.open(folder / "said", os.O_WRONLY | os.O_CREAT)
    os.dup2(said, 1)
    os.dup2(said, 2)
    os.chdir(folder / "work")
    sys.exit(pytest.main([*STOCK, str(folder / "block.md")]))


if __name__ == "__main__":
    sys.exit(bool(witness(Tree(Path.cwd()))))
