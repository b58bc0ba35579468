"""The Keras page, and the defaults it links: loop and Keras, each other's oracle."""

import inspect
import itertools
import math
import sys
import warnings

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

from tests import forked
from tests.claims_support import KERAS, keras, layers

pytestmark = KERAS

BOUND = 1e-6
EPOCHS = 20
X = torch.cartesian_prod(torch.linspace(-1, 1, 5), torch.tensor([-0.7, 0.7]))
Y = X.prod(dim=1, keepdim=True)
BATCHES = list(zip(X.split(4), Y.split(4), strict=True))  # the last one is smaller


def torch_net() -> nn.Module:
    net = nn.Sequential(nn.Linear(2, 8), nn.Tanh(), nn.Linear(8, 1))
    torch.manual_seed(0)
    for weight in net.parameters():
        nn.init.normal_(weight)
    return net


def as_keras_keeps(net: nn.Module) -> list[np.ndarray]:
    return [w.detach().numpy().T.copy() for w in net.parameters()]


def keras_model() -> "keras.Model":
    model = keras.Sequential([layers.Dense(8, activation="tanh"), layers.Dense(1)])
    model.build((None, 2))
    model.set_weights(as_keras_keeps(torch_net()))
    model.compile(keras.optimizers.SGD(0.05), "mse")
    return model


def line(start: str = "zeros") -> "keras.Model":
    """The model w·x, which one can follow by hand; one step halves the error."""
    layer = layers.Dense(1, use_bias=False, kernel_initializer=start)
    model = keras.Sequential([layer])
    model.build((None, 1))
    model.compile(keras.optimizers.SGD(0.25), "mse")
    return model


def difference(these, those) -> float:
    pairs = zip(these, those, strict=True)
    return max(float(np.abs(np.asarray(a) - np.asarray(b)).max()) for a, b in pairs)


@pytest.fixture(scope="module")
def by_loop():
    net = torch_net()
    optimizer = torch.optim.SGD(net.parameters(), lr=0.05)
    losses = []
    for _ in range(EPOCHS):
        mean = 0.0
        for xb, yb in BATCHES:
            optimizer.zero_grad()
            loss = nn.MSELoss()(net(xb), yb)
            loss.backward()
            optimizer.step()
            mean += loss.item() * len(xb) / len(X)
        losses.append(mean)
    return losses, as_keras_keeps(net)


@pytest.fixture(scope="module")
def by_fit():
    with keras.device("cpu"):
        model = keras_model()
        run = model.fit(X, Y, batch_size=4, epochs=EPOCHS, shuffle=False, verbose=0)
    return run.history["loss"], model.get_weights()


@pytest.fixture(scope="module")
def by_train_on_batch():
    with keras.device("cpu"):
        model = keras_model()
        losses = [
            sum(model.train_on_batch(xb, yb) * len(xb) for xb, yb in BATCHES) / len(X)
            for _ in range(EPOCHS)
        ]
    return losses, model.get_weights()


def test_loop_and_fit_agree_in_losses_and_weights(by_loop, by_fit):
    assert difference(by_loop[0], by_fit[0]) < BOUND
    assert difference(by_loop[1], by_fit[1]) < BOUND


def test_fit_and_train_on_batch_agree_in_every_bit_of_the_weights(
    by_fit, by_train_on_batch
):
    assert difference(by_fit[1], by_train_on_batch[1]) == 0
    assert difference(by_fit[0], by_train_on_batch[0]) < BOUND


def test_the_three_losses_lie_on_one_another(by_loop, by_fit, by_train_on_batch):
    for other in (by_fit, by_train_on_batch):
        assert difference(by_loop[0], other[0]) < BOUND


def test_with_one_batch_an_epoch_the_ways_still_agree():
    model, net = keras_model(), torch_net()
    run = model.fit(X, Y, batch_size=10, epochs=5, shuffle=False, verbose=0)
    optimizer, losses = torch.optim.SGD(net.parameters(), lr=0.05), []
    for _ in range(5):
        optimizer.zero_grad()
        loss = F.mse_loss(net(X), Y)
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    assert difference(losses, run.history["loss"]) < BOUND


