"""The status page's table: what ran where, by topic, from the records."""

from harness.core import page, records
from harness.core.directives import NEWER
from harness.core.tree import Tree
from harness.site import fragments
from harness.site.tables import changes
from harness.site.template import fill


def text(tree: Tree) -> str:
    pages, topics = page.find(tree), {}
    places: dict[str, str] = {}  # the first page that shows a snippet
    for one in pages:
        for name, _ in tree.known(page.SHOWN, one.name):
            places.setdefault(name, one.name)
    snippets = [*fragments.Programs(tree).values()]
    for one in snippets:
        topics.setdefault(one.snippet.name.split("/")[0], []).append(one)
    facts = {"snippets": snippets, "pages": pages, "topics": topics, "places": places}
    lanes = changes.lanes(tree)
    facts |= {"lanes": lanes, "newer": NEWER, "no_gpu": fragments.NO_GPU}
    facts["differ"] = {lane: len(records.names(tree, lane)) for lane in lanes}
    cpu = {one.snippet.name for one in snippets if one.cpu and _is_plain(one)}
    facts["waiting"] = {lane: len(cpu - {*one.programs}) for lane, one in lanes.items()}
    return fill("status", **facts)


def _is_plain(one: fragments.Recorded) -> bool:
    """Whether each of these lanes can run it."""
    return one.snippet.directives.lane == "cpu"
