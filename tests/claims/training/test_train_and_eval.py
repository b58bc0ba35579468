"""The claims of docs/training/train-and-eval.md, against formulas by hand."""

import json
import math
import warnings
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import nn
from torch.utils.data import DataLoader

from tests.claims_support import drawn, printed, program

ROOT = Path(__file__).parents[3]


def saved_bytes(work):
    sizes = []

    def pack(t):
        sizes.append(t.nbytes)
        return t

    with torch.autograd.graph.saved_tensors_hooks(pack, lambda t: t):
        work()
    return sum(sizes)


# The loop


def signs(samples=100):
    torch.manual_seed(0)
    x = torch.randn(samples, 2)
    return x, (x.prod(dim=1) > 0).long()


def small_network():
    return nn.Sequential(nn.Linear(2, 9), nn.ReLU(), nn.Linear(9, 2))


def test_the_label_is_1_where_both_signs_agree():
    x, y = signs()
    a, b = x.numpy().T
    np.testing.assert_array_equal(y.numpy(), np.sign(a) == np.sign(b))


def test_the_loop_on_the_page_learns():
    lines = printed("training/canonical_loop").splitlines()
    right = [int(line.split()[4]) for line in lines]
    losses = [float(line.split()[3].strip(",")) for line in lines]
    assert len(right) == 5 and losses == sorted(losses, reverse=True)
    assert right[-1] == max(right) >= 40 > right[0]  # a coin gets 25 of 50


def test_training_and_validation_share_no_sample():
    program = (ROOT / "snippets/training/canonical_loop.py").read_text(encoding="utf-8")
    assert "(x[:100], y[:100])" in program and "(x[100:], y[100:])" in program


@pytest.mark.parametrize("between", [False, True])
def test_zero_grad_between_backward_and_step_keeps_every_weight(between):
    x, y = signs()
    model = small_network()
    before = [p.detach().clone() for p in model.parameters()]
    optimizer = torch.optim.Adam(model.parameters(), lr=0.05)
    for _ in range(3):
        nn.functional.cross_entropy(model(x), y).backward()
        if between:
            optimizer.zero_grad()
        optimizer.step()
        optimizer.zero_grad()
    kept = [torch.equal(a, b) for a, b in zip(before, model.parameters(), strict=True)]
    assert all(kept) if between else not any(kept)


@pytest.mark.parametrize("learns", [True, False])
def test_zero_grad_too_early_keeps_the_first_guesses(learns, capsys):
    lines = program("training/canonical_loop").splitlines(keepends=True)
    if not learns:
        here = next(n for n, line in enumerate(lines) if "zero_grad" in line)
        lines.insert(here - 1, lines.pop(here))
        assert [
            line.split(".")[1].split("(")[0] for line in lines[here - 2 : here]
        ] == [
            "backward",
            "zero_grad",
        ]
    exec("".join(lines), {})
    answers = {line.split(", ")[1] for line in capsys.readouterr().out.splitlines()}
    assert (answers == {"39 of 50 right"}) is not learns


def test_the_network_that_never_changes_guesses_well():
    x, y = signs(150)
    with torch.no_grad():
        answers = small_network()(x[100:]).argmax(dim=1)
    assert (answers == y[100:]).sum() == 39  # of 50, and 25 by tossing a coin


def test_without_a_graph_validation_saves_nothing():
    x, _ = signs()
    model = small_network()
    assert saved_bytes(lambda: model(x)) > 0
    with torch.no_grad():
        assert saved_bytes(lambda: model(x)) == 0


def test_a_running_sum_stays_on_its_device():
    total = torch.zeros((), device="meta")
    total += (torch.ones(3, device="meta") == 1).sum()
    assert total.device.type == "meta"
    with pytest.raises(RuntimeError):
        total.item()  # and item() fetches it, which meta cannot


@pytest.mark.parametrize(("model", "batch"), [("meta", "cpu"), ("cpu", "meta")])
def test_the_batch_and_the_model_must_be_on_the_same_device(model, batch):
    layer, x = nn.Linear(2, 1).to(model), torch.ones(3, 2, device=batch)
    with pytest.raises(RuntimeError, match="is not on the expected device"):
        layer(x)
    fits = torch.ones(3, 2, device=model)
    assert layer(fits).device.type == model


@pytest.mark.skipif(
    not torch.cuda.is_available(), reason="only a GPU can make item() wait"
)
def test_item_waits_for_a_gpu_and_a_running_sum_does_not():
    total = torch.zeros((), device="cuda")
    torch.cuda.set_sync_debug_mode("error")
    try:
        total += torch.ones(3, device="cuda").sum()
        with pytest.raises(RuntimeError, match="synchroniz"):
            total.item()
    finally:
        torch.cuda.set_sync_debug_mode("default")


# Two switches


