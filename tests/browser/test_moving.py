"""Pictures that move: what they compute is torch's answer, and readers can use them."""

import gzip
import inspect
import json
import operator
import os
import random
import re

import pytest
import torch
from playwright.sync_api import Page, expect
from torch import nn

from harness.core.tree import HERE
from lab.train.boxes import match, nms

from . import refuse
from .visits import PHONE, USUAL, Look, axe_in, faultless, rest

FOLDER = HERE.docs / "assets" / "javascripts" / "moving"
PLACE = re.compile(r'data-moving="?([\w-]+)"?')
MOST_KIT, MOST = 3_000, 12_000  # bytes, packed
PATIENCE = 60_000  # milliseconds: other tests may use all cores
CASES = 240
CALL = """async ([home, module, name, cases]) => {
  const at = new URL(`assets/javascripts/moving/${module}.js`, home)
  const { [name]: call } = await import(at)
  return JSON.stringify(cases.map(given => call(...given)))
}"""


def places() -> dict[str, list[str]]:
    """Of each picture, the pages of the site that have it."""
    found = {}
    for file in sorted([*HERE.docs.rglob("*.md"), *HERE.docs.glob("*/*.py")]):
        for name in PLACE.findall(file.read_text(encoding="utf-8")):
            address = file.relative_to(HERE.docs).with_suffix("").as_posix()
            page = f"{address.removesuffix('index').removesuffix('/')}/"
            found.setdefault(name, []).append(page)
    return found


PLACES = places()


@pytest.fixture
def call(modules: Page, home: str):
    def every(module: str, name: str, cases: list) -> list:
        return json.loads(modules.evaluate(CALL, [home, module, name, cases]))

    return every


def said(compute) -> dict:
    """The shape that torch returns, or what it says."""
    try:
        return {"shape": list(compute().shape)}
    except RuntimeError as error:
        return {"error": f"RuntimeError: {error}"}


def compare(found: list[dict], right: list[dict], cases: list) -> None:
    assert len(cases) >= CASES
    for one in found:
        one.pop("clash", None)
    wrong = [c for c in zip(cases, found, right, strict=True) if c[1] != c[2]]
    assert not wrong, wrong[0]
    failed = sum("error" in one for one in right)
    assert len(right) / 5 < failed < len(right) * 4 / 5  # both are tried


def some_shape(lot: random.Random, most: int, least: int = 1) -> list[int]:
    return [lot.choice([1, 1, 2, 3, 4]) for _ in range(lot.randint(least, most))]


@pytest.mark.parametrize("name", ["add", "matmul"])
def test_shapes_of_two_tensors(call, name):
    lot = random.Random(0)
    cases = [[name, some_shape(lot, 4), some_shape(lot, 4)] for _ in range(2 * CASES)]
    compute = torch.add if name == "add" else torch.matmul
    right = [
        said(lambda a=a, b=b: compute(torch.ones(a), torch.ones(b)))
        for _, a, b in cases
    ]
    compare(call("shapes-math", "result", cases), right, cases)


def test_shapes_of_linear(call):
    lot = random.Random(1)
    cases = [
        ["linear", x, {"inputs": lot.choice([x[-1], 2]), "outputs": lot.randint(1, 9)}]
        for x in (some_shape(lot, 4) for _ in range(CASES))
    ]
    right = [
        said(lambda x=x, m=m: torch.nn.Linear(m["inputs"], m["outputs"])(torch.ones(x)))
        for _, x, m in cases
    ]
    compare(call("shapes-math", "result", cases), right, cases)


