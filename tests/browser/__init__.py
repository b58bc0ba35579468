"""The built site in a real browser: what a reader meets, and what the buttons do."""

from collections.abc import Iterable

import pytest

MOST = 40  # problems that are worth reading at once


def refuse(problems: Iterable[str]) -> None:
    """Fail if there are problems, with a line for each."""
    found = list(dict.fromkeys(problems))
    if found:
        more = [f"and {len(found) - MOST} more"] if len(found) > MOST else []
        pytest.fail("\n".join(found[:MOST] + more), pytrace=False)
