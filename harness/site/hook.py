"""A hook of MkDocs: a page for each walkthrough, from the Markdown of its notebook.

Links and the nav name the notebook, and the address is that of a Markdown file.
"""

import json
import logging
from pathlib import Path

from mkdocs.exceptions import BuildError
from mkdocs.structure.files import File, InclusionLevel

from harness.core.tree import Tree
from harness.notebooks import walkthrough
from harness.site import notebooks

INCLUDED = InclusionLevel.INCLUDED
log = logging.getLogger("mkdocs.hooks.notebooks")  # a warning fails a strict build
# Lunr, in the theme's search, takes two sets of word endings for one where a digit in a
# word runs into a node's number; words are lost then (github.com/olivernn/lunr.js,
# issue 503). A comma keeps them apart.
JOINED, SPLIT = "e=e+s+o.id}", 'e=e+s+o.id+","}'


class Lesson(File):
    """A page in spite of its name."""

    def is_documentation_page(self) -> bool:
        return True


def on_config(config):
    """Without a repository there is nothing to edit: MkDocs warns of each page."""
    if not config.repo_url:
        config.edit_uri = None
    return config


def on_files(files, config):
    """Add pages, pictures and downloads; of other notebooks mkdocs.yml takes none."""
    tree = Tree(Path(config.config_file_path).parent)
    for one in walkthrough.find(tree):
        if not one.executed:
            log.warning(f"{one.name} was not executed: run make site")
        made = one.shown_as
        words = json.dumps(made.metadata.proven.get("description", ""))
        text = notebooks.page(one.name, made, config.repo_url)
        text = f"---\ndescription: {words}\n---\n{text}"
        page = Lesson.generated(config, one.name, content=text, inclusion=INCLUDED)
        page.edit_uri = one.name.replace(".ipynb", ".py")
        files.append(page)
        for name, data in notebooks.files(one.name, made, config.site_url):
            files.append(File.generated(config, name, content=data, inclusion=INCLUDED))
    return files


def on_post_page(output, page, config):
    return notebooks.squeezed(output) if isinstance(page.file, Lesson) else output


def on_post_build(config):
    workers = Path(config.site_dir, "assets", "javascripts", "workers")
    (worker,) = workers.glob("search.*.min.js")
    code = worker.read_text(encoding="utf-8")
    if code.count(JOINED) != 1:
        raise BuildError(f"{worker.name} has changed: see JOINED in {__file__}")
    worker.write_text(code.replace(JOINED, SPLIT), encoding="utf-8")
