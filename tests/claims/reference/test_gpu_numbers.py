"""What docs/reference/gpu-numbers.md says of the method is what the recorder does."""

import pytest
import torch
from torch import nn

from harness.core.tree import HERE
from harness.site.tables import gpu_numbers
from lab.__main__ import main
from lab.gpu_numbers import arithmetic, measure, moving, timing, training
from lab.gpu_numbers.case import Place

PAGE = (HERE.docs / "reference/gpu-numbers.md").read_text()
CPU = Place(torch.device("cpu"), compiler=False)


class Gpu(Place):
    is_gpu = True


def test_the_page_shows_every_table_and_where_they_are_from():
    for name in gpu_numbers.texts(HERE):
        assert f'--8<-- "report/{name}.md"' in PAGE


def test_three_runs_warm_up_and_twenty_are_sampled():
    assert timing.WARMUPS >= 3 and timing.SAMPLES == 20 > timing.FEWEST
    ran = []
    timing.sample(lambda: ran.append(1), lambda run, times: 1.0, budget=0)
    assert len(ran) == timing.WARMUPS


def test_the_spread_is_half_of_the_band_of_the_middle_half():
    row = timing.middle([1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0])
    assert (row["low"], row["median"], row["high"]) == (2.0, 4.0, 6.0)
    assert gpu_numbers.Row(**row).spread == 0.5


def test_a_gpu_takes_less_than_ten_minutes_and_one_command():
    assert measure.LIMIT[True] < 600
    with pytest.raises(SystemExit) as ended:
        main(["gpu-numbers", "--help"])
    assert ended.value.code == 0


def test_a_convolution_is_as_the_page_says():
    made = arithmetic._convolution(CPU, torch.channels_last, "fp32")
    x, w = made.run.args
    assert x.shape[1:] == (64, 56, 56) and w.shape == (64, 64, 3, 3)
    assert made.run().shape == x.shape
    assert x.is_contiguous(memory_format=torch.channels_last)


def test_the_two_orders_of_memory_are_as_the_page_says():
    x = torch.empty(2, 64, 56, 56)
    assert x.stride() == (64 * 56 * 56, 56 * 56, 56, 1)
    last = x.to(memory_format=torch.channels_last)
    assert last.stride() == (64 * 56 * 56, 1, 56 * 64, 64)


@pytest.mark.parametrize("wide", [False, True])
def test_the_networks_have_the_sizes_that_the_page_names(wide):
    mlp, of_mlp = training._network("MLP", wide)
    cnn, of_cnn = training._network("CNN", wide)
    block, of_block = training._network("transformer block", wide)
    convolutions = [part for part in cnn if isinstance(part, nn.Conv2d)]
    assert [part.kernel_size for part in convolutions] == [(3, 3)] * 2
    assert [type(part) for part in mlp] == [nn.Linear, nn.Tanh, nn.Linear]
    assert block.block.self_attn.num_heads == 4 and of_block[0] == 32
    widths = mlp[0].out_features, convolutions[1].out_channels, of_block[1]
    assert widths == ((2048, 64, 512) if wide else (256, 8, 64))


def test_what_lies_above_a_ceiling_moved_less_than_the_largest_copy():
    record = gpu_numbers.load(HERE, "cpu")
    copies, best = record.tables["copies"], gpu_numbers.ceilings(record)["memory"]
    rows = copies + record.tables["pointwise"]
    above = [row.bytes for row in rows if row.byte_rate > best]
    assert above and max(above) < max(row.bytes for row in copies)


def test_small_products_cost_about_a_call_and_bf16_stays_further_below():
    record = gpu_numbers.load(HERE, "cpu")
    best, share = gpu_numbers.ceilings(record), {}
    for row in record.tables["matmul"]:
        share.setdefault(row.dtype, {})[row.n] = row.flop_rate / best[row.dtype]
    call = record.tables["launch"][0].median
    small = [r for r in record.tables["matmul"] if r.dtype == "fp32" and r.n <= 32]
    assert small and all(row.median < 1.5 * call for row in small)
    for n in (16, 32, 64):
        assert share["bf16"][n] < share["fp32"][n] < 0.75


def test_a_step_with_four_times_the_batch_can_take_hardly_longer():
    steps = gpu_numbers.load(HERE, "cpu").tables["training"]
    by_batch = {row.batch: row.median for row in steps if row.network == "MLP"}
    assert by_batch[4] < 1.5 * by_batch[1] and by_batch[256] > 2 * by_batch[64]


def test_the_chain_is_six_operations():
    from torch.overrides import TorchFunctionMode

    class Count(TorchFunctionMode):
        calls = 0

        def __torch_function__(self, func, types, args=(), kwargs=None):
            self.calls += 1
            return func(*args, **(kwargs or {}))

    x = torch.ones(2)
    with Count() as count:
        arithmetic._chain(x)
    assert count.calls == 6


def test_the_network_of_the_graphs_has_twenty_parts(monkeypatch):
    seen = []

    def way(model, x):
        seen.append(len(model))
        return lambda: model(x)

    made = moving._small_network(CPU, way)
    assert seen == [20]
    with torch.no_grad():
        assert made.check() <= made.allowed


@pytest.mark.parametrize("name", training.NETWORKS)
def test_the_networks_of_a_cpu_are_narrower(name):
    def size(wide):
        model, _ = training._network(name, wide)
        assert isinstance(model, nn.Module)
        return sum(p.numel() for p in model.parameters())

    assert size(False) < size(True)
    assert CPU.is_gpu is False and Gpu(CPU.device).is_gpu


def test_a_gpu_is_measured_in_tf32_too_and_a_cpu_is_not():
    assert Gpu(CPU.device).dtypes == ["fp32", "tf32", "bf16", "fp16"]
    assert CPU.dtypes == ["fp32", "bf16"]


def test_events_time_a_gpu_but_for_the_crossing_and_the_return_of_a_call():
    gpu = Gpu(CPU.device)
    first, second = moving.launch(gpu)
    assert first.build().seconds is None  # `measure` takes events then
    assert second.build().seconds is timing.until_returned
    assert {p.build().seconds for p in list(moving.crossover(gpu))[:3]} == {
        timing.by_clock
    }
