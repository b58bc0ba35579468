"""With which versions a page was verified, as its last line: from the records."""

import re

from harness.core.page import Page
from harness.site.fragments import Recorded, versions

DATE = re.compile(r"\d{4}-\d{2}-\d{2}")


def text(page: Page, snippets: dict[str, Recorded]) -> str:
    """One sentence; empty where the page shows no program that was run."""
    names = {include.snippet for include in page.includes}
    ran = [one for name, one in snippets.items() if name in names and one.cpu]
    if not ran:
        return ""
    found: dict[str, set[str]] = {}
    for one in ran:
        for package, version in versions(one.cpu, one.snippet).items():
            found.setdefault(package, set()).add(version)
    said = ", ".join(f"{name} {' and '.join(sorted(v))}" for name, v in found.items())
    last = max(one.cpu.date for one in ran)
    count = "1 program" if len(ran) == 1 else f"{len(ran)} programs"
    text = f"Verified with {said}: {count}, last recorded on {last}."
    if waiting := sum(one.on_gpu == "never" for one in ran):
        text += f" Not run on a GPU yet, which they can use: {waiting} of these."
    return text


def file(page: Page, stamp: str) -> dict[str, str]:
    """Its file, by the name under which the theme's template looks for it."""
    # The date is an element, so that the style can keep it on one line.
    text = DATE.sub(r"<time>\g<0></time>", f"{stamp}\n")
    return {f"{page.name}.html": text} if stamp else {}
