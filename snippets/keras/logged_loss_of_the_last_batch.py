# needs: lightning
# takes: 20 s
import logging
import warnings

import torch
from lightning import LightningModule, Trainer
from torch.utils.data import DataLoader

logging.getLogger("lightning.pytorch").setLevel(logging.ERROR)
warnings.filterwarnings("ignore", ".*does not have many workers")


class Logs(LightningModule):
    def __init__(self):
        super().__init__()
        self.w = torch.nn.Parameter(torch.zeros(()))

    def training_step(self, batch, number):
        loss = (batch - self.w).mean()
        epoch = {"on_step": False, "on_epoch": True}
        self.log("as it is", loss)
        self.log("on_epoch", loss, **epoch)
        self.log("batch_size=1", loss, batch_size=1, **epoch)
        return loss

    def configure_optimizers(self):
        return torch.optim.SGD(self.parameters(), lr=0.0)


losses = torch.tensor([1.0, 1.0, 1.0, 1.0, 6.0])  # one per sample
quiet = ["logger", "enable_checkpointing", "enable_progress_bar"]
quiet = dict.fromkeys([*quiet, "enable_model_summary"], False)
trainer = Trainer(max_epochs=1, accelerator="cpu", **quiet)
trainer.fit(Logs(), DataLoader(losses, batch_size=4))
for name, value in trainer.callback_metrics.items():
    print(f"{name + ':':13} {value:.1f}")
print(f"by hand:      {losses.mean():.1f}")
