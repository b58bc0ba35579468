"""Whether what is recorded belongs to the programs that are there."""

import json
import re
from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

from harness.core import records
from harness.core.directives import BUILDS, SYSTEMS
from harness.core.problem import Problem
from harness.core.records import Entry
from harness.core.snippet import Snippet, digest, find
from harness.core.tree import Tree
from harness.judge.shown import picture_faults, text_faults
from harness.judge.subject import read, record_command
from harness.site.fragments import Recorded

OWNED = f"{__name__}.owned"
DAY = re.compile(r"20[2-9]\d-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])")
PYTHON = re.compile(r"3\.(?:1[1-9]|[2-9]\d)\.\d+\w*")


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
        elif snippet.directives.needs <= {*SYSTEMS}:
            yield snippet.path, "has no recorded output"
    elif one.cpu.source != digest(snippet.source):
        yield snippet.path, "has changed since it was recorded"
    elif one.out is None:
        yield snippet.path, "has no recorded output"
    elif snippet.directives.figure and not one.drawn:
        yield snippet.path, "has no recorded figure"
    else:
        drawn = snippet.tree.text(snippet.figure) or "" if one.drawn else ""
        if one.cpu.output != digest(one.out + drawn):
            file = snippet.out if one.out else snippet.figure
            yield file, "is not what was recorded"


def _other_faults(one: Recorded, lane: str) -> Iterator[tuple[Path, str]]:
    """What does not fit in what a GPU, another torch or Python printed or plotted."""
    snippet, entry = one.snippet, one.gpu if lane == "gpu" else one.builds.get(lane)
    out, data = snippet.own_out(lane), snippet.own_data(lane)
    there = [file for file in (out, data) if snippet.tree.has(file)]
    if entry is None:
        yield from ((file, f"no record of the {lane} lane knows it") for file in there)
    elif lane != "gpu" and entry.source != digest(snippet.source):
        yield snippet.path, f"has changed since the {lane} lane recorded it"
    elif lane != "gpu" and not there:
        yield snippet.path, f"has no output of the {lane} lane, which recorded one"
    elif out in there and entry.output != digest(read(out, snippet.tree)):
        yield out, f"is not what the {lane} lane printed"


def one_card(tree: Tree) -> Iterator[Problem]:
    """Every output and every number of a GPU must come from one kind of card."""
    cards: dict[str, list[Path]] = {}
    for name, entry in records.load(tree, "gpu").items():
        if tree.known("harness.core.snippet.fit", name):
            cards.setdefault(entry.device, []).append(records.path(tree, "gpu", name))
    numbers = tree.recorded / "gpu_numbers.json"
    if text := tree.text(numbers):
        measured = json.loads(text).get("device")
        cards.setdefault(measured, []).append(numbers)
    most, *others = sorted(cards, key=lambda name: -len(cards[name])) or [""]
    for name in others:
        what = f"is of {name}, while others are of {most}"
        yield Problem(tree.show(cards[name][0]), 0, what, "on a GPU: make record-gpu")


def one_set(tree: Tree, lane: str, today: str) -> Iterator[Problem]:
    """What no run can have written into the records of a lane, which ran together."""
    entries = records.load(tree, lane)
    known = {name for name in entries if tree.has(tree.snippets / f"{name}.py")}
    torch = Counter(map(_release, entries.values())).most_common(1)
    for name in sorted(known):
        file = records.path(tree, lane, name)
        for key, what in _impossible(lane, entries[name], torch[0][0], today):
            rows = enumerate((tree.text(file) or "").split("\n"), 1)
            line = next((number for number, row in rows if f'"{key}"' in row), 0)
            yield Problem(tree.show(file), line, what, records.command(lane, [name]))


def pinned(tree: Tree) -> Iterator[Problem]:
    """Whether the records are of the torch that is installed here."""
    pin = tree.known("harness.site.programs.pins").get("torch")
    ran = Counter(map(_release, records.load(tree, "cpu").values())).most_common(1)
    if pin and ran and pin != ran[0][0]:
        rows = (tree.text(tree.root / "Makefile") or "").split("\n")
        line = next((n for n, row in enumerate(rows, 1) if f"torch=={pin}" in row), 0)
        what = f"installs torch {pin}, while the cpu lane's records have {ran[0][0]}"
        fix = "make record; what else is to do says CONTRIBUTING.md: Raise torch"
        yield Problem("Makefile", line, what, fix)


def _release(one: Entry) -> str:
    return one.torch.partition("+")[0]


def _impossible(
    lane: str, one: Entry, torch: str, today: str
) -> Iterator[tuple[str, str]]:
    """Keys of an entry, each with what is wrong with its value."""
    tomorrow = (date.fromisoformat(today) + timedelta(days=1)).isoformat()
    if not DAY.fullmatch(one.date) or one.date > tomorrow:
        yield "date", f"'{one.date}' is no day up to now"
    if _release(one) != torch:
        what = f"torch {one.torch}, while others of the {lane} lane have {torch}"
        yield "torch", what
    if not PYTHON.fullmatch(one.python):
        yield "python", f"python {one.python}, which runs nothing here"
    if not 0 <= one.seconds < 86400:
        yield "seconds", f"{one.seconds} s, no time that a run can take"
    if lane != "gpu":
        if one.device != "cpu":
            yield "device", f"device '{one.device}' on the {lane} lane"
        if one.driver:
            yield "driver", f"a driver on the {lane} lane"
        if lane not in BUILDS and "+cu" in one.torch:
            yield "torch", f"torch {one.torch}, built for CUDA: its errors are others"
        return
    if one.device == "cpu":
        yield "device", "names no card"
    elif not one.driver:
        yield "driver", "names no driver of its card"
    if one.torch.endswith("+cpu"):
        yield "torch", f"torch {one.torch}, which cannot use a card"


def orphans(tree: Tree) -> Iterator[Problem]:
    """Files in the topics' folders, and records, that belong to no snippet."""
    known = {file for one in find(tree) for file in tree.known(OWNED, one.name)}
    fix = "remove it, or give the snippet its name back"
    for folder in (tree.snippets, tree.recorded / "figures", tree.recorded / "runs"):
        for file in map(tree.show, tree.files(folder)):
            inside = file.removeprefix(f"{tree.show(folder)}/")
            if "/" in inside and "__pycache__/" not in inside and file not in known:
                yield Problem(file, 0, "belongs to no snippet", fix)


def owned(tree: Tree, name: str) -> list[str]:
    """The files that may be there because of a snippet."""
    one = Snippet(tree, name)
    # Where its comments cannot be read, any lane may have run it.
    lanes = (one.directives.lane, "gpu", *BUILDS) if one.readable else records.LANES
    known = [records.path(tree, lane, name) for lane in lanes]
    known += [one.path, one.out, one.cuda_out, *map(one.own_out, BUILDS)]
    if "# figure:" in one.source:
        known += [one.figure, one.figure_data, *map(one.own_data, BUILDS)]
    return [*map(tree.show, known)]
