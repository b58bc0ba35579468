"""The 2021 tutorial's claims, each with what holds today: `recorded/claims.yml`."""

import posixpath
from collections import Counter
from collections.abc import Iterator
from typing import Literal, get_args

from pydantic import BaseModel

from harness.core import page
from harness.core.tree import Tree
from harness.notebooks import walkthrough
from harness.site.tables import data, sources
from harness.site.tables.data import Fault, Text

PAGE = "reference/claims.md"  # the page that shows them: links start there
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
    """The claims in order, none where there is no file. Raises Problem for bad ones."""

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


def text(tree: Tree) -> str:
    """Every claim with its verdict, what holds today, and where that is proven."""
    parts = load(tree)
    if not parts:
        return ""
    read, titles = sources.titles(tree), _titles(tree)
    lines = [_sums([claim for claims in parts.values() for claim in claims])]
    for part, claims in parts.items():
        lines += ["", f"## {part}"]
        for one in claims:
            verdict = f"*{one.verdict.capitalize()}.*{{ .verdict .{one.verdict} }}"
            lines += ["", f"**{one.number}. {one.claim}**"]
            lines += [f"{{ #claim-{one.number} .claim }}", "", verdict, one.today]
            for line in _evidence(one, read, titles):
                lines += ["", line, "{ .evidence }"]
    return "\n".join(lines)


def _titles(tree: Tree) -> dict[str, str]:
    """The title of each page: one word for all links would not tell them apart."""
    pages = [*page.find(tree), *walkthrough.find(tree)]
    return {one.name: one.title or one.name for one in pages}


def _sums(claims: list[Claim]) -> str:
    counts = Counter(claim.verdict for claim in claims)
    said = ", ".join(f"{counts[verdict]} {verdict}" for verdict in get_args(Verdict))
    proven = sum(bool(claim.proof) for claim in claims)
    return f"{len(claims)} claims: {said}. {proven} have a proof that runs."


def _evidence(
    claim: Claim, read: dict[str, str], titles: dict[str, str]
) -> Iterator[str]:
    facts = [f"`{proof}`" for proof in claim.proof]
    if claim.page:
        path, mark, anchor = claim.page.partition("#")
        link = posixpath.relpath(path, posixpath.dirname(PAGE)) + mark + anchor
        facts.insert(0, f"[{titles[path]}]({link})")
    if facts:
        yield f"{'Proof' if claim.proof else 'More'}: {', '.join(facts)}."
    if claim.sources:
        links = [f"[{read.get(url, url)}]({url})" for url in claim.sources]
        yield f"Source: {'; '.join(links)}."
