"""A hook of MkDocs: gives notebook pages the look and the weight of the others.

mkdocs-jupyter makes pages of notebooks. Its HTML has 575 kB of JupyterLab's style in
each page, no alt texts, and links as they were typed: so MkDocs renders the Markdown
of the executed notebook, as it does for the other pages.
"""

import html
import logging
import re
from collections import Counter
from pathlib import Path

from mkdocs.plugins import event_priority
from mkdocs.structure.files import File
from mkdocs.utils import get_relative_url

from harness.core.tree import Tree
from harness.notebooks import walkthrough
from harness.notebooks.make import strays
from harness.notebooks.walkthrough import Walkthrough
from harness.site import notebooks, offline
from harness.site.programs import PROGRAMS
from harness.site.tables.changes import feed

log = logging.getLogger("mkdocs.hooks.notebooks")  # a warning fails a strict build
SUFFIX = ".ipynb"
CHECKER = "assets/check_my_training.py"
# Names, spaces, signs and operators, most of a program's tokens, have the colour of the
# text around: without elements of their own a page has a third fewer.
PLAIN = re.compile(r'<span class="[nwop]">([^<]*)</span>')
# A comment that ends a line too long for a phone stands below it there, as far in as
# the line; one with a line of its own stays, as other kinds of comments do.
COMMENT = re.compile(
    r'^((?:.*<code>)?)( *)(.*)<span class="c1">(?=([^<]*))', re.MULTILINE
)
TAG = re.compile(r"<[^>]*>")
PHONE = 40  # columns of a program that it shows
FILE = re.compile(r'(?<=<span class="filename">)[^<]{30,}')  # it needs places to break
NAME = 33  # characters of a file's name that a phone shows in a line
# A longer word of code, in a sentence or a table, breaks behind a sign in it.
CODE = re.compile(r"(?<=<code>)[^<\n]+(?=</code>)")
# Of a short one, no part goes on in the next line.
SHORT = re.compile(r"<code>(?=[^<\n]*[ /-][^<\n]*</code>)(?=(?:[^<&\n]|&\w+;){3,20}<)")
LONG = re.compile(r"[^\s<]{28,}")
SIGN = re.compile(r"[._/(=,:](?=[\w&])")
# The title of an output links to it, so that a reader can show one to others.
OUTPUT = re.compile(
    r'(<div class="[^"]* output[^"]*")((?: data-output="([^"]+)")?[^>]*>'
    r'<span class="filename">)([^<]*)'
)
# Of what a newer release prints, the title also leads to what changed there.
SINCE = re.compile(r'data-since="([^"]+)"')
RELEASE = re.compile(r"(Output since) (\w+ [\d.]+\d)")
CHANGES = "reference/what-changed/"
DIV = re.compile(r"(<div\b[^>]*>|</div>)")
TABS = '<div class="tabbed-set'
# The theme's script links tabs in what has this mark, see page.js.
MOUNTED = '<div data-md-component="content">'


def on_config(config):
    """Without a repository there is nothing to edit: MkDocs warns of each page."""
    if not config.repo_url:
        config.edit_uri = None
    return config


@event_priority(100)  # before mkdocs-jupyter makes pages of notebooks
def on_files(files, config):
    """Add notebooks, pictures and downloads; leave out what nothing made."""
    tree = _tree(config)
    files.append(File.generated(config, "changes.atom", content=feed(tree, config)))
    # `harness publish` fills it; here it is a file to which a page may link.
    files.append(File.generated(config, offline.NAME, content=offline.EMPTY))
    for problem in strays(tree):
        log.warning(str(problem))
        name = (tree.root / problem.path).relative_to(config.docs_dir).as_posix()
        files.remove(files.get_file_from_path(name))
    lead_here(files, config.site_url)
    for one in walkthrough.find(tree):
        if not one.executed:
            log.warning(f"{one.name} was not executed: run make site")
        # Links to a notebook lead to its page: mkdocs-jupyter moves the page alone.
        place = f"{one.name.removesuffix(SUFFIX)}/index.html"
        source, site = str(tree.notebooks), config.site_dir
        files.append(File(one.name, source, site, True, dest_uri=place))
        if _is_built(one.name, config):  # it takes seconds
            for name, data in notebooks.files(one, one.shown_as, config.site_url):
                files.append(File.generated(config, name, content=data))
    return files


