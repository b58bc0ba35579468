"""The limits that CONTRIBUTING shows are those that the gate reads."""

import re

from harness.core import limits
from harness.core.snippet import find
from harness.core.tree import HERE

SNIPPETS = {one.name: one for one in find(HERE)}


ROWS = {
    "columns of a program": limits.COLUMNS,
    "lines of code in a program": (
        f"{limits.LINES}; {limits.LINES_OLD} in {len(limits.OLD)} older ones"
    ),
    "lines of Python typed into a page": limits.TYPED,
    "words of a page, lists of errors and terms apart": f"{limits.WORDS:,}",
    "characters of a picture's description": f"at least {limits.ALT}",
    "lines of an output; characters of one": f"{limits.PRINTED}; {limits.WIDE:,}",
    "inches of a figure's width; pixels of its letters on a phone": (
        f"{limits.FIGURE}; at least {limits.LETTER}"
    ),
    "digits that make a number need a proof": f"{limits.DIGITS}, or a unit",
    "seconds of a program without `# takes:`": f"{limits.SECONDS:g}",
    "ended after": f"{limits.PATIENCE:g} times its seconds",
    "on a busy machine": f"{limits.CROWDED:g} times that, at most",
    "memory of a program": f"{limits.MEMORY} GiB",
    "what a program prints; a file that it writes": (
        f"{limits.SAID} MiB; {limits.FILE} MiB"
    ),
    "seconds of a cell of a walkthrough": limits.CELL,
    "lines of a cell that is not folded": limits.UNFOLDED,
    "wrong answers of an exercise that a test knows": f"at least {limits.WRONG}",
    "another card may differ by, of the larger": ", ".join(
        f"{share:g} in {dtype}" for dtype, share in limits.TOLERANCE.items()
    ),
    "lines of a difference, and of a traceback, in a message": (
        f"{limits.DIFF}, {limits.TRACEBACK}"
    ),
}


def test_contributing_shows_the_limits_that_are_enforced():
    rows = [f"| {what} | {limit} |" for what, limit in ROWS.items()]
    table = "\n".join(["| What | Limit |", "|---|---|", *rows])
    assert f"{table}\n\n" in (HERE.root / "CONTRIBUTING.md").read_text("utf-8")


def test_a_new_author_needs_fifteen_words():
    text = (HERE.root / "CONTRIBUTING.md").read_text("utf-8")
    rows = re.search(r"\n\| Word \| .*\n\|---\|---\|\n((?:\|.*\n)+)\n", text)[1]
    assert rows.count("\n") <= 15
    assert "\nFifteen words are all you need:\n" in text


def test_a_program_that_is_short_now_is_no_exception_any_more():
    lines = {
        name: sum(
            bool(line.strip()) and not line.startswith("#")
            for line in SNIPPETS[name].source.split("\n")
        )
        for name in limits.OLD
    }
    assert [name for name, count in lines.items() if count <= limits.LINES] == []


def test_a_page_that_is_too_long_is_refused(draft):
    draft.add("word " * limits.WORDS)
    draft.refused("docs/index.md", "words, more than 1,300", "two pages")


def test_a_list_of_errors_may_be_long(draft):
    text = (draft.tree.root / "mkdocs.yml").read_text()
    nav = "  - Errors: errors/index.md\nmarkdown_ext"
    draft.write("mkdocs.yml", text.replace("markdown_ext", nav, 1))
    draft.page("errors/index.md", "# Errors\n\n" + "word " * limits.WORDS)
    assert draft.problems() == []
