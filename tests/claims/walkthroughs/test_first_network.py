"""What the first walkthrough says, against formulas and other libraries."""

import ast
import math
import re

import pytest
import torch
from torch import nn

from harness.core.tree import HERE
from harness.notebooks.execute import shown
from harness.notebooks.walkthrough import Walkthrough
from tests.claims_support import Later

pytestmark = pytest.mark.timeout(600)


SEEDS = "for seed in range(3):"  # cells that train three networks, and print how well
RATES = ("rates", "slow", "straight")  # what these cells call that, in order


@pytest.fixture(scope="module")
def lesson() -> dict:
    """The names of the walkthrough after its cells ran, those that draw left out.

    What three seeds came to was measured as the notebook was executed.
    """
    one = Walkthrough(HERE, "walkthroughs/first-network.ipynb")
    made = one.executed
    assert [cell.source for cell in made.cells] == [cell.source for cell in one.cells]
    names, rates = {"__name__": "lesson"}, list(RATES)
    threads = torch.get_num_threads()
    torch.set_num_threads(1)  # faster for so small a network
    for cell in made.cells:
        if cell.cell_type != "code" or "plt.show" in cell.source:
            continue
        tree = ast.parse(cell.source)
        if SEEDS in cell.source:
            printed = re.findall(r"(\d+\.\d)%", shown(cell.outputs[0]))
            names[rates.pop(0)] = [float(rate) / 100 for rate in printed]
            tree.body = [part for part in tree.body if not of_training(part)]
        exec(compile(tree, one.shown, "exec"), names)
    torch.set_num_threads(threads)
    assert [len(names[name]) for name in RATES] == [3, 3, 3]
    return names


def of_training(part: ast.stmt) -> bool:
    """The loop over seeds, and the list of what came of it."""
    rates = isinstance(part, ast.Assign) and part.targets[0].id in RATES
    return rates or isinstance(part, ast.For)


def test_an_equal_probability_for_each_digit_has_a_loss_of_ln_10(lesson):
    even = torch.zeros(len(lesson["y_test"]), 10)
    loss = nn.functional.cross_entropy(even, lesson["y_test"].cpu())
    assert loss.item() == pytest.approx(math.log(10), rel=1e-6)
    assert math.log(10) == pytest.approx(2.3, abs=0.01)


def test_untrained_networks_are_right_once_in_ten_on_average(lesson):
    x, y = lesson["x_test"], lesson["y_test"]
    rates = []
    for seed in range(60):
        torch.manual_seed(seed)
        first, second = lesson["weights"](64, 32), lesson["weights"](32, 10)
        answers = ((x @ first).relu() @ second).argmax(1)
        rates.append((answers == y).float().mean().item())
    assert sum(rates) / 60 == pytest.approx(0.1, abs=0.02)
    assert min(rates) < 0.05 and 0.14 < max(rates) < 0.22


def test_one_seed_in_a_hundred_is_right_more_than_twice_as_often(lesson):
    torch.manual_seed(450)
    first, second = lesson["weights"](64, 32), lesson["weights"](32, 10)
    answers = ((lesson["x_test"] @ first).relu() @ second).argmax(1)
    assert 0.22 < (answers == lesson["y_test"]).float().mean() < 0.25


def test_the_digits_for_the_test_are_a_quarter_that_training_never_sees(lesson):
    order = lesson["order"].tolist()
    assert sorted(order) == list(range(1797))
    generators = (torch.Generator().manual_seed(seed) for seed in (0, 1))
    again, other = (torch.randperm(1797, generator=one) for one in generators)
    assert again.tolist() == order != other.tolist()
    assert len(lesson["x_test"]) == 450
    assert len(lesson["x_train"]) == 1347
    assert lesson["x_train"].min() == 0
    assert lesson["x_train"].max() == 1


def test_the_loss_by_hand_falls_and_the_module_ends_at_the_same_scores(lesson):
    losses = [loss for loss, _ in lesson["history"]]
    assert losses[0] > 2
    assert losses[-1] < 0.1
    assert losses[4] < losses[0] / 4  # steeply in the first five
    same = lesson["model"].layers[0].weight.T - lesson["w1"]
    assert same.abs().max() < 1e-3


def test_three_starts_end_above_the_floor_with_relu_and_without(lesson):
    assert min(lesson["rates"]) > lesson["floor"] == 0.94
    assert min(lesson["straight"]) > lesson["floor"]
    assert abs(sum(lesson["rates"]) - sum(lesson["straight"])) < 3 * 0.02


def test_lines_tell_these_digits_apart_for_scikit_learn_too(lesson):
    lines = Later("sklearn.linear_model").LogisticRegression(max_iter=300)
    lines.fit(lesson["x_train"].cpu().numpy(), lesson["y_train"].cpu().numpy())
    x, y = lesson["x_test"].cpu().numpy(), lesson["y_test"].cpu().numpy()
    assert lines.score(x, y) > lesson["floor"]


