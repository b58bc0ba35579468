"""No error, but training goes wrong: what each test on the page tells apart."""

import copy
import math
import re

import pytest
import torch
from torch import nn

from harness.core.tree import HERE
from tests.claims_support import names_of, program

F = nn.functional
PAGE = HERE.root / "docs" / "errors" / "symptoms.md"


def one_step(model, optimizer, x, y):
    before = {name: p.detach().clone() for name, p in model.named_parameters()}
    F.mse_loss(model(x), y).backward()
    optimizer.step()
    return {n for n, p in model.named_parameters() if not torch.equal(p, before[n])}


@pytest.mark.parametrize("bad", [math.nan, math.inf])
@pytest.mark.parametrize("layer", [nn.Tanh, nn.ReLU, nn.Softplus])
def test_one_bad_input_reaches_every_gradient(bad, layer):
    model = nn.Sequential(nn.Linear(3, 8), layer(), nn.Linear(8, 1))
    x = torch.randn(8, 3)
    x[2, 0] = bad
    loss = F.mse_loss(model(x), torch.randn(8, 1))
    loss.backward()
    # An infinite input saturates tanh: then the loss is finite, its gradients are not.
    assert not model[0].weight.grad.isfinite().all()


def test_one_step_on_nan_gradients_destroys_the_network():
    model = nn.Sequential(nn.Linear(3, 8), nn.ReLU(), nn.Linear(8, 1))
    for optimizer in (torch.optim.SGD, torch.optim.Adam):
        F.mse_loss(model(torch.full((2, 3), math.nan)), torch.ones(2, 1)).backward()
        optimizer(model.parameters(), lr=1e-3).step()
        assert all(p.isnan().all() for p in model.parameters())


def test_float16_ends_at_65504_and_bfloat16_far_above():
    assert torch.finfo(torch.float16).max == 65504
    assert torch.tensor(70000.0).half().isinf()
    assert torch.tensor(65519.0).half() == 65504  # rounds down; 65520 does not
    assert torch.tensor(65520.0).half().isinf()
    page = PAGE.read_text(encoding="utf-8")
    assert "and what is larger after rounding is `inf`" in page
    assert torch.tensor(1e38).bfloat16().isfinite()


def test_a_gradient_scaler_does_not_help_where_the_loss_is_infinite():
    weight = nn.Parameter(torch.ones(()))
    optimizer = torch.optim.SGD([weight], lr=0.1)
    scaler = torch.amp.GradScaler("cpu")
    for _ in range(5):
        optimizer.zero_grad()
        loss = (weight.half() * 300).square()
        assert loss.isinf()
        scaler.scale(loss.float()).backward()
        scaler.step(optimizer)
        scaler.update()
    assert weight == 1  # no step in five
    assert (weight.bfloat16() * 300).square().isfinite()


@pytest.mark.parametrize("scale", [None, 1.0])
def test_a_gradient_scaler_helps_where_the_gradient_alone_overflows(scale):
    weight = nn.Parameter(torch.ones(()))
    optimizer = torch.optim.SGD([weight], lr=1e-9)
    scaler = torch.amp.GradScaler("cpu", init_scale=scale or 1, enabled=bool(scale))
    for _ in range(4):
        optimizer.zero_grad()
        loss = (weight.half() * 300).float() * 300  # the gradient is 90000
        scaler.scale(loss).backward()
        scaler.step(optimizer)
        scaler.update()
    assert loss.isfinite() == bool(scale)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_large_step_ends_in_nan_for_other_weights_and_the_small_one_learns(seed):
    found = {}
    for lr in ("1.0", "0.1"):
        changes = {"(1.0, 0.1)": f"({lr},)", "manual_seed(0)": f"manual_seed({seed})"}
        found[lr] = names_of("errors/symptoms/step_too_large", changes)["losses"]
    assert not math.isfinite(found["1.0"][-1])
    assert found["1.0"][3] > found["1.0"][0]
    assert found["0.1"][-1] < found["0.1"][0] / 4


@pytest.mark.parametrize("classes", [2, 10, 1000])
def test_no_preference_costs_the_logarithm_of_the_classes(classes):
    y = torch.randint(classes, (64,))
    loss = F.cross_entropy(torch.zeros(64, classes), y)
    assert loss.item() == pytest.approx(math.log(classes), rel=1e-5)


