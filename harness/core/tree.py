"""Where things live, relative to one root: a test can point it at a small tree."""

from pathlib import Path

from harness.core.problem import Problem


class Tree:
    """The folders of one project; `root` is the folder that holds `mkdocs.yml`."""

    def __init__(self, root: Path):
        self.root = root
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
        return path.as_posix().removeprefix(f"{self.root.as_posix()}/")


HERE = Tree(Path(__file__).resolve().parents[2])


def read(file: Path) -> str:
    """The text of a file; raises Problem where it is no text."""
    try:
        return file.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        fix = "save it as UTF-8"
        raise Problem(str(file), 0, f"is not in UTF-8 ({error})", fix) from error
