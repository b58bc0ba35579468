"""That the site on a desk follows its author through every mistake."""

import threading

import pytest

from harness import serve
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