def test_the_shares_of_the_classes_are_the_best_constant_answer():
    y = torch.tensor([0] * 7 + [1] * 2 + [2])
    best = (y.bincount() / 10).log()
    loss = F.cross_entropy(best.expand(10, 3), y)
    for _ in range(50):
        other = best + 0.3 * torch.randn(3)
        assert F.cross_entropy(other.expand(10, 3), y) >= loss - 1e-6


def test_the_best_constant_is_the_mean_and_with_l1_loss_the_median():
    y = torch.tensor([0.0, 0.1, 0.2, 0.3, 9.0])
    mean, median = y.mean().expand(5), y.median().expand(5)
    assert F.mse_loss(mean, y) < F.mse_loss(median, y)
    assert F.l1_loss(median, y) < F.l1_loss(mean, y)


def test_a_formula_of_your_own_does_not_warn_of_shapes(recwarn):
    predicted, y = torch.randn(5, 1), torch.randn(5)
    loss = ((predicted - y) ** 2).mean()
    assert not recwarn
    with pytest.warns(UserWarning, match="Using a target size"):
        assert torch.allclose(F.mse_loss(predicted, y), loss)
    with pytest.raises(ValueError, match="must be the same as input size"):
        F.binary_cross_entropy_with_logits(predicted, y)


def test_after_zero_grad_no_parameter_has_a_gradient():
    model = nn.Linear(2, 1)
    optimizer = torch.optim.Adam(model.parameters())
    assert one_step(model, optimizer, torch.randn(4, 2), torch.randn(4, 1))
    assert all(p.grad is not None for p in model.parameters())
    optimizer.zero_grad()
    assert all(p.grad is None for p in model.parameters())


def test_an_optimizer_knows_only_the_layers_it_was_given():
    model = nn.Sequential(nn.Linear(2, 2), nn.Linear(2, 1))
    optimizer = torch.optim.Adam(model.parameters())
    model[0] = nn.Linear(2, 2)
    x, y = torch.randn(4, 2), torch.randn(4, 1)
    assert one_step(model, optimizer, x, y) == {"1.weight", "1.bias"}


def test_a_step_that_is_too_small_is_rounded_away():
    weight = nn.Parameter(torch.tensor([1.0]))
    weight.grad = torch.tensor([1.0])
    torch.optim.SGD([weight], lr=1e-8).step()
    assert weight.item() == 1.0


def test_a_relu_that_gets_negative_numbers_has_no_gradient():
    layer = nn.Linear(2, 2)
    nn.init.constant_(layer.bias, -100.0)
    layer(torch.rand(8, 2)).relu().sum().backward()
    assert not layer.weight.grad.any()


@pytest.mark.parametrize("make", [torch.optim.SGD, torch.optim.AdamW])
def test_freezing_keeps_the_old_gradient(make):
    layer = nn.Linear(2, 1)
    F.mse_loss(layer(torch.ones(4, 2)), torch.zeros(4, 1)).backward()
    layer.requires_grad_(False)
    before = layer.weight.clone()
    optimizer = make(layer.parameters(), lr=0.1)
    optimizer.step()
    assert not torch.equal(layer.weight, before)
    layer.weight.grad = None
    before = layer.weight.clone()
    optimizer.step()
    assert torch.equal(layer.weight, before)


def test_momentum_and_decay_go_on_with_a_zero_gradient_and_not_without():
    for make in (
        lambda p: torch.optim.SGD(p, lr=0.1, momentum=0.9),
        lambda p: torch.optim.Adam(p, lr=0.1),
        lambda p: torch.optim.AdamW(p, lr=0.1, weight_decay=0.1),
    ):
        weight = nn.Parameter(torch.ones(2))
        optimizer = make([weight])
        weight.grad = torch.ones(2)
        optimizer.step()
        before = weight.detach().clone()
        weight.grad = torch.zeros(2)
        optimizer.step()
        assert not torch.equal(weight, before)
        before = weight.detach().clone()
        weight.grad = None
        optimizer.step()
        assert torch.equal(weight, before)


SKIPPING = ["ASGD", "Adadelta", "Adagrad", "AdamW", "Muon", "NAdam", "RMSprop", "Rprop"]


