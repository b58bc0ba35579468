"""Callbacks of Keras and the lines of a loop: both act at the same epoch."""

import inspect
import json
from contextlib import nullcontext

import numpy as np
import pytest
import torch
from torch import nn
from torch.optim.lr_scheduler import LambdaLR, ReduceLROnPlateau

from tests.claims_support import KERAS, keras, layers, names_of, printed

pytestmark = KERAS

SMALLEST = 0.0001


def line(rate=0.1, optimizer=None):
    """w·x from 0, which learns 2."""
    layer = layers.Dense(1, use_bias=False, kernel_initializer="zeros")
    model = keras.Sequential([keras.Input((1,)), layer])
    model.compile(optimizer or keras.optimizers.SGD(rate), "mse")
    return model


X, Y = torch.ones(4, 1), torch.full((4, 1), 2.0)


def drive(callback, losses, name="val_loss"):
    """The rates that a callback leaves, and the epoch at which it stops."""
    model = keras.Sequential()
    model.compile(keras.optimizers.SGD(1.0))
    callback.set_model(model)
    callback.on_train_begin()
    rates = []
    for epoch, loss in enumerate(losses):
        callback.on_epoch_end(epoch, {name: loss})
        rates.append(float(model.optimizer.learning_rate))
        if getattr(callback, "stopped_epoch", 0):
            return rates, epoch
    return rates, None


def scheduled(losses, **how):
    optimizer = torch.optim.SGD([torch.zeros(1)], lr=1.0)
    plateau = ReduceLROnPlateau(optimizer, **how)
    for loss in losses:
        plateau.step(loss)
        yield optimizer.param_groups[0]["lr"]


def some_losses(seed, count=30):
    """Multiples of 1/64, so that no float32 rounds them."""
    generator = torch.Generator().manual_seed(seed)
    falling = torch.linspace(200, 60, count)
    return (
        (falling + torch.randn(count, generator=generator) * 20).round() / 64
    ).tolist()


# Four callbacks at once


def test_both_programs_act_at_the_same_epoch():
    theirs = printed("keras/callbacks_in_fit").replace(".weights.h5", ".pt")
    assert theirs == printed("keras/callbacks_in_a_loop")
    assert "saved: 01.pt 02.pt 03.pt" in theirs


def test_the_figure_marks_what_the_callbacks_do():
    names = names_of("keras/callbacks_act", upto="fig, ax")
    losses = names["losses"]
    best = losses.index(min(losses))
    assert names["saved"] == list(range(best + 1)) and best == 6
    plateau = keras.callbacks.ReduceLROnPlateau(patience=3, factor=0.5)
    rates, _ = drive(plateau, losses)
    assert rates.index(0.5) == names["lowered"] == best + 3
    _, stopped = drive(keras.callbacks.EarlyStopping(patience=5), losses)
    assert stopped == len(losses) - 1 == best + 5


# Early stopping


@pytest.mark.parametrize("seed", [0, 1, 2])
@pytest.mark.parametrize("patience", [0, 1, 2, 4])
def test_a_counter_stops_where_keras_stops(seed, patience):
    losses = some_losses(seed)
    _, stopped = drive(keras.callbacks.EarlyStopping(patience=patience), losses)
    best, best_epoch, found = float("inf"), 0, None
    for epoch, loss in enumerate(losses):
        if loss < best:
            best, best_epoch = loss, epoch
        elif epoch - best_epoch >= patience:
            found = epoch
            break
    assert stopped == found


def test_the_page_shows_the_counts():
    _, *rows = printed("keras/patience_counted").splitlines()
    rows = [list(map(int, row.split())) for row in rows]
    assert [p for p, *_ in rows] == [0, 1, 2, 3]
    for p, theirs, reached, exceeded in rows:
        assert theirs == reached == 2 + max(p, 1)
        assert exceeded == 2 + p + 1


def test_keras_restores_only_when_asked_and_keeps_a_copy():
    assert keras.callbacks.EarlyStopping().restore_best_weights is False
    for restore in True, False:
        model = line()
        stop = keras.callbacks.EarlyStopping(patience=3, restore_best_weights=restore)
        how = {"validation_data": (X, Y / 2), "callbacks": [stop], "verbose": 0}
        run = model.fit(X, Y, epochs=9, **how)
        found = model.evaluate(X, Y / 2, verbose=0)
        losses = run.history["val_loss"]
        assert len(losses) == 6
        assert found == pytest.approx(min(losses) if restore else losses[-1], abs=1e-6)


