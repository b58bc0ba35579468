"""Fills the templates of what is made: `parity.md.jinja` is what `parity.py` shows."""

import posixpath
import re
from functools import cache
from pathlib import Path

HERE = Path(__file__).parent
OUTSIDE = re.compile(r"(?P<code>`[^`]*`)|\|")  # a code span as a whole, or a bar


def code(text: str) -> str:
    """As inline code, whatever backticks are in it."""
    if "`" not in text:
        return f"`{text}`"
    mark = "`" * (1 + max(map(len, re.findall("`+", text))))
    return f"{mark} {text} {mark}"


def escaped(text: str) -> str:
    """Bars would end a cell, but for those in code."""
    return OUTSIDE.sub(lambda found: found["code"] or "\\|", text)


@cache
def _templates():
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    made = Environment(
        loader=FileSystemLoader([HERE, HERE / "tables"]),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    made.filters |= {"code": code, "escaped": escaped, "from": posixpath.relpath}
    return made


def fill(name: str, **facts) -> str:
    """The text of `<name>.md.jinja` with these facts."""
    return _templates().get_template(f"{name}.md.jinja").render(facts).strip("\n")
