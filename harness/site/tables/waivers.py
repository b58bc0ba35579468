"""What is promised and not held, and why: `recorded/waivers.yml`."""

from pydantic import BaseModel

from harness.core.tree import Tree
from harness.site.tables import data
from harness.site.tables.data import Text
from harness.site.template import fill


class Waiver(BaseModel, frozen=True):
    promise: Text
    instead: Text
    reason: Text


def load(tree: Tree) -> list[Waiver]:
    return data.load(tree, "waivers.yml", list[Waiver]) or []


def text(tree: Tree) -> str:
    waivers = load(tree)
    return fill("waivers", waivers=waivers) if waivers else ""
