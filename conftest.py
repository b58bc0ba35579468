"""What `pytest --codeblocks build/pages README.md` needs beyond the plugin.

The plugin has no fixtures and checks neither whether it found every block nor what
a block leaves behind. Hooks do run for its items, so all of that is here.
"""

import dataclasses
import os
import random
import traceback
from pathlib import Path

import pytest
from pytest_codeblocks.plugin import MarkdownFile, TestBlock

from harness.core.tree import Tree
from harness.gate import census, readme
from harness.gate.sandbox import sandbox

COUNTS = pytest.StashKey[dict[Path, int]]()  # blocks that must be found, by file
FOUND = pytest.StashKey[set[Path]]()
SEED = pytest.StashKey[int]()

# Pages show what the CPU lane printed; this must be set before torch is imported.
os.environ["CUDA_VISIBLE_DEVICES"] = ""
STALE = "run: python -m harness pages"


def pytest_addoption(parser):
    parser.addoption("--seed", type=int, help="of random numbers in --codeblocks")


def pytest_sessionstart(session):
    config = session.config
    if not config.option.codeblocks:
        return
    given = config.option.seed
    config.stash[SEED] = random.getrandbits(31) if given is None else given
    config.stash[COUNTS] = _counts(Tree(config.rootpath))
    config.stash[FOUND] = set()


def _counts(tree: Tree) -> dict[Path, int]:
    """How many blocks the pages and the README have."""
    try:
        table = census.load(tree)
    except FileNotFoundError:
        raise pytest.UsageError(f"the pages were never made; {STALE}") from None
    if table["inputs"] != census.inputs(tree):
        raise pytest.UsageError(f"the pages are older than what they show; {STALE}")
    pages = table["pages"].items()
    counts = {tree.pages / name: page["blocks"] for name, page in pages}
    return counts | {tree.root / readme.NAME: table["readme"]}


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report(collector):
    report = yield
    if isinstance(collector, MarkdownFile) and report.passed:
        path, found = collector.path, len(report.result)
        expected = collector.config.stash[COUNTS].get(path)
        collector.config.stash[FOUND].add(path)
        if found != expected:
            report.outcome, report.result = "failed", []
            report.longrepr = (
                f"pytest found {found} blocks, build/census.json counts {expected}"
                if expected is not None
                else "no page that the harness made: run build/pages and README.md"
            )
    return report


def pytest_collection_finish(session):
    config = session.config
    if not config.option.codeblocks:
        return
    if not config.stash[FOUND] and not config.option.collectonly:
        found = "no page was found, so no block would run"
        raise pytest.UsageError(f"{found}; name them: build/pages README.md")
    asked = [Path(argument.partition("::")[0]).resolve() for argument in config.args]
    for path in config.stash[COUNTS].keys() - config.stash[FOUND]:
        if any(path.is_relative_to(folder) for folder in asked):
            raise pytest.UsageError(f"{path} has blocks that were not found; {STALE}")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item):
    if not isinstance(item, TestBlock):
        return (yield)
    block, seed = item.obj, item.config.stash[SEED]
    with sandbox(block.code, seed) as file:
        # From a file and as __main__, so that inspect, pickle and workers find it.
        code = f"import runpy; runpy.run_path({str(file)!r}, run_name='__main__')"
        item.obj = dataclasses.replace(block, code=code)
        try:
            return (yield)
        except SystemExit:  # it would end the session
            reason = "the block calls sys.exit"
        except RuntimeError as error:
            reason = _reason(error, file)
        finally:
            item.obj = block
    raise RuntimeError(f"{_origin(item)}\n{reason}\nto repeat it: --seed {seed}")


def _reason(error: RuntimeError, file: Path) -> str:
    """The plugin's words for other output; the block's own traceback for an error."""
    cause = error.__context__
    if cause is None:
        return str(error)
    frames = traceback.extract_tb(cause.__traceback__)
    own = [frame for frame in frames if frame.filename == str(file)]
    return "".join(traceback.format_list(own) + traceback.format_exception_only(cause))


def _origin(item: TestBlock) -> str:
    """The page and line that a block comes from: in a comment above its fence."""
    lines = item.path.read_text(encoding="utf-8").split("\n")[: item.obj.lineno - 1]
    above = (line for line in reversed(lines) if line.startswith("<!-- "))
    return next(above, item.path.name).removeprefix("<!-- ").removesuffix(" -->")