def test_shapes_of_conv2d(call):
    lot, cases = random.Random(2), []
    for _ in range(2 * CASES):
        dims = lot.choice([1, 2, 3, 3, 4, 4, 4, 4])
        x = [*[2, 3][-max(dims - 2, 1) :], lot.randint(1, 12), lot.randint(1, 12)]
        x = x[-dims:]
        layer = {"inputs": lot.choice([3, 3, 3, 2]), "outputs": lot.randint(1, 4)}
        layer |= {"kernel": lot.randint(1, 5), "stride": lot.randint(1, 3)}
        layer |= {"padding": lot.randint(0, 2), "dilation": lot.choice([1, 1, 2, 3])}
        cases.append(["conv2d", x, layer])
    right = [
        said(lambda x=x, m=m: torch.nn.Conv2d(*m.values())(torch.ones(x)))
        for _, x, m in cases
    ]
    compare(call("shapes-math", "result", cases), right, cases)


# Of each operation, how many inputs it has, and torch's own.
OPERATIONS = {
    "add": (2, torch.add),
    "sub": (2, torch.sub),
    "mul": (2, torch.mul),
    "square": (1, torch.square),
    "relu": (1, torch.relu),
    "tanh": (1, torch.tanh),
    "exp": (1, torch.exp),
    "sigmoid": (1, torch.sigmoid),
}


def some_graph(lot: random.Random) -> list:
    nodes = [round(lot.uniform(-2, 2), 1) for _ in range(lot.randint(1, 4))]
    for _ in range(lot.randint(1, 6)):
        name = lot.choice(list(OPERATIONS))
        inputs = [len(nodes) - 1, lot.randrange(len(nodes))]
        lot.shuffle(inputs)
        nodes.append([name, *inputs[: OPERATIONS[name][0]]])
    return nodes


def by_autograd(nodes: list) -> dict:
    tensors = []
    for node in nodes:
        if isinstance(node, float):
            made = torch.tensor(node, dtype=torch.float64, requires_grad=True)
        else:
            made = OPERATIONS[node[0]][1](*(tensors[i] for i in node[1:]))
            made.retain_grad()
        tensors.append(made)
    tensors[-1].backward()
    slopes = [0.0 if one.grad is None else one.grad.item() for one in tensors]
    return {"values": [one.item() for one in tensors], "gradients": slopes}


def test_values_and_gradients(call):
    lot = random.Random(3)
    graphs = [some_graph(lot) for _ in range(CASES)]
    used = {node[0] for nodes in graphs for node in nodes if isinstance(node, list)}
    assert used == OPERATIONS.keys()
    found = call("backward-math", "both", [[nodes] for nodes in graphs])
    for nodes, one in zip(graphs, found, strict=True):
        right = by_autograd(nodes)
        for part, numbers in right.items():
            assert one[part] == pytest.approx(numbers, rel=1e-6, abs=1e-6), nodes


def view(length: int, size: list, stride: list, offset: int) -> dict:
    storage = torch.arange(length)
    try:
        made = storage.as_strided(size, stride, offset)
    except RuntimeError as error:
        return {"error": f"RuntimeError: {error}"}
    try:
        flat = bool(made.view(-1).numel())
    except RuntimeError:
        flat = False
    table, contiguous = made.tolist(), made.is_contiguous()
    return {"table": table, "contiguous": contiguous, "flat": flat}


def test_strides(call):
    lot = random.Random(4)

    def numbers(least, most):
        return [lot.randint(least, most), lot.randint(least, most)]

    cases = [
        [12, numbers(1, 4), numbers(lot.choice([0, 0, -2]), 4), lot.randint(0, 5)]
        for _ in range(2 * CASES)
    ]
    right = [view(*case) for case in cases]
    compare(call("strides-math", "read", cases), right, cases)
    held = [one for one in right if "table" in one]
    for kind in ("contiguous", "flat"):
        assert 20 < sum(one[kind] for one in held) < len(held) - 20


def test_the_named_views_have_these_numbers():
    code = (FOLDER / "strides.js").read_text(encoding="utf-8")
    line = r'^  "(t.*)": \[(\[.+\]), (\[.+\]), (\d+)\],$'
    lines = re.findall(line, code, re.MULTILINE)
    assert len(lines) == 6
    for name, *numbers in lines:
        made = eval(name, {"t": torch.arange(12).view(3, 4)})
        size, stride, offset = map(json.loads, numbers)
        assert [list(made.shape), list(made.stride())] == [size, stride]
        assert made.storage_offset() == offset


