"""The 2021 tutorial's claims, each with what holds today: `recorded/claims.yml`."""

from collections import Counter
from collections.abc import Iterator
from typing import Literal, get_args

from pydantic import BaseModel

from harness.core.tree import Tree
from harness.notebooks import walkthrough
from harness.site.tables import data, sources
from harness.site.tables.data import Fault, Text
from harness.site.template import fill

Verdict = Literal["true", "dated", "wrong", "opinion"]


class Claim(BaseModel, frozen=True):
    """One claim. It needs a proof or a source, but for an opinion."""

    number: int
    claim: Text  # in our words
    verdict: Verdict
    today: Text  # what holds, in one or two sentences
    page: str = ""  # below docs/, with an anchor if that helps
    proof: list[Text] = []  # a snippet's name, or test_file.py::test_name
    sources: list[Text] = []  # addresses in recorded/sources.yml


Parts = dict[str, list[Claim]]  # by the heading that they stand under


def load(tree: Tree) -> Parts:
    def rules(parts: Parts) -> Iterator[Fault]:
        titles, numbers = _titles(tree), set()
        for part, claims in parts.items():
            for at, claim in enumerate(claims):
                place, name = (part, at), f"claim {claim.number}"
                if claim.number in numbers:
                    yield (*place, "number"), f"two claims have number {claim.number}"
                numbers.add(claim.number)
                if not (claim.proof or claim.sources or claim.verdict == "opinion"):
                    yield place, f"{name} has neither proof nor source"
                if claim.page and claim.page.partition("#")[0] not in titles:
                    yield (*place, "page"), f"{name}: there is no page {claim.page}"

    return data.load(tree, "claims.yml", Parts, rules=rules) or {}


def _titles(tree: Tree) -> dict[str, str]:
    """The title of each page: one word for all links would not tell them apart."""
    names = [one.name for one in walkthrough.every(tree)]
    return {name: tree.known(walkthrough.TITLE, name) for name in names}


def text(tree: Tree) -> str:
    parts = load(tree)
    if not parts:
        return ""
    every = [claim for claims in parts.values() for claim in claims]
    counts = Counter(claim.verdict for claim in every)
    facts = {"parts": parts, "every": every, "counts": counts}
    facts |= {"read": sources.titles(tree), "titles": _titles(tree)}
    return fill("claims", verdicts=get_args(Verdict), **facts)
