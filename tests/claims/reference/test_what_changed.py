"""What docs/reference/what-changed.md advises works on the pinned release already."""

import json
import pickle
import re
import sys
import warnings
from datetime import date

import pytest
import torch
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils.checkpoint import checkpoint

from harness.core import records
from harness.core.directives import PACKAGES
from harness.core.snippet import Snippet, digest
from harness.core.tree import HERE
from harness.site import fragments
from harness.site.tables import changes, sources, versions
from harness.site.tables.versions import load as days

PAGE = (HERE.docs / "reference" / "what-changed.md").read_text(encoding="utf-8")


def test_the_new_error_is_caught_by_what_caught_the_old_one():
    assert issubclass(NotImplementedError, RuntimeError)
    for call in (lambda x: x.float().mean(dtype=torch.long), lambda x: 1 - (x > 0)):
        with pytest.raises(RuntimeError):
            call(torch.arange(3))


@pytest.mark.parametrize("factor", [1j, 2 - 3j])
def test_a_bfloat16_tensor_as_float_times_a_complex_number_is_as_before(factor):
    b = torch.tensor([1.5, -0.25, 3.0], dtype=torch.bfloat16)
    after = b.float() * factor
    assert after.dtype == torch.complex64
    assert after.tolist() == [value * factor for value in (1.5, -0.25, 3.0)]
    if torch.__version__ < "2.14":
        before = b * factor
        assert before.dtype == torch.complex64 and torch.equal(before, after)


def test_linalg_qr_gives_what_qr_gave():
    x = torch.tensor([[3.0, 1.0], [4.0, 2.0], [0.0, 5.0]])
    q, r = torch.linalg.qr(x)
    assert torch.allclose(q @ r, x) and torch.allclose(q.mT @ q, torch.eye(2))
    if torch.__version__ < "2.14":
        with pytest.warns(UserWarning, match="torch.qr is deprecated"):
            old = torch.qr(x)
        assert torch.equal(old.Q, q) and torch.equal(old.R, r)


@pytest.mark.parametrize("lane", ["cuda-build", "newest", "newest-python"])
def test_nearly_all_programs_print_the_same(lane):
    ran = changes.lanes(HERE)[lane]
    assert len(ran.programs) > 1000
    assert len(records.names(HERE, lane)) < len(ran.programs) / 20
    assert ran.python.startswith("3.14" if lane == "newest-python" else "3.11")


def test_python_3_14_changes_a_hundredth_at_most():
    """So docs/reference/versions.md says "nearly all"."""
    ran = changes.lanes(HERE)["newest-python"]
    assert len(records.names(HERE, "newest-python")) < len(ran.programs) / 100


def test_the_newest_release_comes_first_and_in_it_what_breaks():
    """As the dates of PyPI say, and those of Python in its own words."""
    every, held = changes.load(HERE), sources.held(HERE)
    assert all(one.do for one in every if one.breaks != "messages")
    released = {f"torch {o.torch.removesuffix('.0')}": o.released for o in days(HERE)}
    for name, number in (("Python 3.14", 139685), ("Python 3.13", 125033)):
        said, day, _ = held[f"https://github.com/python/cpython/pull/{number}"]
        assert said.startswith(name) and day[:4] in said and day in PAGE
        released[name] = date.fromisoformat(day)
    text = changes.text(HERE)
    *releases, last = re.findall("^## (.+)", text, re.MULTILINE)
    assert last == "What was run" and {*releases} == {one.release for one in every}
    assert releases == sorted(releases, key=released.get, reverse=True)
    for part in text.split("\n## ")[:-1]:
        marks = re.findall(r"^\?\?\? row .*>([\w ]+)</span>", part, re.MULTILINE)
        assert marks and marks == sorted(marks, key=[*changes.KINDS.values()].index)


def test_each_change_has_an_address_of_its_own():
    anchors = re.findall(r"<b id=([\w-]+)>", changes.text(HERE))
    assert len({*anchors}) == len(changes.load(HERE))


def test_each_change_names_its_source_or_says_why_it_has_none():
    """A version that is printed needs none, nor a line's number in torch's source."""
    shown = re.findall(r"^    See \[.+", changes.text(HERE), re.MULTILINE)
    every = changes.load(HERE)
    assert len(shown) == len(every)
    others = ("No source is needed.", "seen in the output alone.")
    for line in shown:
        assert ("Source: [" in line) != line.endswith(others), line
    without = {n for one in every if not one.sources for n in one.programs}
    assert without == {n for one in every if one.plain for n in one.programs}
    for one in (Snippet(HERE, name) for name in plain(every)):
        texts = (f.read_text("utf-8") for f in (one.out, one.own_out("newest")))
        before, after = (re.sub(r"\.cc:\d+", ".cc", text) for text in texts)
        assert "version" in one.source or before == after


def plain(every):
    return [name for one in every if one.plain for name in one.programs]


def test_the_release_notes_name_the_pulls_of_their_release():
    """Those of 2.15.0 could not be read."""
    notes = "https://github.com/pytorch/pytorch/releases/tag/v2.14.0"
    said = " ".join(sources.held(HERE)[notes])
    cited = [one for one in changes.load(HERE) if notes in one.sources]
    assert len(cited) == 7
    for one in cited:
        number = one.sources[0].rpartition("/")[2]
        number = "186928" if number == "173783" else number  # the dtype, then its use
        assert f"(#{number})" in said and one.sources[1:] == [notes], one.name


def test_a_picture_says_since_which_release_it_differs():
    shown = fragments.make(fragments.Programs(HERE)["tensors/promotion_with_numbers"])
    said = "Draws something else since torch 2.14, here 2.15.0 · 20"
    assert shown.count(said) == 1


