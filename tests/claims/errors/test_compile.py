"""What the page of errors of compile claims beyond what its programs print."""

import logging
import os
import subprocess
import sys
from functools import partial
from pathlib import Path

import pytest
import torch
from torch import nn

from tests.claims_support import Later, printed

exc = Later("torch._dynamo.exc")


@pytest.fixture(autouse=True)
def fresh():
    logging.disable(logging.WARNING)
    torch.compiler.reset()
    yield
    torch.compiler.reset()
    logging.disable(logging.NOTSET)


def test_the_limit_of_graphs_is_8():
    limit = torch._dynamo.config.recompile_limit
    assert limit == 8


def graphs(function, calls, **options):
    """How many graphs the calls need."""
    made = []

    def backend(graph, inputs):
        made.append(graph)
        return graph.forward

    options = {"backend": backend, "fullgraph": True, **options}
    compiled = torch.compile(function, **options)
    for call in calls:
        compiled(*call)
    return len(made)


X = torch.ones(3)
SIZES = [(torch.ones(size),) for size in range(2, 14)]


def test_by_default_the_second_size_makes_a_graph_for_all():
    assert graphs(lambda x: x * 2, SIZES) == 2


def test_dynamic_makes_one_graph():
    assert graphs(lambda x: x * 2, SIZES, dynamic=True) == 1


@pytest.mark.parametrize("size, count", [(2, 1), (3, 2)])
def test_dynamic_makes_a_second_graph_where_two_sizes_were_equal_at_first(size, count):
    batches = [(torch.ones(n, 3),) for n in (size, *range(4, 14))]
    assert graphs(nn.Linear(3, 2), batches, dynamic=True) == count


def test_dynamic_makes_few_graphs_for_any_sizes():
    few = [2, 3, 4]
    sizes = [(torch.ones(n, k, m),) for n in few for k in few for m in few]
    assert graphs(lambda x: x * 2, sizes, dynamic=True) < 5


def test_a_number_that_changes_is_no_cause_by_default():
    assert graphs(lambda x, n: x * n, [(X, n) for n in range(12)]) == 2


@pytest.mark.parametrize("dynamic", [None, True])
def test_a_number_of_rounds_makes_a_graph_each(dynamic):
    def rounds(x, n):
        for i in range(n):
            x = x + i
        return x

    calls = [(X, n) for n in range(2, 6)]
    assert graphs(rounds, calls, dynamic=dynamic) == len(calls)
    body = [(X, i) for n in range(2, 10) for i in range(n)]
    assert graphs(lambda x, i: x + i, body, dynamic=dynamic) < 4


class Counts(nn.Module):
    def __init__(self):
        super().__init__()
        self.n = 0

    def forward(self, x):
        self.n += 1
        return x * self.n


GLOBAL = {"rate": 0}


def reads_a_global(x, n):
    return x * GLOBAL["rate"]


def numbers_of_a_global():
    for n in range(12):
        GLOBAL["rate"] = n
        yield X, None


@pytest.mark.parametrize(
    ("function", "calls", "options"),
    [
        (lambda x: x * 2, SIZES, {"dynamic": False}),
        (lambda x, n: x * n, [(X, n) for n in range(12)], {"dynamic": False}),
        (Counts(), [(X,)] * 12, {}),
        (lambda x, text: x * len(text), [(X, str(n)) for n in range(12)], {}),
        (reads_a_global, numbers_of_a_global(), {}),
    ],
    ids=["sizes", "numbers", "counter", "string", "global"],
)
def test_a_new_graph_for_each_call_ends_at_the_limit(function, calls, options):
    with pytest.raises(exc.FailOnRecompileLimitHit):
        graphs(function, calls, **options)


class Numbered(nn.Module):
    def __init__(self, layer_idx):
        super().__init__()
        self.layer_idx = layer_idx

    def forward(self, x):
        return x * self.layer_idx


def test_layers_with_a_number_each_end_at_the_limit_but_as_one_model_do_not():
    layers = [Numbered(n) for n in range(12)]
    with pytest.raises(exc.FailOnRecompileLimitHit):
        for layer in layers:
            graphs(layer, [(X,)])
    assert graphs(nn.Sequential(*layers), [(X,)] * 2) == 1


def doubled_or_tripled(x, text):
    return x * 2 if text < "5" else x * 3


def test_one_compiled_function_for_each_string_ends_at_the_limit_all_the_same():
    one_each = [partial(doubled_or_tripled, text=str(n)) for n in range(12)]
    with pytest.raises(exc.FailOnRecompileLimitHit):
        for function in one_each:
            graphs(function, [(X,)])


