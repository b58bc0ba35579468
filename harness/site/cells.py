"""A program as a cell of a notebook, with what it printed where it was recorded."""

import re
from collections.abc import Iterator

from harness.core.exercise import start
from harness.core.snippet import Snippet
from harness.site.fragments import Recorded, fence

INSTALL = """\
# What this notebook needs. Where it is there already, nothing happens.
%pip install --quiet """
TAGS = ["exercise", "raises-exception"]  # with nothing written in it


def program(one: Recorded) -> dict:
    if why := _apart(one.snippet):
        return text(f"{why}\n\n{fence('python', one.snippet.source)}".rstrip())
    tags = {"tags": ["raises-exception"]} if one.snippet.directives.raises else {}
    return code(one.snippet.source.rstrip("\n"), [*_outputs(one)], tags)


def exercise(solved: Snippet) -> dict:
    return code(start(solved.source).rstrip("\n"), [], {"tags": TAGS})


def _apart(one: Snippet) -> str:
    """Why a kernel beside the others does not run it."""
    given = one.directives
    if given.run:
        return f"`{' '.join(given.run)}` starts this program, so it is no cell:"
    if given.lane != "cpu" or "cuda" in given.needs:
        needs = " and ".join(sorted(given.needs))
        return f"This program needs {needs}, so it ran apart:"
    if "sys.displayhook" in one.source:
        return "This program shows what plain Python does, and a kernel does not:"
    if '__name__ == "__main__"' in one.source:
        return "Processes that this program starts read its file, so it is no cell:"
    return ""


def _outputs(one: Recorded) -> Iterator[dict]:
    """Its standard output, then warnings, an error, or what it drew."""
    given, said, error, warned = one.snippet.directives, one.out or "", "", ""
    if given.raises:
        said, error = _split(said, [given.raises], -1)
    if given.warns:
        said, warned = _split(said, given.warns, 0)
    for name, part in (("stdout", said), ("stderr", warned)):
        if part:
            yield {"output_type": "stream", "name": name, "text": part}
    if error:
        kind, _, rest = error.rstrip("\n").partition(": ")
        told = {"ename": kind, "evalue": rest, "traceback": error.split("\n")[:-1]}
        yield {"output_type": "error", **told}
    if one.drawn:
        data = {"image/svg+xml": one.drawn}
        yield {"output_type": "display_data", "data": data, "metadata": {}}


def _split(text: str, kinds, which: int) -> tuple[str, str]:
    """What stands before one of the lines that these types begin, and the rest."""
    names = "|".join(map(re.escape, kinds))
    found = [*re.finditer(rf"^(?:{names})(?=:|$)", text, re.MULTILINE)]
    at = found[which].start() if found else len(text)
    return text[:at], text[at:]


def text(source: str) -> dict:
    return {"cell_type": "markdown", "metadata": {}, "source": source}


def code(source: str, outputs: list[dict], about=None) -> dict:
    cell = {"cell_type": "code", "metadata": about or {}, "execution_count": None}
    return {**cell, "source": source, "outputs": outputs}
