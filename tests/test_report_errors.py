"""The index of the error pages: which headings are entries, and what it says."""

import pytest

from harness.pages import page
from harness.pages.report import errors

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
    """The lines of the table for a project with one error page."""
    card = "# needs: cuda\n# raises: RuntimeError\nraise RuntimeError\n"
    draft.snippet("numbers/card", card)
    draft.page("errors/numbers.md", PAGE)
    draft.page("errors/index.md", '# Errors\n\n--8<-- "report/errors.md"\n')
    return errors.text(draft.tree).split("\n")


def test_the_texts_stand_below_the_title_of_their_page(lines):
    assert lines[:4] == [
        "## Errors about numbers",
        "",
        "| Text | Type | torch |",
        "| --- | --- | --- |",
    ]


def test_an_entry_names_its_type_and_the_torch_that_said_it(lines):
    assert lines[4] == (
        "| [`invalid literal for int() with base 10: 'x'`]"
        "(numbers.md#invalid-literal-for-int-with-base-10-x) "
        "| `ValueError` | 2.13.0 |"
    )


def test_backticks_and_pipes_of_a_text_stay_in_its_cell(lines):
    assert lines[5] == (
        "| [`` the `old` way \\| another ``](numbers.md#the-old-way-another) "
        "| `UserWarning` | 2.13.0 |"
    )


def test_a_text_that_no_machine_printed_says_so(lines):
    assert lines[6] == (
        "| [`no such … card`](numbers.md#no-such-card) | `RuntimeError` | not run yet |"
    )


def test_a_heading_that_quotes_nothing_is_no_entry(lines):
    assert len(lines) == 7


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
