"""How far apart the two sides of a row are, and how far rounding alone may drive them.

A sum of n float32 terms is wrong by at most n half-epsilons of the largest partial
sum, and there are two sides. So each function counts the additions on the longest way
to a result, each as large as what it adds up: `work`. Epsilon times that is allowed.
"""

import copy
import cProfile
import io
import pstats
import tempfile
import timeit
import warnings
from collections.abc import Callable
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import keras
import numpy as np
import torch
from keras import layers
from torch import nn

from harness.site.tables.parity import Row
from lab.machine import one_thread
from lab.parity import apart, names, training
from lab.parity.port import port

EPSILON = 2.0**-23  # of float32
STEPS = 40


@dataclass(frozen=True)
class Measured:
    """A difference, or what else a row measures, and what the two sides gave."""

    value: float
    work: float
    torch: object = None
    keras: object = None
    epsilon: float = EPSILON

    @property
    def tolerance(self) -> float:
        return self.epsilon * self.work


def measure(row: Row) -> Measured:
    """By the function below that the row names, given the names of both sides."""
    with quick():
        return globals()[row.measure](row, *_sides(row))


@contextmanager
def quick():
    """On one thread of the CPU: a second costs more than it helps tensors so small."""
    with one_thread(), keras.device("cpu"):
        yield


def _sides(row: Row) -> tuple[dict, dict]:
    t, k = names.torch_side(), names.keras_side()
    for side in (t, k):
        exec(row.setup, side)
    return t, k


def _run(row: Row, t: dict, k: dict) -> tuple[list, list]:
    one = [names.run(code, t) for code in row.torch]
    return one, [names.run(code, k) for code in row.keras]


def plain(found: object) -> np.ndarray:
    """A result as PyTorch lays it out: of four dimensions, Keras's are NHWC."""
    if isinstance(found, keras.Variable):
        found = found.value
    if isinstance(found, torch.Tensor):
        found = found.detach().float().numpy()
    return np.asarray(found)


def difference(one: object, two: object) -> float:
    return float(np.abs(plain(one) - plain(two)).max())


def _difference(one: object, two: object) -> float:
    """Of a result of PyTorch and one of Keras."""
    two = plain(two)
    return difference(one, two.transpose(0, 3, 1, 2) if two.ndim == 4 else two)


def _only(found: list) -> object:
    return found[0] if len(found) == 1 else found


def value(row: Row, t: dict, k: dict) -> Measured:
    """Two expressions; where there are several pairs, the worst."""
    ones, twos = _run(row, t, k)
    pairs = list(zip(ones, twos, strict=True))
    work = row.terms * names.size(row.torch + row.keras, t)
    worst = max(_difference(*pair) for pair in pairs)
    return Measured(worst, work, _only(ones), _only(twos))


def ratio(row: Row, t: dict, k: dict) -> Measured:
    """Keras's number, divided by PyTorch's."""
    [one], [two] = _run(row, t, k)
    work = row.terms * names.size(row.torch + row.keras, t) / float(one)
    return Measured(float(two) / float(one), work, one, two)


# Layers


def layer(row: Row, t: dict, k: dict, swap: bool = True) -> Measured:
    """A module and a layer, with the module's weights in both."""
    torch.manual_seed(0)
    [module], [its] = _run(row, t, k)
    x, call, work = _prepared(module, t)
    forward(its, x)  # builds it
    port(module, its, swap)
    return Measured(_difference(call(x), forward(its, x)), work, module, its)


def forward(its: layers.Layer, x: torch.Tensor) -> torch.Tensor:
    """What a Keras layer gives for an input as PyTorch takes it."""
    x = x.permute(0, 2, 3, 1) if x.ndim == 4 else x
    if isinstance(its, layers.MultiHeadAttention):
        return its(x, x)
    return its(x, training=isinstance(its, layers.BatchNormalization))


