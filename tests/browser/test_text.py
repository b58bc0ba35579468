"""What the reader reads is what was recorded, with JavaScript and without."""

import re
from html import unescape
from os.path import commonprefix

from harness.core.directives import BUILDS
from harness.core.snippet import Snippet, find
from harness.core.tree import HERE
from harness.notebooks import walkthrough
from harness.notebooks.execute import shown

from . import refuse
from .visits import PLAIN, USUAL

TRACEBACK = re.compile(r"Traceback \(most recent call last\)|\b(?:WARNING|ERROR)\b")
# Its name and the first words of what it says.
ERROR = re.compile(r"\b[A-Z]\w*(?:Error|Warning|Exception): +(?:\S+ ){0,2}\S+")
MARKUP = re.compile(r'--8<--|<!--|(?:^|\s)(?:===|!!!|\?\?\?\+?) ["\w]|\{:? ?[.#][\w-]')


def recorded(name: str, title: str) -> str:
    """What an output block must show."""
    snippet = Snippet(HERE, name)
    own = {"CUDA build, no GPU": "cuda-build", "torch": "newest"}
    own |= {"Python": "newest-python", "": "gpu"}
    where = re.sub("^Output(, | since )?", "", title)
    lane = next(lane for words, lane in own.items() if where.startswith(words))
    if where in ("", "CPU-only build"):
        return snippet.out.read_text(encoding="utf-8")
    return snippet.own_out(lane).read_text(encoding="utf-8")


def blocks(seen):
    return ((one, block) for one in seen for block in one.noticed["blocks"])


def test_every_snippet_is_as_in_its_file(seen):
    refuse(
        f"{one}: {block['snippet']} is not its file"
        for one, block in blocks(seen)
        if block["snippet"] and block["text"] != Snippet(HERE, block["snippet"]).source
    )


def test_every_output_is_as_recorded(seen):
    refuse(
        f"{one}: '{block['title']}' of {block['output']} is not what was recorded"
        for one, block in blocks(seen)
        if block["output"]
        and block["text"] != recorded(block["output"], block["title"])
    )


def test_every_snippet_of_the_pages_is_shown(seen, site):
    seen_here = {
        (one.page, one.look): sum(bool(b["snippet"]) for b in one.noticed["blocks"])
        for one in seen
    }
    refuse(
        f"{page} ({look}): shows {count} snippets, "
        f"{site.counts[page]['snippets']} are included"
        for (page, look), count in seen_here.items()
        if page in site.counts and count != site.counts[page]["snippets"]
    )


def test_every_block_can_be_seen(seen):
    """In at least one of the tabs, where there are tabs."""
    every = [
        ((one.page, one.look, number), f"{one}: {block['title']} of {name}", block)
        for one in seen
        for number, block in enumerate(one.noticed["blocks"])
        if (name := block["snippet"] or block["output"])
    ]
    visible = {key for key, _, block in every if block["visible"]}
    refuse(f"{where} is hidden" for key, where, _ in every if key not in visible)


def test_without_javascript_the_whole_text_is_there(seen):
    def texts(look):
        every = (one for one in seen if one.look == look)
        return {(e.page, e.tab): e.noticed["article"].split() for e in every}

    with_scripts, without = texts(USUAL), texts(PLAIN)
    assert without.keys() <= with_scripts.keys()
    refuse(
        f"{page}: without JavaScript {len(words)} words are there, "
        f"with it {len(with_scripts[page, tab])}"
        for (page, tab), words in without.items()
        if words != with_scripts[page, tab]
    )


def test_scripts_add_no_word_and_take_none_away(seen):
    refuse(
        f"{one}: scripts change '{one.noticed['served'][at:][:60]}'"
        for one in seen
        if one.look == USUAL and one.noticed["served"] != one.noticed["left"]
        for at in [len(commonprefix([one.noticed["served"], one.noticed["left"]]))]
    )


def words(seen):
    return ((one, part) for one in seen for part in one.noticed["words"])


def printed():
    """What the walkthroughs printed; one page is looked at before they are executed."""
    made = (one.executed for one in walkthrough.find(HERE))
    for notebook in filter(None, made):
        for cell in notebook.cells:
            yield cell.source if cell.cell_type == "code" else ""
            yield from map(shown, cell.get("outputs", []))


def reported():
    """Errors that did not run here: the tests of error pages ask each for a source."""
    for file in (HERE.docs / "errors").glob("*.md"):
        yield file.read_text(encoding="utf-8").partition("not run here { #")[2]


def test_no_error_or_warning_is_shown_that_was_not_recorded(seen):
    lanes = ("gpu", *BUILDS)
    files = (f for one in find(HERE) for f in (one.out, *map(one.own_out, lanes)))
    every = (file.read_text(encoding="utf-8") for file in files if file.exists())
    outputs = " ".join(" ".join([*every, *printed(), *reported()]).split())
    refuse(
        f"{one}: {said} (in: {part['text'][:80]})"
        for one, part in words(seen)
        for said in TRACEBACK.findall(part["text"]) + ERROR.findall(part["text"])
        if said not in outputs
    )


def test_no_markdown_is_left_as_it_was_typed(seen):
    refuse(
        f"{one}: {part['prose'][:80]}"
        for one, part in words(seen)
        if MARKUP.search(part["prose"])
    )


# Without code, what repeats an error, and what a model wrote.
PLAIN_TEXT = re.compile(
    r"<(pre|code|script|style|h[34]|title|kbd)\b.*?</\1>"
    r'|<div class="entries".*?</div>|<p class="live-text".*?</p>|<[^>]*>',
    re.DOTALL,
)


def test_quotes_and_apostrophes_are_those_of_a_book(site):
    found = []
    for name in site.pages:
        html = (site.folder / name).read_text(encoding="utf-8")
        article = html[html.find("<article") :].partition("</article>")[0]
        text = unescape(PLAIN_TEXT.sub("", article))
        found += [f"{name}: {one}" for one in re.findall(r".{,30}[\"'].{,30}", text)]
        found += [f"{name}: {one}" for one in re.findall(r".{,30}\s[”’]\w.{,30}", text)]
    refuse(found)
