"""Texts in the compiled files of the torch that is installed."""

import mmap
from pathlib import Path

import torch


class library:
    """A library of torch, to look for a text in without reading all of it at once."""

    def __init__(self, name):
        (self.path,) = Path(torch.__path__[0], "lib").glob(f"*{name}.*")

    def __contains__(self, text):
        with open(self.path, "rb") as file:
            with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
                return data.find(text.encode()) >= 0
