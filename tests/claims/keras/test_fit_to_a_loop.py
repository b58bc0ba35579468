"""From fit to a loop: what Keras does silently, against a loop and formulas by hand."""

import math
import pickle

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from torch import nn

from tests.claims_support import KERAS, keras, layers, names_of, printed, program

pytestmark = KERAS


def logits_loss():
    return keras.losses.SparseCategoricalCrossentropy(from_logits=True)


def identity(rate=1.0, **how):
    """A model whose first answers are its inputs."""
    layer = layers.Dense(2, use_bias=False, kernel_initializer="identity")
    model = keras.Sequential([layer])
    model.compile(keras.optimizers.SGD(rate), logits_loss(), **how)
    return model


# The two programs


def test_both_programs_print_the_same_epochs_and_classes():
    theirs = printed("keras/fit_with_everything").splitlines()
    ours = printed("keras/loop_with_everything").splitlines()
    assert theirs[:3] == ours[:3] and theirs[-1] == ours[-1]
    last, evaluated = theirs[2].split(), theirs[3].split()
    assert [last[7], last[5]] == [evaluated[2], evaluated[4]]


def test_each_line_of_the_figure_stands_in_the_loop():
    loop = program("keras/loop_with_everything")
    keras_program = program("keras/fit_with_everything")
    names = names_of("keras/fit_becomes_lines", upto="fig, ax")
    for line, *words in names["loop"]:
        assert line.strip().partition("...")[0] in loop
        assert set(words) <= set(names["words"])
    drawn = {word for _, *words in names["loop"] for word in words}
    assert drawn == set(names["words"])
    assert all(word in keras_program for word in drawn)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_fit_and_loop_agree_from_other_weights_and_batches(seed):
    torch.manual_seed(seed)
    x, y = torch.randn(23, 4), torch.randint(3, (23,))
    net = nn.Sequential(nn.Linear(4, 5), nn.Tanh(), nn.Linear(5, 3))
    model = keras.Sequential([layers.Dense(5, activation="tanh"), layers.Dense(3)])
    model.build((None, 4))
    model.set_weights([w.detach().numpy().T.copy() for w in net.parameters()])
    model.compile(keras.optimizers.SGD(0.2), logits_loss(), metrics=["accuracy"])
    how = {"validation_split": 0.3, "shuffle": False, "verbose": 0}
    run = model.fit(x, y, batch_size=7, epochs=2, **how).history
    optimizer = torch.optim.SGD(net.parameters(), lr=0.2)
    cut = 16
    for epoch in range(2):
        total = right = 0
        for xb, yb in zip(x[:cut].split(7), y[:cut].split(7), strict=True):
            optimizer.zero_grad()
            logits = net(xb)
            loss = F.cross_entropy(logits, yb)
            loss.backward()
            optimizer.step()
            total += loss.item() * len(xb) / cut
            right += (logits.argmax(1) == yb).sum().item()
        with torch.no_grad():
            logits = net(x[cut:])
        val = F.cross_entropy(logits, y[cut:]).item()
        assert run["loss"][epoch] == pytest.approx(total, abs=1e-5)
        assert run["accuracy"][epoch] == pytest.approx(right / cut)
        assert run["val_loss"][epoch] == pytest.approx(val, abs=1e-5)
    predicted = model.predict(x[cut:], verbose=0)
    assert type(predicted) is np.ndarray
    np.testing.assert_allclose(predicted, logits.numpy(), atol=1e-5)


def test_the_gap_is_below_a_millionth():
    assert printed("keras/fit_and_loop_apart").splitlines()[-1].endswith("True")


# Which rows