def test_a_torch_layer_adds_its_bias_in_the_call_that_multiplies():
    net, x = nn.Linear(5, 8), torch.randn(12, 5)
    dense = layers.Dense(8)
    dense.build((None, 5))
    dense.set_weights(as_keras_keeps(net))
    assert type(net(x).grad_fn).__name__ == "AddmmBackward0"
    assert type(dense(x).grad_fn).__name__ == "AddBackward0"
    assert torch.equal(dense(x), x @ dense.kernel.value + dense.bias.value)
    assert difference([net(x).detach()], [dense(x).detach()]) < BOUND


def test_the_three_learn_something(by_loop, by_fit, by_train_on_batch):
    for losses, _ in (by_loop, by_fit, by_train_on_batch):
        assert losses[0] > 1 and losses[-1] < 0.1


def test_the_loop_agrees_with_a_backward_pass_written_in_numpy():
    net, (x, y) = torch_net(), (X.double().numpy(), Y.double().numpy())
    k1, b1, k2, b2 = (w.astype(float) for w in as_keras_keeps(net))
    optimizer = torch.optim.SGD(net.parameters(), lr=0.05)
    for begin in (0, 4, 8):
        xb, yb = x[begin : begin + 4], y[begin : begin + 4]
        hidden = np.tanh(xb @ k1 + b1)
        slope = 2 * (hidden @ k2 + b2 - yb) / len(xb)
        inner = slope @ k2.T * (1 - hidden**2)
        k2, b2 = k2 - 0.05 * hidden.T @ slope, b2 - 0.05 * slope.sum(0)
        k1, b1 = k1 - 0.05 * xb.T @ inner, b1 - 0.05 * inner.sum(0)

        optimizer.zero_grad()
        F.mse_loss(net(X[begin : begin + 4]), Y[begin : begin + 4]).backward()
        optimizer.step()
    assert difference(as_keras_keeps(net), [k1, b1, k2, b2]) < BOUND


def test_the_tabs_start_from_the_same_network():
    net = nn.Sequential(nn.Linear(2, 8), nn.Tanh(), nn.Linear(8, 1))
    model = keras.Sequential(
        [layers.Dense(8), layers.Activation("tanh"), layers.Dense(1)]
    )
    model.build((None, 2))
    start = [torch.randn(shape) for shape in [(8, 2), (8,), (1, 8), (1,)]]
    with torch.no_grad():
        for weight, s in zip(net.parameters(), start, strict=True):
            weight.copy_(s)
    for weight, s in zip(model.weights, start, strict=True):
        weight.assign(s.t())
    assert difference(as_keras_keeps(net), model.get_weights()) == 0
    assert difference([net(X).detach()], [model(X).detach()]) < BOUND
    assert [tuple(w.shape) for w in net.parameters()] == [(8, 2), (8,), (1, 8), (1,)]
    assert [tuple(w.shape) for w in model.weights] == [(2, 8), (8,), (8, 1), (1,)]


def test_a_matrix_that_is_not_turned_is_refused_unless_it_is_square():
    def dense(inputs: int, outputs: int) -> layers.Layer:
        layer = layers.Dense(outputs)
        layer.build((None, inputs))
        return layer

    with pytest.raises(ValueError, match="shape"):
        dense(2, 8).kernel.assign(torch.randn(8, 2))
    layer, net = dense(2, 2), nn.Linear(2, 2, bias=False)
    layer.kernel.assign(net.weight.detach())
    assert torch.equal(layer(torch.eye(2)).detach(), net.weight.detach())
    assert torch.equal(net(torch.eye(2)).detach(), net.weight.detach().T)


def test_a_dense_layer_takes_its_activation_as_an_argument():
    one, two = layers.Dense(8, activation="tanh"), layers.Dense(8)
    for layer in (one, two):
        layer.build((None, 2))
    two.set_weights(one.get_weights())
    assert torch.equal(one(X), layers.Activation("tanh")(two(X)))


def test_each_library_draws_its_own_starting_weights():
    torch.manual_seed(0)
    of_torch = nn.Linear(3, 2)
    keras.utils.set_random_seed(0)
    of_keras = layers.Dense(2)
    of_keras.build((None, 3))
    kernel = of_keras.kernel.value.detach().numpy()
    assert not np.allclose(of_torch.weight.detach().numpy().T, kernel)
    assert of_torch.bias.detach().abs().min() > 0
    assert of_keras.bias.value.detach().abs().max() == 0


