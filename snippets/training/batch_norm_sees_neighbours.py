import torch
from torch import nn

norm = nn.BatchNorm1d(1)
x = torch.tensor([[1.0]])

with torch.no_grad():
    for mode in ("train", "eval"):
        norm.train(mode == "train")
        for other in (3.0, -3.0):
            batch = torch.cat([x, torch.tensor([[other]])])
            print(mode, "beside", other, "->", round(norm(batch)[0].item(), 2))