@pytest.mark.parametrize("name", [*SKIPPING, "LBFGS"])
def test_lbfgs_alone_moves_a_parameter_without_a_gradient(name):
    torch.manual_seed(0)
    a, b = nn.Parameter(torch.randn(3, 3)), nn.Parameter(torch.randn(3, 3))
    optimizer = getattr(torch.optim, name)([a, b], lr=0.05)

    def loss(with_b):
        optimizer.zero_grad()
        value = (a**4).sum() + (((a * b - 1) ** 2).sum() if with_b else 0)
        value.backward()
        return value

    for _ in range(2):
        optimizer.step(lambda: loss(with_b=True))
    before = b.detach().clone()
    optimizer.step(lambda: loss(with_b=False))
    assert b.grad is None
    assert torch.equal(b, before) == (name != "LBFGS")


def test_model_train_puts_a_frozen_batch_norm_back_into_training_mode():
    model = nn.Sequential(nn.Linear(2, 2), nn.BatchNorm1d(2))
    model[1].eval()
    assert model.train()[1].training


def test_a_frozen_batch_norm_still_counts_in_training_mode():
    norm = nn.BatchNorm1d(2).requires_grad_(False)
    norm(torch.randn(8, 2) + 5)
    assert norm.running_mean.mean() > 0.1
    kept = norm.eval().running_mean.clone()
    norm(torch.randn(8, 2) - 5)
    assert torch.equal(norm.running_mean, kept)


@pytest.mark.parametrize("count", [2, 5])
def test_a_column_of_labels_meets_every_guess(count):
    guess, labels = torch.zeros(count, dtype=int), torch.zeros(count, 1, dtype=int)
    assert (guess == labels).sum() == count * count
    assert (guess == labels.flatten()).sum() == count


@pytest.mark.parametrize("size", [3, 4])
def test_only_the_size_of_a_smaller_last_batch_makes_the_accuracy_too_high(size):
    batches = torch.zeros(10).split(size)
    right = sum(len(batch) for batch in batches)  # all of them
    assert right / (len(batches) * len(batches[-1])) > 1 < right / len(batches)
    assert right / (len(batches) * size) < 1


@pytest.mark.parametrize("answer, share", [(0, 0.7), (1, 0.2), (2, 0.1)])
def test_one_answer_for_all_samples_has_the_share_of_its_class(answer, share):
    labels = torch.tensor([0] * 7 + [1] * 2 + [2])
    guess = torch.full((10,), answer)
    assert (guess == labels).float().mean().item() == pytest.approx(share)
    assert guess.unique().tolist() == [answer]
    mixed = labels.roll(1)  # equal only by coincidence
    assert (mixed == labels).float().mean().item() == pytest.approx(0.7)
    assert len(mixed.unique()) == 3


def test_batch_norm_without_stored_numbers_depends_on_the_others_in_eval_mode():
    norm = nn.BatchNorm1d(2, track_running_stats=False).eval()
    x = torch.randn(8, 2)
    assert norm.running_mean is None
    assert not torch.allclose(norm(x)[:3], norm(x[:3]))


def test_in_eval_mode_a_sample_does_not_depend_on_the_others():
    net = nn.Sequential(nn.Conv2d(1, 2, 3), nn.BatchNorm2d(2), nn.Dropout(0.5))
    x = torch.randn(4, 1, 5, 5)
    assert not torch.allclose(net(x)[:1], net(x[:1]))
    net.eval()
    torch.testing.assert_close(net(x)[:1], net(x[:1]))


def test_functional_dropout_follows_the_mode_if_it_is_told():
    x = torch.ones(100)
    assert not torch.equal(F.dropout(x, 0.5), x)  # training=True is its default
    assert torch.equal(F.dropout(x, 0.5, training=False), x)


def test_each_symptom_in_the_list_has_its_section():
    text = (HERE.docs / "errors/symptoms.md").read_text(encoding="utf-8")
    listed, rest = text.split("## The loss is nan", 1)
    for anchor in set(re.findall(r"\(#([\w-]+)\)", listed)):
        assert f"{{ #{anchor} }}" in "## The loss is nan" + rest


@pytest.mark.parametrize("batches", [1, 3, 100])
def test_the_running_mean_of_batch_norm_starts_at_0_and_moves_by_a_tenth(batches):
    norm = nn.BatchNorm1d(1)
    for _ in range(batches):
        norm(torch.tensor([[9.0], [11.0]]))
    assert norm.running_mean.item() == pytest.approx(10 * (1 - 0.9**batches), rel=1e-4)


