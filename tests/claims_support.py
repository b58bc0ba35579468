"""What the tests of several pages share: Keras on the CPU, and the pages' programs."""

import contextlib
import importlib
import io
import json
from functools import cache
from pathlib import Path

import pytest
import yaml

from harness.core.snippet import Snippet
from harness.core.tree import HERE


class Later:
    """A module that is imported where a test uses it: a worker collects all tests."""

    __slots__ = ("_name",)  # so that nobody sets anything here in place of there

    def __init__(self, name: str):
        self._name = name

    def __getattr__(self, name: str):
        if name.startswith("_") and name != "__version__":
            raise AttributeError(name)  # pytest looks for marks of its own
        return getattr(importlib.import_module(self._name), name)


keras = Later("keras")
layers, losses, ops, optimizers = (
    Later(f"keras.{name}") for name in ("layers", "losses", "ops", "optimizers")
)
digits = Later("lab.train.digits")  # which imports scikit-learn

# Keras reads tensors with np.array, of which NumPy warns; outside of tests Python hides
# a DeprecationWarning that comes from a library.
READS_TENSORS = pytest.mark.filterwarnings("ignore:__array__ impl:DeprecationWarning")
KERAS = [READS_TENSORS, pytest.mark.usefixtures("on_the_cpu")]


def from_yaml(file: Path):
    """What a file says; read by the library in C, which takes a tenth of the time."""
    return yaml.load(file.read_bytes(), yaml.CSafeLoader)


@cache
def cited() -> dict[str, dict]:
    """The entries of `recorded/sources.yml`, by address."""
    return {one["url"]: one for one in from_yaml(HERE.recorded / "sources.yml")}


def printed(name: str, lane: str = "cpu") -> str:
    """What a program printed where it was recorded, as `topic/idea`."""
    one = Snippet(HERE, name)
    file = one.out if lane == "cpu" else one.own_out(lane)
    return file.read_text(encoding="utf-8")


def program(name: str) -> str:
    return Snippet(HERE, name).path.read_text(encoding="utf-8")


def drawn(name: str) -> list:
    """The texts of a figure with one panel, as recorded: each with its place."""
    file = HERE.recorded / "figures" / f"{name}.json"
    (axes,) = json.loads(file.read_text(encoding="utf-8"))["axes"]
    return axes["texts"]


def changed(name: str, changes: dict[str, str]) -> str:
    """A program's text with changes, each at one place."""
    text = program(name)
    for before, after in changes.items():
        assert text.count(before) == 1, f"{name} has not once {before!r}"
        text = text.replace(before, after)
    return text


def output(name: str, changes: dict[str, str]) -> str:
    """What a program prints with changes to its text."""
    with contextlib.redirect_stdout(io.StringIO()) as out:
        exec(compile(changed(name, changes), name, "exec"), {"__name__": "__main__"})
    return out.getvalue()


def names_of(name: str, changes: dict[str, str] | None = None, upto: str = "") -> dict:
    """What a program defines when it runs, with changes to its text or up to a part."""
    text = changed(name, changes or {})
    if upto:
        text, end, _ = text.partition(upto)
        assert end, f"{name} has no {upto!r}"
    names = {"__name__": "__main__"}
    with contextlib.redirect_stdout(io.StringIO()):
        exec(compile(text, name, "exec"), names)
    return names
