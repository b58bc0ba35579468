"""The gate: every reason to refuse the pages, and what the site is made from.

`STAGES` are its steps in order: load, make what pages include, expand, check, write.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from glob import glob
from urllib.parse import urljoin

from harness.core import exercise, page, records, snippet, snippet_rules
from harness.core.characters import faults as faulty
from harness.core.fences import faults
from harness.core.page import Page
from harness.core.problem import Problem
from harness.core.snippet import Snippet
from harness.core.tree import Tree
from harness.gate import (
    census,
    exercises,
    files,
    includes,
    links,
    markup,
    numbers,
    provenance,
    readme,
    ties,
)
from harness.notebooks import walkthrough
from harness.notebooks.make import strays
from harness.notebooks.walkthrough import Walkthrough
from harness.site import (
    assistants,
    copies,
    fills,
    fragments,
    notebooks,
    page_notebooks,
    pictures,
    programs,
    search,
    tables,
)
from harness.site.fragments import Recorded
from harness.site.markdown import Html, Site
from harness.site.tables import sources

DATE = re.compile(r"\d{4}-\d{2}-\d{2}")


@dataclass
class Gate:
    """A project on its way through the stages; each adds what it found or made."""

    tree: Tree
    site: Site
    problems: list[Problem] = field(default_factory=list)
    programs: list[Snippet] = field(default_factory=list)  # all, fit or not
    snippets: dict[str, Recorded] = field(default_factory=dict)  # those to be shown
    pages: list[Page] = field(default_factory=list)
    walks: list[Walkthrough] = field(default_factory=list)
    expanded: dict[str, str] = field(default_factory=dict)  # pages, includes in place
    html: dict[str, Html] = field(default_factory=dict)

    @property
    def refused(self) -> set[str]:
        return {problem.path for problem in self.problems}


def run(tree: Tree) -> Gate:
    """Take a project through all stages. Raises FileNotFoundError: no `mkdocs.yml`."""
    gate = Gate(tree, Site(tree))
    for stage in STAGES:
        stage(gate)
    return gate


def load(gate: Gate) -> None:
    gate.programs = snippet.find(gate.tree)
    known = [one for one in gate.programs if one.readable]
    gate.snippets = {one.snippet.name: one for one in fragments.load(gate.tree, known)}
    gate.pages, gate.walks = page.find(gate.tree), walkthrough.find(gate.tree)


def write_fragments(gate: Gate) -> None:
    made, drawn = {}, {}
    for name, one in gate.snippets.items():
        made[f"{name}.md"] = fragments.make(one)
        drawn |= pictures.twins(name, one.drawn) if one.drawn else {}
    for name, source in exercise.starts(gate.programs):
        made[f"{name}.md"] = fragments.start(name, source)
    records.fill(gate.tree.fragments, made, keep="report")  # which the tables write
    records.fill(gate.tree.pictures, drawn, keep="report")


def write_tables(gate: Gate) -> None:
    tables.make(gate.tree, gate.site.go_on)


def check_programs(gate: Gate) -> None:
    """Each by itself, and with what it printed and drew."""
    gate.problems += provenance.orphans(gate.tree, gate.programs)
    gate.problems += provenance.one_card(gate.tree, gate.snippets.values())
    for lane in records.LANES:
        gate.problems += provenance.one_set(gate.tree, lane)
    listed = {row[-1] for one in gate.pages for row in tables.exercises.rows(one)}
    for one in gate.programs:
        gate.site.go_on()
        gate.problems += snippet_rules.check(one)
        where = gate.tree.show(one.path)
        gate.problems += (Problem(where, *x) for x in exercises.faults(one, listed))
    for one in gate.snippets.values():
        gate.site.go_on()
        gate.problems += provenance.check(one)


def check_includes(gate: Gate) -> None:
    """Whether they lead somewhere: the next stage follows them."""
    made = set(glob("**/*.md", root_dir=gate.tree.fragments, recursive=True))
    unfit = gate.refused
    for one in gate.pages:
        gate.problems += includes.check(one, made, unfit)


def expand(gate: Gate) -> None:
    """The pages with their includes in place, and what MkDocs will make of them."""
    check = not gate.problems  # else something may be missing, as is reported already
    gate.expanded = {one.name: gate.site.expand(one.text, check) for one in gate.pages}
    gate.expanded |= {one.name: one.text for one in gate.walks}
    gate.html = {name: gate.site.render(text) for name, text in gate.expanded.items()}
    gate.site.keep()


def check_pages(gate: Gate) -> None:
    read = sources.load(gate.tree)
    for one in gate.pages + gate.walks:
        gate.site.go_on()
        # A character or a tag that must not be there explains the rest of its line.
        causes = [one.problem(*fault) for fault in faulty(one.typed)]
        causes += (one.problem(*fault) for fault in markup.check(one))
        lines = {(problem.path, problem.line) for problem in causes}
        found = [*_check_page(gate, one, read, plain=not causes)]
        gate.problems += causes
        gate.problems += (p for p in found if (p.path, p.line) not in lines)


def _check_page(gate: Gate, one: Page, read: list, plain: bool) -> Iterator[Problem]:
    html = gate.html[one.name]
    for fence in one.fences:
        yield from (one.problem(*fault) for fault in faults(fence))
    yield from one.problems()
    yield from search.check(one, html.ids)
    yield from fills.check(one)
    yield from includes.apart(one)
    if plain:
        yield from includes.same_blocks(one, gate.expanded[one.name], html)
    yield from links.check(one, html, gate.html, read)
    if not isinstance(one, Walkthrough):
        ran = includes.texts(one, gate.snippets)
    elif one.executed:
        ran = notebooks.texts(one)
    else:
        return  # nothing is known yet of what it prints
    yield from ties.check(one, gate.snippets)
    yield from numbers.check(one, [*ran], numbers.cited(html, read))


def check_whole(gate: Gate) -> None:
    """What no page can say alone: the nav, programs that none shows, the README."""
    gate.problems += strays(gate.tree)
    gate.problems += links.nav(gate.site, gate.pages + gate.walks)
    gate.problems += files.check(gate.tree, gate.pages + gate.walks)
    gate.problems += includes.unseen(gate.pages, gate.snippets.values())
    gate.problems += readme.check(gate.tree, gate.snippets)


def write_pages(gate: Gate) -> None:
    """The last line of each page and, unless it is refused, its two copies."""
    stamps, tested, texts, refused = {}, {}, {}, gate.refused
    for one in gate.pages:
        whole = gate.expanded[one.name]
        stamps[one.name] = fragments.stamp(one, gate.snippets)
        if one.shown not in refused:
            tested[one.name] = copies.tested(one, whole, gate.snippets)
            texts[one.name] = copies.readable(one, whole)
    for one in gate.walks:
        if one.shown not in refused and one.executed:
            stamps[one.name] = notebooks.stamp(one.executed)
            texts[one.name] = notebooks.readable(one)
    home = gate.site.config.get("site_url") or ""
    for name, text in texts.items():
        address = urljoin(home, copies.place(name).removesuffix("index.md"))
        texts[name] = assistants.headed(text, address, stamps[name])
    # A date is an element, so that the style can keep it on one line.
    dated = {name: DATE.sub(r"<time>\g<0></time>", one) for name, one in stamps.items()}
    html = {f"{copies.place(n)}.html": f"{text}\n" for n, text in dated.items() if text}
    records.fill(gate.tree.stamps, html)
    records.fill(gate.tree.pages, tested)
    read = {name.replace(".ipynb", ".md"): text for name, text in texts.items()}
    read |= assistants.files(gate.site, gate.pages + gate.walks, texts)
    records.fill(gate.tree.markdown, read)


def write_programs(gate: Gate) -> None:
    """Those that a page shows, as files with what they need, and a notebook a page."""
    names = programs.shown(gate.expanded.values()) & gate.snippets.keys()
    every = [gate.snippets[name].snippet for name in names]
    made = {f"{s.name}.py": programs.runnable(s) for s in every if programs.alone(s)}
    for name, begun in exercise.starts(every):
        solved = gate.snippets[name + exercise.SUFFIX].snippet
        made[f"{name}.py"] = programs.runnable(solved, begun)
    home = gate.site.config.get("site_url") or ""
    for one in gate.pages:
        address = urljoin(home, copies.place(one.name).removesuffix("index.md"))
        whole = gate.expanded[one.name]
        if text := page_notebooks.made(one, whole, gate.snippets, address):
            made[f"{one.name.removesuffix('.md')}.ipynb"] = text
    records.fill(gate.tree.programs, made if not gate.problems else {})


def write_search(gate: Gate) -> None:
    """The index of all pages, as no page is missing in it that is published."""
    if not gate.problems:
        found = {name: html.sections for name, html in gate.html.items()}
        text = search.script(gate.pages + gate.walks, found, gate.site.labels())
        records.fill(gate.tree.search, {search.NAME: text})


def write_census(gate: Gate) -> None:
    census.write(gate.tree, gate.pages, gate.walks, gate.snippets)


STAGES = (
    load,
    write_fragments,
    write_tables,
    check_programs,
    check_includes,
    expand,
    check_pages,
    check_whole,
    write_pages,
    write_programs,
    write_search,
    write_census,
)
