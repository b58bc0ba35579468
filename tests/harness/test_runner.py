"""What the runner refuses, what it isolates, and that nothing outlives it."""

import errno
import os
import subprocess
import sys
import time
from dataclasses import replace
from functools import partial
from multiprocessing import Pipe
from pathlib import Path

import pytest

from harness import __main__
from harness.__main__ import main
from harness.core import records
from harness.core.directives import Directives
from harness.core.tree import HERE, Tree
from harness.run import gpu, guards, processes, supervisor, trial
from harness.run.lane import run
from harness.run.options import Options

pytestmark = pytest.mark.usefixtures("shared_parents")
QUICK = Options(patience=2, crowded=1, memory=2**30, jobs=2)
FRESH = Options(fresh=True)  # without a process that imports torch first
MARK = f"proven-test-sleeper-{os.getpid()}"  # in each process that must end

# name: (source, recorded output, what the problem says, its line)
REFUSED = {
    "raises_undeclared": ("x = 1\nx.foo\n", "", "raises AttributeError", 2),
    "raises_nothing": (
        "# raises: ValueError\nprint(1)\n",
        "1\n",
        "does not raise ValueError",
        1,
    ),
    "raises_a_subclass": (
        "# raises: LookupError\n{}['a']\n",
        "",
        "instead of LookupError",
        2,
    ),
    "warns_undeclared": (
        "import warnings\nwarnings.warn('old', stacklevel=1)\nprint(1)\n",
        "1\n",
        "warns UserWarning: old",
        2,
    ),
    "warns_nothing": (
        "# warns: UserWarning\nprint(1)\n",
        "1\n",
        "does not warn UserWarning",
        1,
    ),
    "prints_otherwise": ("print(2 + 2)\n", "5\n", "prints something else", 0),
    "prints_nothing": ("x = 1\n", "", "prints nothing", 0),
    "not_recorded": ("print(1)\n", None, "has no recorded output", 0),
    "prints_where_it_is": ("print(__file__)\n", "a file\n", "prints /", 0),
    "hangs": (
        "# takes: 0.5 s\nprint(1, flush=True)\nwhile True: pass\n",
        "1\n",
        "hangs",
        3,
    ),
    "says_late_where_it_hangs": (
        "# takes: 0.5 s\nimport signal, time\nprint(1, flush=True)\n"
        "mask, usr1 = signal.pthread_sigmask, {signal.SIGUSR1}\n"
        "mask(signal.SIG_BLOCK, usr1); time.sleep(2); mask(signal.SIG_UNBLOCK, usr1)\n",
        "1\n",
        "hangs",
        5,
    ),
    "calls_exit": ("import sys\nprint(1)\nsys.exit()\n", "1\n", "calls sys.exit", 3),
    "leaves_by_os_exit": (
        "import os\nprint(1, flush=True)\nos._exit(0)\n",
        "1\n",
        "ended with exit 0",
        0,
    ),
    "crashes": (
        "import os, signal\nprint(1, flush=True)\nos.kill(os.getpid(), 11)\n",
        "1\n",
        "ended with signal 11",
        3,
    ),
    "connects": (
        "import socket\ntry:\n    with socket.socket() as s:\n"
        "        s.connect(('192.0.2.1', 80))\nexcept OSError:\n    print(1)\n",
        "1\n",
        "reaches for the network: 192.0.2.1:80",
        0,
    ),
    "looks_up_an_address": (
        "import socket\ntry:\n    socket.gethostbyaddr('192.0.2.1')\n"
        "except OSError:\n    print(1)\n",
        "1\n",
        "looks up '192.0.2.1'",
        0,
    ),
    "prints_a_carriage_return": ("print('1%\\r2%')\n", "1%\n2%\n", "prints '\\r'", 0),
    "looks_up": (
        "import urllib.request\ntry:\n    urllib.request.urlopen('http://a.invalid')\n"
        "except OSError:\n    print(1)\n",
        "1\n",
        "looks up 'a.invalid'",
        0,
    ),
    "leaves_a_file": (
        "open('left.txt', 'w').close()\nprint(1)\n",
        "1\n",
        "leaves files: work/left",
        0,
    ),
    "leaves_a_file_at_home": (
        "import pathlib\npathlib.Path('~/.left').expanduser().touch()\nprint(1)\n",
        "1\n",
        "leaves files: home/.left",
        0,
    ),
    "leaves_a_folder": (
        "import tempfile\ntempfile.mkdtemp(prefix='left')\nprint(1)\n",
        "1\n",
        "leaves files: tmp/left",
        0,
    ),
    "moves_a_file_away": (
        "import os\nopen('a', 'w').close()\ntry:\n"
        "    os.rename('a', f'{__file__}.left')\n"
        "except PermissionError:\n    os.remove('a')\n    print(1)\n",
        "1\n",
        "writes outside its folder",
        0,
    ),
    "writes_beside_itself": (
        "import pathlib\ntry:\n"
        "    pathlib.Path(__file__).with_suffix('.txt').write_text('')\n"
        "except PermissionError:\n    print(1)\n",
        "1\n",
        "writes outside its folder",
        0,
    ),
    "leaves_a_process": (
        "import os, sys\n"
        f"code = 'import time; time.sleep(60) # {MARK}'\n"
        "os.posix_spawn(sys.executable, ['python', '-c', code], {}, setsid=True)\n"
        "print(1)\n",
        "1\n",
        "leaves processes",
        0,
    ),
    "eats_memory_at_once": (
        "x = bytearray(2**40)\nprint(1)\n",
        "1\n",
        "raises MemoryError",
        1,
    ),
    "eats_memory_in_children": (
        "# takes: 10 s\nimport subprocess, sys\n"
        "code = 'import time; x = b\"1\" * 5 * 2**27; time.sleep(60)'\n"
        "both = [subprocess.Popen([sys.executable, '-c', code]) for _ in range(2)]\n"
        "print([one.wait() for one in both])\n",
        "1\n",
        "eats memory",
        5,
    ),
    "complains_on_stderr": (
        "import sys\nprint(1)\nprint('oh', file=sys.stderr)\n",
        "1\n",
        "writes to standard error",
        0,
    ),
    "needs_cuda_and_does_not_say_so": (
        "import torch\nprint(torch.ones(1, device='cuda'))\n",
        "tensor([1.])\n",
        "raises AssertionError: Torch not compiled with CUDA",
        2,
    ),
    "needs_another_snippet": (
        "import prints_nothing\nprint(1)\n",
        "1\n",
        "raises ModuleNotFoundError",
        1,
    ),
    "needs_the_harness": (
        "import harness.core.tree\nprint(1)\n",
        "1\n",
        "raises ModuleNotFoundError",
        1,
    ),
    "depends_on_an_unset_seed": (
        "import torch\nprint(torch.rand(1))\n",
        "tensor([0.1])\n",
        "prints something else",
        0,
    ),
    "has_a_misspelt_directive": (
        "# raise: ValueError\nprint(1)\n",
        "1\n",
        "is not a directive",
        1,
    ),
    "does_not_draw": (
        "# figure: one line that rises from left to right\nprint(1)\n",
        "1\n",
        "draws no does_not_draw.svg",
        0,
    ),
    "draws_in_secret": (
        "import matplotlib.pyplot as plt\nfig, ax = plt.subplots()\n"
        "fig.savefig('draws_in_secret.svg')\nprint(1)\n",
        "1\n",
        "without saying so",
        0,
    ),
}

