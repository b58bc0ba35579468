"""The claims of docs/gpu/inference-on-a-cpu.md; no test asserts a time."""

import io
import os
import re
import subprocess
import sys
import warnings

import pytest
import torch
from torch import nn
from torch.utils._python_dispatch import TorchDispatchMode

from tests import forked
from tests.claims_support import names_of, output, printed

FEWER = "gpu/weights_in_fewer_bits"


def file_size(model):
    file = io.BytesIO()
    torch.save(model.state_dict(), file)
    return len(file.getvalue())


# Batches


@pytest.mark.parametrize("size", [1, 7, 64, 200])
def test_parts_of_any_size_give_the_same_answers(size):
    torch.manual_seed(1)
    layers = (nn.Linear(8, 16), nn.BatchNorm1d(16), nn.Dropout(), nn.Linear(16, 3))
    model, x = nn.Sequential(*layers), torch.randn(100, 8)
    model(x)  # moves the statistics
    model.eval()
    with torch.inference_mode():
        parts = torch.cat([model(part) for part in x.split(size)])
        torch.testing.assert_close(parts, model(x), rtol=1e-4, atol=1e-5)
    assert parts.is_inference() and parts.grad_fn is None


def test_an_encoder_calls_fewer_operations_in_eval_mode():
    class Count(TorchDispatchMode):
        calls = 0

        def __torch_dispatch__(self, op, types, args=(), kwargs=None):
            self.calls += 1
            return op(*args, **(kwargs or {}))

    layer = nn.TransformerEncoderLayer(8, 2, 16, dropout=0.0, batch_first=True)
    for training in (True, False):
        with torch.no_grad(), Count() as count:
            layer.train(training)(torch.ones(1, 3, 8))
        if training:
            many = count.calls
    assert count.calls < many / 2


def test_inference_mode_keeps_less_books_than_no_grad():
    with torch.no_grad():
        assert torch.ones(2)._version == 0
    with torch.inference_mode():
        inside = torch.ones(2)
    with pytest.raises(RuntimeError, match="do not track version counter"):
        inside._version  # noqa: B018


def test_the_program_counts_calls_of_the_model():
    rows = printed("gpu/predict_in_batches").splitlines()
    assert rows[0].endswith("1000 calls") and rows[1].endswith(" 4 calls")
    assert [len(torch.ones(1000).split(size)) for size in (256, 512)] == [4, 2]


# Threads