@pytest.mark.parametrize("rows, share", [(10, 0.2), (10, 0.25), (7, 0.5), (23, 0.3)])
@pytest.mark.parametrize("shuffle", [True, False])
def test_a_validation_split_takes_the_last_rows_before_it_shuffles(
    rows, share, shuffle
):
    seen = {"train": [], "test": []}

    class Show(keras.Sequential):
        def train_step(self, data):
            seen["train"] += data[0].flatten().tolist()
            return {}

        def test_step(self, data):
            seen["test"] += data[0].flatten().tolist()
            return {}

    x = torch.arange(float(rows)).reshape(-1, 1)
    model = Show([layers.Dense(1)])
    model.compile()
    model.fit(x, x, validation_split=share, shuffle=shuffle, verbose=0)
    cut = math.floor(rows * (1 - share))
    assert seen["test"] == list(range(cut, rows))
    assert sorted(seen["train"]) == list(range(cut))
    if not shuffle:
        assert seen["train"] == list(range(cut))


def test_sorted_labels_leave_one_class_for_validation():
    last, shuffled = printed("keras/split_of_sorted_labels").splitlines()
    assert last.endswith("[0, 0, 12]")
    counts = eval(shuffled.partition(":")[2])
    assert sum(counts) == 12 and min(counts) > 0
    for seed in range(3):
        generator = torch.Generator().manual_seed(seed)
        order = torch.randperm(60, generator=generator)
        y = torch.arange(3).repeat_interleave(20)[order]
        assert y[48:].unique().tolist() == [0, 1, 2]


# Weights of classes


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_class_weight_divides_by_samples_and_cross_entropy_by_weights(seed):
    torch.manual_seed(seed)
    x, y = torch.randn(9, 2), torch.randint(2, (9,))
    weight = torch.tensor([0.5, 4.0])
    w = torch.eye(2, requires_grad=True)
    each = F.cross_entropy(x @ w, y, reduction="none")
    by_hand = (each * weight[y]).mean()
    by_hand.backward()
    model = identity()
    how = {"class_weight": {0: 0.5, 1: 4.0}, "batch_size": 9, "verbose": 0}
    run = model.fit(x, y, **how).history
    assert run["loss"][0] == pytest.approx(by_hand.item(), rel=1e-5)
    moved = torch.eye(2) - torch.from_numpy(model.get_weights()[0])
    torch.testing.assert_close(moved, w.grad, atol=1e-5, rtol=1e-4)
    ours = F.cross_entropy(x, y, weight=weight).item()
    ratio = weight[y].sum().item() / 9
    assert by_hand.item() == pytest.approx(ours * ratio, rel=1e-5)


def test_on_the_page_the_ratio_is_three():
    theirs, ours, hand = (
        float(line.split()[-1])
        for line in printed("keras/class_weights_scaled").splitlines()
    )
    assert theirs == hand and theirs / ours == pytest.approx(3, abs=1e-3)


def test_without_the_rare_class_the_two_losses_are_equal():
    x, y, weight = torch.randn(5, 2), torch.zeros(5).long(), torch.tensor([1.0, 9.0])
    each = F.cross_entropy(x, y, reduction="none") * weight[y]
    torch.testing.assert_close(each.mean(), F.cross_entropy(x, y, weight=weight))


def test_class_weight_leaves_validation_and_metrics_alone():
    x, y = torch.tensor([[2.0, 0], [0, 1]]), torch.tensor([0, 0])
    runs = []
    for weights in None, {0: 5.0, 1: 1.0}:
        how = {"validation_data": (x, y), "class_weight": weights, "verbose": 0}
        model = identity(rate=0.0, metrics=["accuracy"])
        runs.append(model.fit(x, y, **how).history)
    plain, weighted = runs
    assert weighted["loss"][0] == pytest.approx(5 * plain["loss"][0])
    for name in ("val_loss", "accuracy", "val_accuracy"):
        assert weighted[name] == plain[name]


# Metrics


