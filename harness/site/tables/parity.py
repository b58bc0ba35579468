"""The parity matrix: one task in PyTorch and in Keras, and how far apart they are.

What a row says stands in `recorded/parity.yml`, what was measured in `parity.json`,
which `make record-parity` writes.
"""

import json
import posixpath
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

import yaml
from markdown.extensions.toc import slugify

from harness.core import page, records
from harness.core.problem import Problem
from harness.core.tree import Tree
from harness.site.tables.numpy_to_torch import OUTSIDE

FILE = "parity.yml"  # below recorded/
RECORD = "parity.json"
AGAIN = "make record-parity"
SHOWN = "keras"  # the folder of the page that shows the table
LISTS = ("torch", "keras", "proof")  # a text, or a list of texts


@dataclass(frozen=True)
class Row:
    """One task in both libraries. The tests measure it and prove the remark."""

    name: str
    task: str
    torch: tuple[str, ...]
    keras: tuple[str, ...]
    measure: str = "value"  # the function in lab/parity/measures.py
    terms: int = 1  # additions on the longest way to a result, where that is counted
    setup: str = ""  # lines that run before, in both
    remark: str = ""
    proof: tuple[str, ...] = ()  # expressions that are true because of the remark
    what: str = ""  # what was measured, where that is no difference
    apart: bool = False  # no setting makes the two the same
    exactly: str = ""  # an expression: what theory says was to be measured
    timed: bool = False  # a time, which is shown and not tested
    tensorflow: str | None = None  # a snippet's name, or "" for none


@dataclass(frozen=True)
class Result:
    """What was measured of a row, and how much of it rounding explains."""

    measured: float
    tolerance: float


@dataclass(frozen=True)
class Run:
    """What one call of `make record-parity` measured."""

    date: str
    torch: str
    keras: str
    rows: dict[str, Result]


def load(tree: Tree) -> dict[str, list[Row]]:
    """The rows by group, none where there is no file. Raises Problem for bad ones."""
    file = tree.recorded / FILE
    if not file.exists():
        return {}
    where = tree.show(file)
    try:
        data = yaml.safe_load(file.read_text(encoding="utf-8"))
        groups = {group["name"]: group["rows"] for group in data["groups"]}
        if len(groups) < len(data["groups"]):
            raise KeyError("two groups of one name")
        found = {
            name: [
                _row(entry, f"{where}: {name}, row {n}") for n, entry in _count(rows)
            ]
            for name, rows in groups.items()
        }
    except (yaml.YAMLError, KeyError, TypeError, AttributeError) as error:
        text = str(error).split("\n")[0]
        raise Problem.general(f"{where} cannot be read: {text}") from None
    names = [row.name for rows in found.values() for row in rows]
    if twice := next((name for name in names if names.count(name) > 1), None):
        raise Problem.general(f"{where}: two rows are called '{twice}'")
    return found


def _count(rows: list) -> Iterator[tuple[int, object]]:
    return enumerate(rows, 1)


def _row(entry: object, where: str) -> Row:
    if reason := next(_faults(entry), None):
        raise Problem.general(f"{where}: {reason}")
    lists = {key: entry.get(key, ()) for key in LISTS}
    lists = {k: (v,) if isinstance(v, str) else tuple(v) for k, v in lists.items()}
    return Row(**(entry | lists))


def _faults(entry: object) -> Iterator[str]:
    """What is wrong with a row as it was read."""
    if not isinstance(entry, dict):
        yield f"'{entry}' is no row"
        return
    known = Row.__dataclass_fields__
    if odd := sorted(entry.keys() - known.keys()):
        yield f"nobody knows '{odd[0]}'"
    for key in ("name", "task", "torch", "keras"):
        if not entry.get(key):
            yield f"no {key}"
    for key, value in entry.items():
        if key in LISTS:
            texts = [value] if isinstance(value, str) else value
            if not isinstance(texts, list) or not all(
                isinstance(t, str) for t in texts
            ):
                yield f"'{key}' is neither a text nor a list of texts"
        elif key == "tensorflow":
            if not isinstance(value, str):
                yield "'tensorflow' is the name of a snippet, or ''"
        elif type(value) is not known[key].type:
            yield f"'{key}' is no {known[key].type.__name__}"
    if bool(entry.get("remark")) != bool(entry.get("proof")):
        yield "a remark and its proof come together"
    if entry.get("apart") and not entry.get("remark"):
        yield "apart, without a remark that says why"