def defaults(of) -> dict:
    parameters = inspect.signature(of).parameters
    return {name: one.default for name, one in parameters.items()}


@pytest.mark.parametrize(
    "name, setting, ours, its_name, theirs",
    [
        ("SGD", "lr", 0.001, "learning_rate", 0.01),
        ("Adam", "lr", 0.001, "learning_rate", 0.001),
        ("RMSprop", "lr", 0.01, "learning_rate", 0.001),
        ("RMSprop", "alpha", 0.99, "rho", 0.9),
        ("Adam", "eps", 1e-8, "epsilon", 1e-7),
        ("RMSprop", "eps", 1e-8, "epsilon", 1e-7),
    ],
)
def test_the_defaults_of_optimizers(name, setting, ours, its_name, theirs):
    assert defaults(getattr(torch.optim, name))[setting] == ours
    assert defaults(getattr(keras.optimizers, name))[its_name] == theirs


def test_starting_weights_lie_within_other_bounds():
    inputs, outputs = 100, 1000
    assert defaults(layers.Dense)["kernel_initializer"] == "glorot_uniform"
    assert defaults(layers.Dense)["bias_initializer"] == "zeros"
    layer = layers.Dense(outputs)
    layer.build((None, inputs))
    for matrix, bound in (
        (nn.Linear(inputs, outputs).weight, math.sqrt(1 / inputs)),
        (layer.kernel.value, math.sqrt(6 / (inputs + outputs))),
    ):
        assert 0.99 * bound < matrix.abs().max().item() <= bound * (1 + 1e-6)


def test_losses_take_their_arguments_in_the_other_order():
    for ours in (F.mse_loss, F.cross_entropy, F.binary_cross_entropy):
        assert list(defaults(ours))[:2] == ["input", "target"]
    theirs = list(defaults(keras.losses.MeanSquaredError.call))
    assert theirs[1:] == ["y_true", "y_pred"]


def test_only_the_losses_of_keras_expect_probabilities():
    for name in ("SparseCategorical", "Categorical", "Binary"):
        Loss = getattr(keras.losses, f"{name}Crossentropy")
        assert defaults(Loss)["from_logits"] is False
    assert "from_logits" not in defaults(F.cross_entropy)


def test_the_default_batch_sizes():
    assert defaults(DataLoader)["batch_size"] == 1
    model, batches = line(), []
    count = keras.callbacks.LambdaCallback(
        on_train_batch_end=lambda n, logs: batches.append(n)
    )
    ones = torch.ones(33, 1)
    model.fit(ones[:32], ones[:32], verbose=0, callbacks=[count])
    assert batches == [0]
    model.fit(ones, ones, verbose=0, callbacks=[count])
    assert batches == [0, 0, 1]


def test_rmsprop_takes_another_first_step_where_gradients_are_small():
    g, eps = 1e-3, 1e-7
    weight, variable = nn.Parameter(torch.zeros(1)), keras.Variable([0.0])
    weight.grad = torch.tensor([g])
    torch.optim.RMSprop([weight], lr=1.0, alpha=0.9, eps=eps).step()
    optimizer = keras.optimizers.RMSprop(1.0, rho=0.9, epsilon=eps)
    optimizer.apply([torch.tensor([g])], [variable])
    mean_square = 0.1 * g**2
    ours, theirs = -weight.item(), -variable.value.item()
    assert ours == pytest.approx(g / (math.sqrt(mean_square) + eps), rel=1e-4)
    assert theirs == pytest.approx(g / math.sqrt(mean_square + eps), rel=1e-4)


def test_adam_takes_another_first_step_where_gradients_are_small():
    def first_step(gradient: float) -> tuple[float, float]:
        weight = nn.Parameter(torch.zeros(1))
        weight.grad = torch.tensor([gradient])
        torch.optim.Adam([weight], lr=1.0, eps=1e-7).step()
        variable = keras.Variable([0.0])
        optimizer = keras.optimizers.Adam(1.0, epsilon=1e-7)
        optimizer.apply([torch.tensor([gradient])], [variable])
        return -weight.item(), -variable.value.item()

    # By hand, after correction both averages are the gradient and its square.
    g, eps = 1e-6, 1e-7
    ours, theirs = first_step(g)
    assert ours == pytest.approx(g / (g + eps), rel=1e-4)
    assert theirs == pytest.approx(g / (g + eps / math.sqrt(1 - 0.999)), rel=1e-4)


