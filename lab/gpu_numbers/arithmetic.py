"""Matrix products, convolutions, pointwise chains and attention."""

from collections.abc import Iterator
from functools import partial
from itertools import product

import torch
from torch.nn import functional

from lab.gpu_numbers.case import Case, Place, Planned, allowed, error, precise

SIZES = {True: [2**k for k in range(8, 15)], False: [2**k for k in range(4, 12)]}
CHECKED = 64  # rows and columns of a product: all of them would take longer than it


def matmul(place: Place) -> Iterator[Planned]:
    """Square products by size and dtype."""
    for dtype, n in product(place.dtypes, SIZES[place.is_gpu]):
        yield Planned({"dtype": dtype, "n": n}, partial(_matmul, place, n, dtype))


def _matmul(place: Place, n: int, dtype: str) -> Case:
    a, b = (place.random(n, n, dtype=dtype) for _ in range(2))
    rows = torch.randperm(n)[:CHECKED].to(place.device)

    def check() -> float:
        exact = a[rows].double() @ b[:, rows].double()
        return error((a @ b)[rows][:, rows], exact)

    return Case(
        run=lambda: a @ b,
        check=check,
        allowed=allowed(dtype, n),
        flops=2 * n**3,
        bytes=3 * n * n * a.element_size(),
        inside=partial(precise, dtype),
    )


def convolution(place: Place) -> Iterator[Planned]:
    """A 3×3 convolution with 64 channels, in two orders of memory."""
    ways = {"NCHW": torch.contiguous_format, "channels_last": torch.channels_last}
    for dtype, (name, layout) in product(place.dtypes, ways.items()):
        build = partial(_convolution, place, layout, dtype)
        yield Planned({"dtype": dtype, "layout": name}, build)


def _convolution(place: Place, layout: torch.memory_format, dtype: str) -> Case:
    images, side, channels = (64 if place.is_gpu else 2), 56, 64
    x = place.random(images, channels, side, side, dtype=dtype)
    w = place.random(channels, channels, 3, 3, dtype=dtype)
    x, w = x.to(memory_format=layout), w.to(memory_format=layout)
    run = partial(functional.conv2d, x, w, padding=1)

    def check() -> float:
        exact = functional.conv2d(x[:1].double(), w.double(), padding=1)
        return error(run()[:1], exact)

    return Case(
        run=run,
        check=check,
        allowed=allowed(dtype, channels * 9),
        flops=2 * images * side**2 * channels**2 * 9,
        bytes=(2 * x.numel() + w.numel()) * x.element_size(),
        shape=tuple(x.shape),
        inside=partial(precise, dtype),
    )


def pointwise(place: Place) -> Iterator[Planned]:
    """A chain that computes little for each number: it waits for memory."""
    ways = {"eager": _chain, "layer norm": _layer_norm}
    for name, chain in ways.items():
        yield Planned({"way": name}, partial(_pointwise, place, chain, chain))
    if place.compiler:
        yield Planned({"way": "compiled"}, lambda: _compiled(place))


def _chain(x: torch.Tensor) -> torch.Tensor:
    return (x * 2 + 1).relu() * x - x / 3


def _layer_norm(x: torch.Tensor) -> torch.Tensor:
    return functional.layer_norm(x, x.shape[-1:])


def _compiled(place: Place) -> Case:
    return _pointwise(place, torch.compile(_chain, dynamic=False), _chain)


def _pointwise(place: Place, chain, exact) -> Case:
    x = place.random(2**16 if place.is_gpu else 2**12, 1024)
    return Case(
        run=lambda: chain(x),
        check=lambda: error(chain(x)[:CHECKED], exact(x[:CHECKED].double())),
        allowed=allowed("fp32", 1024),
        bytes=2 * x.nbytes,  # read once, written once
        shape=tuple(x.shape),
    )


def attention(place: Place) -> Iterator[Planned]:
    """Torch's own attention, and the same written out."""
    ours, theirs = _attention, functional.scaled_dot_product_attention
    lengths = (512, 2048, 4096) if place.is_gpu else (256, 1024)
    ways = (("written out", ours), ("SDPA", theirs))
    for length, (name, way) in product(lengths, ways):
        build = partial(_attend, place, way, length)
        yield Planned({"length": length, "way": name}, build)


def _attention(q: torch.Tensor, k: torch.Tensor, v: torch.Tensor) -> torch.Tensor:
    return (q @ k.mT / q.shape[-1] ** 0.5).softmax(-1) @ v


def _attend(place: Place, way, length: int) -> Case:
    batch, heads, dtype = (4, 16, "bf16") if place.is_gpu else (1, 4, "fp32")
    q, k, v = (place.random(batch, heads, length, 64, dtype=dtype) for _ in range(3))

    def check() -> float:
        exact = _attention(*(t[:1, :1].double() for t in (q, k, v)))
        return error(way(q, k, v)[:1, :1], exact)

    return Case(
        run=lambda: way(q, k, v),
        check=check,
        # Written out, scores and weights are rounded to the dtype on the way.
        allowed=4 * allowed(dtype, length),
        flops=4 * batch * heads * length**2 * 64,
        bytes=4 * q.nbytes,
        shape=tuple(q.shape),
    )