def test_keras_counts_metrics_over_all_samples():
    names = names_of("keras/metrics_over_an_epoch")
    answer, truth = names["answer"], names["truth"]
    metrics = keras.metrics.BinaryAccuracy(), keras.metrics.Precision()
    for a, t in zip(answer.split(4), truth.split(4), strict=True):
        for metric in metrics:
            metric.update_state(t, a)
    shown = [
        float(line.split()[-1])
        for line in printed("keras/metrics_over_an_epoch").splitlines()
    ]
    assert float(metrics[0].result()) == pytest.approx(shown[1], abs=5e-4)
    assert float(metrics[1].result()) == pytest.approx(shown[3], abs=5e-4)
    assert shown[0] != shown[1] and shown[2] != shown[3]


def test_evaluate_does_not_average_its_batches():
    x = torch.tensor([[1.0, 0]] * 5)
    y = torch.tensor([0, 0, 0, 0, 1])
    model = identity(metrics=["accuracy"])
    _, accuracy = model.evaluate(x, y, batch_size=4, verbose=0)
    assert accuracy == pytest.approx(0.8)


def test_equal_batches_still_average_precision_wrongly():
    answer, truth = torch.tensor([[1, 1, 1, 0], [1, 0, 0, 0]]), torch.ones(2, 4)
    truth[0, :2] = 0
    mean = ((answer * truth).sum(1) / answer.sum(1)).mean().item()
    whole = ((answer * truth).sum() / answer.sum()).item()
    assert mean == pytest.approx(2 / 3) and whole == 0.5


# A summary


def test_keras_counts_the_running_statistics_as_well():
    model = keras.Sequential(
        [
            keras.Input((28, 28, 1)),
            layers.Conv2D(8, 3),
            layers.BatchNormalization(),
            layers.Flatten(),
            layers.Dense(10),
        ]
    )
    *rows, parameters, buffers = printed("keras/summary_by_hand").splitlines()
    ours = int(parameters.split()[-1])
    assert sum(int(row.split()[-1]) for row in rows) == ours
    assert model.count_params() == ours + 16
    assert int(buffers.split()[-1]) == 16 + 1


# Masks and two inputs


def test_a_keras_lstm_skips_what_mask_zero_marks():
    embed, lstm = layers.Embedding(5, 3, mask_zero=True), layers.LSTM(2)
    words = torch.tensor([[3, 1, 0, 0]])
    masked, short = lstm(embed(words)), lstm(embed(words[:, :2]))
    torch.testing.assert_close(masked, short)
    plain = layers.Embedding(5, 3)
    plain.build()
    plain.set_weights(embed.get_weights())
    assert not torch.allclose(lstm(plain(words)), short)


def test_padding_idx_is_not_trained_and_not_skipped():
    embed = nn.Embedding(5, 3, padding_idx=0)
    words = torch.tensor([[3, 1, 0, 0]])
    embed(words).sum().backward()
    assert embed.weight[0].tolist() == [0, 0, 0]
    assert embed.weight.grad[0].tolist() == [0, 0, 0]
    assert embed.weight.grad[3].tolist() == [1, 1, 1]
    lstm = nn.LSTM(3, 2, batch_first=True)
    whole, short = lstm(embed(words))[0][:, -1], lstm(embed(words[:, :2]))[0][:, -1]
    assert not torch.allclose(whole, short)
    pack = nn.utils.rnn.pack_padded_sequence
    _, (last, _) = lstm(pack(embed(words), torch.tensor([2]), batch_first=True))
    torch.testing.assert_close(last[0], short)


def test_a_packed_lstm_reads_padding_that_comes_first_and_a_keras_lstm_does_not():
    first = torch.from_numpy(keras.utils.pad_sequences([[1, 2]], maxlen=4))
    padded = keras.utils.pad_sequences([[1, 2]], maxlen=4, padding="post")
    last = torch.from_numpy(padded)
    assert first.tolist() == [[0, 0, 1, 2]] and last.tolist() == [[1, 2, 0, 0]]
    embed, lstm = nn.Embedding(3, 4, padding_idx=0), nn.LSTM(4, 2, batch_first=True)

    def state(words):
        lengths = (words != 0).sum(1)
        packed = nn.utils.rnn.pack_padded_sequence(embed(words), lengths, True)
        return lstm(packed)[1][0][0]

    alone = lstm(embed(torch.tensor([[1, 2]])))[1][0][0]
    torch.testing.assert_close(state(last), alone)
    assert not torch.allclose(state(first), alone, atol=1e-4)
    layers = keras.layers.Embedding(3, 4, mask_zero=True), keras.layers.LSTM(2)
    theirs = keras.Sequential(layers)
    torch.testing.assert_close(theirs(first), theirs(last))


