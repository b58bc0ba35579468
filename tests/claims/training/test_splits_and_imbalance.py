"""The claims of docs/training/splits-and-imbalance.md, with other seeds and sizes."""

import re

import pytest
import torch
from torch import nn
from torch.utils.data import Subset, WeightedRandomSampler, random_split

from tests.claims_support import names_of, output, printed

SEEDS = pytest.mark.parametrize("seed", [1, 2, 3])


def seeded(name, seed, **changes):
    return output(name, {"manual_seed(0)": f"manual_seed({seed})", **changes})


# Splits


@pytest.mark.parametrize("parts", [[0.6, 0.2, 0.2], [30, 12, 8]])
def test_a_seed_repeats_a_split_whose_parts_share_nothing(parts):
    def split(seed):
        g = torch.Generator().manual_seed(seed)
        return [p.indices for p in random_split(range(50), parts, generator=g)]

    assert split(5) == split(5) != split(6)
    assert sorted(sum(split(5), [])) == list(range(50))


def test_another_seed_can_give_the_same_split_of_few_samples():
    def split(seed):
        g = torch.Generator().manual_seed(seed)
        return [p.indices for p in random_split(range(3), [1, 1, 1], generator=g)]

    assert 0 < sum(split(0) == split(seed) for seed in range(1, 20)) < 10


def test_places_are_drawn_so_a_new_file_moves_others():
    def names(files):
        g = torch.Generator().manual_seed(0)
        return set(random_split(files, [0.5, 0.5], generator=g)[1])

    files = list("acdefghijk")
    assert names(files) - names(["a", "b", *files[1:]])


def test_splits_are_views_of_one_dataset():
    data = [0, 1, 2, 3]
    train, valid = random_split(data, [2, 2])
    assert isinstance(train, Subset) and train.dataset is valid.dataset is data
    data[valid.indices[0]] = 99
    assert valid[0] == 99


def test_the_fixed_splits_have_nothing_in_common():
    names = names_of("training/one_dataset_for_each_split")
    train, valid = names["train"], names["valid"]
    assert set(train.indices).isdisjoint(valid.indices)
    assert min(train) >= 100 > max(valid) and train.dataset is not valid.dataset


def test_in_the_picture_four_persons_are_in_both_parts_and_none_below():
    names = names_of("training/split_by_row_or_person", upto="fig, ax")
    person = names["person"].tolist()
    for valid, both in ((names["by_row"], 4), (names["by_person"], 0)):
        out = {person[i] for i in range(18) if i not in valid}
        assert len({person[i] for i in valid} & out) == both


# Leaks


@SEEDS
def test_the_mean_of_all_rows_hides_half_of_a_difference(seed):
    out = seeded("training/mean_of_all_rows_leaks", seed)
    by_all, train, valid = map(float, re.findall(r"mean (\S+)", out))
    assert valid == 0 and by_all < 0.65 * train and train > 2


def test_the_other_device_measures_three_too_much():
    found = names_of("training/mean_of_all_rows_leaks")
    gap = found["valid"].mean() - found["train"].mean()
    assert gap.item() == pytest.approx(3, abs=0.5)


@SEEDS
def test_with_many_rows_of_one_source_all_means_are_close(seed):
    torch.manual_seed(seed)
    train, valid = torch.randn(8000), torch.randn(2000)
    means = [((valid - s.mean()) / s.std()).mean().abs() for s in (train, valid)]
    assert max(means) < 0.1


def test_columns_chosen_from_all_rows_score_though_there_is_nothing_to_learn():
    accuracy = names_of("training/columns_chosen_before_the_split", upto="\nprint")
    leak, honest = map(accuracy["accuracy"], (60, 40))
    assert leak > 0.85 and 0.42 < honest < 0.58


@SEEDS
def test_a_person_in_both_splits_is_recognized(seed):
    out = seeded("training/one_person_in_both_splits", seed)
    by_row, by_person = map(float, re.findall(r": +(\S+)", out))
    assert by_row > 0.95 and 0.25 < by_person < 0.75


def test_a_split_by_person_has_no_person_in_both():
    names = names_of("training/one_person_in_both_splits")
    person, valid = names["person"], names["by_person"]
    assert not set(person[valid].tolist()) & set(person[~valid].tolist())
    valid = names["by_row"]
    both = set(person[valid].tolist()) & set(person[~valid].tolist())
    assert len(both) > 100


