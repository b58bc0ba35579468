"""The lanes of other builds of torch: they keep what differs from the CPU lane."""

import json
from dataclasses import replace

import pytest

from harness.core import records
from harness.core.problem import Problem
from harness.core.snippet import Snippet, digest, find
from harness.core.tree import Tree
from harness.judge.shown import without_noise
from harness.run.lane import run
from harness.run.options import Options
from harness.site import fragments
from harness.site.tables import changes, data

# What the CPU lane printed, by name of the program; each now prints 1, or raises.
PRINTED = {"t/same": "1\n", "t/other": "0\n", "t/error": "ValueError: 0\n"}
SOURCES = {
    "t/same": "print(1)\n",
    "t/other": "print(1)\n",
    "t/error": "# raises: ValueError\nraise TypeError(1)\n",
}
pytestmark = pytest.mark.usefixtures("shared_parents")
LANE = Options(lane="cuda-build", patience=4)
LATER = replace(LANE, lane="newest")


@pytest.fixture
def tree(tmp_path):
    made = Tree(tmp_path)
    for name, source in SOURCES.items():
        one = Snippet(made, name)
        one.path.parent.mkdir(parents=True, exist_ok=True)
        one.path.write_text(source)
        one.out.write_text(PRINTED[name])
    return made


def outputs(tree):
    return {file.name: file.read_text() for file in tree.snippets.rglob("*.*.out")}


def holds(tree, options):
    return not any(one.problems for one in run(tree, options))


def test_only_what_differs_is_kept_and_compared_with(tree):
    assert holds(tree, replace(LANE, record=True))
    kept = {
        "other.cuda-build.out": "1\n",
        "error.cuda-build.out": "TypeError: 1\n",
    }
    assert outputs(tree) == kept
    assert records.names(tree, "cuda-build") == ["t/error", "t/other"]
    summary = json.loads((tree.recorded / "cuda-build.json").read_text())
    ran = {name: digest(source) for name, source in SOURCES.items()}
    assert summary["programs"] == ran and summary["torch"] and summary["date"]
    assert holds(tree, LANE)
    # The newest torch prints the same as the other build: no need to keep it twice.
    assert holds(tree, replace(LATER, record=True))
    assert outputs(tree) == kept and records.names(tree, "newest") == []
    assert holds(tree, LATER)
    # An output of its own that is gone: then so are its file and its record.
    Snippet(tree, "t/other").out.write_text("1\n")
    assert holds(tree, replace(LANE, record=True, paths=["t/other"]))
    assert records.names(tree, "cuda-build") == ["t/error"]
    Snippet(tree, "t/error").own_out("cuda-build").write_text("TypeError: 2\n")
    (failed,) = [one for one in run(tree, LANE) if one.problems]
    assert "prints something else" in failed.problems[0].what
    assert "make record-cuda-build ONLY=t/error" in failed.problems[0].fix


def test_a_part_of_the_programs_is_not_called_all(tree):
    assert holds(tree, replace(LANE, record=True, paths=["t/same"]))
    assert not (tree.recorded / "cuda-build.json").exists()


def test_a_part_is_added_to_a_whole_run_of_the_same_versions(tree):
    file = tree.recorded / "cuda-build.json"
    assert holds(tree, replace(LANE, record=True))
    whole = json.loads(file.read_text())
    one, other = Snippet(tree, "t/same"), Snippet(tree, "t/other")
    one.path.write_text("print(1)  # now\n")
    other.path.unlink()
    assert set(changes.lanes(tree)["cuda-build"].programs) == {"t/error"}
    assert holds(tree, replace(LANE, record=True, paths=["t/same"]))
    assert set(changes.lanes(tree)["cuda-build"].programs) == {"t/error", "t/same"}
    said = json.loads(file.read_text())
    error = whole["programs"]["t/error"]
    now = {"t/error": error, "t/same": digest("print(1)  # now\n")}
    assert said["programs"] == now
    for change in ({"torch": "2.0.0+cu117"}, {"python": "3.9.1"}):
        file.write_text(json.dumps(said | change))
        with pytest.raises(Problem, match=f"others were recorded with {[*change][0]}"):
            run(tree, replace(LANE, record=True, paths=["t/same"]))
    patch = {"python": f"{said['python'].rpartition('.')[0]}.99"}
    file.write_text(json.dumps(said | patch))
    assert holds(tree, replace(LANE, record=True, paths=["t/same"]))


def test_a_summary_of_another_torch_than_the_records_is_refused(draft):
    differ(draft, torch="2.13.0+cu130")
    facts = {"python": "3.11.7", "date": "2026-11-28", "programs": {}}
    draft.write("recorded/cuda-build.json", json.dumps({**facts, "torch": "2.12.0"}))
    with pytest.raises(Problem, match="2.12.0, while the records have 2.13.0"):
        changes.lanes(draft.tree)


def differ(draft, lane="cuda-build", out="5\n", **facts):
    one = Snippet(draft.tree, "numbers/sum")
    one.own_out(lane).write_text(out)
    draft.record(lane, one, out, device="cpu", **facts)
    return one