@pytest.mark.parametrize("first", [True, False])
def test_a_transformer_mixes_samples_unless_the_batch_comes_first(first):
    layer = nn.TransformerEncoderLayer(4, 1, 8, dropout=0.0, batch_first=first)
    x = torch.randn(2, 3, 4)
    assert torch.allclose(layer(x)[0], layer(x[:1])[0], atol=1e-6) is first


def compared(wrong, capsys):
    """What the program prints where the device gets some layers wrong."""
    text = program("errors/symptoms/device_against_cpu")
    before = "copy.deepcopy(layer).to(device)(h.to(device)).cpu()"
    assert text.count(before) == 1
    after = f"{before} + 1e-2 * (name in {wrong!r})"
    exec(compile(text.replace(before, after), "device", "exec"), {})
    rows = capsys.readouterr().out.splitlines()
    return [row.split()[0] for row in rows if row.endswith("False")]


@pytest.mark.parametrize("wrong", [[], ["0"], ["2"], ["1", "3"]])
def test_layer_by_layer_only_the_wrong_ones_are_far_off(wrong, capsys):
    assert compared(wrong, capsys) == wrong


def test_the_line_on_the_page_finds_frozen_weights_with_an_old_gradient():
    """And no others: not those without a gradient, not those that learn."""
    model = nn.Sequential(nn.Linear(2, 3), nn.Linear(3, 1))
    model[0].bias.requires_grad_(False)  # frozen before: it never has a gradient
    model(torch.ones(4, 2)).sum().backward()
    model[0].weight.requires_grad_(False)  # frozen after
    page = (HERE.docs / "errors" / "symptoms.md").read_text(encoding="utf-8")
    (line,) = re.findall(r"`(\[name for .+?\])`", page)
    assert eval(line, {"model": model}) == ["0.weight"]


@pytest.mark.parametrize("add", [lambda loss: loss, lambda loss: loss.item()])
def test_a_total_that_keeps_graphs_shows_its_grad_fn(add):
    w, total = torch.ones(2, requires_grad=True), 0
    for _ in range(3):
        total += add(w.square().sum())
    assert ("grad_fn" in str(total)) == torch.is_tensor(total)


def test_a_part_in_training_mode_is_found_where_the_model_says_false():
    model = nn.Sequential(nn.Linear(2, 2), nn.Dropout()).eval()
    assert not any(m.training for m in model.modules())
    model[1].train()
    assert not model.training and any(m.training for m in model.modules())


def test_an_f_string_hides_the_grad_fn():
    total = torch.ones(2, requires_grad=True).sum()
    assert "grad_fn" in str(total) and "grad_fn" not in f"{total}"


@pytest.mark.parametrize("seed", [0, 1])
def test_of_one_output_the_largest_is_always_the_first(seed):
    torch.manual_seed(seed)
    scores = torch.randn(20, 1)
    assert scores.argmax(1).unique().tolist() == [0]
    assert (scores > 0).unique().tolist() == [False, True]


# The tests of the causes: each says yes to its own, and no to the others


class Regression(nn.Module):
    def __init__(self, flat):
        super().__init__()
        self.w, self.flat = nn.Linear(3, 1), flat

    def forward(self, x):
        return self.w(x).squeeze(1) if self.flat else self.w(x)


@pytest.mark.parametrize("flat", [True, False])
def test_the_shapes_tell_that_every_prediction_meets_every_target(flat):
    x, y = torch.randn(8, 3), torch.randn(8)
    predicted = Regression(flat)(x)
    assert (predicted.shape == y.shape) == flat
    assert (predicted - y).shape == ((8,) if flat else (8, 8))


@pytest.mark.parametrize("softmax", [True, False])
@pytest.mark.parametrize("seed", [0, 1, 2])
def test_the_sums_of_the_rows_tell_that_a_softmax_stands_there(seed, softmax):
    torch.manual_seed(seed)
    model = nn.Sequential(nn.Linear(4, 16), nn.ReLU(), nn.Linear(16, 3))
    if softmax:
        model.append(nn.Softmax(dim=1))
    sums = model(torch.randn(32, 4)).sum(1)
    assert torch.allclose(sums, torch.ones(32)) == softmax
    best = F.cross_entropy(torch.eye(3), torch.arange(3))
    assert best > 0.5  # as good as it gets after a softmax


