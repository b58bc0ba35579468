"""What is in `recorded/sources.yml`, for the tables that cite it."""

import yaml

from harness.tree import Tree


def titles(tree: Tree) -> dict[str, str]:
    """By address, what each source is called and when it was read."""
    file = tree.recorded / "sources.yml"
    rows = yaml.safe_load(file.read_text(encoding="utf-8")) if file.exists() else []
    return {row["url"]: f"{row['title']}, read {row['read']}" for row in rows or []}
