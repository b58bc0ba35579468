"""Why equal runs part: roundings, and slopes that jump."""

import re

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from torch import nn

from harness.core.tree import HERE
from tests.claims_support import printed

SNIPPETS = HERE.snippets / "keras"
EPS = float(np.finfo(np.float32).eps)


@pytest.mark.parametrize("kind", [np.float32, np.float64])
def test_another_order_of_a_sum_rounds_differently(kind):
    a, b, c = np.array([0.1, 0.3, 0.4], dtype=kind)
    x, y, z = torch.tensor([0.1, 0.3, 0.4]).to(getattr(torch, kind.__name__))
    if kind is np.float64:
        x, y, z = torch.tensor([0.1, 0.3, 0.4], dtype=torch.float64)
    assert (x + y) + z != x + (y + z)
    assert (a + b) + c != a + (b + c)
    shown = printed("keras/last_digit_depends_on_order")
    assert f"(a + b) + c = {((a + b) + c).item():.17f}" in shown
    assert f"a + (b + c) = {(a + (b + c)).item():.17f}" in shown


def test_a_library_adds_in_an_order_of_its_own():
    x = torch.rand(10**6, generator=torch.Generator().manual_seed(0))
    one_by_one = np.cumsum(x.numpy())[-1]  # each float32 to the sum so far
    assert one_by_one.dtype == np.float32 and x.sum().item() != one_by_one


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_the_slope_of_relu_jumps_at_zero_however_fine_the_numbers(dtype):
    up = torch.nextafter(torch.zeros(1, dtype=dtype), torch.ones(1, dtype=dtype))
    for z, relu in ((torch.zeros(1, dtype=dtype), 0.0), (up, 1.0)):
        z.requires_grad_()
        assert torch.autograd.grad(torch.relu(z), z)[0].item() == relu
        assert torch.autograd.grad(torch.tanh(z), z)[0].item() == 1.0


def test_the_printed_slopes_are_those():
    rows = [line.split() for line in printed("keras/relu_slope_jumps").splitlines()[1:]]
    assert [(r[0], r[2], r[3]) for r in rows] == [
        (name, "1.0", relu)
        for name in ("float32", "float64")
        for relu in ("0.0", "1.0")
    ]
    assert [r[1] == "0e+00" for r in rows] == [True, False, True, False]


def data():
    torch.manual_seed(0)
    y = torch.arange(1800) % 10
    centres = torch.rand(10, 64, dtype=torch.float64)
    return centres[y] + 2 * torch.rand(1800, 64, dtype=torch.float64), y


X, Y = data()
BATCHES = list(zip(X[:1344].split(64), Y[:1344].split(64), strict=True))


def numpy_run(seed=10, nudge=None, steps=210, relu=True, lr=0.1):
    """The same training by hand: the weights after each step, and each z."""
    torch.manual_seed(seed)
    first, second = nn.Linear(64, 64), nn.Linear(64, 10)
    w, b, v, c = (
        p.detach().double().numpy().copy()
        for p in (*first.parameters(), *second.parameters())
    )
    path, inputs = [], []
    for step in range(steps):
        if nudge and nudge[0] == step:
            b[nudge[1]] += nudge[2]
        xb, yb = (t.numpy() for t in BATCHES[step % len(BATCHES)])
        z = xb @ w.T + b
        h = np.maximum(z, 0) if relu else np.tanh(z)
        logits = h @ v.T + c
        p = np.exp(logits - logits.max(1, keepdims=True))
        p /= p.sum(1, keepdims=True)
        p[np.arange(len(yb)), yb] -= 1
        slope = p / len(yb)
        inner = slope @ v * ((z > 0) if relu else 1 - h**2)
        v, c = v - lr * slope.T @ h, c - lr * slope.sum(0)
        w, b = w - lr * inner.T @ xb, b - lr * inner.sum(0)
        path.append(np.concatenate([part.ravel() for part in (w, b, v, c)]))
        inputs.append(z)
    xt = X[1344:].numpy()
    h = np.maximum(xt @ w.T + b, 0) if relu else np.tanh(xt @ w.T + b)
    return path, inputs, (h @ v.T + c).argmax(1)


@pytest.fixture(scope="module")
def plain():
    return numpy_run()


def nearest(inputs):
    smallest = [np.abs(z).min() for z in inputs]
    step = int(np.argmin(smallest))
    sample, unit = divmod(int(np.abs(inputs[step]).argmin()), 64)
    return step, sample, unit, inputs[step][sample, unit]


def apart(one, two):
    return [np.abs(a - b).max() for a, b in zip(one, two, strict=True)]


def test_numpy_finds_the_same_unit_nearest_to_zero(plain):
    step, _, unit, z = nearest(plain[1])
    line = f"nearest to zero: step {step}, unit {unit}, z = {z:.0e}"
    assert printed("keras/one_unit_changes_sides").splitlines()[0] == line


def test_a_unit_that_changes_sides_for_one_sample_parts_the_runs_in_one_step(plain):
    step, _, unit, z = nearest(plain[1])
    path, inputs, answers = numpy_run(nudge=(step, unit, -2 * z))
    flips = [((a > 0) != (b > 0)).sum() for a, b in zip(plain[1], inputs, strict=True)]
    assert flips[: step + 1] == [0] * step + [1]
    gap = apart(plain[0], path)
    assert gap[step - 1] == 0
    assert gap[step] > 100 * abs(2 * z)
    assert gap[-1] > 1000 * abs(2 * z)
    assert f"{gap[-1]:.0e}" in printed("keras/one_unit_changes_sides")
    assert (answers != plain[2]).sum() == 1


