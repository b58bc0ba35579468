"""The table of versions, against what is installed and what the Makefile pins."""

import importlib.metadata
import re
from pathlib import Path

import pytest
import torch

from harness.core import records
from harness.core.problem import Problem
from harness.core.tree import HERE
from harness.site.tables import changes, sources, versions
from tests.torch_files import installed

RELEASES = versions.load(HERE)
MATRIX = [one for one in RELEASES if "*" not in f"{one.python}{one.cuda}"]
PAGE = (HERE.docs / "reference" / "versions.md").read_text(encoding="utf-8")
PINS = (HERE.root / "Makefile").read_text(encoding="utf-8")
INSTALLED = importlib.metadata.metadata("torch")


def pinned(package: str) -> str:
    return re.search(rf"\b{package}==(\S+)", PINS)[1]


@pytest.fixture(scope="module")
def in_use():
    rows = [one for one in RELEASES if one.torch == pinned("torch")]
    assert len(rows) == 1, "the pinned torch has no row, or two"
    return rows[0]


def test_the_installed_torch_has_a_row(in_use):
    assert torch.__version__.partition("+")[0] == in_use.torch


def test_the_pinned_torchvision_is_that_of_the_row(in_use):
    assert pinned("torchvision") == in_use.torchvision


def test_pip_knows_both_packages_by_these_names(in_use):
    assert importlib.metadata.packages_distributions()["torch"] == ["torch"]
    assert re.search(r"/pip install .*\btorchvision==", PINS)
    ran = records.load(HERE, "torchvision").values()
    assert {one.packages["torchvision"] for one in ran} == {in_use.torchvision}


def test_torch_asks_for_the_first_python_of_the_row(in_use):
    assert INSTALLED["Requires-Python"] == ">=" + in_use.python.partition(" to ")[0]


def test_torch_names_every_python_of_the_row_and_one_more(in_use):
    named = re.findall(
        r"Python :: 3\.(\d+)", "\n".join(INSTALLED.get_all("Classifier"))
    )
    first, last = (int(v.split(".")[1]) for v in in_use.python.split(" to "))
    assert [int(n) for n in named] == [*range(first, last + 1), 15]


def test_torch_knows_the_cuda_builds_of_the_row(in_use):
    assert set(in_use.cuda) <= set(torch.cuda.PYTORCH_RELEASES_CODE_CC)


def test_minor_versions_rise_by_one_and_torchvision_with_them():
    ours = [one.torch.split(".") for one in RELEASES]
    theirs = [int(one.torchvision.split(".")[1]) for one in MATRIX]
    assert theirs == list(range(theirs[0], theirs[0] - len(theirs), -1))
    for major in "12":
        minors = [int(minor) for first, minor, _ in ours if first == major]
        assert minors == list(range(minors[0], minors[0] - len(minors), -1))


def test_each_row_was_read_where_pytorch_itself_says_it():
    homes = ("https://github.com/pytorch/pytorch/", "https://pytorch.org/")
    assert all(one.source.startswith(homes) for one in MATRIX)


def test_a_release_that_the_matrix_has_not_yet_has_one_row_that_says_so():
    """Its torchvision is the newest, which asks for no torch of its own."""
    [first] = [one for one in RELEASES if one not in MATRIX]
    told = sources.held(HERE)
    assert {first.torch, str(first.released)} <= {*told[first.source.rstrip("/")]}
    assert first.torchvision in told["https://pypi.org/project/torchvision"]
    assert f"torch {first.torch} goes with torchvision {first.torchvision}" in PAGE
    assert f"[{first.torch}](#torch-215-and-newer) has none of its own" in PAGE
    row = re.search(r"^\| \d.+$", versions.text(HERE), re.MULTILINE)[0]
    ours = f"| {first.torch} | {first.torchvision} | 3.11–3.15* | 13.2* "
    assert row == ours + f"| {first.released} |"


def test_the_row_with_stars_has_the_files_and_the_build_that_pip_took():
    first, ran = RELEASES[0], changes.lanes(HERE)["newest"]
    assert ran.torch == f"{first.torch}+cu{first.cuda[0].strip('*').replace('.', '')}"
    lowest, highest = first.python.strip("*").split(" to ")
    held = sources.held(HERE)["https://pypi.org/project/torch"]
    pythons = [f"3.{n}" for n in range(int(lowest[2:]), int(highest[2:]) + 1)]
    assert pythons == [one for one in held if re.fullmatch(r"3\.1\d", one)]
    assert f"has files for Python {lowest} to {highest}" in PAGE
    assert f"- **{lowest}** Python, or a newer one up to {highest}" in versions.text(
        HERE
    )


