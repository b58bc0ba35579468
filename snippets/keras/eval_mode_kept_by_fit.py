# needs: lightning
# warns: PossibleUserWarning
# takes: 20 s
import logging
import warnings

import torch
from lightning import LightningModule, Trainer
from torch import nn
from torch.utils.data import DataLoader

logging.getLogger("lightning.pytorch").setLevel(logging.ERROR)
warnings.filterwarnings("ignore", ".*does not have many workers")


class Drops(LightningModule):
    def __init__(self):
        super().__init__()
        self.net = nn.Sequential(nn.Linear(1, 1000), nn.Dropout(0.5))

    def training_step(self, batch, number):
        answers = self.net(batch)
        zeros = (answers == 0).float().mean()
        print(f"in fit: {zeros:.1f} of the numbers are zero", end=", ")
        return answers.mean()

    def configure_optimizers(self):
        return torch.optim.SGD(self.parameters(), lr=0.1)


torch.manual_seed(0)
for mode in (True, False):
    model = Drops().train(mode)
    trainer = Trainer(max_epochs=1, accelerator="cpu", barebones=True)
    trainer.fit(model, DataLoader(torch.ones(1, 1)))
    print("after fit: train" if model.training else "after fit: eval")
