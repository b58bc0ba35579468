# needs: lightning, torchmetrics
# takes: 20 s
import logging
import warnings

import torch
from lightning import LightningModule, Trainer
from torch.utils.data import DataLoader, TensorDataset
from torchmetrics.classification import BinaryPrecision

logging.getLogger("lightning.pytorch").setLevel(logging.ERROR)
warnings.filterwarnings("ignore", ".*does not have many workers")


class Checks(LightningModule):
    def __init__(self):
        super().__init__()
        self.metric = BinaryPrecision()

    def validation_step(self, batch, number):
        guess, truth = batch
        self.log("the number", (guess * truth).sum() / guess.sum())
        self.metric.update(guess, truth)
        self.log("the metric", self.metric)


guess = torch.tensor([1, 1, 0, 1, 0, 0, 1, 0, 1])
truth = torch.tensor([1, 1, 0, 1, 0, 0, 1, 0, 0])
batches = DataLoader(TensorDataset(guess, truth), 4)  # 4, 4 and 1
quiet = dict.fromkeys(["logger", "enable_progress_bar"], False)
trainer = Trainer(accelerator="cpu", enable_model_summary=False, **quiet)
for name, value in trainer.validate(Checks(), batches, verbose=False)[
    0
].items():
    print(f"{name}: {value:.3f}")
print(f"by hand:    {(guess * truth).sum() / guess.sum():.3f}")
