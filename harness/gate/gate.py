"""`python -m harness pages`: makes what the pages include, and reads the pages.

It collects every reason to refuse them, instead of stopping at the first.
"""

from collections.abc import Iterable
from pathlib import Path

from harness.core import page, records, snippet
from harness.core.fences import faults
from harness.core.page import Page
from harness.core.problem import Problem
from harness.core.tree import Tree
from harness.gate import (
    census,
    includes,
    links,
    notebooks,
    numbers,
    provenance,
    readme,
    snippet_rules,
)
from harness.notebooks import walkthrough
from harness.notebooks.make import strays
from harness.run import lanes
from harness.site import copies, fragments, pictures, stamps
from harness.site.fragments import Recorded
from harness.site.markdown import Html, Site


def make(tree: Tree) -> list[Problem]:
    """Write fragments, pictures, the copies of each page and the census.

    Returns every problem. Raises FileNotFoundError where there is no `mkdocs.yml`.
    """
    site, every = Site(tree), snippet.find(tree)
    known = [one for one in every if snippet_rules.readable(one)]
    snippets = {one.snippet.name: one for one in fragments.load(tree, known)}
    problems = _snippet_problems(tree, every, snippets)
    unfit = {problem.path for problem in problems}
    _make_fragments(tree, snippets.values())

    pages = page.find(tree)
    expanded, html = {}, {}
    for one in pages:
        problems += includes.check(one, unfit)
        # With problems, something may be missing that is reported already.
        expanded[one.name] = site.expand(one.text, check=not problems)
        html[one.name] = site.render(expanded[one.name])
    walks = walkthrough.find(tree)
    for one in walks:
        html[one.name] = site.render(one.text)
    sources = numbers.Sources(tree)
    for one in pages:
        problems += _page_problems(one, expanded[one.name], html, snippets, sources)
    for one in walks:
        problems += notebooks.check(one, html, sources)
    problems += strays(tree)
    problems += sources.problems
    problems += links.nav(site, [*pages, *walks])
    problems += includes.unseen(pages, snippets.values())
    problems += readme.check(tree, snippets)

    left_out = {
        missing.name: reason
        for reason, group in lanes.plan(known, "cpu").left_out.items()
        for missing in group
    }
    refused = {problem.path for problem in problems}
    good = [one for one in pages if one.shown not in refused]
    executed = {
        one: notebooks.executed(one) for one in walks if one.shown not in refused
    }
    there = {one: made for one, made in executed.items() if made}
    stamps.make(
        tree,
        {one.name: stamps.text(one, snippets) for one in pages}
        | {one.name: notebooks.stamp(made) for one, made in there.items()},
    )
    _make_copies(tree, good, expanded, snippets, left_out)
    texts = [notebooks.copy(one, made) for one, made in there.items()]
    _remove_others(tree.pages, [tree.pages / one.name for one in good])
    _remove_others(tree.markdown, [*(tree.markdown / one.name for one in good), *texts])
    counts = {one.name: census.count(one, snippets, left_out) for one in pages}
    walked = {one.name: notebooks.count(there.get(one)) for one in walks}
    census.write(tree, counts, walked, readme.blocks(tree))
    return problems


def _snippet_problems(
    tree: Tree, every: list[snippet.Snippet], snippets: dict[str, Recorded]
) -> list[Problem]:
    problems = list(provenance.orphans(tree, every))
    for one in every:
        problems += snippet_rules.check(one)
        if one.name in snippets:
            problems += provenance.check(snippets[one.name])
            if snippets[one.name].drawn:
                problems += pictures.check(one)
    return problems


def _page_problems(
    one: Page,
    expanded: str,
    html: dict[str, Html],
    snippets: dict[str, Recorded],
    sources: numbers.Sources,
) -> list[Problem]:
    problems = [one.problem(*fault) for fence in one.fences for fault in faults(fence)]
    problems += one.front_matter_problems()
    problems += includes.same_blocks(one, expanded, html[one.name])
    problems += links.check(one, html[one.name], html)
    proofs = [*includes.texts(one, snippets), *_run_here(one)]
    proofs += sources.hold(links.external(html[one.name]))
    problems += numbers.check(one, proofs)
    return problems


def _run_here(one: Page) -> list[str]:
    """The typed fences that are run, and so prove the numbers in them."""
    return [
        fence.body
        for fence in one.fences
        if not fence.exempt and (fence.is_python or fence.language == "pycon")
    ]


def _make_fragments(tree: Tree, snippets: Iterable[Recorded]) -> None:
    fresh, drawn = [], []
    for one in snippets:
        fresh.append(tree.fragments / f"{one.snippet.name}.md")
        records.write(fresh[-1], fragments.make(one))
        if one.drawn:
            drawn += pictures.make(one.snippet)
    reports = tree.fragments / "report"  # harness.report's
    _remove_others(tree.fragments, [*fresh, *reports.rglob("*")])
    plots = tree.pictures / "report"
    _remove_others(tree.pictures, [*drawn, *plots.rglob("*")])


def _make_copies(
    tree: Tree,
    pages: list[Page],
    expanded: dict[str, str],
    snippets: dict[str, Recorded],
    left_out: dict[str, str],
) -> None:
    """A page that is refused has no copies."""
    for one in pages:
        text = expanded[one.name]
        tested = copies.tested(one, text, snippets, left_out)
        records.write(tree.pages / one.name, tested)
        stamp = stamps.text(one, snippets)
        whole = f"{copies.readable(one, text)}\n{stamp}".rstrip("\n") + "\n"
        records.write(tree.markdown / one.name, whole)


def _remove_others(folder: Path, keep: Iterable[Path]) -> None:
    """Remove what an earlier run left there."""
    for file in set(folder.rglob("*")) - set(keep):
        if file.is_file():
            file.unlink()
