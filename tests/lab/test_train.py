"""The weights that the site ships: their cards are true, their code still trains."""

import hashlib
import json

import pytest
import torch

from harness.core.problem import Problem
from harness.core.tree import HERE, Tree
from lab import train
from lab.__main__ import main
from lab.train import card, weights
from tests.claims_support import Later, digits

backbone = Later("lab.train.backbone")
digit_classifier = Later("lab.train.digit_classifier")
NAMES = sorted(train.TRAINERS)
LIMIT = 500_000  # bytes of a file of weights


@pytest.fixture(scope="module")
def sets():
    return digits.digit_sets()


# What is published


def test_every_file_of_weights_has_a_trainer_and_a_card():
    folder = HERE.docs / "assets" / "weights"
    for kind in ("pt", "json"):
        assert sorted(file.stem for file in folder.glob(f"*.{kind}")) == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_a_card_tells_the_truth_about_its_file(name):
    about, file = card.read(HERE, name), card.weights(HERE, name)
    content = file.read_bytes()
    assert about["file"] == file.name
    assert about["bytes"] == len(content) < LIMIT
    assert about["sha256"] == hashlib.sha256(content).hexdigest()
    assert getattr(weights, card.constant(name)) == about["sha256"]
    one = train.trainer(name)
    assert about["parameters"] == sum(p.numel() for p in one.build().parameters())


@pytest.mark.parametrize("name", NAMES)
def test_a_card_names_the_code_that_trained_it(name):
    about, one = card.read(HERE, name), train.trainer(name)
    said = about["code"]
    assert said == {"files": sorted(one.SOURCES), "sha256": card.code(one.SOURCES)}, (
        "the training code has changed: make train"
    )
    assert about["recipe"] == one.RECIPE | {"steps": one.STEPS, "seed": train.SEEDS[0]}
    assert about["data"] == one.DATA


@pytest.mark.parametrize("name", NAMES)
def test_a_bands_ends_come_from_three_seeds(name):
    for metric in card.read(HERE, name)["metrics"].values():
        assert len(metric["seeds"]) >= 3
        assert metric["shipped"] == metric["seeds"]["0"]
        assert metric["band"] == pytest.approx(
            card.band(list(metric["seeds"].values())), abs=2e-4
        )


@pytest.mark.parametrize("name", ["backbone", "digits", "language-model"])
def test_the_published_weights_reach_what_their_card_says(name):
    one, about = train.trainer(name), card.read(HERE, name)
    model = one.build()
    model.load_state_dict(torch.load(card.weights(HERE, name), weights_only=True))
    for metric, value in one.measure(model).items():
        assert value == pytest.approx(about["metrics"][metric]["shipped"], abs=0.003)


@pytest.mark.parametrize(
    "name",
    [
        "digits",
        *(
            pytest.param(name, marks=pytest.mark.weekly)
            for name in ("backbone", "language-model")
        ),
    ],
)
def test_a_brief_training_reaches_its_floor(name):
    assert train.brief(name) == []


# What a training is held to


def test_weights_without_a_trainer_are_refused(capsys):
    with pytest.raises(Problem, match="no weights are called nothing: .*digits"):
        train.trainer("nothing")
    assert main(["train", "nothing"]) == 2


def test_a_band_is_three_times_as_wide_as_what_was_measured():
    assert card.band([0.9, 0.92, 0.91]) == (0.88, 0.94)
    assert card.band([0.999, 0.999, 0.999]) == (0.994, 1.0)
    assert card.band([0.001, 0.002, 0.001]) == (0.0, 0.007)


@pytest.mark.parametrize("value", [0.79, 0.96])
def test_a_retraining_outside_the_band_is_named(value):
    published = {"metrics": {"accuracy": {"band": [0.8, 0.95]}}}
    (problem,) = card.outside(published, {1: {"accuracy": value}, 2: {"accuracy": 0.9}})
    assert problem == f"accuracy of seed 1 is {value:.4f}, outside 0.8 to 0.95"


class Tiny:
    """A trainer of one weight, which is the seed's."""

    STEPS, BRIEF, FLOOR, RECIPE, DATA = 1, 1, {}, {"batch": 1}, "None."
    SOURCES = ("digits.py",)

    @staticmethod
    def build():
        return torch.nn.Linear(1, 1, bias=False)

    @classmethod
    def train(cls, seed, steps):
        model = cls.build()
        torch.nn.init.constant_(model.weight, 0.8 + seed / 100 + 1e-5)
        return model, cls.measure(model)

    @staticmethod
    def measure(model):
        return {"weight": model.weight.item()}


def test_a_training_below_its_floor_is_named(monkeypatch):
    monkeypatch.setattr(train, "trainer", lambda name: Tiny)
    monkeypatch.setattr(Tiny, "FLOOR", {"weight": 0.8})
    assert train.brief("tiny") == []
    monkeypatch.setattr(Tiny, "FLOOR", {"weight": 0.9})
    (problem,) = train.brief("tiny")
    assert problem == "tiny: weight is 0.800 after 1 steps, not at least 0.9"


