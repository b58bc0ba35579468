"""The leading comment lines of a snippet that say what is special about it.

A reader sees these lines too, so each is a plain English `# key: value`.
"""

import difflib
import re
import shlex
from dataclasses import dataclass

from harness.core.problem import Problem

NEEDS = ("cuda", "keras", "onnxruntime", "tensorflow", "torchvision", "compiler")
# Packages that do not go with what this project installs: each has a virtual
# environment and a lane of its own. Its torchvision is of another build than torch.
APART = ("tensorflow", "torchvision")
KEYS = ("raises", "warns", "needs", "takes", "run", "floats", "figure")
SHORTEST = 20  # characters that say what a picture shows
LAUNCHERS = ("torchrun", "python")

LINE = re.compile(r"#\s*(?P<key>[A-Za-z_-]+)\s*:(?P<value>.*)")
EXACT = re.compile(r"# (?P<key>[a-z]+): (?P<value>\S.*)")
NAME = re.compile(r"[A-Za-z_][\w.]*")


@dataclass(frozen=True)
class Directives:
    """What the leading comment lines of one snippet declare."""

    raises: str | None = None  # type name, as the traceback shows it
    warns: str | None = None  # category name
    needs: frozenset[str] = frozenset()
    takes: float = 5.0  # seconds
    run: tuple[str, ...] = ()  # launcher and its arguments
    rtol: float | None = None  # relative tolerance for floats alone
    figure: str | None = None  # what the picture shows, for those who cannot see it

    @property
    def lane(self) -> str:
        """The lane that records what it prints and draws."""
        return next((need for need in APART if need in self.needs), "cpu")


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
            raise Problem(where, number, f"'# {key}:' stands twice", "keep one")
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
    if loose or (close and " " in line.strip("# ")):
        fix = f"write '# {close}: …'" if close else f"known are: {', '.join(KEYS)}"
        raise Problem(where, number, f"'{line}' is not a directive", fix)
    return None


def _closest(word: str) -> str | None:
    close = difflib.get_close_matches(word.lower(), KEYS, n=1, cutoff=0.75)
    return close[0] if close else None


def _read(where: str, found: dict[str, tuple[int, str]]) -> Directives:
    values = {}
    for key, (line, text) in found.items():

        def refuse(fix, line=line, key=key, text=text):
            raise Problem(where, line, f"'# {key}: {text}' makes no sense", fix)

        if key in ("raises", "warns"):
            if not NAME.fullmatch(text):
                refuse(f"name one type, as in '# {key}: RuntimeError'")
            values[key] = text
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
        elif key == "floats":
            number = re.fullmatch(r"rtol (\d+(?:\.\d+)?(?:e-\d+)?)", text)
            if not number or not 0 < float(number.group(1)) < 1:
                refuse("give a relative tolerance, as in '# floats: rtol 1e-4'")
            values["rtol"] = float(number.group(1))
        else:
            if len(text) < SHORTEST:
                refuse(
                    f"say in a sentence what the picture shows, in {SHORTEST} "
                    "characters or more"
                )
            values[key] = text
    return Directives(**values)
