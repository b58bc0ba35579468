"""Whether what is recorded belongs to the programs that are there."""

from collections.abc import Iterable, Iterator
from pathlib import Path

from harness.core import records
from harness.core.problem import Problem
from harness.core.snippet import Snippet, digest
from harness.core.tree import Tree
from harness.judge.shown import text_faults
from harness.judge.subject import record_command
from harness.site.fragments import Recorded


def check(one: Recorded) -> Iterator[Problem]:
    """What does not fit between a snippet, its recorded output and the records."""
    tree, snippet = one.snippet.tree, one.snippet
    where, again = tree.show(snippet.path), record_command(snippet)
    if one.cpu is None:
        if one.out is not None:
            what = "no record says which program printed it"
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
        for fault in text_faults(text or ""):
            yield Problem(tree.show(file), *fault)


def _drawn(one: Recorded) -> str:
    return one.snippet.figure.read_text(encoding="utf-8") if one.drawn else ""


def orphans(tree: Tree, snippets: list[Snippet]) -> Iterator[Problem]:
    """Files in the topics' folders, and records, that belong to no snippet."""
    known = set()
    for snippet in snippets:
        known |= {snippet.path, snippet.out, snippet.cuda_out}
        known |= {records.path(tree, lane, snippet.name) for lane in _lanes(snippet)}
        if "# figure:" in snippet.source:
            known |= {snippet.figure, snippet.figure_data}
    for folder in (tree.snippets, tree.recorded / "figures", tree.recorded / "runs"):
        for file in sorted(folder.glob("*/**/*")):
            if file.is_file() and file not in known and not _is_cache(file, tree):
                yield Problem(
                    tree.show(file),
                    0,
                    "belongs to no snippet",
                    "remove it, or give the snippet its name back",
                )


def _lanes(snippet: Snippet) -> Iterable[str]:
    """The lanes that may have run it: all, where its comments cannot be read."""
    try:
        return (snippet.directives.lane, "gpu")
    except Problem:
        return records.LANES


def _is_cache(file: Path, tree: Tree) -> bool:
    parts = file.relative_to(tree.root).parts
    return any(part.startswith(".") or part == "__pycache__" for part in parts)
