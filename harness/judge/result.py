"""How one execution of a program ended: what a judgement is made from."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Raised:
    """The exception that ended a program."""

    type: str  # as a traceback names it, such as "torch.OutOfMemoryError"
    text: str  # the end of the traceback: "Type: message"
    line: int  # in the program; 0 where no frame of it is left
    traceback: str


@dataclass(frozen=True)
class Warned:
    category: str
    message: str
    file: str
    line: int


@dataclass(frozen=True)
class Result:
    ended: str  # "finished", "limit", "memory", "signal N", "exit N", "harness"
    line: int = 0  # of the program, where it is known
    stdout: str = ""
    stderr: str = ""
    raised: Raised | None = None
    exits: bool = False  # it called sys.exit
    warned: tuple[Warned, ...] = ()
    complaints: tuple[str, ...] = ()  # forbidden things that it tried
    files: tuple[str, ...] = ()  # left behind
    processes: tuple[str, ...] = ()  # left behind
    figure: dict | None = None  # what was plotted
    svg: str | None = None
    seconds: float = 0.0
    device: str = "cpu"  # or the name of the card that it could use
    cut: bool = False  # whether it ran in a network of its own

    @property
    def used_card(self) -> bool:
        """Whether the program's process could use a GPU."""
        return self.device != "cpu"
