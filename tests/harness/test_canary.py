"""What `make canary` says of two sites by the parts of their pages; builds nothing."""

import re

import pytest
import yaml

from tests import canary

PAGE = """<title>Sum - S</title><nav>{nav}</nav><article><h1>{h1}<a class="headerlink">¶
</a></h1><p>A  sum.</p><img src="{src}"></article>"""
SAME = {"nav": "Home", "h1": "Sum", "src": "../a.svg"}
NAME = "t/sum/index.html"


def site(tmp_path, name: str, **other: str) -> dict:
    folder = tmp_path / name
    (folder / "t/sum").mkdir(parents=True)
    (folder / NAME).write_text(PAGE.format(**SAME | other))
    (folder / "programs").mkdir()
    published = ["t/sum/index.md", "llms.txt", "programs/sum.py", "offline.zip"]
    for file in ["a.svg", "sitemap.xml", *published]:
        (folder / file).write_text(name)
    return canary.pages(folder)


@pytest.fixture
def old(tmp_path) -> dict:
    return site(tmp_path, "old")


def test_a_page_is_its_title_heading_text_and_links(old, tmp_path):
    assert old == {
        "a.svg": {},
        NAME: {
            "title": "Sum - S",
            "h1": "Sum",
            "text": "SumA sum.",
            "links": "http://127.0.0.1:8000/site/t/a.svg",
        },
    }
    new = site(tmp_path, "new", nav="Elsewhere")
    assert canary.compare(old, new, []) == ({}, {}, [])


@pytest.mark.parametrize("gone", [NAME, "a.svg"])
def test_what_is_missing_and_what_is_added_differ(old, gone):
    new = {name: parts for name, parts in old.items() if name != gone}
    assert list(canary.compare(old, new, [])[1]) == [(gone, "missing")]
    assert list(canary.compare(new, old, [])[1]) == [(gone, "added")]


def test_another_heading_differs_and_is_shown(old, tmp_path):
    _, unknown, _ = canary.compare(old, site(tmp_path, "new", h1="Total"), [])
    assert list(unknown) == [(NAME, "h1"), (NAME, "text")]
    assert unknown[NAME, "h1"] == "MkDocs has 'Sum', here is 'Total'"


def test_what_is_listed_may_differ_and_nothing_else(old, tmp_path):
    listed = [
        {"differs": "links", "pages": "t/*", "is": "^(.*)/a.svg", "was": r"\1/t/a.svg"}
    ]
    new = site(tmp_path, "new", src="../../a.svg")
    known, unknown, gone = canary.compare(old, new, listed)
    assert (list(known), unknown, gone) == ([(NAME, "links")], {}, [])
    new = site(tmp_path, "newer", src="../../b.svg")
    known, unknown, gone = canary.compare(old, new, listed)
    assert (known, list(unknown), gone) == ({}, [(NAME, "links")], ["links of t/*"])


def test_an_entry_without_a_pattern_takes_any_difference(old, tmp_path):
    listed = [{"differs": "missing", "pages": "a.svg"}]
    assert list(canary.compare(old, {NAME: old[NAME]}, listed)[0]) == [
        ("a.svg", "missing")
    ]


def test_a_listed_difference_that_is_gone_is_named(old):
    listed = [{"differs": "title", "pages": NAME}]
    assert canary.compare(old, old, listed) == ({}, {}, [f"title of {NAME}"])


def test_every_entry_has_its_reason_and_since_when():
    listed = yaml.safe_load(canary.LISTED.read_text())
    assert listed.keys() == canary.GENERATORS.keys()
    for entry in sum(listed.values(), []):
        assert len(entry["why"]) > 40 and re.search(r"\d{4}-\d\d-\d\d", entry["since"])
        assert ("is" in entry) == ("was" in entry)


def test_links_lead_to_the_page_of_a_walkthrough_not_to_its_download():
    text = "[a](../w/sum.ipynb#x) [b](sum/sum.ipynb) [c](w/sum.ipynb)"
    assert canary.NOTEBOOK.sub(r"](\2.md", text) == (
        "[a](../w/sum.md#x) [b](sum/sum.ipynb) [c](w/sum.md)"
    )
