# needs: accelerate
# takes: 20 s
import os
import tempfile

import torch
from accelerate import Accelerator
from torch import nn
from torch.utils.data import DataLoader

accelerator = Accelerator(cpu=True)
model = nn.Linear(1, 1)
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
batches = DataLoader(torch.arange(4.0))
parts = accelerator.prepare(model, optimizer, batches)
model, optimizer, batches = parts
with tempfile.TemporaryDirectory() as folder:
    for _ in batches:
        accelerator.save_state(folder)  # after one of four batches
        break
    print(*sorted(os.listdir(folder)))
    accelerator.load_state(folder)
    print("batches after load_state:", [x.item() for x in batches])
