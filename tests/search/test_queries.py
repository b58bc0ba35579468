"""Whether the queries that judge the search ask for what is there, and each once."""

from collections import Counter
from functools import cache
from pathlib import Path

import pytest

from harness.core.page import Page, find
from harness.core.tree import HERE
from harness.notebooks import walkthrough
from harness.site.markdown import Site
from tests.claims_support import from_yaml

KINDS = {"question", "phrase", "pasted", "keras", "typo", "api", "symptom"}
PLACES = {
    "forum",
    "stack overflow",
    "issue tracker",
    "pasted",
    "keras docs",
    "typo",
    "own words",
}
SETS = ("tune", "fresh", "held")


@cache
def queries(name: str) -> list[dict]:
    return from_yaml(Path(__file__).with_name(f"{name}.yml"))


@cache
def pages() -> dict[str, Page]:
    """The pages that readers come upon, by the names that the queries use."""
    known = [*find(HERE), *walkthrough.find(HERE)]
    return {one.name.rpartition(".")[0]: one for one in known if not one.moved}


@cache
def site() -> Site:
    return Site(HERE)


@cache
def anchors(name: str) -> set[str]:
    """The anchors of a page's headings, as the site makes them."""
    heads = [line for line in pages()[name].outside if line.startswith("#")]
    return set(site().render("\n\n".join(heads)).ids)


def is_there(target: str) -> bool:
    name, mark, anchor = target.partition("#")
    return name in pages() and (not mark or anchor in anchors(name))


@pytest.mark.parametrize("name", SETS)
def test_each_query_has_the_form(name):
    for one in queries(name):
        assert set(one) == {"query", "kind", "want", "from"}, one
        assert one["kind"] in KINDS and one["from"] in PLACES, one
        query = one["query"]
        assert isinstance(query, str) and query == query.strip() != "", one
        want = one["want"]
        assert 1 <= len(want) <= 3 and len(want) == len(set(want)), one


@pytest.mark.parametrize("name", SETS)
def test_each_target_exists(name):
    wanted = {target for one in queries(name) for target in one["want"]}
    assert {target for target in wanted if not is_there(target)} == set()


@pytest.mark.parametrize("names", [("tune", "held"), ("tune", "fresh")])
def test_no_query_stands_twice(names):
    """The judge leaves out of the held half what was written again by chance."""
    every = [one["query"] for name in names for one in queries(name)]
    seen = Counter(" ".join(query.casefold().split()) for query in every)
    assert [query for query, times in seen.items() if times > 1] == []


@pytest.mark.parametrize("name", SETS)
def test_each_set_has_twenty_of_each_kind(name):
    counts = Counter(one["kind"] for one in queries(name))
    assert {kind: counts[kind] for kind in KINDS if counts[kind] < 20} == {}
