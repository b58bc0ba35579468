"""Which snippets print something else, as Markdown; nothing where all hold.

`python .github/report.py LANE RUN.json`, with what `harness run --json` wrote.
"""

import json
import re
import sys
from pathlib import Path

LONGEST = 10_000  # characters of a lane; an issue may have 65,536
NEXT = {
    "newest": "Raise `TORCH` in the Makefile, run `make record` and read what changed; "
    "or run `make record-newest` and explain it in `recorded/changes.yml`.",
    "newest-python": "Run `make record-newest-python`, read what changed, and explain "
    "it in `recorded/changes.yml`.",
}


def report(lane: str, run: dict) -> str:
    rows = {n: row["problems"] for n, row in run["snippets"].items() if row["problems"]}
    if not rows:
        return ""
    fix = NEXT.get(lane, f"Run `make record-{lane}` and read what changed.")
    text = (
        f"## {lane}\n\ntorch {run['torch']}, Python {run['python']}: {len(rows)} of "
        f"{len(run['snippets'])} snippets do not do what the site shows.\n\n{fix}\n"
    )
    for shown, (name, problems) in enumerate(rows.items()):
        part = section(name, problems)
        if len(text) + len(part) > LONGEST:
            return text + f"\nThe run's log has {len(rows) - shown} more.\n"
        text += part
    return text


def section(name: str, problems: list[dict]) -> str:
    what = "\n".join(problem["what"] for problem in problems)
    longest = max(map(len, re.findall("`+", what)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"\n### `{name}`\n\n{fence}text\n{what}\n{fence}\n"


if __name__ == "__main__":
    lane, file = sys.argv[1:]
    print(report(lane, json.loads(Path(file).read_text(encoding="utf-8"))), end="")
