"""What programs do where Python lacks what Linux has: a trial as Windows and macOS.

Not tried are the digits of another processor, backslashes, and what C++ does otherwise.
"""

import sys

import pytest

from harness.core.directives import SYSTEMS
from harness.core.snippet import find
from harness.core.tree import HERE
from harness.run import pool
from harness.run.lane import plan, run
from harness.run.options import Options

# One of each kind that holds there, and one of each that says what it needs.
HOLD = {
    "win32": ["errors/training/main_guarded", "start/import_stays"],
    "darwin": ["start/how_a_kernel_dies"],
}
LACK = {
    "errors/training/disk_full": "open file failed",
    "errors/training/files_open": "import of resource halted",
    "errors/training/loader_that_hangs": "cannot find context for 'fork'",
    "errors/training/worker_ends": "no attribute 'SIGKILL'",
    "errors/training/workers_that_fit": "no attribute 'sched_getaffinity'",
    "errors/install/onnxscript_not_installed": "os.symlink() not available",
}
pytestmark = pytest.mark.usefixtures("shared_parents")


@pytest.fixture
def failed(monkeypatch):
    """Why programs do not do there what they do here, by name."""
    environment = pool.environment

    def tried(system: str, names: list[str]) -> dict[str, str]:
        there = {"SYSTEM": system}
        monkeypatch.setattr(pool, "environment", lambda *how: environment(*how) | there)
        done = run(HERE, Options(paths=names, seed=1, patience=20))
        return {o.snippet.name: o.problems[0].what for o in done if o.problems}

    return tried


def test_a_program_that_says_what_it_needs_lacks_it_there(failed):
    found = failed("win32", [*HOLD["win32"], *LACK])
    assert found.keys() == LACK.keys()
    assert not [name for name, words in LACK.items() if words not in found[name]]


def test_what_linux_alone_has_a_mac_lacks(failed):
    lacks = ["errors/training/disk_full", "errors/training/workers_that_fit"]
    assert [*failed("darwin", [*HOLD["darwin"], *lacks])] == lacks


def there(monkeypatch, system: str) -> set[str]:
    with monkeypatch.context() as patch:
        patch.setattr(sys, "platform", system)
        planned = plan(find(HERE), "cpu")[0]
    asked = {one.name: one.directives for one in planned}
    return {n for n, its in asked.items() if not (its.needs - {*SYSTEMS} or its.run)}


@pytest.mark.weekly
@pytest.mark.timeout(3600)
def test_all_others_do_there_what_they_do_here(failed, monkeypatch):
    """On macOS those that Windows cannot run; it lacks less."""
    windows = there(monkeypatch, "win32")
    assert len(windows) > 1000
    assert failed("win32", sorted(windows)) == {}
    assert failed("darwin", sorted(there(monkeypatch, "darwin") - windows)) == {}