def test_without_a_copy_the_best_weights_are_the_last():
    best, alias, copied = (
        float(row.split()[-1])
        for row in printed("keras/best_weights_follow").splitlines()
    )
    assert best == copied < alias
    last = (2 * (1 - 0.8**10) - 1) ** 2
    assert alias == pytest.approx(last, abs=1e-4)
    net = nn.Linear(3, 2)
    for name, kept in net.state_dict().items():
        assert kept.data_ptr() == getattr(net, name).data_ptr()


# The plateau


@pytest.mark.parametrize("seed", [0, 1])
@pytest.mark.parametrize("patience, cooldown", [(0, 0), (1, 1), (2, 3), (3, 2)])
def test_a_plateau_of_keras_is_one_of_pytorch_with_one_less(seed, patience, cooldown):
    losses = some_losses(seed)
    how = {"patience": patience, "cooldown": cooldown, "factor": 0.5}
    theirs, _ = drive(keras.callbacks.ReduceLROnPlateau(**how), losses)
    how |= {"patience": max(patience - 1, 0), "cooldown": max(cooldown - 1, 0)}
    ours = list(scheduled(losses, threshold_mode="abs", eps=0, **how))
    assert theirs == pytest.approx(ours) and ours[-1] < 1


def test_both_ask_for_the_same_smallest_improvement():
    ours = inspect.signature(ReduceLROnPlateau).parameters
    theirs = inspect.signature(keras.callbacks.ReduceLROnPlateau).parameters
    assert ours["threshold"].default == theirs["min_delta"].default == SMALLEST
    assert ours["threshold_mode"].default == "rel"
    assert ours["patience"].default == theirs["patience"].default == 10
    assert (
        inspect.signature(keras.callbacks.EarlyStopping).parameters["min_delta"].default
        == 0
    )


def test_the_thresholds_differ_for_small_and_for_large_losses():
    rows = printed("keras/plateau_thresholds").splitlines()
    values = [row.split()[-1] for row in rows if not row.startswith("[")]
    assert values == ["0.1", "1.0", "0.1", "1.0", "0.1", "1.0"]


def test_a_rising_accuracy_needs_max():
    low, high = printed("keras/plateau_of_an_accuracy").splitlines()
    assert low == "min [1.0, 1.0, 0.5, 0.5, 0.25]" and high == "max " + str([1.0] * 5)
    rising = [n / 10 for n in range(9)]
    assert list(scheduled(rising, patience=0))[-1] < 1e-6
    assert list(scheduled(rising, patience=0, mode="max")) == [1.0] * 9


def test_keras_knows_by_the_name_where_accuracy_is_better():
    layer = layers.Dense(2, kernel_initializer="identity")
    model = keras.Sequential([keras.Input((2,)), layer])
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(keras.optimizers.SGD(0.0), loss, metrics=["accuracy"])
    plateau = keras.callbacks.ReduceLROnPlateau(monitor="accuracy")
    model.fit(torch.eye(2), torch.arange(2), callbacks=[plateau], verbose=0)
    assert plateau.monitor_op is keras.ops.greater


# Rates by a function


@pytest.mark.parametrize("shape", [lambda e, r: 0.5**e, lambda e, r: r / (1 + e)])
def test_the_loop_sets_the_rates_of_keras(shape):
    watch = [keras.callbacks.LearningRateScheduler(shape)]
    run = line(1.0).fit(X, Y, epochs=4, callbacks=watch, verbose=0)
    rate, rates = 1.0, []
    for epoch in range(4):
        rate = shape(epoch, rate)
        rates.append(rate)
    assert run.history["learning_rate"] == pytest.approx(rates)
    theirs, ours = printed("keras/rate_set_by_epoch").splitlines()
    assert theirs.partition(":")[2].strip() == ours.partition(":")[2].strip()


@pytest.mark.parametrize("first", [0.1, 0.03])
def test_lambda_lr_multiplies_the_first_rate(first):
    optimizer = torch.optim.SGD([torch.zeros(1)], lr=first)
    scheduler = LambdaLR(optimizer, lambda epoch: first / (1 + epoch))
    for epoch in range(3):
        assert scheduler.get_last_lr() == pytest.approx([first**2 / (1 + epoch)])
        optimizer.step()
        scheduler.step()


