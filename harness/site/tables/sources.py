"""What is in `recorded/sources.yml`, for the tables that cite it."""

import yaml

from harness.core.tree import Tree


def titles(tree: Tree) -> dict[str, str]:
    """By address, what each source is called and when it was read.

    Nothing where the file cannot be read: the check of the numbers says why.
    """
    file = tree.recorded / "sources.yml"
    try:
        rows = yaml.safe_load(file.read_text(encoding="utf-8")) or []
        return {row["url"]: f"{row['title']}, read {row['read']}" for row in rows}
    except (FileNotFoundError, yaml.YAMLError, KeyError, TypeError):
        return {}
