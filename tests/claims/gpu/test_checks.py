"""The programs that check a page's claims on the reader's own GPU can say no.

The CPU plays the GPU here: what a program asks a GPU for is put in its place, once as
the page claims it, once otherwise.
"""

import ast
import contextlib
import gc
import multiprocessing
import re
import subprocess
import time
import timeit
from types import SimpleNamespace

import pytest
import torch
from torch import nn

from harness.core.tree import HERE
from tests.claims_support import names_of, printed, program

WHERE = {
    path.stem: f"{folder}/{path.stem}"
    for folder in ("errors/devices", "gpu")
    for path in sorted(HERE.snippets.glob(f"{folder}/check_*.py"))
}
NAMES = [*WHERE]
ASKS = 'no_gpu = "----  needs a GPU:" if device.type == "cpu" else ""'
ASKS_CUDA = 'no_cuda = no_gpu or ("" if device.type == "cuda" else "----  needs CUDA:")'
PLAYED = {ASKS: 'no_gpu = ""'}
CUDA = PLAYED | {ASKS_CUDA: 'no_cuda = ""'}
ANSWER = re.compile(r"(yes |no  |----  needs [^:]+:) (\S.*)")


def answers(name, capsys, changes):
    """What it says to each claim: yes, no, or what it needs."""
    text = program(WHERE[name])
    for before, after in changes.items():
        assert text.count(before) == 1, f"{name} has not once {before!r}"
        text = text.replace(before, after)
    capsys.readouterr()
    exec(compile(text, name, "exec"), {"__name__": "__main__"})
    return [
        (claim, mark.strip()) for mark, claim in ANSWER.findall(capsys.readouterr().out)
    ]


def claims(name):
    """The claims of a program, in its order."""
    calls = [node for node in ast.walk(ast.parse(program(WHERE[name])))]
    calls = [node for node in calls if isinstance(node, ast.Call)]
    made = [one for one in calls if ast.unparse(one.func) in ("check", "entry")]
    said = [one.args[0] for one in sorted(made, key=lambda node: node.lineno)]
    return [one.value for one in said if isinstance(one, ast.Constant)]


def marks(name, capsys, changes):
    found = answers(name, capsys, changes)
    assert [claim for claim, _ in found] == claims(name)
    return [mark for _, mark in found]


NONE = {
    "export": "a file that runs without a GPU: no sentence is about one",
    "inference-on-a-cpu": "it is about CPUs alone",
}


def test_each_page_about_gpus_shows_one_or_needs_none():
    shown = []
    for page in HERE.docs.rglob("*.md"):
        found = re.findall(r'--8<-- "([\w/]+).md"', page.read_text())
        for name in sorted({*found} & {*WHERE.values()}):
            assert name.endswith(f"/check_{page.stem.replace('-', '_')}")
            shown.append(name)
    assert sorted(shown) == sorted(WHERE.values())
    pages = {page.stem for page in HERE.docs.glob("gpu/*.md")} - NONE.keys()
    pages |= {"devices", "gpu-memory"}  # of errors
    assert {f"check_{page.replace('-', '_')}" for page in pages} == {*NAMES}
    for page in NONE:  # which then says nothing that only a GPU could show
        text = HERE.docs.joinpath(f"gpu/{page}.md").read_text().partition("\n# ")[2]
        assert not re.search(r"\b(on|with) (a|an NVIDIA|your) GPU\b", text), page


@pytest.mark.parametrize("name", NAMES)
def test_on_a_cpu_each_claim_has_a_line_and_none_fails(name):
    lines = printed(WHERE[name]).splitlines()
    found = [ANSWER.fullmatch(line).groups() for line in lines]
    assert [claim for _, claim in found] == claims(name)
    assert 4 <= len(found) <= (9 if WHERE[name].startswith("gpu/") else 12)
    assert {mark for mark, _ in found} == {"yes ", "----  needs a GPU:"}


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(("holds", "mark"), [(True, "yes "), (False, "no  ")])
def test_a_claim_that_fails_is_said_to_fail(name, capsys, holds, mark):
    definition = next(
        node
        for node in ast.parse(program(WHERE[name])).body
        if isinstance(node, ast.FunctionDef) and node.name == "check"
    )
    names = {}
    exec(ast.unparse(definition), names)
    names["check"]("two is three", holds)
    assert capsys.readouterr().out == f"{mark} two is three\n"


# Where the device is used


