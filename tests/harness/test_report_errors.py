"""The index of the error pages: which headings are entries, and what it says."""

import pytest

from harness.core import page
from harness.core.snippet import Snippet
from harness.site.tables import errors

PAGE = """\
# Errors about numbers

## Reading

### `invalid literal for int() with base 10: 'x'`

--8<-- "numbers/fails.md"

--8<-- "numbers/sum.md"

### `` the `old` way | another ``

--8<-- "numbers/warned.md"

### No error: 2 + 2

--8<-- "numbers/sum.md"

### `no such … card`

--8<-- "numbers/card.md"
"""


@pytest.fixture
def lines(draft):
    """The lines of the index of a project with one error page."""
    card = "# needs: cuda\n# raises: RuntimeError\nraise RuntimeError\n"
    draft.snippet("numbers/card", card)
    draft.page("errors/numbers.md", PAGE)
    draft.page("errors/index.md", '# Errors\n\n--8<-- "report/errors.md"\n')
    return errors.text(draft.tree).split("\n")


def test_the_texts_stand_below_their_page_and_the_torch_that_said_them(lines):
    assert lines[:4] == [
        "## Errors about numbers",
        "",
        "Printed by torch 2.13.0:",
        "",
    ]


def test_an_entry_leads_to_its_heading_and_names_its_type(lines):
    assert lines[4] == (
        "- [`invalid literal for int() with base 10: 'x'`]"
        "(numbers.md#invalid-literal-for-int-with-base-10-x), `ValueError`"
    )


def test_backticks_of_a_text_stay_in_it(lines):
    assert lines[5] == (
        "- [`` the `old` way | another ``](numbers.md#the-old-way-another), "
        "`UserWarning`"
    )


def test_a_text_that_no_machine_printed_stands_apart(lines):
    assert lines[6:] == [
        "",
        "No machine has printed these yet:",
        "",
        "- [`no such … card`](numbers.md#no-such-card), `RuntimeError`",
    ]


def test_a_heading_that_quotes_nothing_is_no_entry(lines):
    assert not [line for line in lines if "No error" in line]


def test_what_a_gpu_alone_printed_counts_as_printed(draft, lines):
    one = Snippet(draft.tree, "numbers/card")
    draft.record("gpu", one, "RuntimeError: no such card\n", torch="2.12.0+cu130")
    assert "Printed by torch 2.12.0:" in errors.text(draft.tree).split("\n")


def test_an_entry_ends_where_the_next_heading_begins(draft, lines):
    found = list(errors.entries(page.find(draft.tree)))
    texts = [entry.page.outside[entry.end - 1 :][:1] for entry in found]
    assert texts[0] == ["### `` the `old` way | another ``"]
    assert texts[1] == ["### No error: 2 + 2"]
    assert [entry.snippets for entry in found] == [
        ("numbers/fails", "numbers/sum"),
        ("numbers/warned",),
        ("numbers/card",),
    ]