def test_a_gradient_before_backward_tells_that_zero_grad_is_missing():
    """Wherever `zero_grad` stands in the loop, and also if it fills with zeros."""
    for way in ("first", "last", "zeros", "missing"):
        model, found = nn.Linear(3, 1), []
        optimizer = torch.optim.SGD(model.parameters(), lr=0.01)
        for _ in range(3):
            if way in ("first", "zeros"):
                optimizer.zero_grad(set_to_none=way == "first")
            loss = F.mse_loss(model(torch.randn(4, 3)), torch.randn(4, 1))
            grads = [p.grad for p in model.parameters()]
            found.append(any(g is not None and bool(g.any()) for g in grads))
            loss.backward()
            optimizer.step()
            if way == "last":
                optimizer.zero_grad()
        assert found == [False, way == "missing", way == "missing"]


class Sequences(nn.Module):
    def __init__(self, kind, first):
        super().__init__()
        self.kind = kind
        if kind == "lstm":
            self.layer = nn.LSTM(4, 4, batch_first=first)
        else:
            self.layer = nn.TransformerEncoderLayer(4, 2, 8, batch_first=first)
        self.norm, self.head = nn.BatchNorm1d(4), nn.Linear(4, 2)

    def forward(self, x):
        found = self.layer(x)
        found = found[0] if self.kind == "lstm" else found
        return self.head(F.dropout(self.norm(found[:, -1]), 0.5, self.training))


@pytest.mark.parametrize("first", [True, False])
@pytest.mark.parametrize("kind", ["lstm", "transformer"])
def test_a_sample_alone_tells_that_a_layer_mixes_samples(kind, first):
    torch.manual_seed(0)
    model, x = Sequences(kind, first).eval(), torch.randn(8, 5, 4)
    with torch.no_grad():
        last, alone = model(x)[-1:], model(x[-1:])
    assert torch.allclose(last, alone, atol=1e-5) == first
    if not first:
        assert (last - alone).abs().max() > 0.01


@pytest.mark.parametrize("mode", ["min", "max"])
def test_the_last_rate_tells_that_it_falls_while_the_accuracy_rises(mode):
    optimizer = torch.optim.SGD([nn.Parameter(torch.ones(1))], lr=0.1)
    scheduler = torch.optim.lr_scheduler.ReduceLROnPlateau(optimizer, mode, patience=1)
    rates = []
    for epoch in range(8):
        optimizer.step()
        scheduler.step(0.5 + 0.05 * epoch)  # the accuracy
        rates += scheduler.get_last_lr()
    assert (rates[-1] < 0.1) == (mode == "min")
    assert optimizer.param_groups[0]["lr"] == rates[-1]


@pytest.mark.parametrize("cause", ["eval", "data", "neither"])
def test_mode_and_means_tell_why_validation_is_worse_from_the_start(cause):
    torch.manual_seed(0)
    x = 50 + 20 * torch.randn(2000, 3)
    scaled = (x - x.mean(0)) / x.std(0)
    train, held_out = scaled[:1000], (x if cause == "data" else scaled)[1000:]
    model = nn.Sequential(nn.Linear(3, 4), nn.Dropout(), nn.Linear(4, 1))
    model.train(cause == "eval")
    means = (train.mean() - held_out.mean()).abs() > 0.5
    spreads = (train.std() - held_out.std()).abs() > 0.5
    assert model.training == (cause == "eval")
    assert bool(means or spreads) == (cause == "data")
    # After loading, the same lines tell the same, but not of swapped colours:
    images = torch.rand(8, 3, 4, 4)
    torch.testing.assert_close(images.mean(), images.flip(1).mean())


@pytest.mark.parametrize("leak", [False, True])
@pytest.mark.parametrize("seed", [0, 1])
def test_the_training_loss_in_eval_tells_dropout_from_validation_that_is_easy(
    seed, leak
):
    torch.manual_seed(seed)
    x = torch.randn(500, 5)
    new = torch.randn(200, 5)
    y, answers = (
        one.sum(1, keepdim=True) + 0.3 * torch.randn(len(one), 1) for one in (x, new)
    )
    held_out, target = (x[:200], y[:200]) if leak else (new, answers)
    model = nn.Sequential(nn.Linear(5, 64), nn.ReLU(), nn.Dropout(0.5))
    model.append(nn.Linear(64, 1))
    optimizer = torch.optim.Adam(model.parameters(), lr=0.01)
    for _ in range(100):
        loss = F.mse_loss(model(x), y)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    model.eval()
    with torch.no_grad():
        in_eval = F.mse_loss(model(x), y)
        validation = F.mse_loss(model(held_out), target)
    assert validation < 0.7 * loss  # better than training, either way
    assert validation > 0.5 * in_eval  # not much better than this
    shared = (x[:, None] == held_out).all(2).any()
    assert bool(shared) == leak  # which the line of cause 4 finds


