# needs: linux
# warns: UserWarning
import os

from torch.utils.data import DataLoader

one = min(os.sched_getaffinity(0))
os.sched_setaffinity(0, {one})  # as on a small machine
DataLoader(range(4), num_workers=2)
