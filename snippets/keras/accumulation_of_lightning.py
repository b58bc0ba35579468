# needs: lightning
# takes: 20 s
import logging
import warnings

import torch
from lightning import LightningModule, Trainer
from torch.nn.functional import mse_loss
from torch.utils.data import DataLoader

logging.getLogger("lightning.pytorch").setLevel(logging.ERROR)
warnings.filterwarnings("ignore", ".*does not have many workers")


class One(LightningModule):
    def __init__(self):
        super().__init__()
        self.w = torch.nn.Parameter(torch.ones(()))

    def training_step(self, x, number):
        return mse_loss(self.w * x, 0 * x)  # gradient 2

    def on_before_optimizer_step(self, optimizer):
        print("gradient of the step:", self.w.grad.item())

    def configure_optimizers(self):
        return torch.optim.SGD(self.parameters(), lr=0.0)


batches = DataLoader(torch.ones(6), 1)  # 4 batches, then 2
options = {"accelerator": "cpu", "barebones": True}
trainer = Trainer(max_epochs=1, accumulate_grad_batches=4, **options)
trainer.fit(One(), batches)
