"""The GPU lane with a stand-in card, up to the point where only a GPU can go on."""

import contextlib
import io
import json
import os
import subprocess
import sys
from dataclasses import replace

import pytest

from harness.core import records
from harness.core.directives import Directives, parse
from harness.core.problem import Problem
from harness.core.snippet import Snippet, digest, find
from harness.core.tree import HERE, Tree
from harness.judge.result import Result
from harness.judge.shown import without_noise
from harness.run import gpu, trial
from harness.run.job import HIDDEN
from harness.run.lane import plan, run
from harness.run.options import Options
from harness.run.pool import environment
from harness.run.trial import variants

pytestmark = pytest.mark.usefixtures("shared_parents", "stand_ins")

LANE = Options(lane="gpu", patience=4)
CARD = {"torch": "2.13.0+cu130", "built": "CUDA", "names": ["Stand-in card"] * 2}
OTHER = CARD | {"names": ["Other card"]}
CHOOSES = "import os\n\nimport torch\n\ntorch.accelerator.current_accelerator()\n"
# To import torch takes seconds: most programs here could, and do not.
COULD = """\
import os


def choose():
    import torch

    return torch.accelerator.current_accelerator()


"""
SOURCES = {
    "t/differs": COULD + "print(os.environ.get('CUDA_VISIBLE_DEVICES') == '')\n",
    "t/same": COULD + "print(1)\n",
    "t/card": "# needs: cuda\nprint('only here')\n",
    "t/flow": f"# needs: tensorflow\n{COULD}",
    "t/plain": "print(1)\n",
}


@pytest.fixture
def tree(tmp_path):
    made = Tree(tmp_path)
    for name, source in SOURCES.items():
        file = made.snippets / f"{name}.py"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(source)
    return made


@pytest.fixture
def stand_in(monkeypatch):
    """A card that torch says it has; programs still run on the CPU, and say so."""
    monkeypatch.setattr(gpu, "ask", lambda: CARD)
    monkeypatch.setattr(gpu, "driver", lambda: "580.1")
    monkeypatch.delenv("CUDA_VISIBLE_DEVICES", raising=False)


@pytest.fixture
def without_torch(monkeypatch):
    """No program here needs what would be imported for it."""
    monkeypatch.setattr(trial, "group_of", lambda *_: "plain")


def test_recording_runs_what_concerns_it_hidden_and_visible(
    tree, stand_in, without_torch, monkeypatch, capsys
):
    monkeypatch.setattr(Result, "used_card", True)
    (tree.snippets / "t/same.cuda.out").write_text("of an earlier version\n")
    assert not any(o.problems for o in run(tree, replace(LANE, record=True)))
    outputs = {file.name: file.read_text() for file in tree.snippets.rglob("*.out")}
    assert outputs == {"card.cuda.out": "only here\n", "differs.cuda.out": "False\n"}
    entries = records.load(tree, "gpu")
    assert list(entries) == ["t/card", "t/differs", "t/same"]
    one = entries["t/differs"]
    assert (one.device, one.driver) == ("Stand-in card", "580.1")
    assert (one.source, one.output) == (
        digest(SOURCES["t/differs"]),
        digest("False\n"),
    )
    assert one.date and one.torch and one.seconds >= 0
    assert [file.name for file in (tree.recorded / "runs").iterdir()] == ["gpu"]
    told = capsys.readouterr().out
    assert "3 snippets recorded, 0 failed" in told
    assert "not run, needs tensorflow: 1 (t/flow)" in told
    # What was recorded is what the lane then compares with.
    Snippet(tree, "t/same").out.write_text("1\n")
    assert not any(o.problems for o in run(tree, LANE))
    Snippet(tree, "t/card").cuda_out.write_text("edited\n")
    (failed,) = [o for o in run(tree, LANE) if o.problems]
    assert "prints something else" in failed.problems[0].what
    assert "make record-gpu ONLY" in failed.problems[0].fix


def test_a_program_that_saw_no_gpu_is_not_recorded(tree, stand_in, monkeypatch):
    every = trial.variants

    def first(snippet, options):
        """The execution that counts: what it saw is looked at before all others."""
        return {"run": every(snippet, options)["run"]}

    monkeypatch.setattr(trial, "variants", first)
    Snippet(tree, "t/same").path.write_text(f"{CHOOSES}print(1)\n")  # it asks torch
    outcomes = run(tree, replace(LANE, record=True))
    said = {o.snippet.name: [p.what for p in o.problems] for o in outcomes}
    names = ["t/card", "t/differs", "t/same"]
    assert said == {name: ["saw no GPU"] for name in names}
    assert not list(tree.snippets.rglob("*.out"))
    assert records.load(tree, "gpu") == {}