def test_index_says_no_where_the_gpu_is_no_device_of_its_own(capsys, monkeypatch):
    monkeypatch.setattr(torch.accelerator, "memory_allocated", lambda: 0)
    found = marks("check_index", capsys, PLAYED)
    # Five that hold anywhere; a CPU has no number, no GPU memory, and refuses nothing.
    assert found == ["yes"] * 5 + ["no"] * 4


def test_index_says_yes_where_memory_is_taken_and_the_cpu_is_refused(
    capsys, monkeypatch
):
    def refuse(*inputs):
        raise RuntimeError("Expected all tensors to be on the same device")

    monkeypatch.setattr(torch.accelerator, "memory_allocated", lambda: 16)
    monkeypatch.setattr(torch, "add", refuse)
    monkeypatch.setattr(torch.Tensor, "numpy", refuse)
    changes = {"y.detach().cpu().numpy().size": "y.detach().cpu().numel()"}
    found = marks("check_index", capsys, PLAYED | changes)
    assert found == ["yes"] * 5 + ["no"] + ["yes"] * 3


def test_index_says_no_where_to_copies_and_results_land_elsewhere(capsys, monkeypatch):
    monkeypatch.setattr(nn.Module, "to", lambda self, device: nn.Linear(2, 2))
    monkeypatch.setattr(torch.Tensor, "to", lambda self, device: self.clone())
    elsewhere = torch.empty(2, 3, device="meta")
    monkeypatch.setattr(nn.Linear, "forward", lambda self, x: elsewhere)
    changes = {"y.detach().cpu().numpy().size": "y.detach().numel()"}
    assert marks("check_index", capsys, changes)[:4] == ["no"] * 4


# Times

BUSY = PLAYED | {"8192": "64"}


class Mark:
    """A mark in the queue of a GPU that is busy for `work` seconds more, and done when
    `done` comes. Where calls wait, each takes its time before it returns."""

    work, waits, elapsed, done = 0.2, 0.0, 0.2, 0.0

    def __init__(self, device, enable_timing=False):
        pass

    def record(self):
        time.sleep(self.waits)
        Mark.done = time.perf_counter() + self.work

    def query(self):
        return time.perf_counter() >= Mark.done

    def synchronize(self):
        time.sleep(max(0.0, Mark.done - time.perf_counter()))

    def elapsed_time(self, other):
        return self.elapsed * 1000


@pytest.mark.parametrize(
    ("elapsed", "device_time", "said"),
    [
        (0.2, 5.0, ["yes", "yes", "yes", "yes"]),
        (0.2, 0.0, ["yes", "yes", "yes", "no"]),
        (0.001, 5.0, ["yes", "no", "yes", "yes"]),
        (200.0, 5.0, ["yes", "no", "yes", "yes"]),
    ],
)
def test_timing_hears_marks_that_are_off(
    capsys, monkeypatch, elapsed, device_time, said
):
    monkeypatch.setattr(torch, "Event", Mark)
    monkeypatch.setattr(Mark, "elapsed", elapsed)
    row = SimpleNamespace(key="aten::mm", self_device_time_total=device_time)
    profiler = SimpleNamespace(key_averages=lambda: [row])
    monkeypatch.setattr(
        torch.profiler, "profile", lambda: contextlib.nullcontext(profiler)
    )
    assert marks("check_timing_and_profiling", capsys, BUSY) == said


def test_timing_hears_a_call_that_waits(capsys, monkeypatch):
    monkeypatch.setattr(torch, "Event", Mark)
    monkeypatch.setattr(Mark, "waits", 0.2)
    monkeypatch.setattr(Mark, "work", 0.0)
    assert marks("check_timing_and_profiling", capsys, BUSY)[0] == "no"


def test_timing_hears_a_profile_without_the_product(capsys, monkeypatch):
    profiler = SimpleNamespace(key_averages=list)
    monkeypatch.setattr(
        torch.profiler, "profile", lambda: contextlib.nullcontext(profiler)
    )
    assert marks("check_timing_and_profiling", capsys, {})[2] == "no"


def test_timing_leaves_the_profile_open_on_an_apple_gpu(capsys, monkeypatch):
    monkeypatch.setattr(torch, "Event", Mark)
    changes = BUSY | {'device.type == "mps"': "True"}
    found = marks("check_timing_and_profiling", capsys, changes)
    assert found == ["yes", "yes", "yes", "----  needs CUDA or XPU:"]


QUICK = PLAYED | {"n = 64 if no_gpu else 4096": "n = 64"}


