import csv
import tempfile
from pathlib import Path

import torch

w = torch.tensor(0.0, requires_grad=True)
optimizer = torch.optim.SGD([w], lr=0.1)
with tempfile.TemporaryDirectory() as folder:
    path = Path(folder, "log.csv")
    with path.open("w", newline="", buffering=1) as file:  # each line at once
        log = csv.writer(file)
        log.writerow(["epoch", "loss", "the tensor itself"])
        for epoch in range(1, 4):
            loss = (w - 2) ** 2
            loss.backward()
            optimizer.step()
            optimizer.zero_grad()
            log.writerow([epoch, f"{loss.item():.4f}", loss])
    print(path.read_text(), end="")
    with path.open(newline="") as file:
        losses = [float(row["loss"]) for row in csv.DictReader(file)]
print("read back:", losses)
