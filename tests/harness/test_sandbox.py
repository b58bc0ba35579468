"""That a block of a page leaves the process as it found it."""

import logging
import os
import runpy
import sys
import warnings

import pytest

from harness.gate.sandbox import sandbox


def run(code: str, seed: int = 1) -> dict:
    """Run a program in the sandbox; its variables."""
    with sandbox(code, seed) as file:
        return runpy.run_path(str(file), run_name="__main__")


def test_it_starts_in_an_empty_folder_and_leaves_none():
    here = os.getcwd()
    made = run(
        "import os\nfolder = os.getcwd()\nseen = os.listdir()\nopen('x', 'w').close()\n"
    )
    assert made["seen"] == []
    assert not os.path.exists(made["folder"])
    assert os.getcwd() == here


def test_environment_and_paths_come_back_even_after_an_error():
    environ, path, arguments = dict(os.environ), list(sys.path), list(sys.argv)
    with pytest.raises(ZeroDivisionError):
        run("import os, sys\nos.environ['X'] = '1'\nsys.path.clear()\n1 / 0\n")
    assert (dict(os.environ), sys.path, sys.argv) == (environ, path, arguments)


def test_a_limit_on_tracebacks_ends_with_its_block():
    run("import sys\nsys.tracebacklimit = 0\n")
    assert not hasattr(sys, "tracebacklimit")


def test_logs_that_a_block_silenced_are_heard_again():
    run("import logging\nlogging.disable(logging.ERROR)\n")
    assert logging.root.manager.disable < logging.ERROR


TORCH = {
    "dtype": "torch.set_default_dtype(torch.float64)",
    "device": "torch.set_default_device('meta')",
    "grad": "torch.set_grad_enabled(False)",
    "threads": "torch.set_num_threads(torch.get_num_threads() + 1)",
    "precision": "torch.set_float32_matmul_precision('high')",
    "newer precision": "torch.backends.cuda.matmul.fp32_precision = 'tf32'",
    "of convolutions": "torch.backends.cudnn.conv.fp32_precision = 'ieee'",
    "anomaly": "torch.autograd.set_detect_anomaly(True)",
    "deterministic": "torch.use_deterministic_algorithms(True, warn_only=True)",
    "print": "torch.set_printoptions(precision=1, sci_mode=True)",
}
STATE = """\
import torch
state = [
    str(torch.ones(2)), torch.tensor(1.0).dtype, torch.tensor(1.0).device.type,
    torch.is_grad_enabled(), torch.get_num_threads(), torch.is_anomaly_enabled(),
    torch.get_float32_matmul_precision(), torch.get_deterministic_debug_mode(),
    torch.backends.cuda.matmul.fp32_precision, torch.backends.cudnn.conv.fp32_precision,
]
"""


@pytest.mark.parametrize("change", TORCH.values(), ids=TORCH)
@pytest.mark.filterwarnings("ignore:Anomaly Detection:UserWarning")
def test_settings_of_torch_come_back(change):
    before = run(STATE)["state"]
    run(f"import torch, warnings\nwarnings.simplefilter('ignore')\n{change}\n")
    assert run(STATE)["state"] == before


def test_print_options_of_numpy_come_back():
    run("import torch, numpy\nnumpy.set_printoptions(precision=1)\n")
    assert (
        run("import torch, numpy\ns = str(numpy.array(0.125) + [0])\n")["s"]
        == "[0.125]"
    )


def test_random_numbers_come_from_the_seed():
    code = "import random, torch\nx = random.random(), torch.rand(1).item()\n"
    assert run(code, 1)["x"] == run(code, 1)["x"]
    assert run(code, 1)["x"] != run(code, 2)["x"]


def test_warnings_are_errors_only_inside():
    with pytest.raises(UserWarning):
        run("import warnings\nwarnings.warn('x', stacklevel=1)\n")
    with warnings.catch_warnings(record=True) as seen:
        warnings.simplefilter("always")
        warnings.warn("x", stacklevel=1)
    assert len(seen) == 1


def test_a_warning_that_torch_gives_once_comes_in_every_block():
    code = "import torch\ntorch.ones(2, 2, 2).T\n"
    for _ in range(2):
        with pytest.raises(UserWarning, match="deprecated"):
            run(code)


def test_other_machines_cannot_be_reached_but_this_one_can():
    with pytest.raises(OSError, match="must not reach for the network: 192.0.2.1"):
        run("import socket\nsocket.create_connection(('192.0.2.1', 80), 1)\n")
    with pytest.raises(OSError, match="must not reach for the network: example"):
        run("import socket\nsocket.getaddrinfo('example.org', 80)\n")
    run(
        "import socket\nwith socket.create_server(('127.0.0.1', 0)) as server:\n"
        "    socket.create_connection(server.getsockname()).close()\n"
    )


def test_figures_are_closed():
    pyplot = pytest.importorskip("matplotlib.pyplot")
    run("import matplotlib.pyplot as plt\nplt.subplots()\n")
    assert pyplot.get_fignums() == []
