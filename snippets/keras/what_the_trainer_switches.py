# needs: lightning
# takes: 20 s
import logging
import warnings

import torch
from lightning import LightningModule, Trainer
from torch import nn
from torch.utils.data import DataLoader

logging.getLogger("lightning.pytorch").setLevel(logging.ERROR)
warnings.filterwarnings("ignore", ".*does not have many workers")


class Small(LightningModule):
    def __init__(self):
        super().__init__()
        self.net = nn.Linear(2, 1)

    def training_step(self, batch, number):
        answers = self.net(batch)
        mode = "train" if self.training else "eval"
        grad = "grad" if torch.is_grad_enabled() else "no grad"
        print(f"{mode}, {grad}, {self.net.weight.dtype}, {answers.dtype}")
        return answers.mean()

    validation_step = training_step

    def configure_optimizers(self):
        return torch.optim.SGD(self.parameters(), lr=0.1)


batches = DataLoader(torch.ones(4, 2), 4)
options = {"accelerator": "cpu", "precision": "bf16-mixed"}
trainer = Trainer(max_epochs=1, barebones=True, **options)
trainer.fit(Small(), batches, batches)