SOME_DTYPES = [
    *(torch.bool, torch.uint8, torch.int8, torch.int16, torch.int32, torch.int64),
    *(torch.float16, torch.bfloat16, torch.float32, torch.float64),
    *(torch.complex64, torch.complex128),
]
NUMBERS = {"bool": True, "int": 2, "float": 1.5, "complex": 2j}
SIGNS = {
    "+": operator.add,
    "/": operator.truediv,
    "==": operator.eq,
    "+=": operator.iadd,
}


def sides(most: int) -> list[dict]:
    """All that can stand beside an operator: without dimensions, too, and a number."""
    tensors = [str(dtype).removeprefix("torch.") for dtype in SOME_DTYPES]
    ranks = {2: tensors, 1: tensors, 0: list(NUMBERS)}
    return [{"dtype": d, "rank": r} for r in ranks for d in ranks[r] if r >= most]


def value(side: dict):
    if not side["rank"]:
        return NUMBERS[side["dtype"]]
    shape = (3,) if side["rank"] == 2 else ()
    return torch.ones(shape, dtype=getattr(torch, side["dtype"]))


def dtype_or_error(compute) -> dict:
    try:
        return {"dtype": str(compute().dtype).removeprefix("torch.")}
    except (RuntimeError, NotImplementedError) as error:
        return {"error": f"{type(error).__name__}: {error}"}


@pytest.mark.filterwarnings("ignore:ComplexHalf support is experimental")
def test_dtypes_of_every_pair(call):
    cases = [[sign, a, b] for sign in SIGNS for a in sides(1) for b in sides(0)]
    assert len(cases) >= CASES
    right = [
        dtype_or_error(lambda s=s, a=a, b=b: SIGNS[s](value(a), value(b)))
        for s, a, b in cases
    ]
    found = call("dtypes-math", "result", cases)
    wrong = [one for one in zip(cases, found, right, strict=True) if one[1] != one[2]]
    assert not wrong, wrong[0]
    assert len({one.get("error") for one in right}) > 20


def step_in_memory(layers, width, batch, optimizer, dtype) -> dict:
    """The bytes of a step on a CPU; what is saved twice counts once."""
    kind = {"dtype": getattr(torch, dtype)}
    parts = [(nn.Linear(width, width, **kind), nn.ReLU()) for _ in range(layers)]
    model = nn.Sequential(*(one for pair in parts for one in pair))
    own = {one.data_ptr() for one in model.parameters()}
    saved = {}

    def keep(tensor):
        if tensor.data_ptr() not in own:
            saved[tensor.data_ptr()] = tensor
        return tensor

    with torch.autograd.graph.saved_tensors_hooks(keep, lambda tensor: tensor):
        loss = model(torch.ones(batch, width, **kind)).mean()
    loss.backward()
    make = {"SGD": torch.optim.SGD, "Adam": torch.optim.Adam}[optimizer.split(",")[0]]
    options = {"momentum": 0.9} if "momentum" in optimizer else {}
    steps = make(model.parameters(), lr=0.1, **options)
    steps.step()
    state = (t for kept in steps.state.values() for t in kept.values())
    every = {
        "weights": model.parameters(),
        "gradients": (one.grad for one in model.parameters()),
        "state": (one for one in state if isinstance(one, torch.Tensor)),
        "saved": saved.values(),
    }
    return {name: sum(one.nbytes for one in group) for name, group in every.items()}


def test_memory_of_a_step(call):
    lot = random.Random(5)
    choices = (["SGD", "SGD, momentum", "Adam"], ["float32", "bfloat16"])
    cases = [
        {"layers": lot.randint(1, 3), "width": lot.randint(1, 9)}
        | {"batch": lot.randint(1, 9), "optimizer": lot.choice(choices[0])}
        | {"dtype": lot.choice(choices[1])}
        for _ in range(CASES)
    ]
    found = call("memory-math", "budget", [[case] for case in cases])
    for case, one in zip(cases, found, strict=True):
        assert one == step_in_memory(**case), case


