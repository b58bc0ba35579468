"""Keras on PyTorch: models in loops, modules in models, a step of one's own."""

from importlib.util import find_spec

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from PIL import Image
from torch import nn

from harness.core.tree import HERE
from tests.claims_support import KERAS, keras, layers, printed

pytestmark = KERAS

SNIPPETS = HERE.snippets / "keras"
BOUND = 1e-6
X, Y = torch.tensor([[2.0]]), torch.tensor([[6.0]])


def difference(these, those) -> float:
    pairs = zip(these, those, strict=True)
    return max(float(np.abs(np.asarray(a) - np.asarray(b)).max()) for a, b in pairs)


def step(model, data, clear=True, clip=None, tell=True):
    """A training step as one writes it."""
    xb, yb = data
    if clear:
        model.zero_grad()
    loss = model.compute_loss(y=yb, y_pred=model(xb, training=True))
    loss.backward()
    if clip:
        nn.utils.clip_grad_norm_(model.parameters(), clip)
    weights = model.trainable_weights
    with torch.no_grad():
        model.optimizer.apply([w.value.grad for w in weights], weights)
    for metric in model.metrics if tell else ():
        metric.update_state(loss)
    return {m.name: m.result() for m in model.metrics} if tell else {"loss": loss}


def model_with(**how) -> type:
    return type(
        "M", (keras.Sequential,), {"train_step": lambda s, d: step(s, d, **how)}
    )


def line(kind=None):
    """w·x from 1, with a loss whose slope one can follow by hand."""
    kind = kind or keras.Sequential
    model = kind([layers.Dense(1, use_bias=False, kernel_initializer="ones")])
    model.build((None, 1))
    model.compile(keras.optimizers.SGD(0.0625), "mse")
    return model


def path(model, epochs):
    w, found = model.layers[0].kernel.value, []
    for _ in range(epochs):
        model.fit(X, Y, verbose=0)
        found.append(w.item())
    return found


# A Keras model in a loop


def by_hand(clear=True, steps=10):
    w, grad, x, found = 0.0, 0.0, np.array([1.0, 2.0]), []
    for _ in range(steps):
        found.append(np.mean((w * x - 3 * x) ** 2))
        grad = (0 if clear else grad) + np.mean(2 * (w * x - 3 * x) * x)
        w -= 0.125 * grad
    return found, w


def test_a_keras_model_in_a_torch_loop_does_gradient_descent():
    losses, w = by_hand()
    rows = printed("keras/keras_model_in_a_loop").splitlines()
    shown = [float(row.split()[-1]) for row in rows]
    assert shown == pytest.approx([losses[0], losses[1], losses[9], w], abs=1e-4)


def test_without_zero_grad_the_loss_is_not_zero_after_ten_steps():
    assert by_hand()[0][-1] < 1e-4 and by_hand(clear=False)[0][-1] > 0.01


def test_before_build_there_are_no_weights():
    model = keras.Sequential([layers.Dense(1)])
    assert list(model.parameters()) == []
    with pytest.raises(ValueError, match="optimizer got an empty parameter list"):
        torch.optim.SGD(model.parameters(), lr=0.1)
    model(torch.ones(1, 2))
    assert len(list(model.parameters())) == 2
    started = keras.Sequential([keras.Input((2,)), layers.Dense(1)])
    assert len(list(started.parameters())) == 2


def test_keras_weights_are_no_tensors_but_hold_parameters():
    model = keras.Sequential([keras.Input((2,)), layers.Dense(1)])
    with pytest.raises(
        TypeError, match="one of the params is keras.src.backend.Variab"
    ):
        torch.optim.SGD(model.weights, lr=0.1)
    inside = {id(w.value) for w in model.weights}
    assert {id(p) for p in model.parameters()} == inside
    assert all(isinstance(w.value, nn.Parameter) for w in model.weights)


def test_a_loop_drops_the_penalties_that_compute_loss_adds():
    layer = layers.Dense(1, use_bias=False, kernel_regularizer=keras.regularizers.L2(1))
    model = keras.Sequential([keras.Input((1,)), layer])
    model.compile("sgd", "mse")
    layer.kernel.assign([[2.0]])
    assert F.mse_loss(model(X), Y).item() == 4
    whole = model.compute_loss(y=Y, y_pred=model(X)).item()
    assert whole == 4 + sum(model.losses).item() == 8
    assert model.evaluate(X, Y, verbose=0) == 8


