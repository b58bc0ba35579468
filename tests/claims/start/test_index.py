"""The claims of the home page, against answers that PyTorch did not give."""

import posixpath
import re

import numpy as np
import pytest
import torch
from torch import nn

from harness.core.tree import HERE
from harness.site.fragments import Programs
from harness.site.tables import path
from tests.claims_support import drawn, names_of, printed

PAGE = (HERE.docs / "index.md").read_text(encoding="utf-8")


def any_device() -> torch.device:
    found = torch.accelerator.current_accelerator(check_available=True)
    return found or torch.device("cpu")


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_matmul_of_small_integers_equals_numpy_exactly(dtype):
    rng = np.random.default_rng(0)
    a = rng.integers(-9, 10, (5, 7)).astype(dtype)
    b = rng.integers(-9, 10, (7, 3)).astype(dtype)
    product = torch.from_numpy(a) @ torch.from_numpy(b)
    by_hand = [
        [sum(int(row[k]) * int(column[k]) for k in range(7)) for column in b.T]
        for row in a
    ]
    assert product.numpy().dtype == dtype
    assert np.array_equal(product.numpy(), a @ b)
    assert product.tolist() == by_hand


def test_the_matrices_of_the_page_multiply_as_by_hand():
    a = torch.tensor([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]])
    b = torch.tensor([[2.0, 0.0], [1.0, -1.0], [0.0, 4.0]])
    assert (a @ b).tolist() == [[4, 10], [13, 19]]


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_other_numbers_differ_by_no_more_than_rounding(dtype):
    rng = np.random.default_rng(1)
    a, b = rng.standard_normal((2, 200, 200)).astype(dtype)
    product = (torch.from_numpy(a) @ torch.from_numpy(b)).numpy()
    allowed = 2 * 200 * np.finfo(dtype).eps * (np.abs(a) @ np.abs(b))
    assert (np.abs(product - a @ b) <= allowed).all()


def test_the_network_of_the_figure_is_almost_sure_of_the_three():
    said = float(re.search(r"probability (\S+)", printed("start/reads_a_digit"))[1])
    assert said > 0.99


@pytest.mark.parametrize(("weight", "bias"), [(2.0, 1.0), (-3.0, 0.5)])
def test_training_finds_the_rule_behind_other_examples_too(weight, bias):
    rule = {"y = 2 * x + 1": f"y = {weight} * x + {bias}"}
    model = names_of("start/learns_from_examples", rule)["model"]
    assert model.weight.item() == pytest.approx(weight, abs=0.005)
    assert model.bias.item() == pytest.approx(bias, abs=0.005)


@pytest.mark.parametrize("at", [-2.0, 0.0, 0.5, 3.0])
def test_the_derivative_of_x_squared_is_twice_x(at):
    x = torch.tensor(at, requires_grad=True, dtype=torch.float64)
    (x**2).backward()
    h = 2.0**-10  # a power of two: the central difference is exact here
    assert x.grad.item() == 2 * at
    assert x.grad.item() == ((at + h) ** 2 - (at - h) ** 2) / (2 * h)


def test_the_power_is_recorded_only_where_a_gradient_is_wanted():
    x = torch.tensor(3.0, requires_grad=True)
    assert type((x**2).grad_fn).__name__ == "PowBackward0"
    assert (x.detach() ** 2).grad_fn is None


def test_the_same_program_runs_on_whatever_device_there_is():
    device = any_device()
    a = torch.tensor([[1.0, 2.0], [3.0, 4.0]], device=device)
    b = torch.tensor([10.0, 1.0], device=device)
    assert (a @ b).device.type == device.type
    assert (a @ b).tolist() == [1 * 10 + 2 * 1, 3 * 10 + 4 * 1]


def test_the_device_is_the_cpu_exactly_where_there_is_no_accelerator():
    assert (any_device().type == "cpu") != torch.accelerator.is_available()


def test_an_exported_program_equals_the_model_bit_for_bit():
    torch.manual_seed(0)
    model = nn.Sequential(nn.Linear(4, 8), nn.ReLU(), nn.Linear(8, 3))
    x = torch.randn(2, 4)
    answer = torch.export.export(model, (x,)).module()(x)
    assert torch.equal(answer, model(x))

    first, _, last = model
    hidden = x.numpy() @ first.weight.detach().numpy().T
    hidden = np.maximum(hidden + first.bias.detach().numpy(), 0)
    by_numpy = hidden @ last.weight.detach().numpy().T
    by_numpy += last.bias.detach().numpy()
    assert np.allclose(answer.detach().numpy(), by_numpy, atol=1e-6)


