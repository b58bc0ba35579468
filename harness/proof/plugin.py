"""The pytest plugin that makes `pytest --codeblocks build/pages README.md` the proof.

pytest-codeblocks finds the blocks; those that are left after selection run in the pool,
and each item takes its own verdict. None is kept from an earlier run.
"""

import random
from collections import Counter
from contextlib import suppress
from functools import partial
from pathlib import Path

import pytest
from pytest_codeblocks.main import extract_from_file
from pytest_codeblocks.plugin import MarkdownFile, TestBlock

from harness.core.problem import Problem
from harness.core.tree import Tree
from harness.gate import census, readme
from harness.judge.result import Result
from harness.judge.verdict import judge
from harness.proof.block import Block, of
from harness.run.job import Job
from harness.run.options import Options
from harness.run.pool import Pool
from harness.site.copies import EXPECTED

STALE = "run: python -m harness pages"


def pytest_addoption(parser):
    parser.addoption("--seed", type=int, help="of random numbers in --codeblocks")


@pytest.hookimpl(tryfirst=True)
def pytest_cmdline_main(config):
    if config.option.codeblocks:  # without xdist: the pool has all cores already
        config.option.numprocesses, config.option.dist = None, "no"
        config.option.tx = []


def pytest_configure(config):
    if config.option.codeblocks:
        config.pluginmanager.register(Proof(config))


class Proof:
    """What one session of pytest finds, runs and leaves out."""

    def __init__(self, config):
        self._tree = Tree(config.rootpath)
        given = config.option.seed
        self._seed = random.SystemRandom().getrandbits(31) if given is None else given
        self._found: set[Path] = set()
        self._left: Counter[str] = Counter()  # to other lanes, by reason
        self._jobs: dict[str, Job] = {}  # by key: equal blocks run once
        self._results: dict[str, Result] = {}
        try:
            table = census.current(self._tree, STALE)
        except Problem as problem:
            raise pytest.UsageError(str(problem)) from None
        # How many blocks must be found, by file.
        self._expected = {self._tree.root / readme.NAME: table["readme"]}
        for name, page in table["pages"].items():
            self._expected[self._tree.pages / name] = page["blocks"]

    @pytest.hookimpl(wrapper=True)
    def pytest_make_collect_report(self, collector):
        path, is_page = collector.path, isinstance(collector, MarkdownFile)
        found = _found(path) if is_page else 0
        report = yield
        if is_page and report.passed:
            self._found.add(path)
            expected = self._expected.get(path)
            fault = f"{found} blocks were found, {expected} are on the page; {STALE}"
            if expected is None:
                fault = "not made by the harness; run build/pages and README.md"
            if found != expected:
                report.outcome, report.result = "failed", []
                report.longrepr = f"{path}: {fault}"
        return report

    def pytest_collection_modifyitems(self, config, items):
        if not self._found and not config.option.collectonly:
            found = "no page was found, so no block would run"
            raise pytest.UsageError(f"{found}; name them: build/pages README.md")
        asked = [Path(name.partition("::")[0]).resolve() for name in config.args]
        for path in self._expected.keys() - self._found:
            if any(path.is_relative_to(folder) for folder in asked):
                found = f"{path} has blocks that were not found"
                raise pytest.UsageError(f"{found}; {STALE}")
        for item in items:
            if isinstance(item, TestBlock):
                item.add_marker(pytest.mark.timeout(0))  # the pool has its own limits
                item.block = of(self._tree, item.path, item.obj)
                item.runtest = partial(self._verdict, item.block)
                item.repr_failure = lambda error: str(error.value)

    @pytest.hookimpl(wrapper=True)
    def pytest_runtestloop(self, session):
        """Runs the items that are left; whatever ends the loop ends the programs."""
        if session.config.option.collectonly or not session.items:
            return (yield)
        options = Options(seed=self._seed)
        with Pool(options, self._tree.build / "cache") as pool:
            items = [item for item in session.items if isinstance(item, TestBlock)]
            for key, one in {item.block.key: item.block for item in items}.items():
                with suppress(Problem):  # no program can be made of it
                    if not one.elsewhere:
                        self._jobs[key] = one.job(pool.folder / "blocks", options)
            self._running = pool.run(list(self._jobs.items()))
            return (yield)

    def _verdict(self, block: Block) -> None:
        """Pass, or raise every reason why the block does not hold."""
        try:
            if reason := block.elsewhere:
                self._left[reason] += 1
                pytest.skip(reason)
            while block.key not in self._results:
                key, result = next(self._running)
                self._results[key] = result
            subject = block.subject(self._jobs[block.key].path)
            problems = judge(subject, {"run": self._results[block.key]})
        except Problem as problem:
            problems = [problem]
        if problems:
            said = [f"{block.where}: this block does not hold", *map(str, problems)]
            again = f"to repeat it: --seed {self._seed}"
            raise Problem.general("\n".join(said), again)

    def pytest_terminal_summary(self, terminalreporter):
        stats, total = terminalreporter.stats, sum(self._expected.values())
        ran = sum(len(stats.get(how, ())) for how in ("passed", "failed", "error"))
        said = [f"all {total} blocks" if ran == total else f"{ran} of {total} blocks"]
        if self._jobs:
            said.append(f"{len(self._results)} programs, equal ones once")
        left = sorted(self._left.items())
        said += [f"{count} left out: {reason}" for reason, count in left]
        said.append(f"seed {self._seed}")
        terminalreporter.write_line("; ".join(said))


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
