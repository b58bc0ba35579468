"""For any generator, as `untie`: in a stacked table, each cell says its column.

On a phone such a row is a card, and the style writes the name before the cell.
"""

from markdown.extensions import Extension
from markdown.treeprocessors import Treeprocessor

STACKED = {"stacked", "sheet", "row"}  # a class of what holds the table
LAST = 5  # behind what makes elements of the text's marks


class Labels(Treeprocessor):
    def run(self, root):
        self._within(root, False)

    def _within(self, tag, stacked: bool) -> None:
        stacked = stacked or bool(STACKED & {*tag.get("class", "").split()})
        if tag.tag == "table" and stacked:
            heads = ["".join(one.itertext()) for one in tag.iter("th")]
            for row in tag.iter("tr"):
                for name, cell in zip(heads, row.findall("td"), strict=False):
                    cell.set("data-is", name)
        for child in tag:
            self._within(child, stacked)


class LabelsExtension(Extension):
    def extendMarkdown(self, md):
        md.treeprocessors.register(Labels(md), "labels", LAST)
