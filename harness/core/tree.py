"""Where things live, relative to one root: a test can point it at a small tree."""

from dataclasses import dataclass
from pathlib import Path

from harness.core.problem import Problem


@dataclass(frozen=True)
class Tree:
    """The folders of one project; `root` is the folder that holds `mkdocs.yml`."""

    root: Path

    @property
    def docs(self) -> Path:
        return self.root / "docs"

    @property
    def snippets(self) -> Path:
        return self.root / "snippets"

    @property
    def recorded(self) -> Path:
        return self.root / "recorded"

    @property
    def build(self) -> Path:
        return self.root / "build"

    @property
    def fragments(self) -> Path:
        """Generated Markdown, one file a snippet, which the pages include."""
        return self.build / "fragments"

    @property
    def pages(self) -> Path:
        """The pages as stock `pytest --codeblocks` runs them."""
        return self.build / "pages"

    @property
    def markdown(self) -> Path:
        """The pages as plain Markdown, published beside the HTML."""
        return self.build / "markdown"

    @property
    def pictures(self) -> Path:
        """Light and dark copies of the figures, where MkDocs finds them."""
        return self.docs / "assets" / "figures"

    @property
    def stamps(self) -> Path:
        """The last line of each page, where the theme's template finds it."""
        return self.root / "overrides" / "stamps"

    def show(self, path: Path) -> str:
        """`path` as a person would type it from the root."""
        try:
            return path.relative_to(self.root).as_posix()
        except ValueError:
            return str(path)


HERE = Tree(Path(__file__).resolve().parents[2])


def read(file: Path) -> str:
    """The text of a file; raises Problem where it is no text."""
    try:
        return file.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        fix = "save it as UTF-8"
        raise Problem(str(file), 0, f"is not in UTF-8 ({error})", fix) from error
