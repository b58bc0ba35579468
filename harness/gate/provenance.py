"""Whether what is recorded belongs to the programs that are there."""

import json
from collections.abc import Iterable, Iterator
from pathlib import Path

from harness.core import records
from harness.core.directives import BUILDS
from harness.core.problem import Problem
from harness.core.snippet import Snippet, digest
from harness.core.tree import Tree
from harness.judge.shown import picture_faults, text_faults
from harness.judge.subject import read, record_command
from harness.site.fragments import Recorded


def check(one: Recorded) -> Iterator[Problem]:
    """What does not fit between a snippet, its recorded output and the records."""
    snippet, show = one.snippet, one.snippet.tree.show
    for file, what in _cpu_faults(one):
        yield Problem(show(file), 0, what, record_command(snippet))
    for lane in ("gpu", *BUILDS):
        for file, what in _other_faults(one, lane):
            yield Problem(show(file), 0, what, record_command(snippet, lane))
    texts = {snippet.out: one.out, snippet.cuda_out: one.cuda_out}
    texts |= {snippet.own_out(lane): text for lane, text in one.built_out.items()}
    shown = {file: text_faults(text or "") for file, text in texts.items()}
    shown[snippet.figure] = picture_faults(one.drawn) if one.drawn else ()
    for file, faults in shown.items():
        yield from (Problem(show(file), *fault) for fault in faults)


def _cpu_faults(one: Recorded) -> Iterator[tuple[Path, str]]:
    snippet = one.snippet
    if one.cpu is None:
        if one.out is not None:
            yield snippet.out, "no record says which program printed it"
        elif not snippet.directives.needs:
            yield snippet.path, "has no recorded output"
    elif one.cpu.source != digest(snippet.source):
        yield snippet.path, "has changed since it was recorded"
    elif one.out is None:
        yield snippet.path, "has no recorded output"
    elif snippet.directives.figure and not one.drawn:
        yield snippet.path, "has no recorded figure"
    else:
        drawn = snippet.figure.read_text(encoding="utf-8") if one.drawn else ""
        if one.cpu.output != digest(one.out + drawn):
            file = snippet.out if one.out else snippet.figure
            yield file, "is not what was recorded"


def _other_faults(one: Recorded, lane: str) -> Iterator[tuple[Path, str]]:
    """What does not fit in what a GPU or another torch printed or plotted."""
    snippet, entry = one.snippet, one.gpu if lane == "gpu" else one.builds.get(lane)
    out, data = snippet.own_out(lane), snippet.own_data(lane)
    there = [file for file in (out, data) if file.exists()]
    if entry is None:
        yield from ((file, f"no record of the {lane} lane knows it") for file in there)
    elif lane != "gpu" and entry.source != digest(snippet.source):
        yield snippet.path, f"has changed since the {lane} lane recorded it"
    elif lane != "gpu" and not there:
        yield snippet.path, f"has no output of the {lane} lane, which recorded one"
    elif out.exists() and entry.output != digest(read(out)):
        yield out, f"is not what the {lane} lane printed"


def one_card(tree: Tree, shown: Iterable[Recorded]) -> Iterator[Problem]:
    """Every output and every number of a GPU must come from one kind of card."""
    cards: dict[str, list[Path]] = {}
    for one in shown:
        if one.gpu:
            file = records.path(tree, "gpu", one.snippet.name)
            cards.setdefault(one.gpu.device, []).append(file)
    numbers = tree.recorded / "gpu_numbers.json"
    if numbers.exists():
        measured = json.loads(numbers.read_text(encoding="utf-8")).get("device")
        cards.setdefault(measured, []).append(numbers)
    most, *others = sorted(cards, key=lambda name: -len(cards[name])) or [""]
    for name in others:
        what = f"is of {name}, while others are of {most}"
        yield Problem(tree.show(cards[name][0]), 0, what, "on a GPU: make record-gpu")


def orphans(tree: Tree, snippets: list[Snippet]) -> Iterator[Problem]:
    """Files in the topics' folders, and records, that belong to no snippet."""
    known = set()
    for one in snippets:
        # Where its comments cannot be read, any lane may have run it.
        lanes = records.LANES
        if one.readable:
            lanes = (one.directives.lane, "gpu", *BUILDS)
        known |= {records.path(tree, lane, one.name) for lane in lanes}
        known |= {one.path, one.out, one.cuda_out, *map(one.own_out, BUILDS)}
        if "# figure:" in one.source:
            known |= {one.figure, one.figure_data, *map(one.own_data, BUILDS)}
    fix = "remove it, or give the snippet its name back"
    for folder in (tree.snippets, tree.recorded / "figures", tree.recorded / "runs"):
        for file in sorted(folder.glob("*/**/*")):
            parts = file.relative_to(folder).parts
            cache = "__pycache__" in parts or any(part[0] == "." for part in parts)
            if file.is_file() and file not in known and not cache:
                yield Problem(tree.show(file), 0, "belongs to no snippet", fix)