def descend(name: str, w: float, steps: int, options: dict) -> list[float]:
    w = torch.tensor(w, dtype=torch.float64, requires_grad=True)
    options = options if name == "SGD" else {"lr": options["lr"]}
    optimizer = getattr(torch.optim, name)([w], **options)
    path = [w.item()]
    for _ in range(steps):
        optimizer.zero_grad()
        ((w - 3) ** 2).backward()
        optimizer.step()
        path.append(w.item())
    return path


def test_descent(call):
    lot = random.Random(6)
    cases = [
        [lot.choice(["SGD", "SGD", "Adam"]), lot.uniform(-2, 8), 8]
        + [{"lr": lot.uniform(0.01, 1.2), "momentum": lot.choice([0, 0.5, 0.9])}]
        for _ in range(CASES)
    ]
    found = call("descent-math", "descend", cases)
    for case, path in zip(cases, found, strict=True):
        assert path == pytest.approx(descend(*case), rel=1e-6, abs=1e-6), case


def test_temperature_and_top_k(call):
    lot, cases = random.Random(7), []
    for _ in range(CASES):
        logits = [lot.gauss(0, 3) for _ in range(lot.randint(2, 60))]
        temperature = lot.choice([0, 0.05, 0.3, 0.7, 1, 2, 5])
        cases.append([logits, temperature, lot.randint(1, len(logits))])
    found = call("sampling-math", "distribution", cases)
    for (logits, temperature, k), one in zip(cases, found, strict=True):
        scores = torch.tensor(logits, dtype=torch.float64)
        best = scores.topk(k if temperature else 1)
        shares = (best.values / (temperature or 1)).softmax(0)
        assert one["ids"] == best.indices.tolist()
        assert one["shares"] == pytest.approx(shares.tolist(), rel=1e-6)


def judged(scenes: list[dict], threshold: float, limit: float) -> list:
    """How many boxes stay, hit, and could: as the site's detector is measured."""
    count = hits = total = 0
    for scene in scenes:
        found = torch.tensor(scene["found"], dtype=torch.float64)
        found = found[found[:, 4] > threshold]
        found = found[nms(found[:, :4], found[:, 4], limit)]
        truth = torch.tensor(scene["truth"], dtype=torch.float64)
        for kind in range(10):
            mine, real = (one[one[:, -1] == kind, :4] for one in (found, truth))
            hits += sum(match(mine, real))
        count, total = count + len(found), total + len(truth)
    return [count, hits, total]


def test_precision_and_recall_of_boxes(call):
    every = json.loads((FOLDER / "boxes.json").read_text(encoding="utf-8"))
    lot, cases = random.Random(9), []
    for _ in range(CASES):
        some = lot.sample(every, 2)
        cases.append([some, lot.randint(1, 19) / 20, lot.randint(0, 20) / 20])
    found = call("boxes-math", "judge", cases)
    for case, one in zip(cases, found, strict=True):
        count, hits, total = judged(*case)
        assert [one["count"], one["hits"], one["total"]] == [count, hits, total]
        assert one["recall"] == hits / total
        assert one["precision"] == (hits / count if count else None)


def default(call, name: str):
    return inspect.signature(call).parameters[name].default


@pytest.fixture(scope="module")
def keras():
    os.environ["KERAS_BACKEND"] = "torch"
    return pytest.importorskip("keras")