class Calls:
    """Who calls a few methods while a program runs: the nearest frame outside torch."""

    NAMES = ("_get_iterator", "train", "zero_grad", "forward", "backward", "step")

    def __init__(self):
        self.seen = {}
        self.order = []

    def __call__(self, frame, event, _):
        name = frame.f_code.co_name
        name = {"apply": "step"}.get(name, name)
        if event != "call" or name not in self.NAMES:
            return
        frame = frame.f_back
        while frame.f_globals["__name__"].split(".")[0] == "torch":
            frame = frame.f_back
        package = frame.f_globals["__name__"].split(".")[0]
        who = "keras" if package == "keras" else "you"
        self.seen.setdefault(name, who)
        self.order.append(name)

    def of(self, way) -> list[str]:
        sys.setprofile(self)
        try:
            way()
        finally:
            sys.setprofile(None)
        return [self.seen.get(name, "nobody") for name in self.NAMES]


def test_in_a_loop_you_call_everything():
    batches, net = DataLoader(TensorDataset(X, Y), batch_size=4), torch_net()
    optimizer = torch.optim.SGD(net.parameters(), lr=0.05)

    def loop():
        net.train()
        for xb, yb in batches:
            optimizer.zero_grad()
            F.mse_loss(net(xb), yb).backward()
            optimizer.step()

    assert Calls().of(loop) == ["you"] * 6


def test_in_fit_keras_calls_everything_in_the_order_of_a_loop():
    model, calls = keras_model(), Calls()
    way = calls.of(lambda: model.fit(X, Y, batch_size=10, shuffle=False, verbose=0))
    assert way == ["keras"] * 6
    wanted = ("zero_grad", "backward", "step")
    ordered = dict.fromkeys(name for name in calls.order if name in wanted)
    assert tuple(ordered) == wanted
    assert calls.order.index("train") < calls.order.index("backward")


def test_with_train_on_batch_you_give_batches_and_nobody_calls_train():
    batches, model = DataLoader(TensorDataset(X, Y), batch_size=4), keras_model()

    def way():
        for xb, yb in batches:
            model.train_on_batch(xb, yb)

    assert Calls().of(way) == ["you", "nobody", *["keras"] * 4]


def test_keras_updates_with_an_optimizer_of_its_own():
    assert not isinstance(keras.optimizers.SGD(0.05), torch.optim.Optimizer)


def test_keras_clears_leftover_gradients_itself():
    model, other = keras_model(), keras_model()
    for weight in other.weights:
        weight.value.grad = torch.full_like(weight.value, 100.0)
    for one in (model, other):
        one.train_on_batch(*BATCHES[0])
    assert difference(model.get_weights(), other.get_weights()) == 0


def test_train_on_batch_gives_the_loss_of_that_batch_alone():
    model = line()
    ones, twos = torch.ones(1, 1), torch.full((1, 1), 2.0)
    assert [model.train_on_batch(ones, twos) for _ in range(3)] == [4, 1, 0.25]


def test_a_layer_is_a_module_and_its_numbers_are_tensors():
    layer = layers.Dense(2)
    y = layer(torch.ones(1, 3))
    y.sum().backward()
    assert isinstance(layer, nn.Module) and isinstance(y, torch.Tensor)
    assert isinstance(layer.kernel.value, nn.Parameter)
    assert type(keras.ops.ones(2)) is torch.Tensor
    assert layer.kernel.value.grad.tolist() == [[1, 1]] * 3  # of a sum of ones
    before = layer.kernel.value.detach().clone()
    torch.optim.SGD(layer.parameters(), lr=0.25).step()
    assert difference([before - 0.25], [layer.kernel.value.detach()]) < BOUND


