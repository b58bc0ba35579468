"""Files that nothing here reads or that overwrite each other, and texts that hide."""

import os
import re
from collections.abc import Iterator

from harness.core.characters import ESCAPE, faults
from harness.core.page import Page
from harness.core.problem import Problem
from harness.core.tree import Tree
from harness.gate.numbers import claims
from harness.site.copies import place
from harness.site.markdown import Site

READ = {".md", ".py", ".ipynb"}  # below docs/, but for what is in assets/
ASSETS = set(".py .svg .css .js .json .txt .pt .onnx .safetensors .woff2 .wasm".split())
DRAWN = {"card.png"}  # and read by tests/browser/test_sharing.py
NOT_PUBLISHED = {"ruff.toml"}
FILLED = re.compile(r"\{[{%#].*?[}%#]\}")  # of a template


def check(tree: Tree, pages: list[Page]) -> Iterator[Problem]:
    yield from _addresses(pages)
    yield from _unread(tree)
    yield from _unproven(tree)
    yield from _copied(pages)
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


def _unproven(tree: Tree) -> Iterator[Problem]:
    """Numbers that are typed where no tie can stand."""
    site = Site(tree)
    told = {site.config.get(key) for key in ("site_description", "copyright")}
    told |= {*site.labels().values(), *(label for label, _ in site.parts())}
    texts = {site.file: "\n".join(filter(None, told))}
    for file in tree.files(tree.root / "harness", ".jinja"):
        texts[file] = FILLED.sub("", tree.text(file))
    for file, text in texts.items():
        lines = tree.text(file).split("\n")
        for _, written in (claim for row in text.split("\n") for claim in claims(row)):
            line = next((n for n, one in enumerate(lines, 1) if written in one), 0)
            what = f"nothing proves '{written}'"
            yield Problem(tree.show(file), line, what, "leave it out: here is no tie")


def _copied(pages: list[Page]) -> Iterator[Problem]:
    """Pages with the title or the description of another one."""
    known: dict[str, Page] = {}
    for one in (one for one in pages if not one.front_matter_problems()):
        for text in filter(None, (one.title, one.meta["description"])):
            if (first := known.setdefault(text, one)) is not one:
                line = one.typed.partition(text)[0].count("\n") + 1
                what = f"says of itself what {first.shown} does: '{text}'"
                yield one.problem(line, what, "say what is on this page alone")


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
                if file.suffix not in known and name not in NOT_PUBLISHED | DRAWN:
                    what = "MkDocs would publish this file, and nothing here reads it"
                    fix = "make a page of it, .md in Markdown"
                    yield Problem(shown, 0, what, fix)
