"""What tests read of the entries of error pages, beside name, anchor and text."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from harness.core.page import Page
from harness.site.tables import errors

TYPE = re.compile(r"(?:[a-z]\w*\.)*[A-Z]\w*(?:Error|Warning): ")
FIX = re.compile(r"\*\*Fix:\*\* (?P<fix>.+)")
CODE = re.compile(r"(?<!`)`([^`]+)`(?!`)")


@dataclass(frozen=True)
class Entry(errors.Entry):
    @property
    def text(self) -> str:
        """What torch says, without its type."""
        return TYPE.sub("", self.said, count=1)

    @property
    def fix(self) -> str:
        below = self.page.outside[self.line : self.end - 1]
        return next((fix["fix"] for line in below if (fix := FIX.fullmatch(line))), "")

    @property
    def snippets(self) -> tuple[str, ...]:
        """Those that are shown below its heading."""
        includes = self.page.includes
        shown = (one.snippet for one in includes if self.line < one.line < self.end)
        return tuple(dict.fromkeys(shown))


def listed(pages: list[Page]) -> Iterator[Entry]:
    """The headings of level 3 on the error pages, in order."""
    return (Entry(**vars(one)) for one in errors.listed(pages))


def entries(pages: list[Page]) -> Iterator[Entry]:
    """Those that show a text of torch."""
    return (one for one in listed(pages) if one.said)
