"""A page's programs as one notebook: their cells hold what ran and what it printed.

Nothing is executed for it. On the page each program had a process of its own; here they
share one, so those that another environment or a launcher runs are text.
"""

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from harness.core.exercise import SUFFIX
from harness.core.page import HEAD_ID, Page
from harness.core.snippet import Snippet
from harness.notebooks.walkthrough import KERNEL, LANGUAGE
from harness.site import cells, programs
from harness.site.fragments import Recorded

HEAD = re.compile(r"#{2,6} +(.+)")
TOLD = """# {}

[The page with its explanations]({})

There, each program ran in a process of its own: below it stands what it printed."""
AFRESH = Path(__file__).with_name("first_cell.txt").read_text("utf-8").rstrip()


def made(page: Page, known: Mapping[str, Recorded], address: str) -> str:
    """The notebook of a page; empty for one without programs that a kernel runs."""
    found, ran = [], []
    for part in _parts(page, known):
        if solved := known.get(part + SUFFIX):
            found.append(cells.exercise(solved.snippet))
        elif part in known:
            found.append(cells.program(known[part]))
            ran += [known[part].snippet] if "outputs" in found[-1] else []
        elif part.startswith("## "):
            found.append(cells.text(part))
    if not ran:
        return ""
    title = page.title or page.meta["title"]
    first = [cells.text(TOLD.format(title, address))]
    if need := _installs(ran):
        first.append(cells.code(cells.INSTALL + " ".join(need), []))
    first.append(cells.code(AFRESH, []))
    every = [{"id": f"cell-{n}", **one} for n, one in enumerate(first + found, 1)]
    about = {"kernelspec": KERNEL, "language_info": LANGUAGE, "title": title}
    whole = {"cells": every, "metadata": about, "nbformat": 4, "nbformat_minor": 5}
    return json.dumps(whole, ensure_ascii=False, indent=1) + "\n"


def _installs(ran: list[Snippet]) -> list[str]:
    """What a kernel with torch may lack."""
    every = {need for one in ran for need in programs.requirements(one)}
    every = {need.partition(" @ ")[2] or need for need in every}  # pip takes addresses
    return sorted(n for n in every if n.split("==")[0] not in ("torch", "numpy", "pip"))


def _parts(page: Page, known: Mapping[str, Recorded]) -> Iterator[str]:
    """The names of the programs, each once, and before them their headings."""
    placed = {one.line: one.snippet for one in page.includes if one.shows("code")}
    heading, said, shown = "", "", set()
    for number, line in enumerate(page.outside, 1):
        if head := HEAD.fullmatch(line):
            heading = f"## {HEAD_ID.sub('', head[1]).strip()}"
        name = placed.get(number)
        if name and name not in shown and known.keys() & {name, name + SUFFIX}:
            shown.add(name)
            if heading != said:
                yield (said := heading)
            yield name
