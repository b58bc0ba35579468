"""The parity matrix: each row measured again, and what its remark says."""

import importlib
import inspect
import re
import string
import warnings

import numpy as np
import pytest
import torch

from harness.core import page
from harness.core.tree import HERE
from harness.site.tables import parity
from tests.claims_support import READS_TENSORS, Later, keras

pytestmark = READS_TENSORS
measures, names, training = (
    Later(f"lab.parity.{name}") for name in ("measures", "names", "training")
)

GROUPS = parity.load(HERE)
ROWS = [row for rows in GROUPS.values() for row in rows]
RUN = parity.run(HERE)
EACH = pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
KEPT = {}


def measured(row: parity.Row) -> "measures.Measured":
    """A row is measured once, for all of its tests."""
    if row.name not in KEPT:
        KEPT[row.name] = measures.measure(row)
    return KEPT[row.name]


def theory(row: parity.Row) -> float:
    return float(names.run(row.exactly, names.torch_side()))


@EACH
def test_a_row_is_as_close_as_rounding_allows_or_as_far_as_theory_says(row):
    found = measured(row)
    if row.timed:
        return
    if row.exactly:
        assert abs(found.value - theory(row)) <= found.tolerance
    elif row.apart:
        assert found.value > 1000 * found.tolerance
    else:
        assert found.value <= found.tolerance


@EACH
def test_a_row_says_what_was_recorded(row):
    found, kept = measured(row), RUN.rows[row.name]
    if row.timed:
        return
    if row.apart:
        assert found.value == pytest.approx(kept.measured, rel=1e-3)
        return
    # Another processor rounds in another order; below a few roundings nothing counts.
    assert kept.measured <= kept.tolerance
    assert kept.tolerance == pytest.approx(found.tolerance, rel=0.1)
    floor = 4 * measures.EPSILON
    assert max(found.value, floor) < 10 * max(kept.measured, floor)
    assert max(kept.measured, floor) < 10 * max(found.value, floor)


def test_the_record_is_of_the_libraries_that_are_installed():
    versions = [one.partition("+")[0] for one in (RUN.torch, torch.__version__)]
    assert versions[0] == versions[1]
    assert RUN.keras == keras.__version__


# What remarks say


def default(function, name: str):
    return inspect.signature(function).parameters[name].default


def parameters(function) -> set[str]:
    return set(inspect.signature(function).parameters)


def source(module: str) -> str:
    return inspect.getsource(importlib.import_module(module))


def torch_gives(code: str):
    return names.run(code, names.torch_side())


def keras_gives(code: str):
    return names.run(code, names.keras_side() | {"built": built, "attended": attended})


def quiet(code: str):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return torch_gives(code)


def error(code: str) -> str:
    """The name of what a line for PyTorch raises, or nothing."""
    try:
        torch_gives(code)
    except Exception as found:
        return type(found).__name__
    return ""


def gap(ours: str, theirs: str, measure: str = "value") -> float:
    row = parity.Row.model_construct(torch=[ours], keras=[theirs], measure=measure)
    return measures.measure(row).value


def built(layer, shape: tuple):
    layer.build(shape)
    return layer


def attended(layer):
    x = names.torch_side()["tokens"]
    layer(x, x)
    return layer


def same(one, two) -> bool:
    return measures.difference(one, two) == 0


HELPERS = {
    "K": keras_gives,
    "T": torch_gives,
    "approx": pytest.approx,
    "default": default,
    "error": error,
    "gap": gap,
    "parameters": parameters,
    "quiet": quiet,
    "same": same,
    "source": source,
}
MEASURES = ("batches_of_fit", "calls", "exported_batch", "first_step")


@pytest.mark.parametrize("row", [r for r in ROWS if r.proof], ids=lambda row: row.name)
def test_what_a_row_remarks_is_true(row):
    found = measured(row)
    space = names.torch_side() | HELPERS | {"t": found.torch, "k": found.keras}
    space |= {name: getattr(measures, name) for name in MEASURES}
    space |= {"measured": found.value, "allowed": found.tolerance}
    with measures.quick():
        for claim in (*row.proof, *row.agrees):
            assert eval(claim, space), claim


