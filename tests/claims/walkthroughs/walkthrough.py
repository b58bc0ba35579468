"""A walkthrough's code for tests: its cells as one program, includes in place."""

import warnings
from pathlib import Path

from harness.core.tree import HERE
from harness.notebooks.walkthrough import PROSE, Walkthrough


def program(source: Path) -> str:
    name = source.relative_to(HERE.docs).with_suffix(".ipynb").as_posix()
    cells = [one for one in Walkthrough(HERE, name).cells if one.kind != PROSE]
    text = "\n\n".join(cell.source for cell in cells) + "\n"
    return text.replace("plt.show()", "plt.close()")


def run(code: str) -> dict:
    """The names that a part of a program defines."""
    names = {"__name__": "lesson"}
    with warnings.catch_warnings():
        # matplotlib asks tensors for a copy in NumPy's new way.
        warnings.simplefilter("ignore", DeprecationWarning)
        exec("import torch\nfrom torch import nn\n" + code, names)
    return names
