"""The claims of docs/gpu/compile.md; graphs run as they are but where C++ is said."""

import inspect
import logging
import os
import re
import shutil
import subprocess
import sys
from types import SimpleNamespace

import pytest
import torch
from torch import nn
from torch.profiler import ProfilerActivity, profile

from harness.core.tree import HERE
from tests import forked
from tests.claims_support import printed

needs_compiler = pytest.mark.skipif(
    shutil.which("g++") is None, reason="no C++ compiler on this machine"
)


@pytest.fixture(autouse=True)
def forgets_what_was_compiled():
    torch.compiler.reset()
    yield
    torch.compiler.reset()


class Counts:
    """A backend that keeps each graph it is given, and runs it as it is."""

    def __init__(self):
        self.graphs = []

    def __call__(self, graph, inputs):
        self.graphs.append(graph)
        return graph.forward


def branches(x):
    y = torch.sin(x)
    if y.sum() > 0:
        y = y * 2
    return y + 1


# The same result


# In a process of its own: the compiler keeps settings, and other tests change them.
COMPILED = """
import torch

x = torch.linspace(-3, 3, 101)
y = torch.compile(lambda x: torch.sin(x) * torch.cos(x) + x)(x)
torch.testing.assert_close(y, torch.sin(2 * x) / 2 + x, rtol=0, atol=1e-6)
"""


@needs_compiler
@pytest.mark.weekly
@pytest.mark.timeout(300)
def test_compiled_agrees_with_eager_and_with_the_formula(tmp_path):
    program = [sys.executable, "-W", "ignore", "-c", COMPILED]
    env = os.environ | {"TORCHINDUCTOR_CACHE_DIR": str(tmp_path)}
    ended = subprocess.run(program, env=env, capture_output=True, text=True)
    assert ended.returncode == 0, ended.stderr[-2000:]


@pytest.mark.parametrize("backend", ["eager", "aot_eager"])
def test_a_captured_function_agrees_with_eager_and_with_the_formula(backend):
    def f(x):
        return torch.sin(x) * torch.cos(x) + x

    x = torch.linspace(-3, 3, 101)
    y = torch.compile(f, backend=backend)(x)
    assert torch.equal(y, f(x))
    torch.testing.assert_close(y, torch.sin(2 * x) / 2 + x, rtol=0, atol=1e-6)


def test_the_page_shows_what_generated_code_gives():
    """The lane runs it: the weekly test above needs a minute of a C++ compiler."""
    assert "same to 1e-6: True" in printed("gpu/four_operations_one_kernel")
    said = printed("gpu/compiled_equals_eager")
    assert "True" in said and "False" not in said


@pytest.mark.parametrize("backend", ["eager", "aot_eager"])
def test_gradients_of_a_compiled_model_are_those_of_eager(backend):
    torch.manual_seed(0)
    model = nn.Sequential(nn.Linear(4, 8), nn.Tanh(), nn.Linear(8, 1)).double()
    x = torch.randn(16, 4, dtype=torch.float64)
    found = []
    for run in (model, torch.compile(model, backend=backend)):
        model.zero_grad()
        run(x).square().mean().backward()
        found.append([p.grad for p in model.parameters()])
    torch.testing.assert_close(*found)


def test_the_weights_are_shared_and_the_first_call_compiles():
    backend, model = Counts(), nn.Linear(2, 1)
    compiled = torch.compile(model, backend=backend)
    assert compiled.weight is model.weight and not backend.graphs
    compiled(torch.ones(1, 2))
    assert len(backend.graphs) == 1


# What is compiled


def test_a_question_about_a_value_makes_two_graphs_and_one_break():
    found = torch._dynamo.explain(branches)(torch.ones(3))
    assert (found.graph_count, found.graph_break_count) == (2, 1)


def test_the_first_graph_ends_with_the_question_and_the_second_begins_after_it():
    backend = Counts()
    torch.compile(branches, backend=backend)(torch.ones(3))
    kinds = [[node.target for node in one.graph.nodes] for one in backend.graphs]
    assert [[*map(str, one)][-2] for one in kinds] == [
        *("<built-in function gt>", "<built-in function add>")
    ]
    assert "<built-in function mul>" in map(str, kinds[1]) and len(kinds) == 2


def test_the_result_with_a_break_is_right_in_both_branches():
    compiled = torch.compile(branches, backend="eager")
    for x in (torch.ones(3), -torch.ones(3)):
        assert torch.equal(compiled(x), branches(x))


