"""Where things live, relative to one root: a test can point it at a small tree."""

import hashlib
import os
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

from harness.core.problem import Problem

PART = ".part"  # ends the hidden name of a file that is being written


class Tree:
    """The folders of one project; `root` is the folder that holds `mkdocs.yml`."""

    def __init__(self, root: Path):
        self.root, self._top = root, root.as_posix()
        self.docs = root / "docs"
        self.snippets = root / "snippets"
        self.recorded = root / "recorded"
        self.build = root / "build"
        # Generated Markdown, one file a snippet, which the pages include.
        self.fragments = self.build / "fragments"
        # The pages as stock `pytest --codeblocks` runs them.
        self.pages = self.build / "pages"
        # The pages as plain Markdown, published beside the HTML.
        self.markdown = self.build / "markdown"
        # The programs of the pages, each with what it needs, published as they are.
        self.programs = self.build / "programs"
        # The walkthroughs with their outputs, from which MkDocs renders them.
        self.notebooks = self.build / "notebooks"
        # Light and dark copies of the figures, where MkDocs finds them.
        self.pictures = self.docs / "assets" / "figures"
        # What the site's search reads.
        self.search = self.docs / "assets" / "search"
        # The last line of each page, where the theme's template finds it.
        self.stamps = root / "overrides" / "stamps"

    def show(self, path: Path) -> str:
        """`path` as a person would type it from the root."""
        # `relative_to` takes ten times as long, and the gate asks for every file.
        return path.as_posix().removeprefix(f"{self._top}/")

    def data(self, file: Path | str) -> bytes | None:
        """What a file holds; None where there is none."""
        try:
            with open(file, "rb") as there:
                return there.read()
        except (FileNotFoundError, IsADirectoryError, NotADirectoryError):
            return None

    def text(self, file: Path) -> str | None:
        """The same as text; raises Problem where it is none."""
        data = self.data(file)
        try:
            # As files are read that are opened as texts.
            return None if data is None else lines(data.decode("utf-8-sig"))
        except UnicodeDecodeError as error:
            what = f"is not in UTF-8 ({error})"
            raise Problem(str(file), 0, what, "save it as UTF-8") from error

    def source(self, file: Path) -> str:
        """The same of a file that must be there. Raises FileNotFoundError."""
        if (found := self.text(file)) is None:
            raise FileNotFoundError(file)
        return found

    def digest(self, file: Path) -> str:
        """Of what a file holds; nothing where there is none."""
        found = self.data(file)
        return "" if found is None else digest(found)

    def has(self, file: Path) -> bool:
        return os.path.isfile(file)

    def files(self, folder: Path, suffix: str = "") -> list[Path]:
        """All files below a folder whose names end so, in order; none is hidden."""
        found = []
        for above, folders, names in os.walk(folder):
            folders[:] = [one for one in folders if one[0] != "."]
            ours = (one for one in names if one[0] != "." and one.endswith(suffix))
            found += (os.path.join(above, one) for one in ours)
        return [Path(one) for one in sorted(found, key=lambda one: one.split(os.sep))]

    def write(self, file: Path, data: str | bytes) -> None:
        write(file, data)

    def remove(self, file: Path) -> None:
        file.unlink()

    def known(self, make: str, *given: str | bool):
        """What a function makes of this tree; `make` is its name from the module on."""
        module, _, name = make.rpartition(".")
        made = getattr(import_module(module), name)(self, *given)
        return [*made] if isinstance(made, Iterator) else made


HERE = Tree(Path(__file__).resolve().parents[2])


def digest(data: str | bytes) -> str:
    """SHA-256 of text or bytes in 16 hex digits: enough to notice a change."""
    if isinstance(data, str):
        data = data.encode()
    return hashlib.sha256(data).hexdigest()[:16]


def lines(text: str) -> str:
    """A text whose lines end alike, on whatever system it was written."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


def write(file: Path, data: str | bytes) -> None:
    """Replace a file in one step, so that no reader sees half of it.

    A file that already holds the data is left alone: live reload watches dates.
    """
    if isinstance(data, str):
        data = data.encode()
    if file.exists() and file.read_bytes() == data:
        return
    file.parent.mkdir(parents=True, exist_ok=True)
    part = file.with_name(f".{file.name}.{os.getpid()}{PART}")
    try:
        part.write_bytes(data)
        os.replace(part, file)
    finally:
        part.unlink(missing_ok=True)