def test_strings_that_are_compared_outside_make_a_graph_for_each_function():
    made = [graphs(function, [(X,)] * 6) for function in (lambda x: x * 2, torch.neg)]
    assert made == [1, 1]


def test_numbers_as_tensors_make_one_graph():
    assert graphs(lambda x, n: x * n, [(X, torch.tensor(n)) for n in range(12)]) == 1


def floats_of_a_global():
    for n in range(12):
        GLOBAL["rate"] = n + 0.5
        yield X, None


def test_a_global_that_is_no_whole_number_makes_no_more_graphs():
    assert graphs(reads_a_global, floats_of_a_global()) == 2


def by_size(x):
    return x * 2 if x.shape[0] > 7 else x * 3


def test_dynamic_makes_more_graphs_where_the_code_asks_about_the_size():
    assert graphs(by_size, SIZES, dynamic=True) == 2


def doubled_until(x):
    while x.sum() < 10:
        x = x * 2
    return x


@pytest.mark.parametrize(
    "function", [doubled_until, lambda x: x if x.sum() > 0 and x.max() > 2 else -x]
)
def test_while_and_and_are_data_dependent_branching_too(function):
    with pytest.raises(exc.Unsupported, match="Data-dependent branching"):
        graphs(function, [(X,)])


def test_an_export_takes_an_if_on_the_shape():
    class ByShape(nn.Module):
        def forward(self, x):
            return by_size(x)

    exported = torch.export.export(ByShape(), (torch.ones(9),)).module()
    assert exported(torch.ones(9)).sum() == 18


@pytest.mark.parametrize("other", [torch.ones(3, 3), torch.ones(3).double()])
def test_a_dtype_and_a_number_of_dimensions_make_a_graph_of_their_own(other):
    with torch._dynamo.config.patch(recompile_limit=1):
        with pytest.raises(exc.FailOnRecompileLimitHit):
            graphs(lambda x: x * 2, [(torch.ones(3),), (other,)])


@pytest.mark.parametrize(
    ("function", "calls", "reason"),
    [
        (torch.neg, [(X,), (torch.ones(7),)], "size mismatch"),
        (lambda x, n: x * n, [(X, 2), (X, 3)], "n == 2"),
        (Counts(), [(X,), (X,)], "self.n == "),
        (lambda x, mode: x * len(mode), [(X, "a"), (X, "bc")], "mode == 'a'"),
        (torch.neg, [(X,), (X.double(),)], "dtype mismatch"),
        (torch.neg, [(X,), (X[None],)], "rank mismatch"),
    ],
)
def test_the_reason_names_the_cause(function, calls, reason, monkeypatch):
    said = []
    log = logging.getLogger("torch._dynamo.convert_frame")
    monkeypatch.setattr(log, "warning", lambda text, *of: said.append(text % of))
    with torch._dynamo.config.patch(recompile_limit=1):
        with pytest.raises(exc.FailOnRecompileLimitHit):
            graphs(function, calls, dynamic=False)
    assert reason in said[0]


def test_eager_tells_a_failing_compiler_from_a_failing_function():
    def fails(graph, inputs):
        raise RuntimeError("unknown")

    def wrong(x):
        return x @ x

    x = torch.ones(2, 3)
    with pytest.raises(torch._dynamo.exc.BackendCompilerFailed, match="unknown"):
        torch.compile(torch.neg, backend=fails)(x)
    assert torch.equal(torch.compile(torch.neg, backend="eager")(x), -x)
    with pytest.raises(RuntimeError):
        torch.compile(wrong, backend="eager")(x)


def test_an_exported_model_is_one_file_if_told_so():
    assert "m.onnx.data" in printed("errors/training/onnx_file_alone")
    assert "['m.onnx']" in printed("errors/training/onnx_in_one_file")