def test_a_keras_model_trains_in_a_torch_loop(by_loop):
    model = keras_model()
    optimizer = torch.optim.SGD(model.parameters(), lr=0.05)
    for _ in range(EPOCHS):
        for xb, yb in BATCHES:
            optimizer.zero_grad()
            F.mse_loss(model(xb, training=True), yb).backward()
            optimizer.step()
    assert difference(by_loop[1], model.get_weights()) < BOUND


def test_no_tensorflow_is_loaded():
    assert keras.backend.backend() == "torch"
    assert "tensorflow" not in sys.modules


def zeros(answer: torch.Tensor) -> int:
    return int((answer == 0).sum())


def test_pytorch_trains_by_default_until_eval():
    net, x = nn.Sequential(nn.Dropout(0.5)), torch.ones(1, 100)
    assert zeros(net(x)) > 0
    assert zeros(net.eval()(x)) == 0
    assert zeros(net.train()(x)) > 0


def test_keras_predicts_by_default_and_train_does_not_change_that():
    model, x = keras.Sequential([layers.Dropout(0.5)]), torch.ones(1, 100)
    assert zeros(model(x)) == 0
    assert zeros(model.train()(x)) == 0 and model.training
    assert zeros(model(x, training=True)) > 0
    assert zeros(model.eval()(x, training=True)) > 0


@pytest.mark.parametrize("way", ["fit", "train_on_batch"])
def test_fit_and_train_on_batch_ask_for_training_themselves(way):
    asked = []

    class Spy(layers.Layer):
        def call(self, x, training=None):
            asked.append(training)
            return x

    model = keras.Sequential([Spy(), layers.Dense(1)])
    model.compile("sgd", "mse")
    options = {"verbose": 0} if way == "fit" else {}
    getattr(model, way)(X, Y, **options)
    assert asked[-1] is True
    model.predict(X, verbose=0)
    assert asked[-1] is False
    model(X)
    assert not asked[-1]


def test_fit_reports_the_mean_of_losses_while_the_weight_moved():
    model, so_far = line(), []
    watch = keras.callbacks.LambdaCallback(
        on_train_batch_end=lambda _, logs: so_far.append(logs["loss"])
    )
    x, y = torch.ones(3, 1), torch.full((3, 1), 2.0)
    run = model.fit(x, y, batch_size=1, verbose=0, callbacks=[watch])

    w, losses = 0.0, []
    for _ in range(3):  # by hand
        losses.append((w - 2) ** 2)
        w -= 0.25 * 2 * (w - 2)
    assert losses == [4, 1, 0.25]
    assert so_far == [4, (4 + 1) / 2, (4 + 1 + 0.25) / 3]
    assert run.history["loss"] == [sum(losses) / 3]
    assert model.evaluate(x, y, verbose=0) == (w - 2) ** 2 == 0.0625


def test_the_mean_counts_a_smaller_last_batch_by_its_size():
    model = line()
    x, y = torch.ones(3, 1), torch.full((3, 1), 2.0)
    run = model.fit(x, y, batch_size=2, shuffle=False, verbose=0)
    assert run.history["loss"] == [(2 * 4 + 1 * 1) / 3]


def by_hand(order) -> float:
    w = 0.0
    for target in order:
        w -= 0.25 * 2 * (w - target)
    return w


def test_fit_shuffles_unless_told_not_to():
    x, y = torch.ones(3, 1), torch.tensor([[0.0], [1.0], [4.0]])

    def trained(**options) -> float:
        model = line()
        model.fit(x, y, batch_size=1, verbose=0, **options)
        return model.layers[0].kernel.value.item()

    assert inspect.signature(keras.Model.fit).parameters["shuffle"].default is True
    assert trained(shuffle=False) == by_hand([0, 1, 4]) == 2.25
    ends = []
    for seed in range(3):
        torch.manual_seed(seed)
        ends.append(trained())
    orders = itertools.permutations([0, 1, 4])
    assert set(ends) <= {by_hand(order) for order in orders}
    assert len(set(ends)) > 1


def test_a_dataloader_does_not_shuffle_unless_told_to():
    batches = DataLoader(TensorDataset(X), batch_size=4)
    assert torch.equal(torch.cat([x for (x,) in batches]), X)


