"""Which snippets print something else, as Markdown; nothing where all hold.

`python .github/newest_torch.py RUN.json`, with what `harness run --json` wrote.
"""

import json
import re
import sys
from pathlib import Path

LONGEST = 60_000  # characters; an issue may have 65,536


def report(run: dict) -> str:
    rows = {n: row["problems"] for n, row in run["snippets"].items() if row["problems"]}
    if not rows:
        return ""
    text = (
        f"torch {run['torch']}, Python {run['python']}: {len(rows)} of "
        f"{len(run['snippets'])} snippets do not do what the site shows.\n\n"
        "Raise `TORCH` in the Makefile, run `make record` and read what changed.\n"
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
    print(report(json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))), end="")