# name: (source, output)
HOLDS = {
    "raises": ("# raises: KeyError\nprint(1)\n{}['a']\n", "1\nKeyError: 'a'\n"),
    "warns": (
        "# warns: UserWarning\nimport warnings\nfor _ in range(2):\n"
        "    warnings.warn('old', stacklevel=1)\nprint(1)\n",
        "1\nUserWarning: old\n",
    ),
    "changes_the_default_dtype": (
        "import os, torch\ntorch.set_default_dtype(torch.float64)\n"
        "os.environ['LEAK'] = '1'\nprint(torch.ones(1).dtype)\n",
        "torch.float64\n",
    ),
    "sees_no_changed_default": (
        "import os, torch\nprint(torch.ones(1).dtype, 'LEAK' in os.environ)\n",
        "torch.float32 False\n",
    ),
    "starts_in_an_empty_folder": (
        "import os, sys\nprint(os.listdir(), len(sys.argv), __name__)\n",
        "[] 1 __main__\n",
    ),
    "is_a_real_file": (
        "import inspect, pickle\n\n\nclass Point:\n    pass\n\n\n"
        "p = pickle.loads(pickle.dumps(Point()))\n"
        "print(type(p) is Point, inspect.getsource(Point).split()[0])\n",
        "True class\n",
    ),
    "has_data_loader_workers": (
        "import torch\nloader = torch.utils.data.DataLoader(range(4), num_workers=2)\n"
        "print([int(x) for x in loader])\n",
        "[0, 1, 2, 3]\n",
    ),
    "spawns": (
        "import multiprocessing\n\n\ndef double(x):\n    return 2 * x\n\n\n"
        "if __name__ == '__main__':\n"
        "    with multiprocessing.get_context('spawn').Pool(1) as pool:\n"
        "        print(pool.map(double, [1, 2]))\n",
        "[2, 4]\n",
    ),
    "computes_on_one_thread": (
        "import os, torch\nx = torch.ones(300, 300, requires_grad=True)\n"
        "(x @ x).sum().backward()\n"
        "print(os.environ['OMP_NUM_THREADS'], torch.get_num_threads())\n",
        "1 1\n",
    ),
    "removes_its_own_link": (
        "import os\nos.symlink('/etc', 'link')\nos.remove('link')\nprint(1)\n",
        "1\n",
    ),
    "talks_to_itself": (
        "import socket\nwith socket.create_server(('127.0.0.1', 0)) as s:\n"
        "    with socket.create_connection(s.getsockname()):\n"
        "        print('connected')\n",
        "connected\n",
    ),
    "flushes_at_its_end": (
        "import atexit, threading\natexit.register(print, 'exit')\n"
        "threading.Timer(0.1, print, ['thread']).start()\nprint('body')\n",
        "body\nthread\nexit\n",
    ),
    "runs_its_finalizers": (
        "import io, weakref\nx = io.StringIO()\n"
        "weakref.finalize(x, print, 'finalized')\nprint('body')\n",
        "body\nfinalized\n",
    ),
    # The parent has one: from `preload` for Keras, here from tests/conftest.py.
    "finds_no_backend_chosen": (
        "# needs: keras\nimport os\nprint(os.environ.get('KERAS_BACKEND'))\n",
        "None\n",
    ),
    # As the one that forks workers, whose end takes long on a busy machine.
    "leaves_a_helper_of_python_that_ends": (
        "import os, sys\ncode = 'import time; time.sleep(1.5)'\n"
        "code += ' # from multiprocessing.forkserver import main'\n"
        "os.posix_spawn(sys.executable, ['python', '-c', code], {}, setsid=True)\n"
        "print(1)\n",
        "1\n",
    ),
    "misspells_an_attribute": (
        "# raises: AttributeError\nimport math\nmath.sqr\n",
        "AttributeError: module 'math' has no attribute 'sqr'. Did you mean: 'sqrt'?\n",
    ),
    "misspells_a_name": (
        "# raises: NameError\nlength = 1\nlenght\n",
        "NameError: name 'lenght' is not defined. Did you mean: 'length'?\n",
    ),
    "asks_for_an_attribute_like_no_other": (
        "# raises: AttributeError\nimport math\nmath.zzzzz\n",
        "AttributeError: module 'math' has no attribute 'zzzzz'\n",
    ),
    "raises_in_bold_and_with_tabs": (
        "# raises: ValueError\nraise ValueError('a\\n\\t\\x1b[1mb\\x1b[0m')\n",
        "ValueError: a\n    b\n",
    ),
    "declares_what_would_be_noise": (
        "# warns: DeprecationWarning\nimport warnings\nwarnings.warn_explicit('"
        "`torch.jit.script` is deprecated. So', DeprecationWarning, 'torch.py', 1)\n",
        "DeprecationWarning: `torch.jit.script` is deprecated. So\n",
    ),
    "hears_what_is_noise_from_python_3_14_on": (
        "import warnings\nwarnings.warn_explicit('`torch.jit.script` is not supported "
        "in Python 3.14+ and', DeprecationWarning, 'torch.py', 1)\nprint(1)\n",
        "1\n",
    ),
}


