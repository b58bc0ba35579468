"""Keeps a process from writing outside some folders, native code included (Linux).

The audit hook of `harness.run.guards` sees what Python opens, and says so in better
words; `torch.save` opens its file in C++.
"""

import ctypes
import os
from pathlib import Path

CREATE, ADD, RESTRICT = 444, 445, 446  # system calls, the same on every processor
ABI_VERSION, BENEATH_PATH, NO_NEW_PRIVILEGES = 1, 1, 38
# Writing, removing, making what a folder can hold, moving (second version of the
# interface), truncating (third).
WRITES = 1 << 1 | sum(1 << bit for bit in range(4, 13)) | 1 << 13
TRUNCATES = 1 << 14


class _Beneath(ctypes.Structure):
    _pack_ = 1
    _fields_ = [("allowed", ctypes.c_uint64), ("folder", ctypes.c_int32)]


def allow_writes(folders: list[Path]) -> bool:
    """Let this process and what it starts write below `folders` alone, for good.

    Returns whether the kernel offers it.
    """
    libc = ctypes.CDLL(None)
    version = libc.syscall(CREATE, None, ctypes.c_size_t(0), ABI_VERSION)
    if version < 2:  # the first one also forbids moves from folder to folder
        return False
    handled = ctypes.c_uint64(WRITES | (TRUNCATES if version > 2 else 0))
    size = ctypes.c_size_t(ctypes.sizeof(handled))
    rules = libc.syscall(CREATE, ctypes.byref(handled), size, 0)
    if rules < 0:
        return False
    for folder in folders:
        place = os.open(folder, os.O_PATH)
        beneath = ctypes.byref(_Beneath(handled.value, place))
        libc.syscall(ADD, rules, BENEATH_PATH, beneath, 0)
        os.close(place)
    libc.prctl(NO_NEW_PRIVILEGES, 1, 0, 0, 0)
    done = libc.syscall(RESTRICT, rules, 0) == 0
    os.close(rules)
    return done
