"""Takes from programs what Python has on Linux alone, or not on Windows.

Libraries keep what they ask for: they know their system by its name.
"""

import multiprocessing
import os
import signal
import sys
from multiprocessing import context
from pathlib import Path

from harness.run import child, guards

LINUX = ("sched_getaffinity", "sched_setaffinity")
UNIX = ("fork", "forkpty", "getuid", "killpg", "mkfifo", "setsid", "symlink", "uname")
SIGNALS = ("SIGALRM", "SIGKILL", "SIGUSR1")
MODULES = ("fcntl", "grp", "pwd", "resource", "termios")
PROGRAM = ("__main__", "pathlib")  # and what acts for it


def become(system: str) -> None:
    """Have the programs that this process forks run as on "win32" or "darwin"."""
    execute = child._execute

    def run(path: str) -> dict:
        _lack(system)
        return execute(path)

    child._execute = run
    guards.DEVICES.remove(Path("/dev/full"))


def _lack(system: str) -> None:
    default, ways = context._default_context, context._concrete_contexts
    default._default_context, default._actual_context = ways["spawn"], None
    _hide(os, LINUX + (UNIX if system == "win32" else ()))
    if system == "win32":
        _hide(signal, SIGNALS)
        sys.modules.update(dict.fromkeys(MODULES))
        del ways["fork"], ways["forkserver"]
        multiprocessing.get_all_start_methods = lambda: [*ways]


def _hide(module, names: tuple[str, ...]) -> None:
    had = {name: module.__dict__.pop(name) for name in names}

    def look(name: str):
        asks = sys._getframe(1).f_globals["__name__"]
        if name not in had or asks in PROGRAM:
            raise AttributeError(
                f"module {module.__name__!r} has no attribute {name!r}"
            )
        return had[name]

    module.__getattr__ = look