def write(tree: Tree, name: str, source: str, out: str | None) -> None:
    file = tree.snippets / f"{name}.py"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(source)
    if out is not None:
        file.with_suffix(".out").write_text(out)


def sleepers() -> list[str]:
    return [row for row in _table() if MARK in row]


def _table() -> list[str]:
    """Every command line, whole: ps cuts them to $COLUMNS unless told -ww."""
    rows = subprocess.run(["ps", "-Awwo", "args"], capture_output=True, text=True)
    return rows.stdout.split("\n")


DICE = (
    "import random, numpy, torch\n"
    "print(random.random(), numpy.random.rand(), torch.rand(1).item())\n"
)
NATIVE = "import torch\ntorch.save(1, f'{__file__}.pt')\nprint(1)\n"
OTHERS = {"dice": DICE, "more_dice": DICE, "saves": NATIVE}


@pytest.fixture(scope="module")
def outcomes(tmp_path_factory):
    """One run over every small program above, by name."""
    tree = Tree(tmp_path_factory.mktemp("tree"))
    for name, (source, out, *_) in {**REFUSED, **HOLDS}.items():
        write(tree, f"t/{name}", source, out)
    for name, source in OTHERS.items():
        write(tree, f"t/{name}", source, "")
    variants, group_of = trial.variants, trial.group_of

    def without_keras(source, needs):
        """To import it takes longer than all programs; none of them does."""
        return group_of(source, needs - {"keras"})

    def with_another_seed(snippet, options):
        more = {}
        if snippet.name == "t/dice":
            more["other"] = variants(snippet, replace(options, seed=1))["run"]
        return variants(snippet, options) | more

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(trial, "variants", with_another_seed)
        patched.setattr(trial, "group_of", without_keras)
        done = run(tree, QUICK)
    return {o.snippet.name.removeprefix("t/"): o for o in done}


