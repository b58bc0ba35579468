"""Whether an exercise has a start, a check to its end, and wrong answers to try."""

import ast
from collections.abc import Iterator

import yaml

from harness.core.exercise import CLOSES, OPENS, SECTION, SUFFIX, start
from harness.core.snippet import Snippet

WRONG = 3  # answers whose words a test knows
REGION = f"'{OPENS.strip()}', the start as comments, your lines, '{CLOSES.strip()}'"
RIGHT = "print('Right", "print(f'Right"


def faults(one: Snippet, listed: set[str]) -> Iterator[tuple[int, str, str]]:
    """Line, what and how to fix it; `listed` are the exercises that pages have."""
    name, begun = one.name.removesuffix(SUFFIX), start(one.source)
    topic, _, idea = name.rpartition("/")
    if name == one.name:
        if OPENS in one.source:
            yield 0, "an exercise by another name", f"name it {idea}{SUFFIX}.py"
        return
    if one.path.with_name(f"{idea}.py").exists():
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
    elif name not in listed:
        fix = f'below "## {SECTION}" and a "### …" of its own include "{name}.md"'
        yield 0, "no page has it among its exercises", fix
    file = one.tree.root / "tests" / "practise" / f"{topic}.yml"
    text = file.read_text(encoding="utf-8") if file.is_file() else ""
    known = (yaml.load(text, yaml.CSafeLoader) or {}).get(idea, ())
    if len(known) < WRONG:
        what = f"an exercise with {len(known)} wrong answers that a test knows"
        yield 0, what, f"add the {WRONG} commonest to {one.tree.show(file)}"
