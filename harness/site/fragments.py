"""The Markdown that a page includes: a snippet's code, what it printed, what it drew.

One file a snippet, `build/fragments/<name>.md`, with the sections `code`, `output`
and `figure`. Plain Markdown, so that it also stands indented in a list or a tab.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from harness.core import records
from harness.core.records import Entry
from harness.core.snippet import Snippet, digest
from harness.core.tree import Tree
from harness.site import pictures

LONG = 79  # columns that a page shows on a wide screen
SECTION = re.compile(r"^-+8<-+ \[start:(.+)\]$", re.MULTILINE)


@dataclass(frozen=True)
class Recorded:
    """One snippet with what is known of its runs. Its directives must be readable."""

    snippet: Snippet
    cpu: Entry | None
    gpu: Entry | None

    @cached_property
    def out(self) -> str | None:
        """What the CPU lane printed; a picture alone prints nothing."""
        if self.snippet.out.exists():
            return self.snippet.out.read_text("utf-8", errors="backslashreplace")
        return "" if self.cpu and self.snippet.directives.figure else None

    @cached_property
    def cuda_out(self) -> str | None:
        """What a GPU printed, where that differs."""
        file = self.snippet.cuda_out
        if not file.exists():
            return None
        return file.read_text("utf-8", errors="backslashreplace")

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
    def drawn(self) -> bool:
        return bool(self.snippet.directives.figure) and self.snippet.figure.exists()


def load(tree: Tree, snippets: list[Snippet]) -> list[Recorded]:
    """The snippets with their entries in the records."""
    known = {lane: records.load(tree, lane) for lane in records.LANES}
    return [
        Recorded(s, known[s.directives.lane].get(s.name), known["gpu"].get(s.name))
        for s in snippets
    ]


def make(one: Recorded) -> str:
    """The text of a snippet's fragment."""
    name, path = one.snippet.name, one.snippet.tree.show(one.snippet.path)
    code = f' {{ .python title="{path}" data-snippet="{name}" }}'
    parts = [section("code", [fence(code, one.snippet.source)])]
    outputs = []
    for title, text in _outputs(one):
        marks = f'.text {_classes(one, text)} title="{title}" data-output="{name}"'
        outputs.append(fence(f" {{ {marks} }}", text))
    if one.drawn:
        if outputs:
            parts.append(section("output", outputs))
        picture = pictures.markdown(one.snippet)
        parts.append(section("figure", [picture, *_badges(one)]))
    else:
        parts.append(section("output", [*outputs, *_badges(one)]))
    return "\n".join(parts)


def sections(fragment: str) -> list[str]:
    """The names of the sections that a fragment has."""
    return SECTION.findall(fragment)


def fence(header: str, body: str) -> str:
    """A fence that is longer than any run of backticks in its body."""
    mark = "`" * max(3, 1 + max(map(len, re.findall("`+", body)), default=0))
    text = body if not body or body.endswith("\n") else f"{body}\n"
    return f"{mark}{header}\n{text}{mark}\n"


def _classes(one: Recorded, text: str) -> str:
    """A message may wrap, and so may long lines; the columns of a table may not."""
    declared = one.snippet.directives
    message = declared.raises or declared.warns
    longest = max(map(len, text.split("\n")))
    return ".output .long" if message or longest > LONG else ".output"


def section(name: str, blocks: Iterable[str]) -> str:
    """A part of a fragment, which a page can include alone."""
    inside = "\n".join(blocks)
    return f"--8<-- [start:{name}]\n{inside}\n--8<-- [end:{name}]\n"


def _outputs(one: Recorded) -> list[tuple[str, str]]:
    found = [("Output", one.out)] if one.out else []
    if one.cuda_out is not None:
        card = one.gpu.device if one.gpu else "a GPU"
        found.append((f"Output on {card}", one.cuda_out))
    return found


def _badges(one: Recorded) -> list[str]:
    """Where and when it ran, a paragraph for each device."""
    found = filter(None, (_cpu_badge(one), _gpu_badge(one)))
    return [f"{text}\n{{ {classes} }}\n" for text, classes in found]


def _cpu_badge(one: Recorded) -> tuple[str, str] | None:
    if one.cpu and one.cpu.source != digest(one.snippet.source):
        # The gate refuses it; only the author sees this, while they write.
        return f"Older than its program ({one.cpu.date}): record it", ".ran .stale"
    if one.cpu:
        return _ran("Ran on CPU", one.cpu, one.snippet), ".ran"
    missing = " and ".join(sorted(one.snippet.directives.needs - {"cuda"}))
    return (f"Not run yet: it needs {missing}", ".ran .missing") if missing else None


def _gpu_badge(one: Recorded) -> tuple[str, str] | None:
    state = one.on_gpu
    if not state:
        return None
    if state == "never":
        return "No GPU has run this yet", ".ran .missing"
    if state == "changed":
        return f"Changed since a GPU last ran it ({one.gpu.date})", ".ran .stale"
    verbs = {
        "own": "Ran",
        "same": "Printed the same",
        "other": "Printed something else",
    }
    text = _ran(f"{verbs[state]} on {one.gpu.device}", one.gpu, one.snippet)
    return text, ".ran .stale" if state == "other" else ".ran"


def versions(entry: Entry, snippet: Snippet) -> dict[str, str]:
    """What it ran on, by package, less builds such as +cpu."""
    found = {"torch": entry.torch} | (entry.packages or {})
    if "tensorflow" in found and "torch" not in snippet.imports:
        del found["torch"]  # it was only installed beside
    return {name: version.partition("+")[0] for name, version in found.items()}


def _ran(where: str, entry: Entry, snippet: Snippet) -> str:
    said = [f"{name} {version}" for name, version in versions(entry, snippet).items()]
    return " · ".join([where, *said, entry.date])
