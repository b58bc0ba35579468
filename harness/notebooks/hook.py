"""A hook of MkDocs: gives notebook pages the look and the weight of the others.

mkdocs-jupyter renders the cells. It also puts 575 kB of JupyterLab's style into each
page, knows no description, leaves links as they were typed, and shows no alt text.
"""

import logging
from pathlib import Path
from urllib.parse import urlsplit

from mkdocs.exceptions import PluginError
from mkdocs.utils import get_relative_url

from harness.notebooks import publish
from harness.notebooks.make import read, text
from harness.pages.links import resolve

log = logging.getLogger("mkdocs.hooks.notebooks")
SUFFIX = ".ipynb"
serving = False


def on_startup(command, dirty):
    global serving
    serving = command == "serve"


def on_files(files, config):
    """Links to a notebook lead to its page: mkdocs-jupyter moves the page alone."""
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
    content = publish.page(html, made, lambda link: _link(link, page, files))
    where = publish.links(page.file.src_uri, made, config.repo_url)
    content = _with_ids(content.replace("</h1>", f"</h1>\n{where}", 1), page)
    folder = Path(config.site_dir, page.file.dest_path).parent
    folder.mkdir(parents=True, exist_ok=True)
    for picture in publish.pictures(made).values():
        for name, data in picture.files.items():
            (folder / name).write_bytes(data)
    if not made.metadata["proven"].get("pending"):
        given = publish.download(page.file.src_uri, made, config.site_url)
        (folder / Path(page.file.src_uri).name).write_text(text(given), "utf-8")
    return content


def _is_notebook(page) -> bool:
    return page.file.src_uri.endswith(SUFFIX)


def _with_ids(content: str, page) -> str:
    """The anchors of headings as the table of contents names them."""
    soup = publish.BeautifulSoup(content, "html.parser")
    items, rest = [], list(page.toc)
    while rest:
        item = rest.pop(0)
        items.append(item)
        rest = [*item.children, *rest]
    headings = soup.find_all(["h1", "h2", "h3", "h4", "h5", "h6"])
    if len(items) != len(headings):
        log.warning(f"{page.file.src_uri}: {len(headings)} headings, {len(items)} ids")
        return content
    for item, heading in zip(items, headings, strict=True):
        heading["id"] = item.id
        if mark := heading.find("a", class_="headerlink"):
            mark["href"] = f"#{item.id}"
    return str(soup)


def _link(link: str, page, files) -> str:
    """A link to a file of docs/ as the built page needs it."""
    parts = urlsplit(link)
    if parts.scheme or parts.netloc or not parts.path:
        return link
    name = resolve(page.file.src_uri, parts.path)
    target = files.get_file_from_path(name)
    if target is None:
        log.warning(f"{page.file.src_uri}: the link '{link}' is dead")
        return link
    path = get_relative_url(target.url, page.file.url)
    return parts._replace(path=path).geturl()
