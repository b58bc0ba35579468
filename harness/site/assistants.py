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

FENCED = re.compile(r"^([ ]*)(`{3,}).*?^\1\2[ ]*$\n?", re.MULTILINE | re.DOTALL)
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
    home = site.home
    head = f"# {site.config['site_name']}\n"
    if about := site.config.get("site_description"):
        head += f"\n> {about.strip()}\n"
    head += f"\n{site.tree.known(NEWEST)}\n"
    head += f"\nAll pages in one file: {urljoin(home, WHOLE)}\n"
    address = urljoin(home, f"{PROGRAMS}/A/B.py")
    head += f"\nRun the program titled snippets/A/B.py: uv run {address}\n"
    lists, whole = [], [head]
    for label, names in site.parts():
        rows = []
        for name in filter(known.get, names):
            title, about, text = known[name]
            rows.append(f"- [{title}]({urljoin(home, place(name))}): {about}")
            whole.append(text)
        lists += [f"## {label}\n", *rows, ""] if rows else []
    return {
        "llms.txt": "\n".join([head, *lists]).rstrip() + "\n",
        WHOLE: "\n".join(whole),
    }


def absolute(text: str, address: str) -> str:
    """A text whose links outside its programs lead to their place from anywhere."""

    def led(found: re.Match) -> str:
        target = urljoin(address, found["target"])
        return f"{found['picture']}[{found['text']}]({target}{found['title']})"

    parts, at = [], 0
    for fence in FENCED.finditer(text):
        parts += [LINK.sub(led, text[at : fence.start()]), fence[0]]
        at = fence.end()
    return "".join([*parts, LINK.sub(led, text[at:])])