@pytest.mark.parametrize("name", REFUSED)
def test_it_is_refused(outcomes, name):
    _, _, what, line = REFUSED[name]
    problems = outcomes[name].problems
    assert len(problems) == 1, problems
    assert what in problems[0].what
    assert (problems[0].path, problems[0].line) == (f"snippets/t/{name}.py", line)
    assert problems[0].fix


@pytest.mark.parametrize("name", HOLDS)
def test_it_holds(outcomes, name):
    assert outcomes[name].problems == []


def test_what_a_snippet_started_is_dead_afterwards(outcomes):
    assert sleepers() == []


def test_network_is_cut_for_native_code_where_permitted(outcomes):
    pid = os.fork()
    if pid == 0:
        os._exit(not guards.cut_network())
    permitted = os.waitpid(pid, 0)[1] == 0
    assert outcomes["raises"].results["run"].cut == permitted


def test_native_code_writes_nowhere_else_where_the_kernel_offers_that(
    outcomes, tmp_path
):
    pid = os.fork()
    if pid == 0:
        os._exit(not guards.allow_writes([tmp_path]))
    if os.waitpid(pid, 0)[1]:
        pytest.skip("this kernel has no Landlock")
    (problem,) = outcomes["saves"].problems
    assert problem.line == 2 and "Permission denied" in problem.what
    assert "TemporaryDirectory" in problem.fix
    assert not list(outcomes["saves"].snippet.path.parent.glob("*.pt"))


@pytest.mark.parametrize("jobs", ["0", "-1", "many"])
def test_a_run_without_processes_would_never_end(jobs, capsys):
    with pytest.raises(SystemExit):
        main(["run", "--jobs", jobs])
    assert "from 1 up" in capsys.readouterr().err


