"""What a snippet may not do: reach other machines, write elsewhere, eat memory."""

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
LOOKS_UP = {"socket.getaddrinfo", "socket.gethostbyname", "socket.gethostbyaddr"}


def watch(note: Callable[[str], None], writable: list[Path]) -> None:
    """Refuse network beyond loopback and writing outside `writable`, and note it.

    An audit hook stays for the rest of the process and sees what Python code does;
    the network namespace of `cut_network` also stops native code.
    """
    roots = tuple(os.path.realpath(path) for path in writable)

    def hook(event: str, args: tuple) -> None:
        if event in ("socket.connect", "socket.sendto", "socket.sendmsg"):
            address = args[1]
            if isinstance(address, tuple) and not is_loopback(address[0]):
                refuse(f"reaches for the network: {address[0]}:{address[1]}", OSError)
        elif event in LOOKS_UP:
            if not is_loopback(args[0]):
                refuse(f"reaches for the network: looks up {args[0]!r}", OSError)
        elif event == "open":
            path, mode, flags = args
            writes = flags & WRITING if isinstance(flags, int) else 0
            if mode and any(letter in mode for letter in "wax+"):
                writes = True
            if writes:
                check(path)
        elif event in CHANGES:
            for place in CHANGES[event]:
                if isinstance(args[place], str | bytes | os.PathLike):
                    inside(_itself(args[place]))

    def check(path) -> None:
        if isinstance(path, str | bytes | os.PathLike):
            inside(os.path.realpath(os.fsdecode(path)))

    def inside(real: str) -> None:
        if not any(real == root or real.startswith(root + os.sep) for root in roots):
            refuse(f"writes outside its folder: {real}", PermissionError)

    def refuse(what: str, error: type[Exception]) -> None:
        note(what)
        raise error(f"a snippet must not do this: it {what}")

    sys.addaudithook(hook)


def _itself(path) -> str:
    """A path with its folder resolved, not its last part: a link is changed itself."""
    folder, name = os.path.split(os.path.abspath(os.fsdecode(path)))
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
    """Move this process into a network that has only loopback, where permitted.

    Linux; needs root or unprivileged user namespaces. Returns whether it worked.
    """
    if not sys.platform.startswith("linux") or not _permitted():
        return False
    return _cut()


def _permitted() -> bool:
    """Tried in a fork: Ubuntu lets a process into a namespace, then maps no user."""
    pid = os.fork()
    if pid == 0:
        try:
            os._exit(not _cut())
        except OSError:
            os._exit(1)
    return os.waitpid(pid, 0)[1] == 0


def _cut() -> bool:
    import fcntl

    libc = ctypes.CDLL(None, use_errno=True)
    uid, gid = os.getuid(), os.getgid()
    if libc.unshare(CLONE_NEWNET) != 0:
        if libc.unshare(CLONE_NEWUSER | CLONE_NEWNET) != 0:
            return False
        Path("/proc/self/setgroups").write_text("deny")
        Path("/proc/self/uid_map").write_text(f"{uid} {uid} 1")
        Path("/proc/self/gid_map").write_text(f"{gid} {gid} 1")
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as control:
        fcntl.ioctl(control, SIOCSIFFLAGS, struct.pack("16sh", b"lo", IFF_UP))
    return True


def limit_memory(extra: int) -> None:
    """Let this process's address space grow by `extra` bytes and no further."""
    import resource

    pages = int(Path("/proc/self/statm").read_text().split()[0])
    most = pages * os.sysconf("SC_PAGE_SIZE") + extra
    resource.setrlimit(resource.RLIMIT_AS, (most, most))
