"""Records merge, survive a kill, and lose nothing to another recording."""

import json
import os
import random
import signal
import subprocess
import time
from pathlib import Path

import pytest

from harness.core import records
from harness.core.problem import Problem
from harness.core.snippet import Snippet, digest
from harness.core.tree import HERE, Tree
from harness.run import recording
from tests.commands import FORKS, Command

ENTRY = records.Entry("a", "b", "2.13.0", "3.11.7", "cpu", 0.1, "2026-01-01")


@pytest.fixture
def tree(tmp_path) -> Tree:
    return Tree(tmp_path)


@pytest.fixture
def git(tree):
    """Runs git there, as nobody and with nobody's settings."""
    env = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}
    for who in ("AUTHOR", "COMMITTER"):
        env[f"GIT_{who}_NAME"] = "Nobody"
        env[f"GIT_{who}_EMAIL"] = "nobody@example.org"

    def run(*arguments: str, code: int = 0) -> str:
        done = subprocess.run(
            ["git", *arguments],
            cwd=tree.root,
            env=os.environ | env,
            capture_output=True,
            text=True,
        )
        assert done.returncode == code, done.stdout + done.stderr
        return done.stdout

    run("init", "--quiet", "--initial-branch=main")
    return run


def put(tree: Tree, name: str, text: str) -> Snippet:
    """A program that prints this text, with what was recorded of it."""
    one = Snippet(tree, name)
    one.path.parent.mkdir(parents=True, exist_ok=True)
    one.path.write_text(f"print({text!r})\n")
    one.out.write_text(f"{text}\n")
    entry = records.Entry(
        digest(one.source), digest(f"{text}\n"), *list(vars(ENTRY).values())[2:]
    )
    records.save(tree, "cpu", name, entry)
    return one


def remove(tree: Tree, name: str) -> None:
    one = Snippet(tree, name)
    for file in (one.path, one.out, records.path(tree, "cpu", name)):
        file.unlink()


def commit(git, branch: str) -> None:
    git("checkout", "--quiet", "-B", branch)
    git("add", "--all")
    git("commit", "--quiet", "--message", "Change programs")


def assert_whole(tree: Tree) -> dict[str, records.Entry]:
    """Every entry can be read, and is of the program and output that are there."""
    found = records.load(tree, "cpu")
    for name, entry in found.items():
        one = Snippet(tree, name)
        assert entry.source == digest(one.source), name
        assert entry.output == digest(one.out.read_bytes()), name
    return found


def record(tree: Tree, *names: str) -> Command:
    """`harness run --record`, started."""
    return Command("harness", "--root", tree.root, "run", "--record", *names)


def finish(one: Command) -> str:
    said = one.finish(timeout=120)
    assert one.returncode == 0, said
    return said


def test_an_entry_has_a_file_of_its_own_with_stable_lines(tree):
    packages = {"tensorflow": "2.21.0"}
    entry = records.Entry(**vars(ENTRY) | {"packages": packages})
    records.save(tree, "tensorflow", "errors/t/one", entry)
    file = tree.recorded / "runs/tensorflow/errors/t/one.json"
    text = file.read_text()
    assert text.endswith("}\n") and list(json.loads(text))[:2] == ["source", "output"]
    assert text.count("\n") == 12 and "driver" not in text
    assert records.load(tree, "tensorflow") == {"errors/t/one": entry}
    assert records.load(tree, "cpu") == {}


def test_an_entry_stays_where_nothing_that_matters_changed(tree):
    records.save(tree, "cpu", "t/one", ENTRY)
    later = records.Entry(**vars(ENTRY) | {"seconds": 9.0, "date": "2026-02-02"})
    records.save(tree, "cpu", "t/one", later)
    assert records.load(tree, "cpu") == {"t/one": ENTRY}
    other = records.Entry(**vars(later) | {"torch": "2.14.0"})
    records.save(tree, "cpu", "t/one", other)
    assert records.load(tree, "cpu") == {"t/one": other}


def test_branches_that_each_add_programs_to_a_topic_merge(tree, git):
    put(tree, "t/middle", "0")
    commit(git, "main")
    for name in ("t/anew", "t/low", "t/zero"):
        put(tree, name, name)
    commit(git, "other")
    git("checkout", "--quiet", "main")
    for name in ("t/also", "t/lower", "t/zoo"):
        put(tree, name, name)
    commit(git, "main")
    git("merge", "--quiet", "--no-edit", "other")
    assert len(assert_whole(tree)) == 7


