"""The claims of docs/keras/better.md, each library against a formula by hand."""

import ast
import cProfile
import inspect
import json
import pstats
import re
from pathlib import Path

import numpy as np
import pytest
import torch
from torch.nn import functional as F

from tests.claims_support import READS_TENSORS, keras, names_of

ROOT = Path(__file__).parents[3]
pytestmark = READS_TENSORS


def after(steps, lr):
    """Where descent from 0 to 2 stands: each step leaves the same part of the gap."""
    return 2 - 2 * (1 - 2 * lr * 14 / 3) ** steps  # 14 / 3 is the mean of x * x


@pytest.fixture(scope="module")
def ways():
    """The two functions of the page, without what it prints of them."""
    found = names_of("keras/better_by_default", upto="print(")
    return found["by_pytorch"], found["by_keras"]


def test_the_defaults_alone_make_keras_arrive_first(ways):
    assert inspect.signature(torch.optim.SGD).parameters["lr"].default == 0.001
    rate = inspect.signature(keras.optimizers.SGD).parameters["learning_rate"]
    assert rate.default == 0.01
    ours, theirs = (way() for way in ways)
    assert ours == pytest.approx(after(50, 0.001), abs=1e-4)
    assert theirs == pytest.approx(after(50, 0.01), abs=1e-4)
    assert ours < 1 < 1.98 < theirs


@pytest.mark.parametrize("lr", [0.01, 0.1])
def test_with_one_learning_rate_they_agree(ways, lr):
    by_pytorch, by_keras = ways
    ours, theirs = by_pytorch(lr=lr), by_keras(learning_rate=lr)
    assert ours == pytest.approx(theirs, abs=1e-6)
    assert ours == pytest.approx(after(50, lr), abs=1e-4)
    assert lr == 0.01 or f"{ours:.2f}" == f"{theirs:.2f}" == "2.00"


def test_the_figure_draws_the_curves_of_the_formula():
    file = ROOT / "recorded/figures/keras/equal_rates_equal_curves.json"
    left, right = json.loads(file.read_text("utf-8"))["axes"]
    rates = [(0.001, 0.01), (0.01, 0.01)]
    for axes, pair in zip((left, right), rates, strict=True):
        for line, lr in zip(axes["lines"], pair, strict=False):
            by_hand = [after(step, lr) for step in range(51)]
            assert line[1::2] == pytest.approx(by_hand, abs=1e-3)


def test_a_sign_step_of_ones_own_prints_the_same_in_both_and_by_hand():
    x = np.array([[1.0, -2.0], [3.0, 4.0], [-1.0, 1.0]])
    y = np.array([[1.0], [2.0], [-3.0]])
    w, lines = np.zeros((2, 1)), []
    for step in range(1, 6):
        w -= 0.25 * np.sign(x.T @ (x @ w - y))
        lines.append(f"{step} {w.ravel().tolist()}")
    for side in ("pytorch", "keras"):
        out = ROOT / f"snippets/keras/sign_step_in_{side}.out"
        assert out.read_text("utf-8").splitlines() == lines


def test_the_rule_of_the_keras_class_is_update_step_alone():
    source = (ROOT / "snippets/keras/sign_step_in_keras.py").read_text("utf-8")
    assert re.findall(r"def (\w+)", source) == ["update_step"]
    base = keras.optimizers.Optimizer
    with pytest.raises(NotImplementedError):
        base.update_step(object(), None, None, None)


def test_pytorch_names_the_shapes_and_keras_names_the_layer():
    x = torch.ones(1, 4)
    with pytest.raises(RuntimeError, match=r"^mat1 and mat2 .* \(1x4 and 3x2\)$"):
        torch.nn.Linear(3, 2)(x)
    layer = keras.layers.Dense(2, name="head")
    layer.build((None, 3))
    with pytest.raises(ValueError, match="'head'.* value 3, .* shape \\(1, 4\\)"):
        layer(x)


def test_a_mistake_in_a_loss_gets_the_words_of_pytorch_in_both():
    logits, y = torch.ones(2, 3), torch.tensor([0, 3])
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    for call in (lambda: F.cross_entropy(logits, y), lambda: loss(y, logits)):
        with pytest.raises(IndexError, match=r"^Target 3 is out of bounds\.$"):
            call()


@pytest.mark.parametrize(
    "loss, y, raised, words",
    [
        ("CategoricalCrossentropy", (2, 4), ValueError, "`output` must have the same"),
        ("BinaryCrossentropy", (2, 4), ValueError, "`output` must have the same shape"),
        ("SparseCategoricalCrossentropy", (5,), ValueError, "must have the same shape"),
        ("MeanSquaredError", (2, 4), RuntimeError, "must match the size of tensor b"),
        ("Huber", (2, 4), RuntimeError, "must match the size of tensor b"),
    ],
)
def test_shapes_that_do_not_fit_get_the_words_of_either(loss, y, raised, words):
    with pytest.raises(raised, match=words):
        getattr(keras.losses, loss)()(torch.ones(y), torch.ones(2, 3))


def test_shapes_that_broadcast_raise_nothing_in_a_squared_error():
    loss = keras.losses.MeanSquaredError()
    assert loss(torch.zeros(4, 1), torch.ones(1, 4)).item() == 1


def test_both_tracebacks_end_in_the_library_and_the_one_of_keras_is_shorter():
    def files(layer):
        with pytest.raises((RuntimeError, ValueError)) as raised:
            layer(torch.ones(1, 4))
        return [entry.path.as_posix() for entry in raised.traceback]

    dense = keras.layers.Dense(2)
    dense.build((None, 3))
    ours, theirs = files(torch.nn.Linear(3, 2)), files(dense)
    assert "/torch/" in str(ours[-1]) and "/keras/" in str(theirs[-1])
    assert len(theirs) < len(ours)