def rates(start, losses):
    """The learning rates that a callback of Keras or a scheduler leaves, by epoch."""
    if isinstance(start, keras.callbacks.Callback):
        model = line()
        model.compile(keras.optimizers.SGD(1.0), "mse")
        start.set_model(model)
        start.on_train_begin()
        for epoch, loss in enumerate(losses):
            start.on_epoch_end(epoch, {"val_loss": loss})
            yield float(model.optimizer.learning_rate)
        return
    optimizer = torch.optim.SGD([torch.zeros(1)], lr=1.0)
    scheduler = torch.optim.lr_scheduler.ReduceLROnPlateau(optimizer, patience=start)
    for loss in losses:
        scheduler.step(loss)
        yield optimizer.param_groups[0]["lr"]


@pytest.mark.parametrize("patience", [2, 3, 5])
def test_on_a_plateau_pytorch_waits_one_epoch_longer(patience):
    losses = [1.0] * 12
    theirs = keras.callbacks.ReduceLROnPlateau(patience=patience)
    theirs = list(rates(theirs, losses))
    assert theirs == pytest.approx(list(rates(patience - 1, losses)))
    same_number = list(rates(patience, losses))
    assert same_number.index(0.1) == 1 + [r < 1 for r in theirs].index(True)


def test_a_validation_split_takes_the_last_samples():
    model = line()
    model.layers[0].kernel.assign([[0.0]])
    model.compile(keras.optimizers.SGD(0.0), "mse")
    x = torch.arange(10.0).reshape(-1, 1)
    run = model.fit(x, x, validation_split=0.2, verbose=0)
    assert run.history["val_loss"] == [(8**2 + 9**2) / 2]


@pytest.mark.parametrize("names", [("a", "b"), ("a", "a")])
def test_the_keys_of_a_state_dict_are_made_of_the_names_of_layers(names):
    def make(name):
        layer = layers.Dense(2, name=f"layer_{name}")
        return keras.Sequential([keras.Input((3,)), layer], name=name)

    one, two = map(make, names)
    if names[0] == names[1]:
        two.load_state_dict(one.state_dict())
        assert difference(one.get_weights(), two.get_weights()) == 0
        return
    with pytest.raises(RuntimeError, match="loading state_dict for Sequential"):
        two.load_state_dict(one.state_dict())


@pytest.mark.parametrize(
    "make", [lambda: layers.Dropout(0.5, name="c"), lambda: layers.LSTM(2, name="c")]
)
def test_the_same_names_are_not_enough_where_a_layer_has_a_random_state(make, tmp_path):
    one, two = (
        keras.Sequential(
            [keras.Input((3, 2)), layers.Dense(2, name="b"), make()], name="a"
        )
        for _ in range(2)
    )
    with pytest.raises(RuntimeError, match="seed_generator_"):
        two.load_state_dict(one.state_dict())
    one.save_weights(tmp_path / "a.weights.h5")
    two.load_weights(tmp_path / "a.weights.h5")
    assert difference(one.get_weights(), two.get_weights()) == 0


@pytest.mark.parametrize("by_size", [False, True])
def test_a_loss_told_without_the_size_of_its_batch_is_not_the_mean_of_samples(by_size):
    class Model(keras.Sequential):
        def train_step(self, data):
            xb, yb = data
            loss = self.compute_loss(y=yb, y_pred=self(xb, training=True))
            for metric in self.metrics:
                metric.update_state(loss, sample_weight=len(xb) if by_size else None)
            return {m.name: m.result() for m in self.metrics}

    model = Model([layers.Dense(1, kernel_initializer="zeros")])
    model.compile("sgd", "mse")
    x, y = torch.ones(5, 1), torch.tensor([[1.0], [1], [1], [1], [2]])
    run = model.fit(x, y, batch_size=4, shuffle=False, verbose=0)
    assert run.history["loss"][0] == pytest.approx(1.6 if by_size else 2.5)
    assert model.evaluate(x, y, verbose=0) == pytest.approx(1.6)


# What comes back


def test_a_call_gives_a_tensor_with_a_graph_and_predict_an_array():
    model = keras.Sequential([layers.Dense(1, kernel_initializer="ones")])
    called, predicted = (
        model(torch.ones(1, 2)),
        model.predict(np.ones((1, 2)), verbose=0),
    )
    assert isinstance(called, torch.Tensor) and called.grad_fn is not None
    assert type(predicted) is np.ndarray
    assert called.tolist() == predicted.tolist() == [[2.0]]


# A module in a model