def test_the_masked_mean_equals_keras():
    theirs, plain, masked = printed("keras/padding_in_a_mean").splitlines()
    assert theirs.split()[-1] == masked.split()[-1] == "3.0"
    assert plain.split()[-1] == "1.5"


def test_two_inputs_are_a_list_for_fit():
    a, b = keras.Input((3,)), keras.Input((2,))
    both = layers.concatenate([layers.Dense(4)(a), layers.Dense(4)(b)])
    model = keras.Model([a, b], layers.Dense(1)(layers.ReLU()(both)))
    model.compile("sgd", "mse")
    x = [torch.ones(4, 3), torch.ones(4, 2)]
    model.fit(x, torch.ones(4, 1), verbose=0)
    net = names_of("keras/two_inputs")["model"]
    kernels = [w.shape for w in map(np.transpose, model.get_weights())]
    assert kernels == [tuple(p.shape) for p in net.parameters()]


# A frozen batch norm


@pytest.mark.parametrize("outer", [True, False])
def test_a_frozen_batch_norm_of_keras_predicts_in_fit(outer):
    norm = layers.BatchNormalization()
    body = keras.Sequential([norm])
    model = keras.Sequential([body, layers.Dense(1)])
    model.build((None, 2))
    (body if outer else norm).trainable = False
    model.compile("sgd", "mse")
    x = torch.randn(8, 2) + 7
    before = [w.copy() for w in norm.get_weights()]
    model.fit(x, torch.ones(8, 1), verbose=0)
    for old, new in zip(before, norm.get_weights(), strict=True):
        np.testing.assert_array_equal(old, new)
    expected = x / math.sqrt(1 + 1e-3)
    torch.testing.assert_close(norm(x, training=True), expected)


def test_requires_grad_leaves_batch_norm_in_training_mode():
    x = torch.randn(8, 3) + 7
    norm = nn.BatchNorm1d(3).requires_grad_(False)
    assert norm(x).mean().abs() < 1e-5
    assert (norm.running_mean > 0.3).all()
    before = norm.running_mean.clone()
    norm.eval()(x)
    assert torch.equal(norm.running_mean, before)


def test_the_model_keeps_its_body_in_eval_mode():
    model = names_of("keras/frozen_layer_stays_in_eval")["Net"]()
    for mode in (True, False, True):
        assert model.train(mode) is model
        assert model.head.training is mode and model.training is mode
        assert not any(m.training for m in model.body.modules())
    before = model.body[1].running_mean.clone()
    model(torch.randn(5, 2) + 3).sum().backward()
    assert torch.equal(before, model.body[1].running_mean)
    assert model.head.weight.grad is not None
    assert model.body[0].weight.grad is None


# Files


def test_a_keras_file_holds_layers_weights_and_optimizer(tmp_path):
    model = keras.Sequential([keras.Input((2,)), layers.Dense(2)])
    model.compile(keras.optimizers.Adam(), logits_loss())
    x, y = torch.randn(4, 2), torch.tensor([0, 1, 0, 1])
    model.fit(x, y, epochs=3, verbose=0)
    model.save(tmp_path / "model.keras")
    again = keras.saving.load_model(tmp_path / "model.keras")
    for one, two in zip(model.get_weights(), again.get_weights(), strict=True):
        np.testing.assert_array_equal(one, two)
    assert int(again.optimizer.iterations) == 3


