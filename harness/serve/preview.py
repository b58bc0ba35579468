"""The site as MkDocs builds it, kept between edits: a changed page is built alone.

Nav and search stay as the last full build left them. What changes the nav, a template
or a notebook leads to another full build; the search does not.
"""

import logging
import os
import shutil
import tempfile
from pathlib import Path

from mkdocs.commands.build import _build_page, _populate_page, build
from mkdocs.config import load_config
from mkdocs.plugins import BasePlugin
from mkdocs.structure.files import InclusionLevel, get_files

from harness.core import page
from harness.core.page import Page
from harness.core.snippet import digest
from harness.core.tree import Tree
from harness.site.markdown import SNIPPETS

IN_SERVE = InclusionLevel.is_in_serve


class Preview:
    """`folder` is a link to the last full build, so that it changes in one step."""

    def __init__(self, tree: Tree, folder: Path, address: str):
        self._tree, self._folder, self._address = tree, folder, address
        self._whole, self._pages, self._assets = None, {}, {}
        logging.getLogger("mkdocs").setLevel(logging.ERROR)  # the gate says the rest

    def update(self) -> bool:
        """Build what changed since the last time; whether anything did."""
        found = page.find(self._tree)
        pages = {one.name: self._key(one) for one in found}
        whole, assets = self._everywhere(found), self._dates()
        changed = [name for name in pages if pages[name] != self._pages.get(name)]
        same = whole == self._whole
        if same and not changed and assets == self._assets:
            return False
        self._whole = None  # until it is done
        if not same or not all([self._renew(name) for name in changed]):
            self._build()
        elif assets != self._assets:
            self._copy()
        self._whole, self._pages, self._assets = whole, pages, assets
        return True

    def _key(self, one: Page) -> str:
        """A digest of what a page is made from."""
        parts = [one.path, self._tree.stamps / f"{one.name}.html"]
        parts += [self._tree.fragments / include.target for include in one.includes]
        return digest(b"\0".join(map(_bytes, parts)))

    def _everywhere(self, found: list[Page]) -> str:
        """A digest of what every page depends on, and of what cannot be built alone."""
        files = [self._tree.root / "mkdocs.yml", *self._tree.docs.rglob("*.ipynb")]
        for file in (self._tree.root / "overrides").rglob("*"):
            if not file.is_relative_to(self._tree.stamps):
                files.append(file)
        names = "\n".join(one.name for one in found).encode()
        return digest(b"\0".join([names, *map(_bytes, sorted(files))]))

    def _dates(self) -> dict[Path, int]:
        """When pictures, styles and so on were last written."""
        files = self._tree.docs.rglob("*")
        others = (f for f in files if f.suffix not in (".md", ".py") and f.is_file())
        return {file: file.stat().st_mtime_ns for file in others}

    def _build(self) -> None:
        self._folder.parent.mkdir(parents=True, exist_ok=True)
        prefix = f"{self._folder.name}-"
        new = Path(tempfile.mkdtemp(prefix=prefix, dir=self._folder.parent))
        config = load_config(
            str(self._tree.root / "mkdocs.yml"),
            site_dir=str(new),
            site_url=self._address,
        )
        # The gate says what is missing; the preview goes on without it.
        config.mdx_configs.setdefault(SNIPPETS, {}).update(
            base_path=[str(self._tree.fragments)], check_paths=False
        )
        self._config, self._kept = config, _Kept()
        config.plugins["kept"] = self._kept
        config.plugins.on_startup(command="serve", dirty=False)
        build(config, serve_url=self._address)
        link = self._folder.with_name(f"{prefix}link")
        link.unlink(missing_ok=True)
        link.symlink_to(new.name)
        os.replace(link, self._folder)
        for old in self._folder.parent.glob(f"{prefix}*"):
            if old != new:
                shutil.rmtree(old)

    def _renew(self, name: str) -> bool:
        """Build one page; whether that was enough."""
        kept, config = self._kept, self._config
        one = kept.files.get_file_from_path(name).page
        title = one.title
        _populate_page(one, config, kept.files)
        documents = kept.files.documentation_pages(inclusion=IN_SERVE)
        _build_page(one, config, documents, kept.nav, kept.env)
        return one.title == title

    def _copy(self) -> None:
        """Copy what is new or newer."""
        for file in get_files(self._config):
            if self._kept.files.get_file_from_path(file.src_uri) is None:
                self._kept.files.append(file)
        self._kept.files.copy_static_files(dirty=True, inclusion=IN_SERVE)


class _Kept(BasePlugin):
    """What a full build knew that a page needs to be built alone."""

    def on_nav(self, nav, config, files):
        self.nav = nav
        return nav

    def on_env(self, env, config, files):
        self.env, self.files = env, files
        return env


def _bytes(file: Path) -> bytes:
    return file.read_bytes() if file.is_file() else b""