# The rows of the table


def test_a_checkpoint_saves_each_epoch_unless_told(tmp_path):
    saved = keras.callbacks.ModelCheckpoint(
        str(tmp_path / "{epoch}.weights.h5"), save_weights_only=True
    )
    how = {"validation_data": (X, Y / 2), "callbacks": [saved], "verbose": 0}
    line().fit(X, Y, epochs=5, **how)
    assert len(list(tmp_path.iterdir())) == 5


@pytest.mark.parametrize("after", [True, False])
def test_a_csv_logger_sees_the_rate_only_after_who_reports_it(tmp_path, after):
    path = tmp_path / "log.csv"
    watch = [
        keras.callbacks.ReduceLROnPlateau(),
        keras.callbacks.CSVLogger(str(path)),
    ]
    how = {"validation_data": (X, Y), "verbose": 0}
    line().fit(X, Y, epochs=2, callbacks=watch if after else watch[::-1], **how)
    head, first, _ = path.read_text().splitlines()
    rate = ["learning_rate"] if after else []
    assert head.split(",") == ["epoch", *rate, "loss", "val_loss"]
    assert first.startswith("0,")


def test_terminate_on_nan_comes_after_the_step(capsys):
    x = torch.tensor([[1.0], [float("inf")], [1.0], [1.0]])
    model = line()
    watch = [keras.callbacks.TerminateOnNaN()]
    how = {"batch_size": 1, "shuffle": False, "callbacks": watch, "verbose": 0}
    run = model.fit(x, Y, epochs=3, **how)
    assert len(run.epoch) == 1 and not np.isfinite(model.get_weights()[0]).any()
    assert "Batch 1" in capsys.readouterr().out
    net = nn.Linear(1, 1)
    loss = nn.functional.mse_loss(net(x), Y)
    assert not torch.isfinite(loss) and torch.isfinite(net.weight).all()


def test_backup_keeps_weights_optimizer_and_epoch(tmp_path):
    def train(model, epochs, *watch):
        return model.fit(X, Y, epochs=epochs, callbacks=[*watch], verbose=0)

    whole = line(optimizer=keras.optimizers.Adam(0.1))
    train(whole, 4)

    class Interrupt(keras.callbacks.Callback):
        def on_epoch_begin(self, epoch, logs=None):
            if epoch == 2:
                raise KeyboardInterrupt

    folder = tmp_path / "backup"
    backup = keras.callbacks.BackupAndRestore(str(folder))
    with pytest.raises(KeyboardInterrupt):
        train(line(optimizer=keras.optimizers.Adam(0.1)), 4, backup, Interrupt())
    files = {path.name for path in folder.iterdir()}
    assert files == {"latest.weights.h5", "training_metadata.json"}
    kept = json.loads((folder / "training_metadata.json").read_text())
    assert kept == {"epoch": 2, "batch": 0}
    again = line(optimizer=keras.optimizers.Adam(0.1))
    backup = keras.callbacks.BackupAndRestore(str(folder))
    assert train(again, 4, backup).epoch == [2, 3]
    np.testing.assert_array_equal(again.get_weights(), whole.get_weights())


def test_a_factor_of_a_tenth_still_stops_at_epoch_five():
    tenth = {"factor=0.5": "factor=0.1"}
    names = names_of("keras/callbacks_in_a_loop", tenth)
    assert names["epoch"] == 5 and names["rate"] == pytest.approx(0.01)
    watch = [
        keras.callbacks.ReduceLROnPlateau(patience=2, factor=0.1),
        keras.callbacks.EarlyStopping(patience=3),
    ]
    how = {"validation_data": (X, Y / 2), "callbacks": watch, "verbose": 0}
    run = line().fit(X, Y, epochs=20, **how)
    assert run.epoch[-1] == 5
    assert run.history["learning_rate"][-1] == pytest.approx(0.01)


@pytest.mark.parametrize("cooldown", [0, 1, 2, 5])
def test_a_cooldown_ignores_one_bad_epoch_fewer_in_keras(cooldown):
    losses, how = [1.0] * 9, {"factor": 0.5, "cooldown": cooldown}
    theirs, _ = drive(keras.callbacks.ReduceLROnPlateau(patience=1, **how), losses)
    ours = list(scheduled(losses, patience=0, **how))
    assert theirs.index(0.5) == ours.index(0.5) == 1
    assert theirs.index(0.25) - 2 == max(cooldown - 1, 0)
    assert ours.index(0.25) - 2 == cooldown


