"""For any generator, as `untie`: the quotes of prose as a book has them.

Code stays as typed; and what repeats errors, small headings and lists of entries; and
what a model wrote.
"""

import re

from markdown.extensions import Extension
from markdown.treeprocessors import Treeprocessor
from markdown.util import BLOCK_LEVEL_ELEMENTS

AS_TYPED = {"code", "kbd", "pre", "script", "style", "h3", "h4"}
PRINTED = {"entries", "live-text"}
APART = {*BLOCK_LEVEL_ELEMENTS, "br", "summary"}
STRAIGHT = re.compile("""((?<![^\\s(\\[/–])["']+)|["']+""")
OPEN, CLOSE = (str.maketrans("\"'", both) for both in ("“‘", "”’"))


class Quotes(Treeprocessor):
    def run(self, root):
        self._within(root, " ")

    def _within(self, tag, before: str) -> str:
        """The character before what follows the tag."""
        if tag.tag in AS_TYPED or PRINTED & {*tag.get("class", "").split()}:
            return "x"
        before = " " if tag.tag in APART else before
        tag.text, before = curled(tag.text, before)
        for child in tag:
            child.tail, before = curled(child.tail, self._within(child, before))
        return " " if tag.tag in APART else before


def curled(text: str | None, before: str) -> tuple[str, str]:
    """With open quotes behind space, and closed ones elsewhere; its last character."""
    whole = before + (text or "")
    made = STRAIGHT.sub(lambda one: one[0].translate(OPEN if one[1] else CLOSE), whole)
    return made[1:], whole[-1]


class QuotesExtension(Extension):
    def extendMarkdown(self, md):
        md.treeprocessors.register(Quotes(md), "quotes", 7)  # attributes are there at 8