@pytest.mark.parametrize(("work", "said"), [(0.2, "yes"), (0.0, "no")])
def test_when_faster_hears_a_call_that_waits(capsys, monkeypatch, work, said):
    item = torch.Tensor.item

    def wait(self):
        time.sleep(max(0.0, Mark.done - time.perf_counter()))
        return item(self)

    monkeypatch.setattr(torch, "Event", Mark)
    monkeypatch.setattr(Mark, "work", work)
    monkeypatch.setattr(torch.Tensor, "item", wait)
    found = marks("check_when_faster", capsys, QUICK)
    assert found[0] == "yes" and found[2:4] == [said, "yes"]


def test_when_faster_hears_an_item_that_does_not_wait(capsys, monkeypatch):
    monkeypatch.setattr(torch, "Event", Mark)
    monkeypatch.setattr(Mark, "work", 60.0)
    assert marks("check_when_faster", capsys, QUICK)[2:4] == ["yes", "no"]


@pytest.mark.parametrize(
    # In its order: one call and many, side 4 on both, side 4096 on both.
    ("times", "said"),
    [
        ([1, 2, 1, 2, 1, 2], ["yes", "yes", "yes"]),
        ([2, 1, 2, 1, 2, 1], ["no", "no", "no"]),
    ],
)
def test_when_faster_hears_the_slower_side(capsys, monkeypatch, times, said):
    clock = iter(times)
    monkeypatch.setattr(timeit, "repeat", lambda *_, **__: [next(clock)])
    monkeypatch.setattr(torch, "Event", Mark)
    found = marks("check_when_faster", capsys, QUICK)
    assert [found[1], *found[4:]] == said and not list(clock)


def test_when_faster_hears_ways_that_differ(capsys, monkeypatch):
    monkeypatch.setattr(torch, "stack", torch.zeros_like)
    changes = {"torch.stack([x @ x for x in a])": "torch.stack(a)"}
    assert marks("check_when_faster", capsys, changes)[0] == "no"


# Memory


MIB = 2**20


@pytest.mark.parametrize(
    ("held", "reserved", "said"),
    [
        # A copy of 1 MiB, then 2 in use; block, no_grad and checkpoint take 9, 1, 1.
        ([0, 1, 2, 2, 11, 2, 3, 2, 3], [66, 66, 2], ["yes"] * 6),
        # A copy takes nothing, nothing is kept or handed back, all ways take as much.
        ([0, 0, 2, 2, 11, 2, 11, 2, 11], [2, 2, 2], ["yes"] + ["no"] * 5),
        # Some of it is kept, and some handed back, and both ways take half as much.
        ([0, 2, 2, 2, 10, 2, 6, 2, 6], [65, 66, 3], ["yes"] + ["no"] * 5),
    ],
)
def test_memory_hears_another_count(capsys, monkeypatch, held, reserved, said):
    for name, values in (("memory_allocated", held), ("memory_reserved", reserved)):
        meter = map(MIB.__mul__, values)
        monkeypatch.setattr(torch.accelerator, name, meter.__next__)
    monkeypatch.setattr(torch.accelerator, "empty_cache", lambda: None)
    assert marks("check_memory", capsys, PLAYED) == said


def test_memory_hears_a_no_grad_that_records(capsys):
    changes = {"torch.no_grad()": "torch.enable_grad()"}
    assert marks("check_memory", capsys, changes)[0] == "no"


def test_a_meter_is_read_while_the_result_is_there(capsys):
    """The bytes of the tensors that are alive, counted as an allocator would."""
    names = names_of(WHERE["check_memory"])

    def meter():
        found = (o for o in gc.get_objects() if type(o) is torch.Tensor)
        return sum(tensor.nbytes for tensor in found)

    assert names["more"](meter, torch.ones, 1000) == 4000


# Mixed precision


def test_mixed_precision_says_no_where_softmax_default_and_products_are_those_of_a_cpu(
    capsys, monkeypatch
):
    monkeypatch.setattr(torch.cuda, "is_bf16_supported", lambda **_: True)
    monkeypatch.setattr(timeit, "repeat", lambda *_, **__: [1.0])
    monkeypatch.setattr(torch.backends.cuda, "matmul", SimpleNamespace())
    found = marks("check_mixed_precision", capsys, CUDA | {"4096": "64"})
    assert found == ["yes", "yes", "no", "no", "no", "no"]