@pytest.mark.parametrize("first", [-1000.0, -3.0])
def test_below_zero_pytorch_takes_a_worse_loss_for_a_better_one(first):
    worse = [first * (1 - 0.00005 * epoch) for epoch in range(6)]
    assert list(scheduled(worse, patience=1)) == [1.0] * 6
    assert list(scheduled(worse, patience=1, threshold_mode="abs"))[-1] < 0.1
    theirs, _ = drive(keras.callbacks.ReduceLROnPlateau(patience=2), worse)
    assert theirs[-1] < 0.1


def test_eps_stops_the_cuts_of_pytorch_but_not_of_keras():
    losses = [1.0] * 20
    ours = list(scheduled(losses, patience=0, threshold_mode="abs"))[-1]
    theirs, _ = drive(keras.callbacks.ReduceLROnPlateau(patience=0), losses)
    assert ours == pytest.approx(1e-8) and theirs[-1] < 1e-18
    assert inspect.signature(ReduceLROnPlateau).parameters["eps"].default == 1e-8


def test_a_function_of_your_own_needs_a_mode():
    def own(truth, answer):
        return keras.ops.mean(answer)

    model = keras.Sequential([keras.Input((1,)), layers.Dense(1)])
    hits = keras.metrics.TruePositives(name="hits")
    model.compile("sgd", "mse", metrics=[own, hits])
    for callback in keras.callbacks.ReduceLROnPlateau, keras.callbacks.EarlyStopping:
        with pytest.raises(ValueError, match="mode='max'"):
            model.fit(X, Y, callbacks=[callback("hits")], verbose=0)
        with pytest.raises(ValueError, match="mode='max'"):
            model.fit(X, Y, callbacks=[callback("own")], verbose=0)
        model.fit(X, Y, callbacks=[callback("own", mode="max")], verbose=0)


def test_backup_forgets_the_random_state_of_a_dropout(tmp_path):
    def train(*watch):
        drop = layers.Dropout(0.5, seed=3)
        model = keras.Sequential([keras.Input((20,)), drop, layers.Dense(1)])
        model.set_weights([np.ones((20, 1)), np.zeros(1)])
        model.compile("sgd", "mse")
        model.fit(torch.ones(1, 20), Y[:1], epochs=2, callbacks=[*watch], verbose=0)
        return model.get_weights()[0].tolist()

    def stop(epoch, logs):
        if epoch == 1:
            raise KeyboardInterrupt

    backup = keras.callbacks.BackupAndRestore(str(tmp_path))
    with pytest.raises(KeyboardInterrupt):
        train(backup, keras.callbacks.LambdaCallback(on_epoch_begin=stop))
    assert train(backup) != train()


@pytest.mark.parametrize("cooldown", [2, 4])
def test_a_cooldown_counts_good_epochs_and_ignores_the_bad_ones(cooldown):
    better = [1.0, 1.0, *(0.5**n for n in range(1, cooldown + 1)), 9.0, 9.0]
    rates = list(scheduled(better, patience=0, factor=0.5, cooldown=cooldown))
    assert rates.index(0.5) == 1 and rates.index(0.25) == cooldown + 2
    mixed = [1.0, 1.0, *[9.0, 0.5] * (cooldown // 2), 9.0]
    rates = list(scheduled(mixed, patience=0, factor=0.5, cooldown=cooldown))
    assert rates.index(0.25) == len(mixed) - 1


@pytest.mark.parametrize("mode", ["auto", "max"])
def test_a_metric_of_one_of_several_outputs_needs_a_mode(mode):
    x = keras.Input((1,))
    outputs = {name: layers.Dense(1, name=name)(x) for name in "ab"}
    model = keras.Model(x, outputs)
    metrics = {name: ["accuracy"] for name in "ab"}
    model.compile("sgd", {name: "mse" for name in "ab"}, metrics=metrics)
    how = {"monitor": "a_accuracy", "patience": 5, "mode": mode}
    watch = [keras.callbacks.EarlyStopping(**how)]
    y = {name: np.zeros((2, 1)) for name in "ab"}
    wants = pytest.raises(ValueError, match="mode") if mode == "auto" else nullcontext()
    with wants:
        model.fit(np.zeros((2, 1)), y, callbacks=watch, verbose=0)
