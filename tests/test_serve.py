"""That the site on a desk follows its author through every mistake."""

import threading

import pytest

from harness import serve
from harness.notebooks import make as notebooks
from harness.tree import Tree


def test_live_reload_outlives_a_file_that_cannot_be_read(tmp_path, monkeypatch, capsys):
    changed, made = threading.Event(), []

    def make(_):
        made.append(1)
        changed.set()
        if len(made) == 1:
            raise UnicodeDecodeError("utf-8", b"", 0, 1, "half a file")
        raise SystemExit  # it would go on for ever

    monkeypatch.setattr(serve, "_make", make)
    monkeypatch.setattr(serve, "SETTLE", 0)
    changed.set()
    with pytest.raises(SystemExit):
        serve._follow(Tree(tmp_path), changed)
    assert len(made) == 2
    assert "half a file" in capsys.readouterr().out


def test_a_walkthrough_is_executed_beside_the_server_and_may_fail(
    tmp_path, monkeypatch, capsys
):
    edited, made = threading.Event(), []

    def make(_, say):
        made.append(1)
        say(f"docs/walks/sum.py: {notebooks.UNCHANGED}")
        say("docs/walks/other.py: 2 cells in 1 s")
        edited.set()
        if len(made) == 1:
            raise ValueError("half a file")
        raise SystemExit

    monkeypatch.setattr(notebooks, "make", make)
    monkeypatch.setattr(serve, "_wait_for", lambda port: None)
    monkeypatch.setattr(serve, "SETTLE", 0)
    edited.set()
    with pytest.raises(SystemExit):
        serve._execute(Tree(tmp_path), edited, 8000)
    said = capsys.readouterr().out.split("\n")
    assert said[:2] == [
        "docs/walks/other.py: 2 cells in 1 s",
        "the notebooks stay as they were: half a file",
    ]
    assert not [line for line in said if notebooks.UNCHANGED in line]


def test_only_programs_ring_for_the_notebooks(tmp_path):
    from watchdog.events import FileModifiedEvent

    for name, rings in {"a.py": True, "a.ipynb": False, "a.md": False}.items():
        edited = threading.Event()
        serve._Bell(edited, ".py").on_any_event(FileModifiedEvent(f"/x/{name}"))
        assert edited.is_set() == rings, name
