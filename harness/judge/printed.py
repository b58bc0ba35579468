"""What a page shows of a result: standard output, then the warnings or the error.

`noise.toml` lists what torch says on its own account; a run that says more fails.
"""

import re
import tomllib
from pathlib import Path

from harness.core.snippet import Snippet
from harness.judge.result import Result, Warned
from harness.judge.subject import Subject

# Of a message: torch's bold marks, and the line of its source in its own build.
PASSED_OVER = re.compile(r"\x1b\[[\d;]*m| \(Triggered internally at [^)]*\)")

NOISE = tomllib.loads(Path(__file__).with_name("noise.toml").read_text("utf-8"))


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
        if own or not is_noise(f"{w.category}: {w.message}", "warnings"):
            seen.setdefault((w.category, w.message), w)
    return list(seen.values())


def without_noise(stderr: str) -> str:
    """Standard error less the lines that are torch's own."""
    lines = stderr.split("\n")
    return "\n".join(line for line in lines if not is_noise(line, "stderr")).strip()


def is_noise(message: str, kind: str) -> bool:
    return any(re.fullmatch(one, message, re.DOTALL) for one in NOISE[kind])
