"""What the search reads of the pages: their sections, names, error texts and sizes."""

import json

import pytest
from bs4 import BeautifulSoup

from harness.core.page import Page
from harness.site.fills import check as check_fills
from harness.site.fills import fills
from harness.site.sections import names, sections

HEAD = "---\ndescription: About a page.\nsearch:\n{}---\n"
PAGE = """\
# A page

[home](../index.md)

## Stop early

--8<-- "numbers/big.md"

--8<-- "numbers/card.md"
"""
PROGRAM = """\
import torch.nn.functional as F
from matplotlib import pyplot as plt

loss = F.cross_entropy(scores, target)  # no comment()
optimizer.zero_grad()
plt.savefig("a.svg")
print(len(loss), self.hidden_size)
"""
ENTRY = """\
# Small errors

[why](../numbers/why.md)

--8<-- "numbers/big.md"

--8<-- "numbers/card.md"

### contains an odd number { #it-contains-3-not-4 }

`RuntimeError: it contains 3 elements, not 4`
{ .said }

Older releases say [`it is odd`](../index.md).
{ .older }

You made it for 4{=numbers/big: not #}, and 3{=numbers/big: contains #} came.

**Fix:** Make it for `3`.
"""


def index(draft) -> dict:
    assert draft.problems() == []
    text = (draft.tree.search / "pages.js").read_text(encoding="utf-8")
    return json.loads(text.removeprefix("self.SEARCH = "))


def found(html: str):
    return sections(BeautifulSoup(html, "html.parser"))


def test_a_section_has_its_text_without_what_only_leads_on():
    first, second = found(
        '<h1 id="a">A<a class="headerlink" href="#a">¶</a></h1><p>One <em>two</em>.</p>'
        '<p>Next: <a href="b">b</a>.</p><div class="entries"><a href="#b">B</a></div>'
        '<h2 id="b">B</h2><ul><li>x</li><li>y</li></ul>'
        '<h2 id="try-it">Try it</h2><p>Change x.</p>'
    )
    assert (first.anchor, first.title, first.text) == ("a", "A", "One two.")
    assert second.text == "x\ny"


def test_a_section_may_be_hidden():
    hidden = "<h2 id='b' data-search-exclude=''>B</h2><p>Not this.</p>"
    text = f"<h1 id='a'>A</h1><p>One.</p>{hidden}<h2 id='c'>C</h2><p>Two.</p>"
    found = sections(BeautifulSoup(text, "html.parser"))
    assert [(one.title, one.text) for one in found] == [("A", "One."), ("C", "Two.")]


def test_a_program_is_found_by_the_names_in_it():
    listed = list(names(PROGRAM))
    assert {"functional", "cross_entropy", "zero_grad", "hidden_size"} <= {*listed}
    assert not {*listed} & {"optimizer", "comment", "savefig", "len", "loss", "plt"}
    block = f'<h1 id="a">A</h1><div class="highlight"><pre>{PROGRAM}</pre></div>'
    printed = block.replace("highlight", "highlight output")
    assert found(block)[0].names and not found(printed)[0].names


def test_an_error_is_found_by_its_text_and_by_what_older_releases_say():
    (one,) = found(
        '<h3 id="a">A</h3><p class="said"><code>ValueError: a 3</code></p>'
        '<p class="older">Older releases say <code>a is 3</code>.</p><p>Because.</p>'
    )
    assert one.said == ["ValueError: a 3", "a is 3"]
    assert one.text == "Because."
    (listed,) = found(
        '<h2 id="r">Reported, not run here</h2>'
        "<ul><li><code>no driver</code>: get <code>one</code>.</li></ul>"
    )
    assert listed.said == ["no driver"]


def test_words_of_the_front_matter_lead_to_a_page_or_to_its_section(draft):
    words = "  top: [halt]\n  stop-early: [EarlyStopping, patience]\n"
    draft.page("numbers/why.md", PAGE, HEAD.format(words))
    page = draft.tree.docs / "index.md"
    page.write_text(page.read_text().replace("#because", ""))
    made = index(draft)
    rows = [row for row in zip(*made["sections"], strict=True) if row[4]]
    assert [(row[1], row[4]) for row in rows] == [
        ("", ["halt"]),
        (None, ["EarlyStopping", "patience"]),
    ]
    assert rows[0][3].startswith("About a page.\n")
    assert made["pages"][rows[0][0]][:2] == ["numbers/why/", "A page"]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("  - halt\n", "are no lists of words"),
        ("  top: halt\n", "are no lists of words"),
        ("  top: [1]\n", "are no lists of words"),
        ("  gone: [halt]\n", "name 'gone', an anchor that is not here"),
    ],
)
def test_words_in_another_form_are_refused(draft, words, said):
    draft.page("numbers/why.md", PAGE, HEAD.format(words))
    page = draft.tree.docs / "index.md"
    page.write_text(page.read_text().replace("#because", ""))
    draft.refused("docs/numbers/why.md:3", said)


def test_a_tie_says_where_a_size_of_the_reader_may_stand(draft):
    draft.page("errors/small.md", ENTRY)

    page = Page(draft.tree, "errors/small.md")
    assert fills(page) == {
        "it-contains-3-not-4": [("4", 0, "not #"), ("3", 0, "contains #")]
    }


CAUSE = "You made it for 4{=numbers/big: not #}, and 3{=numbers/big: contains #} came."


def test_a_mark_says_where_a_name_of_the_reader_may_stand(draft):
    text = ENTRY.replace(CAUSE, "A `RuntimeError`{~#: it} has `4`{~not #}, not 4.")
    draft.page("errors/small.md", text.replace("elements", "Half"))

    places = [("RuntimeError", 0, "#: it"), ("4", 0, "not #")]
    page = Page(draft.tree, "errors/small.md")
    assert fills(page) == {"it-contains-3-not-4": places}
    assert "{~" not in page.text


@pytest.mark.parametrize(
    ("cause", "said"),
    [
        ("It has `5`{~not #}.", "'5' does not stand at 'not #'"),
        ("It has `4`{~four}.", "'4' does not stand at 'four'"),
        ("It is `int64`{~dtype: not #}.", "'int64' does not stand at '~not #'"),
        ("It has none.\n\nOr `4`{~not #}.", "1 marks with ~ stand in no cause"),
    ],
)
def test_a_mark_for_what_the_error_text_has_not_is_refused(draft, cause, said):
    draft.page("errors/small.md", ENTRY.replace(CAUSE, cause))
    faults = check_fills(Page(draft.tree, "errors/small.md"))
    assert [said in fault.what for fault in faults] == [True]


def test_of_what_is_not_shown_no_word_is_kept_that_the_search_passes_over(draft):
    long = "The gradients are added up. " * 20 + "It also has tiny, unseen nan."
    text = PAGE.replace("## Stop early\n", f"## Stop early\n\n{long}\n")
    draft.page("numbers/why.md", text, HEAD.format("  top: [halt]\n"))
    page = draft.tree.docs / "index.md"
    page.write_text(page.read_text().replace("#because", ""))
    made = index(draft)
    steps = dict(zip(*(text.split(" ") for text in made["words"]), strict=True))
    places = {word: [ord(one) - 34 for one in steps[word]] for word in steps}
    last = len(made["sections"][0])
    hidden = {word: at for word, at in places.items() if at[0] <= last}
    assert hidden == {"nan": [4], "tiny": [4], "unseen": [4]}
    assert made["sections"][2][4 - 1] == "Stop early"
    (at,) = places["warn"]  # as a program says
    assert made["sections"][2][at - last - 1] == "Numbers"
