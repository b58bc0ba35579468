"""What recording writes, what it refuses, and which entries it leaves alone."""

import os
import re
import shutil
import sys
from dataclasses import replace
from importlib import metadata
from types import SimpleNamespace

import pytest

from harness.core import records
from harness.core.directives import APART
from harness.core.problem import Problem
from harness.core.snippet import digest, find
from harness.core.tree import HERE, Tree
from harness.proof.block import Block
from harness.run import pool, trial
from harness.run.lane import plan, run
from harness.run.options import Options
from harness.run.pool import environment
from harness.run.preload import group_of
from harness.run.trial import variants
from tests.conftest import without_rules

pytestmark = pytest.mark.usefixtures("shared_parents", "stand_ins")
RECORD = Options(record=True, patience=2)


def put(tree: Tree, name: str, source: str) -> None:
    file = tree.snippets / f"{name}.py"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(source)


DRAWS = """\
# figure: A line that rises from zero to one.
import matplotlib.pyplot as plt

fig, ax = plt.subplots()
ax.plot([0, 1])
fig.savefig("line.svg")
"""
UNFIT = {
    "black": (DRAWS.replace("1])", "1], color='black')"), "draws in #000000, which"),
    "file": (DRAWS.replace("line.svg", "other.svg"), "draws no file.svg"),
    "secret": (DRAWS.split("\n", 1)[1], "draws secret.svg without saying so"),
    "mark": ("print('8<' + '--')\n", "prints an include mark"),
    "bold": ("print(chr(27))\n", "prints '\\x1b'"),
    "open": ("print(4, end='')\n", "does not end in a newline"),
    "empty": ("print('4\\n')\n", "ends in an empty line"),
}


# What the judge tells people to do, followed to the letter: in few programs, as each
# is run four times, and those that import torch or matplotlib together.
CURED = {
    "seeds_and_close": (
        "import random\n\nimport matplotlib.pyplot as p\nimport numpy\nimport torch\n\n"
        "random.seed(0)\nnumpy.random.seed(0)\ntorch.manual_seed(0)\n"
        "r = numpy.random.default_rng(0)\n"
        "print(random.random(), numpy.random.rand(), r.random(), torch.rand(1))\n"
        "p.plot([1])\np.close()\n"
    ),
    "order_limit_address_and_folders": (
        "import pathlib, tempfile, time\n\nt = time.time()\n"
        "print(sorted({*'abcdefgh'}))\n"
        "print(type(object()).__name__, list(range(2)))\nprint(time.time() - t < 60)\n"
        "with tempfile.TemporaryDirectory() as folder:\n"
        "    pathlib.Path(folder, 'a').write_text('b')\n"
        "open = tempfile.TemporaryDirectory()\nprint(1)\n"
    ),
    "warns": (
        "# warns: UserWarning, FutureWarning\nimport warnings\n\n"
        "warnings.warn('a', stacklevel=1)\n"
        "warnings.warn('b', FutureWarning, stacklevel=1)\n"
    ),
    "tab_and_comment": (
        "# Reference : a book\n# round: to even\nprint('a\\tb')\n# prune: half\n"
    ),
}


@pytest.fixture(scope="module")
def recorded(tmp_path_factory):
    """A tree whose snippets were recorded once, and the problems by name."""
    tree = Tree(tmp_path_factory.mktemp("tree"))
    put(tree, "t/sum", "print(2 + 2)\n")
    put(tree, "t/fails", "# raises: ValueError\nprint(1)\nint('x')\n")
    put(
        tree,
        "t/line",
        "# figure: a line that rises from 0 to 1\nimport matplotlib.pyplot as plt\n\n"
        "fig, ax = plt.subplots()\nax.plot([0, 1])\nfig.savefig('line.svg')\n",
    )
    put(tree, "t/unseeded", "import random\n\nprint(random.random())\n")
    put(tree, "t/preloaded", "import sys\n\nprint('torch' in sys.modules)\n")
    put(tree, "t/unsorted", "print({*'abcdefgh'})\n")
    (tree.snippets / "t/line.out").write_text("what an earlier version printed\n")
    put(
        tree,
        "t/vectors",
        "import os\n\nprint(os.environ.get('ATEN_CPU_CAPABILITY', 'widest'))\n",
    )
    for name, (source, _) in UNFIT.items():
        put(tree, f"unfit/{name}", source.replace("line.svg", f"{name}.svg"))
    for name, source in CURED.items():
        put(tree, f"cured/{name}", source)
    every = trial.variants

    def enough(snippet, options):
        """What no page can show is told by the execution that counts."""
        jobs = every(snippet, options)
        return {"run": jobs["run"]} if snippet.name.startswith("unfit/") else jobs

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(trial, "variants", enough)
        without_rules(patched)
        problems = {o.snippet.name: o.problems for o in run(tree, RECORD)}
    return tree, problems


