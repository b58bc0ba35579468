"""The status page's table: what ran where, by topic, from the records."""

import posixpath
from collections.abc import Iterable, Iterator
from itertools import groupby

from harness.core import page, snippet
from harness.core.page import Page
from harness.core.tree import Tree
from harness.site import fragments
from harness.site.fragments import Recorded
from harness.site.tables.cells import table

STATUS = "reference/status.md"  # the page that shows it: links start there
HEADS = ["Snippet", "CPU", "GPU", "Special"]


def text(tree: Tree) -> str:
    """What ran on which lane, in totals and snippet by snippet."""
    known = [one for one in snippet.find(tree) if one.readable]
    snippets = fragments.load(tree, known)
    pages = page.find(tree)
    return "\n".join(
        [*_summary(snippets, pages), "", *_tables(snippets, _places(pages))]
    )


def _summary(snippets: list[Recorded], pages: list[Page]) -> Iterator[str]:
    on_gpu = sum(one.on_gpu in ("own", "same") for one in snippets)
    for_gpu = sum(bool(one.on_gpu) for one in snippets)
    yield from (
        f"- Snippets: {len(snippets)}, on {len(pages)} pages",
        f"- Pictures: {sum(bool(one.drawn) for one in snippets)}",
        f"- Ran on a CPU: {sum(one.cpu is not None for one in snippets)}",
        f"- Ran on a GPU: {on_gpu or 'none yet'}, of {for_gpu} that can use one",
    )


def _places(pages: list[Page]) -> dict[str, str]:
    """The page that shows each snippet: the first one, where there are several."""
    found: dict[str, str] = {}
    for one in pages:
        for include in one.includes:
            found.setdefault(include.snippet, one.name)
    return found


def _tables(snippets: Iterable[Recorded], places: dict[str, str]) -> Iterator[str]:
    for topic, group in groupby(snippets, lambda one: one.snippet.name.split("/")[0]):
        rows = [_row(one, places.get(one.snippet.name)) for one in group]
        yield from (f"## `snippets/{topic}/`", "")
        # Folded: laid out at once, so many rows would hold up a phone.
        yield from (f'??? note "Its {len(rows)} snippets"', "")
        yield from (f"    {line}" for line in table(HEADS, rows))
        yield ""


def _row(one: Recorded, place: str | None) -> list[str]:
    name = one.snippet.name.partition("/")[2]
    shown = f"`{name}`"
    if place:
        path = posixpath.relpath(place, posixpath.dirname(STATUS))
        shown = f"[{shown}]({path})"
    cpu = "-"
    if one.cpu:
        cpu = f"{one.cpu.date}, torch {one.cpu.torch.partition('+')[0]}"
    return [shown, cpu, _gpu(one), _special(one)]


def _gpu(one: Recorded) -> str:
    if one.on_gpu in ("", "never"):
        return {"": "-", "never": "not yet"}[one.on_gpu]
    ran = f"{one.gpu.date}, {one.gpu.device}"
    return ran if one.on_gpu in ("own", "same") else f"changed since {ran}"


def _special(one: Recorded) -> str:
    declared = one.snippet.directives
    facts = [f"needs {need}" for need in sorted(declared.needs)]
    if declared.raises:
        facts.append(f"raises `{declared.raises}`")
    if declared.warns:
        facts.append(f"warns `{declared.warns}`")
    if declared.run:
        facts.append(f"started by `{declared.run[0]}`")
    if declared.figure:
        facts.append("draws a picture")
    return ", ".join(facts) or "-"
