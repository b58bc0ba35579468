"""The claims of docs/keras/why-researchers.md: each share against its source."""

import inspect
import re
from datetime import date
from importlib.util import find_spec
from pathlib import Path

import pytest
import torch

from tests.claims_support import cited, keras

ROOT = Path(__file__).parents[3]
PAGE = (ROOT / "docs/keras/why-researchers.md").read_text(encoding="utf-8")
FIGURE = (ROOT / "snippets/keras/counts_that_disagree.py").read_text(encoding="utf-8")
SOURCES = cited()


def counts() -> dict[str, tuple[float, float]]:
    """The numbers that the figure is drawn from."""
    text = re.search(r"counts = (\{.*?\n\})", FIGURE, re.DOTALL)[1]
    return eval(text)  # the snippet's own literal


def held(part: str) -> str:
    (url,) = [url for url in SOURCES if part in url]
    assert f"({url})" in PAGE
    return " ".join(SOURCES[url]["holds"])


@pytest.mark.parametrize(
    "bar, part, said",
    [
        ("developers, 2022", "laurencemoroney", ["11.49% Ten", "7.61% PyT"]),
        ("papers at ACL, 2019", "gradient.pub/state", ["75+% of both NAACL and ACL"]),
        ("papers at CVPR, 2019", "gradient.pub/state", ["69% of CVPR"]),
        ("papers on arXiv, 2019", "whateverdata", ["1800"]),
    ],
)
def test_each_bar_is_drawn_from_numbers_of_its_source(bar, part, said):
    numbers = held(part)
    assert all(words in numbers for words in said)
    ours, other = counts()[bar]
    assert f"{ours:g}" in numbers
    assert f"{other:g}" in numbers or ours + other == 100  # a share of the two


def test_papers_lie_at_or_above_half_and_developers_below():
    for bar, (ours, other) in counts().items():
        assert (ours >= other) is ("developers" not in bar)


def test_the_alt_text_says_the_shares_that_are_drawn():
    alt = FIGURE[: FIGURE.index("import")]
    for ours, other in counts().values():
        share = round(100 * ours / (ours + other))
        assert str(share) in alt or share == 50 and "At half" in alt


@pytest.mark.parametrize("named, least, most", [(20, 15, 95), (35, 26, 91)])
def test_bounds_for_all_papers_hold_whatever_the_silent_ones_use(named, least, most):
    silent = 100 - named
    shares = [0.75 * named + used for used in range(silent + 1)]
    assert (min(shares), max(shares)) == pytest.approx((least, most), abs=0.5)
    recorded = (ROOT / "snippets/keras/silent_papers.out").read_text("utf-8")
    assert re.search(rf"{named}% +{least}% +{most}%", recorded)


def test_the_bounds_meet_only_if_every_paper_names_one():
    source = (ROOT / "snippets/keras/silent_papers.py").read_text("utf-8")
    changed = source.replace("naming = 20, 35", "naming = 100, 100")
    assert changed != source
    printed = []
    exec(changed, {"print": printed.append})
    assert [re.findall(r"\d+%", line) for line in printed[1:]] == [
        ["100%", "75%", "75%"]
    ] * 2


def test_the_post_on_stack_overflow_says_we_of_tensorflow():
    assert "as we build TensorFlow" in held("laurencemoroney")


def test_the_appendix_says_how_many_papers_name_one():
    assert "20-35% of papers" in held("cef6dd26")
    assert "75% to 70%" in held("cef6dd26")


def test_tensorflow_2_was_built_after_the_conferences_of_that_summer():
    """CVPR was in June 2019, ACL from July 28 to August 2."""
    (built,) = re.findall(r"2019-\d\d-\d\d", held("tensorflow/2.0.0"))
    assert date.fromisoformat(built) == date(2019, 9, 28) > date(2019, 8, 2)
    assert "2025-07-25" in held("paperswithcode-data")


def test_tensorflow_1_could_switch_before_those_conferences():
    assert "try tf.enable_eager_execution()" in held("releases/tag/v1.7.0")


def test_fit_on_tensorflow_makes_a_graph_though_nobody_asks():
    home = Path(find_spec("keras").origin).parent
    source = home / "src/backend/tensorflow/trainer.py"
    code = source.read_text("utf-8")
    assert "self.train_function = self._make_function(self.train_step)" in code
    body = code.split("def _make_function(")[1].split("\n    def ")[0]
    assert re.search(r"if not self\.run_eagerly:\s+\w+ = tf\.function\(", body)
    compiled = inspect.signature(keras.Model.compile).parameters
    assert compiled["run_eagerly"].default is False


def test_a_share_may_hold_for_everyone_though_half_are_silent():
    named, silent = 50, 50
    assert (0.75 * named + 0.75 * silent) / (named + silent) == 0.75


def test_two_bars_come_from_one_count_and_still_differ():
    shares = counts()
    assert shares["papers at ACL, 2019"] != shares["papers at CVPR, 2019"]
    source = held("state-of-ml-frameworks")
    assert "CVPR" in source and "ACL" in source


def test_every_address_on_the_page_is_a_source_that_was_read():
    for url in set(re.findall(r"\]\((https?://[^)]+)\)", PAGE)):
        assert re.fullmatch(r"\d{4}-\d\d", str(SOURCES[url]["read"])), url
        assert SOURCES[url]["holds"], url


def test_only_operations_on_numbers_that_need_a_gradient_are_recorded():
    x, plain = torch.ones(2, requires_grad=True), torch.ones(2)
    assert (x * 2).grad_fn is not None and (x * plain).grad_fn is not None
    with torch.no_grad():
        silent = x * 2
    for unrecorded in (plain * 2, x.detach() * 2, silent):
        assert unrecorded.grad_fn is None
