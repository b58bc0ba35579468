"""Quotes and apostrophes of prose are a book's; what a machine printed stays."""

import pytest
from markdown import markdown

from harness.core.tree import HERE
from harness.site.markdown import QUOTES, Site

WITH = ["tables", "md_in_html", "attr_list", "pymdownx.details", QUOTES]


@pytest.mark.parametrize(
    ("typed", "set_"),
    [
        ("""It's "one" ("two").""", "It’s “one” (“two”)."),
        ("""*"One"* and **"two"**""", "<em>“One”</em> and <strong>“two”</strong>"),
        (
            """`x`'s end, "`y`"; don't""",
            "<code>x</code>’s end, “<code>y</code>”; don’t",
        ),
        ("""He said "it's 'so'".""", "He said “it’s ‘so’”."),
        ("""`"a"` and `it's`""", """<code>"a"</code> and <code>it's</code>"""),
        ("""x  \n"y\"""", "x<br />\n“y”"),
    ],
)
def test_a_quote_opens_behind_a_space_and_closes_elsewhere(typed, set_):
    assert markdown(typed, extensions=WITH) == f"<p>{set_}</p>"


@pytest.mark.parametrize(
    "typed",
    [
        "### 'Net' object has no \"fc2\"",
        "    print('it\\'s')",
        "it's\n{ .live-text }",
        '<div class="entries" markdown>\n\n- [can\'t](#a)\n\n</div>',
    ],
)
def test_what_a_machine_printed_stays_as_it_is(typed):
    html = markdown(typed, extensions=WITH)
    assert html == markdown(typed, extensions=WITH[:-1])
    assert "'" in html


def test_headings_and_their_anchors_are_as_before():
    html = markdown('# Adam\'s "way"', extensions=["toc", QUOTES])
    assert html == '<h1 id="adams-way">Adam’s “way”</h1>'


def test_the_search_and_the_gate_read_what_was_typed():
    assert QUOTES in HERE.known("harness.site.markdown.extensions")
    [section] = Site(HERE).render("# It's \"so\"\n\nDon't.").sections
    assert section.title == 'It\'s "so"' and section.text == "Don't."
