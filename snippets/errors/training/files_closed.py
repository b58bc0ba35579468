# needs: unix
import resource

import torch
from torch.utils.data import DataLoader

resource.setrlimit(resource.RLIMIT_NOFILE, (64, 64))
kept = []
if __name__ == "__main__":
    for batch in DataLoader(torch.arange(200), num_workers=1):
        kept.append(batch.clone())  # memory of this process
    print(len(kept))
