"""The claims of docs/autograd/define-by-run.md."""

import sys
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
import torch
from torch import fx, nn

from tests import forked

SNIPPETS = Path(__file__).parents[3] / "snippets" / "autograd"


def halve(x):
    while x > 1:
        x = x / 2
    return x


def branch(x):
    return 3 * x if x > 0 else x**2


def chain(tensor):
    """The names of its nodes, where each has one that leads on."""
    names, node = [], tensor.grad_fn
    while node:
        names.append(node.name())
        node = node.next_functions[0][0] if node.next_functions else None
    return names


def ops(graph):
    return [node.op for node in graph.graph.nodes]


# The run makes the graph


@pytest.mark.parametrize(
    "value, divisions", [(0.5, 0), (1.5, 1), (3.0, 2), (100.0, 7), (1024.0, 10)]
)
def test_the_number_that_comes_in_decides_how_long_the_graph_is(value, divisions):
    x = torch.tensor(value, requires_grad=True)
    y = halve(x)
    names = chain(y)
    assert names.count("DivBackward0") == divisions
    assert len(names) == (divisions + 1 if divisions else 0)
    y.backward()
    assert x.grad.item() == 2.0**-divisions
    assert y.item() == value * 2.0**-divisions


def test_a_loop_that_does_nothing_returns_its_input():
    x = torch.tensor(0.5, requires_grad=True)
    assert halve(x) is x


def test_the_slope_jumps_where_the_graph_changes():
    slopes = []
    for value in (2.0, 2.1):
        x = torch.tensor(value, requires_grad=True)
        halve(x).backward()
        slopes.append(x.grad.item())
    assert slopes == [0.5, 0.25]


def test_plain_tensors_leave_no_graph():
    y = halve(torch.tensor(100.0))
    assert y.item() == 0.78125 and y.grad_fn is None


# Graph first


def test_fx_calls_the_function_once_with_a_stand_in_and_never_again():
    calls = []

    def f(w):
        calls.append(type(w))
        return (2 * w - 6) ** 2

    graph = fx.symbolic_trace(f)
    assert calls == [fx.Proxy]
    assert ops(graph) == ["placeholder", *["call_function"] * 3, "output"]
    for value in (1.0, 2.0, 5.0):
        assert graph(torch.tensor(value)).item() == (2 * value - 6) ** 2
    assert len(calls) == 1


def test_what_was_printed_is_not_in_the_graph():
    def f(w):
        print("hello")
        return 2 * w

    graph = fx.symbolic_trace(f)
    assert "print" not in graph.code and "mul" in graph.code


def test_a_stand_in_has_a_name_and_no_number():
    def f(w):
        double = 2 * w
        assert str(double) == "Proxy(mul)"
        with pytest.raises((TypeError, AttributeError, fx.proxy.TraceError)):
            float(double)
        return double

    fx.symbolic_trace(f)


def test_a_stand_in_cannot_answer_an_if():
    with pytest.raises(
        fx.proxy.TraceError, match="cannot be used as inputs to control flow"
    ):
        fx.symbolic_trace(branch)


class Branch(nn.Module):
    def forward(self, x):
        return torch.cond(x > 0, lambda x: 3 * x, lambda x: x**2, (x,))


def test_cond_exports_both_branches():
    program = torch.export.export(Branch(), (torch.tensor(1.0),))
    inner = [name for name, _ in program.graph_module.named_children()]
    assert len(inner) == 2
    for value in (2.0, -2.0):
        x = torch.tensor(value)
        assert program.module()(x).item() == branch(value)


def test_a_branch_of_cond_returns_no_input_but_its_clone():
    x = torch.tensor(2.0)
    with pytest.raises(Exception, match="aliasing"):
        torch.cond(x > 0, lambda x: x, lambda x: -x, (x,))
    for value in (2.0, -2.0):
        x = torch.tensor(value)
        assert torch.cond(x > 0, lambda x: x.clone(), lambda x: -x, (x,)) == 2


def test_twenty_session_runs_move_w_almost_to_three():
    w = np.float32(1.0)
    for _ in range(20):
        w -= np.float32(0.0625) * 2 * (2 * w - 6) * 2
    assert str(w) == "2.999998"
    out = SNIPPETS / "session_before_numbers.out"
    if out.exists():  # recorded only where TensorFlow is installed
        name, last = out.read_text().splitlines()
        assert name.startswith("Tensor(") and "16" not in name
        assert last == str(w)


# Compile and export


