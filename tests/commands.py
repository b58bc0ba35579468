"""`python -m MODULE` in forks of one process that has imported what takes long.

Each has its own arguments, folder, environment and output, as a new interpreter has.
"""

import gc
import multiprocessing
import os
import runpy
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

from tests import parents

ROOT = Path(__file__).parents[1]
FORKS = multiprocessing.get_context("forkserver")
IMPORTED = [
    "harness.gate.gate",
    "harness.notebooks.make",
    "harness.run.lane",
    "harness.serve.preview",
    "harness.serve.serve",
    "pytest",
]
# Pytest rewrites the assertions of its plugins, and warns of those imported before.
PLUGINS = ("platformdirs", "pytest_codeblocks", "xdist", "pytest_timeout")
FORKS.set_forkserver_preload(IMPORTED)


class Command:
    """A command that runs, and what it says; used like a `subprocess.Popen`."""

    def __init__(self, module: str, *arguments, cwd: Path = ROOT, env=None, servers=()):
        self._said = tempfile.NamedTemporaryFile()
        self._process = FORKS.Process(
            target=_become,
            args=(
                module,
                [*map(str, arguments)],
                str(cwd),
                dict(os.environ if env is None else env),
                self._said.name,
                servers,
            ),
        )
        self._process.start()
        self.pid = self._process.pid

    @property
    def said(self) -> str:
        """All that it and its processes have printed."""
        return Path(self._said.name).read_text(encoding="utf-8")

    @property
    def returncode(self) -> int | None:
        return self._process.exitcode

    def send_signal(self, number: int) -> None:
        os.kill(self.pid, number)

    def kill(self) -> None:
        """With all that it started in its session."""
        if self.returncode is None:
            os.killpg(self.pid, signal.SIGKILL)
        self._process.join()

    def wait(self, timeout: float | None = None) -> int:
        self._process.join(timeout)
        if self.returncode is None:
            raise subprocess.TimeoutExpired(str(self._process), timeout)
        return self.returncode

    def finish(self, timeout: float | None = None) -> str:
        """Wait for its end; what it said."""
        self.wait(timeout)
        return self.said


def run(module: str, *arguments, code: int | None = None, **how) -> str:
    """What a command says; `code` is how it must end."""
    one = Command(module, *arguments, **how)
    said = one.finish()
    assert code is None or one.returncode == code, said
    return said


def _become(module, arguments, cwd, env, said, servers) -> None:
    """In the fork: what `python -m` does."""
    gc.freeze()  # a collection here need not look at what was imported before
    os.setsid()
    output = os.open(said, os.O_WRONLY | os.O_APPEND)
    os.dup2(output, 1)
    os.dup2(output, 2)
    os.close(output)
    os.chdir(cwd)
    os.environ.clear()
    os.environ.update(env)
    given = [path for path in env.get("PYTHONPATH", "").split(os.pathsep) if path]
    sys.path[:] = [cwd, *given, *(path for path in sys.path if _is_installed(path))]
    for name in [name for name in sys.modules if name.split(".")[0] in PLUGINS]:
        del sys.modules[name]
    sys.argv = [module, *arguments]
    if servers:
        parents.adopt(servers)
    runpy.run_module(module, run_name="__main__", alter_sys=True)


def _is_installed(path: str) -> bool:
    return bool(path) and not ROOT.is_relative_to(path) and Path(path) != ROOT