def test_a_small_network_takes_several_times_as_long_and_a_large_one_little_longer():
    table = json.loads((ROOT / "recorded/step_cost.json").read_text("utf-8"))
    small, large = (one["microseconds"] for one in table["networks"].values())
    for way in ("train_on_batch", "fit"):
        assert small[way] > 3 * small["PyTorch loop"]
        assert large[way] < 1.3 * large["PyTorch loop"]


PAIRS = [
    ("pytorch_loop", "keras_fit"),
    ("pytorch_loop", "keras_train_on_batch"),
    ("pytorch_loop", "tensorflow_tape"),
    ("sign_step_in_pytorch", "sign_step_in_keras"),
]
ONE_SIDED = {"layer", "model", "history", "tape", "gradients"}


def names_in_order(snippet):
    """What a program calls its things, outside of its classes, as they appear."""
    source = (ROOT / f"snippets/keras/{snippet}.py").read_text("utf-8")
    found = {}
    for statement in ast.parse(source).body:
        if isinstance(statement, ast.ClassDef):
            found[statement.lineno, 0] = statement.name
            continue
        for node in ast.walk(statement):
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
                found[node.lineno, node.col_offset] = node.id
    return list(dict.fromkeys(name for _, name in sorted(found.items())))


@pytest.mark.parametrize("one, two", PAIRS)
def test_tabs_beside_each_other_use_the_same_names_in_the_same_order(one, two):
    ours, theirs = names_in_order(one), names_in_order(two)
    assert [n for n in ours if n in theirs] == [n for n in theirs if n in ours]
    assert {n for n in theirs if n not in ours} <= ONE_SIDED
    assert {"x", "y", "optimizer"} <= {*ours} & {*theirs}


@pytest.mark.parametrize("one, two", PAIRS)
def test_tabs_beside_each_other_print_the_same(one, two):
    outs = [(ROOT / f"snippets/keras/{n}.out").read_text("utf-8") for n in (one, two)]
    assert outs[0] == outs[1]


def test_each_page_with_tabs_calls_them_alike_and_has_a_pair_above():
    pages = {}
    for path in sorted((ROOT / "docs/keras").glob("*.md")):
        text = path.read_text("utf-8")
        if tabs := re.findall(
            r'^=== "(.+)"\n\n    --8<-- "keras/(.+)\.md"', text, re.M
        ):
            pages[path.stem] = tabs
    libraries = pages.pop("accelerate-and-lightning")
    assert [name for name, _ in libraries][:3] == [
        "PyTorch loop",
        "Accelerate",
        "Lightning",
    ]
    outs = {(ROOT / f"snippets/keras/{n}.out").read_text() for _, n in libraries[:3]}
    assert len(outs) == 1
    assert {name for name, _ in libraries[3:]} <= {
        "Accelerate",
        "Lightning",
        "Keras fit",
    }
    assert pages.keys() == {"index", "better", "fit-to-a-loop", "callbacks"}
    for page in ("fit-to-a-loop", "callbacks"):  # from Keras: it comes first
        assert [name for name, _ in pages.pop(page)] == ["Keras fit", "PyTorch loop"]
    for tabs in pages.values():
        assert [name for name, _ in tabs][:2] == ["PyTorch loop", "Keras fit"]
        first, *rest = (snippet for _, snippet in tabs)
        assert all((first, other) in PAIRS for other in rest)


def test_the_focal_cross_entropy_of_categories_has_the_words_of_pytorch():
    loss = keras.losses.CategoricalFocalCrossentropy()
    with pytest.raises(RuntimeError, match="must match the size of tensor b"):
        loss(torch.ones(2, 4), torch.ones(2, 3))
    assert loss(torch.zeros(4, 1), torch.ones(1, 4)).isfinite()


def test_a_rule_with_numbers_of_its_own_needs_more_than_update_step():
    """So the page says that here Keras asks only for this method."""

    class Momentum(keras.optimizers.Optimizer):
        def update_step(self, gradient, variable, learning_rate):
            self.m = 0.9 * getattr(self, "m", 0) + gradient  # one for all weights
            self.assign_sub(variable, learning_rate * self.m)

    model = keras.Sequential([keras.layers.Dense(3), keras.layers.Dense(1)])
    model.compile(Momentum(learning_rate=0.1), "mse")
    with pytest.raises((RuntimeError, ValueError), match="shape|size"):
        model.fit(torch.rand(4, 2), torch.rand(4, 1), verbose=0)


def test_a_deep_network_of_narrow_layers_costs_more_calls_in_each_layer():
    """So the time of a step alone says nothing: it is the layers that must be wide."""

    def calls(depth):
        narrow = [keras.layers.Dense(8) for _ in range(depth)]
        model = keras.Sequential([keras.Input((8,)), *narrow])
        model.compile("sgd", "mse")
        net = torch.nn.Sequential(*(torch.nn.Linear(8, 8) for _ in range(depth)))
        x, found = torch.ones(4, 8), []

        def step():
            torch.nn.functional.mse_loss(net(x), x).backward()

        for one in (step, lambda: model.train_on_batch(x, x)):
            one()
            profile = cProfile.Profile(builtins=False)
            profile.runcall(one)
            found.append(pstats.Stats(profile).total_calls)
        return found[1] - found[0]

    assert calls(21) - calls(1) > 4 * (calls(5) - calls(1)) > 0