@pytest.fixture
def recorder():
    torch.compiler.reset()
    graphs = []

    def backend(graph, inputs):
        graphs.append([n.target for n in graph.graph.nodes if "call" in n.op])
        return graph.forward

    backend.graphs = graphs
    yield backend
    torch.compiler.reset()


def test_symbolic_trace_refuses_cond_and_takes_a_plain_program():
    def f(x):
        return torch.cond(x > 0, lambda x: 3 * x, lambda x: x**2, (x,))

    with pytest.raises(RuntimeError, match="Expected pred to be bool or tensor"):
        fx.symbolic_trace(f)
    assert fx.symbolic_trace(lambda x: 3 * x)(torch.tensor(2.0)) == 6


def test_compile_makes_a_graph_for_each_branch_when_it_is_first_taken(recorder):
    f = torch.compile(branch, backend=recorder)
    made = []
    for value in (1.0, 2.0, -1.0, -2.0):
        assert f(torch.tensor(value)).item() == branch(value)
        made.append(len(recorder.graphs))
    assert made == [2, 2, 3, 3]
    names = [[getattr(t, "__name__", t) for t in graph] for graph in recorder.graphs]
    assert names == [["gt"], ["mul"], ["pow"]]


def test_a_tensor_of_another_shape_or_dtype_gets_a_graph_of_its_own(recorder):
    f = torch.compile(lambda x: 3 * x, backend=recorder)
    made = []
    for value, dtype in [
        (1.0, torch.float32),
        (2.0, torch.float32),
        ([2.0], torch.float32),
        (2.0, torch.float64),
    ]:
        f(torch.tensor(value, dtype=dtype))
        made.append(len(recorder.graphs))
    assert made == [1, 1, 2, 3]


def test_below_no_grad_the_same_tensor_gets_a_graph_of_its_own(recorder):
    f = torch.compile(lambda x: 3 * x, backend=recorder)
    for count, mode in enumerate((torch.enable_grad, torch.no_grad), 1):
        with mode():
            for _ in range(2):
                f(torch.ones(3))
        assert len(recorder.graphs) == count


def test_another_shape_often_gets_a_graph_and_not_always(recorder):
    f = torch.compile(lambda x: 3 * x, backend=recorder)
    made = []
    for size in (3, 4, 5, 6):
        f(torch.ones(size))
        made.append(len(recorder.graphs))
    assert made == [1, 2, 2, 2]


def test_the_cut_is_a_graph_break_and_one_whole_graph_is_refused(recorder):
    f = torch.compile(branch, backend=recorder, fullgraph=True)
    with pytest.raises(torch._dynamo.exc.Unsupported, match="branching"):
        f(torch.tensor(1.0))


class Scale(nn.Module):
    factor = 2.0

    def forward(self, x):
        return self.factor * x


def test_an_exported_program_keeps_the_old_setting_and_stays_wrong():
    model, x = Scale(), torch.tensor([1.0, 2.0])
    exported = torch.export.export(model, (x,)).module()
    model.factor = 3.0
    assert exported(x).tolist() == [2.0, 4.0]
    assert model(x).tolist() == [3.0, 6.0]
    again = torch.export.export(model, (x,)).module()
    assert again(x).tolist() == [3.0, 6.0]


def test_an_export_shares_the_weights_which_are_no_python_numbers():
    model, x = nn.Linear(2, 1), torch.ones(3, 2)
    exported = torch.export.export(model, (x,)).module()
    before = exported(x)
    with torch.no_grad():
        model.weight.add_(1)  # as a later training would
    assert torch.equal(exported(x), model(x)) and not torch.equal(exported(x), before)


def test_compile_makes_another_graph_for_a_new_setting_but_not_for_each(recorder):
    model, x = Scale(), torch.tensor([1.0, 2.0])
    compiled = torch.compile(model, backend=recorder)
    assert compiled(x).tolist() == [2.0, 4.0] and len(recorder.graphs) == 1
    compiled(x)
    assert len(recorder.graphs) == 1
    model.factor = 3.0
    assert compiled(x).tolist() == [3.0, 6.0] and len(recorder.graphs) == 2
    for factor in (4.0, 5.0, 6.0, 7.0):  # soon it is an input of the graph
        model.factor = factor
        assert compiled(x).tolist() == [factor, 2 * factor]
    assert len(recorder.graphs) == 3


