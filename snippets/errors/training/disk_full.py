# needs: linux
# raises: RuntimeError
import torch

torch.save(torch.ones(1_000_000), "/dev/full")  # as full as a disk can be