def test_a_wrapped_module_trains_in_fit_and_rests_in_predict():
    torch.manual_seed(0)
    x = torch.randn(64, 2) + 5
    y = x.sum(dim=1, keepdim=True)
    net = nn.Sequential(nn.BatchNorm1d(2), nn.Dropout(0.5), nn.Linear(2, 1))
    modes = []

    net.register_forward_pre_hook(lambda module, args: modes.append(module.training))
    model = keras.Sequential([keras.Input((2,)), layers.TorchModuleWrapper(net)])
    model.compile(keras.optimizers.SGD(0.1), "mse")
    before = {name: t.clone() for name, t in net.state_dict().items()}
    modes.clear()
    once, twice = (model.predict(x, verbose=0) for _ in range(2))
    assert (once == twice).all() and set(modes) == {False}
    assert all(torch.equal(before[name], t) for name, t in net.state_dict().items())
    modes.clear()
    model.fit(x, y, epochs=20, verbose=0)
    # Two batches an epoch; before the first, Keras calls the model to learn its shapes.
    assert modes.count(True) == 40 and all(modes[-40:])
    assert not torch.equal(before["2.weight"], net[2].weight)
    assert (net[0].running_mean - x.mean(0)).abs().max() < 0.1
    model(x, training=True)
    assert net.training


def test_a_wrapped_module_trains_on_a_call_that_names_no_mode():
    norm, x = nn.BatchNorm1d(3), torch.randn(8, 3) + 4
    model = keras.Sequential([keras.Input((3,)), layers.TorchModuleWrapper(norm)])
    norm.reset_running_stats()
    model(x, training=False)
    assert not norm.training and norm.running_mean.tolist() == [0, 0, 0]
    model(x)
    assert norm.training and (norm.running_mean > 0.1).all()


@pytest.mark.parametrize("takes", [True, False])
def test_without_the_argument_training_even_predict_trains_a_wrapped_module(takes):
    class Without(keras.Model):
        def __init__(self):
            super().__init__()
            self.norm = nn.BatchNorm1d(1)  # which Keras wraps

        def call(self, x):
            return self.norm(x)

    class With(Without):
        def call(self, x, training=None):
            return self.norm(x)

    model = With() if takes else Without()
    model.predict(torch.tensor([[9.0], [11.0]]), verbose=0)
    assert model.norm.module.training is not takes
    assert (model.norm.module.running_mean.item() == 0) is takes


# A step of one's own


def test_fit_with_a_step_of_its_own_equals_a_loop_by_hand():
    keras.utils.set_random_seed(0)
    x, y = torch.randn(12, 2), torch.randn(12, 1)
    kind = model_with(clip=1.0)
    model = kind([keras.Input((2,)), layers.Dense(8, "tanh"), layers.Dense(1)])
    net = nn.Sequential(nn.Linear(2, 8), nn.Tanh(), nn.Linear(8, 1))
    for w, s in zip(net.parameters(), model.get_weights(), strict=True):
        w.data = torch.from_numpy(s.T.copy())
    model.compile(keras.optimizers.SGD(0.5), "mse")
    run = model.fit(x, y, batch_size=12, epochs=20, verbose=0)
    optimizer, losses = torch.optim.SGD(net.parameters(), lr=0.5), []
    norms = []
    for _ in range(20):
        optimizer.zero_grad()
        loss = F.mse_loss(net(x), y)
        loss.backward()
        norms.append(nn.utils.clip_grad_norm_(net.parameters(), 1.0).item())
        optimizer.step()
        losses.append(loss.item())
    assert difference([losses], [run.history["loss"]]) < 20 * BOUND
    ours = [w.detach().numpy().T for w in net.parameters()]
    assert difference(ours, model.get_weights()) < 20 * BOUND
    assert max(norms) > 1  # so that clipping did something


def test_the_page_shows_equal_losses_of_fit_and_loop():
    for row in printed("keras/train_step_of_your_own").splitlines():
        words = row.replace(",", "").split()
        assert words[words.index("fit") + 1] == words[words.index("loop") + 1]


def test_callbacks_and_validation_still_work_with_a_step_of_its_own():
    model, ends = line(model_with()), []
    callback = keras.callbacks.LambdaCallback(
        on_epoch_end=lambda n, logs: ends.append(n)
    )
    run = model.fit(
        X, Y, epochs=2, validation_data=(X, Y), verbose=0, callbacks=[callback]
    )
    assert ends == [0, 1] and set(run.history) == {"loss", "val_loss"}


def test_the_optimizer_of_keras_changes_weights_in_place():
    model = line()
    weight = model.layers[0].kernel.value
    where = weight.data_ptr()
    model.fit(X, Y, verbose=0)
    assert model.layers[0].kernel.value.data_ptr() == where and weight.item() == 2


# What goes wrong


