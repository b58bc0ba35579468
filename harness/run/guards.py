"""What a program may not do: reach other machines, write elsewhere, eat memory.

An audit hook sees what Python code does and says so in better words; the kernel stops
native code too, where it permits that (Linux): `torch.save` opens its file in C++.
"""

import ctypes
import ipaddress
import os
import socket
import struct
import sys
from collections.abc import Callable
from pathlib import Path

CLONE_NEWUSER, CLONE_NEWNET = 0x10000000, 0x40000000
SIOCSIFFLAGS, IFF_UP = 0x8914, 1

WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
CHANGES = {  # audit event -> which of its arguments are changed
    "os.remove": (0,),
    "os.rename": (0, 1),
    "os.rmdir": (0,),
    "os.mkdir": (0,),
    "os.truncate": (0,),
    "os.link": (1,),
    "os.symlink": (1,),
    "os.chmod": (0,),
}
CONNECTS = {"socket.connect", "socket.sendto", "socket.sendmsg"}
LOOKS_UP = {"socket.getaddrinfo", "socket.gethostbyname", "socket.gethostbyaddr"}

# System calls of Landlock, the same on every processor, and what they are asked.
CREATE, ADD, RESTRICT = 444, 445, 446
ABI_VERSION, BENEATH_PATH, NO_NEW_PRIVILEGES = 1, 1, 38
# Writing, removing, making what a folder can hold, moving (second version of the
# interface), truncating (third).
WRITES = 1 << 1 | sum(1 << bit for bit in range(4, 13)) | 1 << 13
TRUNCATES = 1 << 14


def watch(note: Callable[[str], None], writable: list[Path]) -> None:
    """Refuse network beyond loopback and writing outside `writable`, and note it."""
    roots = tuple(os.path.realpath(path) for path in writable)

    def hook(event: str, args: tuple) -> None:
        if event in CONNECTS:
            address = args[1]
            if isinstance(address, tuple) and not is_loopback(address[0]):
                refuse(f"reaches for the network: {address[0]}:{address[1]}", OSError)
        elif event in LOOKS_UP:
            if not is_loopback(args[0]):
                refuse(f"reaches for the network: looks up {args[0]!r}", OSError)
        elif event == "open":
            path, mode, flags = args
            writes = isinstance(flags, int) and flags & WRITING
            if writes or (mode and set(mode) & set("wax+")):
                inside(path, os.path.realpath)
        elif event in CHANGES:
            for place in CHANGES[event]:
                inside(args[place], _itself)

    def inside(path, resolve: Callable[[str], str]) -> None:
        if not isinstance(path, str | bytes | os.PathLike):
            return  # an open file
        real = resolve(os.fsdecode(path))
        if not any(real == root or real.startswith(root + os.sep) for root in roots):
            refuse(f"writes outside its folder: {real}", PermissionError)

    def refuse(what: str, error: type[Exception]) -> None:
        note(what)
        raise error(f"a snippet must not do this: it {what}")

    sys.addaudithook(hook)


def _itself(path: str) -> str:
    """A path with its folder resolved, not its last part: a link is changed itself."""
    folder, name = os.path.split(os.path.abspath(path))
    return os.path.join(os.path.realpath(folder), name)


def is_loopback(host) -> bool:
    """Whether a host name or address is this machine."""
    if host in (None, "", "localhost", b"localhost"):
        return True
    try:
        return ipaddress.ip_address(os.fsdecode(host).split("%")[0]).is_loopback
    except ValueError:
        return host == socket.gethostname()


def cut_network() -> bool:
    """Move this process into a network that has only loopback; whether that worked.

    Tried in a fork: Ubuntu lets a process into a user namespace, then maps no user.
    """
    pid = os.fork()
    if pid == 0:
        try:
            os._exit(not _cut())
        finally:
            os._exit(1)
    return os.waitpid(pid, 0)[1] == 0 and _cut()


def _cut() -> bool:
    import fcntl  # Unix alone has it

    libc = ctypes.CDLL(None)
    user, group = os.getuid(), os.getgid()
    if libc.unshare(CLONE_NEWNET) != 0:
        if libc.unshare(CLONE_NEWUSER | CLONE_NEWNET) != 0:
            return False
        Path("/proc/self/setgroups").write_text("deny")
        Path("/proc/self/uid_map").write_text(f"{user} {user} 1")
        Path("/proc/self/gid_map").write_text(f"{group} {group} 1")
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as control:
        fcntl.ioctl(control, SIOCSIFFLAGS, struct.pack("16sh", b"lo", IFF_UP))
    return True


def limit_memory(extra: int) -> None:
    """Let this process's address space grow by `extra` bytes and no further."""
    import resource  # Unix alone has it

    pages = int(Path("/proc/self/statm").read_text().split()[0])
    most = pages * os.sysconf("SC_PAGE_SIZE") + extra
    resource.setrlimit(resource.RLIMIT_AS, (most, most))


class _Beneath(ctypes.Structure):
    _pack_ = 1
    _fields_ = [("allowed", ctypes.c_uint64), ("folder", ctypes.c_int32)]


def allow_writes(folders: list[Path]) -> bool:
    """Let this process write below `folders` alone; whether the kernel offers that."""
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
