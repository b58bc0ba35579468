"""Where programs run, whatever the machine has in memory."""

import sys
import tempfile
from pathlib import Path

import pytest

from harness.run import pool


@pytest.fixture
def made(monkeypatch):
    monkeypatch.delenv("TMPDIR", raising=False)
    folders = []
    yield lambda: folders.append(pool.make_folder()) or folders[-1]
    for folder in folders:
        folder.rmdir()


@pytest.mark.skipif(
    sys.platform != "linux", reason="asks what a kernel says of a mount"
)
def test_a_place_in_memory_is_taken_if_it_has_room(made, monkeypatch, tmp_path):
    monkeypatch.setattr(pool, "MEMORY", tmp_path)
    monkeypatch.setattr(pool, "ROOM", 1)
    assert made().parent == tmp_path


def test_who_sets_a_folder_gets_it(made, monkeypatch, tmp_path):
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr(tempfile, "tempdir", None)
    assert made().parent == tmp_path


@pytest.mark.parametrize("place", ["too small", "not there"])
def test_otherwise_the_systems_own_is(made, monkeypatch, tmp_path, place):
    folder = tmp_path if place == "too small" else tmp_path / "none"
    monkeypatch.setattr(pool, "MEMORY", folder)
    monkeypatch.setattr(pool, "ROOM", 1 << 62)
    assert made().parent == Path(tempfile.gettempdir())
