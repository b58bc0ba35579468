"""What the gate makes and finds of one program or page, each as a part: see Memory."""

import re
from collections.abc import Iterator
from urllib.parse import urljoin

from pymdownx.snippets import SnippetMissingError

from harness.core import exercise, snippet_rules
from harness.core.characters import faults as faulty
from harness.core.fences import faults
from harness.core.page import Page
from harness.core.problem import Problem
from harness.core.snippet import Snippet
from harness.core.tree import Tree
from harness.gate import exercises, includes, links, markup, numbers, provenance, ties
from harness.notebooks.walkthrough import Walkthrough, of
from harness.site import (
    assistants,
    copies,
    fills,
    fragments,
    notebooks,
    page_notebooks,
    programs,
    search,
)
from harness.site.fragments import Programs
from harness.site.markdown import Html, Site

INCLUDE = re.compile(r"-+8<-+ +[\"']([^:\"']+)")  # in whatever form


def program(tree: Tree, name: str, is_listed: bool) -> list[Problem]:
    """What is wrong with a program, by itself and with what it printed and drew."""
    one, known = Snippet(tree, name), Programs(tree)
    found = [*snippet_rules.check(one)]
    where = tree.show(one.path)
    found += (Problem(where, *fault) for fault in exercises.faults(one, is_listed))
    return [*found, *(provenance.check(known[name]) if name in known else ())]


def published(tree: Tree, name: str) -> dict[str, str]:
    """The files of a program, and of the exercise that it solves."""
    one = Snippet(tree, name)
    texts = {name: ""} | exercise.started(one)
    return {f"{n}.py": programs.runnable(one, begun) for n, begun in texts.items()}


def expanded(tree: Tree, name: str) -> tuple[str, str]:
    """A page with its includes in place, and what was missing."""
    one = of(tree, name)
    texts, seen = [one.text], set()
    while texts:  # what is included includes more only where that is refused
        for target in {*INCLUDE.findall(texts.pop())} - seen:
            seen.add(target)
            texts.append(tree.text(tree.fragments / target) or "")
    try:
        return Site(tree).expand(one.text, True), ""
    except SnippetMissingError as error:
        return Site(tree).expand(one.text, False), str(error)


def html(tree: Tree, name: str) -> Html:
    return Site(tree).render(tree.known(f"{__name__}.expanded", name)[0])


def ids(tree: Tree, name: str) -> list[str]:
    return tree.known(f"{__name__}.html", name).ids


def page(tree: Tree, name: str) -> list[Problem]:
    """What is wrong with a page."""
    one = of(tree, name)
    # A character or a tag that must not be there explains the rest of its line.
    causes = [one.problem(*fault) for fault in faulty(one.typed)]
    causes += (one.problem(*fault) for fault in markup.check(one))
    lines = {(problem.path, problem.line) for problem in causes}
    found = _page(one, Programs(tree), plain=not causes)
    return causes + [p for p in found if (p.path, p.line) not in lines]


def _page(one: Page, known: Programs, plain: bool) -> Iterator[Problem]:
    tree = one.tree
    text, _ = tree.known(f"{__name__}.expanded", one.name)
    shown = tree.known(f"{__name__}.html", one.name)
    read = tree.known("harness.site.tables.sources.held")
    for fence in one.fences:
        yield from (one.problem(*fault) for fault in faults(fence))
    yield from one.problems()
    yield from search.check(one, shown.ids)
    yield from fills.check(one)
    yield from includes.apart(one)
    if plain:
        yield from includes.same_blocks(one, text, shown)
        yield from includes.same_items(one, text, shown)
    yield from links.check(one, shown, read)
    ran = [*includes.texts(one, known)]
    if isinstance(one, Walkthrough):
        if not one.executed:
            return  # nothing is known yet of what it prints
        ran += notebooks.texts(one)
    yield from ties.check(one, known)
    yield from numbers.check(one, ran, numbers.cited(shown, read))


def stamp(tree: Tree, name: str) -> str:
    one = of(tree, name)
    if isinstance(one, Walkthrough):
        return notebooks.stamp(one.executed) if one.executed else ""
    return fragments.stamp(one, Programs(tree))


def written(tree: Tree, name: str) -> dict:
    """The copies of a page and its notebook; nothing of what was not executed yet."""
    one, known = of(tree, name), Programs(tree)
    address = urljoin(Site(tree).home, copies.place(name).removesuffix("index.md"))
    whole, _ = tree.known(f"{__name__}.expanded", name)
    if isinstance(one, Walkthrough):
        text = notebooks.readable(one, Site(tree)) if one.executed else ""
    else:
        text = copies.readable(one, whole)
    if not text:
        return {}
    ran = tree.known(f"{__name__}.stamp", name) or tree.known(assistants.NEWEST)
    text = assistants.headed(text, address, ran)
    row = one.title or one.meta["title"], one.meta["description"]
    there = urljoin(Site(tree).home, copies.place(name))
    made = {"text": text, "row": (*row, assistants.absolute(text, there))}
    made["blocks"] = copies.tested(one, whole, known)
    shown = {include.snippet for include in one.includes if include.shows("code")}
    made["shown"] = sorted(shown & known.keys())
    if not isinstance(one, Walkthrough):
        made["notebook"] = page_notebooks.made(one, known, address)
    return made


def found_by(tree: Tree, name: str) -> tuple[str, list[list]]:
    """What the search knows of a page, and of its sections."""
    one = of(tree, name)
    return search.rows(one, tree.known(f"{__name__}.html", name).sections)
