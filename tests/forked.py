"""Programs in processes of their own, forked from one that has imported torch.

A new interpreter needs seconds to import torch, a fork needs none. The process that
forks does nothing else, so it has no threads and nobody's settings. All test processes
share it.
"""

import atexit
import functools
import json
import os
import socket
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.fork_server import TORCHRUN

ROOT = Path(__file__).parents[1]
LIMIT = 200  # seconds
# Before torch is imported: test processes share the cores, so each has one thread; and
# pages show what a CPU prints.
ENVIRONMENT = {f"{who}_NUM_THREADS": "1" for who in ("OMP", "MKL", "OPENBLAS")}
ENVIRONMENT |= {"KERAS_BACKEND": "torch", "CUDA_VISIBLE_DEVICES": ""}
# Not torch.distributed.nn: what it finds when it is imported is a claim of its own.
IMPORTED = ("torch", TORCHRUN, "torch.distributed.tensor")
WITH_DDP = ("torch.distributed.nn", "torch._dynamo")  # which it and Keras import, too


def run(
    program: Path | str,
    *arguments: str,
    limit: float = LIMIT,
    modules: tuple[str, ...] = (),
    **env: str,
) -> subprocess.CompletedProcess:
    """Run a file, or the text of a program, as a new interpreter would.

    What imports `modules` anyway takes a second less where the process has them.
    """
    return _run([_program(program, *arguments, **env)], limit, modules)


def launch(
    program: Path, *options: str, limit: float = LIMIT, **env: str
) -> subprocess.CompletedProcess:
    """Run torchrun with these options; what it would start, it forks."""
    return run(Path(TORCHRUN), *options, str(program), limit=limit, **env)


def torchrun(program: Path, count: int = 2, **env: str) -> subprocess.CompletedProcess:
    """Start a program in several processes, as a page says."""
    return launch(program, "--standalone", "--nproc-per-node", str(count), **env)


def ranks(
    program: Path, count: int = 2, modules: tuple[str, ...] = (), **env: str
) -> subprocess.CompletedProcess:
    """Run a program in several processes that find each other as under torchrun."""
    from torch.distributed import TCPStore

    store = TCPStore("127.0.0.1", 0, is_master=True, wait_for_workers=False)
    env |= {
        "MASTER_ADDR": "127.0.0.1",
        "MASTER_PORT": str(store.port),
        "TORCHELASTIC_USE_AGENT_STORE": "True",
        "TORCHELASTIC_RESTART_COUNT": "0",
        "WORLD_SIZE": str(count),
        "LOCAL_WORLD_SIZE": str(count),
    }
    each = ({"RANK": str(rank), "LOCAL_RANK": str(rank)} for rank in range(count))
    return _run([_program(program, **env, **one) for one in each], modules=modules)


def _program(program: Path | str, *arguments: str, **env: str) -> dict:
    named = isinstance(program, Path)
    return {
        "path": str(program) if named else "",
        "text": "" if named else program,
        "arguments": arguments,
        "env": {**os.environ, "GLOO_SOCKET_IFNAME": "lo", **env},
    }


def _run(
    programs: list[dict], limit: float = LIMIT, modules: tuple[str, ...] = ()
) -> subprocess.CompletedProcess:
    """Run programs side by side; their return code is the first that is not zero."""
    server = _connection(modules)
    with tempfile.TemporaryDirectory() as folder:
        files = {name: Path(folder, name) for name in ("stdout", "stderr")}
        job = {name: str(file) for name, file in files.items()}
        job |= {"programs": programs, "limit": limit}
        print(json.dumps(job), file=server, flush=True)
        codes = json.loads(server.readline())
        texts = [file.read_text(encoding="utf-8") for file in files.values()]
    what = programs[0]["path"]
    if None in codes:
        raise subprocess.TimeoutExpired(what, limit, *texts)
    code = next((code for code in codes if code), 0)
    return subprocess.CompletedProcess(what, code, *texts)


@functools.cache
def _connection(modules: tuple[str, ...]):
    """To a process that forks, with these modules."""
    connection = socket.socket(socket.AF_UNIX)
    connection.connect(shared or start())
    lines = connection.makefile("rw", encoding="utf-8")
    atexit.register(connection.close)
    atexit.register(lines.close)
    print(json.dumps(modules), file=lines, flush=True)
    return lines


shared = os.environ.get("FORKS", "")  # the address that another process has started


@functools.cache
def start() -> str:
    """Start the process that forks, which imports torch when it is first asked."""
    folder = tempfile.TemporaryDirectory()
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(address := f"{folder.name}/forks")
    listener.listen()
    number = listener.fileno()
    server = subprocess.Popen(
        [sys.executable, "-m", "tests.fork_server", str(number), *IMPORTED],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        pass_fds=[number],
    )
    listener.close()
    atexit.register(folder.cleanup)
    atexit.register(server.communicate)  # closes its stdin, which ends it
    return address
