"""Writes what a snippet printed and drew, and the entry that says where it ran."""

import json
import platform
import runpy
from datetime import UTC, datetime
from functools import cache
from importlib import metadata, util
from pathlib import Path

from harness.core import records
from harness.core.directives import BUILDS, PACKAGES
from harness.core.problem import Problem
from harness.core.snippet import Snippet, digest, find
from harness.core.tree import Tree
from harness.judge import figures
from harness.judge.result import Result
from harness.judge.shown import printed
from harness.judge.subject import read
from harness.run import gpu
from harness.run.options import Outcome


def versions() -> dict[str, str]:
    """The installed torch and Python, without the second that importing torch takes."""
    torch, spec = "none", util.find_spec("torch")
    if spec:  # metadata leaves out which build it is
        file = Path(spec.origin).with_name("version.py")
        torch = runpy.run_path(str(file))["__version__"]
    return {"torch": torch, "python": platform.python_version()}


def write(outcome: Outcome, lane: str, card: str | None = None) -> None:
    """Write what an outcome without problems printed and drew, and its entry."""
    snippet, main = outcome.snippet, outcome.results["run"]
    text, drawn = printed(snippet, main), ""
    # Of a GPU, another torch or Python, only what differs is kept.
    if lane in BUILDS:
        if not _differs(snippet, lane, main, text):
            return
    elif lane == "gpu":
        hidden = outcome.results.get("hidden")
        same = hidden and printed(snippet, hidden) == text
        _keep(snippet.cuda_out, "" if same else text)
    else:
        _keep(snippet.out, text)
        if main.figure is not None:
            drawn = main.svg
            records.write(snippet.figure, drawn)
            records.write(snippet.figure_data, json.dumps(main.figure) + "\n")
    packages = sorted(snippet.directives.needs & {"keras", *PACKAGES})
    entry = records.Entry(
        source=digest(snippet.source),
        output=digest(text + drawn),
        seconds=main.seconds,
        date=_today(),
        device=card or main.device,  # a launched program names none
        driver=gpu.driver() if card else None,
        packages={name: _version(name) for name in packages} or None,
        **versions(),
    )
    records.save(snippet.tree, lane, snippet.name, entry)


def _differs(snippet: Snippet, lane: str, main: Result, text: str) -> bool:
    """Keep what it prints and plots otherwise on a lane; whether there is any."""
    out, data = snippet.expected(BUILDS[lane])
    drawn = json.loads(read(data) or "null")
    prints = text != (read(out) or "")
    draws = bool(main.figure and figures.difference(drawn, main.figure))
    _keep(snippet.own_out(lane), text if prints else "")
    _keep(snippet.own_data(lane), json.dumps(main.figure) + "\n" if draws else "")
    if not (prints or draws):
        records.path(snippet.tree, lane, snippet.name).unlink(missing_ok=True)
    return prints or draws


def _keep(file: Path, text: str) -> None:
    if text:
        records.write(file, text)
    else:
        file.unlink(missing_ok=True)


def sum_up(tree: Tree, lane: str, ran: list[Snippet], whole: bool) -> None:
    """Say which programs were run on a lane that keeps only what differs.

    A part of them is added to those of a whole run, where there was one.
    """
    file, programs = _summary(tree, lane), {}
    if not whole:
        if not file.exists():
            return
        programs = json.loads(file.read_bytes())["programs"]
    programs |= {snippet.name: digest(snippet.source) for snippet in ran}
    there = {snippet.name for snippet in find(tree)}
    kept = {name: programs[name] for name in sorted(programs.keys() & there)}
    said = {**versions(), "date": _today(), "programs": kept}
    records.write(file, json.dumps(said, indent=1) + "\n")


def fits(tree: Tree, lane: str) -> None:
    """Raises Problem where others were recorded on another torch or Python."""
    file, here = _summary(tree, lane), versions()
    if file.exists():
        before = json.loads(file.read_bytes())
        for name in ("torch", "python"):
            if (was := _minor(before[name], name)) != (now := _minor(here[name], name)):
                what = f"others were recorded with {name} {was}, and here is {now}"
                raise Problem(tree.show(file), 0, what, f"make record-{lane}")


def _minor(version: str, name: str) -> str:
    """A torch as it is; of a Python its first two numbers."""
    return version if name == "torch" else ".".join(version.split(".")[:2])


def _summary(tree: Tree, lane: str) -> Path:
    return tree.recorded / f"{lane}.json"


def _today() -> str:
    return datetime.now(UTC).date().isoformat()


def forget(tree: Tree, lane: str) -> None:
    """Remove the entries of snippets that are gone or belong to another lane.

    It looks for the entry first and then for its snippet: another recording may add
    both meanwhile.
    """
    for name in records.names(tree, lane):
        try:
            belongs = lane in ("gpu", *BUILDS, Snippet(tree, name).directives.lane)
        except FileNotFoundError:
            belongs = False
        except Problem:
            belongs = True  # for now: it cannot be read
        if not belongs:
            records.path(tree, lane, name).unlink(missing_ok=True)
    for folder in (tree.snippets, tree.recorded):
        records.sweep(folder)


@cache
def _version(package: str) -> str:
    """That of the distribution which brings it: tensorflow comes as tensorflow-cpu."""
    return metadata.version(metadata.packages_distributions()[package][0])
