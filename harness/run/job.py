"""One execution of one program, as a record that processes tell each other.

A job's folder holds `work/` (the program's current directory), `tmp/`, `home/`,
`cache/`, and beside them, where the program may not write, what it printed (`stdout`,
`stderr`) and what its process noted (`notes.jsonl`).
"""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

PLACES = ("work", "tmp", "home")  # where a program may write, and leave nothing
OWN_CACHE = "cache"  # beside them, where it may leave what it likes
CACHES = {  # variable -> folder below the shared cache, so that no program leaves one
    "MPLCONFIGDIR": "matplotlib",
    "TORCHINDUCTOR_CACHE_DIR": "inductor",
    "XDG_CACHE_HOME": "xdg",
    "KERAS_HOME": "keras",
    "TRITON_CACHE_DIR": "triton",
    "CUDA_CACHE_PATH": "cuda",
}
# Those that save time are shared; the first only where nothing is recorded.
COMPILED = ("TORCHINDUCTOR_CACHE_DIR", "TRITON_CACHE_DIR", "CUDA_CACHE_PATH")
# For what is recorded, in the job's own folder: in a shared one two executions at once
# write the same library, and take what torch.compile kept for another program.
COMPILES = {"TORCHINDUCTOR_CACHE_DIR": str(Path(os.pardir, OWN_CACHE, "inductor"))}
HIDDEN = {"CUDA_VISIBLE_DEVICES": ""}  # the GPU, hidden from one process


@dataclass(frozen=True)
class Job:
    """One execution of one program."""

    path: str  # absolute path of the program
    seed: int
    limit: float  # seconds until it is killed
    crowded: float  # times that limit, at most, where others want the cores, too
    memory: int  # bytes, for all of its processes together
    group: str = "torch"  # the preloaded parent that forks it
    fresh: bool = False  # a new interpreter instead of a fork
    preloaded: bool = False  # which imports first what a parent has for its forks
    command: tuple[str, ...] = ()  # launcher and arguments, from `# run:`
    env: dict[str, str] = field(default_factory=dict)  # on top of the parent's
    confined: bool = True  # off where a CUDA context would break
    folder: Path = Path()  # absolute path of its own folder, which the pool makes

    @property
    def work(self) -> Path:
        return self.folder / "work"

    @property
    def places(self) -> dict[str, str]:
        own = self.folder / OWN_CACHE
        return {
            "TMPDIR": str(self.folder / "tmp"),
            "HOME": str(self.folder / "home"),
            "XDG_CACHE_HOME": str(own),
            "KERAS_HOME": str(own / "keras"),
        }

    def writable(self, env: Mapping[str, str]) -> list[Path]:
        """Where its program may write, if that is its environment."""
        caches = [self.work / (env | self.env)[name] for name in COMPILED]
        return [self.folder / place for place in (*PLACES, OWN_CACHE)] + caches
