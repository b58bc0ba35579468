"""Whether what is recorded belongs to the programs that are there."""

from collections.abc import Iterator
from pathlib import Path

from harness.core.problem import Problem
from harness.core.snippet import Snippet, digest
from harness.core.tree import Tree
from harness.judge.subject import record_command
from harness.judge.verdict import UNPRINTABLE
from harness.site.fragments import Recorded


def check(one: Recorded) -> Iterator[Problem]:
    """What does not fit between a snippet, its recorded output and the records."""
    tree, snippet = one.snippet.tree, one.snippet
    where, again = tree.show(snippet.path), record_command(snippet)
    if one.cpu is None:
        if one.out is not None:
            lane = snippet.directives.lane
            what = f"recorded/{lane}.json does not know it"
            yield Problem(tree.show(snippet.out), 0, what, again)
        elif not snippet.directives.needs:
            yield Problem(where, 0, "has no recorded output", again)
    elif one.cpu.source != digest(snippet.source):
        yield Problem(where, 0, "has changed since it was recorded", again)
    elif one.out is None:
        yield Problem(where, 0, "has no recorded output", again)
    elif snippet.directives.figure and not one.drawn:
        yield Problem(where, 0, "has no recorded figure", again)
    elif one.cpu.output != digest(one.out + _drawn(one)):
        file = snippet.out if one.out else snippet.figure
        yield Problem(tree.show(file), 0, "is not what was recorded", again)
    if one.cuda_out is not None:
        file = tree.show(snippet.cuda_out)
        again = record_command(snippet, "gpu")
        if one.gpu is None:
            yield Problem(file, 0, "no GPU's record knows it", again)
        elif one.gpu.output != digest(one.cuda_out):
            yield Problem(file, 0, "is not what a GPU printed", again)
    for file, text in ((snippet.out, one.out), (snippet.cuda_out, one.cuda_out)):
        yield from _unfit(tree.show(file), text or "")


def _drawn(one: Recorded) -> str:
    return one.snippet.figure.read_text(encoding="utf-8") if one.drawn else ""


def _unfit(file: str, text: str) -> Iterator[Problem]:
    """What a page cannot show as it is."""
    for number, line in enumerate(text.split("\n"), 1):
        if found := UNPRINTABLE.search(line):
            yield Problem(file, number, f"prints {found.group()!r}", "print plain text")
        if "8<--" in line:
            yield Problem(
                file, number, "prints an include mark", "print something else"
            )
    if text and not text.endswith("\n"):
        yield Problem(
            file,
            text.count("\n") + 1,
            "does not end in a newline",
            "end with a plain print()",
        )
    elif text.endswith("\n\n"):
        yield Problem(
            file,
            text.count("\n"),
            "ends in an empty line, which a page does not show",
            "print none at the end",
        )


def orphans(tree: Tree, snippets: list[Snippet]) -> Iterator[Problem]:
    """Files in the topics' folders that belong to no snippet."""
    known = set()
    for snippet in snippets:
        known |= {snippet.path, snippet.out, snippet.cuda_out}
        if "# figure:" in snippet.source:
            known |= {snippet.figure, snippet.figure_data}
    for folder in (tree.snippets, tree.recorded / "figures"):
        for file in sorted(folder.glob("*/**/*")):
            if file.is_file() and file not in known and not _is_cache(file, tree):
                yield Problem(
                    tree.show(file),
                    0,
                    "belongs to no snippet",
                    "remove it, or give the snippet its name back",
                )


def _is_cache(file: Path, tree: Tree) -> bool:
    parts = file.relative_to(tree.root).parts
    return any(part.startswith(".") or part == "__pycache__" for part in parts)
