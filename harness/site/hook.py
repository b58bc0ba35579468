"""A hook of MkDocs: makes pages of executed notebooks, as light as the others.

MkDocs renders the Markdown of a notebook, as it does for any other page.
"""

import json
import logging
from pathlib import Path

from mkdocs.exceptions import BuildError
from mkdocs.structure.files import File

from harness.core.tree import Tree
from harness.notebooks import walkthrough
from harness.notebooks.make import strays
from harness.site import notebooks

log = logging.getLogger("mkdocs.hooks.notebooks")  # a warning fails a strict build
SUFFIX = ".ipynb"
# Lunr, in the theme's search, takes two sets of word endings for one where a digit in a
# word runs into a node's number; words are lost then (github.com/olivernn/lunr.js,
# issue 503). A comma keeps them apart.
JOINED, APART = "e=e+s+o.id}", 'e=e+s+o.id+","}'


def on_config(config):
    """Without a repository there is nothing to edit: MkDocs warns of each page."""
    if not config.repo_url:
        config.edit_uri = None
    return config


class NotebookPage(File):
    """A page in Markdown, although it has the name of a notebook."""

    def is_documentation_page(self):
        return True


def on_files(files, config):
    """Add notebooks, pictures and downloads; leave out what nothing made."""
    tree = Tree(Path(config.config_file_path).parent)
    for problem in strays(tree):
        log.warning(str(problem))
        name = (tree.root / problem.path).relative_to(config.docs_dir).as_posix()
        files.remove(files.get_file_from_path(name))
    for one in walkthrough.find(tree):
        if not one.executed:
            log.warning(f"{one.name} was not executed: run make site")
        made = one.shown_as
        words = json.dumps(made.metadata.proven.get("description", ""))
        text = notebooks.page(one.name, made, config.repo_url)
        text = f"---\ndescription: {words}\n---\n{text}"
        files.append(NotebookPage.generated(config, one.name, content=text))
        files.get_file_from_path(one.name).edit_uri = one.name[: -len(SUFFIX)] + ".py"
        for name, data in notebooks.files(one.name, made, config.site_url):
            files.append(File.generated(config, name, content=data))
    return files


def on_post_page(output, page, config):
    is_notebook = page.file.src_uri.endswith(SUFFIX)
    return notebooks.squeezed(output) if is_notebook else output


def on_post_build(config):
    workers = Path(config.site_dir, "assets", "javascripts", "workers")
    (worker,) = workers.glob("search.*.min.js")
    code = worker.read_text(encoding="utf-8")
    if code.count(JOINED) != 1:
        raise BuildError(f"{worker.name} has changed: see JOINED in {__file__}")
    worker.write_text(code.replace(JOINED, APART), encoding="utf-8")
