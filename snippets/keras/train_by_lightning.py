# needs: lightning
# takes: 20 s
import logging
import warnings

import lightning
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset


class Signs(lightning.LightningModule):
    def __init__(self):
        super().__init__()
        self.net = nn.Sequential(nn.Linear(2, 9), nn.ReLU(), nn.Linear(9, 2))

    def training_step(self, batch, number):
        inputs, labels = batch
        loss = nn.functional.cross_entropy(self.net(inputs), labels)
        self.log("loss", loss, on_step=False, on_epoch=True)
        return loss

    def configure_optimizers(self):
        return torch.optim.Adam(self.parameters(), lr=0.05)

    def on_train_epoch_end(self):
        loss = self.trainer.callback_metrics["loss"]
        print(f"epoch {self.current_epoch + 1}: loss {loss:.4f}")


torch.manual_seed(0)
x = torch.randn(100, 2)
y = (x.prod(dim=1) > 0).long()
batches = DataLoader(TensorDataset(x, y), 32, shuffle=True)
logging.getLogger("lightning.pytorch").setLevel(logging.ERROR)
warnings.filterwarnings("ignore", ".*does not have many workers")
quiet = ["logger", "enable_checkpointing", "enable_progress_bar"]
quiet = dict.fromkeys([*quiet, "enable_model_summary"], False)
trainer = lightning.Trainer(max_epochs=3, accelerator="cpu", **quiet)
trainer.fit(Signs(), batches)
