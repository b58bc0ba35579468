"""What a program tries that it must not: each of these did harm once."""

import os
import sys
from dataclasses import replace

import pytest

from harness.core.tree import Tree
from harness.notebooks import execute
from harness.run import pool, trial
from harness.run.lane import run
from harness.run.options import Options

pytestmark = [
    pytest.mark.skipif(sys.platform != "linux", reason="the kernel guards"),
    pytest.mark.usefixtures("shared_parents"),
]

OTHER = "(p := pathlib.Path(__file__)).with_name('other.out').write_text('5')\n"
LAUNCHED = "# run: torchrun\n# takes: 10 s\nimport pathlib\n" + OTHER + "print(1)\n"
TRY = "import os, pathlib\ntry:\n    {}\nexcept OSError:\n    print(1)\n"
NATIVE = (
    "import ctypes, os\nlibc = ctypes.CDLL(None, use_errno=True)\n"
    "done = libc.{}\nprint(done, os.strerror(ctypes.get_errno()))\n"
)
MASK, APPEND = os.O_WRONLY | os.O_CREAT, os.O_WRONLY | os.O_APPEND

# name: (source, output, what the problem says; "" where there is none)
TRIES = {
    "other": ("print(4)\n", "4\n", ""),
    "launched": (LAUNCHED, "1\n", "writes outside its folder"),
    "ranks": (
        "# run: torchrun --nproc-per-node 2\n# takes: 10 s\n"
        + TRY.format(OTHER.strip()),
        "1\n1\n",
        "writes outside its folder",
    ),
    "neighbour": (
        "import glob\nfor name in glob.glob('../../../*/*/stdout'):\n    try:\n"
        "        open(name, 'a').write('5')\n    except OSError:\n        pass\n"
        "print(1)\n",
        "1\n",
        "writes outside its folder",
    ),
    "own_output": (
        TRY.format("os.remove('../stdout'); os.mkfifo('../stdout')"),
        "1\n",
        "writes outside its folder",
    ),
    "own_output_natively": (
        NATIVE.format("unlink(b'../stdout') or libc.mkfifo(b'../stdout', 0o600)"),
        "0 Success\n",
        "prints nothing",
    ),
    "own_notes_natively": (
        NATIVE.format(f"write(libc.open(b'../notes.jsonl', {APPEND}), b'[1\\n', 3)"),
        "3 Success\n",
        "writes into the notes",
    ),
    "setting": (
        TRY.format("pathlib.Path(os.environ['MPLCONFIGDIR'], 'x').write_text('')"),
        "1\n",
        "writes outside its folder",
    ),
    "own_setting": (
        "import os, pathlib\nhome = pathlib.Path(os.environ['KERAS_HOME'])\n"
        "home.mkdir()\n(home / 'keras.json').write_text('{}')\n"
        "print(len(list(home.iterdir())))\n",
        "1\n",
        "",
    ),
    "others_setting": (
        "import os, pathlib\nprint(pathlib.Path(os.environ['KERAS_HOME']).exists())\n",
        "False\n",
        "",
    ),
    "shares_memory": (
        "from multiprocessing import Array\nprint(*Array('d', 2))\n"
        "open('/dev/shm/left', 'w').close()\n",
        "0.0 0.0\n",
        "leaves files: shm/left",
    ),
    "device": (
        NATIVE.format(f"open(b'/dev/proven-test', {MASK}, 0o600)"),
        "-1 Permission denied\n",
        "",
    ),
    "date": (TRY.format("os.utime(__file__)"), "1\n", "writes outside its folder"),
    "endless": (
        "# takes: 20 s\nwhile True:\n    print('x' * 100_000)\n",
        "1\n",
        "prints more than 1 MiB",
    ),
    "long": ("print('x' * 2**21)\n", "1\n", "prints more than 1 MiB"),
    "secret": (
        "import os\nprint(*sorted({'TOKEN', 'AWS_KEY', 'PATH'} & {*os.environ}))\n",
        "PATH\n",
        "",
    ),
    "kills": (
        "import os\ntry:\n    os.kill(os.getppid(), 9)\nexcept PermissionError:\n"
        "    print(1)\n",
        "1\n",
        "",
    ),
}


@pytest.fixture(scope="module")
def tried(tmp_path_factory):
    tree = Tree(tmp_path_factory.mktemp("tree"))
    (tree.snippets / "t").mkdir(parents=True)
    for name, (source, out, _) in TRIES.items():
        (tree.snippets / f"t/{name}.py").write_text(source)
        (tree.snippets / f"t/{name}.out").write_text(out)
    with pytest.MonkeyPatch.context() as patched:
        for name in ("TOKEN", "AWS_KEY"):
            patched.setenv(name, "secret")
        done = run(tree, Options(jobs=2))
    return {one.snippet.name.removeprefix("t/"): one.problems for one in done}


@pytest.mark.parametrize("name", TRIES)
def test_it_does_no_harm_and_is_told(tried, name):
    words, problems = TRIES[name][2], "\n".join(map(str, tried[name]))
    assert words in problems and bool(words) == bool(problems), problems


def test_what_a_launcher_starts_is_guarded_too(tmp_path):
    (tmp_path / "snippets/t").mkdir(parents=True)
    (tmp_path / "snippets/t/launched.py").write_text(LAUNCHED)
    (one,) = run(Tree(tmp_path), Options(fresh=True))
    assert "Permission denied" in "\n".join(map(str, one.problems))
    assert not (tmp_path / "snippets/t/other.out").exists()


def test_a_supervisor_that_a_program_stopped_is_given_up(tmp_path, monkeypatch):
    """Where the kernel does not guard it: as on a machine with a GPU."""
    job = trial.job
    monkeypatch.setattr(trial, "job", lambda *a: replace(job(*a), confined=False))
    monkeypatch.setattr(pool, "STUCK", 0.5)
    (tmp_path / "snippets/t").mkdir(parents=True)
    stops = "# takes: 0.5 s\nimport os, signal\nos.kill(os.getppid(), signal.{})\n"
    for name, number in (("stops", "SIGSTOP"), ("kills", "SIGKILL")):
        (tmp_path / f"snippets/t/{name}.py").write_text(stops.format(number))
    (tmp_path / "snippets/t/sum.py").write_text("print(2 + 2)\n")
    (tmp_path / "snippets/t/sum.out").write_text("4\n")
    kills, stops, other = run(Tree(tmp_path), Options(jobs=1, crowded=1))
    assert "was lost" in kills.problems[0].what
    assert "was lost" in stops.problems[0].what
    assert other.problems == []  # another parent took over


def test_a_notebook_gets_no_secret_either(tmp_path, monkeypatch):
    monkeypatch.setenv("AWS_KEY", "secret")
    env = execute._environment(tmp_path)
    assert "AWS_KEY" not in env and {"PATH", "HOME"} <= env.keys()
