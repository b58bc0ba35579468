"""A torch that says it has a GPU, and computes on the CPU.

`install` makes an environment of it for commands that run for themselves. A file
beside that torch names the cards, a line each; a card has next to no memory.
"""

import gc
import math
import os
import sys
from itertools import count
from pathlib import Path

MEMORY = 64 * 1024  # bytes
CARDS = "cards.txt"


class Event:
    """A mark in a card's queue; from one to the next is a second."""

    now = count()

    def __init__(self, enable_timing):
        assert enable_timing

    def record(self):
        self.at = next(self.now)

    def synchronize(self):
        pass

    def elapsed_time(self, end):
        return (end.at - self.at) * 1000.0  # milliseconds


class Alone:
    """A stream, or the recording of one: there is no other work."""

    def __init__(self, *_):
        pass

    def __enter__(self):
        return self

    def __exit__(self, *_):
        pass

    def wait_stream(self, other):
        pass

    def replay(self):
        pass

    def is_capturing(self):
        return False


def measures(torch) -> list[tuple]:
    """What measuring asks of torch beside its name: owner, name and answer."""
    nothing = ("synchronize", "empty_cache", "reset_peak_memory_stats")
    return [
        *((torch.accelerator, name, lambda: None) for name in nothing),
        (torch.accelerator, "current_stream", Alone),
        (torch.accelerator, "max_memory_allocated", lambda: 4096),
        (torch, "Event", Event),
    ]


def graphs(torch) -> list[tuple]:
    """What recording a graph asks of torch."""
    names = ("Stream", "current_stream", "stream", "CUDAGraph", "graph")
    return [(torch.cuda, name, Alone) for name in names]


def plug(torch) -> None:
    """Give a torch that is being imported the cards that the file names."""
    file = Path(torch.__file__).with_name(CARDS)

    def cards() -> list[str]:
        if os.environ.get("CUDA_VISIBLE_DEVICES") == "":
            return []
        return file.read_text().splitlines()

    def chosen(check_available=False):
        return torch.device("cuda") if cards() else None

    answers = [
        (torch.cuda, "is_available", lambda: bool(cards())),
        (torch.cuda, "device_count", lambda: len(cards())),
        (torch.cuda, "get_device_name", lambda number=0: cards()[number]),
        (torch.accelerator, "current_accelerator", chosen),
        (torch.accelerator, "is_available", lambda: bool(cards())),
    ]
    for owner, name, answer in answers + measures(torch) + graphs(torch):
        setattr(owner, name, answer)
    _mode(torch).__enter__()
    gc.freeze()  # measuring collects before each case, and torch is large


def _mode(torch):
    """Whatever is asked of a card is done by the CPU, if it is small."""
    makes = {torch.empty, torch.ones, torch.rand, torch.randn, torch.zeros}

    class OnTheCpu(torch.overrides.TorchFunctionMode):
        def __torch_function__(self, func, types, args=(), kwargs=None):
            if func in makes:
                sizes = args[0] if isinstance(args[0], tuple) else args
                if (size := 4 * math.prod(sizes)) > MEMORY:
                    raise torch.OutOfMemoryError(
                        "CUDA out of memory. Tried to allocate "
                        f"{size / 2**30:.2f} GiB. GPU 0 has a total of 64 KiB."
                    )
            if func is torch.device:
                return func(*args, **kwargs or {})
            kwargs = {name: here(value) for name, value in (kwargs or {}).items()}
            return func(*map(here, args), **kwargs)

    def here(value):
        text = str(value) if isinstance(value, (str, torch.device)) else ""
        return "cpu" if text.split(":")[0] == "cuda" else value

    return OnTheCpu()


def install(python: Path, site: Path, cards: list[str]) -> Path:
    """An environment with that torch at `python`; the file that names its cards.

    All else is what this process has. Its torch is the real one, file by file, but
    for the version and what its cards answer.
    """
    import torch

    real = Path(torch.__file__).parent
    python.parent.mkdir(parents=True, exist_ok=True)
    python.symlink_to(Path(sys.executable).resolve())
    home = Path(sys.executable).resolve().parent
    (python.parents[1] / "pyvenv.cfg").write_text(f"home = {home}\n")
    fake = site / "torch"
    fake.mkdir(parents=True)
    (site / "real.pth").write_text(f"{real.parent}\n")
    for one in real.iterdir():
        if one.name not in ("__init__.py", "version.py", "__pycache__"):
            (fake / one.name).symlink_to(one)
    (fake / "__pycache__").mkdir()
    for one in (real / "__pycache__").iterdir():
        if not one.name.startswith(("__init__.", "version.")):
            (fake / "__pycache__" / one.name).symlink_to(one)
    own = Path(__file__)
    (site / own.name).write_text(own.read_text(encoding="utf-8"))
    begin = (real / "__init__.py").read_text(encoding="utf-8")
    end = f"\nimport {own.stem}\n{own.stem}.plug(sys.modules[__name__])\n"
    (fake / "__init__.py").write_text(begin + end, encoding="utf-8")
    version = (real / "version.py").read_text(encoding="utf-8")
    release = torch.__version__.partition("+")[0]
    version = version.replace(torch.__version__, f"{release}+cu130")
    version = version.replace("cuda: Optional[str] = None", 'cuda = "13.0"')
    (fake / "version.py").write_text(version, encoding="utf-8")
    file = fake / CARDS
    file.write_text("".join(f"{name}\n" for name in cards))
    return file