def test_whatever_differs_as_written_agrees_after_the_change_that_it_names():
    for row in ROWS:
        assert row.apart is bool(row.agrees), row.name


# The page


PAGE = page.Page(HERE, "keras/parity.md")


def test_the_page_shows_every_row_that_is_measured():
    shown = [i.section for i in PAGE.includes if i.snippet == "report/parity"]
    assert shown == ["sums", *GROUPS, "plot"]
    assert len(ROWS) == 42
    assert parity.text(HERE).count('\n??? row "') == len(ROWS)
    assert not re.search(r"^ *(from \S+ )?import ", parity.text(HERE), re.M)


def test_a_wrong_port_is_far_outside_of_what_is_allowed():
    for row in ROWS:
        if row.name == "gru":
            wrong = measures.measure(row.model_copy(update={"measure": "unswapped"}))
            assert wrong.value > 100 * wrong.tolerance


def test_the_two_trainings_learn_something():
    trained = training.train(torch.nn.Tanh())
    start = training.weights_of(training.make(torch.nn.Tanh()))
    assert training.apart(trained.weights, start) > 0.1
    net = training.make(torch.nn.Tanh())
    for one, weight in zip(net.parameters(), trained.weights, strict=True):
        one.data = torch.from_numpy(weight)
    loss = float(np.square((net(training.X) - training.Y).detach().numpy()).mean())
    assert loss < 0.2


def test_a_keras_file_keeps_the_state_of_the_optimizer_and_a_state_dict_does_not(
    tmp_path,
):
    model = training.make_keras("tanh")
    model.compile(keras.optimizers.Adam(), "mse")
    model.fit(training.X, training.Y, batch_size=4, verbose=0)
    model.save(tmp_path / "model.keras")
    again = keras.saving.load_model(tmp_path / "model.keras").optimizer
    kept = [np.asarray(one) for one in model.optimizer.variables]
    assert int(again.iterations) == len(training.BATCHES)
    assert all((a == b).all() for a, b in zip(kept, again.variables, strict=True))
    assert len(training.make(torch.nn.Tanh()).state_dict()) == 4


def test_a_dense_layer_is_empty_before_it_has_weights_and_dropout_keeps_a_seed():
    dense = keras.layers.Dense(2)
    assert not dense.state_dict()
    dense.build((None, 3))
    assert len(dense.state_dict()) == 2
    assert len(keras.layers.Dropout(0.5).state_dict()) == 1


@pytest.mark.parametrize("size, pad", [(5, 1), (8, (0, 1, 0, 1)), (11, 1)])
def test_padding_same_with_stride_two_depends_on_the_size(size, pad):
    space = names.torch_side() | {"image": torch.rand(1, 3, size, size)}
    conv = keras.layers.Conv2D(4, 3, strides=2, padding="same")
    with measures.quick():
        theirs = measures.forward(conv, space["image"]).permute(0, 3, 1, 2)
    layer = torch.nn.Conv2d(3, 4, 3, stride=2, padding=1 if pad == 1 else 0)
    layer.weight.data = torch.from_numpy(conv.get_weights()[0].transpose(3, 2, 0, 1))
    layer.bias.data.zero_()
    x = space["image"] if pad == 1 else torch.nn.functional.pad(space["image"], pad)
    assert (layer(x) - theirs).abs().max() < 1e-5


def test_a_task_with_another_kind_of_result_has_no_dot():
    kinds = {row.what for row in ROWS if row.timed or row.exactly or row.what}
    assert kinds <= {"× PyTorch's", "steps apart", ""} and len(kinds) > 1
    shown = [row for row in ROWS if not (row.timed or row.exactly or row.what)]
    assert 0 < sum(row.apart for row in shown) < sum(row.apart for row in ROWS)


# The table of pipelines and preprocessing


TEXT = (HERE.docs / "keras" / "parity.md").read_text(encoding="utf-8")
PREPARED = dict(re.findall(r"^\| `([^|]*)` \| (`[^|]*) \|$", TEXT, re.M))


