"""An address that was published once leads somewhere for good."""

from pathlib import Path

from harness.core.page import find
from harness.core.tree import HERE
from harness.notebooks import walkthrough
from harness.site.copies import place

KNOWN = set(Path(__file__).with_name("addresses.txt").read_text("utf-8").split())


def addresses() -> set[str]:
    pages = [*find(HERE), *walkthrough.find(HERE)]
    return {f"{place(one.name).removesuffix('index.md')}" or "./" for one in pages}


def test_no_published_address_is_lost():
    """A page that moves leaves one with `moved: true` behind, which leads on."""
    assert KNOWN - addresses() == set()


def test_new_addresses_are_written_down():
    assert addresses() - KNOWN == set(), "add them to tests/harness/addresses.txt"
