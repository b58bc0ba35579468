"""The claims of docs/gpu/when-faster.md, by counting; no times but the recorded."""

import re

import numpy as np
import pytest
import torch
from torch import nn
from torch.utils.flop_counter import FlopCounterMode

from harness.core.directives import parse
from harness.core.tree import HERE
from harness.run.options import Options
from harness.site.tables import gpu_numbers
from lab.gpu_numbers import measure
from tests.claims_support import printed, program

PAGE = (HERE.docs / "gpu/when-faster.md").read_text()


@pytest.fixture(scope="module")
def tables():
    return gpu_numbers.load(HERE, "cpu").model_dump()["tables"]


def test_one_large_call_computes_what_many_small_ones_do():
    torch.manual_seed(0)
    a = torch.randn(1000, 8, 8)
    exact = np.einsum("nij,njk->nik", a.double().numpy(), a.double().numpy())
    for found in (torch.stack([x @ x for x in a]), a @ a):
        np.testing.assert_allclose(found.numpy(), exact, atol=1e-4)
    rows = re.findall(r"(\w+) +(\d+) operations, calls: (\d+)", printed_ways())
    work = str(1000 * 2 * 8**3)
    # A thousand products, and one call each to take apart and to stack.
    assert rows == [("many_small", work, "1002"), ("one_large", work, "1")]


def printed_ways():
    return printed("gpu/many_small_or_one_large")


def test_calls_do_not_depend_on_the_batch_and_work_does():
    row = r"batch +(\d+): (\d+) calls, (\d+) are views, +(\d+) op"
    rows = re.findall(row, printed_calls())
    batches, calls, views, work = (
        list(map(int, column)) for column in zip(*rows, strict=True)
    )
    assert len(set(calls)) == len(set(views)) == 1
    assert calls[0] - views[0] == 14
    forward = 2 * 64 * 64 + 2 * 64 * 10
    # Backward, both layers for their weights and the last one for its input.
    backward = forward + 2 * 64 * 10
    assert work == [batch * (forward + backward) for batch in batches]


@pytest.mark.parametrize("middle", [nn.LayerNorm, nn.BatchNorm1d])
def test_other_networks_make_as_many_calls_for_any_batch_too(middle):
    exec(program("gpu/same_calls_for_any_batch").split("\nmodel = ")[0], names := {})
    model = nn.Sequential(nn.Linear(3, 8), middle(8), nn.Tanh(), nn.Linear(8, 2))
    counts = []
    for batch in (2, 7, 300):
        model.zero_grad()
        with names["CountCalls"]() as count:
            model(torch.ones(batch, 3)).sum().backward()
        counts.append((count.calls, count.views))
    assert len(set(counts)) == 1 and counts[0][0] > counts[0][1] > 0


def test_a_view_starts_nothing_because_it_keeps_the_memory_of_its_input():
    x, ops = torch.ones(3, 4), torch.ops.aten
    for op, more in [(ops.t, ()), (ops.view, ([12],)), (ops.detach, ())]:
        assert op.default.is_view
        assert op(x, *more).data_ptr() == x.data_ptr()
    for op in (ops.mm, ops.relu, ops.sum):
        assert not op.default.is_view


def printed_calls():
    return printed("gpu/same_calls_for_any_batch")


def test_a_product_does_more_with_each_byte_the_larger_it_is_and_a_sum_does_not():
    rows = re.findall(
        r"^ *(\d+) +([\d.]+) +([\d.]+) ", printed("gpu/work_per_byte"), re.M
    )
    assert len(rows) == 3
    for n, product, total in rows:
        assert float(product) == pytest.approx(int(n) / 6, abs=0.05)  # 2n³ / 12n²
        assert float(total) == pytest.approx(1 / 12, abs=0.005)


@pytest.mark.parametrize("n", [8, 64, 256])
def test_a_product_with_a_vector_uses_each_number_of_the_matrix_once(n):
    a = torch.ones(n, n)
    for width in (1, n):
        with FlopCounterMode(display=False) as count:
            a @ torch.ones(n, width)
        assert count.get_total_flops() == 2 * a.numel() * width


def test_half_the_bytes_double_the_work_of_each():
    def intensity(dtype):
        x = torch.empty(256, 256, device="meta", dtype=dtype)
        with FlopCounterMode(display=False) as work:
            x @ x
        return work.get_total_flops() / (3 * x.nbytes)

    assert intensity(torch.bfloat16) == 2 * intensity(torch.float32)


@pytest.mark.parametrize(("batch", "most"), [(1, 0.5), (8, 4), (1024, 400)])
def test_a_layer_does_little_with_each_weight_in_a_small_batch(batch, most):
    model = nn.Linear(4096, 4096, bias=False, device="meta")
    x = torch.empty(batch, 4096, device="meta")
    with FlopCounterMode(display=False) as work:
        y = model(x)
    moved = model.weight.nbytes + x.nbytes + y.nbytes
    assert 0.8 * most < work.get_total_flops() / moved < most