def test_output_is_written_beside_the_snippet(recorded):
    tree, problems = recorded
    assert problems["t/sum"] == []
    assert (tree.snippets / "t/sum.out").read_text() == "4\n"


def test_an_error_ends_the_recorded_output(recorded):
    tree, _ = recorded
    text = (tree.snippets / "t/fails.out").read_text()
    assert text == "1\nValueError: invalid literal for int() with base 10: 'x'\n"


def test_a_figure_is_recorded_with_its_data(recorded):
    tree, _ = recorded
    svg = (tree.snippets / "t/line.svg").read_text()
    assert "<svg" in svg
    assert 'id="ProvenSerif-Regular-' in svg and 'viewBox="0 0 388.8 ' in svg
    assert records.load(tree, "cpu")["t/line"].output == digest(svg)
    assert not (tree.snippets / "t/line.out").exists()
    assert (
        '"lines": [[0.0, 0.0, 1.0, 1.0]]'
        in (tree.recorded / "figures/t/line.json").read_text()
    )


def test_the_record_names_source_output_and_versions(recorded):
    tree, _ = recorded
    entry = records.load(tree, "cpu")["t/sum"]
    assert entry.source == digest("print(2 + 2)\n")
    assert entry.output == digest("4\n")
    assert entry.device == "cpu" and entry.torch.startswith("2.")


@pytest.mark.parametrize(
    ("name", "what"),
    [
        ("t/unseeded", "another seed"),
        ("t/preloaded", "fresh interpreter"),
        ("t/unsorted", "fresh interpreter"),
        ("t/vectors", "vector units"),
    ],
)
def test_what_changes_between_runs_is_not_recorded(recorded, name, what):
    tree, problems = recorded
    assert what in problems[name][0].what
    assert not (tree.snippets / f"{name}.out").exists()
    assert name not in records.load(tree, "cpu")


REFUSED = {
    "wide": (f"x = '{'a' * 80}'\nprint(1)\n", 1, "86 columns"),
    "tab": ("print('a\tb')\n", 1, "a tab"),
    "two-words": ("print(1)\n", 0, "a bad name"),
    "helper": ("import helper\nprint(1)\n", 1, "imports helper"),
    "undeclared": ("import keras\nprint(1)\n", 1, "does not say so"),
    "cuda": ("import torch\ntorch.ones(1).cuda()\n", 2, "needs cuda"),
    "syntax": ("print(\n", 1, "this is no Python"),
    "directive": ("# raise: ValueError\nint('x')\n", 1, "not a directive"),
    "long": ("x = 1\n" * 46 + "print(x)\n", 0, "47 lines of code"),
    "exits": ("# run: torchrun\nimport sys\nsys.exit()\n", 3, "calls sys.exit"),
    "short": (DRAWS.replace("A line", "#").replace(" that rises", ""), 1, "no sense"),
}


@pytest.fixture(scope="module")
def before_a_run(tmp_path_factory):
    """The outcomes of a recording of programs that no page would show."""
    tree = Tree(tmp_path_factory.mktemp("tree"))
    for name, (source, *_) in REFUSED.items():
        put(tree, f"t/{name}", source)
    return {one.snippet.name: one for one in run(tree, RECORD)}


@pytest.mark.parametrize("name", REFUSED)
def test_what_no_page_would_show_is_refused_before_it_runs(before_a_run, name):
    _, line, what = REFUSED[name]
    outcome = before_a_run[f"t/{name}"]
    assert [(p.line, what in p.what) for p in outcome.problems] == [(line, True)]
    assert outcome.results == {}
    assert not outcome.snippet.out.exists()


def test_words_for_a_picture_that_are_too_few_are_told_how_many(before_a_run):
    assert "20 characters or more" in before_a_run["t/short"].problems[0].fix