def test_a_patch_release_that_the_page_names_takes_the_newest_torchvision():
    """Version 0.29.1 and later ask for torch 2.14.0 or newer."""
    assert f"torchvision {RELEASES[0].torchvision}, and so does 2.14.1" in PAGE
    assert "asks for torch 2.14.0 or newer" in PAGE
    assert "A patch release before 2.14 has one, too" in PAGE  # as 2.12.1: 0.27.1


def test_a_python_of_the_table_may_lack_a_part(in_use):
    row = next(one for one in RELEASES if one.torch == "2.9.0")
    held = sources.held(HERE)["https://pypi.org/project/torch/2.9.0"]
    assert row.python.endswith("3.14") and "3.14" in held
    assert f"it raises `{held[-1]}`" in PAGE
    # The installed torch compiles on each Python of its row, and not on the next one.
    own = Path(torch.__file__).read_text(encoding="utf-8")
    first = re.search(r'"torch.compile is not supported on Python 3.(\d+)\+"', own)
    assert int(first[1]) == int(in_use.python.rpartition(".")[2]) + 1


def test_a_newer_torch_never_needs_an_older_python_or_cuda():
    def number(version):
        return tuple(map(int, version.split(".")))

    pythons = [[number(v) for v in one.python.split(" to ")] for one in MATRIX]
    cudas = [(number(one.cuda[0]), number(one.cuda[-1])) for one in MATRIX]
    for newer_first in (pythons, cudas):
        for bound in zip(*newer_first, strict=True):  # the lowest, the highest
            assert list(bound) == sorted(bound, reverse=True)
    for one in MATRIX:
        assert one.cuda == sorted(one.cuda, key=number)


def test_the_table_shows_each_release_once():
    shown = re.findall(r"^\| (\d\S+) \|", versions.text(HERE), re.MULTILINE)
    assert shown == [one.torch for one in RELEASES]


def test_the_page_says_what_the_first_and_last_rows_are():
    assert f"from {RELEASES[-1].torch} to {RELEASES[0].torch}" in PAGE


def test_torchvision_neither_reads_nor_writes_films():
    file = installed("torchvision/io/__init__.py")
    if file is None:
        pytest.skip("torchvision has an environment of its own")
    names = file.read_text(encoding="utf-8").partition("__all__")[2]
    assert "read_image" in names and "ideo" not in names


ROWS = """\
- torch: "2.1.0"
  released: 2023-10-04
  torchvision: "0.16.0"
  python: "3.8 to 3.11"
  cuda: ["11.8", "12.1"]
  source: https://example.org/
- torch: "2.0.0"
  released: 2023-03-15
  torchvision: "0.15.1"
  python: "3.8 to 3.11"
  cuda: ["11.7"]
  source: https://example.org/
"""


@pytest.fixture
def put(draft):
    draft.write(
        "recorded/sources.yml",
        "- {url: 'https://example.org/', title: Pairs, read: 2026-11, holds: []}\n",
    )
    return lambda text: draft.write("recorded/versions.yml", text)


def test_a_project_without_the_file_has_no_table(draft):
    assert versions.text(draft.tree) == ""


def test_rows_and_their_source_are_shown(draft, put):
    put(ROWS)
    text = versions.text(draft.tree)
    assert "| 2.1.0 | 0.16.0 | 3.8–3.11 | 11.8, 12.1 | 2023-10-04 |" in text
    assert "- 2.0.0 to 2.1.0: [Pairs, read 2026-11](https://example.org/)" in text


@pytest.mark.parametrize(
    ("old", "new", "line", "reason"),
    [
        ("torchvision", "torchvsion", 1, "0.torchvision: Field required"),
        ('cuda: ["11.7"]', "cuda:", 11, "1.cuda: Input should be a valid list"),
        ('  cuda: ["11.7"]\n', "", 7, "1.cuda: Field required"),
        ('cuda: ["11.7"]', "cuda: []", 11, "1.cuda: List should have at least 1 item"),
        ('"2.0.0"', "2.0", 7, "1.torch: Input should be a valid string"),
        ("2023-03-15", "March", 8, "1.released: Input should be a valid date"),
        ("2023-03-15", "2024-03-15", 2, "torch 2.1.0 is not newer than 2.0.0"),
        ("example.org", "example.com", 6, "https://example.com/ is not in recorded/so"),
    ],
)
def test_rows_that_cannot_be_trusted_are_refused(draft, put, old, new, line, reason):
    assert old in ROWS
    put(ROWS.replace(old, new, 1))
    with pytest.raises(Problem) as refused:
        versions.load(draft.tree)
    assert str(refused.value).startswith(f"recorded/versions.yml:{line}: {reason}")