def test_a_branch_that_adds_and_one_that_removes_merge(tree, git):
    for name in ("t/one", "t/three", "t/two"):
        put(tree, name, name)
    commit(git, "main")
    remove(tree, "t/two")
    commit(git, "other")
    git("checkout", "--quiet", "main")
    put(tree, "t/twice", "2 2")
    commit(git, "main")
    git("merge", "--quiet", "--no-edit", "other")
    assert list(assert_whole(tree)) == ["t/one", "t/three", "t/twice"]


def test_branches_that_renew_different_programs_merge(tree, git):
    for name in ("t/one", "t/two"):
        put(tree, name, name)
    commit(git, "main")
    put(tree, "t/one", "1")
    commit(git, "other")
    git("checkout", "--quiet", "main")
    put(tree, "t/two", "2")
    commit(git, "main")
    git("merge", "--quiet", "--no-edit", "other")
    assert len(assert_whole(tree)) == 2


def test_both_sides_of_a_merge_kept_by_hand_are_refused(tree):
    records.save(tree, "cpu", "t/one", ENTRY)
    file = records.path(tree, "cpu", "t/one")
    text = file.read_text().replace(' "output"', ' "output": "c",\n "output"')
    file.write_text(text)
    with pytest.raises(Problem, match="a key stands twice") as refused:
        records.load(tree, "cpu")
    assert refused.value.fix == "make record ONLY=t/one"


def test_a_conflict_is_shown_with_its_line_and_the_command_that_ends_it(tree, git):
    for name in ("t/one", "t/two"):
        put(tree, name, name)
    commit(git, "main")
    for branch in ("other", "main"):
        if branch == "main":
            git("checkout", "--quiet", "main")
        for name in ("t/one", "t/two"):
            put(tree, name, f"{branch} of {name}")
        commit(git, branch)
    git("merge", "--quiet", "--no-edit", "other", code=1)
    files = [f"recorded/runs/cpu/t/{name}.json" for name in ("one", "two")]
    with pytest.raises(Problem, match="git stopped in a merge here") as refused:
        records.load(tree, "cpu")
    assert (refused.value.path, refused.value.line) == (files[0], 2)
    assert files[1] in refused.value.what
    only = 'make record ONLY="t/one t/two"'
    assert refused.value.fix == f"{only} && git add {' '.join(files)}"
    # What that does, once the programs are one version again:
    for name in ("t/one", "t/two"):
        Snippet(tree, name).path.write_text("print(1)\n")
    finish(record(tree, "t/one", "t/two"))
    git("add", "--all")
    git("commit", "--quiet", "--no-edit")
    assert len(assert_whole(tree)) == 2


@pytest.mark.parametrize(
    ("text", "line", "why"),
    [
        ("", 1, "Expecting value"),
        ('{\n "source": "a",\n "output"', 3, "Expecting"),
        ('{"source": "a"}', 0, "does not hold what a record holds"),
        ("[]", 0, "does not hold what a record holds"),
        ("\xff", 0, "codec can't decode"),
    ],
)
def test_a_file_that_cannot_be_read_is_named(tree, text, line, why):
    records.save(tree, "tensorflow", "t/good", ENTRY)
    file = records.path(tree, "tensorflow", "t/one")
    file.write_bytes(text.encode("latin-1"))
    with pytest.raises(Problem, match=why) as refused:
        records.load(tree, "tensorflow")
    assert refused.value.path == "recorded/runs/tensorflow/t/one.json"
    assert refused.value.line == line
    assert refused.value.fix == "make record-tensorflow ONLY=t/one"


def test_a_record_of_a_gpu_is_taken_from_git(tree):
    records.save(tree, "gpu", "t/one", ENTRY)
    file = records.path(tree, "gpu", "t/one")
    file.write_text("<<<<<<< HEAD\n" + file.read_text())
    shown = tree.show(file)
    with pytest.raises(Problem) as refused:
        records.load(tree, "gpu")
    taken, ran = refused.value.fix.split("\n")
    assert taken == f"git checkout --theirs {shown} && git add {shown}"
    assert ran.endswith('make record-gpu ONLY="t/one"')