def test_fullgraph_refuses_a_break():
    compiled = torch.compile(branches, backend="eager", fullgraph=True)
    with pytest.raises(torch._dynamo.exc.Unsupported, match="Data-dependent branchin"):
        compiled(torch.ones(3))


def in_a_for_loop(x):
    for n in range(3):
        x = x.sin() * n
        if x.sum() > 0:
            x = x * 2
    return x


def in_a_while_loop(x):
    n = 0
    while n < 3:
        x, n = x * x.max().item(), n + 1
    return x


def in_a_function_of_its_own(x):
    for _ in range(3):
        x = branches(x)
    return x


@pytest.mark.parametrize(
    "function, compiled",
    [(in_a_for_loop, 0), (in_a_while_loop, 0), (in_a_function_of_its_own, 2)],
)
def test_a_break_in_a_loop_compiles_only_functions_that_it_calls(function, compiled):
    backend = Counts()
    y = torch.compile(function, backend=backend)(torch.ones(3))
    assert torch.equal(y, function(torch.ones(3))) and len(backend.graphs) == compiled


@pytest.mark.parametrize("convert", [torch.Tensor.item, torch.Tensor.tolist])
def test_a_tensor_made_a_number_breaks(convert, monkeypatch):
    monkeypatch.setattr(logging.root.manager, "disable", logging.WARNING)
    found = torch._dynamo.explain(lambda x: x * convert(x.max()))(torch.ones(3))
    assert found.graph_break_count == 1


def test_fullgraph_takes_item_into_the_graph_and_refuses_print(capsys):
    backend = Counts()
    f = torch.compile(lambda x: x * x.sum().item(), backend=backend, fullgraph=True)
    assert f(torch.ones(3)).tolist() == [3, 3, 3] and len(backend.graphs) == 1

    def prints(x):
        y = x.sin()
        print("here")
        return y.cos()

    backend = Counts()
    torch.compile(prints, backend=backend)(torch.ones(3))
    assert len(backend.graphs) == 2 and capsys.readouterr().out == "here\n"
    torch.compiler.reset()
    with pytest.raises(torch._dynamo.exc.Unsupported):
        torch.compile(prints, backend=backend, fullgraph=True)(torch.ones(3))


def test_a_stance_runs_a_compiled_function_without_compiling():
    backend = Counts()
    f = torch.compile(lambda x: x * 3, backend=backend)
    with torch.compiler.set_stance("force_eager"):
        assert f(torch.ones(2)).tolist() == [3, 3] and not backend.graphs


# When it is compiled again


@pytest.mark.parametrize(
    ("dynamic", "counts"),
    [(None, [1, 2, 2, 2, 3]), (False, [1, 2, 3, 3, 4]), (True, [1, 1, 1, 1, 2])],
)
def test_compilations_by_batch_size(dynamic, counts):
    backend = Counts()
    f = torch.compile(lambda x: x * 2, backend=backend, dynamic=dynamic)
    found = []
    for size in [2, 4, 8, 4, 1]:
        assert torch.equal(f(torch.ones(size, 3)), torch.full((size, 3), 2.0))
        found.append(len(backend.graphs))
    assert found == counts


@pytest.mark.parametrize(
    ("sizes", "dynamic", "counts"),
    [
        ([1, 2, 4, 8], None, [1, 2, 2, 2]),
        ([2, 4, 1, 0, 8], None, [1, 2, 3, 4, 4]),
        ([1, 2, 4, 0], True, [1, 2, 2, 3]),
    ],
)
def test_sizes_of_zero_and_one_get_graphs_of_their_own(sizes, dynamic, counts):
    backend, model = Counts(), nn.Linear(3, 2)
    f = torch.compile(model, backend=backend, dynamic=dynamic)
    found = []
    for size in sizes:
        assert torch.equal(f(torch.ones(size, 3)), model(torch.ones(size, 3)))
        found.append(len(backend.graphs))
    assert found == counts


def test_an_if_about_the_size_splits_the_sizes():
    def f(x):
        y = x.sin()
        return y * 2 if x.shape[0] > 5 else y

    backend = Counts()
    compiled, found = torch.compile(f, backend=backend), []
    for size in [2, 8, 16, 3, 20]:
        x = torch.ones(size)
        assert torch.equal(compiled(x), f(x))
        found.append(len(backend.graphs))
    assert found == [1, 2, 2, 3, 3]


