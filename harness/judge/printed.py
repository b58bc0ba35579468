"""What a page shows of a result: standard output, then the warnings or the error."""

import re

from harness.core.snippet import Snippet
from harness.judge import noise
from harness.judge.result import Result, Warned
from harness.judge.subject import Subject

# Of a message: torch's bold marks, and the line of its source in its own build.
PASSED_OVER = re.compile(r"\x1b\[[\d;]*m| \(Triggered internally at [^)]*\)")


def printed(program: Subject | Snippet, result: Result) -> str:
    """The whole text; a tab becomes spaces, as on every page."""
    text = result.stdout.expandtabs(4)
    tail = [f"{w.category}: {w.message}" for w in own_warnings(program, result)]
    if result.raised:
        tail.append(result.raised.text)
    tail = [PASSED_OVER.sub("", line).expandtabs(4) for line in tail]
    if tail and text and not text.endswith("\n"):
        text += "\n"
    return text + "".join(f"{line}\n" for line in tail)


def own_warnings(program: Subject | Snippet, result: Result) -> list[Warned]:
    """The warnings less torch's own noise, each text once; a declared one is none."""
    seen = {}
    for w in result.warned:
        own = w.category in program.directives.categories or w.file == str(program.path)
        if own or not noise.is_noise(f"{w.category}: {w.message}", noise.WARNINGS):
            seen.setdefault((w.category, w.message), w)
    return list(seen.values())