def test_the_same_nudge_of_the_next_unit_changes_no_side_and_does_not_grow(plain):
    step, _, unit, z = nearest(plain[1])
    path, inputs, answers = numpy_run(nudge=(step, unit + 1, -2 * z))
    assert all(
        ((a > 0) == (b > 0)).all() for a, b in zip(plain[1], inputs, strict=True)
    )
    assert max(apart(plain[0], path)) < 1.01 * abs(2 * z)
    assert (answers != plain[2]).sum() == 0


def test_half_a_nudge_keeps_the_side_and_the_runs_together(plain):
    step, _, unit, z = nearest(plain[1])
    path, _, answers = numpy_run(nudge=(step, unit, -0.5 * z))
    assert max(apart(plain[0], path)) < abs(2 * z)
    assert (answers != plain[2]).sum() == 0


def test_a_tanh_network_stays_together(plain):
    step, _, unit, z = nearest(plain[1])
    one, _, _ = numpy_run(relu=False)
    two, _, _ = numpy_run(relu=False, nudge=(step, unit, -2 * z))
    assert max(apart(one, two)) < 1.01 * abs(2 * z)


def test_most_seeds_stay_further_from_zero(plain):
    near = abs(nearest(plain[1])[3])
    others = [abs(nearest(numpy_run(seed, steps=210)[1])[3]) for seed in range(8)]
    assert sum(other > near for other in others) > 4


def test_a_nudge_is_a_few_roundings_of_a_32_bit_number(plain):
    assert EPS < abs(2 * nearest(plain[1])[3]) < 4 * EPS


def test_after_one_step_32_bits_agree_with_64_within_roundings():
    net = nn.Sequential(nn.Linear(64, 64), nn.ReLU(), nn.Linear(64, 10))
    fine = nn.Sequential(nn.Linear(64, 64), nn.ReLU(), nn.Linear(64, 10)).double()
    fine.load_state_dict(net.state_dict())
    for model, x in ((net, X[:64].float()), (fine, X[:64].float().double())):
        F.cross_entropy(model(x), Y[:64]).backward()
    for p, q in zip(net.parameters(), fine.parameters(), strict=True):
        # A dot product of n terms rounds n times at worst.
        assert (p.grad - q.grad).abs().max() < 64 * EPS


@pytest.mark.parametrize("depth, close", [(2, True), (50, False)])
def test_first_gradients_agree_to_roundings_in_a_small_network_only(depth, close):
    def gradient(order):
        torch.manual_seed(0)
        blocks = []
        for _ in range(depth):
            blocks.append((nn.Linear(64, 64), nn.BatchNorm1d(64), nn.ReLU()))
        net = nn.Sequential(*(layer for block in blocks for layer in block))
        net.append(nn.Linear(64, 10))
        net[0].weight.data = net[0].weight.data[:, order].contiguous()
        x, y = torch.randn(64, 64)[:, order].contiguous(), torch.arange(64) % 10
        F.cross_entropy(net(x), y).backward()
        return net[-4].weight.grad

    one, two = gradient(torch.arange(64)), gradient(torch.arange(64).flip(0))
    apart = (one - two).abs().max() / one.abs().max()
    assert apart < 1e-5 if close else apart > 1e-4


def test_runs_round_differently_without_any_sum():
    x = torch.arange(1.0, 100)
    assert (x / 3 != x * (1 / 3)).any()


def test_runs_that_add_in_opposite_orders_agree_within_a_band():
    lines = printed("keras/runs_compared_by_bands").splitlines()
    assert [line.rsplit(" ", 1)[1] for line in lines] == ["True", "True"]


def test_weights_are_refused_for_relu_though_the_starts_differ_by_one_rounding():
    lines = printed("keras/runs_compared_by_weights").splitlines()
    (same, other), (dead, alive) = (
        [float(n) for n in re.findall(r"\d\.\d+", line)] for line in lines[:2]
    )
    assert same == other and dead == 0.5 and abs(dead - alive) > 0.3
    assert lines[2] == "AssertionError: Tensor-likes are not close!"
    assert -1 + 2**-24 == np.nextafter(np.float32(-1), np.float32(0))
    # The dead unit by hand: z = 2 · 0.5 - 1 = 0, so no gradient, and no step.
    w = torch.tensor([0.5], requires_grad=True)
    (torch.relu(2 * w - 1) - 1).square().backward()
    assert w.grad.item() == 0


def test_other_operations_jump_too():
    def slopes(values, f):
        x = torch.tensor(values, requires_grad=True)
        f(x).backward()
        return x.grad.tolist()

    up = 1 + EPS
    assert slopes([1.0, up], torch.max) == [0, 1]
    assert slopes([up, 1.0], torch.max) == [1, 0]
    assert torch.tensor([1.0, up]).argmax() != torch.tensor([up, 1.0]).argmax()
    assert torch.tensor([1.0, up]).argsort().tolist() == [0, 1]
    assert torch.tensor([up, 1.0]).argsort().tolist() == [1, 0]


def test_a_wrong_momentum_shows_in_the_second_step_only():
    def weights(momentum):
        w = torch.ones(3, requires_grad=True)
        optimizer = torch.optim.SGD([w], lr=0.1, momentum=momentum)
        for _ in range(3):
            optimizer.zero_grad()
            (w**2).sum().backward()
            optimizer.step()
            yield w.tolist()

    first, second, _ = zip(weights(0.9), weights(0.5), strict=True)
    assert first[0] == first[1] and second[0] != second[1]