def lead_here(files, address: str) -> None:
    """Let the copy of the checker that readers download name pages of this site."""
    if file := files.get_file_from_path(CHECKER):
        text = file.content_string
        file.content_string = text.replace('SITE = ""', f'SITE = "{address}"')


def on_pre_page(page, config, files):
    if _is_notebook(page.file):
        page.__dict__.pop("render", None)  # mkdocs-jupyter's, in place of MkDocs'
        if page.edit_url:
            page.edit_url = page.edit_url.removesuffix(SUFFIX) + ".py"
    return page


def on_page_read_source(page, config):
    name = page.file.src_uri
    if _is_notebook(page.file) and _is_built(name, config):
        made = Walkthrough(_tree(config), name).shown_as
        return notebooks.page(name, made, config.repo_url)


def on_page_context(context, page, config, nav):
    """Where a page's programs are as a notebook, and where that can be opened."""
    name = f"{page.file.src_uri.removesuffix('.md')}.ipynb"
    if (_tree(config).programs / name).is_file():
        context["notebook"] = f"{PROGRAMS}/{name}"
        context["colab"] = notebooks.colab(config.repo_url, context["notebook"])
    return context


def on_post_page(output, page, config):
    output = PLAIN.sub(r"\1", output)
    output = COMMENT.sub(_comment, output)
    output = _linked(output, page.url)
    output = FILE.sub(_breakable, output)
    output = SHORT.sub('<code class="short">', output)
    output = CODE.sub(lambda code: LONG.sub(_broken, code.group()), output)
    if TABS in output:
        output = _mounted(output)
    return notebooks.squeezed(output) if _is_notebook(page.file) else output


def _linked(page: str, address: str = "") -> str:
    """Each output with an address: the name of its program, `-2` for a second one."""
    seen = Counter()

    def named(found: re.Match) -> str:
        before, after, program, title = found.groups()
        name = f"{(program or 'cell').split('/')[-1]}.out"
        seen[name] += 1
        if seen[name] > 1:
            name += f"-{seen[name]}"
        made = f'<a href="#{name}">{title}</a>'
        if since := SINCE.search(after):
            change = f"{get_relative_url(CHANGES, address)}#{since[1]}"
            links = rf'<a href="#{name}">\1</a> <a href="{change}">\2</a>'
            made = RELEASE.sub(links, title)
        return f'{before} id="{name}"{after}{made}'

    return OUTPUT.sub(named, page)


def _comment(found: re.Match) -> str:
    """A line up to its comment, the class of which says where it stands."""
    before, indent, code, comment = found.groups()
    line = indent + html.unescape(TAG.sub("", code) + comment)
    fits = not code or len(line) <= PHONE
    kind = "c" if fits else "c1" + ("", " in", " deep")[min(2, len(indent) // 4)]
    return f'{before}{indent}{code}<span class="{kind}">'


def _breakable(found: re.Match) -> str:
    """A path breaks behind a folder; in its name only where that is too long."""
    name = found.group().rpartition("/")[2]
    return re.sub("[/_]" if len(name) > NAME else "/", r"\g<0><wbr>", found.group())


def _broken(word: re.Match) -> str:
    return SIGN.sub(r"\g<0><wbr>", word.group())


def _mounted(page: str) -> str:
    """Each set of tabs in an element of its own for the theme's script."""
    parts, is_set = DIV.split(page), []
    for at, part in enumerate(parts):
        if part.startswith("<div"):
            is_set.append(part.startswith(TABS))
            parts[at] = MOUNTED + part if is_set[-1] else part
        elif part == "</div>" and is_set.pop():
            parts[at] += part
    return "".join(parts)


def _tree(config) -> Tree:
    return Tree(Path(config.config_file_path).parent)


def _is_built(name: str, config) -> bool:
    """Not where the preview builds another page alone."""
    return config.extra.get("only", name) in ("", name)


def _is_notebook(file) -> bool:
    return file.src_uri.endswith(SUFFIX) and file.is_documentation_page()
