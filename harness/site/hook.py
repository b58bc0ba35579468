"""A hook of MkDocs: gives notebook pages the look and the weight of the others.

mkdocs-jupyter makes pages of notebooks. Its HTML has 575 kB of JupyterLab's style in
each page, no alt texts, and links as they were typed: so MkDocs renders the Markdown
of the executed notebook, as it does for the other pages.
"""

import logging
from pathlib import Path

from mkdocs.exceptions import PluginError
from mkdocs.structure.files import File

from harness.core.tree import Tree
from harness.notebooks.make import facts, read, strays
from harness.site import notebooks

log = logging.getLogger("mkdocs.hooks.notebooks")
SUFFIX = ".ipynb"
serving = False


def on_startup(command, dirty):
    global serving
    serving = command == "serve"


def on_config(config):
    """Without a repository there is nothing to edit: MkDocs warns of each page."""
    if not config.repo_url:
        config.edit_uri = None
    return config


def on_files(files, config):
    """Add pictures and downloads; a notebook that nothing made is refused."""
    root = Path(config.config_file_path).parent
    for problem in strays(Tree(root)):
        _refuse(str(problem))
        name = (root / problem.path).relative_to(config.docs_dir).as_posix()
        files.remove(files.get_file_from_path(name))
    for one in [file for file in files if _is_notebook(file)]:
        made = read(Path(one.abs_src_path))
        if not facts(made):
            _refuse(f"{one.src_uri} was not executed: run make site")
        # Links to a notebook lead to its page: mkdocs-jupyter moves the page alone.
        one.file.dest_uri, one.file.url = Path(one.dest_path).as_posix(), one.url
        for name, data in notebooks.files(one.src_uri, made, config.site_url):
            files.append(File.generated(config, name, content=data))
    return files


def _refuse(fault: str) -> None:
    if not serving:
        raise PluginError(fault)
    log.warning(fault)


def on_pre_page(page, config, files):
    if _is_notebook(page.file):
        page.__dict__.pop("render", None)  # mkdocs-jupyter's, in place of MkDocs'
        if page.edit_url:
            page.edit_url = page.edit_url.removesuffix(SUFFIX) + ".py"
    return page


def on_page_markdown(markdown, page, config, files):
    if not _is_notebook(page.file):
        return markdown
    made = read(Path(page.file.abs_src_path))
    page.meta["description"] = facts(made).get("description", "")
    return notebooks.page(page.file.src_uri, made, config.repo_url)


def on_post_page(output, page, config):
    return notebooks.squeezed(output) if _is_notebook(page.file) else output


def _is_notebook(file) -> bool:
    return file.src_uri.endswith(SUFFIX) and file.is_documentation_page()
