"""Files that nothing here reads or that overwrite each other, and texts that hide."""

import os
from collections.abc import Iterator

from harness.core.characters import ESCAPE, faults
from harness.core.page import Page
from harness.core.problem import Problem
from harness.core.tree import Tree
from harness.site.copies import place

READ = {".md", ".py", ".ipynb"}  # below docs/, but for what is in assets/
ASSETS = set(".py .svg .css .js .json .txt .pt .onnx .safetensors .woff2 .wasm".split())
NOT_PUBLISHED = {"ruff.toml"}


def check(tree: Tree, pages: list[Page]) -> Iterator[Problem]:
    yield from _addresses(pages)
    yield from _unread(tree)
    for file in [tree.root / "mkdocs.yml", *tree.files(tree.recorded, ".yml")]:
        text = tree.text(file) or ""
        for fault in faults(text):
            yield Problem(tree.show(file), *fault)
        for number, line in enumerate(text.split("\n"), 1) if "\\" in text else ():
            if found := ESCAPE.search(line):
                what = f"an escape, {found.group()}…, which hides what it says"
                yield Problem(tree.show(file), number, what, "write the character")


def _addresses(pages: list[Page]) -> Iterator[Problem]:
    """Pages of which the second overwrites the first, on some disks at least."""
    known: dict[str, Page] = {}
    for one in pages:
        if one.path.name.lower() == "readme.md":
            what = "MkDocs takes a README for the index of its folder"
            yield one.problem(0, what, "name it index.md")
        first = known.setdefault(place(one.name).casefold(), one)
        if first is not one:
            what = f"has the address of {first.shown}"
            yield one.problem(0, what, "give one of them another name")


def _is_left_out(inside: tuple[str, ...]) -> bool:
    """By MkDocs itself, or as made beside a file by `exclude_docs` of mkdocs.yml."""
    made = inside[-1].endswith(("~", ".pyc"))
    return made or any(one.startswith(".") for one in inside)


def _unread(tree: Tree) -> Iterator[Problem]:
    """What MkDocs would publish of docs/, and no check of this project reads."""
    for folder, folders, names in os.walk(tree.docs):
        for name in sorted(folders + names):
            file = tree.docs / folder / name
            shown, inside = tree.show(file), file.relative_to(tree.docs).parts
            if file.is_symlink():
                what = "a link, which MkDocs would follow and nothing here reads"
                yield Problem(shown, 0, what, "put the files themselves there")
            elif name in names and not _is_left_out(inside):
                known = ASSETS if inside[0] == "assets" else READ
                if file.suffix not in known and name not in NOT_PUBLISHED:
                    what = "MkDocs would publish this file, and nothing here reads it"
                    fix = "make a page of it, .md in Markdown"
                    yield Problem(shown, 0, what, fix)
