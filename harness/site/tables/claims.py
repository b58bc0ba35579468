"""The 2021 tutorial's claims, each with what holds today: `recorded/claims.yml`."""

import posixpath
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

import yaml

from harness.core.problem import Problem
from harness.core.tree import Tree
from harness.site.tables import sources

PAGE = "reference/claims.md"  # the page that shows them: links start there
VERDICTS = ("true", "dated", "wrong", "opinion")


@dataclass(frozen=True)
class Claim:
    """One claim. It needs a proof or a source, but for an opinion."""

    number: int
    part: str  # heading that it stands under
    claim: str  # in our words
    verdict: str
    today: str  # what holds, in one or two sentences
    page: str = ""  # below docs/, with an anchor if that helps
    proof: tuple[str, ...] = ()  # a snippet's name, or test_file.py::test_name
    sources: tuple[str, ...] = ()  # addresses in recorded/sources.yml


def load(tree: Tree) -> list[Claim]:
    """The claims in order, none where there is no file. Raises Problem for bad ones."""
    file = tree.recorded / "claims.yml"
    if not file.exists():
        return []
    found = []
    try:
        for part, rows in yaml.safe_load(file.read_text(encoding="utf-8")).items():
            for row in rows:
                lists = {k: tuple(row.pop(k, ())) for k in ("proof", "sources")}
                found.append(Claim(part=part, **row, **lists))
    except (yaml.YAMLError, AttributeError, TypeError) as error:
        raise Problem.general(f"{tree.show(file)} cannot be read: {error}") from error
    for claim in found:
        if claim.verdict not in VERDICTS:
            raise Problem.general(
                f"claim {claim.number}: verdict '{claim.verdict}' is unknown"
            )
        if not (claim.proof or claim.sources or claim.verdict == "opinion"):
            raise Problem.general(f"claim {claim.number} has neither proof nor source")
    return found


def text(tree: Tree) -> str:
    """Every claim with its verdict, what holds today, and where that is proven."""
    claims = load(tree)
    titles = sources.titles(tree)
    names = {c.page: _title(tree, c.page) for c in claims}
    lines = [_sums(claims)] if claims else []
    part = None
    for claim in claims:
        if claim.part != part:
            part = claim.part
            lines += ["", f"## {part}"]
        lines += ["", *_block(claim, titles, names[claim.page])]
    return "\n".join(lines)


def _sums(claims: list[Claim]) -> str:
    counts = Counter(claim.verdict for claim in claims)
    said = ", ".join(f"{counts[verdict]} {verdict}" for verdict in VERDICTS)
    proven = sum(bool(claim.proof) for claim in claims)
    return f"{len(claims)} claims: {said}. {proven} have a proof that runs."


def _title(tree: Tree, page: str) -> str:
    """A page's title: one word for all links would not tell them apart."""
    file = tree.docs / page.partition("#")[0]
    lines = file.read_text(encoding="utf-8").splitlines() if file.is_file() else []
    return next((line[2:] for line in lines if line.startswith("# ")), "the page")


def _block(claim: Claim, titles: dict[str, str], name: str) -> Iterator[str]:
    yield f"**{claim.number}. {claim.claim}**"
    yield f"{{ #claim-{claim.number} .claim }}"
    yield ""
    yield f"*{claim.verdict.capitalize()}.*{{ .verdict .{claim.verdict} }}"
    yield claim.today
    for line in (*_proof(claim, name), *_sources(claim, titles)):
        yield from ("", line, "{ .evidence }")


def _proof(claim: Claim, name: str) -> Iterator[str]:
    facts = [f"`{proof}`" for proof in claim.proof]
    if claim.page:
        path, _, anchor = claim.page.partition("#")
        link = posixpath.relpath(path, posixpath.dirname(PAGE))
        link += f"#{anchor}" if anchor else ""
        facts.insert(0, f"[{name}]({link})")
    if facts:
        yield f"{'Proof' if claim.proof else 'More'}: {', '.join(facts)}."


def _sources(claim: Claim, titles: dict[str, str]) -> Iterator[str]:
    if claim.sources:
        links = [f"[{titles.get(url, url)}]({url})" for url in claim.sources]
        yield f"Source: {'; '.join(links)}."