def test_lines_of_keras_set_the_same_in_pytorch(call, keras):
    """And the defaults that a reader sees are those of both libraries."""
    code = (FOLDER / "keras-math.js").read_text(encoding="utf-8")
    names = re.findall(r'^  "((?:optimizers|layers)\.\w+)": \[', code, re.MULTILINE)
    names = [name for name in names if name.removeprefix("layers.") not in LAYERS]
    empty = call("keras-math", "translate", [[name, {}] for name in names])
    parts = {
        name: [one["its"] for one in found["rows"]]
        for name, found in zip(names, empty, strict=True)
    }
    lot, cases = random.Random(8), []
    for number in range(CASES):
        name = names[number % len(names)]
        some = [part for part in parts[name] if lot.random() < 0.5]
        values = [0.5, 0.1, 0.25, 0.003, 2e-5, 1e-7]
        cases.append([name, {part: lot.choice(values) for part in some}])
    found = [*empty, *call("keras-math", "translate", cases)]
    every = [*([name, {}] for name in names), *cases]
    space = {"keras": keras, "torch": torch, "nn": nn, "model": nn.Linear(2, 2)}
    for (name, given), one in zip(every, found, strict=True):
        theirs, ours = (eval(one[side], space) for side in ("keras", "torch"))
        own = ours.defaults if name.startswith("optim") else vars(ours)
        for row in one["rows"]:
            its = float(getattr(theirs, row["its"]))
            turned = isinstance(ours, nn.BatchNorm1d) and row["own"] == "momentum"
            right = 1 - own[row["own"]] if turned else own[row["own"]]
            assert its == pytest.approx(right, rel=1e-6), (name, given, row)
            assert row["its"] not in given or its == pytest.approx(given[row["its"]])
            assert row["itsDefault"] == default(type(theirs), row["its"])
            assert row["ownDefault"] == default(type(ours), row["own"])


# Layers that have weights or shapes: what a reader can set, as Python.
YES = ["True", "False"]
LAYERS = {
    "Dense": {"use_bias": YES},
    "Conv2D": {
        "padding": ['"valid"', '"same"'],
        "dilation_rate": ["1", "2"],
        "use_bias": YES,
    },
    "MaxPooling2D": {"pool_size": ["2", "3"], "strides": ["1", "2", "3"]},
    "LSTM": {"use_bias": YES},
    "Embedding": {},
    "Dropout": {},
}
NOTHING = {"none": inspect.Parameter.empty, '"channels_last"': None}