def test_mixed_precision_says_yes_where_they_are_those_of_a_gpu(capsys, monkeypatch):
    clock = iter([[1.0], [2.0]])
    monkeypatch.setattr(torch.cuda, "is_bf16_supported", lambda **_: True)
    monkeypatch.setattr(timeit, "repeat", lambda *_, **__: next(clock))
    monkeypatch.setattr(torch.backends.cuda, "matmul", SimpleNamespace())
    changes = {"4096": "64", "y.softmax(1)": "y.float().softmax(1)"}
    changes["get_autocast_dtype(device.type)"] = 'get_autocast_dtype("cuda")'
    rounds = {"return (x @ x)": "return ((x @ x) * (2 if way == 'tf32' else 1))"}
    found = marks("check_mixed_precision", capsys, CUDA | changes | rounds)
    assert found == ["yes"] * 6


@pytest.mark.parametrize(
    ("new", "hip", "lacks"),
    [
        (False, None, "----  needs compute capability 8.0:"),
        (True, "7.0", "----  needs NVIDIA:"),
    ],
)
def test_mixed_precision_asks_old_and_amd_cards_for_no_speed(
    capsys, monkeypatch, new, hip, lacks
):
    monkeypatch.setattr(torch.cuda, "is_bf16_supported", lambda **_: new)
    monkeypatch.setattr(torch.version, "hip", hip)
    assert marks("check_mixed_precision", capsys, CUDA)[4:] == [lacks] * 2


def test_mixed_precision_asks_apple_and_intel_for_nothing_of_cuda(capsys):
    found = marks("check_mixed_precision", capsys, PLAYED)
    assert found[2] == found[4] == found[5] == "----  needs CUDA:"


def test_mixed_precision_hears_an_autocast_that_does_nothing(capsys, monkeypatch):
    monkeypatch.setattr(torch, "autocast", lambda *_, **__: contextlib.nullcontext())
    assert marks("check_mixed_precision", capsys, {})[0] == "no"


def test_mixed_precision_hears_a_loss_in_16_bits(capsys, monkeypatch):
    loss = nn.functional.mse_loss
    monkeypatch.setattr(nn.functional, "mse_loss", lambda *a: loss(*a).bfloat16())
    assert marks("check_mixed_precision", capsys, {})[1] == "no"


# Compile: without a compiler, which its other tests have


def compiled_as(monkeypatch, way, kernels):
    monkeypatch.setattr(torch, "compile", way)
    monkeypatch.setattr("torch._inductor.metrics.reset", lambda: None)
    monkeypatch.setattr("torch._inductor.metrics.generated_kernel_count", kernels)
    monkeypatch.setattr(torch.cuda, "get_device_capability", lambda: (7, 0))


SMALL = {"2**26": "1000"}


def test_compile_says_no_where_nothing_is_compiled(capsys, monkeypatch):
    compiled_as(monkeypatch, lambda f, mode=None: f, kernels=0)
    monkeypatch.setattr(timeit, "repeat", lambda *_, **__: [1.0])
    found = marks("check_compile", capsys, CUDA | SMALL)
    assert found == ["yes", "no", "no", "no", "yes"]


def test_compile_says_no_where_the_result_is_another(capsys, monkeypatch):
    compiled_as(monkeypatch, lambda f, mode=None: lambda x: f(x) + 1, kernels=4)
    clock = iter([[1.0], [2.0]])
    monkeypatch.setattr(timeit, "repeat", lambda *_, **__: next(clock))
    found = marks("check_compile", capsys, CUDA | SMALL)
    assert found == ["no", "no", "yes", "yes", "no"]


def test_compile_asks_nothing_of_a_card_too_old_for_triton(capsys, monkeypatch):
    def raises(f, mode=None):
        return lambda x: pytest.fail("this card cannot compile")

    compiled_as(monkeypatch, raises, kernels=0)
    monkeypatch.setattr(torch.cuda, "get_device_capability", lambda: (6, 1))
    found = marks("check_compile", capsys, CUDA | SMALL)
    assert found == ["----  needs compute capability 7.0:"] * 5


# Devices without a GPU


def refuse(*inputs, **named):
    raise RuntimeError("Expected all tensors to be on the same device, but found two")


def test_devices_says_no_where_the_gpu_refuses_nothing(capsys):
    found = marks("check_devices_without_a_gpu", capsys, CUDA)
    # What stays behind is where the GPU is played, and no two devices meet.
    assert found == ["yes"] * 3 + ["no"] * 4


def test_devices_says_yes_where_the_gpu_refuses_the_cpu(capsys, monkeypatch):
    for place, name in ((torch, "add"), (torch, "matmul"), (torch.Tensor, "add_")):
        monkeypatch.setattr(place, name, refuse)
    changes = {"refused(model, b.T)": "refused(torch.add, b.T)"}
    found = marks("check_devices_without_a_gpu", capsys, CUDA | changes)
    assert found == ["yes"] * 7