@pytest.mark.filterwarnings("ignore::FutureWarning")
def test_the_first_file_of_an_export_may_be_renamed_and_the_second_not(tmp_path):
    onnx, session = pytest.importorskip("onnxruntime"), tmp_path / "m.onnx"
    model = nn.Linear(64, 64).eval()
    torch.onnx.export(model, (torch.ones(2, 64),), session, verbose=False)
    other = session.rename(tmp_path / "n.onnx")
    assert onnx.InferenceSession(other).get_inputs()[0].shape == [2, 64]
    (tmp_path / "m.onnx.data").rename(tmp_path / "n.onnx.data")
    with pytest.raises(Exception, match="External data path"):
        onnx.InferenceSession(other)


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_by_default_a_trace_runs_the_code_three_times():
    seen = []

    def function(x):
        seen.append(x)
        return x + 1

    for options, calls in (({"check_trace": False}, 1), ({}, 3)):
        seen.clear()
        traced = torch.jit.trace(function, torch.ones(2), **options)
        assert len(seen) == calls
        assert traced(torch.zeros(2)).tolist() == [1, 1] and len(seen) == calls


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
@pytest.mark.parametrize(
    "ask", [lambda x: x * float(x.sum()), lambda x: x if x.sum() > 0 else -x]
)
def test_a_trace_keeps_the_answer_of_its_example(ask):
    with pytest.warns(torch.jit.TracerWarning, match="the trace to be incorrect"):
        traced = torch.jit.trace(ask, torch.ones(3), check_trace=False)
    assert torch.equal(traced(torch.ones(3)), ask(torch.ones(3)))
    other = -2 * torch.ones(3)
    assert not torch.equal(traced(other), ask(other))


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_a_trace_that_asks_nothing_gives_no_warning(recwarn):
    traced = torch.jit.trace(lambda x: torch.where(x > 0, x, -x), torch.ones(3))
    assert torch.equal(traced(-torch.ones(3)), torch.ones(3))
    kinds = {one.category for one in recwarn}
    assert torch.jit.TracerWarning not in kinds


def test_an_export_takes_a_module_and_no_function():
    with pytest.raises(ValueError, match="instance of `torch.nn.Module`"):
        torch.export.export(by_size, (X,))


@pytest.mark.weekly
def test_a_space_in_the_path_of_torch_breaks_the_linker(tmp_path):
    """torch gives the linker its own folder, and does not quote it."""
    (place := tmp_path / "a b").symlink_to(Path(torch.__file__).parents[1])
    program = "import torch\ntorch.compile(lambda x: x.sin() + 1)(torch.ones(3))\n"
    env = os.environ | {"TORCHINDUCTOR_CACHE_DIR": str(tmp_path / "cache")}
    for path, code in ((place, 1), (place.resolve(), 0)):
        ran = subprocess.run(
            [sys.executable, "-c", program],
            env=env | {"PYTHONPATH": str(path)},
            capture_output=True,
            text=True,
        )
        assert ran.returncode == code, ran.stderr[-2000:]
        assert ("cannot find -ltorch" in ran.stderr) == bool(code)
        assert ("InductorError: CppCompileError" in ran.stderr) == bool(code)


class Asserts(nn.Module):
    def forward(self, x):
        assert x.sum() > 0
        return x


def test_an_export_refuses_an_assert_about_values_in_the_same_words():
    with pytest.raises(RuntimeError, match=r"Could not guard .* Eq\(u0, 1\)"):
        torch.export.export(Asserts(), (torch.ones(3),))


@pytest.mark.parametrize("rows", [1, 2])
def test_a_size_may_vary_only_if_the_example_has_at_least_two(rows):
    some = torch.export.Dim("rows", min=1, max=64)
    model, example = nn.Linear(4, 3), (torch.ones(rows, 4),)
    if rows == 1:
        with pytest.raises(Exception, match="specialized it to be a constant"):
            torch.export.export(model, example, dynamic_shapes=({0: some},))
        return
    program = torch.export.export(model, example, dynamic_shapes=({0: some},)).module()
    assert [len(program(torch.ones(n, 4))) for n in (1, 2, 64)] == [1, 2, 64]


@pytest.mark.filterwarnings("ignore::FutureWarning")
def test_the_bytes_of_the_first_file_do_not_say_where_the_second_is(tmp_path):
    onnx, file = pytest.importorskip("onnxruntime"), tmp_path / "m.onnx"
    model = nn.Linear(64, 64).eval()
    torch.onnx.export(model, (torch.ones(2, 64),), file, verbose=False)
    with pytest.raises(Exception, match="External data path validation failed"):
        onnx.InferenceSession(file.read_bytes())
    assert onnx.InferenceSession(file).get_inputs()[0].shape == [2, 64]


def test_a_loop_that_ends_by_a_value_stays_outside_of_the_export():
    class Doubles(torch.nn.Module):
        def forward(self, x):
            while x.sum() < 10:
                x = 2 * x
            return x

    class Once(torch.nn.Module):
        def forward(self, x):
            return 2 * x

    x = torch.ones(3)
    with pytest.raises(Exception, match=r"Could not guard on data-dependent .*Eq\(u0"):
        torch.export.export(Doubles(), (x,))
    once, right = torch.export.export(Once(), (x,)).module(), Doubles()(x)
    while x.sum() < 10:
        x = once(x)
    assert torch.equal(x, right)
