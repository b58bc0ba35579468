import torch
from torch.utils.data import DataLoader

losses = torch.tensor([1.0, 1.0, 1.0, 1.0, 6.0])  # one per sample
means, total, count = [], 0.0, 0
for batch in DataLoader(losses, batch_size=4):
    mean = batch.mean()
    means.append(mean)
    total += mean * len(batch)
    count += len(batch)

print("mean of the means:", torch.stack(means).mean().item())
print("weighted by size: ", (total / count).item())
print("all at once:      ", losses.mean().item())
