"""Walkthroughs as they are read."""

import pytest

from harness.core.snippet import Snippet
from harness.core.tree import HERE
from harness.notebooks import walkthrough
from harness.site import notebooks

from . import refuse
from .built import ONE_PAGE
from .visits import Look

WALKS = [
    one
    for one in walkthrough.find(HERE)
    if ONE_PAGE in ("", one.name.removesuffix(".ipynb"))
]
HEAVIEST = 100_000  # bytes of HTML


def html(one) -> str:
    return notebooks.place(one.name).replace(".md", ".html")


@pytest.fixture(scope="module")
def walked(seen):
    """Every walkthrough in every look."""
    pages = {html(one) for one in WALKS}
    return [one for one in seen if one.page in pages]


@pytest.mark.parametrize("one", WALKS, ids=lambda one: one.path.stem)
def test_its_page_shows_all_that_it_printed_and_drew(walked, site, one):
    made = one.executed
    parts = [part for _, parts in notebooks.outputs(made) for part in parts]
    texts = [part + "\n" for part in parts if isinstance(part, str)]
    drawn = notebooks.drawn(made)
    assert texts or drawn
    solved = [Snippet(HERE, include.snippet).out for include in one.includes]
    texts += [file.read_text(encoding="utf-8") for file in solved if file.exists()]
    looks = set()
    for seen in walked:
        if seen.page != html(one):
            continue
        looks.add(seen.look)
        blocks = seen.noticed["blocks"]
        shown = [b["text"] for b in blocks if b["title"] == "Output" and b["visible"]]
        assert shown == texts, seen
        own = (
            p for p in seen.noticed["pictures"] if p["source"].startswith("picture-")
        )
        words = [picture["alt"] for picture in own if picture["visible"]]
        assert words == [
            picture.words for picture in [*notebooks.drawn(made, "result"), *drawn]
        ]
        code = [b["text"] for b in blocks if not b["title"] and b["visible"]]
        cells = [c.source + "\n" for c in made.cells if c.cell_type == "code"]
        assert [text for text in code if text in cells] == cells, seen
    assert {look.scheme for look in looks} == {"light", "dark"}
    assert Look("dark", 360) in looks


def test_nothing_goes_wrong_behind_it(walked):
    refuse(
        f"{one}: {fault}"
        for one in walked
        for fault in [
            *one.faults.errors,
            *one.faults.failed,
            *one.faults.foreign,
            *one.axe,
            *one.noticed["cut"],
            *one.noticed["past"],
        ]
    )


@pytest.mark.parametrize("one", WALKS, ids=lambda one: one.path.stem)
def test_its_page_is_light(site, one):
    size = (site.folder / html(one)).stat().st_size
    assert size < HEAVIEST, f"{html(one)} has {size} bytes"
