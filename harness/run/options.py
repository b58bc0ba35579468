"""What a run was asked for, and what became of each snippet."""

from dataclasses import dataclass, field
from pathlib import Path

from harness.core import limits
from harness.core.problem import Problem
from harness.core.snippet import Snippet
from harness.judge.result import Result
from harness.run.processes import LINUX


@dataclass(frozen=True)
class Options:
    """The command line of `harness run`, and limits that a test may tighten."""

    paths: list[str] = field(default_factory=list)
    lane: str = "cpu"
    record: bool = False
    fresh: bool = False
    quick: bool = False  # few programs: each is recorded by two interpreters at once
    smoke: bool = False  # how snippets end, raise and warn, not what they print
    jobs: int | None = None  # at a time; else about as many as there are cores
    seed: int = 0
    json: Path | None = None
    fork: bool = LINUX
    memory: int = limits.MEMORY * 2**30  # bytes that one snippet may use
    patience: float = limits.PATIENCE  # times what a snippet says it takes
    crowded: float = limits.CROWDED  # times that, at most, on a busy machine
    startup: float = 60.0  # seconds more where an interpreter imports torch itself


@dataclass(eq=False)
class Outcome:
    """One snippet of a run: its results by variant, and what is wrong with it."""

    snippet: Snippet
    results: dict[str, Result] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    fell_back: bool = False  # to the CPU: it starts more processes than there are GPUs
