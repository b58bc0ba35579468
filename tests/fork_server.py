"""Forks programs from a process that has imported torch, for `forked.py`.

Reads a job a line from stdin, and answers with the exit codes of its programs. A job
that asks for more modules gets them from a fork of this process, which keeps them.
"""

import gc
import importlib
import json
import os
import random
import runpy
import signal
import sys
import time

from harness.run.launcher import exit_code

TORCHRUN = "torch.distributed.run"


def serve(modules: list[str], lines, answers) -> None:
    for module in modules:
        importlib.import_module(module)
    gc.freeze()  # a collection in a fork need not look at all of torch
    forks = {}
    for line in lines:
        job = json.loads(line)
        if more := tuple(job.pop("modules", ())):
            forks[more] = forks.get(more) or _serve_apart(more)
            print(json.dumps(job), file=forks[more][0], flush=True)
            said = forks[more][1].readline()
            assert said, "it has ended: see above"
            print(said, end="", file=answers, flush=True)
            continue
        files = job["stdout"], job["stderr"]
        pids = [_fork(program, files) for program in job["programs"]]
        print(json.dumps(_wait(pids, job["limit"])), file=answers, flush=True)


def _serve_apart(modules: tuple[str, ...]):
    """A fork that serves with more modules: the ends to ask and to be answered by."""
    (theirs, ask), (answered, answer) = os.pipe(), os.pipe()
    if os.fork() == 0:
        os.close(ask)
        serve(list(modules), os.fdopen(theirs), os.fdopen(answer, "w"))
        os._exit(0)
    os.close(theirs)
    os.close(answer)
    return os.fdopen(ask, "w"), os.fdopen(answered)


def _fork(program: dict, files: tuple[str, str]) -> int:
    pid = os.fork()
    if pid:
        return pid
    code = 1
    try:
        _enter(program, files)
        code = exit_code(lambda: _execute(program))
        sys.stdout.flush()
        sys.stderr.flush()
    finally:
        os._exit(code)


def _enter(program: dict, files: tuple[str, str]) -> None:
    """Make this process look like a new interpreter that has imported torch."""
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    for fd, file in enumerate(files, start=1):
        os.dup2(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_APPEND), fd)
    os.environ.clear()
    os.environ.update(program["env"])
    sys.argv = [program["path"] or "-c", *program["arguments"]]
    sys.modules["torch"].distributed.set_debug_level_from_env()
    sys.modules["numpy"].random.seed()
    random.seed()


def _execute(program: dict) -> None:
    if program["path"] == TORCHRUN:
        runpy.run_module(TORCHRUN, run_name="__main__", alter_sys=True)
    elif program["path"]:
        runpy.run_path(program["path"], run_name="__main__")
    else:
        code = compile(program["text"], "<string>", "exec")
        exec(code, {"__name__": "__main__", "__builtins__": __builtins__})


def _wait(pids: list[int], limit: float) -> list[int | None]:
    """The exit codes, None for what had to be ended at the limit."""
    codes = _collect(pids, limit)
    running = [pid for pid in pids if pid not in codes]
    for ask in (signal.SIGTERM, signal.SIGKILL):  # at the first, torchrun ends its own
        for pid in running:
            os.kill(pid, ask)
        ended = _collect(running, 5)
        running = [pid for pid in running if pid not in ended]
    return [codes.get(pid) for pid in pids]


def _collect(pids: list[int], limit: float) -> dict[int, int]:
    codes, deadline = {}, time.monotonic() + limit
    while len(codes) < len(pids) and time.monotonic() < deadline:
        for pid in [pid for pid in pids if pid not in codes]:
            done, status = os.waitpid(pid, os.WNOHANG)
            if done:
                codes[pid] = os.waitstatus_to_exitcode(status)
        time.sleep(0.005)
    return codes


if __name__ == "__main__":
    serve(sys.argv[1:], sys.stdin, sys.stdout)
