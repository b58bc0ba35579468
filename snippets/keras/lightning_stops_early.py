# needs: lightning
# takes: 20 s
import logging
import tempfile
import warnings

import torch
from lightning import LightningModule, Trainer
from lightning.pytorch.callbacks import EarlyStopping, ModelCheckpoint
from torch.utils.data import DataLoader

logging.getLogger("lightning.pytorch").setLevel(logging.ERROR)
warnings.filterwarnings("ignore", ".*does not have many workers")


class Line(LightningModule):
    def __init__(self):
        super().__init__()
        self.w = torch.nn.Parameter(torch.zeros(()))

    def training_step(self, batch, number):
        return (self.w - 2) ** 2

    def validation_step(self, batch, number):
        self.log("val", (self.w - 1) ** 2, batch_size=1)

    def configure_optimizers(self):
        return torch.optim.SGD(self.parameters(), lr=0.1)


model, batches = Line(), DataLoader(torch.zeros(1))
with tempfile.TemporaryDirectory() as folder:
    saver = ModelCheckpoint(folder, monitor="val")
    stopper = EarlyStopping("val", patience=3)
    quiet = "logger", "enable_progress_bar", "enable_model_summary"
    options = dict.fromkeys(quiet, False) | {"callbacks": [saver, stopper]}
    trainer = Trainer(max_epochs=20, accelerator="cpu", **options)
    trainer.fit(model, batches, batches)
    best = Line.load_from_checkpoint(saver.best_model_path)
print(f"after epoch {stopper.stopped_epoch}: weight {model.w.item():.4f}")
print(f"in the file {saver.best_model_path[-19:]}: weight {best.w.item():.4f}")
