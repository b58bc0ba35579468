# needs: linux
import os

from torch.utils.data import DataLoader

cores = len(os.sched_getaffinity(0))  # elsewhere than on Linux: os.cpu_count()
loader = DataLoader(range(4), num_workers=min(4, cores))
print(loader.num_workers <= cores)
