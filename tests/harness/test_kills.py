"""Fifty kills, at random moments of recording and of serving, leave nothing behind."""

import os
import random
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from harness.core import records
from harness.core.snippet import Snippet, digest
from harness.core.tree import HERE, Tree
from tests.conftest import Draft

pytestmark = [
    pytest.mark.weekly,
    pytest.mark.skipif(sys.platform != "linux", reason="asks /proc what runs"),
]

KILLS = 25
MEMORY = Path("/dev/shm")
# Programs run in memory as ever, in a folder that tells whose it is.
CODE = """
import runpy, sys, tempfile
from pathlib import Path
from harness.run import pool
mark = sys.argv.pop(1)
pool.make_folder = lambda: Path(tempfile.mkdtemp(prefix=mark, dir=pool.MEMORY))
runpy.run_module("harness", run_name="__main__", alter_sys=True)
"""
PROGRAMS = {
    "t/prints": """import time

time.sleep(0.1)
print(2 + 2)
""",
    "t/starts": """import subprocess, sys

subprocess.run([sys.executable, "-c", "import time; time.sleep(0.2)"])
print(4)
""",
    "t/shares": """import time
from multiprocessing.shared_memory import SharedMemory

one = SharedMemory("MARK", create=True, size=4096)
time.sleep(0.2)
one.close()
one.unlink()
print(one.size)
""",
    "t/writes": """import time
from pathlib import Path

Path("one").write_text("1" * 10**6)
time.sleep(0.1)
Path("one").unlink()
print("1" * 70)
""",
}


class Killed:
    """A command of the harness; all that it starts has a word of ours in its PATH."""

    def __init__(self, root: Path):
        self.mark = f"kills-{secrets.token_hex(6)}"
        self.root = root

    def start(self, *asked: str) -> subprocess.Popen:
        env = {k: v for k, v in os.environ.items() if k != "TMPDIR"}
        env["PATH"] += f":/nowhere/{self.mark}"
        command = [sys.executable, "-c", CODE, self.mark, "--root", self.root, *asked]
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        return subprocess.Popen(command, cwd=HERE.root, env=env, **quiet)

    def left(self) -> list[str]:
        """Processes, and files in memory."""
        found = [*map(str, MEMORY.glob(f"*{self.mark}*"))]
        for one in Path("/proc").glob("[0-9]*"):
            try:
                known = self.mark.encode() in (one / "environ").read_bytes()
                found += [(one / "cmdline").read_text()] if known else []
            except OSError:  # it ended, or is another user's
                continue
        return found

    def kill(self, after: float, *asked: str) -> bool:
        """Whether it was still running then; nothing of it is left in a few seconds."""
        one = self.start(*asked)
        try:
            one.wait(after)
        except subprocess.TimeoutExpired:
            one.send_signal(signal.SIGKILL)
        was_running = one.wait() == -signal.SIGKILL
        until = time.monotonic() + 20
        while left := self.left():
            assert time.monotonic() < until, (after, left)
            time.sleep(0.1)
        return was_running


@pytest.fixture
def killed(tmp_path):
    return Killed(tmp_path)


def test_a_recording_may_be_killed_at_any_moment(killed):
    tree, moments, running, kept = Tree(killed.root), random.Random(), 0, 0
    for name, source in PROGRAMS.items():
        one = Snippet(tree, name)
        one.path.parent.mkdir(parents=True, exist_ok=True)
        one.path.write_text(source.replace("MARK", killed.mark))
    ask = "run", "--record", "--jobs", "2"
    began = time.monotonic()
    assert killed.start(*ask).wait() == 0
    whole = time.monotonic() - began
    assert records.load(tree, "cpu").keys() == PROGRAMS.keys()
    for _ in range(KILLS):
        shutil.rmtree(tree.recorded, ignore_errors=True)
        for name in PROGRAMS:
            Snippet(tree, name).out.unlink(missing_ok=True)
        running += killed.kill(moments.uniform(0, 0.9 * whole), *ask)
        found = records.load(tree, "cpu")
        kept += len(found)
        for name, entry in found.items():
            one = Snippet(tree, name)
            assert entry.source == digest(one.source), name
            assert entry.output == digest(one.out.read_bytes()), name
    assert running > KILLS / 2
    print(f"recording: {running} of {KILLS} killed, {kept} entries kept")


def test_serving_may_be_killed_at_any_moment(killed):
    tree, moments, running = Draft(killed.root).tree, random.Random(), 0
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    ask = "serve", "--port", str(port)
    folders = tree.fragments, tree.pages, tree.markdown, tree.programs, tree.search

    def made() -> dict[Path, bytes]:
        files = (one for folder in folders for one in tree.files(folder))
        return {one: one.read_bytes() for one in files}

    began, one = time.monotonic(), killed.start(*ask)
    while not (tree.search / "pages.js").exists():
        assert one.poll() is None
        time.sleep(0.1)
    time.sleep(2)  # in which it makes the site of them
    whole, right = time.monotonic() - began, made()
    one.kill()
    one.wait()
    for _ in range(KILLS):
        for folder in (tree.build, tree.search):
            shutil.rmtree(folder, ignore_errors=True)
        running += killed.kill(moments.uniform(0, 0.9 * whole), *ask)
        with socket.socket() as probe:
            assert probe.connect_ex(("127.0.0.1", port)) != 0
        assert made().items() <= right.items()
    assert running == KILLS
    print(f"serving: {running} of {KILLS} killed")
