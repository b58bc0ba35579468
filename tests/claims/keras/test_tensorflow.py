"""TensorFlow's side, read from what it printed: this environment has no TensorFlow."""

import ast
import re

import numpy as np
import torch

from harness.core import records
from harness.core.page import find
from harness.core.tree import HERE
from tests.claims_support import cited, keras, printed

SNIPPETS = HERE.snippets / "keras"
EPS = float(np.finfo(np.float32).eps)


def losses(name: str) -> list[float]:
    return [float(line.split()[-1]) for line in printed(f"keras/{name}").splitlines()]


def bound_on_losses(steps: int) -> float:
    """What two printed losses may differ by after some steps, all in float32.

    Each step rounds each weight, of which the largest is below 4, by at most half a
    unit in the last place; a loss below 4 changes about as much. Printing to four
    digits adds half of the last of them, on either side.
    """
    return steps * 4 * EPS / 2 + 2 * 0.5e-4


def test_the_tape_prints_the_losses_of_the_other_three_tabs():
    tape = losses("tensorflow_tape")
    for other in ("pytorch_loop", "keras_fit", "keras_train_on_batch"):
        for epoch, (a, b) in enumerate(zip(tape, losses(other), strict=True), 1):
            assert abs(a - b) <= bound_on_losses(3 * epoch)
        assert tape == losses(other)  # closer than it need be
    assert len(tape) == 5 and tape[0] > 2 and tape[-1] < 0.5


def test_the_tape_starts_from_the_same_weights_and_cuts_the_same_batches():
    sources = [
        (SNIPPETS / f"{n}.py").read_text() for n in ("pytorch_loop", "keras_fit")
    ]
    tape = (SNIPPETS / "tensorflow_tape.py").read_text()
    for line in (
        "torch.manual_seed(0)",
        "a, b = torch.linspace(-1, 1, 5)",
        "shapes = [",
    ):
        for source in (*sources, tape):
            assert line in source
    assert "data.batch(4)" in tape and ".shuffle" not in tape


def test_three_frameworks_stay_within_a_millionth_for_60_steps():
    head, *rows = printed("keras/three_frameworks_apart").splitlines()
    assert [row.split() for row in rows] == [
        [str(step), "True", "True"] for step in (1, 3, 10, 30, 60)
    ]
    assert 8 * EPS < 1e-6 < 9 * EPS  # "about eight roundings"


def test_a_tape_returns_while_backward_adds():
    rows = [
        [float(n) for n in re.findall(r"-?\d+\.\d+", line)]
        for line in printed("keras/backward_adds_tape_returns").splitlines()
    ]
    slope = 2 * (2 * 1 - 6) * 2
    assert rows == [[slope * step, slope] for step in (1, 2, 3)]
    w = torch.tensor(1.0, requires_grad=True)
    for step in (1, 2, 3):
        ((2 * w - 6) ** 2).backward()
        assert w.grad.item() == slope * step


def test_a_function_is_traced_once_and_run_four_times():
    lines = printed("keras/function_traced_once").splitlines()
    assert lines.count("Python is here") == 1
    w, wanted = 1.0, []
    for _ in range(4):
        wanted.append((2 * w - 6) ** 2)
        w -= 0.0625 * 2 * (2 * w - 6) * 2
    assert [float(line.split()[1]) for line in lines[1:-1]] == wanted
    assert lines[-1] == "['step']"


def test_the_first_step_of_adam_makes_variables_and_that_of_a_tape_loop_none():
    adam, plain = keras.optimizers.Adam(), keras.optimizers.SGD()
    weight = keras.Variable(torch.ones(2))
    before = [len(one.variables) for one in (adam, plain)]
    for one in (adam, plain):
        one.apply([torch.ones(2)], [weight])
    made = [len(one.variables) for one in (adam, plain)]
    assert made[0] > before[0] and made[1] == before[1]
    (url,) = [url for url in cited() if "tensorflow/issues/48851" in url]
    assert any("traced twice" in text for text in cited()[url]["holds"])
    source = (HERE.snippets / "keras/function_traced_once.py").read_text("utf-8")
    step = source.split("def step():")[1].split("\n\n")[0]
    assert "Variable" not in step


