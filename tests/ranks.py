"""Facts that the processes of one group find, each for itself."""

import json
import tempfile
import textwrap
from pathlib import Path

from tests import forked

# A thread of Gloo can outlive the group, and abort while Python closes down: so each
# process ends by os._exit.
RANKS = """\
import json
import os

import torch
import torch.distributed as dist
import torch.distributed.nn


def threads():  # of Gloo, in this process
    names = []
    for task in os.listdir("/proc/self/task"):
        with open(f"/proc/self/task/{{task}}/comm") as file:
            names.append(file.read().strip())
    return sum("gloo" in name for name in names)


def attempt(work):
    try:
        work()
        return "fine"
    except RuntimeError as error:
        return str(error)


dist.init_process_group("gloo")
rank = dist.get_rank()
facts = {{}}

{body}

if dist.is_initialized():
    dist.destroy_process_group()
with open(os.path.join(os.path.dirname(__file__), f"{{rank}}.json"), "w") as file:
    json.dump(facts, file)
os._exit(0)
"""


def in_processes(body: str, count: int = 2, **env: str) -> list[dict]:
    """Run a body in several processes and return the `facts` of each, by rank."""
    with tempfile.TemporaryDirectory() as folder:
        program = Path(folder, "facts.py")
        program.write_text(RANKS.format(body=textwrap.dedent(body)), encoding="utf-8")
        ended = forked.ranks(program, count, modules=forked.WITH_DDP, **env)
        assert ended.returncode == 0, ended.stderr[-3000:]
        files = [program.with_name(f"{rank}.json") for rank in range(count)]
        return [json.loads(file.read_text()) for file in files]
