"""How this site is tested: the page names what no check finds, and no more."""

import json
import re

import pytest

from harness.core.moment import asked
from harness.core.snippet import PARSE, find
from harness.core.tree import HERE
from harness.run.options import Options
from harness.run.trial import variants
from harness.site.tables import other_tools, sources
from tests import lines
from tests.claims_support import from_yaml, program
from tests.gate.others import TOOLS, kinds
from tests.gate.test_corpus import cases

PAGE = (HERE.docs / "reference" / "how-it-is-tested.md").read_text(encoding="utf-8")


def test_the_list_is_that_of_the_corpus():
    _, _, part = PAGE.partition("## What no check finds")
    listed = re.findall("^- (.+)$", part, flags=re.MULTILINE)
    assert len(listed) == len({*listed})
    assert {*listed} == {case.open for case in cases().values() if case.open}


def test_most_of_the_corpus_is_refused_and_some_of_it_is_right():
    every = cases().values()
    assert sum(bool(one.says) for one in every) > 200
    assert sum(one.passes for one in every) >= 10


def test_each_kind_that_the_page_names_is_in_the_corpus():
    says = " ".join(one.says for one in cases().values())
    for words in ("typed by hand", "CYRILLIC", "no day up to now"):
        assert words in says


def test_a_program_runs_elsewhere_before_its_output_is_kept():
    from harness.core.snippet import Snippet

    jobs = variants(Snippet(HERE, "start/derivative"), Options(record=True))
    assert jobs.keys() == {"run", "again", "fresh", "simple"}
    assert len({job.seed for job in jobs.values()}) == 2
    assert {"LANG", "TZ", "COLUMNS"} <= jobs["fresh"].env.keys()
    assert not {"LANG", "TZ", "COLUMNS"} & jobs["run"].env.keys()
    assert "Nearly all run in a new Python" in PAGE
    launched = variants(
        Snippet(HERE, "distributed/ddp_equals_one_process"), Options(record=True)
    )
    assert len({job.seed for job in launched.values()}) == 2
    assert launched.keys() == {"run", "again"}  # of all but these, see below
    few = [one for one in find(HERE) if one.directives.run]
    assert 0 < len(few) < 0.05 * len(find(HERE))


def test_what_runs_once_a_week_holds_up_no_publication():
    assert "fails before a publication, nothing is published" in PAGE
    flows = HERE.root / ".github" / "workflows"
    assert "environments" not in (flows / "publish.yml").read_text()
    assert "deploy-pages" not in (flows / "environments.yml").read_text()


def test_of_many_sources_only_the_month_is_known():
    read = [str(one.read) for one in sources.load(HERE)]
    assert any(re.fullmatch(r"\d{4}-\d\d", one) for one in read)
    assert all(re.fullmatch(r"\d{4}-\d\d(-\d\d)?", one) for one in read)
    assert "says when it was read" in PAGE


def test_the_questions_that_the_page_names_are_refused():
    for source in (
        "import datetime\nprint(datetime.date.today())",
        "import socket as s\nprint(s.gethostname())",
        "from os import cpu_count as n\nprint(n())",
        "import os\nprint(os.environ['HOME'])",
    ):
        assert [line for line, *_ in asked(source, PARSE(source))] == [2], source
    given = "import os\nprint(os.environ['LOCAL_RANK'])"  # by torchrun
    assert not [*asked(given, PARSE(given))]
    assert "a variable of the environment such as `HOME`" in PAGE
    assert not [*asked(program("start/derivative"), PARSE(program("start/derivative")))]