@pytest.mark.parametrize("seed", [1, 2])
def test_folds_with_one_model_rise_and_new_ones_guess(seed):
    names = names_of(
        "training/folds_share_one_model",
        {"manual_seed(0)": f"manual_seed({seed})"},
        upto="\nprint",
    )
    shared, new = (list(names["scores"](new_each_fold=n)) for n in (False, True))
    assert shared[0] == new[0] and min(shared[-2:]) > 0.75
    assert sum(new) / 5 < 0.65


def test_folds_of_another_number_rise_too():
    changes = {"reshape(5, 12)": "reshape(6, 10)", "range(5)": "range(6)"}
    names = names_of("training/folds_share_one_model", changes, upto="\nprint")
    shared, new = (list(names["scores"](new_each_fold=n)) for n in (False, True))
    assert len(new) == 6 and min(shared[-2:]) > 0.75
    assert 0.3 < sum(new) / 6 < 0.65 and max(new) < 0.75


def test_an_optimizer_keeps_the_weights_of_its_model():
    model = nn.Linear(2, 2)
    held = torch.optim.Adam(model.parameters()).param_groups[0]["params"]
    assert held[0] is model.weight and held[0] is not nn.Linear(2, 2).weight


# Rare classes


@pytest.mark.parametrize("rare", [1, 5, 30])
def test_a_constant_is_as_right_as_its_class_is_frequent(rare):
    out = output(
        "training/accuracy_of_a_constant",
        {"[0] * 95 + [1] * 5": f"[0] * {100 - rare} + [1] * {rare}"},
    )
    assert re.findall(r": (\S+)", out) == [f"{1 - rare / 100:.2f}", "1.00", "0.00"]


@SEEDS
def test_a_split_of_each_class_keeps_the_rare_one(seed):
    by_row, by_class = seeded("training/split_each_class", seed).splitlines()
    assert set(re.findall(r"\d+", by_class)) == {"1"}
    assert "0" in re.findall(r"\d+", by_row)


def test_the_weights_give_each_class_the_same_total():
    y = torch.tensor([0] * 7 + [1] * 2 + [2] * 3)
    count = y.bincount()
    weight = len(y) / (3 * count)
    totals = torch.zeros(3).index_add(0, y, weight[y])
    torch.testing.assert_close(totals, torch.full((3,), 4.0))


@pytest.mark.parametrize("seed", [1, 2])
def test_weights_and_a_sampler_find_more_and_raise_more_false_alarms(seed):
    rows = [
        (float(right), int(hits), int(alarms))
        for right, hits, alarms in re.findall(
            r"(\S+) right, (\d+) hits, (\d+) alarms",
            seeded("training/rare_class_weighed", seed)
            if seed > 1
            else printed("training/rare_class_weighed"),
        )
    ]
    plain, *others = rows
    for right, hits, alarms in others:
        assert right < plain[0] - 0.1 and hits > plain[1] + 50 < alarms / 2
        assert 50 < hits < 95
    assert abs(others[0][1] - others[1][1]) < 15
    assert plain[1] < 10


def test_both_together_count_the_rare_class_twice():
    y = torch.tensor([0] * 90 + [1] * 10)
    weight = 100 / (2 * y.bincount())
    g = torch.Generator().manual_seed(0)
    drawn = y[list(WeightedRandomSampler(weight[y], 20_000, generator=g))]
    once = weight[y][y == 1].sum() / weight[y].sum()
    twice = weight[drawn][drawn == 1].sum() / weight[drawn].sum()
    assert once == pytest.approx(0.5) and twice == pytest.approx(0.9, abs=0.01)


def test_after_weighting_the_rare_class_seems_frequent():
    torch.manual_seed(0)
    y = (torch.arange(1000) < 50).long()
    x = torch.randn(1000, 2) + y[:, None]
    means, ranks = [], []
    for weight in (None, 1000 / (2 * y.bincount())):
        model = nn.Linear(2, 2)
        optimizer = torch.optim.SGD(model.parameters(), lr=1)
        for _ in range(60):
            optimizer.zero_grad()
            nn.functional.cross_entropy(model(x), y, weight).backward()
            optimizer.step()
        p = model(x).softmax(dim=1)[:, 1].detach()
        means.append(p.mean().item())
        ranks.append((p[:50, None] > p[50:]).float().mean().item())
    assert ranks[0] == pytest.approx(ranks[1], abs=0.01)  # no better at telling apart
    assert means[0] == pytest.approx(0.05, abs=0.03) and means[1] > 0.2