def test_a_program_that_is_not_to_be_recorded_is_run_as_it_is(tmp_path):
    put(Tree(tmp_path), "t/wide", REFUSED["wide"][0])
    (outcome,) = run(Tree(tmp_path), Options())
    assert [p.what for p in outcome.problems] == ["has no recorded output"]


def test_what_no_page_could_show_is_not_written(recorded):
    tree, problems = recorded
    assert problems["t/line"] == []
    for name, (_, what) in UNFIT.items():
        (problem,) = problems[f"unfit/{name}"]
        assert what in problem.what
    written = [file.name for file in (tree.snippets / "unfit").iterdir()]
    assert sorted(written) == sorted(f"{name}.py" for name in UNFIT)
    assert not [name for name in records.load(tree, "cpu") if "unfit" in name]


def test_the_cures_hold_when_they_are_followed(recorded):
    tree, problems = recorded
    assert [problems[f"cured/{name}"] for name in CURED] == [[]] * len(CURED)
    tabs = tree.snippets / "cured/tab_and_comment.out"
    assert tabs.read_text() == "a   b\n"


def test_what_holds_alone_has_an_entry(recorded):
    tree, problems = recorded
    held = sorted(name for name, found in problems.items() if not found)
    assert list(records.load(tree, "cpu")) == held
    assert {"t/fails", "t/line", "t/sum"} <= set(held)


CACHE = """\
import os
import re
from pathlib import Path

cache = Path(os.environ["TORCHINDUCTOR_CACHE_DIR"])
print(cache.is_dir(), cache.resolve())
"""


def test_each_execution_that_is_recorded_has_a_compiler_cache_of_its_own(tmp_path):
    # In one folder, one execution takes the library that another one compiled,
    # perhaps for other vector units or in another program, and nobody sees it.
    for name in ("t/one", "t/two"):
        put(Tree(tmp_path), name, CACHE)
    results = [outcome.results for outcome in run(Tree(tmp_path), RECORD)]
    assert [sorted(r) for r in results] == [["again", "fresh", "run", "simple"]] * 2
    printed = [one.stdout for found in results for one in found.values()]
    assert all(line.startswith("True /") for line in printed)
    assert len(set(printed)) == 2 * 4


def test_below_a_path_with_a_space_a_compiler_gets_one_without(tmp_path):
    tree = Tree(tmp_path / "a b")
    put(tree, "t/one", CACHE)
    (found,) = run(tree, Options(patience=2))
    said = found.results["run"].stdout
    assert said.startswith("True /") and " " not in said.removeprefix("True ")


@pytest.fixture
def without_torch(monkeypatch):
    """No parent imports what few programs here need: they import it themselves."""
    monkeypatch.setattr(trial, "group_of", lambda *_: "plain")


def test_what_was_recorded_holds_and_an_edit_does_not(recorded, without_torch):
    tree, _ = recorded
    shutil.copytree(tree.snippets / "t", tree.snippets / "edited")
    figures = tree.recorded / "figures"
    shutil.copytree(figures / "t", figures / "edited")
    put(tree, "edited/line", find(tree, ["t/line"])[0].source.replace("1]", "2]"))
    (tree.snippets / "edited/sum.out").write_text("5\n")
    put(tree, "swapped/line", find(tree, ["t/line"])[0].source)
    shutil.copytree(figures / "t", figures / "swapped")
    letters = (tree.snippets / "t/line.svg").read_text().split("<use ")
    other = next(one for one in letters[-4:-1] if one.split()[0] not in letters[-1])
    letters[-1] = f"{other.split()[0]} {letters[-1].partition(' ')[2]}"
    (tree.snippets / "swapped/line.svg").write_text("<use ".join(letters))
    names = ["t/sum", "t/fails", "t/line", "edited/line", "edited/sum", "swapped/line"]
    line, total, swapped, *same = run(tree, Options(paths=names))
    assert [o.problems for o in same] == [[]] * 3
    assert "draws something else" in line.problems[0].what
    assert "does not draw the picture that is kept" in swapped.problems[0].what
    assert "prints something else" in total.problems[0].what


def test_an_entry_changes_only_with_source_output_or_version(tmp_path):
    tree = Tree(tmp_path)
    entry = records.Entry("a", "b", "2.13.0", "3.11.7", "cpu", 0.1, "2026-01-01")
    records.save(tree, "cpu", "t/one", entry)
    later = replace(entry, seconds=0.2, date="2026-02-02")
    records.save(tree, "cpu", "t/one", later)
    assert records.load(tree, "cpu") == {"t/one": entry}
    for key in ("source", "output", "torch", "python", "device", "driver", "packages"):
        other = replace(later, **{key: "other"})
        records.save(tree, "cpu", "t/one", other)
        assert records.load(tree, "cpu") == {"t/one": other}


