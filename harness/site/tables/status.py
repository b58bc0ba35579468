"""The status page's table: what ran where, by topic, from the records."""

from itertools import groupby

from harness.core import page, records, snippet
from harness.core.tree import Tree
from harness.site import fragments
from harness.site.fragments import Recorded
from harness.site.tables import changes
from harness.site.tables.cells import link_to, table

STATUS = "reference/status.md"  # the page that shows it: links start there
RAN = ("own", "same")  # states of a GPU lane
HEADS = ["Snippet", "CPU", "GPU", "Special"]


def text(tree: Tree) -> str:
    """What ran on which lane, in totals and snippet by snippet."""
    known = [one for one in snippet.find(tree) if one.readable]
    snippets, pages = fragments.load(tree, known), page.find(tree)
    places: dict[str, str] = {}  # the first page that shows a snippet
    for one in pages:
        for include in one.includes:
            places.setdefault(include.snippet, one.name)
    on_gpu = [one.on_gpu for one in snippets if one.on_gpu]
    there = sum(state in RAN for state in on_gpu) or "none yet"
    lines = [
        f"- Snippets: {len(snippets)}, on {len(pages)} pages",
        f"- Pictures: {sum(bool(one.drawn) for one in snippets)}",
        f"- Ran on a CPU: {sum(one.cpu is not None for one in snippets)}",
        f"- Ran on a GPU: {there}, of {len(on_gpu)} that can use one",
    ]
    for lane, ran in changes.lanes(tree).items():
        what = "Newest torch" if lane == changes.LANE else "CUDA build without a GPU"
        differ = f"{len(records.names(tree, lane))} of {ran.programs}"
        lines.append(f"- {what}, {ran.torch}: {differ} differ ({ran.date})")
    for topic, group in groupby(snippets, lambda one: one.snippet.name.split("/")[0]):
        rows = [_row(one, places.get(one.snippet.name)) for one in group]
        lines += ["", f"## `snippets/{topic}/`", ""]
        # Folded: laid out at once, so many rows would hold up a phone.
        lines += [f'??? note "Its {len(rows)} snippets"', ""]
        lines += [f"    {line}" for line in table(HEADS, rows)]
    return "\n".join(lines)


def _row(one: Recorded, place: str | None) -> list[str]:
    shown = link_to(one.snippet.name.partition("/")[2], place, STATUS)
    cpu = gpu = "-"
    if one.cpu:
        cpu = f"{one.cpu.date}, torch {one.cpu.torch.partition('+')[0]}"
    if one.on_gpu == "never":
        gpu = "not yet"
    elif one.on_gpu:
        ran = f"{one.gpu.date}, {one.gpu.device}"
        gpu = ran if one.on_gpu in RAN else f"changed since {ran}"
    declared = one.snippet.directives
    special = [f"needs {need}" for need in sorted(declared.needs)]
    for words, fact in (
        ("raises `{}`", declared.raises),
        ("warns `{}`", declared.warns),
        ("started by `{}`", declared.run and declared.run[0]),
        ("draws a picture", declared.figure),
    ):
        special += [words.format(fact)] if fact else []
    return [shown, cpu, gpu, ", ".join(special) or "-"]