def run(tree: Tree) -> Run:
    """What was measured. Raises Problem where that cannot be read."""
    file = tree.recorded / RECORD
    try:
        data = json.loads(file.read_text(encoding="utf-8"))
        rows = {name: Result(**entry) for name, entry in data.pop("rows").items()}
        for one in rows.values():
            if not all(isinstance(n, float) for n in (one.measured, one.tolerance)):
                raise TypeError(f"{one} holds something else than two floats")
        date.fromisoformat(data["date"])
        return Run(**data, rows=rows)
    except (OSError, ValueError, LookupError, TypeError, AttributeError) as error:
        text = str(error).split("\n")[0]
        raise Problem.general(
            f"{tree.show(file)} cannot be read: {text}: {AGAIN}"
        ) from None


def text(tree: Tree) -> str:
    """A section for the sums and one for each group; nothing where no file is."""
    groups = load(tree)
    if not groups:
        return ""
    ran = run(tree)
    rows = [row for group in groups.values() for row in group]
    if odd := sorted({row.name for row in rows} ^ ran.rows.keys()):
        where = tree.show(tree.recorded / RECORD)
        raise Problem.general(f"{where} and {FILE} disagree about '{odd[0]}': {AGAIN}")
    parts = [("sums", _sums(rows, ran))]
    parts += [(name, _table(tree, group, ran)) for name, group in groups.items()]
    return "\n".join(
        "\n".join([f"--8<-- [start:{name}]", *lines, f"--8<-- [end:{name}]", ""])
        for name, lines in parts
    )


def _sums(rows: list[Row], ran: Run) -> Iterator[str]:
    exact = sum(not (r.what or ran.rows[r.name].measured) for r in rows)
    apart = sum(row.apart for row in rows)
    timed = sum(row.timed for row in rows)
    alike = len(rows) - apart - timed
    torch = ran.torch.partition("+")[0]
    yield f"- Measured on {ran.date} with torch {torch} and keras {ran.keras}, on a CPU"
    yield f"- The same: {alike} of {len(rows)} rows, {exact} of them to the last bit"
    yield f"- Apart, whatever you set: {apart}"
    yield f"- Times, shown but not tested: {timed}"


def _table(tree: Tree, rows: list[Row], ran: Run) -> Iterator[str]:
    yield '<div class="parity" markdown>'  # the style sheet lays it out
    yield ""
    yield "| Task | Measured | Allowed | PyTorch | Keras | Remark |"
    yield "| --- | --- | --- | --- | --- | --- |"
    for row in rows:
        one = ran.rows[row.name]
        number = f"{one.measured:.3g}" if row.exactly else _short(one.measured)
        measured = f"{number} {row.what}".rstrip()
        remark = " ".join(filter(None, [row.remark, _tensorflow(tree, row)]))
        cells = [
            row.task,
            f"**{measured}**" if row.apart else measured,
            _allowed(row, one),
            _codes(row.torch),
            _codes(row.keras),
            OUTSIDE.sub(lambda found: found["code"] or "\\|", remark),
        ]
        yield f"| {' | '.join(cells)} |"
    yield ""
    yield "</div>"


def _allowed(row: Row, one: Result) -> str:
    if row.timed:
        return "not tested"
    if row.exactly:
        return f"`{row.exactly}`"
    return "apart" if row.apart else _short(one.tolerance)


def _short(number: float) -> str:
    """Two digits where they mean something; of rounding, one is enough."""
    if number == 0 or number == int(number) < 100:
        return f"{number:.0f}"
    return f"{number:.2g}" if number > 1e-3 else f"{number:.0e}".replace("e-0", "e-")


def _codes(codes: tuple[str, ...]) -> str:
    return "<br>".join(f"`{code}`" for code in codes)


def _tensorflow(tree: Tree, row: Row) -> str:
    """Where TensorFlow's way is shown, if a row has a program for it that ran."""
    if row.tensorflow is None:
        return ""
    entry = records.load(tree, "tensorflow").get(row.tensorflow)
    link = _link(tree, row.tensorflow)
    if entry is None or not link:
        return "TensorFlow's way is not measured here."
    version = (entry.packages or {}).get("tensorflow", "")
    return f"[TensorFlow's way]({link}) ran on a CPU in {version}, {entry.date}."


def _link(tree: Tree, name: str) -> str:
    """The address of the heading below which a program stands, if a page shows it."""
    for one in page.find(tree):
        shown = next((i.line for i in one.includes if i.snippet == name), 0)
        heads = [line for line in one.outside[:shown] if line.startswith("#")]
        if heads:
            anchor = slugify(heads[-1].lstrip("# "), "-")
            return f"{posixpath.relpath(one.name, SHOWN)}#{anchor}"
    return ""