def test_fit_takes_a_dataloader_and_warns_that_it_will_not_shuffle():
    batches, model = DataLoader(TensorDataset(X, Y), batch_size=4), keras_model()
    with pytest.warns(UserWarning, match="`shuffle=True` was passed, but will be ign"):
        model.fit(batches, verbose=0)
    other = keras_model()
    other.fit(X, Y, batch_size=4, shuffle=False, verbose=0)
    assert difference(model.get_weights(), other.get_weights()) == 0


LOGITS, LABEL = [4.0, 1.0, -2.0], 2


def test_logits_are_taken_for_probabilities_without_an_error():
    logits = torch.tensor([LOGITS], requires_grad=True)
    y = torch.tensor([LABEL])
    right = math.log(sum(map(math.exp, LOGITS))) - LOGITS[LABEL]
    Loss = keras.losses.SparseCategoricalCrossentropy
    told = Loss(from_logits=True)(y, logits)
    untold = Loss()(y, logits)
    assert F.cross_entropy(logits, y).item() == pytest.approx(right, rel=1e-6)
    assert told.item() == pytest.approx(right, rel=1e-6)
    # A negative share of the sum is clipped to 1e-7, and a clipped number is flat.
    assert untold.item() == pytest.approx(-math.log(1e-7), rel=1e-4)
    assert torch.autograd.grad(untold, logits)[0].abs().max() == 0
    by_name = keras.losses.get("sparse_categorical_crossentropy")(y, logits)
    assert by_name.item() == untold.item()


def test_positive_logits_give_a_wrong_loss_and_a_gradient_that_is_not_zero():
    logits, y = torch.tensor([[4.0, 1.0, 2.0]], requires_grad=True), torch.tensor([2])
    loss = keras.losses.SparseCategoricalCrossentropy()(y, logits)
    (slopes,) = torch.autograd.grad(loss, logits)
    assert loss.item() == pytest.approx(-math.log(2 / (4 + 1 + 2)), rel=1e-5)
    by_hand = [1 / 7, 1 / 7, 1 / 7 - 1 / 2]  # log(sum) - log(its own)
    assert slopes[0].tolist() == pytest.approx(by_hand, rel=1e-5)
    assert abs(loss - F.cross_entropy(logits, y)) > 0.9


def test_a_model_compiled_for_logits_learns_with_the_loss_of_pytorch():
    x, y = torch.eye(3), torch.arange(3)
    model = keras.Sequential([layers.Dense(3, kernel_initializer="zeros")])
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(keras.optimizers.SGD(1.0), loss)
    assert model.evaluate(x, y, verbose=0) == pytest.approx(math.log(3), rel=1e-5)
    model.fit(x, y, epochs=20, verbose=0)
    after = model.evaluate(x, y, verbose=0)
    assert after < 0.2
    assert after == pytest.approx(F.cross_entropy(model(x), y).item(), rel=1e-5)


def test_the_default_is_right_for_probabilities():
    logits, y = torch.tensor([LOGITS]), torch.tensor([LABEL])
    loss = keras.losses.SparseCategoricalCrossentropy()(y, logits.softmax(-1))
    assert loss.item() == pytest.approx(F.cross_entropy(logits, y).item(), rel=1e-4)


def test_swapped_arguments_give_another_number_without_an_error():
    y, p = torch.tensor([[1.0], [0.0], [1.0]]), torch.tensor([[0.75], [0.25], [0.5]])
    keras_loss = keras.losses.BinaryCrossentropy()
    right = -(2 * math.log(0.75) + math.log(0.5)) / 3
    assert F.binary_cross_entropy(p, y).item() == pytest.approx(right, rel=1e-5)
    assert keras_loss(y, p).item() == pytest.approx(right, rel=1e-5)
    assert keras_loss(p, y).item() > 5


def test_swapped_labels_and_logits_are_refused():
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    with pytest.raises(ValueError, match="must have the same shape"):
        loss(torch.tensor([LOGITS]), torch.tensor([LABEL]))


def test_swapping_does_not_matter_to_a_squared_error():
    a, b = torch.tensor([[1.0, 2.0]]), torch.tensor([[0.5, 4.0]])
    loss = keras.losses.MeanSquaredError()
    assert loss(a, b).item() == loss(b, a).item() == nn.MSELoss()(a, b).item()