def descent(epochs, clear):
    w, grad, found = 1.0, 0.0, []
    for _ in range(epochs):
        grad = (0 if clear else grad) + 2 * (2 * w - 6) * 2
        w -= 0.0625 * grad
        found.append(w)
    return found


@pytest.mark.parametrize("clear", [True, False])
def test_a_step_that_does_not_clear_still_sums_its_gradients(clear):
    assert path(line(model_with(clear=clear)), 5) == descent(5, clear)


def test_the_forgetful_model_runs_past_three():
    assert max(descent(5, False)) > 3 > max(descent(5, True))
    _, forgetful, careful = printed(
        "keras/zero_grad_forgotten_in_train_step"
    ).splitlines()
    for row, clear in ((forgetful, False), (careful, True)):
        assert row.split()[1:] == [f"{w:.2f}" for w in descent(5, clear)]


def test_keras_clears_in_its_own_step():
    assert path(line(), 5) == descent(5, True)


def test_a_loss_that_no_metric_was_told_is_still_reported_as_zero():
    silent, told = line(model_with(tell=False)), line(model_with())
    runs = [model.fit(X, Y, epochs=4, verbose=0) for model in (silent, told)]
    assert runs[0].history["loss"] == [0] * 4
    assert runs[1].history["loss"] == [(2 * w - 6) ** 2 for w in [1, *descent(3, True)]]
    assert difference(silent.get_weights(), told.get_weights()) == 0


@pytest.mark.parametrize(
    "said, reported",
    [
        ({"loss": 5.0}, {"loss": [0.0]}),
        ({"loss": 5.0, "mine": 7.0}, {"loss": [5.0], "mine": [7.0]}),
        ({"mine": 7.0}, {"mine": [7.0]}),
    ],
)
def test_other_names_than_those_of_the_metrics_are_reported_as_returned(said, reported):
    model = line(type("M", (keras.Sequential,), {"train_step": lambda s, d: said}))
    assert model.fit(X, Y, verbose=0).history == reported


def test_metrics_beside_the_loss_take_truth_and_answer():
    def told(self, data):
        xb, yb = data
        y_pred = self(xb, training=True)
        for metric in self.metrics:
            if metric.name == "loss":
                metric.update_state(self.compute_loss(y=yb, y_pred=y_pred))
            else:
                metric.update_state(yb, y_pred)
        return self.get_metrics_result()

    model = line(type("M", (keras.Sequential,), {"train_step": told}))
    model.compile(keras.optimizers.SGD(0.0), "mse", metrics=["mae"])
    assert model.fit(X, Y, verbose=0).history == {"loss": [16.0], "mae": [4.0]}


# What still needs TensorFlow


@pytest.mark.parametrize(
    ("name", "works"),
    [
        ("HashedCrossing", False),
        ("StringLookup", False),
        ("CategoryEncoding", True),
        ("Discretization", True),
        ("Rescaling", True),
    ],
)
def test_layers_of_strings_need_tensorflow_and_those_of_numbers_do_not(name, works):
    given = {
        "HashedCrossing": [3],
        "CategoryEncoding": [3],
        "Discretization": [[0.5]],
        "Rescaling": [2.0],
    }
    make = getattr(layers, name)
    if not works:
        with pytest.raises(ImportError, match=f"Layer {name} requires TensorFlow"):
            make(*given.get(name, []))
        return
    assert make(*given[name])(torch.tensor([0, 1])) is not None


def test_the_program_lists_what_fails_and_what_works():
    rows = printed("keras/what_needs_tensorflow").splitlines()
    failed = [row.split()[0] for row in rows if row.endswith("ImportError")]
    assert failed == [
        "layers.TextVectorization",
        "layers.StringLookup",
        "layers.IntegerLookup",
        "layers.Hashing",
        "utils.timeseries_dataset_from_array",
    ]
    assert sum(row.endswith("works") for row in rows) == 3


def test_folders_of_texts_and_images_need_tensorflow_too(tmp_path):
    for name in "ab":
        (tmp_path / name).mkdir()
        (tmp_path / name / "one.txt").write_text("x")
        Image.new("L", (2, 2)).save(tmp_path / name / "one.png")
    for kind in ("text", "image"):
        read = getattr(keras.utils, f"{kind}_dataset_from_directory")
        with pytest.raises(ImportError, match="requires the tensorflow module"):
            read(tmp_path, verbose=False)
    if not find_spec("grain"):
        options = {"verbose": False, "format": "grain"}
        with pytest.raises(ImportError, match="requires the grain module"):
            keras.utils.text_dataset_from_directory(tmp_path, **options)


