"""What the page about notebooks claims, held against IPython, ipykernel and Python."""

import atexit
import code
import contextlib
import gc
import importlib
import io
import json
import os
import subprocess
import sys
import weakref
from pathlib import Path

import pytest
import torch

from tests.claims_support import cited, printed, program

ROOT = Path(__file__).parents[3]
PAGE = (ROOT / "docs" / "start" / "notebooks.md").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def shell():
    """The part of a notebook's kernel that runs cells."""
    interactive = pytest.importorskip("IPython.core.interactiveshell")
    hooks = sys.displayhook, sys.excepthook
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("VIRTUAL_ENV", raising=False)  # it warns of one that is not ours
        shell = interactive.InteractiveShell()
    shell.run_cell("import torch, weakref, gc")
    gc.collect()
    gc.freeze()  # a collection in a cell need not look at what is imported
    yield shell
    sys.displayhook, sys.excepthook = hooks
    for name in ("last_type", "last_value", "last_traceback", "last_exc"):
        vars(sys).pop(name, None)


def run(shell, *cells: str) -> str:
    said = io.StringIO()
    with contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
        for cell in cells:
            shell.run_cell(cell, store_history=True)
    return said.getvalue()


# Google Colab


def test_colab_expects_no_other_build_to_work():
    (url,) = [one for one in cited() if one.endswith("/colabtools/issues/1773")]
    assert f"it isn't expected to work]({url})" in PAGE
    day, said = cited()[url]["holds"]
    assert day.startswith("2020") and "software builds isn't expected to work" in said


# %pip and !pip


def test_percent_pip_is_the_pip_of_the_kernels_python(shell):
    asked = []
    real, shell.system = shell.system, asked.append
    try:
        said = run(shell, "%pip install torch torchvision", "!pip install torch")
    finally:
        shell.system = real
    percent, mark = asked
    assert percent.endswith(" -m pip install torch torchvision")
    assert sys.executable in percent
    assert mark == "pip install torch"
    assert "restart the kernel" in said


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no sh")
def test_the_shell_runs_the_first_pip_that_it_finds(tmp_path):
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        file = tmp_path / name / "pip"
        file.write_text(f"#!/bin/sh\necho {name}\n")
        file.chmod(0o755)
    for order in (("one", "two"), ("two", "one")):
        path = os.pathsep.join(str(tmp_path / name) for name in order)
        said = subprocess.run(
            "pip", shell=True, env={"PATH": path}, capture_output=True, text=True
        )
        assert said.stdout.strip() == order[0]


def test_the_commands_of_the_page_make_a_kernel_of_this_python(tmp_path):
    pytest.importorskip("ipykernel")
    assert "$ python -m ipykernel install --user --name my-project" in PAGE
    command = "-m ipykernel install --name my-project --prefix".split()
    done = [sys.executable, *command, str(tmp_path)]
    subprocess.run(done, capture_output=True, check=True)
    (file,) = tmp_path.rglob("kernel.json")
    assert file.parent.name == "my-project"
    assert json.loads(file.read_text("utf-8"))["argv"][0] == sys.executable


# Restart the kernel


def test_an_import_keeps_what_it_has_and_reload_does_not(tmp_path, monkeypatch):
    monkeypatch.syspath_prepend(str(tmp_path))
    file = tmp_path / "toy_for_notebooks.py"
    file.write_text("version = 1\n")
    toy = importlib.import_module(file.stem)
    file.write_text("version = 2.5\n")
    assert importlib.import_module(file.stem).version == 1
    assert importlib.reload(toy).version == 2.5
    del sys.modules[file.stem]


def test_a_package_that_is_new_needs_no_restart(tmp_path, monkeypatch):
    monkeypatch.syspath_prepend(str(tmp_path))
    with pytest.raises(ModuleNotFoundError):
        importlib.import_module("new_for_notebooks")
    (tmp_path / "new_for_notebooks.py").write_text("")
    importlib.invalidate_caches()
    assert importlib.import_module("new_for_notebooks")
    del sys.modules["new_for_notebooks"]


# No module named torch


def what_the_program_says(folder=None, packages=True, **changes) -> list[str]:
    """What the program says where something is different."""
    text = program("start/why_no_torch")
    real = {name: getattr(sys, name) for name in changes}
    path, said = list(sys.path), io.StringIO()
    if not packages:
        sys.path.clear()  # to read what is installed takes a tenth of a second
    if folder:
        sys.path.insert(0, str(folder))
    loaded = sys.modules.pop("torch")  # find_spec asks what is loaded first
    try:
        vars(sys).update(changes)
        with contextlib.redirect_stdout(said):
            exec(compile(text, "why", "exec"), {})
    finally:
        vars(sys).update(real)
        sys.path[:], sys.modules["torch"] = path, loaded
    return said.getvalue().splitlines()


def test_each_line_finds_its_cause(tmp_path):
    right = printed("start/why_no_torch").splitlines()
    assert what_the_program_says() == right
    (tmp_path / "torch.py").write_text("")
    *same, takes = what_the_program_says(tmp_path)
    assert same == right[:-1] and takes.endswith("/torch.py")
    assert "64 bits: False" in what_the_program_says(None, False, maxsize=2**31 - 1)
    for version, fits in (((3, 9, 1), False), ((3, 14, 2), True), ((3, 15), False)):
        said = what_the_program_says(None, False, version_info=version)
        assert said[0] == f"Python fits: {fits}"


def test_a_folder_called_torch_is_no_install(tmp_path):
    (tmp_path / "torch").mkdir()
    said = what_the_program_says(tmp_path, False)[2:]
    assert said == ["installed in this Python: False", "import takes: None"]


