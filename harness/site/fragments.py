"""The Markdown that a page includes: a snippet's code, what it printed, what it drew.

One file a snippet, `build/fragments/<name>.md`; `fragment.md.jinja` is what it looks
like. Plain Markdown, so that it also stands indented in a list or a tab.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from harness.core import exercise, records
from harness.core.directives import BUILDS, NEWER, SYSTEMS
from harness.core.page import Page
from harness.core.records import Entry
from harness.core.snippet import Snippet, digest, find
from harness.core.tree import Tree
from harness.judge.subject import read
from harness.site import pictures
from harness.site.tables.changes import Change
from harness.site.template import fill

CUDA_BUILD, NO_GPU = "cuda-build", "CUDA build, no GPU"
LONG = 79  # columns that a page shows on a wide screen
NO_CARD = "This has not run on a GPU yet"  # behind a mark: the page says it once, too


@dataclass(frozen=True)
class Recorded:
    """One snippet with what is known of its runs. Its directives must be readable."""

    snippet: Snippet
    cpu: Entry | None
    gpu: Entry | None
    builds: dict[str, Entry] = field(default_factory=dict)  # that differ, by lane

    @cached_property
    def out(self) -> str | None:
        """What the CPU lane printed; a picture alone prints nothing."""
        printed = self._read(self.snippet.out)
        if printed is None and self.cpu and self.snippet.directives.figure:
            return ""
        return printed

    @cached_property
    def cuda_out(self) -> str | None:
        """What a GPU printed, where that differs."""
        return self._read(self.snippet.cuda_out)

    @cached_property
    def built_out(self) -> dict[str, str]:
        """What the lanes of another torch or Python printed, where that differs."""
        texts = {lane: self._read(self.snippet.own_out(lane)) for lane in self.builds}
        return {lane: text for lane, text in texts.items() if text is not None}

    def change(self, lane: str) -> Change | None:
        """What made it print something else on the lane of a newer release."""
        find = "harness.site.tables.changes.first"
        return self.snippet.tree.known(find, lane, self.snippet.name)

    @cached_property
    def drawn(self) -> str:
        """What it drew, as SVG; "" where that is nothing."""
        return (
            self.snippet.directives.figure and self._read(self.snippet.figure)
        ) or ""

    def _read(self, file: Path) -> str | None:
        return read(file, self.snippet.tree)

    @property
    def on_gpu(self) -> str:
        """How it stands with the GPU lane; empty where that does not run it.

        "never", "changed" (the program, since), "own" (it has an output of its own),
        "same" as on the CPU, or "other": what it printed there is known no more.
        """
        if not (self.snippet.chooses_device or "cuda" in self.snippet.directives.needs):
            return ""
        if self.gpu is None:
            return "never"
        if self.gpu.source != digest(self.snippet.source):
            return "changed"
        if self.cuda_out is not None:
            return "own"
        return "same" if self.gpu.output == digest(self.out or "") else "other"

    @property
    def waits(self) -> bool:
        """Whether it needs a GPU and none has run it, so that no output is there."""
        return self.on_gpu == "never" and not self.cpu


class Programs(Mapping):
    """The snippets that can be shown, each with its entries in the records."""

    def __init__(self, tree: Tree):
        self._tree, self._made = tree, {}

    def __getitem__(self, name: str) -> Recorded:
        if name not in self._made:
            one = Snippet(self._tree, name)
            if not self._tree.known("harness.core.snippet.fit", name):
                raise KeyError(name)
            found = self._tree.known(f"{__name__}.entries", name)
            self._made[name] = Recorded(one, *found)
        return self._made[name]

    def __iter__(self) -> Iterator[str]:
        return (one.name for one in find(self._tree) if one.name in self)

    def __len__(self) -> int:
        return sum(1 for _ in self)


def entries(tree: Tree, name: str) -> tuple:
    """Those of the lane that records a snippet, of a GPU, and of other builds."""
    own = records.entry(tree, Snippet(tree, name).directives.lane, name)
    others = {lane: records.entry(tree, lane, name) for lane in BUILDS}
    found = {lane: entry for lane, entry in others.items() if entry}
    return own, records.entry(tree, "gpu", name), found


def make(one: Recorded) -> str:
    snippet, picture = one.snippet, ""
    if one.drawn:
        address, alt = pictures.FOLDER + snippet.name, snippet.directives.figure
        drawn = " | ".join(filter(None, [_cpu_run(one), *_builds_that_draw(one)]))
        picture = pictures.markdown(address, alt, one.drawn, drawn)
    facts = {"snippet": snippet, "picture": picture, "outputs": list(_outputs(one))}
    facts["waits"] = NO_CARD if one.waits else ""
    ways = {"fence": fence, "is_long": is_long}
    return fill("fragment", doubts=list(_doubts(one)), **facts, **ways) + "\n"


def write(tree: Tree, name: str) -> list[str]:
    """Write what pages include of a snippet; the names of fragments and pictures."""
    one, drawn = Programs(tree).get(name), {}
    begun = exercise.started(Snippet(tree, name))
    made = {f"{start}.md": to_start(start, text) for start, text in begun.items()}
    if one:
        made[f"{name}.md"] = make(one)
        drawn = pictures.twins(name, one.drawn) if one.drawn else {}
    for folder, texts in ((tree.fragments, made), (tree.pictures, drawn)):
        for file, text in texts.items():
            tree.write(folder / file, text)
    return [*made, *drawn]


def to_start(name: str, source: str) -> str:
    """What a page includes of an exercise, besides its solution."""
    return fence(f' {{ .python title="{name}.py" data-start="{name}" }}', source)


def _outputs(one: Recorded) -> Iterator[tuple[str, str, str, str]]:
    """What was printed: a title, the text, what ran where, and the change behind it."""
    if one.out:
        own = CUDA_BUILD in one.built_out
        title = "Output, CPU-only build" if own else "Output"
        yield title, one.out, _cpu_run(one), ""
    if one.cuda_out:
        device = one.gpu.device if one.gpu else "a GPU"
        ran = one.gpu and _run(f"Ran on {device}", one.gpu, one.snippet)
        yield f"Output on {device}", one.cuda_out, ran or "", ""
    for lane, text in one.built_out.items():
        name = name_of(lane, one.builds[lane])
        ran = f"{name} · {one.builds[lane].date}"
        change = one.change(lane)
        title = f"Output {_since(change, name)}" if change else f"Output, {name}"
        if lane != CUDA_BUILD in one.built_out:  # it was built for CUDA, too
            title = f"{title}, {NO_GPU}"
        if text:
            yield title, text, ran, change.anchor if change else ""


def _since(change: Change, name: str) -> str:
    """Since which release something differs, and which one it was run on."""
    version = name.partition(" ")[2]
    here = "" if version == change.since else f", here {version}"
    return f"since {change.release}{here}"


def _run(where: str, entry: Entry, snippet: Snippet) -> str:
    found = versions(entry, snippet).items()
    named = [f"{name} {version}" for name, version in found]
    return " · ".join([where, *named, entry.date])


def _cpu_run(one: Recorded) -> str:
    """How the CPU ran it, and whether a GPU printed the same."""
    ran = [_run("Ran on CPU", one.cpu, one.snippet)] if one.cpu else []
    if one.on_gpu == "same":
        where = f"Printed the same on {one.gpu.device}"
        ran.append(_run(where, one.gpu, one.snippet))
    return " | ".join(ran)


def _builds_that_draw(one: Recorded) -> Iterator[str]:
    for lane, entry in one.builds.items():
        if lane not in one.built_out:
            name, change = name_of(lane, entry), one.change(lane)
            said = f"{name} draws something else"
            if change:
                said = f"Draws something else {_since(change, name)}"
            yield f"{said} · {entry.date}"


def _doubts(one: Recorded) -> Iterator[tuple[str, str]]:
    """What a reader has to know of its runs, and the class of the mark before it."""
    cpu, missing = one.cpu, one.snippet.directives.needs - {"cuda", *SYSTEMS}
    if cpu and cpu.source != digest(one.snippet.source):
        # The gate refuses it; only the author sees this, while they write.
        yield f"Older than its program ({cpu.date}): record it", "stale"
    elif not cpu and missing:
        yield f"Not run yet: it needs {' and '.join(sorted(missing))}", "missing"
    if one.on_gpu == "changed":
        yield f"Changed since a GPU last ran it ({one.gpu.date})", "stale"
    elif one.on_gpu == "other":
        where = f"Printed something else on {one.gpu.device}"
        yield _run(where, one.gpu, one.snippet), "stale"


def fence(header: str, body: str) -> str:
    """A fence that is longer than any run of backticks in its body."""
    mark = "`" * max(3, 1 + max(map(len, re.findall("`+", body)), default=0))
    text = body if not body or body.endswith("\n") else f"{body}\n"
    return f"{mark}{header}\n{text}{mark}\n"


def is_long(text: str) -> bool:
    """Whether a line of it is wider than a page."""
    return max(map(len, text.split("\n"))) > LONG


def name_of(lane: str, entry: Entry) -> str:
    """What a page calls the torch or the Python of a lane."""
    if lane not in NEWER:
        return NO_GPU
    if NEWER[lane] == "Python":
        return f"Python {'.'.join(entry.python.split('.')[:2])}"
    return f"torch {entry.torch.partition('+')[0]}"


def versions(entry: Entry, snippet: Snippet) -> dict[str, str]:
    """What it ran on, by package, less builds such as +cpu."""
    found = {"torch": entry.torch} | (entry.packages or {})
    if "tensorflow" in found and "torch" not in snippet.imports:
        del found["torch"]  # it was only installed beside
    return {name: version.partition("+")[0] for name, version in found.items()}


def stamp(page: Page, snippets: Mapping[str, Recorded]) -> str:
    """The last line of a page: with which versions its programs ran, and when."""
    names = {include.snippet for include in page.includes}
    names = sorted(names, key=lambda name: name.split("/"))
    shown = [snippets[name] for name in names if name in snippets]
    ran = [one for one in shown if one.cpu]
    if not ran:
        return ""
    found: dict[str, set[str]] = {}
    for one in ran:
        for package, version in versions(one.cpu, one.snippet).items():
            found.setdefault(package, set()).add(version)
    said = ", ".join(f"{name} {' and '.join(sorted(v))}" for name, v in found.items())
    last = max(one.cpu.date for one in ran)
    count = "1 program" if len(ran) == 1 else f"{len(ran)} programs"
    text = f"Verified with {said}: {count}, last recorded on {last}."
    if waiting := sum(one.on_gpu == "never" for one in ran):
        text += f" {waiting} of these can use a GPU: not run on one yet."
    if needy := sum(one.waits for one in shown):
        text += f" {needy} more {'needs' if needy == 1 else 'need'} a GPU: not run yet."
    return text
