import torch
from torch import nn

torch.manual_seed(0)
model = nn.Sequential(nn.Linear(4, 8), nn.Dropout(0.5), nn.Linear(8, 1))
x = torch.ones(1, 4)

with torch.no_grad():
    print("forgotten:", [round(model(x).item(), 2) for _ in range(3)])
    model.eval()
    print("eval():   ", [round(model(x).item(), 2) for _ in range(3)])