def test_an_int_of_a_module_gets_a_graph_for_each_value(recorder):
    model, x = Scale(), torch.tensor([1.0, 2.0])
    compiled = torch.compile(model, backend=recorder)
    for count, factor in enumerate((2, 3, 4), 1):
        model.factor = factor
        assert compiled(x).tolist() == [factor, 2 * factor]
        assert len(recorder.graphs) == count


def test_the_float_of_a_dropout_gets_a_graph_for_each_value(recorder):
    model = nn.Sequential(nn.Linear(2, 2), nn.Dropout())
    compiled = torch.compile(model, backend=recorder)
    for count, p in enumerate((0.1, 0.2, 0.3, 0.4, 0.5), 1):
        model[1].p = p
        compiled(torch.ones(3, 2))
        assert len(recorder.graphs) == count


def test_after_some_graphs_new_values_run_without_one(recorder):
    model, x = Scale(), torch.tensor([1.0, 2.0])
    compiled = torch.compile(model, backend=recorder)
    assert torch._dynamo.config.recompile_limit == 8
    with torch._dynamo.config.patch(recompile_limit=2):
        for factor in (2, 3, 4, 5):
            model.factor = factor
            assert compiled(x).tolist() == [factor, 2 * factor]
    assert len(recorder.graphs) == 2


def test_a_python_number_is_frozen_even_if_it_is_passed_as_an_input():
    class Scaled(nn.Module):
        def forward(self, x, factor):
            return factor * x

    x = torch.tensor([1.0, 2.0])
    exported = torch.export.export(Scaled(), (x, 2.0)).module()
    assert exported(x, 2.0).tolist() == [2.0, 4.0]
    with pytest.raises(AssertionError, match="Guard failed: factor == 2.0"):
        exported(x, 3.0)


def test_what_is_passed_as_an_input_may_change_after_the_export():
    class Scaled(nn.Module):
        def forward(self, x, factor):
            return factor * x

    x = torch.tensor([1.0, 2.0])
    exported = torch.export.export(Scaled(), (x, torch.tensor(2.0))).module()
    assert exported(x, torch.tensor(3.0)).tolist() == [3.0, 6.0]


# TorchScript


def scripted(x: torch.Tensor):
    return 3 * x if bool(x > 0) else x**2


def test_script_warns_and_still_follows_both_branches():
    with pytest.warns(DeprecationWarning, match="`torch.jit.script` is deprecated"):
        f = torch.jit.script(scripted)
    assert [f(torch.tensor(v)).item() for v in (2.0, -2.0)] == [6.0, 4.0]


def test_on_newer_pythons_the_warning_is_stronger(monkeypatch):
    monkeypatch.setattr(sys, "version_info", (3, 14, 0, "final", 0))
    with pytest.warns(DeprecationWarning, match="is not supported .* may break"):
        torch.jit.script(scripted)


class Doubles(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.factor = 2.0

    def forward(self, x: torch.Tensor):
        return self.factor * x


@pytest.mark.filterwarnings("ignore:.*torch.jit.script:DeprecationWarning")
def test_torch_finds_annotations_where_newer_pythons_keep_them(monkeypatch):
    """Python 3.14: keeps those of a class where none of its objects finds them."""
    if sys.version_info < (3, 14):  # stand-ins for what that Python has

        def get_annotations(thing, *, format):
            return {}

        stand_in = SimpleNamespace(
            get_annotations=get_annotations, Format=SimpleNamespace(FORWARDREF=3)
        )
        monkeypatch.setitem(sys.modules, "annotationlib", stand_in)
        monkeypatch.setattr(sys, "version_info", (3, 14, 0, "final", 0))
        monkeypatch.setattr(Doubles, "__getattribute__", finds_no_annotations)
    with pytest.raises(
        AttributeError, match="object has no attribute '__annotations__'"
    ):
        _ = Doubles().__annotations__
    assert torch.jit.script(Doubles())(torch.tensor(3.0)).item() == 6


def finds_no_annotations(module, name):
    if name == "__annotations__":
        raise AttributeError(name)
    return object.__getattribute__(module, name)


def test_python_hides_that_warning_unless_asked(tmp_path):
    program = tmp_path / "program.py"
    source = (
        "import torch\ndef f(x: torch.Tensor):\n    return 3 * x\ntorch.jit.script(f)\n"
    )

    def said(before=""):
        program.write_text(before + source)  # a file, as torch reads the function there
        ended = forked.run(program)
        assert ended.returncode == 0
        return ended.stderr

    assert said() == ""
    asked = "import warnings\nwarnings.simplefilter('default')\n"
    assert "`torch.jit.script` is deprecated" in said(asked)
