# needs: tqdm
import io

import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset
from tqdm import tqdm

torch.manual_seed(0)
x = torch.randn(100, 2)
y = (x.prod(dim=1) > 0).long()
batches = DataLoader(TensorDataset(x, y), 32, shuffle=True)
model = nn.Sequential(nn.Linear(2, 9), nn.ReLU(), nn.Linear(9, 2))
optimizer = torch.optim.Adam(model.parameters(), lr=0.05)
# Only for this page: no times, and kept for the print below.
screen = io.StringIO()
fixed = {"bar_format": "{l_bar}{bar:10}| {n_fmt}/{total_fmt}{postfix}"}
fixed |= {"ascii": True, "file": screen}

for epoch in range(1, 4):
    total, seen = 0.0, 0
    bar = tqdm(batches, desc=f"epoch {epoch}", **fixed)
    for inputs, labels in bar:
        loss = nn.functional.cross_entropy(model(inputs), labels)
        loss.backward()
        optimizer.step()
        optimizer.zero_grad()
        total += loss.item() * len(labels)
        seen += len(labels)
        bar.set_postfix(loss=f"{total / seen:.4f}")
    print(screen.getvalue().split("\r")[-1].strip())
