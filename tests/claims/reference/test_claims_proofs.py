"""Proofs of claims of the 2021 tutorial that no page shows yet."""

import json
import re
import sys

import numpy as np
import torch

from harness.core.snippet import Snippet
from harness.core.tree import HERE
from harness.site.tables import claims, sources
from tests.claims_support import KERAS, keras

pytestmark = KERAS

X = np.linspace(-1, 1, 24, dtype="float32").reshape(8, 3)
Y = X.sum(1, keepdims=True) ** 2
HISTORY = (HERE.docs / "start" / "history.md").read_text(encoding="utf-8")


def keras_model():
    model = keras.Sequential([keras.layers.Dense(1, kernel_initializer="ones")])
    model.build((None, 3))
    return model


def test_keras_predicts_arrays_from_arrays_as_scikit_learn_does():
    predicted = keras_model().predict(X, verbose=0)
    assert type(predicted) is np.ndarray
    np.testing.assert_allclose(predicted, X.sum(1, keepdims=True), atol=1e-6)


def test_a_step_of_fit_can_be_replaced_by_ones_own():
    class Own(keras.Model):
        def __init__(self):
            super().__init__()
            self.dense = keras.layers.Dense(1, kernel_initializer="ones")

        def call(self, x):
            return self.dense(x)

        def train_step(self, data):
            x, y = data
            self.zero_grad()
            loss = (self(x, training=True) - y).square().mean()
            loss.backward()
            gradients = [v.value.grad for v in self.trainable_variables]
            with torch.no_grad():
                self.optimizer.apply(gradients, self.trainable_variables)
            return {"loss": loss}

    own = Own()
    own(X)
    own.compile(keras.optimizers.SGD(0.1))
    own.fit(X, Y, batch_size=8, epochs=5, shuffle=False, verbose=0)

    weight = torch.ones(3, 1, requires_grad=True)
    bias = torch.zeros(1, requires_grad=True)
    optimizer = torch.optim.SGD([weight, bias], lr=0.1)
    x, y = torch.from_numpy(X), torch.from_numpy(Y)
    for _ in range(5):
        optimizer.zero_grad()
        (x @ weight + bias - y).square().mean().backward()
        optimizer.step()

    kernel, its_bias = own.get_weights()
    np.testing.assert_allclose(kernel, weight.detach(), rtol=1e-5, atol=1e-6)
    np.testing.assert_allclose(its_bias, bias.detach(), rtol=1e-5, atol=1e-6)


def test_the_other_four_parts_are_the_walkthroughs_in_the_nav():
    nav = (HERE.root / "mkdocs.yml").read_text(encoding="utf-8")
    there = re.findall(r"walkthroughs/\S+\.ipynb$", nav, flags=re.MULTILINE)
    every = [claim for part in claims.load(HERE).values() for claim in part]
    (series,) = [one for one in every if one.claim.endswith("first part of five.")]
    assert re.findall(r"\]\(\.\./(\S+?)\)", series.today) == there
    four, more = there[:4], there[4:]
    assert len(four) == 4 and more == ["walkthroughs/language-model.ipynb"]


def test_keras_ran_on_tensorflow_before_it_chose_it():
    every = [claim for part in claims.load(HERE).values() for claim in part]
    (default,) = [one for one in every if one.claim.endswith("default of Keras.")]
    assert "1.1.0, of September 2016, is the first that chooses" in default.today
    held = sources.held(HERE)["https://pypi.org/project/keras/0.3.0"]
    assert held[1] < "2016-09" and f"[0.3.0, of {held[1]}]" in HISTORY


def test_some_programs_that_prove_a_claim_run_once_a_week_only():
    every = [one for part in claims.load(HERE).values() for one in part]
    names = [name for one in every for name in one.proof if "::" not in name]
    assert any(Snippet(HERE, name).directives.lane != "cpu" for name in names)
    page = (HERE.docs / "reference" / "claims.md").read_text(encoding="utf-8")
    assert "is missing, or such a test fails, the site is not published" in page


def test_from_whole_numbers_both_libraries_make_64_bit_ones():
    numbers = [1, 2, 3]
    if sys.platform != "win32" or np.lib.NumpyVersion(np.__version__) >= "2.0.0":
        assert np.array(numbers).dtype == np.int64
    assert torch.tensor(numbers).dtype == torch.int64


def test_a_version_names_the_build_except_on_macos():
    named = "+" in torch.__version__
    assert named == (sys.platform != "darwin")
    held = " ".join(sources.held(HERE)["https://pypi.org/project/torch"])
    assert "'2.13.0' for macOS, '2.13.0+cpu' for Windows" in held


def test_a_gpu_won_the_short_runs_and_lost_the_long_ones():
    held = sources.held(HERE)["https://github.com/pytorch/pytorch/issues/1088"]
    lists = {one[:3]: json.loads(one[5:]) for one in held if one[3:5] == ": "}
    won = [gpu < cpu for cpu, gpu in zip(lists["cpu"], lists["gpu"], strict=True)]
    assert won == [True, True, False, False]
