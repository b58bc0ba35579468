"""Two processes on the CPU that share the gradients of a network, in both libraries."""

import faulthandler
import os
import signal
import subprocess
import sys
import tempfile

import numpy as np
import torch
from torch import nn
from torch.nn.parallel import DistributedDataParallel

from harness.core.tree import HERE
from lab.parity import training

LONGEST = 100  # seconds
HANGS = 90  # seconds, after which each says where it stands


def gradients(ours: str, theirs: str) -> dict[str, list[np.ndarray]]:
    """The mean gradients that the first of two processes holds at the end."""
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "lab.parity.apart", folder, ours, theirs]
        # Keras would take a GPU where there is one, and gloo is on the CPU.
        env = os.environ | {"KERAS_TORCH_DEVICE": "cpu"}
        subprocess.run(command, cwd=HERE.root, env=env, timeout=LONGEST, check=True)
        return torch.load(f"{folder}/answer.pt", weights_only=False)


def work(folder: str, ours: str, theirs: str, rank: int) -> None:
    """What each of the two does; the group stays, for the end of the processes."""
    faulthandler.dump_traceback_later(HANGS)
    torch.set_num_threads(1)
    store = torch.distributed.FileStore(f"{folder}/store", 2)
    torch.distributed.init_process_group("gloo", store=store, rank=rank, world_size=2)
    half = slice(5 * rank, 5 * rank + 5)
    x, y = training.X[half], training.Y[half]
    names = {"DistributedDataParallel": DistributedDataParallel}
    names |= {"net": training.make(nn.Tanh()), "model": training.make_keras("tanh")}
    for code in (ours, theirs):
        wrapped = eval(code, names)
        nn.functional.mse_loss(wrapped(x), y).backward()
    found = {
        "torch": [one.grad.numpy() for one in names["net"].parameters()],
        "keras": [v.value.grad.numpy() for v in names["model"].trainable_variables],
    }
    if rank == 0:
        torch.save(found, f"{folder}/answer.pt")


if __name__ == "__main__":
    other = os.fork()  # before torch has made a thread
    if other == 0:
        signal.alarm(LONGEST)  # a killed rank 0 does not end it
        work(*sys.argv[1:], rank=1)
        signal.pause()  # rank 0 may still read what this one sent
    work(*sys.argv[1:], rank=0)
    # To destroy the group could wait for ever for a thread of Gloo.
    os.kill(other, signal.SIGKILL)
    os._exit(0)
