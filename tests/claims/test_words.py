"""Claim words are held: a sentence that is tied here may change only with its proof.

`tests/claims/words/TOPIC.yml` lists sentences that were drawn from the pages at random:
`says` stands once on `page`, and `proof` would fail if its `word` were `not`. Where you
change such a sentence, read its proof again.
"""

import ast
import json
from functools import cache
from pathlib import Path

import pytest
import yaml

from harness.core.page import Page
from harness.core.ties import untied
from harness.core.tree import HERE

FILES = sorted(Path(__file__).with_name("words").glob("*.yml"))
LISTED = [one for file in FILES for one in yaml.safe_load(file.read_text("utf-8"))]
TIED = [one for one in LISTED if one["proof"] != "none"]


@cache
def source(page: str) -> str:
    return untied(Page(HERE, page).source)


@cache
def functions(file: str) -> set[str]:
    tree = ast.parse((HERE.root / file).read_text("utf-8"))
    return {one.name for one in ast.walk(tree) if isinstance(one, ast.FunctionDef)}


def faults(one: dict) -> list[str]:
    found = []
    if source(one["page"]).count(one["says"]) != 1:
        found.append(f"docs/{one['page']} does not say once: {one['says']}")
    if one["says"].count(one["word"]) != 1:
        found.append(f"'{one['word']}' does not stand once in: {one['says']}")
    if one["not"] in ("", one["word"]):
        found.append(f"no other word for '{one['word']}' in: {one['says']}")
    file, _, name = one["proof"].partition("::")
    if name and name.partition("[")[0] not in functions(file):
        found.append(f"{file} has no {name}")
    elif not name and not (HERE.root / file).with_suffix(".out").is_file():
        found.append(f"{file} prints nothing that is recorded")
    return found


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_each_sentence_stands_with_its_proof(file):
    listed = yaml.safe_load(file.read_text("utf-8"))
    assert [fault for one in listed if one in TIED for fault in faults(one)] == []


def test_of_those_drawn_nearly_all_are_tied():
    assert len({(one["page"], one["says"]) for one in LISTED}) == len(LISTED)
    assert len(TIED) >= 300
    assert len(TIED) >= 0.9 * len(LISTED)
    found = json.loads((HERE.recorded / "mutation.json").read_bytes())["words"]
    assert found == {"drawn": len(LISTED), "tied": len(TIED)}


@pytest.mark.parametrize(
    ("changed", "what"),
    [
        ({"says": "No view keeps"}, "does not say once"),
        ({"word": "shares"}, "does not stand once"),
        ({"not": "keeps"}, "no other word"),
        ({"proof": "tests/claims/test_words.py::test_gone"}, "has no test_gone"),
        ({"proof": "snippets/gone.py"}, "prints nothing"),
    ],
)
def test_a_changed_word_is_noticed(monkeypatch, changed, what):
    monkeypatch.setitem(globals(), "source", lambda page: "# A\n\nA view keeps it.\n")
    proof = "tests/claims/test_words.py::test_a_changed_word_is_noticed[a]"
    right = {"page": "a.md", "says": "A view keeps", "word": "keeps", "not": "drops"}
    assert faults(right | {"proof": proof}) == []
    (fault,) = faults({**right, "proof": proof, **changed})
    assert what in fault