@pytest.mark.parametrize("kind", [torch.Tensor, np.asarray])
def test_discretization_adapts_only_with_tensorflow(kind):
    with pytest.raises(ImportError, match="requires the tensorflow module"):
        layers.Discretization(num_bins=3).adapt(kind([[0.1], [0.7], [0.9]]))
    norm = layers.Normalization()
    norm.adapt(np.array([[1.0], [3.0]]))
    assert norm(torch.tensor([[2.0]])).item() == 0
    loader = torch.utils.data.DataLoader(torch.ones(4, 1), batch_size=2)
    with pytest.raises(ImportError, match="requires the tensorflow module"):
        layers.Normalization().adapt(loader)


@pytest.mark.parametrize("module", [nn.Linear(2, 3), nn.Sequential(nn.Linear(2, 3))])
def test_without_its_shape_a_wrapper_stops_a_functional_model(module):
    start = keras.Input((2,))
    with pytest.raises(NotImplementedError, match="compute_output_shape"):
        layers.TorchModuleWrapper(module)(start)
    wrapped = layers.TorchModuleWrapper(module, output_shape=(None, 3))
    model = keras.Model(start, layers.Dense(1)(wrapped(start)))
    assert model(torch.ones(5, 2)).shape == (5, 1)


@pytest.mark.parametrize(("how", "found"), [({}, 2), ({"output_shape": (None, 3)}, 4)])
def test_without_its_shape_layers_behind_a_wrapper_are_no_parameters(how, found):
    wrapped = layers.TorchModuleWrapper(nn.Linear(2, 3), **how)
    model = keras.Sequential([wrapped, layers.Dense(1)])
    model.build((None, 2))
    assert len(list(model.parameters())) == found
    model(torch.ones(1, 2))
    assert len(list(model.parameters())) == found and len(model.weights) == 4
    model.compile(loss="mse")
    model.fit(np.ones((2, 2)), np.ones((2, 1)), verbose=0)
    assert len(list(model.parameters())) == 4


@pytest.mark.parametrize(
    ("name", "how"),
    [("IntegerLookup", {"vocabulary": [10, 20]}), ("Hashing", {"num_bins": 3})],
)
def test_layers_that_look_up_or_hash_integers_need_tensorflow(name, how):
    with pytest.raises(ImportError, match=f"{name} requires TensorFlow"):
        getattr(layers, name)(**how)


def test_a_wrapper_takes_a_lazy_module_only_after_its_first_call():
    lazy = nn.LazyLinear(3)
    with pytest.raises(ValueError, match="LazyModules are not supported unless"):
        layers.TorchModuleWrapper(lazy)
    lazy(torch.ones(2, 4))
    assert layers.TorchModuleWrapper(lazy)(torch.ones(2, 4)).shape == (2, 3)


@pytest.mark.filterwarnings("ignore:.*build.*was called on layer")
def test_build_of_a_model_with_its_own_call_makes_no_weights_and_a_batch_does():
    class Own(keras.Model):
        def __init__(self):
            super().__init__()
            self.dense = layers.Dense(3)

        def call(self, x):
            return self.dense(x)

    model = Own()
    model.build((None, 2))
    assert list(model.parameters()) == []
    model = Own()
    model(torch.rand(4, 2))
    assert len(list(model.parameters())) == 2


def test_a_keras_file_does_not_hold_an_optimizer_of_torch(tmp_path):
    model = keras.Sequential([keras.Input((2,)), layers.Dense(1)])
    optimizer = torch.optim.Adam(model.parameters())
    model(torch.rand(4, 2), training=True).sum().backward()
    optimizer.step()
    model.save(tmp_path / "loop.keras")
    assert not hasattr(keras.saving.load_model(tmp_path / "loop.keras"), "optimizer")
    model.compile("adam", "mse")
    model.fit(torch.rand(4, 2), torch.rand(4, 1), verbose=0)
    model.save(tmp_path / "fit.keras")
    again = keras.saving.load_model(tmp_path / "fit.keras")
    assert int(again.optimizer.iterations) == 1


@pytest.mark.parametrize("by_fit", [True, False])
def test_fit_keeps_a_constraint_and_an_optimizer_of_torch_ignores_it(by_fit):
    how = {"kernel_constraint": keras.constraints.MaxNorm(1.0)}
    layer = layers.Dense(1, use_bias=False, kernel_initializer="ones", **how)
    model = keras.Sequential([keras.Input((1,)), layer])
    if by_fit:
        model.compile(keras.optimizers.SGD(0.1), "mse")
        model.fit(X, Y, verbose=0)
    else:
        optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
        F.mse_loss(model(X, training=True), Y).backward()
        optimizer.step()
    assert (layer.kernel.value.item() <= 1 + 1e-6) is by_fit
