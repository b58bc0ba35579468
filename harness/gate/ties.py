"""Whether the numbers that an author tied to an output stand there."""

import io
import tokenize
from collections.abc import Iterator, Mapping

from harness.core.page import Page
from harness.core.problem import Problem
from harness.core.ties import Tie, ties
from harness.gate.includes import closest
from harness.notebooks.walkthrough import Walkthrough
from harness.site import notebooks
from harness.site.fragments import Recorded

FILES = ("recorded/", "tests/", "lab/")
SAYS_ANYTHING = (tokenize.COMMENT, tokenize.STRING)
# From Python 3.12 on, an f-string is several tokens.
SAYS_ANYTHING += (getattr(tokenize, "FSTRING_MIDDLE", tokenize.STRING),)
NARROW = "name the place, with # for the number: {=loss after 5 steps: #}"


def check(page: Page, snippets: Mapping[str, Recorded]) -> Iterator[Problem]:
    """What is wrong with the ties of a page."""
    for tie in ties(page.marked):
        if tie.number is None:
            what = f"no number stands before '{{={tie.place}}}'"
            yield page.problem(tie.line, what, "write it right behind the number")
            continue
        if tie.place and not tie.source and "#" not in tie.pattern:
            what = f"'{{={tie.place}}}' names no file, and no place of a number"
            yield page.problem(tie.line, what, NARROW)
            continue
        try:
            name, texts = _texts(page, tie, snippets)
        except Problem as fault:
            yield fault
            continue
        yield from _compare(page, tie, name, texts)


def _compare(page: Page, tie: Tie, name: str, texts: list[str]) -> Iterator[Problem]:
    found = tie.candidates(texts)
    number = tie.number
    if not any(map(number.agrees, found)):
        what = f"'{number.text}' does not stand in {name}"
        if tie.pattern and found:
            what += f", but '{min(found)}' does"
        elif tie.pattern:
            what = f"{name} has no number at '{tie.pattern}'"
        yield page.problem(tie.line, what, "correct the sentence, or tie it elsewhere")
        return
    for other in number.neighbours():
        if any(map(other.agrees, found)):
            what = f"'{other.text}' in place of '{number.text}' would pass in {name}"
            yield page.problem(tie.line, what, NARROW)
            return


def _texts(page: Page, tie: Tie, snippets: Mapping) -> tuple[str, list[str]]:
    """Where a tie leads, in words, and what stands there. Raises Problem."""
    tree, name = page.tree, tie.source
    if name.startswith(FILES):
        file = tree.root / name
        if (text := tree.text(file)) is None:
            raise page.problem(tie.line, f"there is no {name}", "name another file")
        return name, [text]
    if name and name not in snippets:
        what = f"there is no snippet '{name}'"
        raise page.problem(tie.line, what, closest(name, sorted(snippets)))
    if isinstance(page, Walkthrough) and not name:
        return "the cells", _cells(page, tie)
    name = name or _nearest(page, tie.line)
    if name in snippets:
        return name, _said(snippets[name], with_code=bool(tie.pattern))
    file = tree.fragments / f"{name}.md"
    if name and (text := tree.text(file)) is not None:
        return name, [text]
    raise page.problem(tie.line, "the page shows no program", "name a snippet or file")


def _said(one: Recorded, with_code: bool) -> list[str]:
    """What a program printed on any machine; its code where a place is named."""
    outputs = filter(None, (one.out, one.cuda_out, *one.built_out.values()))
    return [*outputs, *([_literals(one.snippet.source)] if with_code else [])]


def _literals(source: str) -> str:
    """A program without its comments and strings, which could say anything."""
    kept, row, column = [], 1, 0
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.start[0] > row:
            column = 0
        kept += ["\n" * (token.start[0] - row), " " * (token.start[1] - column)]
        kept.append("" if token.type in SAYS_ANYTHING else token.string.strip("\n"))
        row, column = token.end
    return "".join(kept)


def _nearest(page: Page, line: int) -> str:
    """The snippet that a sentence speaks of: above it, else below it in its section."""
    edges = [n for n, text in enumerate(page.outside, 1) if text.startswith("#")]
    first = max((n for n in edges if n <= line), default=0)
    last = min((n for n in edges if n > line), default=line + len(page.outside))
    above = [one for one in page.includes if one.line <= line]
    here = [one for one in page.includes if first <= one.line < last]
    near = [one for one in above if one.line >= first][-1:] or here[:1] or above[-1:]
    return near[0].snippet if near else ""


def _cells(page: Walkthrough, tie: Tie) -> list[str]:
    """What the last cell above printed; where a place is named, all of the lesson."""
    if page.executed is None or len(page.executed.cells) != len(page.cells):
        raise page.problem(tie.line, "is not executed as it is now", "run make site")
    made = zip(page.cells, page.executed.cells, strict=True)
    programs = [
        (cell, list(filter(None, map(notebooks.shown, ran.outputs))))
        for cell, ran in made
        if cell.is_code
    ]
    if tie.pattern:
        code = [_literals(cell.source) for cell, _ in programs]
        return code + [text for _, texts in programs for text in texts]
    above = [ran for cell, ran in programs if ran and cell.marker.number < tie.line]
    return above[-1] if above else []
