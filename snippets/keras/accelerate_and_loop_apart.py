# needs: accelerate
# takes: 20 s
import torch
from accelerate import Accelerator
from torch import nn
from torch.utils.data import DataLoader, TensorDataset


def train(seed, accelerator=None):
    torch.manual_seed(seed)
    x = torch.randn(100, 2)
    data = TensorDataset(x, (x.prod(dim=1) > 0).long())
    batches = DataLoader(data, 32, shuffle=True)
    model = nn.Sequential(nn.Linear(2, 9), nn.ReLU(), nn.Linear(9, 2))
    parts = batches, model, torch.optim.Adam(model.parameters(), lr=0.05)
    backward = torch.Tensor.backward
    if accelerator:
        parts, backward = accelerator.prepare(*parts), accelerator.backward
    batches, model, optimizer = parts
    losses = []
    for _ in range(20):
        for inputs, labels in batches:
            loss = nn.functional.cross_entropy(model(inputs), labels)
            backward(loss)
            optimizer.step()
            optimizer.zero_grad()
            losses.append(loss.item())
    return [torch.tensor(losses), *model.parameters()]


for seed in range(3):
    both = train(seed), train(seed, Accelerator(cpu=True))
    gaps = [(a - b).abs().max().item() for a, b in zip(*both, strict=True)]
    print(f"seed {seed}: {len(both[0][0])} losses, largest gap {gaps[0]}")
    print(f"        weights, largest gap {max(gaps[1:])}")