def test_without_torch_the_program_says_so():
    text = program("start/why_no_torch")
    bare = [sys.executable, "-I", "-S", "-c", text]
    lines = subprocess.run(bare, capture_output=True, text=True).stdout.splitlines()
    assert lines[2:] == ["installed in this Python: False", "import takes: None"]


# Memory


SHOWN = [
    ("x", "del x", True),
    ("x;", "del x", False),
    ("print(x.shape)", "del x", False),
    ("x.mean().item()", "del x", False),
    ("x[:2]", "del x", True),
    ("x", "%xdel x", False),
    ("x[:2]", "%xdel x", True),
]


@pytest.mark.parametrize(("show", "delete", "kept"), SHOWN)
@pytest.mark.parametrize("learns", [False, True])
def test_a_notebook_keeps_what_it_shows(shell, show, delete, kept, learns):
    make = f"x = torch.ones(3, requires_grad={learns}); seen = weakref.ref(x)"
    run(shell, make, show, delete, "gc.collect();")
    assert (shell.user_ns["seen"]() is not None) == kept


def test_xdel_deletes_another_name_of_the_object_too(shell):
    run(shell, "x = torch.ones(3); y = x; z = [x]", "%xdel x")
    assert not {"x", "y"} & set(shell.user_ns)
    assert len(shell.user_ns["z"]) == 1


def test_more_results_do_not_free_it(shell):
    run(shell, "x = torch.ones(3); seen = weakref.ref(x)", "x", "del x")
    run(shell, "1", "2", "3", "4", "gc.collect();")
    assert shell.user_ns["seen"]() is not None
    kept = [one for one in shell.user_ns["Out"].values() if torch.is_tensor(one)]
    assert any(one is shell.user_ns["seen"]() for one in kept)


STEP = """
def step():
    global seen
    batch = torch.ones(3)
    seen = weakref.ref(batch)
    raise RuntimeError("out of memory")
"""


def test_a_cell_that_fails_keeps_the_tensors_until_another_fails(shell):
    alive = lambda: shell.user_ns["seen"]() is not None  # noqa: E731
    run(shell, STEP, "step()", "gc.collect();")
    assert alive()
    run(shell, "1 + 1", "gc.collect();")
    assert alive()
    run(shell, "1 / 0", "import gc; gc.collect()")
    assert not alive()


def test_an_error_that_is_caught_keeps_nothing():
    seen = []

    def step():
        batch = torch.ones(3)
        seen.append(weakref.ref(batch))
        raise RuntimeError

    with contextlib.suppress(RuntimeError):
        step()
    gc.collect()
    assert seen[0]() is None


def test_an_interpreter_sets_the_last_error_as_the_program_does():
    console = code.InteractiveInterpreter({})
    with contextlib.redirect_stderr(io.StringIO()):
        console.runsource("1 / 0")
    assert isinstance(sys.last_value, ZeroDivisionError)
    assert sys.last_value.__traceback__ or sys.last_traceback


def test_the_loss_in_the_bar_is_gradient_descent_by_hand():
    w = 0.0
    for _ in range(3):
        loss, w = (w - 1) ** 2, w - 0.25 * 2 * (w - 1)
    last = printed("start/progress_bar").strip()
    assert last.endswith(f"3 of 3, loss={loss:.3f}")
    assert last.count("#") == 20  # the bar is full


def test_without_widgets_the_bar_of_a_notebook_is_refused():
    said = printed("start/progress_bar_without_widgets")
    assert "IProgress not found. Please update jupyter and ipywidgets" in said


@pytest.mark.parametrize("code", ["kill", "crash"])
def test_a_process_that_ends_leaves_a_dead_kernel_and_no_error(code):
    nbclient = pytest.importorskip("nbclient")
    nbformat = pytest.importorskip("nbformat")
    said = program("start/how_a_kernel_dies")
    line = {
        "kill": "import os; os.kill(os.getpid(), 9)",
        "crash": "import ctypes\nctypes.string_at(0)",
    }[code]
    assert line.encode("unicode_escape").decode() in said
    cell = nbformat.v4.new_code_cell(line)
    book = nbformat.v4.new_notebook(cells=[cell])
    client = nbclient.NotebookClient(book, kernel_name="python3", timeout=60)
    with pytest.raises(nbclient.exceptions.DeadKernelError, match="Kernel died"):
        client.execute()
    atexit.unregister(client._cleanup_kernel)  # there is none left
    assert [one for one in cell.outputs if one.output_type == "error"] == []
    killed, _, crash, fault = printed("start/how_a_kernel_dies").splitlines()
    ended, more = {"kill": (killed, ""), "crash": (crash, fault)}[code]
    assert ended.endswith({"kill": "SIGKILL", "crash": "SIGSEGV"}[code])
    assert "line 2 in <module>" in more if code == "crash" else not more


def test_a_notebook_saves_what_its_cells_print(tmp_path):
    nbclient = pytest.importorskip("nbclient")
    nbformat = pytest.importorskip("nbformat")
    lines = "for batch in range(300):\n    print('batch', batch)"
    book = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(lines)])
    nbclient.NotebookClient(book, kernel_name="python3", timeout=60).execute()
    nbformat.write(book, tmp_path / "book.ipynb")
    kept = nbformat.read(tmp_path / "book.ipynb", as_version=4).cells[0].outputs
    said = "".join(one.text for one in kept).splitlines()
    assert said == [f"batch {batch}" for batch in range(300)]