@pytest.mark.parametrize("number", [errno.EROFS, errno.EACCES, errno.ENOSPC])
def test_a_folder_that_takes_no_files_is_named(number, monkeypatch, capsys):
    def refuse(*_):
        raise OSError(number, os.strerror(number), "/there/build/census.json")

    monkeypatch.setattr(__main__, "_holds", refuse)
    assert main(["pages"]) == 2
    said = capsys.readouterr().err
    assert said.startswith("/there/build/census.json cannot be written: ")
    assert "copy the project" in said or "make room" in said
    monkeypatch.setattr(__main__, "_holds", lambda *_: open("/gone/there"))
    with pytest.raises(FileNotFoundError):  # a fault of ours
        main(["pages"])


def test_a_namespace_that_is_half_permitted_is_none(monkeypatch):
    """Ubuntu lets a process in and then refuses to map its user."""

    def refuse():
        raise PermissionError

    monkeypatch.setattr(guards, "_cut", refuse)
    assert guards.cut_network() is False


def test_a_failure_says_how_to_rerun_it_and_what_changed(tmp_path, capsys):
    tree = Tree(tmp_path)
    write(tree, "t/sum", "print(2 + 2)\n", "5\n")
    run(tree, replace(FRESH, seed=77))
    said = capsys.readouterr().out
    assert "-5\n" in said and "+4\n" in said
    assert "python -m harness run snippets/t/sum.py --seed 77" in said
    assert "make record ONLY=t/sum" in said


def test_seeds_reach_every_generator_and_repeat(outcomes):
    first, again, other = (
        outcomes[name].results[which].stdout.split()
        for name, which in (("dice", "run"), ("more_dice", "run"), ("dice", "other"))
    )
    assert first == again and len(first) == 3
    assert all(a != b for a, b in zip(first, other, strict=True))


def test_a_fresh_interpreter_judges_the_same(tmp_path):
    tree = Tree(tmp_path)
    for name in ("raises", "warns", "is_a_real_file", "starts_in_an_empty_folder"):
        write(tree, f"t/{name}", *HOLDS[name])
    write(tree, "t/hidden", "import sys\nprint('torch' in sys.modules)\n", "False\n")
    assert [o.problems for o in run(tree, FRESH)] == [[]] * 5


def test_without_fork_the_portable_way_runs_and_kills(tmp_path):
    tree = Tree(tmp_path)
    write(tree, "t/raises", *HOLDS["raises"])
    sleep = f"# takes: 0.1 s\nimport time\ntime.sleep(60)  # {MARK}\n"
    write(tree, "t/hangs", sleep, "")
    assert run(tree, Options(fork=False, paths=["t/raises"]))[0].problems == []
    stuck = run(tree, Options(fork=False, paths=["t/hangs"], startup=4, crowded=1))
    assert "hangs" in stuck[0].problems[0].what
    assert sleepers() == []


@pytest.mark.parametrize("crowded, ended", [(1, "limit"), (8, "exit 0")])
def test_a_program_has_more_time_where_others_come_to_want_the_cores(
    tmp_path, monkeypatch, crowded, ended
):
    """The load counts at its limit: it rises after others have begun."""
    loads = iter([1.0])
    monkeypatch.setattr(
        os, "getloadavg", lambda: (next(loads, 1e3), 0.0, 0.0), raising=False
    )
    job = trial.job(tmp_path / "slow.py", "", Directives(), Options(crowded=crowded))
    job = replace(job, folder=tmp_path, limit=0.5)
    with subprocess.Popen([sys.executable, "-c", "import time; time.sleep(1)"]) as slow:
        assert supervisor._watch(slow.pid, slow.poll, job) == ended