@pytest.mark.parametrize(("work", "share"), [(4, 38), (25, 95), (10, 89)])
def test_a_gpu_works_only_as_long_as_calls_come(work, share):
    """Calls of 10; work that is shorter leaves gaps, work that is longer none."""
    done = 0
    for n in range(8):
        done = max(10 * (n + 1), done) + work
    assert done == (80 + work if work <= 10 else 10 + 8 * work)
    assert round(100 * 8 * work / done) == share
    if work != 10:
        assert f"the GPU works {share} %" in printed("gpu/small_calls_leave_gaps")


def test_the_debug_mode_names_most_waits_and_not_all():
    words = " ".join(torch.cuda.set_sync_debug_mode.__doc__.split())
    assert 'if "warn" or 1, warn on synchronizing operations' in words
    assert "not all synchronizing operations will trigger warning or error" in words


def test_a_product_of_ones_has_the_number_that_the_queue_shows():
    x = torch.ones(256, 256)
    assert (x @ x)[0, 0].item() == 256
    assert "a number of the result: 256.0" in printed("gpu/call_returns_early")


def test_on_a_cpu_a_call_returns_when_it_is_done():
    assert printed("gpu/call_returns_early").count("True") == 2


def test_a_gpu_has_enough_to_do_to_be_busy_still():
    """At 100 TFLOP/s, more than any card of today in float32, for 20 ms."""
    source = program("gpu/call_returns_early")
    side = int(re.search(r"n = (\d+) if end else", source)[1])
    products = int(re.search(r"in range\((\d+)\):\n    y = x @ x", source)[1])
    assert products * 2 * side**3 / 100e12 > 0.020
    # Python asks for that many products in far less: an operator takes microseconds.
    assert products <= 100


def test_one_thread_of_a_slow_cpu_finds_its_side_of_the_crossing_in_time(monkeypatch):
    monkeypatch.setattr(torch.cuda, "synchronize", lambda: None)
    source = program("gpu/faster_from_which_side").replace('"cuda"', '"meta"')
    source = source.replace("torch.randn(n, n)", 'torch.empty(n, n, device="meta")')
    with FlopCounterMode(display=False) as work:
        exec(source, {})
    limit = parse(source).takes * Options().patience  # seconds
    assert work.get_total_flops() / 2 / 10e9 < limit  # half of it is the GPU's


def steps(detach):
    model = nn.Linear(1, 1)
    for parameter in model.parameters():
        nn.init.zeros_(parameter)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.25)
    x = torch.tensor([[-1.0], [1.0]])
    y, total, each = 2 * x + 1, torch.zeros(()), []
    for _ in range(4):
        loss = nn.functional.mse_loss(model(x), y)
        loss.backward()
        optimizer.step()
        optimizer.zero_grad()
        each.append(loss.item())
        total = total + (loss.detach() if detach else loss)
    return total, each


def test_losses_added_up_are_those_of_the_formula():
    total, each = steps(detach=True)
    assert each == [5 / 4**k for k in range(4)]
    assert total.item() == sum(each)
    assert printed("gpu/losses_added_up") == f"mean loss: {sum(each) / 4}\n"


def test_without_detach_the_total_holds_on_to_the_graph():
    assert steps(detach=True)[0].grad_fn is None
    assert steps(detach=False)[0].grad_fn is not None


def test_the_page_says_that_no_gpu_was_measured_exactly_as_long_as_none_was():
    measured = measure.file(HERE, is_gpu=True).exists()
    for sentence in (
        "This site cannot show that size before it has run on a GPU.",
        "No GPU has run this page yet: the pictures with measured times show a CPU.",
    ):
        assert (sentence in PAGE) != measured


def test_the_recorded_numbers_show_the_cures(tables):
    chain = {row["way"]: row["median"] for row in tables["pointwise"]}
    assert chain["compiled"] < chain["eager"]
    largest = {r["dtype"]: r["median"] for r in tables["matmul"] if r["n"] == 2048}
    assert largest["bf16"] < largest["fp32"]


def test_small_products_stay_far_below_the_recorded_roof(tables):
    best = gpu_numbers.ceilings(gpu_numbers.load(HERE, "cpu"))
    for row in tables["matmul"]:
        if row["dtype"] == "fp32":
            intensity = row["flops"] / row["bytes"]
            roof = min(best["fp32"], intensity * best["memory"])
            reached = row["flops"] / row["median"] / roof
            assert reached < 0.1 if row["n"] == 16 else reached < 1.01


def test_small_products_take_no_longer_than_one_addition(tables):
    addition = tables["launch"][0]["median"]
    times = [r["median"] for r in tables["matmul"] if r["dtype"] == "fp32"]
    sides = [r["n"] for r in tables["matmul"] if r["dtype"] == "fp32"]
    assert max(times[:2]) <= addition < times[2] and sides[1] == 32


def test_a_larger_batch_of_a_small_network_costs_less_than_it_brings(tables):
    times = {
        row["batch"]: row["median"]
        for row in tables["training"]
        if row["network"] == "MLP"
    }
    assert times[16] < 2 * times[1]


def test_a_narrower_dtype_moves_fewer_bytes_for_the_same_operations():
    x = torch.ones(8, 8)
    assert x.bfloat16().nbytes == x.nbytes / 2
    counts = []
    for kind in (x, x.bfloat16()):
        with FlopCounterMode(display=False) as work:
            kind @ kind
        counts.append(work.get_total_flops())
    assert counts[0] == counts[1]
