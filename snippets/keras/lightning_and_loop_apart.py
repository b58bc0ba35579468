# needs: lightning
# takes: 20 s
import copy
import logging
import warnings

import torch
from lightning import LightningModule, Trainer
from torch import nn
from torch.utils.data import DataLoader

logging.getLogger("lightning.pytorch").setLevel(logging.ERROR)
warnings.filterwarnings("ignore", ".*does not have many workers")


class Signs(LightningModule):
    def training_step(self, x, number=0):
        labels = (x.prod(dim=1) > 0).long()
        return nn.functional.cross_entropy(self.net(x), labels)

    def configure_optimizers(self):
        return torch.optim.Adam(self.parameters(), lr=0.05)


torch.manual_seed(0)
model = Signs()
model.net = nn.Sequential(nn.Linear(2, 9), nn.ReLU(), nn.Linear(9, 2))
twin = copy.deepcopy(model)
batches = DataLoader(torch.randn(100, 2), 32, shuffle=True)
torch.manual_seed(1)
Trainer(accelerator="cpu", max_epochs=20, barebones=True).fit(model, batches)
torch.manual_seed(1)
optimizer = twin.configure_optimizers()
for batch in (batch for _ in range(20) for batch in batches):
    twin.training_step(batch).backward()
    optimizer.step()
    optimizer.zero_grad()
both = zip(model.parameters(), twin.parameters(), strict=True)
print("largest gap:", max((a - b).abs().max().item() for a, b in both))
