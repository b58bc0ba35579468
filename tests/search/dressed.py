"""How terminals, notebooks, launchers and people show the traceback of a program."""

import re
from collections.abc import Callable

from tests.search.tracebacks import OURS, Failure

SITE = "/home/me/.venv/lib/python3.11/site-packages"
LAUNCHER = f"""\
E0105 10:00:00.12 123 torch/distributed/elastic/api.py:882] failed (exitcode: 1)
Traceback (most recent call last):
  File "/home/me/.venv/bin/torchrun", line 8, in <module>
    sys.exit(main())
  File "{SITE}/torch/distributed/elastic/multiprocessing/errors/__init__.py", line 357
    return f(*args, **kwargs)
torch.distributed.elastic.multiprocessing.errors.ChildFailedError:
============================================================
train.py FAILED
Failures:
  <NO_OTHER_FAILURES>
"""
LOADER = f"""\
Traceback (most recent call last):
  File "{OURS}/main.py", line 58, in <module>
    for x, y in loader:
  File "{SITE}/torch/utils/data/dataloader.py", line 733, in __next__
    data = self._next_data()
  File "{SITE}/torch/_utils.py", line 750, in reraise
    raise exception
"""
SPAWNED = f"""\
Traceback (most recent call last):
  File "{OURS}/main.py", line 30, in <module>
    mp.spawn(run, nprocs=2)
torch.multiprocessing.spawn.ProcessRaisedException:

-- Process 1 terminated with the following error:
"""
BEFORE = f"""\
Traceback (most recent call last):
  File "{OURS}/main.py", line 12, in load
    return cache[name]
           ~~~~~^^^^^^
KeyError: 'resnet'

During handling of the above exception, another exception occurred:

"""
AFTER = f"""
The above exception was the direct cause of the following exception:

Traceback (most recent call last):
  File "{OURS}/main.py", line 31, in main
    raise TrainingFailed("step 3 failed") from error
TrainingFailed: step 3 failed
"""
LOGGED = """\
INFO:root:starting run 17
Epoch 1/10: 100%|#####| 938/938 [00:07<00:00, 121.30it/s, loss=0.31]
/home/me/old.py:627: UserWarning: an option of yours does nothing here
  warnings.warn(
2026-01-05 10:11:12,345 - INFO - epoch 2
"""


def _each(text: str, mark: str) -> str:
    return "".join(f"{mark}{line}\n" for line in text.rstrip().split("\n"))


def _own(one: Failure) -> tuple[str, str]:
    """The line of the program that led to the error, and its number."""
    found = re.search(rf'"{OURS}/train.py", line (\d+).*\n +(.*)', one.text)
    return (found[2], found[1]) if found else ("model(x)", "3")


def _type(one: Failure) -> str:
    return one.message.partition(":")[0]


def _windows(one: Failure) -> str:
    text = one.text.replace(f"{OURS}/", "C:\\Users\\Me\\project\\")
    return text.replace(f"{SITE}/", "C:\\venv\\Lib\\site-packages\\").replace(
        "\n", "\r\n"
    )


def _coloured(one: Failure) -> str:
    named, text = one.message.split(":", 1) if ":" in one.message else (one.message, "")
    shown = f"\x1b[1;35m{named}\x1b[0m" + (f":\x1b[35m{text}\x1b[0m" if text else "")
    return one.text.replace(one.message, shown)


def _top_is_missing(one: Failure) -> str:
    return one.text[max(one.text.rfind("  File "), 0) :]


def _old_notebook(one: Failure) -> str:
    code, line = _own(one)
    return (
        f"{'-' * 75}\n{_type(one):42}Traceback (most recent call last)\n"
        f"<ipython-input-7-0a1b2c3d4e5f> in <module>\n      1 import torch\n"
        f"----> {line} {code}\n\n~/venv/lib/python3.8/site-packages/torch/nn/modules/"
        "module.py in _call_impl(self, *input)\n-> 1102     return forward_call(*input)"
        f"\n\n{one.message}\n"
    )


def _pytest(one: Failure) -> str:
    code, line = _own(one)
    first, *rest = one.message.split("\n")
    told = "".join(f"E         {text}\n" for text in rest)
    return (
        f"    def test_step():\n>       {code}\n\ntest_train.py:{line}:\n"
        "    def forward(self, input):\n>       return F.linear(input)\n"
        f"E       {first}\n{told}\n{SITE}/torch/nn/linear.py:125: {_type(one)}\n"
        "=========================== short test summary info =================\n"
        f"FAILED test_train.py::test_step - {first[:60]}...\n"
    )


def _worker(one: Failure) -> str:
    caught = f"{_type(one)}: Caught {_type(one)} in DataLoader worker process 0.\n"
    return f"{LOADER}{caught}Original {one.text}"


WARNINGS: dict[str, Callable[[Failure], str]] = {
    "terminal": lambda one: one.text,
    "log": lambda one: LOGGED + one.text + "\nwandb: You can sync this run\n",
    "launcher": lambda one: _each(one.text, "[rank0]: ") + LAUNCHER,
    "windows": _windows,
    "colours": _coloured,
    "last line": lambda one: one.message.split("\n")[0],
    "message": lambda one: one.message,
    "container": lambda one: (
        _each(one.text, "trainer-1  | ") if "Traceback" in one.text else one.text
    ),
    "forum": lambda one: f"Hi, I get this:\n```\n{one.text}```\nAny ideas? Thanks!\n",
}
ERRORS = WARNINGS | {
    "notebook": lambda one: one.notebook or _old_notebook(one),
    "old notebook": _old_notebook,
    "top is missing": _top_is_missing,
    "while handling": lambda one: BEFORE + one.text,
    "cause of another": lambda one: one.text + AFTER,
    "thread": lambda one: f"Exception in thread Thread-3 (worker):\n{one.text}",
    "pytest": _pytest,
    "worker": _worker,
    "spawned": lambda one: SPAWNED + one.text,
    "both ranks": lambda one: (
        _each(one.text, "[rank0]: ") + _each(one.text, "[rank1]: ")
    ),
    "times": lambda one: _each(one.text, "2026-01-05T10:11:12.345678Z "),
    "quoted": lambda one: _each(one.text, "> "),
    "prompt": lambda one: f"$ python train.py\n{one.text}me@box:~/project$\n",
}


def dressed(one: Failure) -> dict[str, str]:
    """All the ways to show one failure, by name."""
    ways = ERRORS if "Traceback" in one.text else WARNINGS
    return {name: way(one) for name, way in ways.items()}
