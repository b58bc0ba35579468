"""The command line: `python -m harness COMMAND`; `--help` lists the commands."""

import argparse
import errno
import os
import random
import signal
import sys
from pathlib import Path

from harness.core.problem import Problem, say
from harness.core.records import LANES
from harness.core.tree import HERE, Tree

ELSEWHERE = "copy the project to where you may write, and run it there"
UNWRITTEN = {
    errno.EROFS: ELSEWHERE,
    errno.EACCES: ELSEWHERE,
    errno.ENOSPC: "make room there; for its own files it takes $TMPDIR",
}


def main(arguments: list[str] | None = None) -> int:
    """0: all holds; 1: something does not; 2: it could not be asked."""
    asked = _parser().parse_args(arguments)
    sys.stdout.reconfigure(line_buffering=True)  # into a pipe, too
    before = signal.signal(signal.SIGTERM, _stop)
    try:
        return int(not _holds(Tree(asked.root.resolve()), asked))
    except KeyboardInterrupt as stopped:
        print("stopped", file=sys.stderr)
        return 128 + (stopped.args or (signal.SIGINT,))[0]
    except Problem as error:
        print(error, file=sys.stderr)
        return 2
    except OSError as error:  # of a file that it makes; others are faults of ours
        if not (error.filename and error.errno in UNWRITTEN):
            raise
        what = f"{error.filename} cannot be written: {error.strerror.lower()}"
        print(Problem.general(what, UNWRITTEN[error.errno]), file=sys.stderr)
        return 2
    finally:
        signal.signal(signal.SIGTERM, before)


def _stop(number: int, _) -> None:
    """End a polite kill like Ctrl-C: children are ended, folders removed."""
    raise KeyboardInterrupt(number)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m harness", description=__doc__)
    parser.add_argument("--root", type=Path, default=HERE.root, help=argparse.SUPPRESS)
    commands = parser.add_subparsers(dest="command", required=True)
    run = commands.add_parser("run", help="run snippets, compare what they print")
    run.add_argument("paths", nargs="*", metavar="PATH", help="as tensors/broadcast")
    run.add_argument("--lane", choices=LANES, default="cpu")
    how = run.add_mutually_exclusive_group()
    how.add_argument("--record", action="store_true", help="write what they print")
    how.add_argument("--smoke", action="store_true", help="compare only how they end")
    run.add_argument("--fresh", action="store_true", help="fork none of them")
    run.add_argument("--jobs", type=_count, metavar="N", help="at a time")
    run.add_argument("--json", type=Path, metavar="FILE", help="for the results")
    # One that changes every run finds a snippet that forgot to set its own.
    seed = random.SystemRandom().getrandbits(31)
    run.add_argument("--seed", type=int, default=seed, help="of a run to repeat")
    commands.add_parser("pages", help="make fragments and testable pages, check both")
    check = commands.add_parser("check", help="all that must hold for one page")
    check.add_argument("page", metavar="PAGE", help="as training/data")
    commands.add_parser("notebooks", help="execute walkthroughs that changed")
    publish = commands.add_parser("publish", help="complete the HTML that MkDocs built")
    publish.add_argument("site", type=Path)
    serve = commands.add_parser("serve", help="the site with live reload")
    serve.add_argument("--port", type=int, default=8000)
    return parser


def _count(text: str) -> int:
    """A number of processes; with none at all a run would wait for ever."""
    if not text.isdecimal() or int(text) == 0:
        raise argparse.ArgumentTypeError(f"'{text}' is no number from 1 up")
    return int(text)


def _holds(tree: Tree, asked: argparse.Namespace) -> bool:
    """Do what is asked. Each command imports what it needs, and no more."""
    match asked.command:
        case "run":
            from harness.run.lane import run
            from harness.run.options import Options

            del asked.root, asked.command
            outcomes = run(tree, Options(**vars(asked)))
            return not any(outcome.problems for outcome in outcomes)
        case "pages":
            import gc

            gc.disable()  # what is read stays until the end, which is near
            from harness.gate import census, gate

            problems = gate.run(tree).problems
            say(problems)
            said = f"{len(problems)} problems" if problems else "the pages hold"
            print(f"{said}: {census.in_words(tree)}")
            return not problems
        case "check":
            from harness.serve.check import check

            return check(tree, asked.page)
        case "notebooks":
            from harness.notebooks import make as notebooks

            problems = notebooks.make(tree)
            say(problems)
            return not problems
        case "publish":
            from harness.site.publish import publish

            publish(tree, asked.site)
        case "serve":
            from harness.serve.serve import serve

            serve(tree, asked.port)
    return True


if __name__ == "__main__":
    if sys.getfilesystemencoding() != "utf-8":  # as processes hand over paths
        os.execv(sys.executable, [sys.executable, "-X", "utf8", *sys.orig_argv[1:]])
    sys.exit(main())
