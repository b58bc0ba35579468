"""What the page of import errors claims beyond what its programs print."""

import difflib
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import torch

from tests import forked

ROOT = Path(__file__).parents[3]


# Import


def test_windows_is_asked_by_a_name_that_powershell_leaves_alone():
    """There, a bare `where` is `Where-Object`, and prints nothing."""
    page = (ROOT / "docs" / "errors" / "imports.md").read_text(encoding="utf-8")
    assert "`where.exe python`" in page and "`where python`" not in page


def test_the_closest_name_is_the_one_that_was_meant():
    close = difflib.get_close_matches("acelerator", dir(torch))
    assert "accelerator" in close


def test_python_has_what_torch_six_had():
    assert torch.inf == float("inf")
    assert isinstance("text", str)


def test_python_says_in_two_ways_that_the_program_is_called_torch(tmp_path):
    """Python 3.13+ names the file, and older ones an import in a circle."""
    program = tmp_path / "torch.py"
    program.write_text("import torch\ntorch.ones(2)\n", encoding="utf-8")
    command = [sys.executable, "-S", "-E", str(program)]
    done = subprocess.run(command, capture_output=True, text=True)
    last = done.stderr.splitlines()[-1]
    if sys.version_info >= (3, 13):
        assert "module 'torch' has no attribute 'ones' (consider renaming" in last
    else:
        assert "partially initialized module 'torch' has no attribute" in last


def test_another_file_called_torch_is_imported_too(tmp_path):
    text = "import torch\ntorch.ones(2)\n"
    tmp_path.joinpath("torch.py").write_text(text, encoding="utf-8")
    program = tmp_path / "main.py"
    program.write_text("import torch\n", encoding="utf-8")
    command = [sys.executable, "-S", "-E", str(program)]
    done = subprocess.run(command, capture_output=True, text=True)
    last = done.stderr.splitlines()[-1]
    assert "module 'torch' has no attribute 'ones' (" in last


@pytest.mark.parametrize("name", ["rfft", "Linear"])
def test_names_that_are_gone_or_in_a_part_are_not_in_torch(name):
    with pytest.raises(AttributeError, match=f"has no attribute '{name}'"):
        getattr(torch, name)
    assert torch.nn.Linear


# Packages that torch needs at times


def test_torch_runs_without_numpy_and_only_arrays_are_refused():
    without = "import sys; sys.modules['numpy'] = None"
    x = "import torch; x = torch.ones(2) + 1; print(x.tolist()); x.numpy()"
    command = [sys.executable, "-c", "\n".join((without, x))]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.stdout == "[2.0, 2.0]\n"
    assert "UserWarning: Failed to initialize NumPy" in done.stderr
    assert done.stderr.splitlines()[-1] == "RuntimeError: Numpy is not available"


def test_the_pages_own_format_needs_no_onnxscript():
    program = (ROOT / "snippets" / "start" / "exported_equals_eager.py").read_text()
    hidden = "import sys; sys.modules['onnxscript'] = None\n"
    done = forked.run(hidden + program, modules=forked.WITH_DDP)
    assert done.returncode == 0, done.stderr
    recorded = ROOT / "snippets" / "start" / "exported_equals_eager.out"
    assert done.stdout == recorded.read_text(encoding="utf-8")


def test_the_older_exporter_to_onnx_needs_no_onnxscript():
    program = """
import io, sys, warnings
warnings.simplefilter("ignore")
sys.modules["onnxscript"] = None
import torch
model, x = torch.nn.Linear(2, 1), (torch.ones(1, 2),)
file = io.BytesIO()
torch.onnx.export(model, x, file, dynamo=False)
print(len(file.getvalue()) > 0)
"""
    done = forked.run(program, modules=forked.WITH_DDP)
    assert done.stdout.splitlines()[-1] == "True", done.stderr


def test_on_the_cpu_compile_writes_cpp():
    assert torch._inductor.config.cpu_backend == "cpp"


def test_the_eager_backend_needs_no_compiler(monkeypatch):
    cxx = (None, "g++-that-is-not-there")
    monkeypatch.setattr("torch._inductor.config.cpp.cxx", cxx)
    torch.compiler.reset()
    x = torch.tensor([0.0, 1.0])
    ours = torch.compile(torch.sin, backend="eager")(x)
    np.testing.assert_allclose(ours, np.sin([0.0, 1.0]), rtol=1e-6)
    torch.compiler.reset()