def test_a_tape_answers_once_and_then_raises():
    first, *error = printed("keras/tape_tried_twice").splitlines()
    assert first == "of w: -16.0"
    assert "\n".join(error).startswith(
        "RuntimeError: A non-persistent GradientTape can"
    )
    assert "one set of gradients" in " ".join(error)


def test_a_tape_asked_for_a_list_gives_the_numbers_of_autograd():
    w = torch.tensor(1.0, requires_grad=True)
    double = 2 * w
    slopes = torch.autograd.grad((double - 6) ** 2, [w, double])
    for line in printed(
        "keras/tape_asked_once"
    ).splitlines():  # a list, a persistent tape
        assert [float(n) for n in line.split()[-2:]] == [s.item() for s in slopes]


def test_a_constant_that_is_not_watched_still_gives_none_without_an_error():
    assert printed("keras/constant_not_watched").splitlines() == [
        "not watched: None",
        "watched: 6.0",
    ]


def test_pytorch_raises_where_nothing_requires_a_gradient():
    x = torch.tensor(3.0)
    try:
        (x**2).backward()
    except RuntimeError as error:
        assert "does not require grad" in str(error)
    else:
        raise AssertionError("no error")


def columns_of_the_picture() -> dict[str, list[str]]:
    """The table in the program that draws it."""
    names = {"YOU": "you", "KERAS": "Keras", "NOBODY": "nobody"}
    source = (SNIPPETS / "who_does_what.py").read_text()
    for node in ast.parse(source).body:
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "columns":
            return {k: eval(ast.unparse(v), names) for k, v in literal(node.value)}
    raise AssertionError("no table")


def literal(node: ast.Dict):
    return zip((key.value for key in node.keys), node.values, strict=True)


def test_the_picture_says_who_called_what():
    picture = list(columns_of_the_picture().values())
    head, *rows = [
        line.split() for line in printed("keras/who_calls_what").splitlines()
    ]
    assert head == ["loop", "fit", "train_on_batch"]
    watched = {
        name: [who.replace("keras", "Keras") for who in rest] for name, *rest in rows
    }
    wanted = ["batches", "zero_grad()", "forward", "backward()", "update"]
    loop, fit, on_batch = zip(*(watched[name] for name in wanted), strict=True)
    tape = dict(
        line.split() for line in printed("keras/who_calls_with_a_tape").splitlines()
    )
    of_tape = ["__iter__", "zero_grad", "matmul", "gradient", "assign_sub"]
    assert picture == [
        list(loop),
        [tape[name] for name in of_tape],
        list(on_batch),
        list(fit),
    ]
    assert tape["__enter__"] == "you"


def test_the_record_knows_each_program_that_needs_tensorflow():
    record = records.load(HERE, "tensorflow")
    for file in SNIPPETS.glob("*.py"):
        if file.read_text().startswith("# needs: tensorflow"):
            entry = record[f"keras/{file.stem}"]
            assert entry.packages["tensorflow"] and entry.date
    assert len(record) >= 9


def test_the_page_shows_the_four_tabs():
    page = next(one for one in find(HERE) if one.name == "keras/index.md")
    tabs = re.findall(r'^=== "(.+)"', page.text, flags=re.MULTILINE)
    assert tabs == ["PyTorch loop", "Keras fit", "train_on_batch", "TensorFlow tape"]


def test_tensorflow_allows_tf32_until_it_is_forbidden():
    answers = [
        line.split()[-1] for line in printed("keras/tf32_in_tensorflow").splitlines()
    ]
    assert answers == ["True", "False"]
    assert torch.get_float32_matmul_precision() == "highest"  # PyTorch does not
