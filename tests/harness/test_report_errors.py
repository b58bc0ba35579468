"""The lists of the error pages: what is an entry, and where those of old went."""

import pytest

from harness.core import page
from harness.gate import gate
from harness.site.tables import errors, moved
from tests import error_entries

PAGE = """\
# Errors about numbers

--8<-- "report/errors.md:numbers"

## Reading

### invalid literal for int() { #invalid-literal-for-int-with-base-10-x }

`ValueError: invalid literal for int() with base 10: 'x'`
{ .said }

A letter is no number.

**Fix:** Leave it out: `1 + 1`

??? example "See it fail, and work"

    --8<-- "numbers/fails.md"

    --8<-- "numbers/sum.md"

### the old way { #the-old-way-another }

`` the `old` way | another ``
{ .said }

??? example "See it fail, and work"

    --8<-- "numbers/warned.md"

### No error: 2 + 2

??? example "See it run"

    --8<-- "numbers/sum.md"
"""
OLD = """\
anchors:
  errors/old.md:
    - invalid-literal-for-int-with-base-10-x
    - the-old-group
  errors/numbers.md:
    - the-old-way-another
groups:
  errors/old.md:
    the-old-group: numbers
names: {}
"""


@pytest.fixture
def tree(draft):
    """A project with one error page."""
    draft.page("errors/numbers.md", PAGE)
    draft.page("errors/index.md", "# Errors\n\n### Not an entry\n")
    return draft.tree


def test_a_page_lists_the_short_names_of_its_entries(tree):
    assert errors.text(tree).split("\n") == [
        "--8<-- [start:numbers]",
        '<div class="entries" markdown>',
        "",
        "- [invalid literal for int()](#invalid-literal-for-int-with-base-10-x)",
        "- [the old way](#the-old-way-another)",
        "- [No error: 2 + 2](#no-error-2-2)",
        "",
        "</div>",
        "--8<-- [end:numbers]",
    ]


def test_a_list_of_several_groups_names_each(draft):
    draft.page(
        "errors/numbers.md", "# N\n\n## One { #1 }\n\n### a\n\n## Two\n\n### b\n"
    )
    made = errors.text(draft.tree)
    assert "markdown>\n\nOne\n\n- [a](#a)\n\nTwo\n\n- [b](#b)\n\n</div>" in made


def test_an_entry_has_the_text_with_and_without_its_type(tree):
    first, second = error_entries.entries(page.find(tree))
    assert first.said == "ValueError: invalid literal for int() with base 10: 'x'"
    assert first.text == "invalid literal for int() with base 10: 'x'"
    assert second.said == second.text == "the `old` way | another"


def test_an_entry_has_its_fix(tree):
    first, second = error_entries.entries(page.find(tree))
    assert (first.fix, second.fix) == ("Leave it out: `1 + 1`", "")
    assert error_entries.CODE.findall(first.fix) == ["1 + 1"]


def test_an_entry_ends_where_the_next_heading_begins(tree):
    found = list(error_entries.listed(page.find(tree)))
    below = found[0].page.outside[found[0].end - 1]
    assert below == "### the old way { #the-old-way-another }"
    assert [entry.snippets for entry in found] == [
        ("numbers/fails", "numbers/sum"),
        ("numbers/warned",),
        ("numbers/sum",),
    ]


def test_a_heading_without_a_text_is_listed_and_no_entry(tree):
    pages = page.find(tree)
    silent = {e.name for e in errors.listed(pages)} - {
        e.name for e in error_entries.entries(pages)
    }
    assert silent == {"No error: 2 + 2"}


def test_an_old_address_lists_what_moved_from_there_alone(tree):
    (tree.recorded / moved.FILE).write_text(OLD)
    assert moved.text(tree).split("\n") == [
        "--8<-- [start:old]",
        "- [invalid literal for int()]"
        "(numbers.md#invalid-literal-for-int-with-base-10-x)"
        "{ #invalid-literal-for-int-with-base-10-x .moved }",
        "- [the old group](numbers.md){ #the-old-group .moved }",
        "--8<-- [end:old]",
    ]


@pytest.mark.parametrize(("line", "refused"), [("moved: true\n", 0), ("", 1)])
def test_a_page_that_leads_on_is_in_no_nav(draft, line, refused):
    head = f"---\ndescription: An old page.\n{line}---\n\n"
    draft.page("old.md", "# Old\n\nGo on.\n", head)
    said = [str(one) for one in gate.run(draft.tree).problems]
    assert sum("the nav does not name this page" in one for one in said) == refused