def test_a_page_shows_what_each_torch_printed(draft):
    differ(draft, torch="2.13.0+cu130")
    differ(draft, "newest", "6\n", torch="2.14.1+cu130", date="2026-11-24")
    assert draft.problems() == []
    text = draft.made("fragments/numbers/sum.md")
    titles = ["CPU-only build", "CUDA build, no GPU"]
    titles.append("torch 2.14.1, CUDA build, no GPU")
    assert [f'title="Output, {title}"' in text for title in titles] == [True] * 3
    assert 'data-ran="CUDA build, no GPU · 2026-11-23"' in text
    assert 'data-ran="torch 2.14.1 · 2026-11-24"' in text
    # What stock pytest is given, it runs with the pinned torch.
    assert "```text\n4\n```" in draft.made("pages/index.md")
    assert "```text\n5\n```" not in draft.made("pages/index.md")


@pytest.mark.parametrize("lane", records.BUILDS)
def test_an_output_without_its_record_is_refused(draft, lane):
    draft.write(f"snippets/numbers/sum.{lane}.out", "5\n")
    where = f"snippets/numbers/sum.{lane}.out"
    draft.refused(where, f"no record of the {lane} lane", f"make record-{lane}")


def test_an_output_that_was_edited_is_refused(draft):
    differ(draft).own_out("cuda-build").write_text("7\n")
    draft.refused("snippets/numbers/sum.cuda-build.out", "is not what the cuda-build")


def test_an_output_that_is_gone_is_refused(draft):
    differ(draft).own_out("cuda-build").unlink()
    draft.refused("snippets/numbers/sum.py", "has no output of the cuda-build lane")


def test_a_program_that_changed_since_is_refused(draft):
    differ(draft)
    draft.snippet("numbers/sum", "print(2 + 1 + 1)\n", "4\n")
    draft.refused("snippets/numbers/sum.py", "has changed since the cuda-build lane")


def test_what_a_build_for_cuda_says_without_a_gpu_is_noise():
    said = (
        "ERROR:2026-11-28 15:39:59 23416:23416 DeviceProperties.cpp:50] "
        "gpuGetDeviceCount failed with code 35\n"
        "W1128 15:40:21.005000 23734 torch/utils/cpp_extension.py:178] [0/0] "
        "No CUDA runtime is found, using CUDA_HOME='/usr/local'\n"
    )
    assert without_noise(said) == ""
    assert without_noise(said.replace("35", "35 and more")) != ""


CHANGE = """\
- since: "2.14.0"
  name: Sums
  breaks: numbers
  what: It adds up otherwise.
  do: Add it up again.
  programs: [numbers/sum]
  sources: [https://example.org/]
"""
SOURCE = "- {url: https://example.org/, title: Why, read: 2026-11, holds: []}\n"


@pytest.fixture
def changed(draft):
    draft.write("recorded/changes.yml", CHANGE)
    draft.write("recorded/sources.yml", SOURCE)
    facts = {"torch": "2.14.1+cu130", "python": "3.11.7", "date": "2026-11-28"}
    ran = {one.name: digest(one.source) for one in find(draft.tree)}
    draft.write("recorded/newest.json", json.dumps({**facts, "programs": ran}))
    return draft


@pytest.mark.parametrize(
    ("since", "said"),
    [("2.14.1", "torch 2.14.1"), ("2.14.0", "torch 2.14, here 2.14.1")],
)
def test_a_title_says_since_which_release_and_leads_to_the_change(changed, since, said):
    changed.write("recorded/changes.yml", CHANGE.replace("2.14.0", since))
    differ(changed, "newest", torch="2.14.1+cu130")
    text = fragments.make(fragments.Programs(changed.tree)["numbers/sum"])
    assert f'title="Output since {said}" data-output="numbers/sum"' in text
    assert 'data-ran="torch 2.14.1 · 2026-11-23" data-since="sums" }' in text


def test_a_title_names_the_first_of_two_changes(changed):
    newer = CHANGE.replace("2.14.0", "2.14.1").replace("Sums", "Newer sums")
    changed.write("recorded/changes.yml", newer + CHANGE)
    assert changes.first(changed.tree, "newest", "numbers/sum").anchor == "sums"
    assert changes.first(changed.tree, "newest-python", "numbers/sum") is None


def test_the_changes_are_listed_with_their_pages_and_reasons(changed):
    differ(changed, "newest", torch="2.14.1+cu130")
    text = changes.text(changed.tree)
    assert "By 2026-11-28, torch 2.14.1 had run 6 programs of this site.\n1 " in text
    line = (
        '??? row "<b id=sums>Sums</b> <span class=numbers>numbers</span>"\n\n'
        "    It adds up otherwise.\n"
    )
    assert text.startswith(f"## torch 2.14\n\n{line}\n    **Do:** Add it up")
    assert "\n    See [`sum`](../" in text
    assert "Source: [Why, read 2026-11](https://example.org/)." in text


@pytest.mark.parametrize(
    "what",
    ["no such record", "no such line", "no such source", "no such kind", "both"],
)
def test_a_change_and_what_was_recorded_belong_together(changed, what):
    if what != "no such record":
        differ(changed, "newest")
    if what == "no such line":
        changed.write("recorded/changes.yml", CHANGE.replace("/sum", "/big"))
    if what == "no such source":
        changed.write(
            "recorded/changes.yml", CHANGE.replace("example.org", "other.org")
        )
    if what == "no such kind":
        changed.write("recorded/changes.yml", CHANGE.replace("numbers\n", "much\n"))
    if what == "both":
        changed.write("recorded/changes.yml", CHANGE + "  plain: true\n")
    with pytest.raises(Problem, match="recorded/changes.yml:"):
        changes.load(changed.tree)


def test_without_a_record_nothing_is_listed(draft):
    assert changes.text(draft.tree) == "" and changes.lanes(draft.tree) == {}
    assert data.load(draft.tree, "changes.yml", list) is None
