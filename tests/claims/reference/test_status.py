"""The waivers of docs/reference/status.md say what holds instead."""

import re

from harness.core import limits
from harness.core.tree import HERE
from harness.site.tables import waivers
from tests.claims_support import Later, from_yaml

backbone, detector = Later("lab.train.backbone"), Later("lab.train.detector")
EVERY = {one.promise: one for one in waivers.load(HERE)}


def numbers(words: str) -> list[list[float]]:
    """Of a promise, and of what holds instead."""
    [one] = [one for promise, one in EVERY.items() if words in promise]
    texts = (one.promise, one.instead)
    return [[*map(float, re.findall(r"\b\d+(?:\.\d+)?\b", text))] for text in texts]


def test_the_limits_are_those_of_the_gate():
    assert numbers("lines") == [[limits.LINES], [len(limits.OLD), limits.LINES_OLD]]
    ended = limits.SECONDS * limits.PATIENCE
    assert numbers("seconds says so") == [[limits.SECONDS], [ended]]
    assert numbers("walkthrough") == [[], [limits.CELL]]


def test_the_floors_are_those_of_the_trainers():
    floors = [*backbone.FLOOR.values(), *detector.FLOOR.values()]
    assert numbers("trained again") == [[], floors]


def test_the_rows_of_the_parity_table_that_a_person_counted_are_as_many():
    rows = (HERE.recorded / "parity.yml").read_text(encoding="utf-8")
    typed = re.findall(r"^ +terms: \d+$", rows, re.MULTILINE)
    assert numbers("derived") == [[], [len(typed)]]


def test_what_no_schedule_runs_is_in_no_workflow():
    flows = "".join(f.read_text() for f in HERE.root.glob(".github/workflows/*.yml"))
    assert not re.search("lighthouse|make bench", flows)
    assert [one for one in EVERY if "Lighthouse" in one]


def test_the_table_has_every_waiver_with_its_reason():
    listed = from_yaml(HERE.recorded / "waivers.yml")
    rows = waivers.text(HERE).splitlines()[2:]
    assert rows == [f"| {' | '.join(one.values())} |" for one in listed]