def test_two_products_without_relu_are_one(lesson):
    first, second = lesson["Straight"]().layers
    x = lesson["x_test"].cpu()
    weight = second.weight @ first.weight
    bias = second.weight @ first.bias + second.bias
    both = second(first(x))
    assert torch.allclose(both, x @ weight.T + bias, atol=1e-5)


def test_softmax_twice_learns_worse_and_its_loss_has_a_floor(lesson):
    for slow, right in zip(lesson["slow"], lesson["rates"], strict=True):
        assert slow < right - 0.01
    # -log(e / (e + 9)): the least that ten probabilities, taken for scores, allow.
    floor = math.log(math.e + 9) - 1
    assert lesson["best"].item() == pytest.approx(floor, abs=1e-4)


def test_the_mistake_is_the_most_certain_of_the_wrong_answers(lesson):
    scores = lesson["network"](lesson["x_test"]).detach().cpu()  # the loop by hand
    probabilities = scores.softmax(1)
    wrong = scores.argmax(1) != lesson["y_test"].cpu()
    assert int(wrong.sum()) == len(lesson["wrong"])
    certain = torch.where(wrong, probabilities.max(1).values, torch.tensor(0.0))
    assert certain.argmax() == lesson["worst"]


def test_what_was_saved_scores_the_same(lesson):
    x = lesson["x_test"]
    assert torch.equal(lesson["again"](x), lesson["model"](x))


def test_a_weight_changes_in_place_under_no_grad_only(lesson):
    weight = lesson["weights"](3, 2)
    with pytest.raises(RuntimeError, match="leaf Variable that requires grad"):
        weight -= 1
    with torch.no_grad():
        weight -= 1


def test_hidden_sums_stay_small_however_many_are_added_up(lesson):
    for inputs in (16, 4096):
        sums = torch.ones(1, inputs) @ lesson["weights"](inputs, 50).detach()
        assert 0.3 < sums.std() < 0.9


def test_a_plain_list_hides_its_layers(lesson):
    assert list(lesson["Listed"](list).parameters()) == []
    assert len(list(lesson["Listed"](nn.ModuleList).parameters())) == 4


def test_next_to_other_layers_a_list_of_layers_does_not_train():
    class Half(nn.Module):
        def __init__(self):
            super().__init__()
            self.hidden, self.last = [nn.Linear(4, 4)], nn.Linear(4, 2)

        def forward(self, x):
            return self.last(self.hidden[0](x))

    model = Half()
    before = [one.weight.detach().clone() for one in (model.hidden[0], model.last)]
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    model(torch.ones(3, 4)).square().sum().backward()
    optimizer.step()
    assert torch.equal(model.hidden[0].weight, before[0])
    assert not torch.equal(model.last.weight, before[1])


def test_sequential_takes_its_layers_one_by_one(lesson):
    with pytest.raises(TypeError):
        lesson["Listed"](nn.Sequential)
    layers = [nn.Linear(4, 4), nn.ReLU()]
    assert len(list(nn.Sequential(*layers).parameters())) == 2


def test_without_relu_the_module_is_not_the_network_by_hand(lesson):
    """Its `assert` would stop the page: the fold has a class of its own."""
    hidden = nn.Linear(64, 32)
    straight = nn.Sequential(hidden, nn.Linear(32, 10))
    bent = nn.Sequential(hidden, nn.ReLU(), straight[1])
    x = lesson["x_test"].cpu()
    assert (straight(x) - bent(x)).abs().max() > 1e-3


def test_classes_as_floats_are_refused(lesson):
    text = "expected target dtype to be Long or Byte, but got Float"
    with pytest.raises(RuntimeError, match=text):
        nn.functional.cross_entropy(torch.zeros(2, 10), torch.zeros(2))


def test_a_missing_label_becomes_a_number_without_an_error():
    label = torch.tensor([3.0, math.nan]).long()
    assert label[0] == 3 and label.dtype == torch.int64


def test_digits_can_be_seen_on_both_papers():
    """They are pixels of one blue, more or less opaque: no dark page changes them."""
    from matplotlib import colormaps, colors

    def light(colour):
        parts = [
            c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4
            for c in colors.to_rgb(colour)
        ]
        return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]

    source = (HERE.docs / "walkthroughs/first-network.py").read_text()
    style = (HERE.docs / "assets/stylesheets/book.css").read_text()
    papers = [light(one) for one in re.findall(r"--paper: (#\w+)", style)]
    tops = re.findall(r'cmap="Blues", vmin=0, vmax=([\d.]+), alpha=ink', source)
    assert len(papers) == 2 and len(tops) == 3
    for top in tops:
        blue = light(colormaps["Blues"](1 / float(top)))
        for paper in papers:
            low, high = sorted([blue, paper])
            assert (high + 0.05) / (low + 0.05) > 3.5