def test_lanes_run_what_concerns_them_and_say_what_is_missing(tmp_path):
    tree = Tree(tmp_path)
    put(tree, "t/plain", "print(1)\n")
    put(tree, "t/device", "import torch\ntorch.accelerator.current_accelerator()\n")
    put(tree, "t/card", "# needs: cuda\nprint(1)\n")
    (cpu, left_out), (gpu, _) = (plan(find(tree), lane) for lane in ("cpu", "gpu"))
    assert [s.name for s in cpu] == ["t/device", "t/plain"]
    assert {k: [s.name for s in v] for k, v in left_out.items()} == {
        "needs cuda": ["t/card"]
    }
    assert [s.name for s in gpu] == ["t/card", "t/device"]


def test_below_a_path_with_a_space_what_compiles_is_left_out(tmp_path, monkeypatch):
    tree = Tree(tmp_path)
    put(tree, "t/one", "# needs: compiler\nprint(1)\n")
    put(tree, "t/two", "print(1)\n")
    monkeypatch.setenv("CXX", sys.executable)
    assert [s.name for s in plan(find(tree), "cpu")[0]] == ["t/one", "t/two"]
    there = SimpleNamespace(origin="/a b/torch/__init__.py")
    monkeypatch.setattr(trial.util, "find_spec", lambda name: there)
    runs, left_out = plan(find(tree), "cpu")
    assert [s.name for s in runs] == ["t/two"]
    assert [*left_out] == ["needs compiler, which takes no space in torch's path"]
    block = Block(tree, "docs/a.md", 1, "# needs: compiler\nprint(1)\n", None, None)
    assert block.elsewhere in left_out


def test_a_package_that_does_not_go_with_the_others_has_a_lane_of_its_own(tmp_path):
    tree = Tree(tmp_path)
    put(tree, "t/plain", "print(1)\n")
    put(tree, "t/flow", "# needs: tensorflow\nimport tensorflow\n")
    put(tree, "t/vision", "# needs: torchvision\nimport torchvision\n")
    put(tree, "t/lora", "# needs: peft, transformers\nimport peft, transformers\n")
    runs, left_out = plan(find(tree), "cpu")
    assert [s.name for s in runs] == ["t/plain"]
    without = ["needs peft, transformers", "needs tensorflow", "needs torchvision"]
    assert sorted(left_out) == without
    lanes = {"tensorflow": "t/flow", "torchvision": "t/vision", "ecosystem": "t/lora"}
    for lane, name in lanes.items():
        runs, left_out = plan(find(tree), lane)
        assert ([s.name for s in runs], left_out) == ([name], {})


def test_a_package_of_an_environment_is_pinned_there():
    for lane in ("tensorflow", "ecosystem"):
        pinned = (HERE.root / f"requirements-{lane}.in").read_text()
        found = {
            re.split("[=-]", line)[0] for line in pinned.splitlines() if "==" in line
        }
        assert {*APART[lane]} <= found


def test_a_lane_without_its_package_is_refused(tmp_path):
    put(Tree(tmp_path), "t/flow", "# needs: tensorflow\nimport tensorflow\n")
    for lane, name in (("tensorflow", "tensorflow"), ("ecosystem", "peft")):
        with pytest.raises(Problem, match=f"{name}.*make record-{lane}"):
            run(Tree(tmp_path), Options(lane=lane))


def test_a_record_names_the_versions_of_what_a_snippet_needs(tmp_path, without_torch):
    tree = Tree(tmp_path)
    put(tree, "t/layers", "# needs: keras\n# takes: 30 s\nprint(1)\n")
    put(tree, "t/plain", "print(1)\n")
    assert [o.problems for o in run(tree, Options(record=True))] == [[], []]
    entries = records.load(tree, "cpu")
    assert entries["t/layers"].packages == {"keras": metadata.version("keras")}
    assert entries["t/plain"].packages is None


def test_the_gpu_lane_runs_with_the_gpu_hidden_and_visible(tmp_path):
    tree = Tree(tmp_path)
    put(tree, "t/device", "import torch\ntorch.accelerator.current_accelerator()\n")
    jobs = variants(find(tree)[0], Options(lane="gpu"))
    assert set(jobs) == {"run", "hidden"}
    assert jobs["hidden"].env == {"CUDA_VISIBLE_DEVICES": ""}
    assert not jobs["run"].confined