def _prepared(module: nn.Module, t: dict) -> tuple[torch.Tensor, Callable, float]:
    """What a module is tried on, how it is called, and what rounding may do to it."""
    w = {name: one.detach().abs() for name, one in module.named_parameters()}
    if isinstance(module, nn.LSTM | nn.GRU):
        x = t["sequence"]
        sums = w["weight_ih_l0"] @ x.abs().amax((0, 1)) + w["weight_hh_l0"].sum(1)
        largest = float((sums + w["bias_ih_l0"] + w["bias_hh_l0"]).max())
        per_step = module.input_size + module.hidden_size + 2 + 4
        return x, lambda x: module(x)[0], x.shape[1] * per_step * largest
    if isinstance(module, nn.MultiheadAttention):
        x, width = t["tokens"], module.embed_dim
        inner = (x.abs() @ w["in_proj_weight"].T + w["in_proj_bias"]).max()
        score = inner**2 * module.head_dim**0.5
        outer = (w["out_proj.weight"].sum(1) * inner + w["out_proj.bias"]).max()
        additions = 2 * (width + 1) + module.head_dim + 2 * x.shape[1]
        largest = float(max(inner, score, outer))
        return x, lambda x: module(x, x, x)[0], additions * largest
    if isinstance(module, nn.BatchNorm2d):
        x = t["image"]
        count = x.numel() // x.shape[1]
        scale = float(x.var((0, 2, 3)).min() ** -0.5)
        return x, module, 2 * count * scale * float(x.abs().max())
    # The rest is sums of products: of absolute values, none of them cancel.
    positive = copy.deepcopy(module)
    for one in positive.parameters():
        one.data.abs_()
    kernel = next(one for one in module.parameters() if one.ndim > 1)
    x = t["image"] if kernel.ndim == 4 else t["x"]
    additions = kernel[0].numel() + 1
    return x, module, additions * float(positive(x.abs()).detach().max())


def unswapped(row: Row, t: dict, k: dict) -> Measured:
    return layer(row, t, k, swap=False)


def bfloat16(row: Row, t: dict, k: dict) -> Measured:
    torch.manual_seed(0)
    [call], [its] = _run(row, t, k)
    x, _, work = _prepared(call.module, t)
    its(x)
    port(call.module, its)
    apart = difference(call(x), its(x))
    return Measured(apart, work, call.module, its, epsilon=2.0**-7)


def running_variance(row: Row, t: dict, k: dict) -> Measured:
    [module], [its] = _run(row, t, k)
    module(t["samples"])
    its(k["samples"], training=True)
    found = float(its.moving_variance.value) / float(module.running_var)
    return Measured(found, 2 * len(t["samples"]), module, its)


# Optimizers


def _gradients(count: int, steps: int) -> list[np.ndarray]:
    """Between 0.5 and 1, of either sign."""
    random = np.random.default_rng(1)
    size = random.uniform(0.5, 1, (steps, count))
    return list((size * random.choice([-1, 1], size.shape)).astype("float32"))


def _follow(optimizer: object, weight: object, gradients: list) -> list[np.ndarray]:
    """The weight before and after each step."""
    found = [plain(weight).copy()]
    for one in gradients:
        one = torch.from_numpy(one)
        if isinstance(optimizer, torch.optim.Optimizer):
            weight.grad = one
            optimizer.step()
        else:
            optimizer.apply([one], [weight])
        found.append(plain(weight).copy())
    return found


def optimizer(row: Row, t: dict, k: dict) -> Measured:
    """Two optimizers, with the same gradients for some steps."""
    worst = work = 0.0
    for one, two in zip(row.torch, row.keras, strict=True):
        t, k = _sides(row)
        gradients = _gradients(len(t["x"][0]), STEPS)
        ours = _follow(names.run(one, t), t["w"], gradients)
        theirs = _follow(names.run(two, k), k["w"], gradients)
        worst = max(worst, *(difference(*p) for p in zip(ours, theirs, strict=True)))
        moved = [difference(*pair) for pair in zip(ours, ours[1:], strict=False)]
        sizes = [float(np.abs(after).max()) for after in ours[1:]]
        work = max(work, sum(sizes) + row.terms * sum(moved))
    return Measured(worst, work)


def first_step(code: str, gradient: float) -> float:
    """How far an optimizer moves a weight from 0 for a gradient."""
    weight = keras.Variable(np.zeros(1, dtype="float32"))
    if code.startswith("optim."):
        weight = nn.Parameter(torch.zeros(1))
    optimizer = names.run(code, names.torch_side() | {"w": weight})
    gradients = [np.full(1, gradient, dtype="float32")]
    return abs(float(_follow(optimizer, weight, gradients)[-1][0]))


def rmsprop_step(row: Row, t: dict, k: dict) -> Measured:
    one, two = (first_step(codes[0], 1e-3) for codes in (row.torch, row.keras))
    return Measured(two / one, 8)


def clipping(row: Row, t: dict, k: dict) -> Measured:
    """The gradients of two weights, clipped."""
    t["net"] = nn.Linear(6, 2)
    gradients = [3 * t["x"][:2], t["x"][0, :2].clone()]
    for weight, one in zip(t["net"].parameters(), gradients, strict=True):
        weight.grad = one.clone()
    names.run(row.torch[0], t)
    ours = [weight.grad for weight in t["net"].parameters()]
    theirs = [keras.Variable(np.zeros(one.shape, "float32")) for one in gradients]
    names.run(row.keras[0], k).apply([one.clone() for one in gradients], theirs)
    worst = max(difference(a, -b.value) for a, b in zip(ours, theirs, strict=True))
    return Measured(worst, sum(one.numel() for one in gradients) + 1)