# Other lengths, batches and classes


@pytest.mark.parametrize("size", [10, 100])
def test_one_more_sample_at_the_end_moves_others(size):
    def places(n):
        g = torch.Generator().manual_seed(0)
        return set(random_split(range(n), [0.8, 0.2], generator=g)[1].indices)

    assert len(places(size) - places(size + 1)) > size / 20


@pytest.mark.parametrize("label", [0, 1])
def test_class_weights_change_nothing_in_a_batch_of_one(label):
    x, y = torch.randn(1, 2), torch.tensor([label])
    weight = torch.tensor([0.5, 10.0])
    plain = nn.functional.cross_entropy(x, y)
    torch.testing.assert_close(nn.functional.cross_entropy(x, y, weight), plain)


@pytest.mark.parametrize("label", [0, 1])
def test_with_label_smoothing_class_weights_count_where_all_have_one_label(label):
    x, y = torch.randn(4, 2), torch.full((4,), label)
    weight = torch.tensor([0.5, 10.0])
    plain = nn.functional.cross_entropy(x, y, label_smoothing=0.1)
    weighed = nn.functional.cross_entropy(x, y, weight, label_smoothing=0.1)
    assert not weighed.isclose(plain)
    assert nn.functional.cross_entropy(x, y, weight).isclose(
        nn.functional.cross_entropy(x, y)
    )


def test_class_weights_do_less_in_small_batches():
    y = (torch.arange(1000) < 50).long()
    weight = 1000 / (2 * y.bincount())
    shares = []
    for size in (1, 4, 50, 1000):
        batches = y[torch.randperm(1000, generator=torch.Generator())].split(size)
        parts = [(weight[b] * b).sum() / weight[b].sum() for b in batches]
        shares.append(torch.stack(parts).mean().item())
    assert shares == sorted(shares)
    assert shares[0] == pytest.approx(0.05) and shares[-1] == pytest.approx(0.5)


def test_a_recall_without_samples_is_nan():
    right, y = torch.ones(4), torch.zeros(4)
    assert right[y == 1].mean().isnan()


@pytest.mark.parametrize("rare", [1, 4, 5, 9])
def test_a_class_below_five_samples_is_in_no_validation_part(rare):
    text = {"[0] * 45 + [1] * 5": f"[0] * {50 - rare} + [1] * {rare}"}
    by_class = output("training/split_each_class", text).splitlines()[1]
    assert set(re.findall(r"\d+", by_class)) == {str(rare // 5)}


@pytest.mark.parametrize("value", [0.0, 3.0])
def test_a_constant_column_becomes_nan_or_infinite(value):
    column = torch.full((6,), value)
    assert column.std() == 0 and ((column - value) / column.std()).isnan().all()
    assert ((column + 1 - value) / column.std()).isinf().all()


def test_rounding_gives_some_constant_columns_a_tiny_std():
    columns = [torch.full((n,), v) for n in range(3, 100) for v in (0.1, 0.3, 0.7)]
    noisy = [one for one in columns if one.std() > 0]
    assert noisy and max(one.std() for one in noisy) < 1e-6
    assert all(((one - one.mean()) / one.std()).isfinite().all() for one in noisy)


def test_weights_count_in_a_batch_of_one_picture_with_many_labels():
    torch.manual_seed(0)
    scores, labels = torch.randn(1, 2, 4, 4), torch.arange(16).reshape(1, 4, 4) % 2
    weight = torch.tensor([1.0, 9.0])
    loss = nn.functional.cross_entropy
    assert not loss(scores, labels, weight).isclose(loss(scores, labels))
    one, label = scores[..., 0, 0], labels[..., 0, 1]
    assert loss(one, label, weight).isclose(loss(one, label))


def test_the_recall_of_a_missing_class_is_nan_as_the_program_computes_it():
    y = torch.zeros(10, dtype=torch.long)
    right = (y == 0).float()
    assert right[y == 1].mean().isnan()
