"""Copies, launches, graphs, and the size from which the way to a GPU pays."""

import copy
from collections.abc import Iterator
from functools import partial
from itertools import product

import torch
from torch import nn

from lab.gpu_numbers import timing
from lab.gpu_numbers.arithmetic import CHECKED
from lab.gpu_numbers.case import Case, Place, Planned, allowed, error, precise

MEGABYTE = 2**20
CROSSING = [2**k for k in range(4, 13)]  # sides of the matrices


def copies(place: Place) -> Iterator[Planned]:
    """Within the device's memory, and to a GPU from memory of either kind."""
    sizes = (1, 16, 256) if place.is_gpu else (1, 64)
    for size in sizes:
        build = partial(_within, place, size * MEGABYTE)
        yield Planned({"way": "within the device", "MiB": size}, build)
    if not place.is_gpu:
        return
    for size, pinned, there in product(sizes, (False, True), (True, False)):
        way = "to the device" if there else "back"
        labels = {"way": f"{way}, {'pinned' if pinned else 'pageable'}", "MiB": size}
        build = partial(_across, place, size * MEGABYTE, pinned, there)
        yield Planned(labels, build)


def _copy(source: torch.Tensor, target: torch.Tensor, crossings: int) -> Case:
    return Case(
        run=lambda: target.copy_(source, non_blocking=True),
        check=lambda: error(target.copy_(source), source),
        allowed=0.0,
        bytes=crossings * source.nbytes,
    )


def _within(place: Place, size: int) -> Case:
    source = place.random(size // 4)
    return _copy(source, torch.empty_like(source), 2)  # read and written


def _across(place: Place, size: int, pinned: bool, there: bool) -> Case:
    here = torch.randn(size // 4, pin_memory=pinned)
    device = place.random(size // 4)
    return _copy(here, device, 1) if there else _copy(device, here, 1)


def launch(place: Place) -> Iterator[Planned]:
    """The least that an operation costs: one number is added to another."""
    yield Planned({"what": "one addition"}, partial(_addition, place, None))
    if place.is_gpu:
        what = "one addition, until the call returns"
        yield Planned({"what": what}, partial(_addition, place, timing.until_returned))


def _addition(place: Place, seconds: timing.Seconds | None) -> Case:
    x = place.random(1)
    return Case(
        run=lambda: x + 1.0,
        check=lambda: error(x + 1.0, x.double() + 1.0),
        allowed=allowed("fp32", 2),
        seconds=seconds,
    )


def crossover(place: Place) -> Iterator[Planned]:
    """A product on the CPU, on the GPU, and there with the copies there and back."""
    if not place.is_gpu:
        return
    for n, where in product(CROSSING, ("cpu", "gpu", "gpu with copies")):
        yield Planned({"n": n, "where": where}, partial(_product, place, n, where))


def _product(place: Place, n: int, where: str) -> Case:
    a, b = torch.randn(n, n), torch.randn(n, n)
    ways = {"cpu": lambda: a @ b}
    if where != "cpu":
        c, d = a.to(place.device), b.to(place.device)
        ways["gpu"] = lambda: c @ d
        there = partial(torch.Tensor.to, device=place.device)
        ways["gpu with copies"] = lambda: (there(a) @ there(b)).cpu()
    run = ways[where]
    return Case(
        run=run,
        check=lambda: error(
            run()[:CHECKED, :CHECKED], a[:CHECKED].double() @ b[:, :CHECKED].double()
        ),
        allowed=allowed("fp32", n),
        flops=2 * n**3,
        seconds=timing.by_clock,
        inside=partial(precise, "fp32"),
    )


def graphs(place: Place) -> Iterator[Planned]:
    """A small network that launches many kernels: one by one, and all as one."""
    if place.device.type != "cuda":
        return
    ways = {"eager": partial, "CUDA graph": _captured}
    if place.compiler:
        ways["compiled, reduce-overhead"] = _compiled
    for name, way in ways.items():
        yield Planned({"way": name}, partial(_small_network, place, way))


def _small_network(place: Place, way) -> Case:
    layers = [part for _ in range(10) for part in (nn.Linear(64, 64), nn.ReLU())]
    model = nn.Sequential(*layers).to(place.device)
    x = place.random(32, 64)
    with torch.no_grad():
        exact = copy.deepcopy(model).double()(x.double())
        run = way(model, x)
    return Case(
        run=run,
        check=lambda: error(run(), exact),
        allowed=10 * allowed("fp32", 64),
        inside=torch.no_grad,
    )


def _compiled(model: nn.Module, x: torch.Tensor):
    return partial(torch.compile(model, mode="reduce-overhead"), x)


def _captured(model: nn.Module, x: torch.Tensor):
    aside = torch.cuda.Stream()
    aside.wait_stream(torch.cuda.current_stream())
    with torch.cuda.stream(aside):  # what is captured must have run before
        for _ in range(3):
            model(x)
    torch.cuda.current_stream().wait_stream(aside)
    graph = torch.cuda.CUDAGraph()
    with torch.cuda.graph(graph):
        y = model(x)

    def run(keep=(model, x)) -> torch.Tensor:  # a graph knows only their addresses
        graph.replay()
        return y

    return run
