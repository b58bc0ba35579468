"""The leading comment lines of a snippet that say what is special about it.

A reader sees these lines too, so each is a plain English `# key: value`.
"""

import difflib
import os
import re
import shlex
from dataclasses import dataclass

from harness.core import limits
from harness.core.problem import Problem

NEEDS = ("cuda", "keras", "onnxruntime", "tensorflow", "torchvision", "compiler")
# Packages that do not go with what this project installs: each has a virtual
# environment and a lane of its own. Its torchvision is of another build than torch.
APART = ("tensorflow", "torchvision")
KEYS = ("raises", "warns", "needs", "takes", "run", "figure")
LAUNCHERS = ("torchrun", "python")
# What other tools, or a guess, call what these keys do: no ordinary comments.
ELSEWHERE = frozenset(
    "skip skipif xfail ignore output expect expects expected require requires timeout "
    "time tolerance rtol atol floats error exception warning device gpu seed picture "
    "image plot alt launch launcher command".split()
)

LINE = re.compile(r"#\s*(?P<key>[A-Za-z_-]+)\s*:(?P<value>.*)")
EXACT = re.compile(r"# (?P<key>[a-z]+): (?P<value>\S.*)")
NAME = re.compile(r"[A-Za-z_][\w.]*")
PROCESSES = re.compile(r"--nproc[-_]per[-_]node[= ](\d+)")


@dataclass(frozen=True)
class Directives:
    """What the leading comment lines of one snippet declare."""

    raises: str | None = None  # type name, as the traceback shows it
    warns: str | None = None  # category names, with commas between them
    needs: frozenset[str] = frozenset()
    takes: float = limits.SECONDS
    run: tuple[str, ...] = ()  # launcher and its arguments
    figure: str | None = None  # what the picture shows, for those who cannot see it

    @property
    def categories(self) -> tuple[str, ...]:
        """The names of the warnings that must come."""
        return tuple(self.warns.split(", ")) if self.warns else ()

    @property
    def lane(self) -> str:
        """The lane that records what it prints and draws."""
        return next((need for need in APART if need in self.needs), "cpu")

    @property
    def processes(self) -> int:
        """How many processes a launcher starts; 1 where it does not give a number."""
        found = PROCESSES.search(" ".join(self.run))
        return int(found[1]) if found else 1


def parse(source: str, where: str = "") -> Directives:
    """Read the directives of a snippet.

    Raises Problem for a key that is unknown, misspelt, repeated, out of
    place, or whose value makes no sense.
    """
    found: dict[str, tuple[int, str]] = {}
    last = None
    lines = source.split("\n")
    body = next(
        (n for n, line in enumerate(lines) if not line.startswith("#")), len(lines)
    )
    for number, line in enumerate(lines[:body], 1):
        if last and line.startswith("#   "):  # an indented line carries on
            found[last] = (found[last][0], f"{found[last][1]} {line[1:].strip()}")
            continue
        last = None
        key = _key(where, number, line)
        if key is None:
            continue
        if key in found:
            fix = "keep one line for both, with a comma between them"
            fix = fix if key in ("warns", "needs") else "keep one"
            raise Problem(where, number, f"'# {key}:' stands twice", fix)
        found[key] = (number, EXACT.fullmatch(line).group("value").strip())
        last = key
    for number, line in enumerate(lines[body:], body + 1):
        late = LINE.fullmatch(line.strip())
        if late and _closest(late.group("key")):
            raise Problem(
                where,
                number,
                f"'# {late.group('key')}:' stands below the first code line",
                "move it to the leading comment lines, or put it in other words",
            )
    return _read(where, found)


def _key(where: str, number: int, line: str) -> str | None:
    """The key of a directive line; None for an ordinary comment."""
    exact, loose = EXACT.fullmatch(line), LINE.fullmatch(line)
    if exact and exact.group("key") in KEYS:
        return exact.group("key")
    word = loose.group("key") if loose else line.lstrip("# ").split(" ")[0]
    close = _closest(word)
    if close and (loose or " " in line.strip("# ")):
        fix = f"write '# {close}: …', or begin the comment with another word"
    elif loose and word.lower() in ELSEWHERE:
        fix = f"known are: {', '.join(KEYS)}"
    else:
        return None
    raise Problem(where, number, f"'{line}' is not a directive", fix)


def _closest(word: str) -> str | None:
    """The key that a word is, or is one letter away from."""
    word = word.lower()
    close = difflib.get_close_matches(word, KEYS, n=1, cutoff=0.75)
    return close[0] if close and _one_letter_away(word, close[0]) else None


def _one_letter_away(a: str, b: str) -> bool:
    """Whether one letter less, more, other or swapped makes two words the same."""
    start = len(os.path.commonprefix([a, b]))
    a, b = a[start:], b[start:]
    return a[1:] == b[1:] or a[1:] == b or a == b[1:] or a[1::-1] + a[2:] == b


def _read(where: str, found: dict[str, tuple[int, str]]) -> Directives:
    values = {}
    for key, (line, text) in found.items():

        def refuse(fix, line=line, key=key, text=text):
            raise Problem(where, line, f"'# {key}: {text}' makes no sense", fix)

        if key == "raises":
            if not NAME.fullmatch(text):
                refuse("name one type, as in '# raises: RuntimeError'")
            values[key] = text
        elif key == "warns":
            names = [part.strip() for part in text.split(",")]
            if not all(map(NAME.fullmatch, names)) or len({*names}) < len(names):
                refuse("name each type once, as in '# warns: UserWarning'")
            values[key] = ", ".join(names)
        elif key == "needs":
            needs = frozenset(part.strip() for part in text.split(","))
            if not needs <= set(NEEDS):
                refuse(f"it needs one of: {', '.join(NEEDS)}")
            values[key] = needs
        elif key == "takes":
            number = re.fullmatch(r"(\d+(?:\.\d+)?) s", text)
            if not number:
                refuse("give seconds, as in '# takes: 30 s'")
            values[key] = float(number.group(1))
        elif key == "run":
            command = tuple(shlex.split(text))
            if command[0] not in LAUNCHERS:
                refuse("start it with 'torchrun' or 'python'")
            values[key] = command
        else:
            if len(text) < limits.ALT:
                refuse(
                    f"say in a sentence what the picture shows, in {limits.ALT} "
                    "characters or more"
                )
            values[key] = text
    return Directives(**values)