def test_a_file_of_pytorch_holds_weights_alone(tmp_path):
    torch.save(nn.Linear(2, 1).state_dict(), tmp_path / "model.pt")
    loaded = torch.load(tmp_path / "model.pt")
    assert {k: type(v) for k, v in loaded.items()} == {
        "weight": torch.Tensor,
        "bias": torch.Tensor,
    }


def test_neither_library_reads_weights_that_the_other_saved(tmp_path):
    model = keras.Sequential([keras.Input((3,)), layers.Dense(2)])
    model.save(tmp_path / "model.keras")
    model.save_weights(tmp_path / "model.weights.h5")
    for name in ("model.keras", "model.weights.h5"):
        with pytest.raises((RuntimeError, pickle.UnpicklingError)):
            torch.load(tmp_path / name)
    torch.save(nn.Linear(3, 2).state_dict(), tmp_path / "model.pt")
    with pytest.raises(ValueError, match="not supported"):
        model.load_weights(tmp_path / "model.pt")
    # ... but PyTorch reads what Keras exports for it.
    path = str(tmp_path / "model.pt2")
    model.export(path, format="torch", verbose=False)
    x = torch.ones(1, 3)
    torch.testing.assert_close(torch.export.load(path).module()(x), model(x))


# What else the page says


def test_batches_of_ten_still_agree():
    size = {"batch_size=16": "batch_size=10"}
    theirs = names_of("keras/fit_with_everything", size, upto="for epoch")["run"]
    ours = names_of("keras/loop_with_everything", size)
    assert theirs["loss"][-1] == pytest.approx(ours["total"] / 40, abs=1e-5)
    assert theirs["val_loss"][-1] == pytest.approx(ours["val"], abs=1e-5)
    assert f"{theirs['loss'][-1]:.4f}" not in printed("keras/loop_with_everything")


def test_a_loader_cannot_be_split():
    data = torch.utils.data.TensorDataset(torch.ones(4, 2), torch.zeros(4).long())
    loader = torch.utils.data.DataLoader(data)
    with pytest.raises(ValueError, match="validation_split"):
        identity().fit(loader, validation_split=0.5, verbose=0)


def test_after_fit_the_summary_counts_the_optimizer():
    model = keras.Sequential([keras.Input((2,)), layers.Dense(2)])
    model.compile(keras.optimizers.Adam(), logits_loss())

    def total():
        said = []
        model.summary(print_fn=lambda text, **_: said.append(text))
        (row,) = (r for r in "\n".join(said).splitlines() if "Total params" in r)
        return int(row.split(":")[1].split()[0])

    assert total() == model.count_params() == 6
    model.fit(torch.ones(2, 2), torch.zeros(2).long(), verbose=0)
    assert total() > 6 + 2 * 6 and model.count_params() == 6


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_keras_leaves_padding_out_of_the_loss_as_ignore_index_does(seed):
    torch.manual_seed(seed)
    words = torch.tensor([[3, 1, 0, 0], [2, 1, 4, 0]])
    labels = torch.tensor([[1, 0, 0, 0], [2, 1, 1, 0]])
    embed = layers.Embedding(5, 3, mask_zero=True)
    model = keras.Sequential([embed, layers.Dense(3, kernel_initializer="identity")])
    model.build((None, 4))
    embed.set_weights([2 * torch.randn(5, 3)])
    model.compile(keras.optimizers.SGD(0.0), logits_loss())
    theirs = model.fit(words, labels, verbose=0).history["loss"][0]
    logits = model(words).detach().transpose(1, 2)
    ours = F.cross_entropy(logits, labels.where(words != 0, -100)).item()
    plain = F.cross_entropy(logits, labels).item()
    assert theirs == pytest.approx(ours, rel=1e-5)
    assert theirs != pytest.approx(plain, rel=1e-3)


def test_fit_leaves_the_order_to_a_loader():
    seen = []

    class Show(keras.Sequential):
        def train_step(self, data):
            seen.extend(data[0].flatten().tolist())
            return {}

    rows = torch.arange(12.0).reshape(-1, 1)
    model = Show([layers.Dense(1)])
    model.compile()
    data = torch.utils.data.TensorDataset(rows, rows)
    with pytest.warns(UserWarning, match="will be ignored"):
        model.fit(torch.utils.data.DataLoader(data), verbose=0)
    assert seen == list(range(12))


