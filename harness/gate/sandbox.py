"""What a block of a page sees when pytest runs it: a process as good as new.

All blocks share one process. So this is the weaker of two proofs: `harness run`
gives each snippet a process of its own.
"""

import builtins
import contextlib
import functools
import logging
import os
import random
import sys
import tempfile
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path

from harness.judge.noise import WARNINGS
from harness.run.guards import LOOKS_UP, is_loopback

CONNECTS = frozenset({"socket.connect", "socket.sendto", "socket.sendmsg"})


@contextlib.contextmanager
def sandbox(code: str, seed: int) -> Iterator[Path]:
    """Put a program into a file, and keep what running it changes from the next one.

    It must run while this context lasts; its working directory is empty.
    """
    with contextlib.ExitStack() as stack:
        stack.callback(logging.disable, logging.root.manager.disable)
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        file = folder / "block.py"
        file.write_text(code, encoding="utf-8")
        (folder / "work").mkdir()
        if "torch" in code:
            stack.enter_context(_torch_as_before())
        stack.enter_context(_process_as_before())
        stack.enter_context(contextlib.chdir(folder / "work"))
        stack.enter_context(_warnings_as_errors())
        stack.enter_context(_no_network())
        os.environ["MPLBACKEND"] = "Agg"
        _seed(seed)
        yield file


@contextlib.contextmanager
def _process_as_before() -> Iterator[None]:
    environ, path, arguments = dict(os.environ), list(sys.path), list(sys.argv)
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(environ)
        sys.path[:], sys.argv[:] = path, arguments
        vars(sys).pop("tracebacklimit", None)  # there only where a program set it
        if pyplot := sys.modules.get("matplotlib.pyplot"):
            pyplot.close("all")


@contextlib.contextmanager
def _torch_as_before() -> Iterator[None]:
    """Torch's settings for the whole process, put back."""
    import numpy
    import torch

    autograd = torch.autograd
    products, convolutions = torch.backends.cuda.matmul, torch.backends.cudnn.conv
    newer = "fp32_precision"

    def precision() -> str | None:
        try:
            return torch.get_float32_matmul_precision()
        except RuntimeError:  # a block set it by its newer name alone
            return None

    settings: list[tuple[Callable, Callable]] = [
        (torch.get_default_dtype, torch.set_default_dtype),
        (torch.get_default_device, torch.set_default_device),
        (torch.get_num_threads, torch.set_num_threads),
        (precision, torch.set_float32_matmul_precision),
        *(
            (
                functools.partial(getattr, of, newer),
                functools.partial(setattr, of, newer),
            )
            for of in (products, convolutions)
        ),
        (torch.get_deterministic_debug_mode, torch.set_deterministic_debug_mode),
        (torch.is_warn_always_enabled, torch.set_warn_always),
        (torch.is_grad_enabled, autograd.set_grad_enabled),
        (torch.is_anomaly_enabled, autograd.set_detect_anomaly),
    ]
    before = [get() for get, _ in settings]
    torch.set_warn_always(True)  # or a warning that an earlier block had would be gone
    try:
        with numpy.printoptions():
            yield
    finally:
        torch.set_printoptions(profile="default")
        for (get, put), value in zip(settings, before, strict=True):
            if get() != value:
                put(value)


@contextlib.contextmanager
def _warnings_as_errors() -> Iterator[None]:
    with warnings.catch_warnings():
        warnings.resetwarnings()
        warnings.simplefilter("error")
        for noise in WARNINGS:
            category, text = noise.pattern.split(": ", 1)
            warnings.filterwarnings("ignore", text, getattr(builtins, category))
        yield


@contextlib.contextmanager
def _no_network() -> Iterator[None]:
    _Network.guard()
    _Network.closed = True
    try:
        yield
    finally:
        _Network.closed = False


class _Network:
    """Whether other machines may be reached: an audit hook can rest, but not go."""

    closed = False

    @classmethod
    @functools.cache
    def guard(cls) -> None:
        sys.addaudithook(cls.refuse)

    @classmethod
    def refuse(cls, event: str, args: tuple) -> None:
        if not cls.closed:
            return
        host = None
        if event in LOOKS_UP:
            host = args[0]
        elif event in CONNECTS and isinstance(args[1], tuple):
            host = args[1][0]
        if not is_loopback(host):
            raise OSError(f"a block must not reach for the network: {host}")


def _seed(seed: int) -> None:
    random.seed(seed)
    if numpy := sys.modules.get("numpy"):
        numpy.random.seed(seed % 2**32)
    if torch := sys.modules.get("torch"):
        torch.manual_seed(seed)
