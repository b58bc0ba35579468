"""Texts in the files of the torch that is installed, and of other packages."""

import mmap
import sysconfig
from pathlib import Path

import torch

from harness.core.tree import HERE


class library:
    """A library of torch, to look for a text in without reading all of it at once."""

    def __init__(self, name):
        (self.path,) = Path(torch.__path__[0], "lib").glob(f"*{name}.*")

    def __contains__(self, text):
        return not lacks(self.path, [text])


def lacks(path, texts):
    """Those of the texts that are not in the file."""
    with open(path, "rb") as file:
        with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
            return [text for text in texts if data.find(text.encode()) < 0]


def installed(pattern):
    """A file of a package or of Python: of this environment, or of another lane's."""
    ours = (Path(torch.__path__[0]).parent, Path(sysconfig.get_path("stdlib")))
    lanes = sorted(HERE.build.glob("venvs/*/lib/python*/site-packages"))
    return next((f for one in (*ours, *lanes) for f in one.glob(pattern)), None)
