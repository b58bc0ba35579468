"""Whether an exercise has a start, a check to its end, and wrong answers to try."""

import ast
from collections.abc import Iterator

import yaml

from harness.core import limits
from harness.core.exercise import CLOSES, OPENS, SECTION, SUFFIX, start
from harness.core.snippet import Snippet
from harness.core.tree import Tree

REGION = f"'{OPENS.strip()}', the start as comments, your lines, '{CLOSES.strip()}'"
RIGHT = "print('Right", "print(f'Right"


def faults(one: Snippet, is_listed: bool) -> Iterator[tuple[int, str, str]]:
    """Line, what and how to fix it; `is_listed` says whether a page has it."""
    name, begun = one.name.removesuffix(SUFFIX), start(one.source)
    topic, _, idea = name.rpartition("/")
    if name == one.name:
        if OPENS in one.source:
            yield 0, "an exercise by another name", f"name it {idea}{SUFFIX}.py"
        return
    if one.tree.has(one.path.with_name(f"{idea}.py")):
        yield 0, "another program has the name of its start", "rename one of them"
    if begun is None:
        yield 0, "an exercise without one region that a reader is to write", REGION
        return
    try:
        last = ast.unparse(ast.parse(begun).body[-1])
    except SyntaxError as error:
        what = f"its start is no Python: {error.msg}"
        yield error.lineno or 0, what, "fix the comments of its region"
        return
    if not last.startswith(RIGHT):
        what = "a check that does not end by saying that all is right"
        yield one.source.count("\n"), what, 'end with print("Right: …")'
    elif not is_listed:
        fix = f'below "## {SECTION}" and a "### …" of its own include "{name}.md"'
        yield 0, "no page has it among its exercises", fix
    file = one.tree.root / "tests" / "practise" / f"{topic}.yml"
    known = one.tree.known(f"{__name__}.wrong", one.tree.show(file)).get(idea, 0)
    if known < limits.WRONG:
        what = f"an exercise with {known} wrong answers that a test knows"
        yield 0, what, f"add the {limits.WRONG} commonest to {one.tree.show(file)}"


def wrong(tree: Tree, path: str) -> dict[str, int]:
    """How many wrong answers a file has for each exercise."""
    found = yaml.load(tree.text(tree.root / path) or "", yaml.CSafeLoader) or {}
    return {idea: sum("wrong" in one for one in found[idea]) for idea in found}
