"""Completes the HTML that MkDocs built, in the folder that is published."""

import json
import re
import shutil
from base64 import b64encode
from collections.abc import Iterator
from hashlib import sha384
from pathlib import Path

import rjsmin

from harness.core.problem import Problem
from harness.core.tree import Tree
from harness.site import offline, policy
from harness.site.copies import place
from harness.site.programs import PROGRAMS

DIGESTS = "const DIGESTS = {}"  # in `live/whole.js`
NOT_STYLE = re.compile(r"/\*.*?\*/|^\s+", re.DOTALL | re.MULTILINE)


def publish(tree: Tree, site: Path) -> None:
    """Put plain Markdown beside the HTML of all pages, and in these their policy.

    The files that list it come with it, and then all of it once more, to read offline.
    Raises Problem for no HTML.
    """
    for file in sorted(tree.markdown.rglob("*.md")):
        target = site / place(file.relative_to(tree.markdown).as_posix())
        if not (html := target.with_suffix(".html")).is_file():
            raise Problem.general(f"{html} is not there: build the site first")
        shutil.copyfile(file, target)
    for file in tree.markdown.glob("*.txt"):
        shutil.copyfile(file, site / file.name)
    shutil.rmtree(site / PROGRAMS, ignore_errors=True)
    if tree.programs.is_dir():
        shutil.copytree(tree.programs, site / PROGRAMS)
    for html in site.rglob("*.html"):
        text = html.read_text(encoding="utf-8")
        html.write_text(policy.protected(text), encoding="utf-8")
    for script in _scripts(tree, site):
        text = script.read_text(encoding="utf-8")
        text = text.replace(DIGESTS, f"{DIGESTS[:-2]}{json.dumps(_digests(site))}")
        script.write_text(rjsmin.jsmin(text), encoding="utf-8")
    for style in tree.docs.rglob("*.css"):
        text = NOT_STYLE.sub("", style.read_text(encoding="utf-8"))
        (site / style.relative_to(tree.docs)).write_text(text, encoding="utf-8")
    offline.make(site)


def _digests(site: Path) -> dict[str, str]:
    """Of the files that live pages and moving pictures fetch, as browsers ask."""
    assets = site / "assets"
    names = ("javascripts/*/*.json", "weights/*.onnx", "weights/*.safetensors")
    files = {file.name: file for one in names for file in assets.glob(one)}
    made = {name: sha384(file.read_bytes()) for name, file in sorted(files.items())}
    return {name: f"sha384-{b64encode(made[name].digest()).decode()}" for name in made}


def _scripts(tree: Tree, site: Path) -> Iterator[Path]:
    """Our own in the site: a reader need not load their comments."""
    for file in tree.docs.rglob("*.js"):
        theirs = file.with_name(f"LICENSE-{file.stem}.txt").is_file()
        if not theirs and tree.search not in file.parents:
            yield site / file.relative_to(tree.docs)