def test_the_table_of_other_tools_counts_what_is_recorded():
    run = other_tools.load(HERE)
    every = [slug for entries in run.entries.values() for slug in entries]
    assert {*every} == {*run.gate} <= cases().keys()
    # A new entry needs no new run, but a tenth of them does.
    now = sum(map(len, kinds().values()))
    assert len(every) > 0.9 * now
    rows = re.findall(
        r"^\| ([A-Z].*?) \| (\d+) \| (.*) \|", other_tools.text(HERE), re.M
    )
    assert [label for label, *_ in rows] == [*run.labels.values()]
    for (_, count, cells), kind in zip(rows, run.labels, strict=True):
        said = [len(run.entries[kind])]
        for tool in run.tools.values():
            seen = sum(slug in tool.noticed for slug in run.entries[kind])
            said.append(seen if seen or kind in tool.claims else "–")
        assert [count, *cells.split(" | ")] == [count, *map(str, said)]
    assert {name: one.version for name, one in run.tools.items()} == {
        tool.name: tool.version for tool in TOOLS
    }


def test_each_tool_notices_something_and_is_asked_only_for_its_job():
    run = other_tools.load(HERE)
    for tool in run.tools.values():
        seen = {*tool.noticed}
        assert seen and seen <= {one for every in run.entries.values() for one in every}
    assert not {*run.tools["nbmake"].claims} & {"links", "numbers", "fences"}


def test_nearly_every_changed_digit_is_noticed():
    prose = json.loads((HERE.recorded / "mutation.json").read_bytes())["prose"]
    assert prose["tied"] == prose["tied, noticed"] > 300
    # A new tie needs no new run, but a seventh of them does.
    pages = [file.read_text(encoding="utf-8") for file in HERE.docs.rglob("*.md")]
    assert prose["tied"] > 0.85 * sum(one.count("{=") for one in pages)
    noticed = prose["tied, noticed"] + prose["proven, noticed"]
    assert noticed >= 0.95 * (prose["tied"] + prose["proven"])


def test_each_line_without_effect_is_listed_with_a_reason_and_still_there():
    kinds = from_yaml(lines.KNOWN)
    assert all(kind["why"].endswith(".") and kind["lines"] for kind in kinds)
    every = [line for kind in kinds for line in kind["lines"]]
    assert len(every) == len({*every}) == len(lines.known())
    for name, line in (one.split(": ", 1) for one in every):
        assert line in dict(lines.lines(program(name))), f"{name} has no line {line}"
    found = json.loads((HERE.recorded / "mutation.json").read_bytes())["lines"]
    fit = [one for one in find(HERE) if lines.fit(one)]
    assert 0.9 * len(fit) <= found["programs"] < 0.6 * len(find(HERE))
    assert not any(one.directives.figure for one in fit)
    assert "nothing that a program prints," in PAGE
    assert "takes assignments and calls out of" in PAGE
    assert found["taken out"] > 3000 and found["without effect"] <= len(every) + 30


def test_a_line_is_taken_out_with_all_that_it_holds():
    source = "import a\nx = f(\n    1,\n)\nif x:\n    y = 1  # so\n'a text'\nprint(x)\n"
    assert [*lines.lines(source)] == [
        ("x = f( 1, )", source.replace("x = f(\n    1,\n)", "pass\n\n")),
        ("y = 1  # so", source.replace("y = 1  # so", "pass")),
    ]
    x = "print('a'); x = 1\n"  # begins no line
    assert [*lines.lines(x)] == []


def test_of_many_drawn_sentences_a_part_is_tied():
    listed = [
        one["says"]
        for file in (HERE.root / "tests" / "claims" / "words").glob("*.yml")
        for one in from_yaml(file)
    ]
    assert sum(says[0].islower() for says in listed) > 50
    assert "If the tied words change, a test fails until" in PAGE


@pytest.mark.parametrize(("group", "least"), [("judge", 150), ("gate", 100)])
def test_tests_notice_most_changes_of_the_judge_and_the_gate(group, least):
    found = json.loads((HERE.recorded / "mutation.json").read_bytes())[group]
    modules = found["modules"].values()
    assert found["drawn"] == sum(one["drawn"] for one in modules) >= least
    assert found["killed"] == sum(one["killed"] for one in modules)
    assert found["killed"] >= 0.9 * found["drawn"]
