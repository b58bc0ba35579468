"""All shapes and limits, in one place: CONTRIBUTING shows `table()`."""

COLUMNS = 79  # fits a phone and a split screen
LINES = 30  # of code in a program: past that it is two ideas
LINES_OLD = 45  # in the programs of `OLD`
TYPED = 2  # lines of Python that a page holds itself
WORDS = 1300  # of a page that is no list of errors or terms
ALT = 20  # characters that say what a picture shows
DIGITS = 3  # a number with as many significant digits needs a proof
SECONDS = 5.0  # that a program takes, unless it says so
PATIENCE = 4.0  # a program is ended after so many times its seconds
MEMORY = 4  # GiB for all processes of a program
CELL = 120  # seconds for a cell of a walkthrough
DIFF = 24  # lines of a difference that a message shows
TRACEBACK = 20  # lines of a traceback

# Longer than LINES since before that limit was enforced. Never add to them: split one,
# and take it out.
OLD = frozenset(
    f"{topic}/{name}"
    for topic, names in {
        "autograd": "forgetting_can_look_better scalar_autograd tensor_autograd "
        "two_orders",
        "distributed": "fsdp_equals_one_process",
        "gpu": "memory_by_batch what_an_export_keeps",
        "keras": "keras_fit keras_train_on_batch losses_on_top_of_each_other "
        "one_unit_changes_sides port_attention pytorch_loop runs_part "
        "tensorflow_tape three_frameworks_apart three_ways_agree "
        "train_step_of_your_own who_calls_what",
        "reference": "old_calls_today",
        "start": "timeline",
    }.items()
    for name in names.split()
)


def table() -> str:
    """The limits as a Markdown table."""
    rows = {
        "columns of a program": COLUMNS,
        "lines of code in a program": f"{LINES}; {LINES_OLD} in {len(OLD)} older ones",
        "lines of Python typed into a page": TYPED,
        "words of a page, lists of errors and terms apart": f"{WORDS:,}",
        "characters of a picture's description": f"at least {ALT}",
        "digits that make a number need a proof": f"{DIGITS}, or a unit",
        "seconds of a program without `# takes:`": f"{SECONDS:g}",
        "ended after": f"{PATIENCE:g} times its seconds",
        "memory of a program": f"{MEMORY} GiB",
        "seconds of a cell of a walkthrough": CELL,
        "lines of a difference, and of a traceback, in a message": (
            f"{DIFF}, {TRACEBACK}"
        ),
    }
    lines = ["| What | Limit |", "|---|---|"]
    return "\n".join(
        [*lines, *(f"| {what} | {limit} |" for what, limit in rows.items())]
    )