def test_an_export_takes_other_batches_only_if_the_size_may_vary():
    model = nn.Sequential(nn.Linear(4, 8), nn.ReLU(), nn.Linear(8, 3))
    x, more = torch.randn(2, 4), torch.randn(5, 4)
    with pytest.raises(AssertionError, match=r"input\.size\(\)\[0\] == 2"):
        torch.export.export(model, (x,)).module()(more)
    sizes = ({0: torch.export.Dim("batch")},)
    varies = torch.export.export(model, (x,), dynamic_shapes=sizes).module()
    assert torch.allclose(varies(more), model(more))


def test_an_export_is_a_graph_of_operations_without_python_classes():
    model = nn.Sequential(nn.Linear(4, 8), nn.ReLU(), nn.Linear(8, 3))
    program = torch.export.export(model, (torch.zeros(2, 4),))
    nodes = list(program.graph.nodes)
    calls = [node for node in nodes if node.op == "call_function"]
    assert [node.name for node in calls] == ["linear", "relu", "linear_1"]
    assert all(isinstance(n.target, torch._ops.OpOverload) for n in calls)
    assert {n.op for n in nodes} == {"placeholder", "call_function", "output"}


def test_the_graph_of_the_picture_is_power_then_sum():
    w = torch.tensor([1.0, 2.0, 3.0], requires_grad=True)
    loss = (w**2).sum()
    names, node = [], loss.grad_fn
    while node:
        names.append(type(node).__name__)
        node = node.next_functions[0][0] if node.next_functions else None
    assert names == ["SumBackward0", "PowBackward0", "AccumulateGrad"]

    loss.backward()
    assert loss.item() == 1 + 4 + 9
    assert w.grad.tolist() == (2 * w).tolist() == [2, 4, 6]
    assert w.grad.device == w.device


def test_the_picture_carries_the_gradient_of_a_sum_of_squares():
    texts = [text.strip() for text, *_ in drawn("start/big_picture")]
    w = np.array([1.0, 2.0, 3.0])
    for numbers in (w, w**2, 2 * w, np.ones(3)):
        row = ", ".join(f"{n:g}" for n in numbers)
        assert any(text.endswith(row) for text in texts)
    assert f"loss\n{(w**2).sum():g}" in texts
    names = ["AccumulateGrad", "PowBackward0", "SumBackward0"]
    assert [text for text in texts if text in names] == names


def test_the_five_pages_take_two_hours_and_follow_the_nav_but_for_the_loop():
    opening, *_ = PAGE.split("\n## ")
    (line,) = re.findall("^If you have two hours.*", opening, re.MULTILINE)
    assert opening.index("{ .doors }") < opening.index(line)
    files = re.findall(r"\]\((.+?)\)", line)
    words = [path.words(HERE, file) for file in files]
    assert len(files) == 5 and min(words) > 500
    assert sum(map(path._minutes, words)) <= 120


def test_no_program_has_run_on_a_gpu_yet():
    """Once one has, the page says what a GPU printed."""
    ran = any((HERE.recorded / "runs" / "gpu").rglob("*.json"))
    assert ("No program of this site has run on a GPU yet" in PAGE) != ran


def test_nearly_all_programs_run_again_before_a_publication():
    every = Programs(HERE).values()
    again = [one for one in every if one.cpu and one.snippet.directives.lane == "cpu"]
    assert "runs [nearly all programs](reference/status.md) again" in PAGE
    assert 0.9 * len(every) < len(again) < len(every)


def test_each_of_the_five_needs_only_pages_before_it():
    (line,) = re.findall("^If you have two hours.*", PAGE, re.MULTILINE)
    five = [name.replace(".ipynb", ".py") for name in re.findall(r"\]\((.+?)\)", line)]
    assert len(five) == 5
    for at, name in enumerate(five[:4]):
        text = (HERE.docs / name).read_text(encoding="utf-8")
        (needs,) = re.findall(r"^(?:# )?You need .*", text, re.MULTILINE)[:1] or [""]
        for link in re.findall(r"\]\((.+?)\)", needs):
            assert posixpath.normpath(f"{posixpath.dirname(name)}/{link}") in five[:at]
