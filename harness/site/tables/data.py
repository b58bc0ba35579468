"""Reads what tables are made of, `recorded/*.yml` and `*.json`, as typed records.

A record is a pydantic model. What does not fit it is refused with file and line.
"""

import json
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from typing import Annotated, TypeVar

import yaml
from pydantic import Field, FiniteFloat, TypeAdapter, ValidationError

from harness.core.problem import Problem
from harness.core.tree import Tree

Kind = TypeVar("Kind")
Place = tuple[str | int, ...]  # the keys and positions that lead to a value
Fault = tuple[Place, str]
ADAPTER = cache(TypeAdapter)


Text = Annotated[str, Field(min_length=1)]
Positive = Annotated[FiniteFloat, Field(gt=0)]


def load(
    tree: Tree,
    name: str,
    kind: type[Kind],
    again: str = "",
    rules: Callable[[Kind], Iterable[Fault]] = lambda _: (),
) -> Kind | None:
    """What `recorded/<name>` holds; None where there is no such file.

    `rules` yields what else is wrong, and where; `again` is the command that writes the
    file. Raises Problem.
    """
    file = tree.recorded / name
    if (text := tree.text(file)) is None:
        return None
    root = None
    try:
        loader = yaml.CSafeLoader(text)
        root = loader.get_single_node()
        faults = list(_repeated(root))
        if not faults:
            how, adapter = {"strict": True, "extra": "forbid"}, ADAPTER(kind)
            if file.suffix == ".json":  # in which a date is a text
                json.loads(text)  # its errors name their line
                found = adapter.validate_json(text, **how)
            else:
                value = loader.construct_document(root) if root else None
                found = adapter.validate_python(value, **how)
            faults = [(_line(root, place), what) for place, what in rules(found)]
    except ValidationError as error:
        faults = [(_line(root, one["loc"]), _words(one)) for one in error.errors()]
    except (yaml.YAMLError, ValueError) as error:
        mark = getattr(error, "problem_mark", None)
        line = mark.line + 1 if mark else getattr(error, "lineno", 0)
        what = getattr(error, "problem", None) or str(error).split("\n")[0]
        faults = [(line, f"cannot be read: {what}")]
    if faults:
        raise Problem(tree.show(file), *min(faults), again)
    return found


def _parts(node: yaml.Node | None) -> list[tuple[str, yaml.Node, yaml.Node]]:
    """The parts of a mapping or list: key, where each begins, value."""
    if isinstance(node, yaml.MappingNode):
        return [(key.value, key, value) for key, value in node.value]
    if isinstance(node, yaml.SequenceNode):
        return [(str(at), value, value) for at, value in enumerate(node.value)]
    return []


def _repeated(node: yaml.Node | None) -> Iterator[tuple[int, str]]:
    """Keys that stand twice in one mapping: YAML would keep the last."""
    keys = set()
    for key, begin, value in _parts(node):
        if key in keys:
            yield begin.start_mark.line + 1, f"'{key}' stands twice"
        keys.add(key)
        yield from _repeated(value)


def _line(node: yaml.Node | None, place: Place) -> int:
    """The line of a value, or of the innermost one around it that is there."""
    line = 0
    for step in place:
        there = [part for part in _parts(node) if part[0] == str(step)]
        if not there:
            break
        _, begin, node = there[0]
        line = begin.start_mark.line + 1
    return line


def _words(error: dict) -> str:
    """One of pydantic's errors, behind the keys that lead to it."""
    keys = ".".join(map(str, error["loc"]))
    return f"{keys}: {error['msg']}" if keys else error["msg"]