@pytest.mark.parametrize("keep", ["as it is", "copied", "cloned"])
def test_the_place_of_a_weight_tells_that_the_best_ones_are_no_copy(keep):
    class Net(nn.Module):
        def __init__(self):
            super().__init__()
            self.fc = nn.Linear(3, 1)

    model = Net()
    best = model.state_dict()
    if keep == "copied":
        best = copy.deepcopy(best)
    elif keep == "cloned":
        best = {name: value.clone() for name, value in best.items()}
    with torch.no_grad():
        model.fc.weight += 1  # training goes on
    same = best["fc.weight"].is_set_to(model.fc.weight)
    equal = torch.equal(best["fc.weight"], model.fc.weight)
    assert same == (keep == "as it is") == equal


def test_two_lines_tell_kept_outputs_from_a_validation_with_gradients():
    model, x = nn.Linear(3, 2), torch.randn(4, 3)
    rows = {}
    for cause in ("list", "validation", "neither"):
        with torch.set_grad_enabled(cause != "neither"):
            output, enabled = model(x), torch.is_grad_enabled()
        outputs = [output if cause == "list" else output.detach()]
        rows[cause] = outputs[0].grad_fn is not None, enabled
    assert rows["list"][0] and not rows["validation"][0] and not rows["neither"][0]
    assert rows["validation"][1] and not rows["neither"][1]


def test_an_attribute_of_a_layer_freezes_no_parameter():
    layer = nn.Linear(2, 2)
    layer.requires_grad = False
    assert all(p.requires_grad for p in layer.parameters())
    layer.requires_grad_(False)
    assert not any(p.requires_grad for p in layer.parameters())


def test_a_softmax_of_hidden_places_alone_is_nan_before_the_loss():
    hidden = torch.tensor([[False, True], [True, True]])
    attention, x = nn.MultiheadAttention(4, 1, batch_first=True), torch.randn(2, 2, 4)
    out, _ = attention(x, x, x, key_padding_mask=hidden)
    assert out[0].isfinite().all() and out[1].isnan().all()


def test_only_the_last_sample_tells_that_an_lstm_mixes_samples():
    """It reads the first sample first: that one depends on no other."""
    layer, x = nn.LSTM(4, 8).eval(), torch.randn(8, 5, 4)
    torch.testing.assert_close(layer(x)[0][:1], layer(x[:1])[0])
    assert not torch.allclose(layer(x)[0][-1:], layer(x[-1:])[0], atol=1e-2)
    text = PAGE.read_text(encoding="utf-8")
    assert "`model(x)[-1:]` is far from `model(x[-1:])`" in text


def test_one_line_tells_layers_that_are_not_frozen():
    layer = nn.Linear(2, 2)
    layer.requires_grad = False
    layer.weight.requires_grad_(False)  # the bias still trains
    assert any(p.requires_grad for p in layer.parameters())
    layer.requires_grad_(False)
    assert not any(p.requires_grad for p in layer.parameters())


def test_one_line_tells_why_a_model_predicts_one_class():
    rare, one = torch.tensor([0] * 9 + [1]), nn.Linear(2, 1)
    for y in (rare, rare[:, None], rare.float()):
        assert y.unique(return_counts=True)[1].tolist() == [9, 1]
    logits = one(torch.randn(8, 2))
    assert logits.shape[1] == 1 and not logits.argmax(1).any()


@pytest.mark.parametrize("shape", [(3,), (1, 4, 4)])
def test_one_line_finds_a_sample_that_is_in_both_sets(shape):
    def both(train_x, val_x):
        return any((train_x == x).flatten(1).all(1).any() for x in val_x)

    page = " ".join(PAGE.read_text(encoding="utf-8").split())
    assert "any((train_x == x).flatten(1).all(1).any() for x in val_x)" in page
    x = torch.randn(20, *shape)
    assert not both(x[:15], x[15:])
    assert both(x[:15], x[14:])
