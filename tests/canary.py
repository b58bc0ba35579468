"""The site by the successors of MkDocs and Material, compared with what is published.

`make canary` runs it as `python -m tests.canary`: each generator, in an environment of
its own, builds the site from the same `mkdocs.yml`. What may differ stands, with its
reason, in `tests/canary.yml`.
"""

import fnmatch
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urljoin

import yaml
from bs4 import BeautifulSoup

from harness.core.tree import HERE, Tree
from harness.notebooks import walkthrough
from harness.site import notebooks
from harness.site.tables.changes import feed

LISTED = Path(__file__).with_suffix(".yml")
# What the theme brings, and what is made for searches and for robots.
OWN = re.compile(
    r"assets/(javascripts/(bundle|lunr|LICENSE|workers)|images/favicon\.png"
    r"|stylesheets/(main|palette|classic|modern)).*|search[./].*|sitemap\.xml.*"
)
# What `harness publish` puts there, whoever built the site.
PUBLISHED = re.compile(r"(.*/)?index\.md|llms(-full)?\.txt|programs/.*|offline\.zip")
# A walkthrough's page, not the notebook to take away that lies in its folder.
NOTEBOOK = re.compile(r"\]\((?!\S*?([\w-]+)/\1\.ipynb)(\S*?)\.ipynb(?=[)#])")
NAME = re.compile(r"^site_name: (.+)$", re.MULTILINE)
IN_NAV = re.compile(r"^( +- .*)\.ipynb$", re.MULTILINE)
BELOW = "http://127.0.0.1:8000/site/"  # a folder, as links from the root lead out of it
NOT_TEXT = "a.headerlink, .page-end a, .md-content__button, script"
TITLED = ".filename a"  # an output's title leads to itself, by our hook
GENERATORS = {"properdocs": "ProperDocs", "zensical": "Zensical"}
Parts = dict[str, str]


def pages(site: Path) -> dict[str, Parts]:
    """What stands at each address: the parts of a page; of another file, nothing."""
    found = {}
    for file in (one for one in sorted(site.rglob("*")) if one.is_file()):
        name = file.relative_to(site).as_posix()
        if file.suffix == ".html":
            found[name] = parts(file.read_text(encoding="utf-8"), BELOW + name)
        elif not (OWN.fullmatch(name) or PUBLISHED.fullmatch(name)):
            found[name] = {}
    return found


def parts(html: str, address: str) -> Parts:
    whole = BeautifulSoup(html, "html.parser")
    article = whole.find("article") or whole
    for mark in article.select(NOT_TEXT):
        mark.decompose()
    for mark in article.select(TITLED):
        mark.unwrap()
    title, h1 = whole.find("title"), article.find("h1")
    found = {"title": title, "h1": h1, "text": article}
    found = {k: " ".join(v.get_text().split()) if v else "" for k, v in found.items()}
    leads = [one.get("href") or one.get("src") for one in article.select("a, img")]
    links = [urljoin(address, to) for to in leads if to]
    return found | {"links": "\n".join(links)}


def compare(old: dict, new: dict, listed: list[dict]) -> tuple[dict, dict, list[str]]:
    """Differences by page and part: those listed, those not; entries that are gone.

    An entry with `is` and `was` excuses no more than what it turns back.
    """
    known, unknown, used = {}, {}, set()
    for name, part, before, after in _unequal(old, new):
        for at, one in enumerate(listed):
            if one["differs"] == part and fnmatch.fnmatch(name, one["pages"]):
                turned = before
                if "is" in one:
                    turned = re.sub(one["is"], one["was"], after, flags=re.MULTILINE)
                used |= {at} if turned != after else set()
                after = turned
        start = max(0, len(os.path.commonprefix([before, after])) - 30)
        words = (repr(text[start : start + 70]) for text in (before, after))
        how = "MkDocs has {}, here is {}".format(*words)
        (known if before == after else unknown)[name, part] = how
    gone = [one for at, one in enumerate(listed) if at not in used]
    return known, unknown, [f"{one['differs']} of {one['pages']}" for one in gone]


