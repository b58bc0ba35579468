"""Forks programs from processes that have imported torch, for `forked.py`.

Whoever connects first names more modules, in a line. A process that has those, too,
forks itself for the connection; that fork reads a job a line, and answers with the exit
codes of its programs.
"""

import gc
import importlib
import json
import os
import random
import runpy
import select
import signal
import socket
import sys
import time

from harness.run.launcher import Worker, exit_code
from harness.run.preload import collapse

TORCHRUN = "torch.distributed.run"


def listen(listener: socket.socket, modules: list[str]) -> None:
    """Take connections until stdin, where nobody writes, is closed."""
    apart = {}
    while True:
        ready, *_ = select.select([0, listener], [], [])
        if 0 in ready:
            return
        _import(modules)  # the first time
        connection, _ = listener.accept()
        more = tuple(json.loads(_line(connection)))
        if more and more not in apart:
            apart[more], theirs = socket.socketpair()
            if os.fork() == 0:
                _close(listener, connection, *apart.values())
                _pass_on(theirs, more)
            theirs.close()
        if more:
            socket.send_fds(apart[more], [b"1"], [connection.fileno()])
        elif os.fork() == 0:
            _close(listener, *apart.values())
            _serve(connection)
        connection.close()


def _pass_on(asked: socket.socket, modules: tuple[str, ...]) -> None:
    """Serve with more modules each connection that comes; never returns."""
    _import(modules)
    while True:
        _, found, *_ = socket.recv_fds(asked, 1, 1)
        if not found:
            os._exit(0)
        connection = socket.socket(fileno=found[0])
        if os.fork() == 0:
            asked.close()
            _serve(connection)
        connection.close()


def _import(modules) -> None:
    if all(module in sys.modules for module in modules):
        return
    for module in modules:
        importlib.import_module(module)
    gc.collect()
    gc.freeze()  # a collection in a fork need not look at all of torch
    collapse()


def _line(connection: socket.socket) -> bytes:
    """Up to the end of a line, and no further."""
    line = b""
    while not line.endswith(b"\n"):
        line += connection.recv(1)
    return line


def _close(*sockets: socket.socket) -> None:
    for one in sockets:
        one.close()


def _serve(connection: socket.socket) -> None:
    """Run the jobs of one connection to its end; never returns."""
    with connection.makefile("rw", encoding="utf-8") as lines:
        for line in lines:
            job = json.loads(line)
            files = job["stdout"], job["stderr"]
            pids = [_fork(program, files) for program in job["programs"]]
            print(json.dumps(_wait(pids, job["limit"])), file=lines, flush=True)
    os._exit(0)


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
        from torch.distributed import run
        from torch.distributed.elastic.multiprocessing import subprocess_handler

        sys.stdout.reconfigure(write_through=True)  # as python -u
        handler = subprocess_handler.SubprocessHandler
        handler._popen = lambda _, args, env: Worker(args, env)
        run.main()
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
    listen(socket.socket(fileno=int(sys.argv[1])), sys.argv[2:])