def penalty(row: Row, t: dict, k: dict) -> Measured:
    """What a penalty adds to the gradient, Keras's divided by PyTorch's."""
    before = plain(t["w"]).copy()
    t["w"].grad = torch.zeros_like(t["w"])
    names.run(row.torch[0], t).step()
    names.run(row.keras[0], k).backward()
    theirs = plain(k["w"].value.grad)
    ours = before - plain(t["w"])
    found = float(theirs.sum() / ours.sum())
    return Measured(found, 4 * float(np.abs(before).sum() / abs(ours.sum())))


def accumulation(row: Row, t: dict, k: dict) -> Measured:
    """Four batches of two for one step, on both sides, and a batch of eight."""
    y = t["x"].sum(1, keepdim=True)
    batches = list(zip(t["x"].split(2), y.split(2), strict=True))
    start = nn.Linear(6, 1)
    by_four, at_once = copy.deepcopy(start), copy.deepcopy(start)
    for xb, yb in batches:
        space = t | {"net": by_four, "loss": nn.MSELoss(), "xb": xb, "yb": yb}
        names.run(row.torch[0], space)
    nn.functional.mse_loss(at_once(t["x"]), y).backward()
    model = keras.Sequential([layers.Dense(1)])
    model.build((None, 6))
    port(start, model.layers[0])
    model.compile(names.run(row.keras[0], k), "mse")
    for xb, yb in batches:
        model.train_on_batch(xb, yb)
    for net in (by_four, at_once):
        torch.optim.SGD(net.parameters(), lr=0.1).step()
    ours = training.weights_of(by_four)
    others = [training.weights_of(one) for one in (at_once, model)]
    worst = max(training.apart(ours, other) for other in others)
    moved = training.apart(ours, training.weights_of(start))
    # The way to an update: 6 products and a bias, twice, and the mean of 8 samples.
    return Measured(worst, training.largest(ours) + (2 * 7 + 8) * moved)


def _rates(row: Row) -> list[tuple[list[float], list[float]]]:
    found = []
    for one, two in zip(row.torch, row.keras, strict=True):
        t, k = _sides(row)
        t["optimizer"] = torch.optim.SGD([t["w"]], lr=0.1)
        schedule, ours = names.run(one, t), []
        for _ in range(STEPS):
            ours.append(t["optimizer"].param_groups[0]["lr"])
            t["optimizer"].step()
            schedule.step()
        theirs = names.run(two, k)
        found.append((ours, [float(theirs(step)) for step in range(STEPS)]))
    return found


def schedule(row: Row, t: dict, k: dict) -> Measured:
    worst = max(difference(*pair) for pair in _rates(row))
    return Measured(worst, 0.1 * row.terms)


def steps_apart(row: Row, t: dict, k: dict) -> Measured:
    [(ours, theirs)] = _rates(row)
    unlike = [not np.isclose(a, b) for a, b in zip(ours, theirs, strict=True)]
    return Measured(float(sum(unlike)), 0)


# Training


def trained(row: Row, t: dict, k: dict) -> Measured:
    [ours], [theirs] = _run(row, t, k)
    return Measured(training.apart(ours.weights, theirs), ours.work)


def early_stopping(row: Row, t: dict, k: dict) -> Measured:
    [(ours, stopped)], [callback] = _run(row, t, k)
    theirs, epochs = training.fit_until(callback)
    apart = training.apart(ours.weights, theirs)
    return Measured(apart, ours.work, (ours, stopped), (theirs, epochs))


def loader(row: Row, t: dict, k: dict) -> Measured:
    t |= {"loader": training.loader(), "net": training.make(nn.Tanh())}
    k |= {"loader": training.loader(), "model": training.make_keras("tanh")}
    with warnings.catch_warnings():  # that it will not shuffle a DataLoader
        warnings.simplefilter("ignore", UserWarning)
        [ours], _ = _run(row, t, k)
    theirs = training.weights_of(k["model"])
    return Measured(training.apart(ours.weights, theirs), ours.work)


def batches_of_fit(samples: int) -> int:
    """How many batches `fit` makes of an array."""
    seen = []
    count = keras.callbacks.LambdaCallback(
        on_train_batch_end=lambda batch, logs: seen.append(batch)
    )
    model = keras.Sequential([layers.Dense(1)])
    model.compile("sgd", "mse")
    ones = torch.ones(samples, 1)
    model.fit(ones, ones, verbose=0, callbacks=[count])
    return len(seen)


