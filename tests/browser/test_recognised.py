"""Whether the box knows an error, however it is pasted, and says where it does not."""

import random
import re
from collections import defaultdict

import pytest

from harness.core import page as pages
from harness.core.tree import HERE
from harness.site import fills
from harness.site.copies import place
from harness.site.tables import errors
from tests.claims_support import from_yaml
from tests.search import tracebacks
from tests.search.dressed import dressed

from . import refuse

RECOGNISE = """async texts => {
  await proven.load("service.js")
  const found = []
  for (const text of texts) found.push(await proven.service.recognise(text))
  return found
}"""
OTHERS = HERE.root / "tests" / "search" / "other_errors.yml"
OF_A_PAGE = 30
DTYPES = ("Half", "Short", "BFloat16")
DEVICES = {"meta": "cuda:1", "cpu": "cuda:0"}
# Where another name is another error, one that belongs to the same entry.
NAMES = {
    "NoneType": "Account",
    "numpy.ndarray": "list",
    "CrossEntropyLoss": "MSELoss",
    "list": "tuple",
    "int32": "int16",
    "torch.float64": "torch.float16",
    "torch.float32": "torch.bfloat16",
}


@pytest.fixture
def recognised(modules):
    """What the box finds for many texts, by an engine that is built once."""
    return lambda texts: modules.evaluate(RECOGNISE, texts)


def first(found: dict) -> tuple[str, str] | None:
    """The address of the entry that the box shows first."""
    if not found["entries"]:
        return None
    best = found["entries"][0]
    return best["address"], best["anchor"]


def where(entries: set[tuple[str, str]]) -> set[tuple[str, str]]:
    """The addresses of entries that are named by page and anchor."""
    return {(place(page).removesuffix("index.md"), at) for page, at in entries}


def test_the_error_of_every_program_finds_its_entry(recognised):
    """Each as its program printed it, in one of the ways in which readers paste it."""
    failures = [*tracebacks.recorded()]
    assert len(failures) > 300
    texts, ways = [], []
    for at, one in enumerate(failures):
        shown = [*dressed(one).items()]
        way, text = shown[at % len(shown)]
        ways.append(way)
        texts.append(text)
    problems = []
    for one, way, found in zip(failures, ways, recognised(texts), strict=True):
        if first(found) not in where(tracebacks.right(one)):
            problems.append(f"{one.program}, {way}: finds {first(found)}")
    refuse(problems)


def test_of_other_errors_it_says_that_it_knows_none(recognised):
    others = from_yaml(OTHERS)
    assert len(others) > 60
    found = recognised([*others.values()])
    refuse(
        f"{name} finds {first(one)}"
        for name, one in zip(others, found, strict=True)
        if one["entries"]
    )


def other(ours: str, at: int, is_dtype: bool) -> str:
    """What a reader may have in the place of a value of ours."""
    if is_dtype:
        return DTYPES[at % len(DTYPES)]
    if re.search("[A-Za-z]", ours) and not re.fullmatch(r"\d+ ?x ?\d+", ours):
        return DEVICES.get(ours) or NAMES.get(ours) or f"{ours}2"
    return re.sub(r"\d+", lambda number: str(int(number[0]) + 41 + at), ours)


def a_reader_has(said: str, places: list[fills.Place]) -> tuple[str, list[str]]:
    """An error text with other values at these places, and the values."""
    spans = defaultdict(list)
    for ours, _, pattern in places:
        spans[fills.found(said, ours, pattern).span(1)].append(pattern)
    wanted = []
    for at, ((start, end), patterns) in enumerate(sorted(spans.items(), reverse=True)):
        theirs = other(said[start:end], at, any(p[0] == fills.NAMED for p in patterns))
        said = said[:start] + theirs + said[end:]
        for pattern in patterns:
            named = pattern[0] == fills.NAMED
            wanted.append(fills.dtypes()[theirs.lower()] if named else theirs)
    return said, wanted


def test_a_cause_has_what_the_text_of_a_reader_has(recognised):
    cases = []
    for page in pages.find(HERE):
        filled = fills.fills(page) if page.name.startswith(errors.FOLDER) else {}
        for entry in errors.listed([page]):
            if entry.anchor in filled:
                cases.append((entry, *a_reader_has(entry.said, filled[entry.anchor])))
    assert len(cases) > 90
    problems = []
    found = recognised([text for _, text, _ in cases])
    for (entry, text, wanted), one in zip(cases, found, strict=True):
        causes = [e["cause"] for e in one["entries"] if e["anchor"] == entry.anchor]
        if not causes:
            problems.append(f"'{text}' does not find {entry.name}")
        for value in wanted if causes else []:
            if value not in causes[0]:
                problems.append(f"'{value}' of '{text}' is not in '{causes[0]}'")
    refuse(problems)


REAL = {
    "RuntimeError: mat1 and mat2 shapes cannot be multiplied (32x512 and 256x10)": (
        "here 32 rows of 512 numbers, meets a layer that takes 256 and returns 10"
    ),
    "RuntimeError: shape '[-1, 7]' is invalid for input of size 30": (
        "the product of the sizes [-1, 7] cannot be 30"
    ),
    "IndexError: Target -1 is out of bounds.": "here one label is -1.",
    "RuntimeError: expected scalar type Half but found Float": (
        "Half means float16, and Float means float32."
    ),
    "RuntimeError: mat1 and mat2 must have the same dtype, but got Long and Float": (
        "The input of a layer is int64, and its weights are float32."
    ),
    "RuntimeError: expected m1 and m2 to have the same dtype, but got: long int "
    "!= float": "different types, int64 and float32",
    "AttributeError: 'ResNet' object has no attribute 'head'": (
        "asks the model, a ResNet, for a layer or a method head,"
    ),
    "RuntimeError: The size of tensor a (64) must match the size of tensor b (32) at "
    "non-singleton dimension 3": "Here 64 meets 32, in dimension 3.",
    "IndexError: index -4 is out of bounds for dimension 1 with size 3": (
        "dimension 1 has the size 3, and none of its elements has the index -4."
    ),
    "RuntimeError: Given groups=1, weight of size [64, 3, 7, 7], expected input"
    "[8, 1, 224, 224] to have 3 channels, but got 1 channels instead": (
        "it wants 3 and got 1."
    ),
}


def test_a_cause_is_right_for_what_readers_report(recognised):
    found = recognised([*REAL])
    for (text, cause), one in zip(REAL.items(), found, strict=True):
        assert any(cause in entry["cause"] for entry in one["entries"]), text


@pytest.mark.weekly
@pytest.mark.timeout(3600)
def test_thirty_real_tracebacks_of_each_page_find_their_entries(recognised):
    """Of programs that fail now, with other sizes, too, in ways drawn by chance."""
    failures = tracebacks.made(sorted(tracebacks.failing()))
    by_page = defaultdict(list)
    for one in failures:
        for way, text in dressed(one).items():
            for page in {page for page, _ in tracebacks.right(one)}:
                by_page[page].append((one, way, text))
    assert len(by_page) > 20
    problems, counts = [], {}
    for page, every in by_page.items():
        chosen = random.Random(page).sample(every, min(OF_A_PAGE, len(every)))
        found = recognised([text for *_, text in chosen])
        for (one, way, _), answer in zip(chosen, found, strict=True):
            if first(answer) not in where(tracebacks.right(one)):
                problems.append(f"{one.program}, {way}: finds {first(answer)}")
        counts[page] = len(chosen)
    assert min(counts.values()) == OF_A_PAGE, counts
    refuse(problems)
