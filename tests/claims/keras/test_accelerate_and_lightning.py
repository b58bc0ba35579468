"""The claims of docs/keras/accelerate-and-lightning.md, against plain PyTorch.

The libraries are not installed here: what they printed was recorded.
"""

import re

import pytest
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

from harness.core.tree import HERE
from tests.claims_support import drawn, keras, printed, program

WAYS = ("keras/train_by_a_loop", "keras/train_by_accelerate")
WAYS += ("keras/train_by_lightning",)


def trained(seed, epochs, size=32):
    """The mean loss of each epoch, in a loop of its own."""
    torch.manual_seed(seed)
    x = torch.randn(100, 2)
    y = (x.prod(dim=1) > 0).long()
    batches = DataLoader(TensorDataset(x, y), size, shuffle=True)
    model = nn.Sequential(nn.Linear(2, 9), nn.ReLU(), nn.Linear(9, 2))
    optimizer = torch.optim.Adam(model.parameters(), lr=0.05)
    means = []
    for _ in range(epochs):
        total = 0.0
        for inputs, labels in batches:
            optimizer.zero_grad()
            loss = nn.functional.cross_entropy(model(inputs), labels, reduction="sum")
            (loss / len(labels)).backward()
            optimizer.step()
            total += loss.item()
        means.append(total / 100)
    return means


def numbers(text):
    return [float(number) for number in re.findall(r"-?\d+\.\d+(?:e-?\d+)?", text)]


@pytest.mark.parametrize("way", WAYS)
def test_each_way_prints_the_losses_of_a_loop(way):
    assert numbers(printed(way)) == pytest.approx(trained(0, 3), abs=6e-5)


def test_the_three_ways_print_the_same_text():
    assert len({printed(way) for way in WAYS}) == 1


@pytest.mark.parametrize("seed", [1, 2, 3])
@pytest.mark.parametrize("size", [32, 20])
def test_the_training_learns_with_other_seeds_and_sizes(seed, size):
    losses = trained(seed, 15, size)
    assert losses[-1] < 0.8 * losses[0]


def test_both_libraries_end_at_the_weights_of_the_loop():
    found = numbers(printed("keras/accelerate_and_loop_apart"))
    assert found == [0.0] * 6
    assert numbers(printed("keras/lightning_and_loop_apart")) == [0.0]
    text = program("keras/accelerate_and_loop_apart")
    assert "range(3)" in text and "range(20)" in text  # seeds, epochs
    assert "max_epochs=20" in program("keras/lightning_and_loop_apart")


def test_only_the_lines_that_the_page_names_differ_in_accelerate():
    loop, accelerate = (program(way) for way in WAYS[:2])
    assert ".to(device)" in loop and ".to(" not in accelerate
    assert "    loss.backward()" in loop and "accelerator.backward(loss)" in accelerate
    where = "for epoch in"
    own, other = (text[text.index(where) :].split("\n") for text in (loop, accelerate))
    changed = [line.strip() for line in own if line not in other]
    assert [line.split("(")[0] for line in changed] == [
        *("inputs, labels = inputs.to", "loss.backward")
    ]


def test_lightning_writes_the_loop():
    text = program("keras/train_by_lightning")
    for part in ("backward", ".step()", "zero_grad", "for inputs"):
        assert part not in text
    for part in ("training_step", "configure_optimizers", "trainer.fit"):
        assert part in text


def test_the_figure_names_what_the_programs_call():
    texts = [text for text, *_ in drawn("keras/who_writes_which_line")]
    loop, accelerate, lightning = (program(way) for way in WAYS)
    assert texts[:3] == ["plain loop", "Accelerate", "Lightning"]
    assert len(texts[3:]) == 8 * 4  # eight tasks, each with three calls
    assert {".backward()", "acc.backward(..)", "training_step"} < set(texts)
    assert "accelerator.backward(" in accelerate and "prepare(" in accelerate
    assert ".backward()" in loop and "training_step" in lightning
    stops = program("keras/lightning_stops_early")
    for name in ("ModelCheckpoint", "EarlyStopping", "validation_step"):
        assert name in texts and name in stops


def test_of_the_pitfalls_one_warns_and_the_last_raises():
    page = (HERE.docs / "keras/accelerate-and-lightning.md").read_text(encoding="utf-8")
    pitfalls = page.partition("## Pitfalls")[2].partition("## Practise")[0]
    names = dict.fromkeys(re.findall(r'"(keras/\w+)\.md', pitfalls))
    texts = [program(name) for name in names]
    assert len(texts) > 5 and "# raises:" in texts[-1]
    assert not any("# raises:" in text for text in texts[:-1])
    assert sum("# warns:" in text for text in texts) == 1


