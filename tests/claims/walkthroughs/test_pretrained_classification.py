"""What docs/walkthroughs/pretrained-classification.py says beyond its own asserts."""

import contextlib
import json

import pytest
import torch
from PIL import Image
from torch import nn

from harness.core.tree import HERE
from lab.torchvision import recipe
from lab.train import card, weights
from tests.claims.walkthroughs.walkthrough import program, run
from tests.claims_support import Later

backbone = Later("lab.train.backbone")
SOURCE = HERE.docs / "walkthroughs" / "pretrained-classification.py"
TORCHVISION = json.loads((HERE.recorded / "torchvision_resnet.json").read_text())


@pytest.fixture(scope="module")
def lesson() -> dict:
    """Its names, without the long comparison."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    with contextlib.chdir(SOURCE.parent):
        yield run(program(SOURCE).split("LABELS, SEEDS =")[0])
    torch.set_num_threads(threads)


def test_the_file_is_what_the_card_says(lesson):
    about = card.read(HERE, "backbone")
    assert weights.BACKBONE == about["sha256"] == lesson["BACKBONE"]
    assert {t.dtype for t in lesson["state"].values()} == {torch.float16, torch.int64}
    model = lesson["backbone"]
    assert sum(p.numel() for p in model.parameters()) == about["parameters"]
    assert {p.dtype for p in model.parameters()} == {torch.float32}


def test_the_new_classes_are_6_to_9_and_never_of_the_test_set(lesson):
    assert sorted(set(lesson["pool_y"].tolist())) == [0, 1, 2, 3]
    pool = set(map(bytes, lesson["pool"].numpy()))
    # The split is of pictures; scikit-learn's set itself holds no picture twice here.
    assert not pool & set(map(bytes, lesson["digits"].numpy()))
    for n in (2, 50):
        x, y = lesson["few"](n, 0, backbone.cluttered)
        assert x.shape == (4 * n, 3, 32, 32)
        assert y.bincount().tolist() == [n] * 4


def test_frozen_features_do_not_change(lesson):
    model = lesson["pretrained"]()
    x, y = lesson["few"](2, 0, backbone.cluttered)
    lesson["fit_head"](model, x, y, steps=3)
    for key, value in model.features.state_dict().items():
        assert torch.equal(value, lesson["state"][f"features.{key}"].to(value.dtype))


def test_features_computed_once_are_those_of_every_step(lesson):
    model = lesson["pretrained"]().eval()
    x, _ = lesson["few"](2, 0, backbone.cluttered)
    with torch.no_grad():
        torch.testing.assert_close(model.head(model.features(x)), model(x))


def frozen(lesson, n, seed):
    x, y = lesson["few"](n, seed, backbone.cluttered)
    model = lesson["pretrained"]()
    lesson["fit_head"](model, x, y, steps=100)
    test_x = backbone.cluttered(lesson["digits"], torch.Generator().manual_seed(1))
    test_x = lesson["normalised"](test_x)
    return lesson["accuracy"](model, test_x, lesson["test_y"])


def test_without_normalisation_frozen_features_are_worth_less(lesson):
    """Try it."""
    with_it = [frozen(lesson, 10, seed) for seed in range(3)]
    right, lesson["normalised"] = lesson["normalised"], lambda pictures: pictures
    try:
        without = [frozen(lesson, 10, seed) for seed in range(3)]
    finally:
        lesson["normalised"] = right
    assert 0.65 < sum(with_it) / 3 < 0.8
    assert 0.4 < sum(without) / 3 < 0.6


def test_each_of_the_three_ways_takes_100_steps(lesson, monkeypatch):
    taken = []
    for name in ("fit_head", "fit_all"):
        monkeypatch.setitem(
            lesson,
            name,
            lambda model, x, y, steps, lr=None, name=name: taken.append((name, steps)),
        )
    lesson["compare"](2, 0)
    assert taken == [
        ("fit_all", 100),  # from scratch
        ("fit_head", 60),
        ("fit_all", 40),  # fine-tuned, after the head
        ("fit_head", 40),  # frozen
    ]


def test_more_than_half_with_two_labels_is_a_mean_and_not_of_every_seed(lesson):
    frozen = [lesson["compare"](2, seed)["frozen"] for seed in (0, 1, 2, 14)]
    assert sum(frozen[:3]) / 3 > 0.5 > frozen[3]


@pytest.mark.weekly  # a minute
@pytest.mark.parametrize(
    ("lr", "steps", "below"), [(3e-3, 400, 0.6), (1e-3, 100, 0.5), (1e-2, 100, 0.5)]
)
def test_more_steps_or_another_rate_do_not_close_the_gap(lesson, lr, steps, below):
    test_x = backbone.cluttered(lesson["digits"], torch.Generator().manual_seed(1))
    test_x = lesson["normalised"](test_x)
    for seed in range(3):
        x, y = lesson["few"](50, seed, backbone.cluttered)
        torch.manual_seed(seed)
        model = backbone.Backbone(classes=4).train()
        lesson["fit_all"](model, x, y, lr=lr, steps=steps)
        assert lesson["accuracy"](model, test_x, lesson["test_y"]) < below


def test_the_normalisation_brings_pixels_to_between_minus_2_and_2(lesson):
    assert lesson["normalised"](torch.tensor([0.0, 1.0])).tolist() == [-2, 2]


def test_the_counters_of_batch_norm_are_not_called_missing(lesson):
    wrong = {f"module.{key}": value for key, value in lesson["state"].items()}
    told = backbone.Backbone(classes=6).load_state_dict(wrong, strict=False)
    silent = set(lesson["state"]) - set(told.missing_keys)
    assert {key.rpartition(".")[2] for key in silent} == {"num_batches_tracked"}
    assert len(silent) == 4


# torchvision


def test_the_recipe_ran_with_torchvision_as_it_stands_on_the_page():
    assert TORCHVISION["recipe"] == recipe.digest(recipe.CLASSIFIER), (
        "run: make record-torchvision"
    )


def test_the_recipe_loads_the_file_and_prepares_as_it_was_trained():
    assert TORCHVISION["equal to the file"] is True
    assert TORCHVISION["training"] is False
    assert TORCHVISION["prepared"] == [3, 224, 224]
    assert TORCHVISION["by hand"] is True  # resize, cut, normalise
    assert TORCHVISION["logits"] == [1, 4]


def test_only_the_new_head_of_the_recipe_learns():
    assert TORCHVISION["learn"] == 512 * 4 + 4
    assert TORCHVISION["parameters"] == 11_689_512


def test_a_photo_is_prepared_and_its_highest_score_wins(tmp_path):
    Image.new("L", (5, 4), 200).save(tmp_path / "grey.png")
    seen = []

    def prepare(photo):
        seen.append((photo.mode, photo.size))
        return torch.ones(3, 2, 2)

    head = nn.Sequential(nn.Flatten(), nn.Linear(12, 3))
    nn.init.constant_(head[1].weight, 0.0)
    head[1].bias.data = torch.tensor([0.0, 2.0, 1.0])
    classify = run(recipe.source("classify"))["classify"]
    assert classify(head, prepare, tmp_path / "grey.png") == 1
    assert seen == [("RGB", (5, 4))]


def test_nothing_on_the_page_calls_the_recipe():
    assert program(SOURCE).count(f"{recipe.CLASSIFIER}(") == 1  # where it is defined


def test_a_residual_network_has_batch_norm_that_train_wakes():
    """As `after model.train()` says: a frozen batch norm still collects."""
    norm = nn.BatchNorm2d(3).requires_grad_(False)
    before = norm.running_mean.clone()
    norm.eval()(torch.rand(2, 3, 4, 4))
    assert torch.equal(norm.running_mean, before)
    norm.train()(torch.rand(2, 3, 4, 4))
    assert not torch.equal(norm.running_mean, before)


@pytest.mark.parametrize("plain", [True, False])
def test_only_without_a_version_may_the_counters_be_absent(plain):
    norm = torch.nn.BatchNorm1d(2)
    state = norm.state_dict()
    del state["num_batches_tracked"]
    told = norm.load_state_dict(dict(state) if plain else state, strict=False)
    assert told.missing_keys == ([] if plain else ["num_batches_tracked"])