def test_the_last_rows_can_hold_two_classes():
    y = torch.arange(10).repeat_interleave(6)
    assert y[48:].unique().tolist() == [8, 9]


def test_a_metric_of_your_own_averages_its_batches():
    def share(truth, logits):
        return (truth.flatten() == logits.argmax(-1)).float().mean()

    x, y = torch.tensor([[1.0, 0]] * 5), torch.tensor([0, 0, 0, 0, 1])
    model = identity(metrics=[share, "accuracy"])
    _, mean, accuracy = model.evaluate(x, y, batch_size=4, verbose=0)
    assert mean == pytest.approx(0.5) and accuracy == pytest.approx(0.8)


def test_from_pretrained_keeps_the_padding_and_a_bag_skips_it():
    table, words = torch.tensor([[6.0], [2.0], [4.0]]), torch.tensor([[1, 0, 2, 0, 0]])
    assert nn.Embedding.from_pretrained(table, padding_idx=0)(words)[0, 1] == 6
    bag = nn.EmbeddingBag.from_pretrained(table, padding_idx=0, mode="mean")
    assert bag(words).item() == 3


def test_a_row_of_padding_alone_has_no_mean():
    embed = layers.Embedding(3, 1, mask_zero=True)
    pool, words = layers.GlobalAveragePooling1D(), torch.tensor([[0, 0], [1, 0]])
    assert pool(embed(words)).isnan().flatten().tolist() == [True, False]
    mask = (words != 0)[:, :, None]
    mean = (nn.Embedding(3, 1, padding_idx=0)(words) * mask).sum(1) / mask.sum(1)
    assert mean.isnan().flatten().tolist() == [True, False]


def test_an_lstm_has_no_nan_for_a_row_of_padding_alone():
    embed, words = layers.Embedding(3, 1, mask_zero=True), torch.tensor([[0, 0]])
    assert layers.LSTM(2)(embed(words)).tolist() == [[0, 0]]
    with pytest.raises(RuntimeError, match="greater than 0"):
        nn.utils.rnn.pack_padded_sequence(words[..., None], [0], batch_first=True)


def test_some_layers_drop_the_mask():
    vectors = layers.Embedding(3, 2, mask_zero=True)(torch.tensor([[1, 0]]))
    for layer in layers.Conv1D(2, 1), layers.Flatten():
        with pytest.warns(UserWarning, match="does not support masking"):
            assert getattr(layer(vectors), "_keras_mask", None) is None
    for layer in layers.Dense(2), layers.LSTM(2, return_sequences=True):
        assert layer(vectors)._keras_mask.tolist() == [[True, False]]


def test_tensors_of_a_dataset_have_one_length():
    with pytest.raises(AssertionError, match="Size mismatch"):
        torch.utils.data.TensorDataset(torch.ones(2), torch.ones(3))


def test_a_frozen_dropout_of_keras_still_drops():
    drop = layers.Dropout(0.5)
    drop.trainable = False
    assert 0 < (drop(torch.ones(99), training=True) == 0).sum() < 99
    assert torch.equal(nn.Dropout(0.5).eval()(torch.ones(99)), torch.ones(99))


def test_a_loss_of_your_own_needs_its_code(tmp_path):
    def own(truth, answer):
        return (truth - answer).square().mean()

    model = keras.Sequential([keras.Input((1,)), layers.Dense(1)])
    model.compile("sgd", own)
    path = tmp_path / "model.keras"
    model.save(path)
    with pytest.raises(TypeError, match="own"):
        keras.saving.load_model(path)
    again = keras.saving.load_model(path, custom_objects={"own": own})
    assert again.loss is own
    with pytest.raises(RuntimeError):
        torch.load(path)