def test_a_marked_size_is_free_from_the_first_call_on_and_no_other():
    backend = Counts()
    f = torch.compile(lambda x: x * 2, backend=backend)
    found = []
    for shape in [(2, 3), (4, 3), (8, 3), (8, 5)]:
        x = torch.ones(shape)
        torch._dynamo.mark_dynamic(x, 0)
        f(x)
        found.append(len(backend.graphs))
    assert found == [1, 1, 1, 2]


def test_another_dtype_no_grad_and_other_strides_compile_again():
    backend = Counts()
    weight = nn.Parameter(torch.ones(3))
    f = torch.compile(lambda x: x * weight, backend=backend)
    found = []
    for dtype in (torch.float32, torch.float64, torch.float32):
        f(torch.ones(2, 3, dtype=dtype))
        found.append(len(backend.graphs))
    with torch.no_grad():
        f(torch.ones(2, 3))
    found.append(len(backend.graphs))
    for x in (torch.ones(3, 2).T, torch.ones(2, 3)):
        f(x)
        found.append(len(backend.graphs))
    assert found == [1, 2, 2, 3, 4, 4]


@pytest.mark.parametrize("marked", [False, True])
def test_sizes_that_were_equal_at_first_must_stay_equal_unless_one_is_marked(marked):
    backend = Counts()
    f = torch.compile(nn.Linear(6, 2), backend=backend, dynamic=True)
    first = torch.ones(6, 6)
    if marked:
        torch._dynamo.mark_dynamic(first, 0)
    for x in (first, torch.ones(4, 6)):
        f(x)
    assert len(backend.graphs) == (1 if marked else 2)


@pytest.mark.parametrize("last, graphs", [(3, 1), (1, 2)])
def test_a_marked_batch_takes_a_smaller_last_one_but_of_one_example(last, graphs):
    backend = Counts()
    f = torch.compile(nn.Linear(5, 5), backend=backend)
    first = torch.ones(5, 5)
    torch._dynamo.mark_dynamic(first, 0)
    for x in (first, torch.ones(5, 5), torch.ones(last, 5)):
        f(x)
    assert len(backend.graphs) == graphs


@pytest.mark.parametrize("kind", [nn.LSTM, nn.GRU])
def test_a_recurrent_layer_breaks_the_graph(kind):
    model = nn.Sequential(nn.Linear(4, 4), kind(4, 4))
    f = torch.compile(model, backend="eager", fullgraph=True)
    with pytest.raises(torch._dynamo.exc.Unsupported, match="RNN, GRU, or LSTM"):
        f(torch.ones(3, 4))


@pytest.mark.parametrize("all_of_them", [True, False])
def test_each_batch_must_be_marked_also_that_of_the_labels(all_of_them):
    f = torch.compile(nn.functional.cross_entropy, backend=Counts())
    x, y = torch.randn(4, 3), torch.zeros(4, dtype=torch.int64)
    torch._dynamo.mark_dynamic(x, 0)
    if all_of_them:
        torch._dynamo.mark_dynamic(y, 0)
        assert torch.equal(f(x, y), nn.functional.cross_entropy(x, y))
        return
    logging.disable(logging.CRITICAL)  # it prints the whole stack
    try:
        with pytest.raises(Exception, match="specialized it to be a constant"):
            f(x, y)
    finally:
        logging.disable(logging.NOTSET)


def test_where_computes_both_results_so_the_other_can_spoil_the_gradient():
    x = torch.zeros(2, requires_grad=True)
    y = torch.where(x.sum() > 0, x / x.sum(), x)
    assert y.tolist() == [0, 0]
    y.sum().backward()
    assert x.grad.isnan().all()


def test_compiled_code_is_kept_on_disk_where_the_variable_says(tmp_path, monkeypatch):
    from torch._inductor.runtime.cache_dir_utils import cache_dir

    assert torch._inductor.config.fx_graph_cache
    monkeypatch.setenv("TORCHINDUCTOR_CACHE_DIR", str(tmp_path))
    assert cache_dir() == str(tmp_path)


def test_only_max_autotune_looks_for_another_way_to_multiply():
    assert not torch._inductor.config.max_autotune_gemm
    for mode in ("default", "reduce-overhead", "max-autotune"):
        options = torch._inductor.list_mode_options(mode)
        assert options.get("max_autotune", False) == (mode == "max-autotune")


def test_cuda_graphs_take_memory_and_leave_out_functions_that_change_inputs():
    words = " ".join(torch.compile.__doc__.split())
    assert "reduces the overhead of python with CUDA graphs" in words
    assert "can come at the cost of more memory usage" in words
    assert "we only reduce overhead for CUDA only graphs which do not mutate" in words


