"""The status page's table: what ran where, by topic, from the records."""

from harness.core import records
from harness.core.directives import NEWER
from harness.core.tree import Tree
from harness.notebooks import walkthrough
from harness.site import fragments
from harness.site.tables import changes
from harness.site.template import fill


def text(tree: Tree) -> str:
    every, places, topics = fragments.Programs(tree), {}, {}
    for one in walkthrough.every(tree):
        for name, _ in tree.known(walkthrough.INCLUDED, one.name):
            if name in every:
                places.setdefault(name, []).append(one.name)
    for one in every.values():
        topics.setdefault(one.snippet.name.split("/")[0], []).append(one)
    facts = {"snippets": [*every.values()], "topics": topics, "places": places}
    facts["pages"] = len({name for names in places.values() for name in names})
    facts["walks"] = len(walkthrough.find(tree))
    lanes = changes.lanes(tree)
    facts |= {"lanes": lanes, "newer": NEWER, "no_gpu": fragments.NO_GPU}
    facts["differ"] = {lane: len(records.names(tree, lane)) for lane in lanes}
    # Each of these lanes can run them, and so does the test before a publication.
    plain = {
        n for n, o in every.items() if o.cpu and o.snippet.directives.lane == "cpu"
    }
    facts["again"] = len(plain)
    facts["waiting"] = {n: len(plain - {*one.programs}) for n, one in lanes.items()}
    return fill("status", **facts)
