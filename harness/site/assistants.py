"""What a reader's assistant reads: `llms.txt`, and all pages in `llms-full.txt`.

By the convention of https://llmstxt.org: a title, a summary in a quote, then lists of
links, each to the Markdown of a page and with a sentence about it.
"""

import re
from urllib.parse import urljoin

from harness.core import records
from harness.core.tree import Tree
from harness.site.copies import LINK, place
from harness.site.markdown import Site
from harness.site.programs import PROGRAMS
from harness.site.template import fill

# A fence as a whole, or a link outside.
LINKED = re.compile(rf"(?ms:^([ ]*)(`{{3,}}).*?^\1\2[ ]*$)|{LINK.pattern}")
WHOLE = "llms-full.txt"
NEWEST = f"{__name__}.newest"  # a part, see Memory


def headed(text: str, address: str, stamp: str) -> str:
    """A page's text that says below its title where it is from, what ran and when."""
    title, _, rest = text.partition("\n")
    return f"{title}\n\n> {address}\n>\n> {stamp}\n{rest.rstrip()}\n"


def newest(tree: Tree) -> str:
    """The same of the whole site, for a page that shows no program."""
    ran = records.load(tree, "cpu").values()
    if not (last := max(ran, key=lambda one: one.date, default=None)):
        return "Nothing was recorded yet."
    version = last.torch.partition("+")[0]
    return f"This site shows torch {version}; its newest output is of {last.date}."


def files(site: Site, known: dict[str, tuple[str, str, str]]) -> dict[str, str]:
    """Both, by their names; `known` has of each page title, description and text."""
    facts = {"site": site.config, "newest": site.tree.known(NEWEST)}
    facts["whole"] = urljoin(site.home, WHOLE)
    facts["program"] = urljoin(site.home, f"{PROGRAMS}/A/B.py")
    parts = {
        label: [(urljoin(site.home, place(n)), *known[n]) for n in names if n in known]
        for label, names in site.parts()
    }
    head = fill("llms", parts={}, **facts) + "\n"
    texts = [text for rows in parts.values() for _, _, _, text in rows]
    every = fill("llms", parts=parts, **facts) + "\n"
    return {"llms.txt": every, WHOLE: "\n".join([head, *texts])}


def absolute(text: str, address: str) -> str:
    """A text whose links outside its programs lead to their place from anywhere."""

    def led(found: re.Match) -> str:
        if not found["target"]:
            return found[0]
        target = urljoin(address, found["target"])
        return f"{found['picture']}[{found['text']}]({target}{found['title']})"

    return LINKED.sub(led, text)
