"""What was made of a project, each part with all that it was made from.

A part is what a function makes of a tree and of names. It sees files through the tree
alone and other parts by `known`, so all that it saw is noted. While all of that is as
it was, the part is not made again; where anything is in doubt, it is.
"""

import os
import pickle
import re
import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path

from harness.core.tree import HERE, Tree, digest, write

FILE = "made.pickle"
NAME = re.compile(r"\b[A-Z][A-Z_]+\b")  # may be that of a variable of the environment
OURS = "harness", "docs/assets/javascripts/search"  # what our code reads of itself
Seen = tuple[str | bool, ...]  # "data", "has", "files" or "known", and of what
Fact = tuple[Seen, str]  # and what it was
# What it saw; a digest of its value, and the value, pickled.
Part = tuple[tuple[Fact, ...], str, bytes]


class Stopped(Exception):
    """What was asked for is wanted no more."""


def _code() -> str:
    """What decides, beside a project's files, what becomes of them."""
    files = (one for folder in OURS for one in HERE.files(HERE.root / folder))
    made = [digest(one.read_bytes()) for one in files if one.suffix != ".pyc"]
    places = filter(os.path.isdir, sys.path)
    every = (one for place in places for one in os.listdir(place))
    installed = sorted(one for one in every if one.endswith("-info"))
    return f"{made} {installed} {sys.version} {sys.platform}"


# Of a process: what it imported stays as it was.
CODE = cache(_code)


class Memory(Tree):
    """A tree that remembers. Once `stop` says so, it makes nothing more: Stopped."""

    def __init__(self, root: Path, stop: Callable[[], bool] = lambda: False):
        super().__init__(root)
        self._stop, self._file = stop, self.build / FILE
        self._found: dict[Seen, str] = {}  # what this run saw, and what it was
        self._held: dict[str, bytes | None] = {}  # what files hold
        self._lists: dict[Seen, list[Path]] = {}
        self._parts: dict[Seen, Part] = {}
        self._values: dict[Seen, object] = {}
        self._notes: list[dict[Seen, str]] = [{}]  # of what is being made, inmost last
        config = (super().data(root / "mkdocs.yml") or b"").decode(errors="replace")
        given = {name: os.environ.get(name) for name in sorted({*NAME.findall(config)})}
        self._key = digest(f"{CODE()} {given}").encode()
        mark, whole = self._key, super().data(self._file) or b""
        mark += digest(whole[2 * len(mark) :]).encode()
        self._before: dict[Seen, Part] = {}
        if whole.startswith(mark):
            self._before = pickle.loads(whole[len(mark) :])
        self._facts: dict[Fact, Fact] = {}  # each once, and so once in the file
        self._holds: dict[Fact, bool] = {}

    def keep(self, is_whole: bool) -> None:
        """Keep the parts of this run; where it broke off, also those of the last."""
        self._parts = self._parts if is_whole else self._before | self._parts
        if self._parts == self._before or _code() != CODE():
            return
        whole = pickle.dumps(self._parts, pickle.HIGHEST_PROTOCOL)
        write(self._file, self._key + digest(whole).encode() + whole)

    def data(self, file: Path) -> bytes | None:
        path = self.show(file)
        self._note(("data", path), self._look("data", path))
        return self._held[path]

    def digest(self, file: Path) -> str:
        self.data(file)
        return self._found["data", self.show(file)]

    def has(self, file: Path) -> bool:
        found = self._look("has", path := self.show(file))
        self._note(("has", path), found)
        return bool(found)

    def files(self, folder: Path, suffix: str = "") -> list[Path]:
        seen = "files", self.show(folder), suffix
        self._note(seen, self._look(*seen))
        return [*self._lists[seen]]

    def write(self, file: Path, data: str | bytes) -> None:
        """What a part wrote must stay as it is, too."""
        data = data.encode() if isinstance(data, str) else data
        if self._look("data", self.show(file)) != digest(data):
            super().write(file, data)
            self._changed(file, True)
        self.data(file)

    def remove(self, file: Path) -> None:
        super().remove(file)
        self._changed(file, False)

    def _changed(self, file: Path, there: bool) -> None:
        path = self.show(file)
        if bool(self._look("has", path)) != there:
            self._found.pop(("has", path), None)
            for seen in self._lists:
                self._found.pop(seen, None)
            self._lists.clear()
        self._found.pop(("data", path), None)
        self._held.pop(path, None)
        self._holds.clear()

    def known(self, make: str, *given: str | bool):
        seen = "known", make, *given
        self._note(seen, self._look(*seen))
        if seen not in self._values:
            self._values[seen] = pickle.loads(self._part(seen)[2])
        return self._values[seen]

    def _part(self, seen: Seen) -> Part:
        if seen not in self._parts:
            old = self._before.get(seen)
            if not old or not all(map(self._is, old[0])):
                old = self._made(seen)
            self._parts[seen] = old
        return self._parts[seen]

    def _made(self, seen: Seen) -> Part:
        if self._stop():
            self.keep(False)
            raise Stopped
        self._notes.append({})
        try:
            value = super().known(*seen[1:])
        except BaseException:  # of which another part may make something
            self._notes[-2].update(self._notes[-1])
            raise
        finally:
            notes = self._notes.pop()
        whole = pickle.dumps(value, pickle.HIGHEST_PROTOCOL)
        facts = tuple(self._facts.setdefault(one, one) for one in notes.items())
        return facts, digest(whole), whole

    def _note(self, seen: Seen, found: str) -> None:
        """Where two looks of a part differ, nothing will ever be as it was."""
        notes = self._notes[-1]
        notes[seen] = found if notes.get(seen, found) == found else "?"

    def _is(self, fact: Fact) -> bool:
        """Whether a look finds what it found then."""
        if fact not in self._holds:
            seen, was = fact
            try:
                self._holds[fact] = self._look(*seen) == was
            except Stopped:
                raise
            except Exception:  # whoever needs it will say so
                return False
        return self._holds[fact]

    def _look(self, how: str, *what: str | bool) -> str:
        """A digest of what there is, looked at once in a run."""
        if (seen := (how, *what)) not in self._found:
            if how == "known":
                found = self._part(seen)[1]
            elif how == "files":
                folder, suffix = what
                self._lists[seen] = super().files(self.root / folder, suffix)
                found = digest("\n".join(map(self.show, self._lists[seen])))
            elif how == "has":
                found = "file" if super().has(f"{self._top}/{what[0]}") else ""
            else:
                there = f"{self._top}/{what[0]}" if self._look("has", *what) else ""
                held = self._held[what[0]] = super().data(there) if there else None
                found = "" if held is None else digest(held)
            self._found[seen] = found
        return self._found[seen]