def lines(left: str) -> list[str]:
    """The codes of PyTorch in a row of the page."""
    return re.findall("`([^`]*)`", PREPARED[left])


def value(code: str, **known):
    return eval(code, {"torch": torch, "F": torch.nn.functional, **known})


def pipeline(**known) -> dict:
    data = importlib.import_module("torch.utils.data")
    x, y = torch.arange(70.0).reshape(70, 1), torch.arange(70)
    names = {"TensorDataset": data.TensorDataset, "DataLoader": data.DataLoader}
    names |= {"x": x, "y": y} | known
    exec(lines("Dataset.from_tensor_slices((x, y))")[0], names)
    return names


def test_the_lines_of_a_pipeline_give_every_sample_once_and_in_a_new_order():
    names, calls = pipeline(), []
    names["f"] = lambda a: calls.append(a) or 2 * a
    exec(lines(".map(f)")[0], names)
    exec(lines(".cache()")[0], names)
    orders = []
    for _ in range(2):  # epochs
        loader = eval(lines(".shuffle(len(x)).batch(32)")[0], names)
        batches = list(loader)
        assert [len(b) for _, b in batches] == [32, 32, 6]
        xs, ys = (torch.cat(each) for each in zip(*batches, strict=True))
        assert torch.equal(xs, 2.0 * ys[:, None])
        assert sorted(ys.tolist()) == list(range(70))
        orders.append(ys.tolist())
    assert orders[0] != orders[1] and len(calls) == 70  # computed once
    loader = eval(lines(".prefetch(2)")[0], names)
    assert (loader.num_workers, loader.prefetch_factor) == (1, 2)


@pytest.mark.parametrize("scale", [1 / 255, 2.0])
def test_rescaling_is_a_product(scale):
    x = torch.rand(3, 2) * 255
    (line,) = lines("Rescaling(scale)")
    for one in (x, x.byte()):
        found = value(line, x=one, scale=scale)
        assert torch.allclose(found, keras.layers.Rescaling(scale)(one))


@pytest.mark.parametrize("shape", [(40, 3), (7, 1)])
def test_normalization_divides_by_the_deviation_without_correction(shape):
    (line,) = re.findall("`([^`]*)`", PREPARED["Normalization()` with `adapt(x)"])
    x = 5 + 3 * torch.randn(shape, generator=torch.Generator().manual_seed(1))
    layer = keras.layers.Normalization()
    layer.adapt(x)
    assert torch.allclose(value(line, x=x), layer(x), atol=1e-5)
    assert not torch.allclose(
        value(line.replace("correction=0", "correction=1"), x=x), layer(x)
    )
    images = 5 + 3 * torch.randn(6, 3, 4, 5) + torch.arange(3.0).reshape(3, 1, 1)
    last = images.permute(0, 2, 3, 1)
    layer = keras.layers.Normalization()
    layer.adapt(last)
    theirs = layer(last).permute(0, 3, 1, 2)
    assert not torch.allclose(value(line, x=images), theirs, atol=1e-2)
    every = line.replace("mean(0", "mean((0, 2, 3), keepdim=True")
    every = every.replace("std(0", "std((0, 2, 3), keepdim=True")
    assert torch.allclose(value(every, x=images), theirs, atol=1e-5)
    equal = torch.ones(4, 1)
    layer = keras.layers.Normalization()
    layer.adapt(equal)
    assert layer(equal).eq(0).all() and value(line, x=equal).isnan().all()


def test_a_flip_turns_half_of_the_images_and_keras_flips_in_training_only():
    (line,) = lines('RandomFlip("horizontal")')
    torch.manual_seed(0)
    x = torch.rand(400, 3, 2, 5)
    keras.utils.set_random_seed(0)
    layer = keras.layers.RandomFlip("horizontal")
    last = x.permute(0, 2, 3, 1)
    theirs = layer(last, training=True).permute(0, 3, 1, 2)
    assert torch.equal(layer(last, training=False), last)
    for found in (value(line, x=x), theirs):
        same = (found == x).flatten(1).all(1)
        turned = (found == x.flip(3)).flatten(1).all(1)
        assert (same ^ turned).all() and 140 < turned.sum() < 260