def test_recording_starts_the_fresh_interpreters_first(tmp_path):
    # They import torch while the parent of the other two does.
    put(Tree(tmp_path), "t/sum", "print(2 + 2)\n")
    jobs = variants(find(Tree(tmp_path))[0], RECORD)
    assert list(jobs) == ["fresh", "simple", "run", "again"]


@pytest.mark.parametrize(
    ("options", "fresh"),
    [
        (Options(), False),
        (Options(fresh=True), True),
        (Options(fork=False), True),
        (RECORD, True),
        (Options(lane="gpu"), True),
        (Options(lane="cuda-build"), True),
    ],
)
def test_workers_are_forked_only_where_nothing_is_recorded(tmp_path, options, fresh):
    put(Tree(tmp_path), "t/ranks", "# run: torchrun --nproc-per-node 2\nprint(1)\n")
    assert variants(find(Tree(tmp_path))[0], options)["run"].fresh is fresh


def test_a_snippet_is_found_by_file_folder_or_name(tmp_path):
    tree = Tree(tmp_path)
    put(tree, "a/one", "")
    put(tree, "a/two", "")
    put(tree, "b/three", "")
    for wanted in ("a", "snippets/a", "snippets/a/"):
        assert [s.name for s in find(tree, [wanted])] == ["a/one", "a/two"]
    for wanted in ("a/one", "snippets/a/one.py", "./snippets/a/one.py"):
        assert [s.name for s in find(tree, [wanted])] == ["a/one"]
    with pytest.raises(Problem, match="c/four"):
        find(tree, ["c/four"])


@pytest.mark.parametrize(
    ("source", "needs", "group"),
    [
        ("import torch", set(), "torch"),
        ("import matplotlib.pyplot as plt", set(), "torch"),
        ("import random", set(), "plain"),
        ("torch.compile(f)", set(), "compiler"),
        ("torch.export.export(m, (x,))", set(), "export"),
        ("import keras", {"keras"}, "keras"),
        ("import tensorflow", {"tensorflow"}, "none"),
    ],
)
def test_a_snippet_gets_the_parent_that_suits_it(source, needs, group):
    assert group_of(source, frozenset(needs)) == group


CHANGES = {
    "another seed": "import random\n\nprint(random.random())\n",
    "another order": "print({*'abcdefgh'})\n",
    "fresh interpreter": "import sys\n\nprint('numpy' in sys.modules)\n",
    "vector units": "import os\n\nprint(os.environ.get('ATEN_CPU_CAPABILITY'))\n",
}


def test_few_programs_are_recorded_by_two_executions_each(tmp_path, without_torch):
    tree = Tree(tmp_path)
    for name in ("t/one", "t/two"):
        put(tree, name, "print(1)\n")
    assert [sorted(one.results) for one in run(tree, RECORD)] == [["again", "run"]] * 2
    put(tree, "t/three", "print(1)\n")
    assert {len(one.results) for one in run(tree, RECORD)} == {4}


# What is imported beside NumPy, where NumPy is all that a program looks for.
LIGHT = {
    "torch": "import sys\n\n\nclass Any:\n    is_available = bool\n"
    "    def __getattr__(self, _):\n        return self\n"
    "    def __call__(self, *_, **__):\n        return self\n\n\n"
    "sys.modules[__name__] = Any()\n",
    "matplotlib": "",
    "matplotlib/pyplot": "get_fignums = list\n",
}


@pytest.mark.parametrize("what", CHANGES)
def test_what_changes_between_two_executions_is_told_by_its_cause(
    tmp_path, what, monkeypatch
):
    """The word NumPy asks for a parent that has imported it."""
    tree, light = Tree(tmp_path), tmp_path / "light"
    for name, text in LIGHT.items():
        records.write(light / name / "__init__.py", text)
    path = os.pathsep.join([str(light), str(HERE.root)])
    monkeypatch.setattr(
        pool, "environment", lambda *a: environment(*a) | {"PYTHONPATH": path}
    )
    put(tree, "t/one", CHANGES[what])
    (outcome,) = run(tree, RECORD)
    assert what in outcome.problems[0].what
    assert records.load(tree, "cpu") == {}
