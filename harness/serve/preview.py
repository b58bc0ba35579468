"""The site as MkDocs builds it, kept between edits: a changed page is built alone.

The nav stays as the last full build left it. What changes the nav, a template or a
notebook leads to another full build; the search's index is an asset, and is copied.
"""

import logging
import os
import shutil
import tempfile
import time
from collections.abc import Iterable
from pathlib import Path

from mkdocs.commands.build import _build_page, _populate_page, build
from mkdocs.config import load_config
from mkdocs.plugins import BasePlugin
from mkdocs.structure.files import InclusionLevel, get_files

from harness.core import page, records
from harness.core.page import Page
from harness.core.tree import Tree
from harness.site.copies import place
from harness.site.markdown import SNIPPETS
from harness.site.programs import PROGRAMS

IN_SERVE = InclusionLevel.is_in_serve
HOME = "index.md"
WHOLE, ASSETS = "the whole site", "pictures, styles and so on"
BUILT = "livereload"  # a file with the time of the last build
RELOAD = "livereload.js"  # a script with which an open page notices that


class Preview(BasePlugin):
    """`folder` is a link to the last full build, so that it changes in one step.

    As a plugin it learns of a full build what a page needs to be built alone.
    """

    def __init__(self, tree: Tree, folder: Path, address: str, scripts=(), only=""):
        """`only` names the one page that is built, beside the home page."""
        self._tree, self._folder, self._address = tree, folder, address
        self._scripts, self._only = scripts, only
        self._built = {}
        logging.getLogger("mkdocs").setLevel(logging.ERROR)  # the gate says the rest

    def update(self) -> None:
        """Build what changed since the last time; then open pages load again."""
        parts = self._parts()
        changed = {name for name in parts if parts[name] != self._built.get(name)}
        if not changed:
            return
        self._built = {}  # until it is done
        pages = changed - {WHOLE, ASSETS}
        if WHOLE in changed or not all([self._renew(name) for name in pages]):
            self._build()
        elif ASSETS in changed:
            self._copy()
        records.write(self._folder / BUILT, str(time.time_ns()))
        self._built = parts

    def _parts(self) -> dict[str, object]:
        """The files, with their dates, of each page and of what belongs to none."""
        tree, parts = self._tree, {}
        for one in page.find(tree):
            files = [one.path, tree.stamps / f"{place(one.name)}.html"]
            files += [tree.fragments / include.target for include in one.includes]
            parts[one.name] = _dates(files)
        theme = (tree.root / "overrides").rglob("*")
        files = [file for file in theme if tree.stamps not in file.parents]
        files += [tree.root / "mkdocs.yml", *tree.notebooks.rglob("*.ipynb")]
        parts[WHOLE] = list(parts), _dates(files)
        assets = (f for f in tree.docs.rglob("*") if f.suffix not in (".md", ".py"))
        parts[ASSETS] = _dates(assets)
        return parts

    def _build(self) -> None:
        self._folder.parent.mkdir(parents=True, exist_ok=True)
        prefix = f"{self._folder.name}-"
        new = Path(tempfile.mkdtemp(prefix=prefix, dir=self._folder.parent))
        file = str(self._tree.root / "mkdocs.yml")
        config = load_config(file, site_dir=str(new), site_url=self._address)
        # The gate says what is missing; the preview goes on without it.
        config.mdx_configs.setdefault(SNIPPETS, {}).update(
            base_path=[str(self._tree.fragments)], check_paths=False
        )
        config.extra_javascript.extend(self._scripts)
        config.extra["only"] = self._only
        config.plugins["preview"] = self
        config.plugins.on_startup(command="serve", dirty=False)
        build(config, serve_url=self._address, dirty=bool(self._only))
        shutil.copy(Path(__file__).with_name(RELOAD), new)
        (new / PROGRAMS).symlink_to(self._tree.programs)
        self._mkdocs = config
        link = self._folder.with_name(f"{prefix}link")
        link.unlink(missing_ok=True)
        link.symlink_to(new.name)
        os.replace(link, self._folder)
        for old in self._folder.parent.glob(f"{prefix}*"):
            if old != new:
                shutil.rmtree(old)

    def on_page_read_source(self, page, config):
        name = page.file.src_uri
        if self._only and name not in (self._only, HOME):
            known = name.endswith(".md") and Page(self._tree, name).title
            return f"# {known or name}\n"

    def on_nav(self, nav, config, files):
        self._nav = nav

    def on_env(self, env, config, files):
        self._env, self._files = env, files
        for file in files.documentation_pages() if self._only else ():
            if file.src_uri not in (self._only, HOME):
                file.is_modified = lambda: False

    def _renew(self, name: str) -> bool:
        """Build one page; whether that was enough."""
        one = self._files.get_file_from_path(name).page
        title = one.title
        _populate_page(one, self._mkdocs, self._files)
        documents = self._files.documentation_pages(inclusion=IN_SERVE)
        # MkDocs empties the file and then writes it: nobody may read it meanwhile.
        place = one.file.abs_dest_path
        one.file.abs_dest_path = f"{place}{records.PART}"
        try:
            _build_page(one, self._mkdocs, documents, self._nav, self._env)
            os.replace(one.file.abs_dest_path, place)
        finally:
            one.file.abs_dest_path = place
        return one.title == title

    def _copy(self) -> None:
        for file in get_files(self._mkdocs):
            if self._files.get_file_from_path(file.src_uri) is None:
                self._files.append(file)
        self._files.copy_static_files(dirty=True, inclusion=IN_SERVE)


def _dates(files: Iterable[Path]) -> dict[Path, int]:
    return {file: file.stat().st_mtime_ns for file in files if file.is_file()}