def test_a_program_that_cannot_run_with_the_card_hidden_is_refused(
    tree, stand_in, without_torch, monkeypatch
):
    monkeypatch.setattr(Result, "used_card", True)
    Snippet(tree, "t/same").path.write_text(
        f"{COULD}print(1)\nassert os.environ.get('CUDA_VISIBLE_DEVICES') != ''\n"
    )
    (outcome,) = run(tree, replace(LANE, record=True, paths=["t/same"]))
    assert "with the GPU hidden, raises AssertionError" in outcome.problems[0].what
    assert records.load(tree, "gpu") == {}


@pytest.mark.parametrize(
    ("found", "why"),
    [
        (CARD | {"names": []}, "here is none: no NVIDIA driver is loaded"),
        (CARD | {"built": "ROCm", "names": []}, "here is none$"),
        (
            {"torch": "2.13.0+cpu", "built": "", "names": []},
            r"here is none: torch 2\.13\.0\+cpu is built for CPUs alone",
        ),
        (
            CARD | {"names": ["Other card", "Stand-in card"]},
            "two kinds of card: Other card and Stand-in card; name those of one kind",
        ),
        (CARD | {"torch": "2.10.1+cu128"}, r"needs torch 2\.11; this is 2\.10\.1"),
    ],
)
def test_a_lane_that_cannot_run_says_why(tree, monkeypatch, found, why):
    monkeypatch.setattr(gpu, "ask", lambda: found)
    monkeypatch.setattr(gpu, "driver", lambda: None)
    with pytest.raises(Problem, match=why):
        run(tree, LANE)


def test_the_oldest_torch_that_is_asked_for_will_do(tree, monkeypatch):
    monkeypatch.setattr(gpu, "ask", lambda: CARD | {"torch": "2.11.0+cu128"})
    assert gpu.need(tree, True) == gpu.Cards("Stand-in card", 2, {})


def test_torch_itself_says_which_cards_there_are():
    import torch

    with contextlib.redirect_stdout(io.StringIO()) as said:
        exec(gpu.ASK)
    found = json.loads(said.getvalue())
    assert found["torch"] == torch.__version__
    assert len(found["names"]) == torch.cuda.device_count()


def test_it_is_asked_in_a_process_of_its_own(monkeypatch):
    monkeypatch.setattr(gpu, "ASK", "import os\nprint(os.getpid())")
    assert gpu.ask() != os.getpid()


@pytest.mark.parametrize(
    ("text", "version"),
    [
        (
            "NVRM version: NVIDIA UNIX x86_64 Kernel Module  550.54.15  Tue Mar  5\n"
            "GCC version:  gcc version 11.4.0\n",
            "550.54.15",
        ),
        (
            "NVRM version: NVIDIA UNIX Open Kernel Module for x86_64  570.124.06  "
            "Release Build  (builder)  Thu Feb\nGCC version:  gcc version 12.2.0\n",
            "570.124.06",
        ),
        ("another text", None),
    ],
)
def test_the_driver_is_read_from_either_kind_of_kernel_module(tmp_path, text, version):
    file = tmp_path / "version"
    file.write_text(text)
    assert gpu.driver(file) == version
    assert gpu.driver(tmp_path / "none") is None


class Torch:
    """What a program's torch answers of its gpu."""

    def __init__(self, answer):
        self.cuda, self.answer = self, answer

    def is_available(self):
        return self.answer is not None

    def get_device_name(self):
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer


def test_a_program_says_which_card_it_could_use_also_after_an_error():
    assert gpu.seen(None) is None
    assert gpu.seen(Torch(None)) is None
    assert gpu.seen(Torch("Some card")) == "Some card"
    assert gpu.seen(Torch(RuntimeError("device-side assert"))) == "cuda"
    assert Result("finished", device="cuda").used_card
    assert not Result("finished").used_card


def test_a_card_gets_caches_of_its_own_and_room(tree, tmp_path):
    env = environment("gpu", seed=0, cache=tmp_path / "cache")
    for name in ("TRITON_CACHE_DIR", "CUDA_CACHE_PATH"):
        assert env[name].startswith(str(tmp_path / "cache"))
    assert env["PYTORCH_NVML_BASED_CUDA_CHECK"] == "1"
    assert environment("cpu", 0, tmp_path / "cache")["CUDA_VISIBLE_DEVICES"] == ""
    one = Snippet(tree, "t/same")
    here, there = (variants(one, Options(lane=lane))["run"] for lane in ("cpu", "gpu"))
    assert there.memory > here.memory and not there.confined


def test_what_a_card_says_of_a_bad_index_is_no_fault_of_the_program():
    said = (
        "/pytorch/aten/src/ATen/native/cuda/Loss.cu:245: nll_loss_forward: "
        "block: [0,0,0], thread: [0,0,0] Assertion `t >= 0 && t < n_classes` failed.\n"
    )
    assert without_noise(f"{said}and this\n") == "and this"


def test_what_the_profiler_says_of_itself_is_no_fault_of_the_program():
    said = "USDT:2026-11-25 03:28:41 1:1 SyncActivityProfilerHandler.cpp:52] profiler_"
    assert without_noise(f"{said}start\n{said}stop\nand this\n") == "and this"


