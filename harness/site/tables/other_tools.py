"""What other tools notice of the broken sites: `recorded/other_tools.json`."""

from collections.abc import Iterator
from datetime import date

from pydantic import BaseModel

from harness.core.tree import Tree
from harness.site.tables import data
from harness.site.tables.data import Fault, Text
from harness.site.template import fill


class Tool(BaseModel, frozen=True):
    version: Text
    claims: list[Text]  # the files whose faults are its job
    noticed: list[Text]


class Run(BaseModel, frozen=True):
    """One run of all tools."""

    date: date
    labels: dict[str, Text]  # of the files of tests/gate/corpus, as the page calls them
    entries: dict[Text, list[Text]]  # that this gate must refuse, by file
    gate: list[Text]  # those that it refuses
    tools: dict[Text, Tool]

    def cell(self, kind: str, name: str) -> str:
        tool = self.tools[name]
        count = len({*self.entries[kind]} & {*tool.noticed})
        return str(count) if count or kind in tool.claims else "–"

    def ours(self, kind: str) -> int:
        return len({*self.entries[kind]} & {*self.gate})


def load(tree: Tree) -> Run | None:
    def rules(run: Run) -> Iterator[Fault]:
        for kind in run.entries.keys() ^ run.labels.keys():
            yield ("entries", kind), f"'{kind}' is here or has a label, only"

    again = "python -m tests.gate.others"
    return data.load(tree, "other_tools.json", Run, again, rules)


def text(tree: Tree) -> str:
    run = load(tree)
    return fill("other_tools", run=run) if run else ""