def test_without_a_backend_keras_looks_for_tensorflow(tmp_path, monkeypatch):
    monkeypatch.delenv("KERAS_BACKEND")
    run = forked.run("import keras", KERAS_HOME=str(tmp_path))
    assert run.stderr.endswith("ModuleNotFoundError: No module named 'tensorflow'\n")


def test_the_file_in_the_home_of_keras_names_the_backend(tmp_path, monkeypatch):
    monkeypatch.delenv("KERAS_BACKEND")
    (tmp_path / "keras.json").write_text('{"backend": "torch"}')
    code = "import keras; print(keras.backend.backend())"
    ran = forked.run(code, KERAS_HOME=str(tmp_path), modules=forked.WITH_DDP)
    assert ran.stdout == "torch\n", ran.stderr[-500:]


def test_a_backend_named_after_the_import_is_ignored(monkeypatch):
    monkeypatch.setenv("KERAS_BACKEND", "jax")
    assert keras.backend.backend() == "torch"
    assert type(keras.ops.ones(2)) is torch.Tensor


def test_only_a_pytorch_module_inside_trains_on_a_plain_call():
    ones = torch.ones(1, 200)
    inside = keras.layers.TorchModuleWrapper(nn.Dropout(0.25))
    assert (inside(ones) == 0).any()
    assert not (inside(ones, training=False) == 0).any()
    assert not (keras.layers.Dropout(0.25)(ones) == 0).any()


def test_a_dataloader_keeps_its_order_whatever_shuffle_says():
    seen = []

    class Watching(keras.Sequential):
        def train_step(self, data):
            seen.append(data[0].item())
            return super().train_step(data)

    model = Watching([keras.layers.Dense(1)])
    model.compile("sgd", "mse")
    x = torch.arange(5.0).reshape(-1, 1)
    loader = torch.utils.data.DataLoader(torch.utils.data.TensorDataset(x, x))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        model.fit(loader, epochs=2, verbose=0, shuffle=True)
    assert seen == 2 * [0.0, 1.0, 2.0, 3.0, 4.0]


def modes_of(takes: bool) -> list:
    """What a layer gets as `training` in a model whose `call` takes it or not."""
    seen = []

    class Layer(keras.layers.Layer):
        def call(self, x, training=None):
            seen.append(training)
            return x

    class Without(keras.Model):
        def __init__(self):
            super().__init__()
            self.inner, self.last = Layer(), layers.Dense(1)

        def call(self, x):
            return self.last(self.inner(x))

    class With(Without):
        def call(self, x, training=None):
            return self.last(self.inner(x))

    model = With() if takes else Without()
    model.compile("sgd", "mse")
    model.train_on_batch(X, Y)  # which also makes the weights
    seen.clear()
    model.train_on_batch(X, Y)
    model.predict(X, verbose=0)
    return seen


@pytest.mark.parametrize("takes", [True, False])
def test_only_a_call_that_takes_training_is_told_it(takes):
    assert modes_of(takes) == ([True, False] if takes else [None, None])


@pytest.mark.parametrize("logits", [[0.0, 0.0, 0.0], [0.0, 0.0], [0.0] * 5])
def test_logits_of_zero_give_nan_by_default(logits):
    loss = keras.losses.SparseCategoricalCrossentropy()
    assert loss(torch.tensor([1]), torch.tensor([logits])).isnan()


def test_binary_labels_and_logits_may_change_places_silently():
    y, z = torch.tensor([1.0, 0.0]), torch.tensor([3.0, -2.0])
    wrong = F.binary_cross_entropy_with_logits(y, z)
    assert wrong != F.binary_cross_entropy_with_logits(z, y)


def test_the_device_of_keras_is_a_gpu_unless_the_environment_names_another():
    from keras.src.backend.torch import core

    source = inspect.getsource(core).split("TORCH_DTYPES")[0]
    order = [source.index(name) for name in ("KERAS_TORCH_DEVICE", "mps", "cuda")]
    assert order == sorted(order)


def test_targets_on_another_device_than_the_model_are_refused():
    with keras.device("meta"):  # which every machine has
        answer = layers.Dense(1)(torch.ones(2, 1))
    assert answer.device.type == "meta"
    with pytest.raises(RuntimeError, match="device"):
        F.mse_loss(answer, torch.ones(2, 1))