def test_a_launched_program_is_run_hidden_and_visible_too(tree):
    file = tree.snippets / "t/two.py"
    file.write_text(f"# run: torchrun --nproc-per-node 2\n{CHOOSES}print(1)\n")
    jobs = variants(Snippet(tree, "t/two"), replace(LANE, record=True))
    assert jobs["hidden"].env == jobs["run"].env | HIDDEN
    assert jobs["hidden"].command == jobs["run"].command != ()


LAUNCHED = """\
# run: torchrun
import os

# What current_accelerator() would tell it:
hidden = os.environ.get("CUDA_VISIBLE_DEVICES") == ""
print({})
"""
TELLS = '"device:", "cpu" if hidden else "cuda"'


def launched(tree, says):
    """What the lane says of a launched program, and what it recorded."""
    Snippet(tree, "t/two").path.write_text(LAUNCHED.format(says))
    (outcome,) = run(tree, replace(LANE, record=True, paths=["t/two"]))
    entry = records.load(tree, "gpu").get("t/two")
    return [problem.what for problem in outcome.problems], entry


def test_a_launched_program_that_prints_its_device_is_recorded(
    tree, stand_in, without_launcher
):
    said, entry = launched(tree, TELLS)
    assert said == [] and entry.device == "Stand-in card"
    assert Snippet(tree, "t/two").cuda_out.read_text() == "device: cuda\n"


@pytest.mark.parametrize(
    "says",
    [
        '"device: cpu"',  # it stayed there, though there is a card
        '"not cuda"',  # the same with the card hidden
        '"done", "on the CPU" if hidden else "on some device"',
    ],
)
def test_a_launched_program_that_shows_no_gpu_is_refused(
    tree, stand_in, without_launcher, says
):
    assert launched(tree, says) == (["shows no GPU"], None)
    assert not Snippet(tree, "t/two").cuda_out.exists()


def test_more_processes_than_cards_are_no_run_on_a_card(
    tree, stand_in, without_launcher, monkeypatch, capsys
):
    assert parse("# run: torchrun --nproc-per-node 3\n").processes == 3 > 2
    monkeypatch.setattr(Directives, "processes", 3)
    assert launched(tree, '"device: cpu"') == ([], None)
    told = capsys.readouterr().out
    assert "0 snippets recorded, 0 failed" in told
    assert "more processes than there are GPUs: 1 (t/two)" in told
    # It is compared with what a CPU printed, whatever two cards once did.
    snippet = Snippet(tree, "t/two")
    snippet.cuda_out.write_text("device: cuda\n")
    for printed, problems in (("device: cpu\n", 0), ("device: meta\n", 1)):
        snippet.out.write_text(printed)
        (outcome,) = run(tree, replace(LANE, paths=["t/two"]))
        assert len(outcome.problems) == problems
    assert snippet.cuda_out.read_text() == "device: cuda\n"
    # It is no excuse for one that does not run at all.
    assert launched(tree, "1 / 0")[0]


def test_a_launched_program_that_shares_a_card_counts_by_what_it_prints(
    tree, stand_in, without_launcher, monkeypatch
):
    monkeypatch.setattr(Directives, "processes", 3)
    said, entry = launched(tree, TELLS)
    assert said == [] and entry.device == "Stand-in card"


@pytest.mark.parametrize(
    ("command", "count"),
    [
        ("torchrun --nproc-per-node 2", 2),
        ("torchrun --standalone --nproc_per_node=16", 16),
        ("torchrun --nproc-per-node gpu", 1),
        ("torchrun", 1),
    ],
)
def test_how_many_processes_a_launcher_starts(command, count):
    assert parse(f"# run: {command}\n").processes == count
    assert parse("print(1)\n").processes == 1


def test_the_lane_needs_nothing_but_torch_and_the_standard_library():
    code = (
        "import json, sys\n"
        "from harness.__main__ import main\n"
        "from harness.run import child, parent, lane\n"
        "print(json.dumps(sorted({n.split('.')[0] for n in sys.modules})))\n"
    )
    done = subprocess.run(
        [sys.executable, "-S", "-P", "-c", code],  # -S: no installed package at all
        env={"PYTHONPATH": str(HERE.root)},
        capture_output=True,
        text=True,
        check=True,
    )
    others = set(json.loads(done.stdout)) - sys.stdlib_module_names
    assert others - {"__main__", "__mp_main__"} == {"harness"}


def test_the_site_has_programs_for_the_lane():
    runs, _ = plan(find(HERE), "gpu")
    assert runs
    for snippet in runs:
        assert snippet.chooses_device or "cuda" in snippet.directives.needs
        # Else, in an interpreter of its own, there is nobody to ask for the card.
        assert "torch" in snippet.imports
    for entry in records.load(HERE, "gpu").values():
        assert entry.device != "cpu"
