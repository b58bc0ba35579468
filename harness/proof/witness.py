"""An independent witness: stock pytest-codeblocks runs the blocks, without our plugin.

Left out are the blocks that it cannot judge: those that raise, warn, are started by a
launcher or belong to another lane. Each of the others has a file and a process of its
own, so that none changes what another prints.
"""

import os
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

STOCK = (
    "--noconftest",
    "--codeblocks",
    "-q",
    "-c",
    os.devnull,
    "-W",
    "ignore::pytest.PytestAssertRewriteWarning",
)


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
            one = of(tree, file, found)
            if reason := _left_out(one):
                left[reason] += 1
                continue
            ran += 1
            if said := _run(one):
                failed += 1
                print(
                    f"{one.where}: stock pytest-codeblocks finds that it fails\n{said}"
                )
    print(f"{ran} blocks, {failed} failed", *(f"{n} {why}" for why, n in left.items()))
    return failed


def _left_out(one: Block) -> str:
    declared = one.directives
    for name in ("raises", "warns", "run"):
        if getattr(declared, name):
            return f"with '# {name}:'"
    return one.elsewhere


def _run(one: Block) -> str:
    """Fork, and let stock pytest run the block in an empty folder; why it fails."""
    text = fence("python", one.code)
    if one.printed is not None:
        text += f"\n{EXPECTED}\n{fence('text', one.printed)}"
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "block.md").write_text(text, encoding="utf-8")
        (folder / "work").mkdir()
        sys.stdout.flush()
        pid = os.fork()
        if pid == 0:
            _be_stock(folder)
        ended = os.waitpid(pid, 0)[1]
        return (folder / "said").read_text("utf-8", "replace") if ended else ""


def _be_stock(folder: Path) -> None:
    """Never returns: the exit code is that of pytest."""
    code = 1
    try:
        said = os.open(folder / "said", os.O_WRONLY | os.O_CREAT)
        os.dup2(said, 1)
        os.dup2(said, 2)
        os.chdir(folder / "work")
        code = pytest.main([*STOCK, str(folder / "block.md")])
        sys.stdout.flush()
    finally:
        os._exit(code)