def test_one_hot_is_the_encoding_of_categories():
    (line,) = lines('CategoryEncoding(3, output_mode="one_hot")')
    layer = keras.layers.CategoryEncoding(3, output_mode="one_hot")
    for dtype in (torch.int64, torch.int32, torch.float32):
        x = torch.tensor([0, 2, 1, 2], dtype=dtype)
        found = value(line, x=x)
        assert torch.equal(found, layer(x)) and found.dtype == layer(x).dtype


def test_a_dictionary_counts_as_string_lookup_does():
    """Which needs TensorFlow: here only its arguments can be read."""
    build, look = lines("StringLookup(vocabulary=words)")
    names = {"words": ["cat", "dog"]}
    exec(build, names)
    found = [eval(look, names, {"word": word}) for word in ("dog", "cat", "cow")]
    taken = inspect.signature(keras.layers.StringLookup.__init__).parameters
    assert found == [2, 1, 0]
    assert taken["num_oov_indices"].default == 1 and taken["mask_token"].default is None


def test_words_are_split_as_text_vectorization_does():
    split = lines("TextVectorization()")[0]
    names = {"string": string, "text": "The CAT's hat,\n\tno: a_hat (2)!"}
    assert eval(split, names) == ["the", "cats", "hat", "no", "ahat", "2"]
    layer = keras.layers.TextVectorization
    source = inspect.getsource(inspect.getmodule(layer))
    (strip,) = re.findall(r"""r'(\[!.*\])'""", source)
    every = "".join(map(chr, range(32, 127)))
    assert set(re.findall(strip.replace(r"\'", "'"), every)) == set(string.punctuation)
    taken = inspect.signature(layer.__init__).parameters
    assert taken["standardize"].default == "lower_and_strip_punctuation"
    assert taken["split"].default == "whitespace"
    # Two words of its own come first: the mask, and what it does not know.
    assert source.count('mask_token="",') == 1
    lookup = inspect.signature(keras.layers.StringLookup.__init__).parameters
    assert lookup["num_oov_indices"].default == 1 and "num_oov" not in source


@pytest.mark.parametrize("nesterov", [False, True])
@pytest.mark.parametrize("changed", [False, True])
def test_with_momentum_both_agree_only_while_the_rate_stays_the_same(nesterov, changed):
    w, v = torch.ones(1, requires_grad=True), keras.Variable([1.0])
    how = {"momentum": 0.9, "nesterov": nesterov}
    ours = torch.optim.SGD([w], lr=0.1, **how)
    theirs, gap = keras.optimizers.SGD(0.1, **how), 0.0
    for step in range(20):
        if changed and step == 5:
            ours.param_groups[0]["lr"] = theirs.learning_rate = 0.01
        w.grad = 2 * w.detach()
        ours.step()
        theirs.apply([2 * v.value.detach()], [v])
        gap = max(gap, abs(w.item() - v.value.item()))
    assert gap > 0.5 if changed else gap < 1e-5


def test_a_column_of_categories_loses_its_last_dimension_in_keras_alone():
    (line,) = lines('CategoryEncoding(3, output_mode="one_hot")')
    column = torch.tensor([[0], [2], [1]])
    theirs = keras.layers.CategoryEncoding(3, output_mode="one_hot")(column)
    assert theirs.shape == (3, 3) and value(line, x=column).shape == (3, 1, 3)
    assert torch.equal(theirs, value(line, x=column[:, 0]))


def test_after_its_steps_a_cosine_rises_again_in_pytorch_and_stays_in_keras():
    optimizer = torch.optim.SGD([torch.ones(1, requires_grad=True)], lr=0.1)
    ours = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, 40)
    theirs, rates = keras.optimizers.schedules.CosineDecay(0.1, 40), []
    for step in range(61):
        rates.append((ours.get_last_lr()[0], float(theirs(step))))
        optimizer.step()
        ours.step()
    assert rates[20] == pytest.approx((0.05, 0.05))
    assert rates[40] == pytest.approx((0, 0), abs=1e-8)
    assert rates[60] == pytest.approx((0.05, 0), abs=1e-8)
