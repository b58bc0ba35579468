"""All shapes and limits, in one place; CONTRIBUTING has them as a table."""

from pathlib import Path

COLUMNS = 79  # fits a phone and a split screen
LINES = 30  # of code in a program: past that it is two ideas
LINES_OLD = 45  # in the programs of `OLD`
TYPED = 2  # lines of Python that a page holds itself
WORDS = 1300  # of a page that is no list of errors or terms
ALT = 20  # characters that say what a picture shows
FIGURE = 5.4  # inches that a figure is wide, as the column of a page
LETTER = 9  # pixels of the letters of a figure on a phone
DIGITS = 3  # a number with as many significant digits needs a proof
PRINTED = 100  # lines of an output: past that nobody reads it
WIDE = 1000  # characters of such a line
SECONDS = 5.0  # that a program takes, unless it says so
PATIENCE = 4.0  # a program is ended after so many times its seconds
CROWDED = 8.0  # times more where others want the cores, at most
MEMORY = 4  # GiB for all processes of a program
SAID = 1  # MiB that a program prints
FILE = 256  # MiB of a file that it writes
CELL = 120  # seconds for a cell of a walkthrough
UNFOLDED = 25  # lines of such a cell that is not folded
WRONG = 3  # answers to an exercise that a test knows
# What floats of the coarsest dtype that a program names may differ by, relative to the
# larger, on a card of another kind than the recorded one.
TOLERANCE = {"bfloat16": 5e-2, "float16": 1e-2, "float32": 1e-3, "float64": 1e-7}
DIFF = 24  # lines of a difference that a message shows
TRACEBACK = 20  # lines of a traceback

# Longer than LINES since before that limit was enforced. Never add to them: split one,
# and take it out.
OLD = frozenset(Path(__file__).with_name("old_programs.txt").read_text().split())
