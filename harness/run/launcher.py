"""torchrun in a process that has imported torch; so have its workers, which it forks.

It is PyTorch's own launcher, with its store, agent and rules. Only where it would
start an interpreter for a worker, it forks: that spares a program three imports of
torch. What is recorded comes from interpreters, as a reader starts them.
"""

import atexit
import os
import runpy
import subprocess
import sys
import time

from harness.run import child, guards
from harness.run.job import Job


class Worker:
    """A fork of this process, with what torchrun's agent asks of a `Popen`."""

    def __init__(self, args: tuple[str, ...], env: dict[str, str]):
        self.args, self.returncode = args, None
        begun, begins = os.pipe()
        self.pid = os.fork()
        if self.pid == 0:
            _work(args[2:], env, begins)  # without the interpreter and its -u
        os.close(begins)
        os.read(begun, 1)  # its session is there, which the agent may have to end
        os.close(begun)

    def poll(self) -> int | None:
        if self.returncode is None:
            done, status = os.waitpid(self.pid, os.WNOHANG)
            if done:
                self.returncode = os.waitstatus_to_exitcode(status)
        return self.returncode

    def wait(self, timeout: float) -> int:
        """The exit code. Raises TimeoutExpired."""
        deadline = time.monotonic() + timeout
        while self.poll() is None:
            if time.monotonic() > deadline:
                raise subprocess.TimeoutExpired(self.args, timeout)
            time.sleep(0.005)
        return self.returncode


def run(job: Job) -> None:
    """Run the program of a job by torchrun in this process, which ends with it."""
    from torch.distributed import run as torchrun
    from torch.distributed.elastic.multiprocessing import subprocess_handler as handlers

    note = child.notes(job)
    child.enter(job)
    places = child.confine(job, os.environ)
    guards.watch(lambda what: note("complaint", what), places)
    os.environ["GLOO_SOCKET_IFNAME"] = "lo"
    sys.stdout.reconfigure(write_through=True)  # as python -u
    handlers.SubprocessHandler._popen = lambda _, args, env: Worker(args, env)
    code = exit_code(lambda: torchrun.main([*job.command[1:], job.path]))
    sys.stdout.flush()
    os._exit(code)


def _work(arguments: tuple[str, ...], env: dict[str, str], begins: int) -> None:
    """Run a program as a worker, in a session of its own; never returns."""
    code = 1
    try:
        os.setsid()
        os.close(begins)
        atexit._clear()
        os.environ.clear()
        os.environ.update(env)
        sys.argv[:] = arguments
        sys.modules["torch"].distributed.set_debug_level_from_env()
        code = exit_code(lambda: runpy.run_path(arguments[0], run_name="__main__"))
        child.finish()
    finally:
        os._exit(code)


def exit_code(work) -> int:
    """What an interpreter that does this work ends with; it prints why."""
    try:
        work()
    except SystemExit as end:
        if isinstance(end.code, int | None):
            return end.code or 0
        print(end.code, file=sys.stderr)
        return 1
    except BaseException:
        sys.excepthook(*sys.exc_info())
        return 1
    return 0
