"""What a published page may load and run: what lies in the site, and nothing else.

A browser also runs the scripts that the theme writes into a page, which are named by
their digests. So a script that came in by some text would not run.
"""

import base64
import hashlib
import re

from harness.core.problem import Problem

INLINE = re.compile(r"<script>(.+?)</script>", re.DOTALL)
# In pages, for a host where we set no headers; it must stand above all scripts.
ABOVE = '<meta charset="utf-8">'
META = '<meta http-equiv="Content-Security-Policy" content="{}">'
RULES = (
    "default-src 'self'",
    "script-src 'self' {}",
    "img-src 'self' data:",
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'none'",
)


def protected(html: str) -> str:
    """The page with its policy. Raises Problem where that would not stand first."""
    digests = [hashlib.sha256(one.encode()).digest() for one in INLINE.findall(html)]
    named = [f"'sha256-{base64.b64encode(one).decode()}'" for one in digests]
    policy = META.format("; ".join(RULES).format(" ".join(dict.fromkeys(named))))
    if policy in html:  # from an earlier time
        return html
    if html.count(ABOVE) != 1:
        raise Problem.general(f"the theme's pages do not have {ABOVE} once")
    return html.replace(ABOVE, f"{ABOVE}\n{policy}")
