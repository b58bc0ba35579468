"""What docs/reference/status.md counts, and what its waivers say holds instead."""

import re
from dataclasses import replace

import pytest

from harness.core import limits, records
from harness.core.directives import APART
from harness.core.snippet import find
from harness.core.tree import HERE, Tree
from harness.gate import census
from harness.notebooks import walkthrough
from harness.site.tables import status, waivers
from tests.claims_support import Later, from_yaml

backbone, detector = Later("lab.train.backbone"), Later("lab.train.detector")
EVERY = {one.promise: one for one in waivers.load(HERE)}


@pytest.fixture(scope="module")
def text():
    return status.text(HERE)


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


def test_the_list_has_every_waiver_with_its_reason():
    listed = from_yaml(HERE.recorded / "waivers.yml")
    entry = r"^(.+)\n:   (.+)<br><small>(.+)</small>$"
    shown = re.findall(entry, waivers.text(HERE), re.MULTILINE)
    assert shown == [tuple(one.values()) for one in listed]


def test_pages_that_show_no_program_are_not_counted(text):
    counts = [census.count(HERE, one.name) for one in walkthrough.every(HERE)]
    showing = sum(bool(one["snippets"] or one["pictures"]) for one in counts)
    assert f"- **{showing}** pages show them," in text and showing < len(counts)


def test_what_has_no_record_is_listed_on_top(text):
    runs = HERE.recorded / "runs"
    ran = {f.relative_to(runs).as_posix() for f in runs.rglob("*.json")}
    ran = {name.split("/", 1)[1].removesuffix(".json") for name in ran}
    waits = {one.name for one in find(HERE) if one.name not in ran}
    [(count, lines)] = re.findall(
        r"Never run, because they need a GPU <span>(\d+) .+\n\n((?: {4}- .+\n)+)", text
    )
    assert int(count) == len(waits)
    listed = {name for name in re.findall(r"`(.+?)`", lines)}
    assert listed == {name.split("/", 1)[1] for name in waits}
    sources = [(HERE.snippets / f"{name}.py").read_text() for name in waits]
    assert all(re.search("^# needs: .*cuda", one, re.MULTILINE) for one in sources)


def test_a_date_changes_with_the_version_of_python_or_of_a_library(text, tmp_path):
    assert "version of torch, Python or a library changes" in text
    tree = Tree(tmp_path)
    old = records.Entry("a", "b", "2.13.0", "3.11.7", "cpu", 1.0, "2026-11-01")
    for number, new in enumerate(({}, {"python": "3.11.8"}, {"packages": {"a": "1"}})):
        records.save(tree, "cpu", f"x/{number}", old)
        now = replace(old, date="2026-11-02", seconds=2.0, **new)
        records.save(tree, "cpu", f"x/{number}", now)
        kept = records.entry(tree, "cpu", f"x/{number}").date
        assert kept == (now if new else old).date


def test_the_walkthroughs_are_counted(text):
    many = len([*(HERE.docs / "walkthroughs").glob("*.py")])
    assert f"the {many} walkthroughs:" in text


def test_programs_of_further_libraries_run_once_a_week():
    weekly, *others = (
        (HERE.root / ".github" / "workflows" / f"{name}.yml").read_text()
        for name in ("environments", "ci", "publish")
    )
    lanes = re.search(r"lane: \[(.+)\]", weekly)[1].split(", ")
    assert {*APART} <= {*lanes}
    assert re.search(r'cron: "\d+ \d+ \* \* \d"', weekly)
    assert not any(re.search("|".join(APART), one) for one in others)
