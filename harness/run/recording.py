"""Writes what a snippet printed and drew, and the entry that says where it ran."""

import json
import platform
import runpy
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cache
from importlib import metadata, util
from pathlib import Path

from harness.core import records
from harness.core.directives import APART
from harness.core.problem import Problem
from harness.core.snippet import Snippet, digest
from harness.core.tree import Tree
from harness.judge.printed import printed
from harness.judge.shown import picture_faults, text_faults
from harness.run import gpu
from harness.run.options import Outcome

PACKAGES = {"keras", *APART}


def versions() -> dict[str, str]:
    """The installed torch and Python, without the second that importing torch takes."""
    spec = util.find_spec("torch")
    torch = "none"
    if spec:
        file = Path(spec.origin).parent / "version.py"
        torch = runpy.run_path(str(file))["__version__"]
    return {"torch": torch, "python": platform.python_version()}


def faults(outcome: Outcome, lane: str) -> list[Problem]:
    """What a page would refuse of what an outcome printed and drew."""
    snippet, main = outcome.snippet, outcome.results["run"]
    where = snippet.tree.show(snippet.path)
    found = [*text_faults(printed(snippet, main))]
    if lane != "gpu" and main.svg:
        found += picture_faults(main.svg)
    # Their lines are of files that are not written.
    return [Problem(where, 0, what, fix) for _, what, fix in found]


def write(outcome: Outcome, lane: str, card_name: str | None = None) -> None:
    """Write what an outcome without problems printed and drew, and its entry.

    `card_name` is that of the lane: a launched program prints no name.
    """
    snippet, main = outcome.snippet, outcome.results["run"]
    text, drawn = printed(snippet, main), ""
    if lane != "gpu":
        if text:
            records.write(snippet.out, text)
        else:
            snippet.out.unlink(missing_ok=True)
        if main.figure is not None:
            drawn = main.svg
            records.write(snippet.figure, drawn)
            records.write(snippet.figure_data, json.dumps(main.figure) + "\n")
    else:
        _write_difference(outcome, text)
    entry = records.Entry(
        source=digest(snippet.source),
        output=digest(text + drawn),
        seconds=main.seconds,
        date=datetime.now(UTC).date().isoformat(),
        device=card_name or main.device,
        driver=gpu.driver() if card_name else None,
        packages=_packages(snippet.directives.needs),
        **versions(),
    )
    records.save(snippet.tree, lane, snippet.name, entry)


def forget(tree: Tree, lane: str) -> None:
    """Remove the entries of snippets that are gone or belong to another lane.

    It looks for the entry first and then for its snippet: another recording may add
    both meanwhile.
    """
    for name in records.names(tree, lane):
        if not _belongs(Snippet(tree, name), lane):
            records.path(tree, lane, name).unlink(missing_ok=True)
    for folder in (tree.snippets, tree.recorded):
        records.sweep(folder)


def _belongs(snippet: Snippet, lane: str) -> bool:
    """Whether a lane may hold its entry; one that cannot be read stays for now."""
    try:
        return lane in ("gpu", snippet.directives.lane)
    except FileNotFoundError:
        return False
    except Problem:
        return True


def _packages(needs: frozenset[str]) -> dict[str, str] | None:
    """The installed versions of the packages that a snippet says it needs."""
    names = sorted(needs & PACKAGES)
    if not names:
        return None
    # One package may come under several names: tensorflow is tensorflow-cpu, too.
    known = _distributions()
    return {name: metadata.version(known[name][0]) for name in names}


@cache
def _distributions() -> Mapping[str, list[str]]:
    return metadata.packages_distributions()


def _write_difference(outcome: Outcome, text: str) -> None:
    """A GPU's output is kept only where the device makes the difference."""
    snippet, hidden = outcome.snippet, outcome.results.get("hidden")
    if hidden and printed(snippet, hidden) == text:
        snippet.cuda_out.unlink(missing_ok=True)
    else:
        records.write(snippet.cuda_out, text)
