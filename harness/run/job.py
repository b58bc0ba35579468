"""What the parts of the runner tell each other, as JSON files in a job's folder.

A job's folder holds `work/` (the snippet's current directory), `tmp/`, `home/`,
what it printed (`stdout`, `stderr`), and `job.json`, `child.json`, `notes.jsonl`,
`result.json` as they come about.
"""

import json
from dataclasses import asdict, dataclass, field
from pathlib import Path

from harness.judge.result import Raised, Result, Warned


@dataclass(frozen=True)
class Job:
    """One execution of one snippet."""

    name: str
    path: str  # absolute path of the program
    folder: str  # absolute path of the job's own folder
    seed: int
    limit: float  # seconds until it is killed
    memory: int  # bytes, for all of its processes together
    group: str = "torch"  # the preloaded parent that forks it
    fresh: bool = False  # a new interpreter instead of a fork
    command: tuple[str, ...] = ()  # launcher and arguments, from `# run:`
    env: dict[str, str] = field(default_factory=dict)  # on top of the parent's
    limit_address_space: bool = True  # off where a CUDA context would break

    @property
    def work(self) -> Path:
        return Path(self.folder) / "work"

    def save(self) -> Path:
        file = Path(self.folder) / "job.json"
        file.write_text(json.dumps(asdict(self)), encoding="utf-8")
        return file


def load_job(file: Path) -> Job:
    data = json.loads(file.read_text(encoding="utf-8"))
    return Job(**data | {"command": tuple(data["command"])})


def load_result(folder: Path) -> Result:
    """The result of a job; one that says "harness" where none was written."""
    try:
        data = json.loads((folder / "result.json").read_text(encoding="utf-8"))
    except FileNotFoundError:
        return Result(ended="harness")
    if data["raised"]:
        data["raised"] = Raised(**data["raised"])
    data["warned"] = tuple(Warned(**w) for w in data["warned"])
    for key in ("complaints", "files", "processes"):
        data[key] = tuple(data[key])
    return Result(**data)