@pytest.mark.parametrize("patience", [3, 5])
def test_early_stopping_counts_the_epochs_without_a_new_best(patience):
    w = torch.zeros((), requires_grad=True)
    optimizer = torch.optim.SGD([w], lr=0.1)
    best = float("inf")
    for epoch in range(20):
        optimizer.zero_grad()
        ((w - 2) ** 2).backward()
        optimizer.step()
        val = (w.item() - 1) ** 2
        if val < best:
            best, best_epoch, best_w = val, epoch, w.item()
        if epoch - best_epoch >= patience:
            break
    assert (epoch, best_epoch) == (2 + patience, 2)
    if patience == 3:
        last, best = printed("keras/lightning_stops_early").splitlines()
        assert last == f"after epoch {epoch}: weight {w.item():.4f}"
        assert f"epoch={best_epoch}-" in best
        assert best.endswith(f"weight {best_w:.4f}")


@pytest.mark.parametrize("dtype", [torch.bfloat16, torch.float16])
def test_mixed_precision_keeps_the_weights_in_float32(dtype):
    model = nn.Sequential(nn.Linear(2, 9), nn.Linear(9, 1))
    with torch.autocast("cpu", dtype):
        assert model(torch.ones(4, 2)).dtype == dtype
    assert model[0].weight.dtype == torch.float32


def test_accelerate_returns_float32_and_lightning_does_not():
    rows = printed("keras/mixed_precision_of_accelerate").split()
    assert rows[1::2] == ["torch.float32", "torch.bfloat16", "torch.float32"]
    for line in printed("keras/what_the_trainer_switches").splitlines():
        assert line.endswith("torch.float32, torch.bfloat16")


def test_the_trainer_switches_modes_and_gradients():
    lines = printed("keras/what_the_trainer_switches").splitlines()
    modes = {line.split(", ")[0]: line.split(", ")[1] for line in lines}
    assert modes == {"train": "grad", "eval": "no grad"}
    assert "barebones=True" in program("keras/what_the_trainer_switches")


def test_without_a_division_the_gradients_of_a_group_add_up():
    def gradient(batches, parts):
        w = torch.ones((), requires_grad=True)
        for _ in range(batches):
            (w**2 / parts).backward()
        return w.grad.item()

    found = [
        eval(line.split(":")[1])
        for line in printed("keras/gradient_four_times_as_large").splitlines()
    ]
    assert found[0] == [gradient(4, 4), gradient(2, 4)] == [2, 1]
    assert found[1] == [gradient(4, 1), gradient(2, 1)] == [8, 4]
    lightning = numbers(printed("keras/accumulation_of_lightning"))
    assert lightning == found[0]
    assert gradient(2, 2) == 2 == 2 * found[0][1]  # what the small group should be


@pytest.mark.parametrize(("samples", "size"), [(6, 1), (12, 2), (25, 4)])
def test_drop_last_leaves_an_incomplete_group_of_batches(samples, size):
    batches = DataLoader(torch.ones(samples), size, drop_last=True)
    assert {len(batch) for batch in batches} == {size} and len(batches) % 4 == 2


@pytest.mark.parametrize("seed", [0, 1])
def test_with_the_batch_of_two_processes_the_results_differ(seed):
    one, two = (trained(seed, 3, size)[-1] for size in (32, 64))
    assert abs(one - two) > 0.01


def test_the_saved_state_holds_no_place_in_the_loader():
    files, after = printed("keras/state_of_accelerate").splitlines()
    assert files == "model.safetensors optimizer.bin random_states_0.pkl"
    assert eval(after.split(": ")[1]) == [0, 1, 2, 3]
    text = program("keras/state_of_accelerate")
    assert "prepare(model, optimizer, batches)" in text


def test_the_logged_losses_are_the_last_the_mean_and_the_mean_of_means():
    losses = torch.tensor([1.0, 1.0, 1.0, 1.0, 6.0])
    means = torch.stack([part.mean() for part in losses.split(4)])
    last, mean, wrong, by_hand = numbers(
        printed("keras/logged_loss_of_the_last_batch").replace("batch_size=1", "")
    )
    assert last == means[-1] == 6 and wrong == means.mean() == 3.5
    assert mean == by_hand == losses.mean() == 2


def test_precision_is_a_ratio_of_counts_and_no_mean_of_ratios():
    guess = torch.tensor([1, 1, 0, 1, 0, 0, 1, 0, 1])
    truth = torch.tensor([1, 1, 0, 1, 0, 0, 1, 0, 0])
    parts = list(zip(guess.split(4), truth.split(4), strict=True))
    ratios = [((g * t).sum() / g.sum()).item() * len(g) for g, t in parts]
    number, metric, by_hand = numbers(printed("keras/precision_logged_two_ways"))
    assert (guess.sum(), (guess * truth).sum()) == (5, 4)
    assert metric == by_hand == 4 / 5
    assert number == pytest.approx(sum(ratios) / 9, abs=6e-4)


def test_a_second_accelerator_must_have_the_same_settings():
    same, steps, error = printed("keras/accelerator_made_twice").splitlines()
    assert same == "no" and error.startswith("ValueError: AcceleratorState has already")
    assert steps == "4" and "steps=4)  # no error" in program(
        "keras/accelerator_made_twice"
    )


