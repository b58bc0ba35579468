"""The claims of the page on testing: each small test passes and each can fail."""

import json
import math

import numpy as np
import pytest
import torch
from torch import nn
from torch.nn.functional import cross_entropy

from harness.core.snippet import Snippet
from harness.core.tree import HERE
from tests.claims_support import names_of


@pytest.fixture(scope="module")
def loss_on_one_batch():
    return names_of("training/one_batch_is_learned")["loss_after_training"]


def test_a_sound_network_learns_eight_samples_by_heart(loss_on_one_batch):
    assert loss_on_one_batch() < 0.05


def test_with_two_softmaxes_the_loss_falls_and_stays_above_its_bound(loss_on_one_batch):
    bound = math.log(math.e + 2) - 1
    assert bound == pytest.approx(0.55, abs=0.005)
    assert bound < loss_on_one_batch(nn.Softmax(dim=1)) < 0.7 < math.log(3)
    perfect = torch.tensor([[1.0, 0.0, 0.0]])  # the best a softmax can give
    assert cross_entropy(perfect, torch.tensor([0])).item() == pytest.approx(bound)


@pytest.mark.parametrize("steps, learned", [(100, False), (400, True)])
def test_a_slow_network_needs_more_steps(steps, learned):
    slow = {"lr=1.0": "lr=0.1", "range(100)": f"range({steps})"}
    loss = names_of("training/one_batch_is_learned", slow, upto="\n\ntest_one_batch")[
        "loss_after_training"
    ]()
    assert (loss < 0.05) is learned


def test_with_label_smoothing_a_sound_network_fails():
    smooth = {"(model(x), y)": "(model(x), y, label_smoothing=0.1)"}
    names = names_of("training/one_batch_is_learned", smooth, upto="\n\ntest_one_batch")
    assert names["loss_after_training"]() > 0.2


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_dropout_hides_what_was_learned_until_eval(seed):
    torch.manual_seed(seed)
    x, y = torch.randn(8, 4), torch.arange(8) % 3
    body = nn.Sequential(nn.Linear(4, 32), nn.ReLU(), nn.Dropout())
    model = nn.Sequential(body, nn.Linear(32, 3))
    optimizer = torch.optim.SGD(model.parameters(), lr=1.0)
    for _ in range(100):
        optimizer.zero_grad()
        loss = cross_entropy(model(x), y)
        loss.backward()
        optimizer.step()
    assert loss > 0.05 > cross_entropy(model.eval()(x), y)


class Net(nn.Module):
    def __init__(self, detach):
        super().__init__()
        self.body, self.skip = nn.Linear(4, 4), nn.Linear(4, 4)
        self.head, self.detach = nn.Linear(4, 3), detach

    def forward(self, x):
        skipped = self.skip(x)
        return self.head(self.body(x) + (skipped.detach() if self.detach else skipped))


@pytest.mark.parametrize(
    "detach, names", [(True, ["skip.weight", "skip.bias"]), (False, [])]
)
def test_a_detach_takes_gradients_away_and_the_test_names_them(detach, names):
    model = Net(detach)
    model(torch.randn(2, 4)).sum().backward()
    assert [n for n, p in model.named_parameters() if p.grad is None] == names
    before = model.skip.weight.detach().clone()
    torch.optim.SGD(model.parameters(), lr=1.0).step()
    assert torch.equal(before, model.skip.weight) == detach


@pytest.fixture(scope="module")
def without_gradient():
    return names_of("training/every_parameter_gets_a_gradient")["without_gradient"]


def test_a_frozen_layer_is_no_false_alarm(without_gradient):
    model = nn.Sequential(nn.Linear(4, 4), nn.Linear(4, 3))
    assert without_gradient(model) == []
    model.zero_grad()
    model[0].requires_grad_(False)
    assert without_gradient(model) == []


def test_a_dead_relu_is_found_although_each_gradient_is_there(without_gradient):
    model = nn.Sequential(nn.Linear(4, 4), nn.ReLU(), nn.Linear(4, 3))
    nn.init.constant_(model[0].bias, -100.0)
    assert without_gradient(model) == ["0.weight", "0.bias", "2.weight"]
    assert all(p.grad is not None for p in model.parameters())


def test_a_layer_before_zeros_is_reported_until_one_step(without_gradient):
    model = nn.Sequential(nn.Linear(4, 4), nn.Linear(4, 3))
    nn.init.zeros_(model[1].weight)
    assert without_gradient(model) == ["0.weight", "0.bias"]
    torch.optim.SGD(model.parameters(), lr=0.1).step()
    model.zero_grad()
    assert without_gradient(model) == []


def test_the_sum_over_a_softmax_has_a_gradient_of_rounding_only():
    torch.manual_seed(0)
    layer = nn.Linear(4, 3)
    layer(torch.randn(16, 4)).softmax(dim=1).sum().backward()
    assert layer.weight.grad.abs().max() < 1e-5


def test_batch_norm_refuses_one_sample_in_training_and_not_in_eval():
    norm, x = nn.BatchNorm1d(4), torch.ones(1, 4)
    with pytest.raises(ValueError, match="more than 1 value per channel"):
        norm(x)
    assert norm.eval()(x).shape == (1, 4)
    for positions, refused in [(1, True), (3, False)]:
        longer = torch.ones(1, 4, positions)
        if refused:
            with pytest.raises(ValueError, match="more than 1 value per channel"):
                nn.BatchNorm1d(4)(longer)
        else:
            assert nn.BatchNorm1d(4)(longer).shape == longer.shape
    assert nn.BatchNorm2d(4)(torch.ones(1, 4, 2, 2)).shape == (1, 4, 2, 2)