@pytest.mark.parametrize("training", [True, False])
@pytest.mark.parametrize("grad", [True, False])
def test_eval_and_no_grad_are_independent(training, grad):
    torch.manual_seed(0)
    model = nn.Sequential(nn.Linear(8, 100), nn.Dropout(0.5)).train(training)
    with torch.set_grad_enabled(grad):
        y = model(torch.ones(1, 8))
    assert (y == 0).any().item() is training
    assert (y.grad_fn is not None) is grad


def test_the_table_on_the_page_has_all_four_combinations():
    rows = [
        line.split()
        for line in printed("training/eval_is_not_no_grad").splitlines()[1:]
    ]
    assert len({(mode, no_grad) for mode, no_grad, _, _ in rows}) == 4
    for mode, no_grad, dropout, graph in rows:
        assert dropout == str(mode == "train")
        assert graph == str(no_grad == "False")
    assert rows[-1] == ["eval", "True", "False", "False"]


def test_batch_norm_in_eval_uses_the_averages_that_it_collected():
    norm = nn.BatchNorm1d(2)
    torch.manual_seed(0)
    for _ in range(3):
        norm(torch.randn(5, 2) * 3 + 1)
    mean, var = norm.running_mean.clone(), norm.running_var.clone()
    x = torch.randn(4, 2)
    y = norm.eval()(x)
    torch.testing.assert_close(y, (x - mean) / (var + norm.eps).sqrt())
    assert torch.equal(norm.running_mean, mean)


# Two losses


def losses_drawn():
    file = ROOT / "recorded/figures/training/training_and_validation_loss.json"
    (axes,) = json.loads(file.read_text(encoding="utf-8"))["axes"]
    train, valid, dot = (np.reshape(line, (-1, 2)) for line in axes["lines"])
    return train[:, 1], valid[:, 1], dot[0]


def test_after_the_dot_training_improves_and_validation_gets_worse():
    train, valid, (epoch, loss) = losses_drawn()
    assert len(train) == len(valid) == 60
    best = int(epoch)
    assert valid.argmin() == best and valid[best] == loss
    assert (np.diff(train[best:]) < 0).all()
    assert (np.diff(valid[best:]) > 0).mean() > 0.9
    assert train[-1] < 0.2 and valid[-1] > 2 * valid[0]


def test_without_eval_a_measurement_changes_batch_norm_and_this_network_has_none():
    norm = nn.BatchNorm1d(1)
    x = torch.tensor([[5.0], [7.0]])
    with torch.no_grad():
        norm.eval()(x)
        assert norm.running_mean == 0
        norm.train()(x)
        assert norm.running_mean != 0
    path = ROOT / "snippets/training/training_and_validation_loss.py"
    code = path.read_text(encoding="utf-8")
    assert not any(word in code for word in ("Dropout", "Norm", "eval()"))


# Mean


def test_the_mean_of_batch_means_is_wrong_and_the_weighted_one_is_right():
    losses = [1.0, 1.0, 1.0, 1.0, 6.0]
    batches = list(DataLoader(torch.tensor(losses), batch_size=4))
    means = [batch.mean().item() for batch in batches]
    assert np.mean(means) == 3.5 != np.mean(losses)
    assert np.average(means, weights=[len(b) for b in batches]) == np.mean(losses) == 2
    assert printed("training/mean_of_uneven_batches").split("\n")[0].endswith(" 3.5")


def test_one_sample_counts_as_much_as_four():
    x = torch.tensor([1.0, 1.0, 1.0, 1.0, 6.0], requires_grad=True)
    torch.stack([b.mean() for b in x.split(4)]).mean().backward()
    assert x.grad[4] == x.grad[:4].sum() == 0.5


def test_a_weighted_cross_entropy_is_no_plain_mean():
    torch.manual_seed(0)
    logits, y = torch.randn(5, 3), torch.tensor([0, 0, 1, 2, 2])
    weight = torch.tensor([1.0, 5.0, 1.0])
    parts = list(zip(logits.split(4), y.split(4), strict=True))

    def loss(x, y, reduction="mean"):
        return nn.functional.cross_entropy(x, y, weight, reduction=reduction)

    by_size = sum(loss(*part) * len(part[1]) for part in parts) / 5
    by_weight = sum(loss(*part, "sum") for part in parts) / weight[y].sum()
    torch.testing.assert_close(by_weight, loss(logits, y))
    assert (by_size - loss(logits, y)).abs() > 0.1


def test_only_class_numbers_make_a_weighted_loss_divide_by_the_weights():
    loss, logits = nn.functional.cross_entropy, torch.tensor([[0.0, 1, 2], [2, 0, 0]])
    weight, soft = torch.tensor([1.0, 2, 5]), torch.full((2, 3), 1 / 3)
    total = loss(logits, soft, weight, reduction="sum")
    torch.testing.assert_close(loss(logits, soft, weight), total / 2)
    left_out = loss(logits, torch.tensor([1, 9]), ignore_index=9)
    torch.testing.assert_close(left_out, loss(logits[:1], torch.tensor([1])))


