"""A published address leads somewhere for good, and an overview to all its pages."""

import re
from pathlib import Path

from harness.core.page import find, resolve
from harness.core.tree import HERE
from harness.notebooks import walkthrough
from harness.site.copies import place
from harness.site.markdown import Site, whole

KNOWN = set(Path(__file__).with_name("addresses.txt").read_text("utf-8").split())

# They copy or retell what others published, or have no https address.
COPIES = (
    "vuink artikeldigital buzzchronicles mo4tech fliphtml5 up2info theaicatchup "
    "abr-insights centerconsulting ldapwiki codesota dynamicallytyped beam2d"
).split()


def addresses() -> set[str]:
    pages = [*find(HERE), *walkthrough.find(HERE)]
    return {f"{place(one.name).removesuffix('index.md')}" or "./" for one in pages}


def test_no_published_address_is_lost():
    """A page that moves leaves one with `moved: true` behind, which leads on."""
    assert KNOWN - addresses() == set()


def test_new_addresses_are_written_down():
    assert addresses() - KNOWN == set(), "add them to tests/harness/addresses.txt"


def test_no_page_or_source_leads_to_a_copy_of_what_another_published():
    every = [*HERE.docs.rglob("*.md"), *HERE.docs.rglob("*.py")]
    every += [*HERE.recorded.glob("*.yml"), *HERE.root.glob("*.md")]
    found = [
        f"{HERE.show(file)}: {host}"
        for file in every
        for host in COPIES
        if host in file.read_text(encoding="utf-8").lower()
    ]
    assert found == []


def test_an_overview_leads_to_each_page_of_its_topic_in_the_order_of_the_nav():
    site, seen = Site(HERE), 0
    for _, (overview, *pages) in site.parts():
        if not pages or site.labels()[overview]:
            continue  # no topic, or one that begins with a lesson
        text = (HERE.docs / overview).read_text("utf-8")
        rows = re.findall(r"^(?:\||(?=\[)).*?\]\((.+?)\)", text, flags=re.MULTILINE)
        assert [resolve(overview, one) for one in rows][: len(pages)] == pages, overview
        seen += 1
    assert seen >= 3


def test_each_group_of_a_long_list_begins_at_a_page_of_it():
    site, groups = Site(HERE), whole(HERE)["extra"]["groups"]
    parts = {name: label for label, names in site.parts() for name in names}
    known = {place(name).removesuffix("index.md"): parts[name] for name in parts}
    order = [address for address in known if address in groups]
    assert order == [*groups]
    assert {known[one] for one in order} == {"Training", "Keras", "Errors"}
