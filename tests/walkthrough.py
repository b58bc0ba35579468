"""A walkthrough's code for tests: its cells as one program, includes in place."""

import re
import warnings
from pathlib import Path

from harness.tree import HERE

INCLUDE = re.compile(r'^# --8<-- "([^":]+):([-\w]+)"$', re.MULTILINE)


def program(source: Path) -> str:
    def section(found: re.Match) -> str:
        text = (HERE.root / found[1]).read_text(encoding="utf-8")
        start, end = (f"# --8<-- [{at}:{found[2]}]\n" for at in ("start", "end"))
        return text.split(start)[1].split(end)[0]

    text = source.read_text(encoding="utf-8").replace("plt.show()", "plt.close()")
    return INCLUDE.sub(section, text)


def run(code: str) -> dict:
    """The names that a part of a program defines."""
    names = {"__name__": "lesson"}
    with warnings.catch_warnings():
        # matplotlib asks tensors for a copy in NumPy's new way.
        warnings.simplefilter("ignore", DeprecationWarning)
        exec("import torch\nfrom torch import nn\n" + code, names)
    return names