# eval() forgotten


def test_without_eval_dropout_still_answers_differently_each_time():
    model = nn.Sequential(nn.Linear(4, 64), nn.Dropout(0.5))
    x = torch.ones(1, 4)
    with torch.no_grad():
        assert not torch.equal(model(x), model(x))
        model.eval()
        assert torch.equal(model(x), model(x))


def test_the_answers_on_the_page_differ_only_where_eval_was_forgotten():
    forgotten, done = (
        json.loads(line.split(":", 1)[1])
        for line in printed("training/eval_forgotten").splitlines()
    )
    assert len(set(forgotten)) == 3 and len(set(done)) == 1


def test_in_training_batch_norm_still_answers_by_the_neighbours():
    norm = nn.BatchNorm1d(1)
    with torch.no_grad():
        for mode in (True, False):
            norm.train(mode)
            seen = []
            for other in (3.0, -3.0):
                x = np.array([[1.0], [other]], dtype=np.float32)
                y = norm(torch.from_numpy(x))[0].item()
                if mode:
                    assert y == pytest.approx((1 - x.mean()) / x.std(), abs=1e-5)
                seen.append(y)
            assert (seen[0] == seen[1]) is not mode


def test_without_running_stats_eval_still_looks_at_the_neighbours():
    norm = nn.BatchNorm1d(1, track_running_stats=False).eval()
    one, other = (norm(torch.tensor([[1.0], [v]]))[0].item() for v in (3.0, -3.0))
    assert one == pytest.approx(-1, abs=1e-3) and other == pytest.approx(1, abs=1e-3)


# Softmax


def cross_entropy_by_hand(logits, labels):
    return np.mean(
        [
            math.log(sum(math.exp(v) for v in row)) - row[label]
            for row, label in zip(logits, labels, strict=True)
        ]
    )


def test_softmax_before_cross_entropy_stays_wrong():
    torch.manual_seed(0)
    model = nn.Linear(4, 3)
    x, y = torch.randn(6, 4), torch.tensor([0, 1, 2, 0, 1, 2])
    logits = model(x).detach()
    right = nn.functional.cross_entropy(logits, y).item()
    wrong = nn.functional.cross_entropy(logits.softmax(dim=1), y).item()
    assert right == pytest.approx(cross_entropy_by_hand(logits.tolist(), y.tolist()))
    assert wrong == pytest.approx(
        cross_entropy_by_hand(logits.softmax(dim=1).tolist(), y.tolist())
    )
    lines = printed("training/softmax_before_cross_entropy").split("\n")
    assert lines[0] == f"logits:  {right:.3f}"
    assert lines[1] == f"softmax: {wrong:.3f}" != f"softmax: {right:.3f}"


def test_with_three_classes_the_wrong_loss_never_gets_below_0_551():
    least = math.log(math.e + 2) - 1
    assert f"{least:.3f}" == "0.551"
    torch.manual_seed(0)
    answers = (torch.randn(1000, 3) * 100).softmax(dim=1)
    losses = nn.functional.cross_entropy(
        answers, torch.zeros(1000, dtype=torch.long), reduction="none"
    )
    assert losses.min().item() == pytest.approx(least, abs=1e-5)
    sure = torch.tensor([[100.0, 0.0, 0.0]])
    assert nn.functional.cross_entropy(sure, torch.tensor([0])).item() == 0


def test_a_network_that_is_sure_and_wrong_gets_no_gradient_through_two_softmaxes():
    gradients = []
    for twice in (False, True):
        logits = torch.tensor([[200.0, 0.0, 0.0]], requires_grad=True)
        answer = logits.softmax(dim=1) if twice else logits
        nn.functional.cross_entropy(answer, torch.tensor([1])).backward()
        gradients.append(logits.grad.tolist())
    assert gradients == [[[1, -1, 0]], [[0, 0, 0]]]


@pytest.mark.parametrize("margin", [20.0, 60.0, 100.0])
def test_before_it_is_zero_the_gradient_through_two_softmaxes_is_tiny(margin):
    logits = torch.tensor([[margin, 0.0, 0.0]], requires_grad=True)
    nn.functional.cross_entropy(logits.softmax(dim=1), torch.tensor([1])).backward()
    assert 0 < logits.grad.abs().max() < 1e-8


# The sum that keeps graphs


def test_a_sum_of_losses_keeps_the_graph_of_every_round():
    def saved(rounds, detach):
        w = torch.ones(10, requires_grad=True)
        total = 0.0
        for _ in range(rounds):
            loss = w.exp().sum()
            total = total + (loss.detach() if detach else loss)
        if detach:
            assert not total.requires_grad
            return
        total.backward()  # so all graphs are there
        return w.grad[0].item() / math.e

    assert [round(saved(n, detach=False), 4) for n in (1, 2, 5)] == [1, 2, 5]
    saved(3, detach=True)


