"""All shapes and limits, in one place; CONTRIBUTING has them as a table."""

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
    """
    autograd/forgetting_can_look_better autograd/scalar_autograd
    autograd/tensor_autograd autograd/two_orders distributed/fsdp_equals_one_process
    gpu/memory_by_batch gpu/what_an_export_keeps keras/keras_fit
    keras/keras_train_on_batch keras/losses_on_top_of_each_other
    keras/one_unit_changes_sides keras/port_attention keras/pytorch_loop
    keras/runs_part keras/tensorflow_tape keras/three_frameworks_apart
    keras/three_ways_agree keras/train_step_of_your_own keras/who_calls_what
    reference/old_calls_today start/timeline
    """.split()
)
