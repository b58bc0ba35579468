"""The Markdown that a page includes: a snippet's code, what it printed, what it drew.

One file a snippet, `build/fragments/<name>.md`, with the sections `code`, `output`
and `figure`. Plain Markdown, so that it also stands indented in a list or a tab.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property

from harness.core import records
from harness.core.directives import BUILDS
from harness.core.records import Entry
from harness.core.snippet import Snippet, digest
from harness.core.tree import Tree
from harness.judge.subject import read
from harness.site import pictures

CUDA_BUILD = "cuda-build"
LONG = 79  # columns that a page shows on a wide screen
SECTION = re.compile(r"^-+8<-+ \[start:(.+)\]$", re.MULTILINE)


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
        printed = read(self.snippet.out)
        if printed is None and self.cpu and self.snippet.directives.figure:
            return ""
        return printed

    @cached_property
    def cuda_out(self) -> str | None:
        """What a GPU printed, where that differs."""
        return read(self.snippet.cuda_out)

    @cached_property
    def built_out(self) -> dict[str, str]:
        """What the lanes of other builds of torch printed, where that differs."""
        texts = {lane: read(self.snippet.own_out(lane)) for lane in self.builds}
        return {lane: text for lane, text in texts.items() if text is not None}

    @cached_property
    def drawn(self) -> str:
        """What it drew, as SVG; "" where that is nothing."""
        return (self.snippet.directives.figure and read(self.snippet.figure)) or ""

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


def load(tree: Tree, snippets: list[Snippet]) -> list[Recorded]:
    """The snippets with their entries in the records."""
    known = {lane: records.load(tree, lane) for lane in records.LANES}
    return [
        Recorded(
            s,
            known[s.directives.lane].get(s.name),
            known["gpu"].get(s.name),
            {lane: known[lane][s.name] for lane in BUILDS if s.name in known[lane]},
        )
        for s in snippets
    ]


def make(one: Recorded) -> str:
    """The text of a snippet's fragment."""
    name, path = one.snippet.name, one.snippet.tree.show(one.snippet.path)
    code = f' {{ .python title="{path}" data-snippet="{name}" }}'
    card = one.gpu.device if one.gpu else "a GPU"
    texts = {"Output": one.out, f"Output on {card}": one.cuda_out}
    if CUDA_BUILD in one.built_out:
        texts = {"Output, CPU-only build": one.out}
    for lane, text in one.built_out.items():
        texts[f"Output, {_torch(lane, one.builds[lane])}"] = text
    declared, outputs = one.snippet.directives, []
    for title, text in texts.items():
        if text:
            # A message may wrap, and so may long lines; columns of a table may not.
            wraps = declared.raises or declared.warns or is_long(text)
            marks = ".text .output .long" if wraps else ".text .output"
            head = f' {{ {marks} title="{title}" data-output="{name}" }}'
            outputs.append(fence(head, text))
    parts = {"code": [fence(code, one.snippet.source)], "output": outputs}
    if one.drawn:
        address, alt = pictures.FOLDER + name, declared.figure
        parts["figure"] = [pictures.markdown(address, alt, one.drawn)]
        if not outputs:
            del parts["output"]
    last = parts["figure" if one.drawn else "output"]
    last += [f"{text}\n{{ {classes} }}\n" for text, classes in _badges(one)]
    return in_sections(parts)


def sections(fragment: str) -> list[str]:
    """The names of the sections that a fragment has."""
    return SECTION.findall(fragment)


def in_sections(parts: dict[str, Iterable[str]]) -> str:
    """The text of a fragment of which a page can include each part alone."""
    texts = {name: "\n".join(blocks) for name, blocks in parts.items()}
    return "\n".join(
        f"--8<-- [start:{name}]\n{text}\n--8<-- [end:{name}]\n"
        for name, text in texts.items()
    )


def fence(header: str, body: str) -> str:
    """A fence that is longer than any run of backticks in its body."""
    mark = "`" * max(3, 1 + max(map(len, re.findall("`+", body)), default=0))
    text = body if not body or body.endswith("\n") else f"{body}\n"
    return f"{mark}{header}\n{text}{mark}\n"


def is_long(text: str) -> bool:
    """Whether a line of it is wider than a page."""
    return max(map(len, text.split("\n"))) > LONG


def _badges(one: Recorded) -> Iterator[tuple[str, str]]:
    """Where and when it ran on each device, and the style of each such line."""
    cpu, gpu, snippet = one.cpu, one.gpu, one.snippet
    missing = " and ".join(sorted(snippet.directives.needs - {"cuda"}))
    if cpu and cpu.source != digest(snippet.source):
        # The gate refuses it; only the author sees this, while they write.
        yield f"Older than its program ({cpu.date}): record it", ".ran .stale"
    elif cpu:
        yield _ran("Ran on CPU", cpu, snippet), ".ran"
    elif missing:
        yield f"Not run yet: it needs {missing}", ".ran .missing"
    for lane, entry in one.builds.items():
        said = [_torch(lane, entry), entry.date]
        if lane not in one.built_out:
            said[0] += " draws something else"
        yield " · ".join(said), ".ran"
    match one.on_gpu:
        case "never":
            yield "No GPU has run this yet", ".ran .missing"
        case "changed":
            yield f"Changed since a GPU last ran it ({gpu.date})", ".ran .stale"
        case "own":
            yield _ran(f"Ran on {gpu.device}", gpu, snippet), ".ran"
        case "same":
            yield _ran(f"Printed the same on {gpu.device}", gpu, snippet), ".ran"
        case "other":
            said = _ran(f"Printed something else on {gpu.device}", gpu, snippet)
            yield said, ".ran .stale"


def _torch(lane: str, entry: Entry) -> str:
    """What a page calls the torch of a lane."""
    if lane == CUDA_BUILD:
        return "CUDA build, no GPU"
    return f"torch {entry.torch.partition('+')[0]}"


def versions(entry: Entry, snippet: Snippet) -> dict[str, str]:
    """What it ran on, by package, less builds such as +cpu."""
    found = {"torch": entry.torch} | (entry.packages or {})
    if "tensorflow" in found and "torch" not in snippet.imports:
        del found["torch"]  # it was only installed beside
    return {name: version.partition("+")[0] for name, version in found.items()}


def _ran(where: str, entry: Entry, snippet: Snippet) -> str:
    said = [f"{name} {version}" for name, version in versions(entry, snippet).items()]
    return " · ".join([where, *said, entry.date])
