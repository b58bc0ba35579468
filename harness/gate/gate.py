"""The gate: every reason to refuse the pages, and what the site is made from.

`STAGES` are its steps in order: load, make what pages include, expand, check, write.
What they ask for of one program, page or table is remembered: `harness.core.memory`.
"""

import re
from dataclasses import dataclass, field
from datetime import UTC, datetime

from harness.core import page, records, snippet
from harness.core.exercise import SUFFIX
from harness.core.memory import Memory
from harness.core.page import Page
from harness.core.problem import Problem
from harness.core.snippet import Snippet
from harness.core.tree import Tree
from harness.gate import census, files
from harness.notebooks import walkthrough
from harness.notebooks.walkthrough import Walkthrough
from harness.site import assistants, copies, programs, search, tables
from harness.site.markdown import Site

DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
PARTS = "harness.gate.parts"


@dataclass
class Gate:
    """A project on its way through the stages; each adds what it found or made."""

    tree: Memory
    problems: list[Problem] = field(default_factory=list)
    programs: list[Snippet] = field(default_factory=list)  # all, fit or not
    made: set[str] = field(default_factory=set)  # names of fragments and pictures
    pages: list[Page] = field(default_factory=list)
    walks: list[Walkthrough] = field(default_factory=list)
    written: dict = field(default_factory=dict)  # the copies of pages

    @property
    def refused(self) -> set[str]:
        return {problem.path for problem in self.problems}

    @property
    def names(self) -> list[str]:
        return [one.name for one in self.pages + self.walks]


def run(tree: Tree) -> Gate:
    """Take a project through all stages. Raises FileNotFoundError: no `mkdocs.yml`."""
    gate = Gate(Memory(tree.root))
    for stage in STAGES:
        stage(gate)
    return gate


def load(gate: Gate) -> None:
    Site(gate.tree)
    gate.programs = snippet.find(gate.tree)
    gate.pages, gate.walks = page.find(gate.tree), walkthrough.find(gate.tree)


def write_fragments(gate: Gate) -> None:
    for one in gate.programs:
        gate.made |= {*gate.tree.known("harness.site.fragments.write", one.name)}


def write_tables(gate: Gate) -> None:
    gate.made |= {*tables.make(gate.tree)}
    for folder in (gate.tree.fragments, gate.tree.pictures):
        records.only(gate.tree, folder, gate.made)


def check_programs(gate: Gate) -> None:
    """Each by itself, and with what it printed and drew."""
    known, today = gate.tree.known, datetime.now(UTC).date().isoformat()
    gate.problems += known("harness.gate.provenance.orphans")
    gate.problems += known("harness.gate.provenance.one_card")
    gate.problems += known("harness.gate.provenance.pinned")
    for lane in records.LANES:
        gate.problems += known("harness.gate.provenance.one_set", lane, today)
    rows = "harness.site.tables.exercises.rows"
    listed = {row[-1] for name in gate.names for row in known(rows, name)}
    for one in gate.programs:
        is_listed = one.name.removesuffix(SUFFIX) in listed
        gate.problems += known(f"{PARTS}.program", one.name, is_listed)


def check_includes(gate: Gate) -> None:
    """Whether they lead somewhere: the next stage follows them."""
    unfit = gate.refused
    for name in gate.names:
        found = gate.tree.known("harness.gate.includes.leading", name)
        gate.problems += (fault for paths, fault in found if not unfit & paths)


def expand(gate: Gate) -> None:
    """The pages with their includes in place."""
    for name in gate.names:
        _, missing = gate.tree.known(f"{PARTS}.expanded", name)
        if missing and not gate.problems:  # else it is reported already
            raise Problem.general(missing)


def check_pages(gate: Gate) -> None:
    for name in gate.names:
        gate.problems += gate.tree.known(f"{PARTS}.page", name)


def check_whole(gate: Gate) -> None:
    """What no page can say alone: the nav, programs that none shows, the README."""
    for check in (
        "harness.notebooks.make.strays",
        "harness.gate.links.nav",
        "harness.gate.includes.unseen",
        "harness.gate.readme.check",
    ):
        gate.problems += gate.tree.known(check)
    gate.problems += files.check(gate.tree, gate.pages + gate.walks)


def write_pages(gate: Gate) -> None:
    """The last line of each page and, unless it is refused, its two copies."""
    tree, refused = gate.tree, gate.refused
    good = [one.name for one in gate.pages + gate.walks if one.shown not in refused]
    made = {name: tree.known(f"{PARTS}.written", name) for name in good}
    gate.written = {name: one for name, one in made.items() if one}
    # A date is an element, so that the style can keep it on one line.
    dated = {
        f"{copies.place(name)}.html": DATE.sub(r"<time>\g<0></time>", stamp) + "\n"
        for name in [*(one.name for one in gate.pages), *gate.written]
        if (stamp := tree.known(f"{PARTS}.stamp", name))
    }
    records.fill(tree, tree.stamps, dated)
    texts = {n.replace(".ipynb", ".md"): one for n, one in gate.written.items()}
    records.fill(tree, tree.pages, {n: one["blocks"] for n, one in texts.items()})
    read = {name: one["text"] for name, one in texts.items()}
    rows = {name: one["row"] for name, one in gate.written.items()}
    read |= assistants.files(Site(tree), rows)
    records.fill(tree, tree.markdown, read)


def write_programs(gate: Gate) -> None:
    """Those that a page shows, as files with what they need, and a notebook a page."""
    made = {}
    if not gate.problems:
        every = gate.written.items()
        for name in sorted({name for _, one in every for name in one["shown"]}):
            made |= gate.tree.known(f"{PARTS}.published", name)
        if wheel := gate.tree.known("harness.site.programs.wheel"):
            made[programs.WHEEL] = wheel
        for name, one in every:
            if text := one.get("notebook"):
                made[f"{name.removesuffix('.md')}.ipynb"] = text
    records.fill(gate.tree, gate.tree.programs, made)


def write_search(gate: Gate) -> None:
    """The index of all pages, as no page is missing in it that is published."""
    if not gate.problems:
        known = gate.tree.known
        found = {name: known(f"{PARTS}.found_by", name) for name in gate.names}
        text = search.script(found, Site(gate.tree).labels())
        records.fill(gate.tree, gate.tree.search, {search.NAME: text})


def write_census(gate: Gate) -> None:
    census.write(gate.tree, gate.pages, gate.walks)
    gate.tree.keep(not gate.problems)


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