# Tools


def _pair() -> tuple[nn.Module, keras.Model, torch.Tensor, float]:
    """A network in both libraries, an input, and the work behind a result."""
    net, model = training.make(nn.Tanh()), training.make_keras("tanh")
    w = training.weights_of(net)
    work = (2 + 1 + 8 + 1) * float(np.abs(w[2]).sum() + np.abs(w[3]).sum())
    return net, model, training.X, work


def saving(row: Row, t: dict, k: dict) -> Measured:
    """What each network gives after it was saved and loaded, against before."""
    net, model, x, _ = _pair()
    file = io.BytesIO()
    names.run(row.torch[0], t | {"net": net, "file": file})
    again = training.make(nn.Tanh())
    for one in again.parameters():
        nn.init.zeros_(one)
    file.seek(0)
    again.load_state_dict(torch.load(file))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "model.keras"
        names.run(row.keras[0], k | {"model": model, "file": path})
        theirs = keras.saving.load_model(path)
    worst = max(difference(net(x), again(x)), difference(model(x), theirs(x)))
    return Measured(worst, 0)


def graph(row: Row, t: dict, k: dict) -> Measured:
    net, model, x, work = _pair()
    space = t | {"net": net, "model": model}
    ours, theirs = names.run(row.torch[0], space), names.run(row.keras[0], space)
    results = [ours(x), model(x), theirs(x)]
    return Measured(max(difference(net(x), one) for one in results), work)


def export(row: Row, t: dict, k: dict) -> Measured:
    net, model, x, work = _pair()
    x = x[:1]
    program = names.run(row.torch[0], t | {"net": net, "x": x})
    results = [program.module()(x), _exported(row.keras[0], model).module()(x)]
    return Measured(max(difference(net(x), one) for one in results), work)


def _exported(code: str, model: keras.Model) -> torch.export.ExportedProgram:
    with tempfile.TemporaryDirectory() as folder:
        file = str(Path(folder) / "model.pt2")
        code = code.replace(")", ", verbose=False)")
        names.run(code + "; 0", names.keras_side() | {"model": model, "file": file})
        return torch.export.load(file)


def exported_batch() -> int:
    """The batch size that Keras writes into an exported program."""
    code = 'model.export(file, format="torch")'
    program = _exported(code, training.make_keras("tanh"))
    inputs = set(program.graph_signature.user_inputs)
    nodes = [one for one in program.graph.nodes if one.name in inputs]
    return nodes[0].meta["val"].shape[0]


def processes(row: Row, t: dict, k: dict) -> Measured:
    """The gradients that two processes agree on, against those of one."""
    net, model, _, work = _pair()
    found = apart.gradients(row.torch[0], row.keras[0])
    nn.functional.mse_loss(net(training.X), training.Y).backward()
    mine = [one.grad.numpy() for one in net.parameters()]
    both = (found["torch"], [one.T for one in found["keras"]])
    worst = max(training.apart(mine, theirs) for theirs in both)
    # Back again the same way, and the mean over the samples.
    return Measured(worst, 2 * work + len(training.X) * training.largest(mine))


def _step_costs(hidden: int) -> dict[str, object]:
    """The names of a network of some width in both libraries, and a batch for it."""
    net = nn.Sequential(nn.Linear(64, hidden), nn.Tanh(), nn.Linear(hidden, 10))
    model = keras.Sequential([layers.Dense(hidden, "tanh"), layers.Dense(10)])
    model.build((None, 64))
    model.compile(keras.optimizers.SGD(training.RATE), "mse")
    space = names.torch_side() | {"net": net, "model": model}
    return space | {"xb": torch.rand(32, 64), "yb": torch.rand(32, 10)}


def step_cost(row: Row, t: dict, k: dict) -> Measured:
    """The time of a step with Keras, divided by that of one by hand; the best of 5."""
    space = _step_costs(32)
    best = []
    for code in (row.torch[0], row.keras[0]):
        timer = timeit.Timer(code, globals=space)
        timer.timeit(20)
        best.append(min(timer.repeat(5, 20)))
    return Measured(best[1] / best[0], 0)


def calls(hidden: int) -> tuple[int, int]:
    """How many calls of Python functions a step makes, by hand and with Keras."""
    space, found = _step_costs(hidden), []
    for code in ("step(net, xb, yb)", "model.train_on_batch(xb, yb)"):
        eval(code, space)  # the first one builds
        profiles = [cProfile.Profile(builtins=False) for _ in range(3)]
        for one in profiles:  # what Python frees meanwhile calls functions too
            one.runcall(eval, code, space)
        found.append(min(pstats.Stats(one).total_calls for one in profiles))
    return tuple(found)