def in_python(code, **env):
    # MKL_NUM_THREADS, where it is set, would come before OMP_NUM_THREADS.
    env = {k: v for k, v in os.environ.items() if k != "MKL_NUM_THREADS"} | env
    done = subprocess.run(
        [sys.executable, "-c", code], env=env, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.split("\n")


def test_the_variable_sets_the_threads_and_the_call_overrides_it():
    code = (
        "import torch\n"
        "print(torch.get_num_threads())\n"
        "torch.set_num_threads(2)\n"
        "print(torch.get_num_threads())\n"
        "x = torch.ones(300, 300, requires_grad=True)\n"
        "(x @ x).sum().backward()\n"
        "torch.set_num_interop_threads(2)\n"  # still open
        "try:\n"
        "    torch.set_num_interop_threads(1)\n"
        "except RuntimeError as error:\n"
        "    print(error)\n"
    )
    first, second, error, *_ = in_python(code, OMP_NUM_THREADS="1")
    assert (first, second) == ("1", "2")
    assert "cannot set number of interop threads after" in error


def test_interop_threads_are_fixed_once_operations_run_beside_each_other(tmp_path):
    file = tmp_path / "program.py"  # TorchScript reads the source
    file.write_text(
        "import torch\n"
        "@torch.jit.script\n"
        "def side(x: torch.Tensor):\n"
        "    return torch.jit.wait(torch.jit.fork(torch.relu, x))\n"
        "side(torch.ones(3))\n"
        "try:\n"
        "    torch.set_num_interop_threads(2)\n"
        "except RuntimeError as error:\n"
        "    print(error)\n"
    )
    said = forked.run(file).stdout
    assert "cannot set number of interop threads after" in said


class Threads(torch.utils.data.Dataset):
    def __len__(self):
        return 1

    def __getitem__(self, index):
        return torch.get_num_threads()


def test_a_worker_of_a_loader_has_one_thread():
    loader = torch.utils.data.DataLoader(Threads(), num_workers=1)
    assert next(iter(loader)).tolist() == [1]


# Fewer bits


def test_bfloat16_halves_the_weights_and_needs_inputs_of_its_dtype():
    torch.manual_seed(2)
    model, x = nn.Linear(512, 64), torch.randn(3, 512)
    before = sum(p.nbytes for p in model.parameters())
    exact = model(x)
    model.bfloat16()
    assert 2 * sum(p.nbytes for p in model.parameters()) == before
    with pytest.raises(RuntimeError, match="dtype"):
        model(x)
    torch.testing.assert_close(model(x.bfloat16()).float(), exact, atol=0.05, rtol=0.05)


def test_whole_numbers_stay_whole_in_a_model_of_bfloat16():
    model = nn.Sequential(nn.Embedding(5, 3), nn.Linear(3, 3)).bfloat16()
    ids = torch.tensor([1, 2])
    assert model(ids).dtype == torch.bfloat16
    with pytest.raises(RuntimeError, match="indices"):
        model(ids.bfloat16())


@pytest.fixture(scope="module")
def quantize():
    def quantize(model, kinds, dtype=torch.qint8):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return torch.ao.quantization.quantize_dynamic(model, kinds, dtype=dtype)

    return quantize


def test_linear_and_recurrent_layers_shrink_and_others_stay(quantize):
    layers = nn.ModuleList([nn.Linear(256, 256), nn.LSTM(256, 64), nn.Conv2d(8, 8, 3)])
    small = quantize(layers, {nn.Linear, nn.LSTM, nn.Conv2d})
    assert isinstance(small[2], nn.Conv2d)
    for new, old in zip(small[:2], layers[:2], strict=True):
        assert type(new) is not type(old) and "ynamic" in type(new).__module__
        assert 2.5 * file_size(new) < file_size(old)
    assert list(small[0].parameters()) == []  # nothing to train
    assert small[0].bias().dtype == torch.float32
    weight = small[0].weight()
    assert weight.dtype == torch.qint8 and weight.int_repr().dtype == torch.int8


def test_gru_shrinks_by_default_and_a_plain_rnn_stays(quantize):
    small = quantize(nn.ModuleList([nn.GRU(8, 8), nn.RNN(8, 8)]), None)
    assert "ynamic" in type(small[0]).__module__ and type(small[1]) is nn.RNN


@pytest.mark.parametrize("seed", [1, 2])
def test_a_quantized_answer_depends_on_the_rows_beside_it(quantize, seed):
    torch.manual_seed(seed)
    model, x = nn.Sequential(nn.Linear(64, 10)), torch.randn(50, 64)
    small = quantize(model, {nn.Linear})
    alone = torch.cat([small(row) for row in x.split(1)])
    assert 1e-4 < (small(x) - alone).abs().max() < 0.1
    torch.testing.assert_close(model(x), torch.cat([model(r) for r in x.split(1)]))
    beside_a_huge_row = small(torch.cat([x, 100 * torch.randn(1, 64)]))[:-1]
    gap, answers = beside_a_huge_row - model(x), model(x)
    assert gap.abs().mean() > 0.5 * answers.abs().mean()


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_answers_are_close_and_not_equal(quantize, seed):
    torch.manual_seed(seed)
    layers = (nn.Linear(128, 128), nn.ReLU(), nn.Linear(128, 10))
    model, x = nn.Sequential(*layers).eval(), torch.randn(50, 128)
    gap = (quantize(model, {nn.Linear})(x) - model(x)).abs().max()
    assert 1e-4 < gap < 0.06


def test_the_warning_names_a_version_that_has_passed():
    said = printed("gpu/quantized_dynamically").splitlines()[0]
    assert said.endswith("deprecated and will be removed in 2.10.")
    assert tuple(map(int, torch.__version__.split(".")[:2])) >= (2, 13)


# What quantization loses


def test_fewer_bits_lose_more_and_eight_lose_nothing():
    shares = [int(n) for n in re.findall(r"about (\d+)", printed(FEWER))]
    assert (
        shares == sorted(shares, reverse=True) and shares[1] == shares[0] > shares[-1]
    )


@pytest.mark.parametrize(("bits", "most"), [(8, 255), (4, 15), (2, 3)])
def test_so_many_bits_allow_so_many_weights(bits, most):
    names = names_of(
        FEWER, {"(32, 8, 4, 3, 2)": f"({bits},)", "range(100)": "range(2)"}
    )
    for layer in names["small"][::2]:
        assert len(layer.weight.unique()) <= most
        assert layer.weight.dtype == layer.bias.dtype == torch.float32


def test_one_large_weight_makes_the_steps_of_all_rows_coarse():
    lines = printed("gpu/one_large_weight").splitlines()
    errors = [float(line.split()[-1]) for line in lines]
    assert errors[2] > 10 * errors[0] and errors[3] == errors[1]
    again = output("gpu/one_large_weight", {"seed(0)": "seed(5)", "100.0": "40.0"})
    errors = [float(line.split()[-1]) for line in again.splitlines()]
    assert errors[2] > 5 * errors[0] and errors[3] == errors[1]