def test_what_is_measured_is_what_is_shipped(tmp_path, monkeypatch, capsys):
    tree, pinned = Tree(tmp_path), {}
    monkeypatch.setattr(train, "trainer", lambda name: Tiny)
    monkeypatch.setattr(card, "_pin", pinned.__setitem__)
    assert train.full(tree, "tiny", write=True) == []
    state = torch.load(card.weights(tree, "tiny"), weights_only=True)
    assert state["weight"].dtype == torch.float16
    about = card.read(tree, "tiny")
    assert about["metrics"]["weight"]["shipped"] == round(state["weight"].item(), 4)
    assert pinned == {"tiny": about["sha256"]}

    written = card.weights(tree, "tiny").read_bytes()
    assert train.full(tree, "tiny", write=False) == []
    about["metrics"]["weight"]["band"] = [0.0, 0.805]
    card.weights(tree, "tiny").with_suffix(".json").write_text(json.dumps(about))
    assert len(train.full(tree, "tiny", write=False)) == 2
    assert card.weights(tree, "tiny").read_bytes() == written


def test_another_line_of_code_is_another_digest(tmp_path, monkeypatch):
    monkeypatch.setattr(card, "__file__", str(tmp_path / "card.py"))
    (tmp_path / "a.py").write_bytes(b"x = 1\n")
    before = card.code(("a.py",))
    (tmp_path / "a.py").write_bytes(b"x = 1\r\n")
    assert card.code(("a.py",)) == before
    (tmp_path / "a.py").write_bytes(b"x = 2\n")
    assert card.code(("a.py",)) != before


# How it is loaded


def test_weights_are_taken_from_a_file_or_else_from_the_site(tmp_path, monkeypatch):
    monkeypatch.chdir(HERE.docs / "walkthroughs")
    state = weights.load_weights("backbone", weights.BACKBONE)
    content = card.weights(HERE, "backbone").read_bytes()

    monkeypatch.chdir(tmp_path)
    asked = []

    def answer(address, timeout):
        asked.append(address)
        return card.weights(HERE, "backbone").open("rb")

    monkeypatch.setattr(weights.urllib.request, "urlopen", answer)
    fetched = weights.load_weights("backbone", weights.BACKBONE)
    assert asked == ["http://127.0.0.1:8000/assets/weights/backbone.pt"]
    assert all(torch.equal(fetched[key], state[key]) for key in state)

    (tmp_path / "backbone.pt").write_bytes(content)
    weights.load_weights("backbone", weights.BACKBONE)
    assert len(asked) == 1


def test_a_file_that_was_changed_is_refused(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    content = bytearray(card.weights(HERE, "backbone").read_bytes())
    content[1000] ^= 1
    (tmp_path / "backbone.pt").write_bytes(content)
    with pytest.raises(ValueError, match="is not the file that this page was made"):
        weights.load_weights("backbone", weights.BACKBONE)


# The data


def test_the_digits_are_split_without_overlap(sets):
    x_train, y_train, x_test, y_test = sets
    assert x_train.shape == (1347, 1, 8, 8) and x_test.shape == (450, 1, 8, 8)
    assert len(y_train) == 1347 and len(y_test) == 450
    assert (x_train.min(), x_train.max()) == (0, 1)
    everything = digits.load_digits()
    both = torch.cat([x_train, x_test])[:, 0].numpy() * 16
    assert sorted(map(bytes, both.astype("uint8"))) == sorted(
        map(bytes, everything.images.astype("uint8"))
    )
    assert torch.cat([y_train, y_test]).bincount().tolist() == [
        int(n) for n in (everything.target[:, None] == range(10)).sum(0)
    ]


def test_the_split_is_always_the_same(sets):
    assert sets[1][:10].tolist() == [2, 8, 9, 7, 2, 1, 4, 9, 3, 2]


def test_the_backbone_never_saw_a_six_to_nine(monkeypatch):
    seen = []

    def look(x, generator):
        seen.append(x)
        return torch.zeros(len(x), 3, 32, 32)

    monkeypatch.setattr("lab.train.backbone.cluttered", look)
    monkeypatch.setattr("lab.train.backbone.measure", lambda model: {})
    backbone.train(0, 2)
    x, y, _, _ = digits.digit_sets()
    others = set(map(bytes, x[y > 5].numpy()))
    first = [set(map(bytes, batch.numpy())) for batch in seen[:2]]
    assert not set.union(*first) & others


def test_pictures_for_the_backbone_are_rgb_between_0_and_1(sets):
    x = sets[0][:64]
    pictures = backbone.cluttered(x, torch.Generator().manual_seed(0))
    again = backbone.cluttered(x, torch.Generator().manual_seed(0))
    assert pictures.shape == (64, 3, 32, 32) and torch.equal(pictures, again)
    assert 0 <= pictures.min() and pictures.max() <= 1
    mean, std = pictures.mean().item(), pictures.std().item()
    assert mean == pytest.approx(backbone.MEAN, abs=0.05)
    assert std == pytest.approx(backbone.STD, abs=0.05)


def test_digits_to_be_drawn_fit_into_the_picture(sets):
    x = sets[0][:64]
    for pictures in (
        digit_classifier.plain(x),
        digit_classifier.drawn(x, torch.Generator().manual_seed(0)),
    ):
        assert pictures.shape == (64, 1, 28, 28)
        assert 0 <= pictures.min() and pictures.max() <= 1