def test_torchrun_starts_workers_by_its_rules_and_none_is_left(tmp_path):
    tree = Tree(tmp_path)
    ranks = "# run: torchrun --nproc-per-node 2\n# takes: {} s\n"
    ranks += "import os\nimport sys\nimport time\n"
    programs = {
        "t/reduce": (
            "import torch\ntorch.distributed.init_process_group('gloo')\n"
            "x = torch.ones(1)\ntorch.distributed.all_reduce(x)\n"
            "if torch.distributed.get_rank() == 0:\n    print(x)\n"
            "torch.distributed.destroy_process_group()\n"
        ),
        "t/seen": (
            "print(__name__, len(sys.argv), os.environ['WORLD_SIZE'], "
            "'harness' in sys.modules, os.getsid(0) == os.getpid())\n"
        ),
        "t/fails": "if os.environ['RANK'] == '1':\n    raise ValueError('ill')\n",
        "t/exits": "sys.exit(3)\n",
        "t/stuck": f"print(1, flush=True)\ntime.sleep(60)  # {MARK}\n",
    }
    printed = {"t/reduce": "tensor([2.])\n", "t/seen": "__main__ 1 2 False True\n" * 2}
    for name, source in programs.items():
        source = ranks.format(0.5 if name == "t/stuck" else 10) + source
        write(tree, name, source, printed.get(name, "1\n"))
    outcomes = run(tree, Options())
    assert not [row for row in _table() if str(tree.root) in row]
    found = {one.snippet.name: one.problems for one in outcomes}
    assert found["t/reduce"] == found["t/seen"] == []
    for name, words in {
        "t/fails": ["fails.py:7: raises ValueError: ill", "    fix it"],
        "t/exits": ["ended with exit 1", "exitcode  : 3"],
        "t/stuck": ["hangs"],
    }.items():
        text = "\n".join(map(str, found[name]))
        assert not [word for word in words if word not in text], text


def command(tree: Tree, *more: str) -> list[str]:
    return [sys.executable, "-m", "harness", "--root", str(tree.root), "run", *more]


def test_a_path_with_letters_holds_where_the_locale_has_none(tmp_path):
    """As on a machine of Latin-1, or without a locale; the report is in UTF-8, too."""
    tree = Tree(tmp_path / "Weg ü")
    write(tree, "t/sum", "print(2 + 2, '…')\n", "4 …\n")
    write(tree, "t/other", "print(2 + 2, '…')\n", "5\n")
    plain = {"LC_ALL": "C", "PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0"}
    asked = subprocess.run(
        command(tree), env=os.environ | plain, cwd=HERE.root, capture_output=True
    )
    said = asked.stdout.decode()
    assert "1 snippet as recorded, 1 failed" in said and "4 …" in said, said


@pytest.mark.parametrize("how", ["SIGINT", "SIGTERM", "SIGKILL"])
def test_stopping_leaves_no_process_and_no_half_file(tmp_path, how):
    import signal

    tree = Tree(tmp_path)
    write(tree, "t/a_sum", "print(2 + 2)\n", "4\n")
    started = tmp_path / "started"
    sleep = (
        "# takes: 60 s\nimport subprocess, sys\n"
        f"code = 'import time; time.sleep(60) # {MARK}'\n"
        "subprocess.run([sys.executable, '-c', code])\n"
    )
    write(tree, "t/b_sleep", sleep, "1\n")
    process = subprocess.Popen(
        command(tree, "--record", "--jobs", "2"),
        cwd=HERE.root,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
        env=os.environ | {"TMPDIR": str(tmp_path)},
    )
    deadline = time.monotonic() + 60
    while not sleepers() and time.monotonic() < deadline:
        time.sleep(0.05)
    assert sleepers(), "the snippet never started"
    started.touch()
    process.send_signal(getattr(signal, how))
    process.communicate(timeout=30)
    assert process.returncode == {"SIGINT": 130, "SIGTERM": 143, "SIGKILL": -9}[how]
    while (sleepers() or _under(tmp_path)) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not sleepers() and not _under(tmp_path)
    assert not [f for f in tmp_path.rglob(".*.out.*")]


def test_a_run_that_is_gone_before_its_parents_start_leaves_no_folder(tmp_path):
    (tmp_path / "made" / "own").mkdir(parents=True)
    ours, theirs = Pipe()
    ours.close()
    asked = ["cpu", tmp_path / "made", f"none,{theirs.fileno()},own"]
    done = subprocess.run(
        [sys.executable, "-P", "-m", "harness.run.parent", *asked],
        pass_fds=[theirs.fileno()],
        env=os.environ | {"PYTHONPATH": str(HERE.root)},
    )
    assert done.returncode == 1 and not list(tmp_path.iterdir())


