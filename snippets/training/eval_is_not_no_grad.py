import torch
from torch import nn

torch.manual_seed(0)
model = nn.Sequential(nn.Linear(8, 8), nn.Dropout(0.5))
x = torch.ones(1, 8)

print("mode   no_grad  dropout  graph")
for mode in ("train", "eval"):
    model.train(mode == "train")
    for no_grad in (False, True):
        with torch.set_grad_enabled(not no_grad):
            y = model(x)
        dropout = (y == 0).any().item()
        graph = y.grad_fn is not None
        print(f"{mode:6} {no_grad!s:8} {dropout!s:8} {graph}")