def test_dropout_does_nothing_in_a_training_in_eval_mode():
    first, second, warning = printed("keras/eval_mode_kept_by_fit").splitlines()
    torch.manual_seed(0)
    net = nn.Sequential(nn.Linear(1, 1000), nn.Dropout(0.5))
    for line, mode in ((first, True), (second, False)):
        share = (net.train(mode)(torch.ones(1, 1)) == 0).float().mean()
        assert f"in fit: {share:.1f} " in line
        assert line.endswith("train" if mode else "eval")
    assert "Found 4 module(s) in eval mode at the start of training" in warning
    assert len([*net.modules()]) == 3  # and the LightningModule itself


def test_two_processes_double_the_batch_and_repeat_samples():
    sizes, gathered, metrics, late, rate = (
        line.split(":")[1].strip()
        for line in printed("keras/two_processes_of_accelerate").splitlines()
    )
    gathered, metrics = eval(gathered), eval(metrics)
    assert eval(sizes) == [4, 4] and len(gathered) == 2 * sum(eval(sizes))
    assert metrics == list(range(10)) == sorted(set(gathered))
    assert gathered[10:] == list(range(6))
    assert eval(late) == gathered[-8:] and len(set(eval(late)) - {8, 9}) == 6
    assert float(rate) == 0.5**2


@pytest.mark.usefixtures("on_the_cpu")
def test_keras_knows_by_its_name_that_an_accuracy_should_rise():
    x, y = torch.ones(4, 1), torch.ones(4, 1)
    model = keras.Sequential([keras.layers.Dense(1, "sigmoid")])
    model.compile("sgd", "binary_crossentropy", metrics=["accuracy"])
    stop = keras.callbacks.EarlyStopping("val_accuracy")
    model.fit(x, y, validation_data=(x, y), callbacks=[stop], verbose=0)
    assert stop.monitor_op(0.9, 0.8)
    assert not stop.monitor_op(0.8, 0.9)


def test_a_scheduler_of_each_batch_is_too_fast_where_gradients_accumulate():
    of_steps = printed("keras/gradient_four_times_as_large").splitlines()[0]
    steps, batches = len(re.findall(r"\d\.\d", of_steps)), 6
    assert "if accelerator.sync_gradients" in program(
        "keras/gradient_four_times_as_large"
    )
    rates = []
    for count in steps, batches:
        optimizer = torch.optim.SGD([nn.Parameter(torch.ones(1))], lr=1.0)
        scheduler = torch.optim.lr_scheduler.StepLR(optimizer, 1, 0.5)
        for _ in range(count):
            optimizer.step()
            scheduler.step()
        rates += scheduler.get_last_lr()
    assert rates == [0.5**2, 0.5**6]


def test_half_a_gradient_is_nearly_a_whole_step_of_adam():
    """So the page says that the gradient of a small group is half as large."""
    moved = []
    for part in (1.0, 0.5):
        w = torch.ones((), requires_grad=True)
        optimizer = torch.optim.Adam([w], lr=0.1)
        for gradient in (2.0, 2.0 * part):
            w.grad = torch.tensor(gradient)
            before = w.item()
            optimizer.step()
        moved.append(before - w.item())
    assert 0.9 * moved[0] < moved[1] < moved[0]


def test_a_prepared_scheduler_of_epochs_is_twice_as_fast_with_two_processes():
    rate = printed("keras/two_processes_of_accelerate").splitlines()[-1]
    times = 2  # that one call steps it
    assert float(rate.split(":")[1]) == 0.5**times
    optimizer = torch.optim.SGD([nn.Parameter(torch.ones(1))], lr=1.0)
    scheduler = torch.optim.lr_scheduler.StepLR(optimizer, 10, 0.1)
    rates = []
    for _ in range(10):  # epochs
        optimizer.step()
        for _ in range(times):
            scheduler.step()
        rates += scheduler.get_last_lr()
    assert rates == pytest.approx([1] * 4 + [0.1] * 5 + [0.01])
    page = (HERE.docs / "keras/accelerate-and-lightning.md").read_text(encoding="utf-8")
    assert "If it counts epochs or steps of the optimizer, leave it out" in page


def test_train_before_fit_moves_the_averages_of_a_frozen_batch_norm():
    """Unless `eval()` on this part follows, as the page says."""
    for again in (False, True):
        norm = nn.BatchNorm1d(2).requires_grad_(False)
        model = nn.Sequential(norm, nn.Linear(2, 1)).train()
        if again:
            norm.eval()
        model(torch.rand(8, 2) + 9)
        assert bool(norm.running_mean.any()) is not again


def test_random_states_of_the_middle_of_an_epoch_start_it_in_another_order():
    """As `save_state` keeps them: after `load_state` a new epoch begins."""
    torch.manual_seed(0)
    batches, order = DataLoader(torch.arange(20), shuffle=True), []
    for batch in batches:
        order.append(batch.item())
        if len(order) == 3:
            state = torch.get_rng_state()
    torch.set_rng_state(state)
    assert [batch.item() for batch in batches] != order


def test_the_default_patience_of_keras_is_zero_and_that_of_lightning_was_read():
    assert keras.callbacks.EarlyStopping().patience == 0
    sources = (HERE.root / "recorded/sources.yml").read_text(encoding="utf-8")
    link = "callbacks.EarlyStopping.html"
    assert 'holds: ["patience=3"]' in sources.partition(link)[2].partition("- url")[0]