def ported(theirs, ours, x: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """What both compute with Keras's weights, in PyTorch's order of axes."""
    pictures = x.dim() == 4
    said = theirs(x.movedim(1, -1) if pictures else x)
    kernel, *others = [one.value.detach() for one in theirs.weights] or [None]
    parts = list(ours.parameters())
    if isinstance(ours, nn.LSTM):
        values = [kernel.T, others[0].T, *others[1:], *(0 * one for one in others[1:])]
    elif isinstance(ours, nn.Embedding):
        values = [kernel]
    elif parts:
        values = [kernel.movedim((-1, -2), (0, 1)), *others]
    else:
        values = []
    with torch.no_grad():
        for part, value in zip(parts, values, strict=True):
            part.copy_(value)
    found = ours(x)
    if isinstance(ours, nn.LSTM):
        found = found[0][:, -1]
    return said.movedim(-1, 1) if pictures else said, found


def test_layers_of_keras_compute_the_same_in_pytorch(call, keras):
    lot, cases = random.Random(12), []
    torch.manual_seed(0)
    for number in range(CASES):
        name = [*LAYERS][number % len(LAYERS)]
        some = [part for part in LAYERS[name] if lot.random() < 0.5]
        given = {part: lot.choice(LAYERS[name][part]) for part in some}
        cases.append([f"layers.{name}", given])
    found = call("keras-math", "translate", cases)
    space = {"keras": keras, "nn": nn}
    for (name, given), one in zip(cases, found, strict=True):
        assert all(f"{part}={value}" in one["keras"] for part, value in given.items())
        theirs, ours = (eval(one[side], space) for side in ("keras", "torch"))
        settable = {row["its"] for row in one["rows"] if row["own"]} - {"rate"}
        assert settable == {*LAYERS[name.removeprefix("layers.")]}
        for row in one["rows"]:
            value = row["itsDefault"]
            value = NOTHING[value] if value in NOTHING else eval(value)
            assert value == default(type(theirs), row["its"]), row
            if row["own"]:
                value = row["ownDefault"]
                value = NOTHING[value] if value in NOTHING else eval(value)
                kind = nn.RNNBase if isinstance(ours, nn.LSTM) else type(ours)
                assert value == default(kind, row["own"]), row
        shape = (2, 8, 9, 9) if name.endswith("2D") else (2, 5, 8)
        x = torch.randn(shape)
        if isinstance(ours, nn.Embedding):
            x = torch.randint(10, (2, 5))
        if isinstance(ours, nn.Dropout):
            for made in theirs(x, training=True) / x, ours(x) / x:
                kept = made[made != 0]
                torch.testing.assert_close(kept, torch.full_like(kept, 1 / 0.7))
            ours.eval()
        torch.testing.assert_close(*ported(theirs, ours, x), rtol=1e-4, atol=1e-5)


def test_starting_weights_of_layers_are_drawn_as_the_table_says(keras):
    """Of PyTorch uniform up to one by the root of the inputs, but for embeddings."""
    torch.manual_seed(0)
    assert keras.config.image_data_format() == "channels_last"
    for layer, inputs in (
        (nn.Linear(64, 99), 64),
        (nn.Conv2d(16, 99, 2), 64),
        (nn.LSTM(16, 64), 64),
    ):
        for one in layer.parameters():
            drawn = one.detach().abs() * inputs**0.5
            assert 0.9 < drawn.max() <= 1 and drawn.mean() == pytest.approx(
                0.5, abs=0.1
            )
    table = keras.layers.Embedding(100, 64)
    table.build()
    assert 0.049 < table.embeddings.value.abs().max() <= 0.05
    assert nn.Embedding(100, 64).weight.std().item() == pytest.approx(1, abs=0.05)
    assert default(nn.Dropout, "p") == 0.5
    with pytest.raises(ValueError, match="strided"):
        nn.Conv2d(8, 4, 3, stride=2, padding="same")


def test_each_module_is_used_and_is_small():
    pictures = {file.stem for file in FOLDER.glob("*.js")} - {"kit"}
    assert PLACES.keys() == {n for n in pictures if "-" not in n}
    packed = {
        file.name: len(gzip.compress(file.read_bytes())) for file in FOLDER.iterdir()
    }
    assert packed["kit.js"] <= MOST_KIT
    for name in PLACES:
        own = sum(size for n, size in packed.items() if n.startswith(name))
        assert own + packed["moving.css"] <= MOST, name


def scroll_to(page: Page, name: str):
    """The picture, once the reader has come to its place."""
    page.locator(f"[data-moving={name}]").first.scroll_into_view_if_needed()
    box = page.locator(".moving").first
    expect(box.locator("[role=status]").first).not_to_be_empty(timeout=PATIENCE)
    return box


# The second one is for what stands at its end.
KEYS = {
    "range": ["ArrowRight", "ArrowLeft"],
    "number": ["ArrowUp"],
    "select-one": ["ArrowDown", "ArrowUp"],
}
FOCUSED = "document.activeElement.closest('.moving') && document.activeElement.type"
STATE = "box => box.innerText + box.querySelector('svg')?.outerHTML"
CONTROLS = """box => [...box.querySelectorAll("input, select")].filter(one =>
  one.checkVisibility() && !one.disabled).length"""


def press_keys(page: Page, box) -> None:
    """Tab reaches each control, and an arrow key changes what is said or drawn."""
    wanted = box.evaluate(CONTROLS)
    box.locator(":is(input, select):visible").first.focus()
    kinds = []
    while kind := page.evaluate(FOCUSED):
        if kind in KEYS:
            kinds.append(kind)
            before = box.evaluate(STATE)
            for key in KEYS[kind]:
                page.keyboard.press(key)
                if box.evaluate(STATE) != before:
                    break
            else:
                raise AssertionError(f"{kind} {len(kinds)} changes nothing")
        page.keyboard.press("Tab")
    assert len(kinds) >= min(wanted, 2)


# What is too wide for the box, too small for a finger, or on its way.
AWKWARD = """box => {
  const right = Math.min(box.getBoundingClientRect().right + 0.5, innerWidth)
  const wrong = one => {
    const { right: end, height } = one.getBoundingClientRect()
    const small = one.matches("input, select, button") && height < 35
    return end > right || small || getComputedStyle(one).transitionDuration !== "0s"
  }
  const all = [...box.querySelectorAll("*")].filter(one => one.checkVisibility())
  return all.filter(wrong).map(one => one.outerHTML.slice(0, 90))
}"""


@pytest.mark.parametrize("name", PLACES)
def test_a_picture_comes_with_the_reader_and_is_for_all(tab, home, name):
    asked = []
    tab.page.emulate_media(reduced_motion="reduce")
    tab.page.on("request", lambda one: asked.append(one.url))
    with faultless(tab.page, home):
        tab.go(f"{PLACES[name][0]}index.html")
        rest(tab.page)
        assert not [url for url in asked if url.endswith(f"/{name}.js")]
        assert not tab.page.locator(".moving").count()
        box = scroll_to(tab.page, name)
        press_keys(tab.page, box)
        found = []
        for look in (USUAL, Look("dark", PHONE)):
            found += axe_in(tab, [look], ".moving")
            found += [f"{look}: {one}" for one in box.evaluate(AWKWARD)]
            wide = "document.documentElement.scrollWidth > innerWidth"
            assert not tab.page.evaluate(wide), look
        refuse(found)


def test_a_page_without_pictures_loads_none(page, asked):
    page.goto("start/install/")
    rest(page)
    assert not [url for url in asked if "/moving/" in url]


# Of each place, words of the still that is there: a picture's description or an output.
STILLS = {
    ("backward", "autograd/"): "Arrows carry 1, -8 and -8 from the loss",
    ("backward", "autograd/how-it-works/"): "torch 18.0 9.0",
    ("memory", "gpu/memory/"): "optimizer 264720\nsaved     1310720",
    ("keras", "keras/defaults-that-differ/"): "Adadelta  learning_rate",
    ("sampling", "sequences/generate/"): "probabilities: [0.622 0.378]",
    ("shapes", "tensors/"): "a row of four, shape (1, 4)",
    ("dtypes", "tensors/dtypes/"): "A table of eleven tensor types",
    ("shapes", "tensors/shapes-and-dtypes/"): "Flatten   (2, 100)",
    ("strides", "tensors/views-and-copies/"): "shape (3, 3), stride 0 down",
    ("shapes", "training/convolutions/"): "14 14 {'kernel_size': 3, 'padding': 1, ",
    ("descent", "training/tune/"): "With 0.001 the curves hardly fall.",
    ("boxes", "walkthroughs/pretrained-detection/"): "Precision against recall",
}
# What stands right before a place, but for text about it and for folds.
STILL = """async place => {
  const between = "p:not(.figure), ol, ul, details:not([open])"
  let one = place.previousElementSibling
  while (one?.matches(between)) one = one.previousElementSibling
  if (!one?.matches(".figure, .output, table") || !one.checkVisibility()) return ""
  const picture = [...one.querySelectorAll("img")].find(img => img.checkVisibility())
  if (!picture) return one.innerText
  await picture.decode()
  return picture.alt
}"""


def test_without_javascript_a_still_picture_stands_there(plain_page):
    places = [(name, page) for name, pages in PLACES.items() for page in pages]
    assert sorted(places) == sorted(STILLS)
    for name, page in places:
        plain_page.goto(page)
        place = plain_page.locator(f"[data-moving={name}]")
        place.scroll_into_view_if_needed()
        assert place.is_visible() and not plain_page.locator(".moving").count()
        assert STILLS[name, page] in place.evaluate(STILL), (name, page)