def test_the_picture_counts_the_passes_of_each_way():
    """Two for sin and cos each, three for the product and the sum each."""
    eager, compiled = printed("gpu/passes_over_memory").splitlines()
    assert eager == f"eager: {2 + 2 + 3 + 3} passes over memory"
    assert compiled == "compiled: 2 passes over memory"


def test_after_eight_versions_it_runs_eager(monkeypatch):
    monkeypatch.setattr(logging.root.manager, "disable", logging.WARNING)
    backend = Counts()
    f = torch.compile(lambda x: x * 2, backend=backend, dynamic=False)
    for size in range(2, 20):
        assert f(torch.ones(size)).sum() == 2 * size
    assert len(backend.graphs) == torch._dynamo.config.recompile_limit == 8


def test_after_the_limit_known_sizes_keep_their_graphs(monkeypatch):
    monkeypatch.setattr(logging.root.manager, "disable", logging.WARNING)
    ran = []

    def backend(graph, inputs):
        return lambda *args: ran.append(len(args[0])) or graph.forward(*args)

    f = torch.compile(lambda x: x + 1, backend=backend, dynamic=False)
    with torch._dynamo.config.patch(recompile_limit=2):
        for size in [2, 3, 4, 5, 3, 5]:
            f(torch.ones(size))
    assert ran == [2, 3, 3]


def test_a_setting_of_the_module_that_changes_compiles_again():
    model, backend = nn.Dropout(0.5), Counts()
    compiled = torch.compile(model, backend=backend)
    for mode in (model.train, model.eval, model.train):
        mode()
        compiled(torch.ones(4))
    assert len(backend.graphs) == 2


# Pitfalls


def test_only_the_wrapper_has_prefixed_names():
    model = nn.Linear(2, 1)
    compiled = torch.compile(model, backend="eager")
    assert {k.split(".")[0] for k in compiled.state_dict()} == {"_orig_mod"}
    with pytest.raises(RuntimeError, match="_orig_mod.weight"):
        nn.Linear(2, 1).load_state_dict(compiled.state_dict())
    model.compile(backend="eager")
    nn.Linear(2, 1).load_state_dict(model.state_dict())


def test_the_eager_backend_keeps_the_random_numbers():
    dropout = nn.Dropout(0.5)
    found = []
    for run in (dropout, torch.compile(dropout, backend="eager")):
        torch.manual_seed(0)
        found.append(run(torch.ones(64)))
    assert torch.equal(*found)


def test_the_eager_backend_runs_the_operations_as_they_are():
    def f(x):
        return (x * 2 + 1).sin()

    found, x = [], torch.ones(3)
    for run in (f, torch.compile(f, backend="eager")):
        run(x)
        with profile(activities=[ProfilerActivity.CPU]) as profiler:
            run(x)
        names = [event.name for event in profiler.events()]
        found.append([name for name in names if name.startswith("aten::")])
    assert found[0] == found[1] and "aten::sin" in found[0]


# Which GPUs


def test_a_card_older_than_compute_capability_7_is_refused_by_name():
    """torch/_inductor/scheduler.py asks, and torch/_inductor/exc.py words it."""
    from torch._inductor import scheduler
    from torch._inductor.exc import GPUTooOldForTriton

    asks = inspect.getsource(scheduler.Scheduler.create_backend)
    assert re.search(r"\.major < 7\s*\):\s*raise GPUTooOldForTriton", asks)
    card = SimpleNamespace(name="GTX 1080", major=6, minor=1)
    said = str(GPUTooOldForTriton(card, None))
    assert "is too old to be supported by the triton GPU compiler" in said
    assert "CUDA Capability >= 7.0" in said
    page = (HERE.docs / "gpu/compile.md").read_text()
    assert "`is too old to be supported by the triton GPU compiler`" in page


def test_for_an_apple_gpu_torch_writes_metal():
    from torch._inductor.codegen import common

    common.init_backend_registration()
    assert common.get_scheduling_for_device("mps").__name__ == "MetalScheduling"


NAN = """
import torch
nan = torch.tensor([float("nan")])
try:
    torch.distributions.Normal(nan, 1.0)
except ValueError:
    torch.compile(lambda x: x + 1, backend="eager")(nan)
    print(torch.distributions.Normal(nan, 1.0).sample().isnan().item())
"""


def test_after_a_compilation_a_distribution_takes_nan():
    """Once a process: torch switches the check off when it first compiles."""
    assert forked.run(NAN, modules=forked.WITH_DDP).stdout == "True\n"