def _under(folder: Path) -> list[str]:
    """Its processes, and the folder where programs ran."""
    running = [row for row in _table() if f"--root {folder}" in row]
    return running + list(map(str, folder.glob("snippets-*")))


def test_the_gpu_lane_without_a_gpu_is_a_failure(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(
        gpu, "ask", lambda: {"torch": "2.13.0", "built": "", "names": []}
    )
    write(Tree(tmp_path), "t/sum", "print(2 + 2)\n", "4\n")
    with pytest.raises(SystemExit) as left:
        sys.exit(main(["--root", str(tmp_path), "run", "--lane", "gpu"]))
    assert left.value.code == 2
    assert "needs a GPU" in capsys.readouterr().err


def test_results_come_as_json_too(tmp_path):
    import json

    tree = Tree(tmp_path)
    write(tree, "t/sum", "print(2 + 2)\n", "4\n")
    run(tree, replace(FRESH, json=tmp_path / "out.json"))
    row = json.loads((tmp_path / "out.json").read_text())["snippets"]["t/sum"]
    assert row["problems"] == [] and row["results"]["run"]["stdout"] == "4\n"


def test_an_interrupted_write_leaves_the_old_file(tmp_path, monkeypatch):
    file = tmp_path / "a.out"
    file.write_text("old")

    def fail(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "replace", fail)
    with pytest.raises(KeyboardInterrupt):
        records.write(file, "new")
    assert file.read_text() == "old" and list(tmp_path.iterdir()) == [file]


def test_orphans_are_found_and_killed():
    code = f"import time; time.sleep(60) # {MARK}"
    shell = f"setsid {sys.executable} -c '{code}' & wait"
    pid = os.fork()
    if pid == 0:
        processes.adopt_orphans()
        subprocess.Popen(["sh", "-c", shell])
        while not sleepers():
            time.sleep(0.02)
        processes.kill_below(os.getpid())
        os._exit(len(processes.descendants(os.getpid())))
    assert os.waitpid(pid, 0)[1] == 0
    assert sleepers() == []


def test_a_terminal_gets_one_line_of_progress(tmp_path):
    import pty

    tree = Tree(tmp_path)
    write(tree, "t/sum", "print(2 + 2)\n", "4\n")
    ours, theirs = pty.openpty()
    subprocess.run(
        command(tree, "--fresh"),
        cwd=HERE.root,
        stdout=subprocess.DEVNULL,
        stderr=theirs,
    )
    os.close(theirs)
    assert b"1/1 t/sum" in os.read(ours, 4096)
    os.close(ours)


def test_running_needs_only_the_standard_library():
    """A GPU box has torch and no more; torch itself is for the children alone."""
    code = (
        "import sys; from harness.__main__ import main; from harness.run import lane;"
        "print([m for m in ('torch', 'numpy', 'yaml', 'markdown', 'pymdownx',"
        "'watchdog', 'matplotlib', 'nbclient') if m in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=HERE.root, capture_output=True, text=True
    )
    assert done.stdout == "[]\n", done.stderr


def test_only_a_cpu_lane_computes_before_it_forks(monkeypatch):
    """On a CUDA build a preloaded backward() breaks CUDA in every child."""
    from harness.run import preload

    trained = []
    monkeypatch.setattr(preload, "_train_once", lambda: trained.append(1))
    monkeypatch.setattr(preload.gc, "freeze", lambda: None)
    monkeypatch.setattr(preload.importlib, "import_module", lambda name: None)
    preload.preload("torch", train=False)
    assert trained == []
    preload.preload("torch", train=True)
    assert trained == [1]


def test_a_parent_for_keras_computes_with_torch(monkeypatch):
    from harness.run import preload

    imported = []
    monkeypatch.delenv("KERAS_BACKEND")
    monkeypatch.setattr(preload.gc, "freeze", lambda: None)
    monkeypatch.setattr(preload, "collapse", lambda: None)
    chosen = partial(os.environ.get, "KERAS_BACKEND")
    monkeypatch.setattr(
        preload.importlib,
        "import_module",
        lambda name: imported.append((name, chosen())),
    )
    preload.preload.__wrapped__("keras", train=True)
    assert imported == [("keras", "torch")]
