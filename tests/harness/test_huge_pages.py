"""That memory in huge pages is the same memory, and that forks still share it."""

import os
import sys

import pytest

from harness.run import preload

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="madvise is Linux's")


def test_memory_holds_what_it_held_before():
    data = bytearray(os.urandom(8 * 2**21))
    before = bytes(data)
    preload.collapse()
    assert data == before
    pid = os.fork()
    if pid == 0:
        data[::4096] = bytes(len(data[::4096]))
        os._exit(data == before)
    assert os.waitpid(pid, 0)[1] == 0
    assert data == before
