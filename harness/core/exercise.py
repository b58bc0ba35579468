"""An exercise: a program `<idea>_solution.py` of which a reader writes one region.

Below `# Your code:` stand the lines that the reader finds there, as comments, then the
solution. The starting program, `<idea>.py`, is the same with these lines in its place.
"""

import re

from harness.core.snippet import Snippet

SUFFIX = "_solution"
SECTION = "Practise"  # what a page's exercises stand below
OPENS, CLOSES = "# Your code:\n", "# Check:\n"
REGION = re.compile(
    rf"^{OPENS}(?P<given>(?:#.*\n)+)(?:.*\n)+?(?P<gap>\n*)(?=^{CLOSES})", re.MULTILINE
)


def with_answer(source: str, answer: str) -> str | None:
    """The program with other lines in its region; None where it has not just one."""
    found = REGION.search(source)
    if not found or source.count(OPENS) + source.count(CLOSES) != 2:
        return None
    before, after = source[: found.start()], source[found.end() :]
    return f"{before}{OPENS}{answer.rstrip()}\n{found['gap']}{after}"


def start(source: str) -> str | None:
    """The program as a reader finds it."""
    found = REGION.search(source)
    given = re.sub("^# ?", "", found["given"], flags=re.MULTILINE) if found else ""
    return with_answer(source, given)


def started(one: Snippet) -> dict[str, str]:
    """The starting program by its name; empty for what is no exercise."""
    begun = start(one.source) if one.name.endswith(SUFFIX) else None
    return {one.name.removesuffix(SUFFIX): begun} if begun else {}
