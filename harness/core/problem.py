"""The one error type: a reason to refuse, with its place and its fix."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(order=True, unsafe_hash=True)
class Problem(Exception):
    """One reason to refuse: where it is, what is wrong, and how to fix it.

    Checks yield problems, so that one run reports all of them; a function that cannot
    go on raises one.
    """

    path: str  # "" where no file is meant
    line: int  # counted from 1; 0 where the whole file is meant
    what: str
    fix: str

    @classmethod
    def general(cls, what: str, fix: str = "") -> "Problem":
        """One that belongs to no file."""
        return cls("", 0, what, fix)

    def __str__(self) -> str:
        where = f"{self.path}:{self.line}" if self.line else self.path
        said = f"{where}: {self.what}" if where else self.what
        return f"{said}\n    {self.fix}" if self.fix else said


def say(problems: Iterable[Problem]) -> None:
    """Print them, those of one file together."""
    for problem in sorted(problems):
        print(problem)