def test_an_entry_goes_with_its_snippet_and_stays_with_a_renamed_one(tree):
    for name in ("t/gone", "t/old", "t/stays", "u/moved"):
        put(tree, name, name)
    (tree.snippets / "t/moved.py").write_text("# needs: tensorflow\nprint(1)\n")
    (tree.snippets / "t/broken.py").write_text("# raise: ValueError\nprint(1)\n")
    for name in ("t/moved", "t/broken"):
        records.save(tree, "cpu", name, ENTRY)
    (tree.snippets / "t/gone.py").unlink()
    for end in (".py", ".out"):
        (tree.snippets / f"t/old{end}").rename(tree.snippets / f"t/new{end}")
    assert "1 snippet recorded" in finish(record(tree, "t/new"))
    names = list(records.load(tree, "cpu"))
    assert names == ["t/broken", "t/new", "t/stays", "u/moved"]


@pytest.mark.parametrize("lane", records.LANES)
def test_entries_of_every_lane_go_with_their_snippets(tree, lane):
    records.save(tree, lane, "t/gone", ENTRY)
    recording.forget(tree, lane)
    assert records.load(tree, lane) == {}


def test_two_recordings_at_once_keep_each_others_entries(tree):
    ours, theirs = ([f"t/{who}_{n}" for n in range(4)] for who in ("ours", "theirs"))
    for name in (*ours, *theirs, "t/shared"):
        put(tree, name, "before").path.write_text(f"print({name!r})\n")
    both = [record(tree, *ours, "t/shared"), record(tree, *theirs, "t/shared")]
    for one in both:
        assert "5 snippets recorded" in finish(one)
    found = assert_whole(tree)
    assert sorted(found) == sorted([*ours, *theirs, "t/shared"])
    assert Snippet(tree, "t/shared").out.read_text() == "t/shared\n"


def save(root: str, name: str, ready) -> None:
    """Write without a pause."""
    tree, entry = Tree(Path(root)), vars(ENTRY)
    for number in range(10**9):
        records.write(tree.snippets / f"{name}.out", f"{number}\n" * 100_000)
        packages = {"n": str(number) * 100_000}
        for one in (name, "t/shared"):
            changed = records.Entry(**entry | {"packages": packages})
            records.save(tree, "cpu", one, changed)
        ready.set()


def saves(tree: Tree, name: str):
    """A process that writes without a pause, once it has begun."""
    ready = FORKS.Event()
    one = FORKS.Process(target=save, args=(str(tree.root), name, ready))
    one.start()
    assert ready.wait(60)
    return one


def test_no_reader_sees_half_a_file_and_no_kill_leaves_one(tree):
    whole, delays = 0, random.Random(0)
    for _ in range(12):
        writers = [saves(tree, "t/one"), saves(tree, "t/two")]
        end = time.monotonic() + 0.05 + delays.random() / 8
        while time.monotonic() < end:
            whole += len(records.load(tree, "cpu"))
        for one in writers:
            one.kill()
            one.join()
        assert sorted(records.load(tree, "cpu")) == ["t/one", "t/shared", "t/two"]
        for name in ("one", "two"):
            lines = (tree.snippets / f"t/{name}.out").read_text().split("\n")
            assert len(lines) == 100_001 and len(set(lines)) == 2
    assert whole > 100


def test_what_a_killed_writer_began_goes_with_a_later_recording(tree):
    old, young = (tree.snippets / f"t/.one.out.{n}{records.PART}" for n in ("12", "13"))
    for file in (old, young):
        records.write(file, "half of an out")
    records.save(tree, "cpu", "t/gone", ENTRY)
    beside = records.path(tree, "cpu", "t/gone").with_name(
        f".gone.json.9{records.PART}"
    )
    beside.write_text("{")
    for file in (old, beside):
        os.utime(file, (0, 0))
    recording.forget(tree, "cpu")
    assert [file for file in tree.root.rglob("*") if file.is_file()] == [young]


def test_a_recording_that_is_killed_leaves_what_is_whole(tree):
    names = [f"t/n{n}" for n in range(6)]
    for name in names:
        put(tree, name, "before")
        Snippet(tree, name).path.write_text(
            f"import time\n\ntime.sleep(0.1)\nprint({name!r})\n"
        )
        records.path(tree, "cpu", name).unlink()
    one = record(tree, "--jobs", "2", *names)
    while not records.load(tree, "cpu"):
        assert one.returncode is None
        time.sleep(0.01)
    one.send_signal(signal.SIGKILL)
    one.wait()
    assert 1 <= len(assert_whole(tree)) < 6
    finish(record(tree, *names))
    assert sorted(assert_whole(tree)) == names


def test_this_projects_gitignore_hides_what_is_being_written():
    lines = (HERE.root / ".gitignore").read_text().split("\n")
    assert f".*{records.PART}" in lines
