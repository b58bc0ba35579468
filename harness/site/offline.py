"""The whole site as one file, `offline.zip`, to be read without a server.

From a disk a link to a folder shows its files: in this copy it names the page. The rest
is the site, byte for byte.
"""

import re
import zipfile
from pathlib import Path
from urllib.parse import urljoin

NAME, FOLDER = "offline.zip", "pytorch-proven"
LINK = re.compile(r'(?<= href=")(?![a-z]+:|/|#|")([^"?#]*)')
CANONICAL = re.compile(r'<link rel="canonical" href="([^"]+)"')
EMPTY = b"PK\5\6".ljust(22, b"\0")  # until there is a site
# What only a host uses.
HOST = {"404.html", "sitemap.xml", "sitemap.xml.gz", NAME}
THEN = (1980, 1, 1, 0, 0, 0)  # so that equal sites give equal bytes


def rewritten(html: str) -> str:
    """The page with links that name files."""
    here = CANONICAL.search(html)
    return LINK.sub(lambda found: _file(found[1], here[1] if here else ""), html)


def _file(path: str, here: str) -> str:
    last = path.rpartition("/")[2]
    if last == NAME:  # which is not in itself
        return urljoin(here, path)
    if last in (".", ".."):
        return f"{path}/index.html"
    return path if last else f"{path}index.html"


def make(site: Path) -> Path:
    """Write it into the site."""
    files = [file for file in sorted(site.rglob("*")) if file.is_file()]
    made = site / NAME
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in files:
            name = file.relative_to(site).as_posix()
            if name in HOST:
                continue
            data = file.read_bytes()
            if file.suffix == ".html":
                data = rewritten(data.decode()).encode()
            about = zipfile.ZipInfo(f"{FOLDER}/{name}", THEN)
            about.compress_type = zipfile.ZIP_DEFLATED
            about.external_attr = 0o644 << 16
            archive.writestr(about, data)
    return made
