"""The instruments' command line: `python -m lab COMMAND`; `--help` lists them."""

import argparse
import sys

from harness.core.problem import Problem
from harness.core.tree import HERE


def main(arguments: list[str] | None = None) -> int:
    """0: all holds; 1: something does not; 2: it could not be asked."""
    parser = argparse.ArgumentParser(prog="python -m lab", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    bench = commands.add_parser("bench", help="five ways of running snippets, timed")
    bench.add_argument("--rounds", type=int, default=3, metavar="N")
    commands.add_parser("step-cost", help="a step of PyTorch and of Keras, timed")
    numbers = commands.add_parser("gpu-numbers", help="how fast the GPU is, measured")
    numbers.add_argument("--cpu", action="store_true", help="a smaller table, of a CPU")
    train = commands.add_parser("train", help="train the weights that the site ships")
    train.add_argument("names", nargs="*", metavar="NAME", help="all, if none is named")
    how = train.add_mutually_exclusive_group()
    how.add_argument("--check", action="store_true", help="hold them to their cards")
    how.add_argument(
        "--export", action="store_true", help="write what browsers read; no more"
    )
    asked = parser.parse_args(arguments)
    try:
        return int(bool(_run(asked)))
    except Problem as error:
        print(error, file=sys.stderr)
        return 2


def _run(asked: argparse.Namespace) -> int | None:
    match asked.command:
        case "bench":
            from lab.bench import bench

            bench(HERE, asked.rounds)
        case "step-cost":
            from lab import step_cost

            step_cost.measure(HERE)
        case "gpu-numbers":
            from lab.gpu_numbers import measure

            return measure.measure(HERE, measure.place(asked.cpu))
        case "train":
            return _train(asked)


def _train(asked: argparse.Namespace) -> int:
    from lab import train

    problems = []
    for name in asked.names or train.TRAINERS:
        if asked.export:
            from lab.train import export

            export.write(HERE, name)
        else:
            problems += train.full(HERE, name, write=not asked.check)
    print("\n".join(problems) or "the weights hold")
    return len(problems)


if __name__ == "__main__":
    sys.exit(main())
