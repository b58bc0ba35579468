"""Whether the search finds what readers want: their queries, and all errors here.

`tests/search/` has the queries, in two halves: the ranking was tuned to one and judged
by the other, so do not look into `held.yml` while you change it. `fresh.yml` was
written later, measured once, and then tuned on as well.
"""

import re
from collections import defaultdict
from pathlib import Path

import pytest

from harness.core import page as pages
from harness.core.snippet import Snippet
from harness.core.tree import HERE
from harness.site.copies import place
from harness.site.markdown import Site
from harness.site.tables import errors
from tests import error_entries
from tests.claims_support import from_yaml

from . import refuse
from .searching import find

QUERIES = HERE.root / "tests" / "search"
NEAR = 3
FIRST, AMONG_FIRST = 0.85, 0.95  # of a set, and of each kind there
KEPT_FIRST, KEPT = 0.85, 0.95  # of what is found first, where a query is mistyped
KEYS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
ERROR = re.compile(r"(?!Assertion)\w+(?:Error|Warning): \S.*")  # a library's words
OWN = re.compile(
    r"(?<![A-Za-z_.\d])\d+(?![\w.])"
)  # numbers that a reader has otherwise
OTHER = "37"


@pytest.fixture(scope="module")
def asked(modules):
    """Finds many texts in one page, whose engine is built once; each of them once."""
    known = {}

    def ask(texts):
        new = [text for text in dict.fromkeys(texts) if text not in known]
        known.update(zip(new, find(modules, new), strict=True))
        return [known[text] for text in texts]

    return ask


def address(want: str) -> re.Pattern:
    """What a result's address has to be for `page` or `page#anchor`."""
    name, _, anchor = want.partition("#")
    folder = place(f"{name}.md").removesuffix("index.md")
    return re.compile(rf"{re.escape(folder)}#{re.escape(anchor) if anchor else '.*'}")


def rank(wants: list[str], found: list[str]) -> int:
    """The place of the first result that answers; beyond all others where none does."""
    right = [address(want) for want in wants]
    places = (
        at for at, one in enumerate(found) if any(r.fullmatch(one) for r in right)
    )
    return next(places, len(found))


def start(line: str) -> str:
    """Four words of an error line, without its type and its numbers."""
    text = re.sub(r"\d+", "#", line.partition(": ")[2])
    return " ".join(text.split()[:4])


def queries_of(name: str) -> list[dict]:
    return from_yaml(QUERIES / f"{name}.yml")


def unseen(held: list[dict]) -> list[dict]:
    """The queries that nobody tuned on, not even by writing them a second time."""
    seen = {plain(one) for one in queries_of("fresh")}
    return [one for one in held if plain(one) not in seen]


def plain(query: dict) -> str:
    return " ".join(query["query"].casefold().split())


WEEKLY = [pytest.param(name, marks=pytest.mark.weekly) for name in ("fresh", "held")]


@pytest.mark.parametrize("name", ["tune", *WEEKLY])
def test_readers_find_what_they_want(asked, name):
    queries = queries_of(name)
    if name == "held":
        queries = unseen(queries)
    found = asked([one["query"] for one in queries])
    ranks = defaultdict(list)
    for one, results in zip(queries, found, strict=True):
        assert results, f"nothing is found for '{one['query']}'"
        ranks[one["kind"]].append(rank(one["want"], results))
    every = [place for kind in ranks.values() for place in kind]
    problems = []
    for kind, places in [("all", every), *sorted(ranks.items())]:
        rates = [sum(at < most for at in places) / len(places) for most in (1, NEAR)]
        if rates[0] < FIRST or rates[1] < AMONG_FIRST:
            problems.append(f"{kind}: {rates[0]:.0%} first, {rates[1]:.0%} in {NEAR}")
    refuse(problems)


def mistyped(query: str, number: int) -> str:
    """With one slip in its longest word, or with two words written as one."""
    word = max(re.findall(r"[A-Za-z_]+", query), key=len)
    if number % 5 == 4:
        return re.sub(r"(?<=\w{3})[ _](?=\w{3})", "", query, count=1)
    at = 1 + number % (len(word) - 1)
    before, letter, after = word[:at], word[at], word[at + 1 :]
    keys = next((row for row in KEYS if letter.lower() in row), letter)
    near = keys[keys.index(letter.lower()) - 1] if letter.lower() in keys else letter
    slips = (
        before + after,
        before + 2 * letter + after,
        before[:-1] + letter + before[-1] + after,
        before + near + after,
    )
    return query.replace(word, slips[number % 5])


