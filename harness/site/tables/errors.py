"""The index of the error pages: every text, its type, and the torch that said it."""

import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass

from markdown.extensions.toc import slugify

from harness.core import page, records, snippet
from harness.core.page import Page
from harness.core.tree import Tree
from harness.site.template import fill

INDEX = "errors/index.md"  # the page that shows it
HEADING = re.compile(r"###\s+`+ ?(?P<text>.+?) ?`+\s*")


@dataclass(frozen=True)
class Entry:
    """One heading of an error page, and the snippets that are shown below it."""

    page: Page
    line: int
    end: int  # the line of the next heading
    text: str  # what torch says, without its type; … stands for a gap
    snippets: tuple[str, ...]

    @property
    def anchor(self) -> str:
        return slugify(self.text, "-")


def entries(pages: list[Page]) -> Iterator[Entry]:
    """The headings of level 3 on the error pages that quote a text, in order."""
    for one in pages:
        if not one.name.startswith("errors/") or one.name == INDEX:
            continue
        heads = [
            (number, found["text"] if (found := HEADING.fullmatch(line)) else None)
            for number, line in enumerate(one.outside, 1)
            if re.match("#{1,3} ", line)
        ]
        last = (len(one.outside) + 1, None)
        for (start, text), (end, _) in itertools.pairwise([*heads, last]):
            if text:
                shown = [i.snippet for i in one.includes if start < i.line < end]
                yield Entry(one, start, end, text, tuple(dict.fromkeys(shown)))


def text(tree: Tree) -> str:
    """A list for each page and each torch that printed its texts, with their types."""
    known = {s.name: s for s in snippet.find(tree) if s.readable}
    known_runs = [records.load(tree, lane) for lane in records.LANES]

    def row(entry: Entry) -> dict[str, object]:
        shown = [known[name] for name in entry.snippets if name in known]
        types = {
            s.name: s.directives.raises or ", ".join(s.directives.warns) for s in shown
        }
        said = {name: kind for name, kind in types.items() if kind}
        runs = [ran[name] for name in said for ran in known_runs if name in ran]
        torch = sorted({run.torch.partition("+")[0] for run in runs})
        types = sorted({*said.values()})
        return {"entry": entry, "torch": ", ".join(torch), "types": types}

    by_page = itertools.groupby(entries(page.find(tree)), lambda entry: entry.page)
    return fill("errors", pages=[(one, [*map(row, group)]) for one, group in by_page])
