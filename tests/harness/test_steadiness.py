"""The ten runs in ten surroundings: what they cover, and how they are compared."""

import json
import os
from dataclasses import asdict

from harness.core.problem import Problem
from harness.core.tree import Tree
from harness.judge.result import Raised, Result, Warned
from harness.run.pool import environment
from tests import steadiness


def test_the_runs_differ_in_all_that_is_promised():
    languages, zones, umasks, seeds, jobs = map(set, zip(*steadiness.RUNS, strict=True))
    assert {"C", "POSIX", "C.utf8", "tr_TR.utf8", "de_DE.iso88591"} == languages
    assert {"UTC", "UTC-14", "UTC+11"} == zones and {0, 0o022, 0o077} == umasks
    assert {1, 3, 4294967294} == seeds and {1, 2} == jobs
    assert len(steadiness.RUNS) == 10 and steadiness.BUSY == 8


def report(file, tree: Tree, **changed) -> dict:
    (tree.snippets / "t").mkdir(parents=True, exist_ok=True)
    (tree.snippets / "t/one.py").write_text("print(1)\n")
    error = Raised("ValueError", "ValueError: no", 1, "")
    result = Result("finished", stdout="1\n", seconds=file.stem == "2", raised=error)
    warned = (Warned("UserWarning", "so", str(tree.snippets / "t/one.py"), 1),)
    row = {
        "run": asdict(result) | {"warned": [asdict(one) for one in warned]} | changed
    }
    problems = [Problem("one.py", 1, "raises ValueError", "").__dict__]
    names = {"t/one": {"problems": problems, "results": row}}
    names["t/two"] = {"problems": [], "results": {}}
    file.write_text(json.dumps({"snippets": names}))
    return steadiness.told(tree, file)


def test_reports_differ_by_what_was_printed_and_not_by_seconds(tmp_path):
    tree = Tree(tmp_path)
    first = report(tmp_path / "1.json", tree)
    said = "1\nUserWarning: so\nValueError: no\n"
    assert first["t/one"] == ([(1, "raises ValueError")], "finished", said, None)
    assert steadiness.apart(first, report(tmp_path / "2.json", tree)) == []
    other = report(tmp_path / "3.json", tree, stdout="2\n")
    assert steadiness.apart(first, other) == ["t/one"]
    said = steadiness.difference(first["t/one"], other["t/one"])
    assert said == "printed: '1' is '2' there"
    del other["t/two"]
    assert steadiness.apart(first, other) == ["t/one", "t/two"]


def test_the_busy_loops_are_ended(monkeypatch):
    begun, start = [], steadiness.subprocess.Popen

    def noted(*given, **named):
        begun.append(start(*given, **named))
        return begun[-1]

    monkeypatch.setattr(steadiness.subprocess, "Popen", noted)
    with steadiness.load(2):
        assert [one.poll() for one in begun] == [None, None]
    assert all(one.returncode for one in begun)
    assert not any(os.path.exists(f"/proc/{one.pid}") for one in begun)


def test_letters_are_not_drawn_by_the_language_of_the_system(monkeypatch, tmp_path):
    """In Turkish, f and i stay apart."""
    monkeypatch.setenv("LC_ALL", "tr_TR.utf8")
    assert environment("cpu", 0, tmp_path)["LC_ALL"] == "C.UTF-8"