@pytest.mark.parametrize(
    "name", ["tune", pytest.param("fresh", marks=pytest.mark.weekly)]
)
def test_a_slip_of_the_finger_costs_little(asked, name):
    """Of what is found first, nearly all is still found when a query is mistyped."""
    queries = [one for one in queries_of(name) if one["kind"] not in ("pasted", "typo")]
    right = [one["query"] for one in queries]
    wrong = [mistyped(query, number) for number, query in enumerate(right)]
    before, after = asked(right), asked(wrong)
    kept = [
        rank(one["want"], later)
        for one, results, later in zip(queries, before, after, strict=True)
        if rank(one["want"], results) == 0
    ]
    assert sum(place < 1 for place in kept) >= KEPT_FIRST * len(kept)
    assert sum(place < NEAR for place in kept) >= KEPT * len(kept)


def test_each_error_and_old_wording_finds_its_entry_first(asked, built_sections):
    """With other numbers in them. Two entries that share a text may answer for each."""
    texts, right = [], defaultdict(set)
    for where, section in built_sections:
        known = [section.title, *section.said] if section.said else []
        for text in known:
            changed = OWN.sub(OTHER, text).replace("…", OTHER)
            right[changed].add(where)
            texts.append(changed)
    assert len(texts) > 500
    problems = []
    for text, results in zip(texts, asked(texts), strict=True):
        if not right[text] & set(results[:1]):
            problems.append(f"'{text}' finds {results[:1]}, not {sorted(right[text])}")
    refuse(problems)


@pytest.fixture(scope="module")
def built_sections():
    """Every section of an error page, with its address."""
    site, found = Site(HERE), []
    for one in pages.find(HERE):
        if one.name.startswith(errors.FOLDER) and not one.moved:
            folder = place(one.name).removesuffix("index.md")
            html = site.render(site.expand(one.text, True))
            found += [(f"{folder}#{part.anchor}", part) for part in html.sections]
    return found


def test_an_error_line_that_a_page_shows_finds_its_page(asked, site):
    """As it is pasted from a terminal, and as its first six words."""
    lines = defaultdict(set)
    for name in site.pages:
        html = (site.folder / name).read_text(encoding="utf-8")
        for shown in re.findall(r'data-output="([^"]+)"', html):
            out = Snippet(HERE, shown).out.read_text(encoding="utf-8")
            if ERROR.fullmatch(last := out.rstrip().split("\n")[-1]):
                lines[last].add(name.removesuffix("index.html"))
    tries = [(line, lines[line]) for line in lines]
    tries += [(" ".join(line.split()[:6]), lines[line]) for line in lines]
    # The same words with other sizes answer as well, and so does an entry for them.
    alike = defaultdict(set)
    for text, names in tries:
        alike[start(text)] |= names
    for entry in error_entries.entries(pages.find(HERE)):
        alike[start(f"Error: {entry.text}")].add(
            place(entry.page.name).removesuffix("index.md")
        )
    problems = []
    for (text, _), results in zip(tries, asked([t for t, _ in tries]), strict=True):
        near = {one.partition("#")[0] for one in results[:NEAR]}
        if not near & alike[start(text)]:
            problems.append(f"'{text}' finds {sorted(near)}")
    refuse(problems)


def test_a_chinese_term_finds_the_glossary(asked):
    (found,) = asked(["张量"])
    assert found[0].startswith("reference/glossary/")


def test_every_result_leads_to_an_anchor_that_is_there(asked, site):
    questions = [one["query"] for one in queries_of("tune")]
    results = {one for found in asked(questions) for one in found}
    assert len(results) > 500
    html = {}
    problems = []
    for one in results:
        folder, _, anchor = one.partition("#")
        file = Path(site.folder, folder, "index.html")
        text = html.setdefault(file, file.read_text(encoding="utf-8"))
        if anchor and f'id="{anchor}"' not in text:
            problems.append(f"{one} is not there")
    refuse(problems)
