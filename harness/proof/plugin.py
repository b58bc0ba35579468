"""The pytest plugin that makes `pytest --codeblocks build/pages README.md` the proof.

pytest-codeblocks finds the blocks. Nothing of them runs in pytest's own process: what
is left after selection goes to the pool, each item takes its own verdict, and no
verdict is kept from an earlier run.
"""

import random
from collections import Counter
from pathlib import Path

import pytest
from pytest_codeblocks.main import extract_from_file
from pytest_codeblocks.plugin import MarkdownFile, TestBlock

from harness.core.problem import Problem
from harness.core.tree import Tree
from harness.gate import census, readme
from harness.proof import block
from harness.proof.block import Block
from harness.proof.lane import Lane
from harness.site.copies import EXPECTED

STALE = "run: python -m harness pages"
LANE = pytest.StashKey[Lane]()
BLOCK = pytest.StashKey[Block]()
COUNTS = pytest.StashKey[dict[Path, int]]()  # blocks that must be found, by file
FOUND = pytest.StashKey[set[Path]]()
LEFT = pytest.StashKey[Counter[str]]()  # to other lanes, by reason


def pytest_addoption(parser):
    parser.addoption("--seed", type=int, help="of random numbers in --codeblocks")


@pytest.hookimpl(tryfirst=True)
def pytest_cmdline_main(config):
    if config.option.codeblocks and hasattr(config.option, "numprocesses"):
        config.option.numprocesses = None  # the pool has all cores already


def pytest_sessionstart(session):
    config = session.config
    if config.option.codeblocks:
        config.stash[COUNTS] = _counts(Tree(config.rootpath))
        config.stash[FOUND], config.stash[LEFT] = set(), Counter()


def _counts(tree: Tree) -> dict[Path, int]:
    """How many blocks the pages and the README have."""
    try:
        table = census.current(tree, STALE)
    except Problem as problem:
        raise pytest.UsageError(str(problem)) from None
    pages = table["pages"].items()
    counts = {tree.pages / name: page["blocks"] for name, page in pages}
    return counts | {tree.root / readme.NAME: table["readme"]}


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report(collector):
    found = _found(collector.path) if isinstance(collector, MarkdownFile) else None
    report = yield
    if found is not None and report.passed:
        path = collector.path
        collector.config.stash[FOUND].add(path)
        expected = collector.config.stash[COUNTS].get(path)
        if expected is None:
            fault = "not made by the harness; run build/pages and README.md"
        else:
            fault = f"{found} blocks were found, {expected} are on the page; {STALE}"
        if found != expected:
            report.outcome, report.result = "failed", []
            report.longrepr = f"{path}: {fault}"
    return report


def _found(path: Path) -> int:
    """How many blocks pytest-codeblocks finds in a file, whatever is selected.

    Raises UsageError where a mark of the plugin would keep a block from running: it is
    Python, which runs while pytest collects.
    """
    text = path.read_text(encoding="utf-8")
    for number, line in enumerate(text.split("\n"), 1):
        if readme.DIRECTIVE.match(line.strip()) and line.strip() != EXPECTED:
            raise pytest.UsageError(f"{path}:{number}: {line.strip()} is not allowed")
    found = extract_from_file(path)
    for one in found:
        if one.syntax in ("sh", "bash"):
            where = f"{path}:{one.lineno}"
            raise pytest.UsageError(f"{where}: a shell block, which would be run")
    return sum(one.syntax == "python" for one in found)


def pytest_collection_modifyitems(config, items):
    if not config.option.codeblocks:
        return
    if not config.stash[FOUND] and not config.option.collectonly:
        found = "no page was found, so no block would run"
        raise pytest.UsageError(f"{found}; name them: build/pages README.md")
    asked = [Path(argument.partition("::")[0]).resolve() for argument in config.args]
    for path in config.stash[COUNTS].keys() - config.stash[FOUND]:
        if any(path.is_relative_to(folder) for folder in asked):
            raise pytest.UsageError(f"{path} has blocks that were not found; {STALE}")
    tree = Tree(config.rootpath)
    for item in filter(_is_block, items):
        item.add_marker(pytest.mark.timeout(0))  # the pool has limits of its own
        item.stash[BLOCK] = block.of(tree, item.path, item.obj)
        item.runtest = lambda item=item: _verdict(item)
        item.repr_failure = lambda error: str(error.value)


@pytest.hookimpl(wrapper=True)
def pytest_runtestloop(session):
    """Submits the items that are left; whatever ends the loop ends the programs."""
    config = session.config
    if not config.option.codeblocks or config.option.collectonly or not session.items:
        return (yield)
    given = config.option.seed
    seed = random.SystemRandom().getrandbits(31) if given is None else given
    with Lane(Tree(config.rootpath), seed) as lane:
        config.stash[LANE] = lane
        if not hasattr(config, "workerinput"):  # xdist gives a worker its own
            lane.submit(i.stash[BLOCK] for i in session.items if _is_block(i))
        return (yield)


def _is_block(item: pytest.Item) -> bool:
    return isinstance(item, TestBlock)


def _verdict(item: TestBlock) -> None:
    """Pass, or raise every reason why the block does not hold."""
    one = item.stash[BLOCK]
    if reason := one.elsewhere:
        item.config.stash[LEFT][reason] += 1
        pytest.skip(reason)
    lane = item.config.stash[LANE]
    if problems := lane.problems(one):
        said = [f"{one.where}: this block does not hold", *map(str, problems)]
        raise Problem.general("\n".join(said), f"to repeat it: --seed {lane.seed}")


def pytest_terminal_summary(terminalreporter, config):
    if not config.option.codeblocks or COUNTS not in config.stash:
        return
    stats = terminalreporter.stats
    ran = sum(len(stats.get(how, ())) for how in ("passed", "failed", "error"))
    total = sum(config.stash[COUNTS].values())
    left = config.stash[LEFT]
    of = f"{ran} of {total} blocks"
    if ran + left.total() == total:
        of = f"all {total} blocks" if not left else of
    said = [of, *(f"{count} left out: {why}" for why, count in sorted(left.items()))]
    if LANE in config.stash:
        lane = config.stash[LANE]
        said[1:1] = [f"{lane.programs} programs, equal ones once"]
        said.append(f"seed {lane.seed}")
    terminalreporter.write_line("; ".join(said))
