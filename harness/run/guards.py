"""What a program may not do: reach other machines, write elsewhere, eat memory, read
the secrets of its environment.

An audit hook sees what Python code does and says so in better words; the kernel stops
native code too, where it permits that (Linux): `torch.save` opens its file in C++.
A kernel loads this file alone, so it imports nothing of ours.
"""

import ctypes
import ipaddress
import os
import re
import shutil
import socket
import struct
import sys
from collections.abc import Callable
from pathlib import Path

CLONE_NEWNS, CLONE_NEWUSER, CLONE_NEWNET = 0x20000, 0x10000000, 0x40000000
SIOCSIFFLAGS, IFF_UP = 0x8914, 1
MS_RDONLY, MS_REMOUNT, MS_BIND, MS_PRIVATE = 1, 32, 4096, 16384 | 1 << 18
MS_LOCKED = 2 | 4 | 8  # of a mount, which a user must not take from it

WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
# What changes a file: audit events, and which of their arguments name it.
ALTERS = "remove rmdir mkdir truncate chmod chown utime setxattr removexattr".split()
CHANGES = {f"os.{what}": (0,) for what in ALTERS}
CHANGES |= {"os.link": (1,), "os.symlink": (1,), "os.rename": (0, 1)}
CONNECTS = {"socket.connect", "socket.sendto", "socket.sendmsg"}
LOOKS_UP = {"socket.getaddrinfo", "socket.gethostbyname", "socket.gethostbyaddr"}

# What of the environment programs and kernels get; tokens have names of all kinds.
KEPT = re.compile(
    r"(PATH|HOME|TMPDIR|TEMP|TMP|LANG|LANGUAGE|LC_\w+|TZ|USER|LOGNAME|CC|CXX|SDKROOT"
    r"|LD_LIBRARY_PATH|CUDA_(HOME|PATH|VISIBLE_DEVICES)|NVIDIA_VISIBLE_DEVICES"
    r"|PYENV_ROOT"  # where HOME is another, it says which Python a name is
    r"|SYSTEMROOT|SYSTEMDRIVE|WINDIR|COMSPEC|PATHEXT|USERPROFILE|(LOCAL)?APPDATA"
    r"|USERNAME|NUMBER_OF_PROCESSORS|PROCESSOR_\w+)",
    re.IGNORECASE,  # Windows tells no case from another
)

DEVICES = [
    Path("/dev", name) for name in "null zero full random urandom tty ptmx pts".split()
]
SHARED, SHARED_SIZE = Path("/dev/shm"), "1g"  # memory, as DataLoader's workers use it

# System calls of Landlock, the same on every processor, and what they are asked.
CREATE, ADD, RESTRICT = 444, 445, 446
ABI_VERSION, BENEATH_PATH, NO_NEW_PRIVILEGES = 1, 1, 38
# Writing, removing, making what a folder can hold, moving (second version of the
# interface), truncating (third).
WRITES = 1 << 1 | sum(1 << bit for bit in range(4, 13)) | 1 << 13
TRUNCATES = 1 << 14
OF_A_FILE = 1 << 1 | TRUNCATES  # the others are of folders
SIGNALS = 1 << 1  # sixth version: to processes that are not so restricted


def environment() -> dict[str, str]:
    """What of ours a program gets."""
    return {k: v for k, v in os.environ.items() if KEPT.fullmatch(k)}


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
            if event == "os.mkdir" and os.path.isdir(args[0]):
                return  # Python says that it is there
            for place in CHANGES[event]:
                inside(args[place], _itself)

    def inside(path, resolve: Callable[[str], str]) -> None:
        if not isinstance(path, str | bytes | os.PathLike):
            return  # an open file
        real = resolve(os.fsdecode(path))
        if os.path.dirname(real) == str(SHARED):
            return
        if not any(real == root or real.startswith(root + os.sep) for root in roots):
            refuse(f"writes outside its folder: {real}", PermissionError)

    def refuse(what: str, error: type[Exception]) -> None:
        note(what)
        raise error(f"a program must not do this: it {what}")

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
    """Move this process into a network that has only loopback; whether that worked."""
    return _tried(_cut)


def own_memory(scratch: Path, own: Path) -> bool:
    """Give this process a SHARED of its own; whether that worked.

    Where `scratch` is in it, of that only `own` can be written from now on.
    """
    return _tried(lambda: _own(scratch, own))


def _tried(work: Callable[[], bool]) -> bool:
    """Do it if that works in a fork.

    Ubuntu lets a process into a user namespace, then maps no user.
    """
    pid = os.fork()
    if pid == 0:
        try:
            os._exit(not work())
        finally:
            os._exit(1)
    return os.waitpid(pid, 0)[1] == 0 and work()


def _own(scratch: Path, own: Path) -> bool:
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.unshare(CLONE_NEWNS) != 0:
        return False

    def mount(source: str, target: Path, flags: int, kind="", options="") -> None:
        texts = [str(text).encode() for text in (source, target, kind)]
        if libc.mount(*texts, ctypes.c_ulong(flags), options.encode()) != 0:
            raise OSError(ctypes.get_errno(), f"cannot mount {target}")

    mount("", Path("/"), MS_PRIVATE)
    places = [os.open(path, os.O_PATH) for path in (scratch, own)]
    mount("tmpfs", SHARED, 2 | 4, "tmpfs", f"size={SHARED_SIZE},mode=1777")
    if scratch.parent == SHARED:
        scratch.mkdir()
        mount(f"/proc/self/fd/{places[0]}", scratch, MS_BIND)
        kept = os.statvfs(scratch).f_flag & MS_LOCKED
        mount("", scratch, MS_REMOUNT | MS_BIND | MS_RDONLY | kept)
        mount(f"/proc/self/fd/{places[1]}", own, MS_BIND)
    for place in places:
        os.close(place)
    return True


def take_shared(scratch: Path) -> list[str]:
    """Remove what is left in a SHARED of our own; its names."""
    left = sorted(path for path in SHARED.iterdir() if path != scratch)
    for path in left:
        shutil.rmtree(path) if path.is_dir() else path.unlink()
    return [f"shm/{path.name}" for path in left]


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


def limit_files(most: int) -> None:
    """Let no file of this process and those below it have more bytes."""
    import resource  # Unix alone has it

    resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))


class _Beneath(ctypes.Structure):
    _pack_ = 1
    _fields_ = [("allowed", ctypes.c_uint64), ("folder", ctypes.c_int32)]


def allow_writes(places: list[Path]) -> bool:
    """Let this process write below `places` alone, and signal those below itself.

    Whether the kernel offers that.
    """
    libc = ctypes.CDLL(None)
    version = libc.syscall(CREATE, None, ctypes.c_size_t(0), ABI_VERSION)
    if version < 2:  # the first one also forbids moves from folder to folder
        return False
    handled = WRITES | (TRUNCATES if version > 2 else 0)
    asked = struct.pack("QQQ", handled, 0, SIGNALS if version > 5 else 0)
    rules = libc.syscall(CREATE, asked, ctypes.c_size_t(len(asked)), 0)
    if rules < 0:
        return False
    for path in filter(Path.exists, places):
        allowed = handled if path.is_dir() else handled & OF_A_FILE
        place = os.open(path, os.O_PATH)
        beneath = ctypes.byref(_Beneath(allowed, place))
        libc.syscall(ADD, rules, BENEATH_PATH, beneath, 0)
        os.close(place)
    libc.prctl(NO_NEW_PRIVILEGES, 1, 0, 0, 0)
    done = libc.syscall(RESTRICT, rules, 0) == 0
    os.close(rules)
    return done
