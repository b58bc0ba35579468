"""The command line: `python -m harness COMMAND`; `--help` lists the commands."""

import argparse
import random
import signal
import sys
from pathlib import Path

from harness.core.problem import Problem
from harness.core.records import LANES
from harness.core.tree import HERE, Tree


def main(arguments: list[str] | None = None) -> int:
    """0: all holds; 1: something does not; 2: it could not be asked."""
    parser = argparse.ArgumentParser(prog="python -m harness", description=__doc__)
    parser.add_argument("--root", type=Path, default=HERE.root, help=argparse.SUPPRESS)
    commands = parser.add_subparsers(dest="command", required=True)
    run = commands.add_parser("run", help="run snippets, compare what they print")
    run.add_argument(
        "paths",
        nargs="*",
        metavar="PATH",
        help="a snippet, a folder, or a name such as tensors/broadcast",
    )
    run.add_argument("--lane", choices=tuple(LANES), default="cpu")
    how = run.add_mutually_exclusive_group()
    how.add_argument(
        "--record",
        action="store_true",
        help="write what they print, if it is the same on every run",
    )
    how.add_argument(
        "--smoke",
        action="store_true",
        help="compare how they end, raise and warn: for systems other than Linux",
    )
    run.add_argument(
        "--fresh",
        action="store_true",
        help="a new interpreter for each, instead of a fork",
    )
    run.add_argument("--jobs", type=_count, metavar="N", help="at a time")
    run.add_argument(
        "--json", type=Path, metavar="FILE", help="write the results there"
    )
    run.add_argument("--seed", type=int, help="repeat the run that printed this seed")
    commands.add_parser("pages", help="make fragments and testable pages, check both")
    check = commands.add_parser("check", help="all that must hold for one page")
    check.add_argument("page", metavar="PAGE", help="as training/data")
    commands.add_parser("notebooks", help="execute walkthroughs that changed")
    commands.add_parser("report", help="make the status page's tables")
    publish = commands.add_parser("publish", help="put plain Markdown beside the HTML")
    publish.add_argument("site", type=Path)
    commands.add_parser("witness", help="the blocks by stock pytest-codeblocks alone")
    serve = commands.add_parser("serve", help="the site with live reload")
    serve.add_argument("--port", type=int, default=8000)
    asked = parser.parse_args(arguments)
    before = signal.signal(signal.SIGTERM, _stop)
    try:
        return COMMANDS[asked.command](Tree(asked.root.resolve()), asked)
    except KeyboardInterrupt as stopped:
        print("stopped", file=sys.stderr)
        return 128 + (stopped.args or (signal.SIGINT,))[0]
    except Problem as error:
        print(error, file=sys.stderr)
        return 2
    finally:
        signal.signal(signal.SIGTERM, before)


def _stop(number: int, _) -> None:
    """End a polite kill like Ctrl-C: children are ended, folders removed."""
    raise KeyboardInterrupt(number)


def _count(text: str) -> int:
    """A number of processes; with none at all a run would wait for ever."""
    if not text.isdecimal() or int(text) == 0:
        raise argparse.ArgumentTypeError(f"'{text}' is no number from 1 up")
    return int(text)


def _run(tree: Tree, asked: argparse.Namespace) -> int:
    from harness.run.lane import run
    from harness.run.options import Options

    # A seed that changes every run finds a snippet that forgot to set its own.
    seed = random.SystemRandom().getrandbits(31) if asked.seed is None else asked.seed
    options = Options(
        paths=asked.paths,
        lane=asked.lane,
        record=asked.record,
        fresh=asked.fresh,
        smoke=asked.smoke,
        jobs=asked.jobs,
        seed=seed,
        json=asked.json,
    )
    return int(any(outcome.problems for outcome in run(tree, options)))


def _pages(tree: Tree, asked: argparse.Namespace) -> int:
    from harness.gate import census, gate

    problems = gate.make(tree)
    for problem in sorted(problems):
        print(problem)
    print(f"{len(problems)} problems" if problems else "the pages hold", end=": ")
    print(census.in_words(tree))
    return int(bool(problems))


def _check(tree: Tree, asked: argparse.Namespace) -> int:
    from harness.serve.check import check

    return int(not check(tree, asked.page))


def _notebooks(tree: Tree, asked: argparse.Namespace) -> int:
    from harness.notebooks import make as notebooks

    problems = notebooks.make(tree)
    for problem in sorted(problems):
        print(problem)
    return int(bool(problems))


def _report(tree: Tree, asked: argparse.Namespace) -> int:
    from harness.site import tables

    tables.make(tree)
    return 0


def _publish(tree: Tree, asked: argparse.Namespace) -> int:
    from harness.site import publish

    publish.copy(tree, asked.site)
    return 0


def _witness(tree: Tree, asked: argparse.Namespace) -> int:
    from harness.proof.witness import witness

    return int(bool(witness(tree)))


def _serve(tree: Tree, asked: argparse.Namespace) -> int:
    from harness.serve.serve import serve

    return serve(tree, asked.port)


COMMANDS = {
    "run": _run,
    "pages": _pages,
    "check": _check,
    "notebooks": _notebooks,
    "report": _report,
    "publish": _publish,
    "serve": _serve,
    "witness": _witness,
}

if __name__ == "__main__":
    sys.exit(main())