def test_the_graph_on_the_page_grows_by_four_nodes_a_round():
    rows = [line.split() for line in printed("training/graphs_pile_up").splitlines()]
    leak, total = [int(row[2]) for row in rows], [int(row[4]) for row in rows]
    assert leak == [5, 9, 13, 17] and total == [0, 0, 0, 0]


def test_float_warns_and_item_does_not_but_both_leave_the_graph():
    w = torch.tensor(1.0, requires_grad=True)
    total = (w * 2) ** 2
    with pytest.warns(UserWarning, match="Converting a tensor with requires_grad=True"):
        assert float(total) == 4
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert total.item() == 4
        assert float(total.detach()) == 4
    assert total.grad_fn is not None


def test_item_in_each_round_is_a_number_without_a_graph():
    w = torch.tensor(1.0, requires_grad=True)
    total = 0.0
    for x in (1.0, 2.0, 3.0):
        total += ((w * x - 1) ** 2).item()
    assert type(total) is float and total == 5


# Inference mode


def features_under(mode):
    frozen, head = nn.Linear(4, 3), nn.Linear(3, 1)
    with mode():
        features = frozen(torch.ones(2, 4))
    head(features).mean().backward()
    return frozen, head


def test_training_cannot_use_the_results_of_inference_mode():
    with pytest.raises(
        RuntimeError, match="Inference tensors cannot be saved for backward"
    ):
        features_under(torch.inference_mode)


def test_results_of_inference_mode_may_be_added_or_cloned():
    with torch.inference_mode():
        features = torch.ones(3) * 2
    for used in (lambda w: features + w, lambda w: features.clone() * w):
        w = torch.ones(3, requires_grad=True)
        used(w).sum().backward()
        assert w.grad is not None
    with pytest.raises(RuntimeError, match="saved for backward"):
        features * w


def test_training_can_use_the_results_of_no_grad():
    frozen, head = features_under(torch.no_grad)
    assert head.weight.grad is not None and frozen.weight.grad is None
    assert head.bias.grad.tolist() == [1.0]


def test_the_picture_shows_the_order_of_the_loop_and_its_switches():
    texts = [text for text, *_ in drawn("training/loop_and_its_switches")]
    assert texts == [
        *("train(), grad on", "model(inputs)", "loss"),
        *("backward()", "step()", "zero_grad()"),
        *("eval(), grad off", "model(inputs)", "count right"),
    ]
    lines = program("training/canonical_loop")
    calls = ["model.train()", "model(inputs", "loss =", "backward()", "step()"]
    calls += ["zero_grad()", "model.eval()", "no_grad()", "right +="]
    places = [lines.index(call) for call in calls]
    assert places == sorted(places)


def test_the_map_of_the_overview_ends_with_every_sample_right():
    words = [
        line.split() for line in printed("training/network_learns_a_map").split("\n")
    ]
    right = {row[1]: int(row[2]) for row in words if row}
    assert list(right) == ["0:", "10:", "200:"]
    assert 30 < right["0:"] < 50 < right["10:"] < right["200:"] == 80


def test_under_no_grad_a_sum_of_losses_keeps_no_graph():
    model = nn.Linear(2, 1)
    for grad in (False, True):
        total = 0
        with torch.set_grad_enabled(grad):
            for _ in range(3):
                total += model(torch.ones(1, 2)).mean()
        assert (total.grad_fn is not None) == grad


def test_with_sentences_of_unequal_length_count_the_labels_not_the_samples():
    torch.manual_seed(0)
    sizes, loss = (10, 3), nn.functional.cross_entropy
    batches = [(torch.randn(4, 5, n), torch.randint(5, (4, n))) for n in sizes]
    each = [loss(x, y, reduction="none").flatten() for x, y in batches]
    mean = torch.cat(each).mean()

    def weighed(count):
        total = sum(loss(x, y) * count(y) for x, y in batches)
        return total / sum(count(y) for _, y in batches)

    assert not weighed(len).isclose(mean, rtol=1e-3)
    assert weighed(torch.Tensor.numel).isclose(mean)


@pytest.mark.parametrize("layer", [nn.Dropout(0.5), nn.BatchNorm1d(3)])
def test_a_fixed_part_in_training_mode_gives_other_features(layer):
    torch.manual_seed(0)
    frozen, x = nn.Sequential(nn.Linear(4, 3), layer), torch.randn(8, 4) + 3
    features = []
    with torch.no_grad():
        for training in (False, True):
            features.append(frozen.train(training)(x))
    assert not features[0].allclose(features[1])