def test_squeeze_removes_a_batch_of_one_and_squeeze_1_does_not():
    layer = nn.Linear(4, 1)
    for batch in (7, 2, 1):
        y = layer(torch.randn(batch, 4))
        assert y.squeeze(1).shape == (batch,)
        assert (y.squeeze().shape == (batch,)) == (batch > 1)


def test_cross_entropy_is_the_formula_to_twelve_digits_in_float64_only():
    rng = np.random.default_rng(0)
    scores, y = rng.normal(size=(5, 3)), np.arange(5) % 3
    exp = np.exp(scores)
    shares = exp / exp.sum(axis=1, keepdims=True)
    expected = -np.log(shares[np.arange(5), y]).mean()
    torch64, y = torch.from_numpy(scores), torch.from_numpy(y)
    assert cross_entropy(torch64, y).item() == pytest.approx(expected, rel=1e-12)
    in_float32 = cross_entropy(torch64.float(), y).item()
    assert in_float32 != pytest.approx(expected, rel=1e-12)
    assert in_float32 == pytest.approx(expected, rel=1e-5)


def test_the_golden_loss_allows_for_rounding_and_not_for_a_larger_rate():
    golden = 0.13702
    trained_loss = names_of("training/golden_loss")["trained_loss"]
    assert abs(trained_loss() - golden) < 1e-4
    assert abs(trained_loss(lr=0.11) - golden) > 1e-4
    torch.set_default_dtype(torch.float64)
    try:
        assert abs(trained_loss() - golden) < 1e-4
    finally:
        torch.set_default_dtype(torch.float32)


def test_dropout_draws_anew_in_training_and_not_in_eval():
    model = nn.Dropout()
    x = torch.ones(1000)
    assert not torch.equal(model.train()(x), model(x))
    assert torch.equal(model.eval()(x), x) and torch.equal(model(x), x)


def test_functional_dropout_ignores_the_mode_unless_it_is_told():
    class Net(nn.Module):
        def forward(self, x, **options):
            return nn.functional.dropout(x, **options)

    model, x = Net().eval(), torch.ones(1000)
    assert not torch.equal(model(x), model(x))
    assert torch.equal(model(x, training=model.training), x)


def test_nan_never_answers_the_same_twice():
    model = nn.Linear(8, 1).eval()
    nn.init.constant_(model.weight, math.nan)
    assert not torch.equal(model(torch.ones(4, 8)), model(torch.ones(4, 8)))


def moved(freeze, clone):
    """What the page's test compares, and whether the weight moved at all."""
    layer = nn.Linear(2, 1)
    layer.weight.requires_grad_(not freeze)
    at_start = layer.weight.tolist()
    before = layer.weight.detach().clone() if clone else layer.weight.detach()
    optimizer = torch.optim.SGD(layer.parameters(), lr=1.0)
    layer(torch.ones(1, 2)).sum().backward()
    optimizer.step()
    return torch.equal(before, layer.weight), layer.weight.tolist() != at_start


def test_without_a_copy_the_test_passes_although_the_weight_moved():
    assert moved(freeze=False, clone=False) == (True, True)


def test_with_a_copy_the_test_fails_until_the_layer_is_frozen():
    assert moved(freeze=False, clone=True) == (False, True)
    assert moved(freeze=True, clone=True) == (True, False)


def test_allclose_broadcasts_to_nine_pairs_and_stays_wrong():
    pred, y = torch.ones(3, 1), torch.ones(3)
    assert torch.allclose(pred, y)
    assert torch.isclose(pred, y).numel() == 9


def test_assert_close_compares_shape_and_dtype():
    for other in (torch.ones(3), torch.ones(3, 1, dtype=torch.float64)):
        with pytest.raises(AssertionError, match=r"attribute '(shape|dtype)'|dtype"):
            torch.testing.assert_close(torch.ones(3, 1), other)
    torch.testing.assert_close(torch.ones(3, 1), torch.ones(3, 1))


def test_not_each_program_runs_here_nor_names_its_error_first():
    one = Snippet(HERE, "gpu/mismatch_on_a_gpu")
    assert "cuda" in one.directives.needs and not one.out.exists()
    first, second, *_ = one.source.splitlines()
    assert first.startswith("# needs:") and second == "# raises: RuntimeError"


def test_in_the_picture_only_the_sound_network_gets_below_the_limit():
    file = HERE.recorded / "figures/training/learned_by_heart.json"
    (axes,) = json.loads(file.read_text(encoding="utf-8"))["axes"]
    right, wrong, limit = (np.reshape(line, (-1, 2))[:, 1] for line in axes["lines"])
    assert set(limit) == {0.05}
    assert len(right) == len(wrong) == 100 and right[-1] < 0.05
    assert wrong.min() > np.log(np.e + 2) - 1 > 0.5


def test_an_old_gradient_hides_a_missing_one():
    names = names_of("training/every_parameter_gets_a_gradient")
    without_gradient = names["without_gradient"]
    body, head = nn.Linear(4, 4), nn.Linear(4, 3)

    class Net(nn.Module):
        cut = False

        def __init__(self):
            super().__init__()
            self.body, self.head = body, head

        def forward(self, x):
            hidden = self.body(x)
            return self.head(hidden.detach() if self.cut else hidden)

    model = Net()
    assert without_gradient(model) == []
    model.cut = True
    assert without_gradient(model) == []
    model.zero_grad()
    assert without_gradient(model) == ["body.weight", "body.bias"]
