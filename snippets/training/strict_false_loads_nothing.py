import torch
from torch import nn

torch.manual_seed(0)
trained, new = nn.Linear(4, 2), nn.Linear(4, 2)
saved = {f"model.{k}": v for k, v in trained.state_dict().items()}
report = new.load_state_dict(saved, strict=False)
print("equal:", torch.equal(new.weight, trained.weight))
print("missing:   ", report.missing_keys)
print("unexpected:", report.unexpected_keys)

saved = {k.removeprefix("model."): v for k, v in saved.items()}
new.load_state_dict(saved)
print("equal:", torch.equal(new.weight, trained.weight))
