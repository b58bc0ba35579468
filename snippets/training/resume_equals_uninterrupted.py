import io

import torch
from torch import nn


def make():
    model = nn.Sequential(nn.Linear(4, 8), nn.Dropout(0.5), nn.Linear(8, 1))
    optimizer = torch.optim.Adam(model.parameters(), lr=0.1)
    scheduler = torch.optim.lr_scheduler.StepLR(optimizer, 2)
    return {"model": model, "optimizer": optimizer, "scheduler": scheduler}


def train(parts, epochs):
    for _ in range(epochs):
        parts["model"](torch.rand(6, 4)).square().mean().backward()
        for name in ("optimizer", "scheduler"):
            parts[name].step()
        parts["optimizer"].zero_grad()


def flat(parts):
    return nn.utils.parameters_to_vector(parts["model"].parameters())


parts, file = make(), io.BytesIO()
train(parts, epochs=3)
saved = {name: part.state_dict() for name, part in parts.items()}
torch.save(saved | {"rng": torch.get_rng_state(), "epoch": 3}, file)
train(parts, epochs=3)  # uninterrupted

for left_out in ("nothing", "rng", "scheduler", "optimizer", "model"):
    file.seek(0)
    saved, resumed = torch.load(file), make()
    for name in resumed.keys() - {left_out}:
        resumed[name].load_state_dict(saved[name])
    if left_out != "rng":
        torch.set_rng_state(saved["rng"])
    train(resumed, epochs=6 - saved["epoch"])
    print(f"without {left_out:9}", torch.equal(flat(parts), flat(resumed)))