def _unequal(old: dict, new: dict) -> Iterator[tuple[str, str, str, str]]:
    for name in sorted(old.keys() | new.keys()):
        if name not in new:
            yield name, "missing", "a file", "none"
        elif name not in old:
            yield name, "added", "none", "a file"
        else:
            parts = old[name].keys() & new[name].keys()
            for part in sorted(p for p in parts if old[name][p] != new[name][p]):
                yield name, part, old[name][part], new[name][part]


def prepare(tree: Tree, to: Path) -> None:
    """A copy for a generator without hooks and notebooks, and what they would make."""
    shutil.rmtree(to, ignore_errors=True)
    shutil.copytree(tree.docs, to / "docs")
    shutil.copytree(tree.root / "overrides", to / "overrides")
    shutil.copytree(tree.fragments, to / "build" / "fragments")
    config = (tree.root / "mkdocs.yml").read_text(encoding="utf-8")
    (to / "mkdocs.yml").write_text(IN_NAV.sub(r"\1.md", config), encoding="utf-8")
    address = os.environ.get("SITE_URL", "http://127.0.0.1:8000/")
    for one in walkthrough.find(tree):
        made, repository = one.shown_as, os.environ.get("REPO_URL", "")
        text = notebooks.page(one.name, made, repository)
        files = notebooks.files(one, made, address)
        for name, data in [(one.name.replace(".ipynb", ".md"), text), *files]:
            file = to / "docs" / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(data, encoding="utf-8")
    told = {"site_url": address, "site_name": NAME.search(config)[1]}
    (to / "docs" / "changes.atom").write_text(feed(tree, told), encoding="utf-8")
    for file in to.rglob("*.md"):
        text = file.read_text(encoding="utf-8")
        file.write_text(NOTEBOOK.sub(r"](\2.md", text), encoding="utf-8")


def build(tree: Tree, name: str) -> tuple[str, dict]:
    """The version of a generator, and what it built. Raises CalledProcessError."""
    python = tree.build.resolve() / "venvs" / name / "bin" / "python"
    version = f"import importlib.metadata as m; print(m.version({name!r}))"
    run = [python, "-c", version]
    said = subprocess.run(run, check=True, capture_output=True, text=True).stdout
    to = tree.build / "canary" / name
    command, folder, site = [python, "-m", name, "build", "--strict"], tree.root, to
    if name == "zensical":
        prepare(tree, to)
        folder, site = to, to / "site"
    else:
        command += ["--quiet", "--site-dir", to]
    env = os.environ | {"PYTHONPATH": str(tree.root)}  # where an extension of ours is
    subprocess.run(command, cwd=folder, env=env, check=True)
    return said.strip(), pages(site)


def main(tree: Tree) -> int:
    """How many generators differ in what is not listed, or no longer in what is."""
    listed = yaml.safe_load(LISTED.read_text(encoding="utf-8"))
    old, rows, failed = pages(tree.root / "site"), [], 0
    for name, shown in GENERATORS.items():
        version, new = build(tree, name)
        known, unknown, gone = compare(old, new, listed.get(name) or [])
        built = {file for file in new if file.endswith(".html")}
        equal = built - {file for file, _ in known | unknown}
        counts = map(len, (built, equal, known, unknown))
        rows.append((shown, version, *counts))
        for (file, part), how in unknown.items():
            print(f"{shown}: {file}, {part}: {how}")
        for entry in gone:
            print(f"{shown}: {LISTED.name} lists '{entry}', which no longer differs")
        failed += bool(unknown or gone)
    heads = "generator", "version", "pages", "equal", "listed", "unlisted"
    for row in [heads, *rows]:
        print("".join(f"{cell!s:12}" for cell in row).rstrip())
    return failed


if __name__ == "__main__":
    sys.exit(main(HERE) and 1)