class Called(TorchDispatchMode):
    """The names of the operations that were called."""

    def __torch_dispatch__(self, func, types, args=(), kwargs=None):
        self.names.add(func._schema.name)
        return func(*args, **kwargs or {})

    def __enter__(self):
        self.names = set()
        return super().__enter__()


@pytest.mark.parametrize("shape", [(3, 4), (1, 4), (2, 3, 4)])
def test_only_a_linear_layer_with_a_bias_is_an_addmm(shape):
    found = []
    for bias in (True, False):
        layer = torch.nn.Linear(4, 2, bias=bias)
        with Called() as mode, torch.no_grad():
            layer(torch.ones(shape))
        found.append({"aten::addmm", "aten::mm"} & mode.names)
    assert found == [{"aten::addmm"}, {"aten::mm"}]
    assert "or `addmm:` for most layers with a bias" in changes.text(HERE)


def test_a_layer_with_a_bias_multiplies_a_transposed_sequence_by_mm():
    with Called() as mode, torch.no_grad():
        torch.nn.Linear(4, 2)(torch.ones(3, 2, 4).transpose(0, 1))
    assert {"aten::addmm", "aten::mm"} & mode.names == {"aten::mm"}


def test_a_product_without_two_matrices_is_neither_an_addmm_nor_an_mm():
    for a, b in (((2, 3, 4), (2, 4, 5)), ((3, 4), (4,)), ((4,), (4,))):
        with Called() as mode:
            torch.ones(a) @ torch.ones(b)
        assert not {"aten::addmm", "aten::mm"} & mode.names
    assert "of a product of two matrices do not fit" in changes.text(HERE)


def test_a_lambda_of_a_function_gets_another_message():
    with pytest.raises((AttributeError, pickle.PicklingError), match="local object"):
        pickle.dumps(lambda: 1)
    assert "For a `lambda` outside of any function" in changes.text(HERE)


def test_json_names_a_key_in_a_dictionary_only():
    notes = []
    for value in ({"loss": torch.ones(1)}, [torch.ones(1)], torch.ones(1)):
        with pytest.raises(TypeError) as caught:
            json.dumps(value)
        notes.append("'loss'" in str(getattr(caught.value, "__notes__", [])))
    assert notes == [sys.version_info >= (3, 14), False, False]
    assert "a value of a dictionary, another line names its key" in changes.text(HERE)


def test_the_change_of_integers_is_not_about_their_product():
    for dtype in (torch.int32, torch.uint8, torch.bool):
        assert torch.ones(3, dtype=dtype).prod().dtype == torch.int64
        for name in ("mean", "std", "var"):
            with pytest.raises(RuntimeError):
                getattr(torch.ones(3, dtype=dtype), name)()
    assert "`mean`, `std` and `var` of integers" in changes.text(HERE)


def test_use_reentrant_takes_the_warning_of_checkpoint_away():
    x = torch.ones(2, requires_grad=True)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        checkpoint(torch.sin, x, use_reentrant=False).sum().backward()
    with pytest.warns(UserWarning, match="use_reentrant"):
        checkpoint(torch.sin, x)


def test_each_change_says_what_to_compare_with():
    rows = changes.text(HERE).split("\n??? row ")[1:]
    assert len(rows) == len(changes.load(HERE))
    assert all(row.count("\n    See [") == 1 for row in rows)
    assert sum("\n    **Do:**" in row for row in rows) == "".join(rows).count("Do:")


def test_a_line_of_a_change_is_short():
    for one in changes.load(HERE):
        assert len(one.name.replace("`", "")) <= 52, one.name


def test_only_gpus_and_other_libraries_kept_programs_from_these_runs():
    lanes = changes.lanes(HERE)
    ran = lanes["newest"].programs | lanes["newest-python"].programs
    needs = [Snippet(HERE, name).directives.needs for name in ran]
    assert not [one for one in needs if one & (PACKAGES | {"cuda"})]
    assert {"keras", "onnxruntime"} <= frozenset().union(*needs)
    assert {"tensorflow", "torchvision"} <= PACKAGES


def test_the_list_begins_after_the_release_that_the_site_runs_on():
    pins = (HERE.root / "Makefile").read_text(encoding="utf-8")
    pinned = re.search(r"^TORCH = torch==([\d.]+)", pins, re.MULTILINE)[1]
    assert f"The list begins after {pinned}{{=" in PAGE
    for one in changes.load(HERE):
        assert one.lane != "newest" or numbers(one.since) > numbers(pinned)


def test_cuda_13_4_has_a_row_and_no_build_of_2_14():
    from_matrix = {one.torch: one.cuda for one in versions.load(HERE)}
    assert "13.4" not in from_matrix["2.14.0"]
    assert (
        "\n13.4 " in (HERE.snippets / "install/cards_by_build.newest.out").read_text()
    )


def numbers(version: str) -> tuple[int, ...]:
    return tuple(map(int, version.split(".")))


def test_a_release_between_tells_since_when_a_program_prints_something_else():
    """Run once with the release before the newest; `neither` prints its own version."""
    between = json.loads((HERE.recorded / "between.json").read_bytes())
    release = between["torch"].partition("+")[0]
    entries = [one for one in changes.load(HERE) if one.lane == "newest"]
    assert between["programs"].keys() == {n for one in entries for n in one.programs}
    for name, row in between["programs"].items():
        source = digest(Snippet(HERE, name).source)
        assert row["source"] == source, f"run {name} there again"
        later = {
            numbers(one.since) > numbers(release)
            for one in entries
            if name in one.programs
        }
        assert row["printed"] == "neither" or later == {
            row["printed"] == "as the pinned torch"
        }, name
