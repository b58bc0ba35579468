"""The cheat sheet: one line in NumPy, torch and keras.ops, and where they differ."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

import yaml

from harness.core.problem import Problem
from harness.core.tree import Tree

FILE = "numpy_to_torch.yml"  # below recorded/
LIBRARIES = ("numpy", "torch", "keras")
ASPECTS = ("values", "shape", "dtype")
OUTSIDE = re.compile(r"(?P<code>`[^`]*`)|\|")  # a code span as a whole, or a bar


@dataclass(frozen=True)
class Row:
    """One line in three libraries. What it says is proven by the tests."""

    numpy: str
    torch: str | None
    keras: str | None
    differs: str = ""  # the remark
    proof: tuple[str, ...] = ()  # expressions that are true because of the remark
    unlike: tuple[str, ...] = ()  # what is not the same in all three
    absent: str = ""  # the name that is missing where there is no code
    setup: str = ""
    shows: str = ""  # what to compare after the code, where that has no result
    tolerance: float = 1e-6


@dataclass(frozen=True)
class Sheet:
    """What the file holds: the names that the rows use, and the rows by group."""

    names: dict[str, dict] = field(default_factory=dict)
    groups: dict[str, list[Row]] = field(default_factory=dict)


def load(tree: Tree) -> Sheet | None:
    """The rows, or None where there is no file. Raises Problem for a malformed one."""
    file = tree.recorded / FILE
    if not file.exists():
        return None
    where = tree.show(file)
    try:
        data = yaml.safe_load(file.read_text(encoding="utf-8"))
        names, groups = data["names"], data["groups"]
        found = {group["name"]: group["rows"] for group in groups}
        if len(found) < len(groups):
            raise KeyError("two groups of one name")
        if not all(set(name) == {"dtype", "value"} for name in names.values()):
            raise KeyError("a name has a dtype and a value")
    except (yaml.YAMLError, KeyError, TypeError, AttributeError) as error:
        text = str(error).split("\n")[0]
        raise Problem.general(f"{where} cannot be read: {text}") from None
    sheet = Sheet(names)
    for name, rows in found.items():
        sheet.groups[name] = [
            _row(entry, f"{where}: {name}, row {number}")
            for number, entry in enumerate(rows, 1)
        ]
    return sheet


def _row(entry: dict, where: str) -> Row:
    if reason := next(_faults(entry), None):
        raise Problem.general(f"{where}: {reason}")
    lists = {key: tuple(entry.get(key, ())) for key in ("proof", "unlike")}
    return Row(**(entry | lists))


def _faults(entry: object) -> Iterator[str]:
    """What is wrong with a row as it was read."""
    if not isinstance(entry, dict):
        yield f"'{entry}' is no row"
        return
    if odd := sorted(entry.keys() - Row.__dataclass_fields__.keys()):
        yield f"nobody knows '{odd[0]}'"
    for key in LIBRARIES:
        if key not in entry:
            yield f"no code for {key}"
    if not isinstance(entry.get("numpy"), str):
        yield "no NumPy line"
    for key in ("torch", "keras"):
        code = entry.get(key)
        if not isinstance(code, str | None):
            yield f"the code for {key} is no text: quote it"
        elif code is None and not entry.get("absent"):
            yield f"no code for {key}, and 'absent' does not name what it lacks"
    for key in ("proof", "unlike"):
        texts = entry.get(key, [])
        if not isinstance(texts, list) or not all(isinstance(t, str) for t in texts):
            yield f"'{key}' is no list of texts"
    if odd := sorted(set(entry.get("unlike", [])) - set(ASPECTS)):
        yield f"'{odd[0]}' is none of {', '.join(ASPECTS)}"
    if not isinstance(entry.get("tolerance", 0.0), float):
        yield "'tolerance' is no number with a point, such as 1.0e-5"
    if bool(entry.get("differs")) != bool(entry.get("proof")):
        yield "a remark and its proof come together"
    if entry.get("unlike") and not entry.get("differs"):
        yield "'unlike' without a remark that says how"


def text(tree: Tree) -> str:
    """A section for the names and one for each group; nothing where no file is."""
    sheet = load(tree)
    if sheet is None:
        return ""
    parts = [("names", _names(sheet.names))]
    parts += [(name, _table(rows)) for name, rows in sheet.groups.items()]
    return "\n".join(
        "\n".join([f"--8<-- [start:{name}]", *lines, f"--8<-- [end:{name}]", ""])
        for name, lines in parts
    )


def _names(names: dict[str, dict]) -> Iterator[str]:
    yield "| Name | Type | Numbers |"
    yield "| --- | --- | --- |"
    for name, one in names.items():
        numbers = str(one["value"]).replace(" ", "").replace(",", ", ")
        yield f"| `{name}` | `{one['dtype']}` | `{numbers}` |"


def _table(rows: list[Row]) -> Iterator[str]:
    yield '<div class="sheet" markdown>'  # the style sheet stacks it on a phone
    yield ""
    yield "| NumPy | PyTorch | keras.ops | What differs |"
    yield "| --- | --- | --- | --- |"
    for row in rows:
        codes = [_code(getattr(row, library)) for library in LIBRARIES]
        yield f"| {' | '.join([*codes, OUTSIDE.sub(_escape, row.differs)])} |"
    yield ""
    yield "</div>"


def _code(code: str | None) -> str:
    return "none" if code is None else f"`{code}`"


def _escape(found: re.Match) -> str:
    """A bar between cells' backticks is text already; another would end the cell."""
    return found["code"] or "\\|"
