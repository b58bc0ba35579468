"""A hook of MkDocs: gives notebook pages the look and the weight of the others.

mkdocs-jupyter renders the cells. It also puts 575 kB of JupyterLab's style into each
page, knows no description and no alt text, leaves links as they were typed, and loses
the code in headings from the table of contents.
"""

import logging
from pathlib import Path
from urllib.parse import urlsplit

from markdown.extensions.toc import nest_toc_tokens
from mkdocs.exceptions import PluginError
from mkdocs.structure.toc import get_toc
from mkdocs.utils import get_relative_url

from harness.core.tree import Tree
from harness.gate.links import resolve
from harness.notebooks.make import read, strays, text
from harness.site import notebooks

log = logging.getLogger("mkdocs.hooks.notebooks")
SUFFIX = ".ipynb"
serving = False


def on_startup(command, dirty):
    global serving
    serving = command == "serve"


def on_files(files, config):
    """Links to a notebook lead to its page: mkdocs-jupyter moves the page alone."""
    for problem in strays(Tree(Path(config.config_file_path).parent)):
        if not serving:
            raise PluginError(str(problem))
        log.warning(problem)
        name = Path(config.config_file_path).parent / problem.path
        files.remove(files.get_file_from_path(name.relative_to(config.docs_dir)))
    for one in files:
        if one.src_uri.endswith(SUFFIX) and hasattr(one, "file"):
            one.file.dest_uri = Path(one.dest_path).as_posix()
            one.file.url = one.url
    return files


def on_pre_page(page, config, files):
    if _is_notebook(page) and page.edit_url:
        page.edit_url = page.edit_url.removesuffix(SUFFIX) + ".py"
    return page


def on_page_markdown(markdown, page, config, files):
    if _is_notebook(page):
        made = read(Path(page.file.abs_src_path))
        facts = made.metadata.get("proven", {"pending": True})
        if facts.get("pending") and not serving:
            raise PluginError(f"{page.file.src_uri} was not executed: run make site")
        page.meta["description"] = facts.get("description", "")
    return markdown


def on_page_content(html, page, config, files):
    if not _is_notebook(page):
        return html
    made = read(Path(page.file.abs_src_path))
    content = notebooks.page(html, made, lambda link: _link(link, page, files))
    where = notebooks.links(page.file.src_uri, made, config.repo_url)
    content = content.replace("</h1>", f"</h1>\n{where}", 1)
    content, headings = notebooks.with_ids(content)
    page.toc = get_toc(nest_toc_tokens(headings))
    folder = Path(config.site_dir, page.file.dest_path).parent
    folder.mkdir(parents=True, exist_ok=True)
    for picture in notebooks.pictures(made).values():
        for name, data in picture.files.items():
            (folder / name).write_bytes(data)
    if not made.metadata["proven"].get("pending"):
        given = notebooks.download(page.file.src_uri, made, config.site_url)
        (folder / Path(page.file.src_uri).name).write_text(text(given), "utf-8")
    return content


def on_post_page(output, page, config):
    return notebooks.squeezed(output) if _is_notebook(page) else output


def _is_notebook(page) -> bool:
    return page.file.src_uri.endswith(SUFFIX)


def _link(link: str, page, files) -> str:
    """A link to a file of docs/ as the built page needs it."""
    parts = urlsplit(link)
    if parts.scheme or parts.netloc or not parts.path:
        return link
    name = resolve(page.file.src_uri, parts.path)
    target = files.get_file_from_path(name)
    if target is None:
        fault = f"{page.file.src_uri}: the link '{link}' is dead"
        if not serving:
            raise PluginError(fault)
        log.warning(fault)
        return link
    path = get_relative_url(target.url, page.file.url)
    return parts._replace(path=path).geturl()