def test_devices_hears_another_message(capsys, monkeypatch):
    def other(*inputs):
        raise RuntimeError("Placeholder storage has not been allocated on MPS device!")

    monkeypatch.setattr(torch, "add", other)
    assert marks("check_devices_without_a_gpu", capsys, CUDA)[3] == "no"


def test_devices_says_no_where_weights_count_or_land_elsewhere(capsys, monkeypatch):
    changes = {"flops(meta)": "1", "kept = b ": "kept = b.to('meta') "}
    monkeypatch.setattr(nn.Module, "to_empty", lambda self, device: self)
    found = marks("check_devices_without_a_gpu", capsys, CUDA | changes)
    assert found[:3] == ["no"] * 3


# The texts of the pages of errors

ASKS_BUILD = ASKS_CUDA.replace('device.type == "cuda"', "torch.version.cuda")
ASKS_MPS = ASKS_CUDA.replace("cuda", "mps").replace("CUDA", "MPS")
BUILD = PLAYED | {ASKS_BUILD: 'no_cuda = ""'}
TEXTS = {"check_devices": BUILD | {ASKS_MPS: 'no_mps = ""'}, "check_gpu_memory": BUILD}


def raising(error):
    def run(*inputs, **named):
        raise error

    return run


@pytest.mark.parametrize(
    ("mark", "found"), [("yes", "text"), ("no", "'another'"), ("no", "None")]
)
@pytest.mark.parametrize("name", TEXTS)
def test_an_entry_hears_its_text_alone(name, capsys, mark, found):
    said = {"run(*inputs, **named)": found}
    entries = program(WHERE[name]).count("\nentry(")
    made = marks(name, capsys, TEXTS[name] | said)
    assert made[:entries] == [mark] * entries and len(made) == entries + 1


def test_of_the_texts_of_devices_a_cpu_says_those_that_need_no_gpu(capsys):
    calls = {'x.to, "cuda:99"': 'x.to, "cpu"'}
    found = marks("check_devices", capsys, TEXTS["check_devices"] | calls)
    assert found == ["no"] * 4 + ["yes"] * 3 + ["no"] * 3 + ["yes"]


class Pool:
    """Of one process that was forked."""

    def __init__(self, apply):
        self.apply = apply

    def __enter__(self):
        return self

    def __exit__(self, *ended):
        pass


def test_gpu_memory_says_yes_where_each_call_fails_as_on_cuda(capsys, monkeypatch):
    full = torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 65536.00 GiB")
    fork = RuntimeError("Cannot re-initialize CUDA in forked subprocess. To use CUDA")
    numpy = TypeError(
        "can't convert cuda:0 device type tensor to numpy. Use Tensor.cpu()"
    )
    said = b"torch.AcceleratorError: CUDA error: device-side assert triggered\n"
    other = subprocess.CompletedProcess([], 1, b"", said)
    way = SimpleNamespace(Pool=lambda count: Pool(raising(fork)))
    monkeypatch.setattr(torch, "played", raising(full), raising=False)
    monkeypatch.setattr(subprocess, "run", lambda *_, **__: other)
    monkeypatch.setattr(multiprocessing, "get_context", lambda name: way)
    monkeypatch.setattr(torch.Tensor, "numpy", raising(numpy))
    changes = {"torch.empty, 2**44": "torch.played, 2**44"}
    assert marks("check_gpu_memory", capsys, BUILD | changes) == ["yes"] * 6


def test_gpu_memory_says_no_where_no_call_fails(capsys, monkeypatch):
    other = subprocess.CompletedProcess([], 0, b"", b"")
    way = SimpleNamespace(Pool=lambda count: Pool(lambda *call: None))
    monkeypatch.setattr(subprocess, "run", lambda *_, **__: other)
    monkeypatch.setattr(multiprocessing, "get_context", lambda name: way)
    monkeypatch.setattr(torch.Tensor, "add_", lambda x, y: x.mul_(2))
    changes = {
        "meta.to, device": "x.to, device",
        "torch.empty, 2**44, device=device": "len, x",
    }
    assert marks("check_gpu_memory", capsys, BUILD | changes) == ["no"] * 6


def test_a_system_that_cannot_fork_is_not_asked(capsys, monkeypatch):
    monkeypatch.setattr(multiprocessing, "get_all_start_methods", lambda: ["spawn"])
    changes = {"run(*inputs, **named)": "text"}
    found = marks("check_gpu_memory", capsys, BUILD | changes)
    assert found[2] == "----  needs Linux:"
