"""The dates of docs/start/history.md, against their sources and a calendar."""

import ast
import contextlib
import io
import re
from datetime import date

import numpy as np

from harness.core.tree import HERE
from harness.site.tables import versions
from tests.claims_support import cited, drawn, from_yaml

START = HERE.snippets / "start"
PAGE = (HERE.docs / "start" / "history.md").read_text(encoding="utf-8")
DAYS = (START / "days_between.py").read_text(encoding="utf-8")
SOURCES = cited()
LINKED = {url for url in SOURCES if f"({url})" in PAGE}
KNOWN = {str(fact) for url in LINKED for fact in SOURCES[url]["holds"]}


def dates(program: str) -> list[date]:
    calls = [n for n in ast.walk(ast.parse(program)) if isinstance(n, ast.Call)]
    return [
        date(*(ast.literal_eval(a) for a in call.args))
        for call in calls
        if ast.unparse(call.func) == "date"
    ]


def timeline() -> dict[str, date]:
    tree = ast.parse((START / "timeline.py").read_text(encoding="utf-8"))
    pairs = [
        (key.value, dates(ast.unparse(value))[0])
        for node in ast.walk(tree)
        if isinstance(node, ast.Dict)
        for key, value in zip(node.keys, node.values, strict=True)
    ]
    return dict(pairs)


def printed(program: str) -> list[str]:
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        exec(program, {})
    return out.getvalue().splitlines()


def test_each_date_of_the_program_stands_in_a_source_that_the_page_links():
    assert len(dates(DAYS)) == 5
    assert {str(day) for day in dates(DAYS)} <= KNOWN


def test_each_date_of_the_picture_stands_in_a_source_that_the_page_links():
    known = {"Torch7, in Lua": "2010"}  # the page says that no day is known
    for what, day in timeline().items():
        said = known.get(what, str(day))
        assert str(day).startswith(said) and said in KNOWN, what
    assert "written in about 2010" in PAGE


def test_no_source_of_the_page_is_a_copy_of_another():
    assert not [url for url in LINKED if "copy" in SOURCES[url]["title"]]
    assert not [url for url in LINKED if url.startswith("http:")]
    outside = set(re.findall(r"\]\((https?://[^)]+)\)", PAGE))
    assert outside == LINKED


def test_each_side_of_the_picture_is_in_order():
    days = list(timeline().values())
    assert days[:6] == sorted(days[:6])
    assert days[6:] == sorted(days[6:])


def test_pytorch_is_on_the_right_of_the_picture():
    places = {text: x for text, x, _ in drawn("start/timeline")}
    assert places["PyTorch"] > 0 > places["Others"]
    assert places["alpha-1"] > 0 > places["TensorFlow"]


def test_releases_have_the_dates_of_the_table_of_versions():
    released = {one.torch: one.released for one in versions.load(HERE)}
    drawn = timeline()
    assert drawn["1.8.1, the tutorial's"] == released["1.8.1"]
    assert drawn["2.0"] == released["2.0.0"]
    assert drawn["2.13, this site's"] == released["2.13.0"]


def test_the_tutorial_names_the_version_that_it_ran_on():
    said = str(from_yaml(HERE.recorded / "claims.yml"))
    assert "import torch and look at its version, 1.8.1" in said
    assert "The tutorial itself ran on PyTorch 1.8.1" in PAGE


def test_the_days_between_are_those_of_numpys_calendar():
    tensorflow, theano, default, alpha, public = map(np.datetime64, dates(DAYS))
    spans = [theano - tensorflow, default - tensorflow, public - alpha]
    said = [int(re.search(r"(\d+) days", line)[1]) for line in printed(DAYS)[:3]]
    assert said == [span.astype(int) for span in spans]


def test_the_default_changed_more_than_300_days_after_tensorflow_came_out():
    tensorflow, _, default, alpha, _ = dates(DAYS)
    assert (default - tensorflow).days > 300
    assert alpha < default


def test_alpha_1_was_not_the_first_and_the_change_for_windows_was_proposed():
    [alpha] = [url for url in LINKED if url.endswith("/releases/tag/v0.1.1")]
    assert "a week since pytorch alpha-0" in SOURCES[alpha]["holds"]
    assert "a week after alpha-0." in PAGE and "The first version" not in PAGE
    [windows] = [url for url in LINKED if url.endswith("/keras/pull/3831")]
    days = [date.fromisoformat(s[-10:]) for s in SOURCES[windows]["holds"]]
    assert [(day - dates(DAYS)[2]).days for day in days] == [2, 3]
    assert "Two days later, [a change proposed Theano" in PAGE


def test_try_it_counts_the_days_since_the_alpha():
    today = DAYS.replace("public = date(2017, 1, 19)", "public = date.today()")
    assert today != DAYS
    days = (date.today() - date(2016, 9, 1)).days
    assert printed(today)[2] == f"alpha-1 to public release: {days} days"
