import torch

answer = torch.tensor([1, 1, 0, 1, 0, 0, 1, 0, 1])
truth = torch.tensor([1, 1, 0, 1, 0, 0, 1, 0, 0])
accuracies, precisions = [], []
right = found = claimed = 0
for a, t in zip(answer.split(4), truth.split(4), strict=True):  # 4, 4, 1
    accuracies.append((a == t).float().mean())
    precisions.append((a * t).sum() / a.sum())
    right += (a == t).sum().item()
    found += (a * t).sum().item()
    claimed += a.sum().item()

print(f"accuracy, mean of batches:  {sum(accuracies) / 3:.3f}")
print(f"accuracy, over samples:     {right / len(truth):.3f}")
print(f"precision, mean of batches: {sum(precisions) / 3:.3f}")
print(f"precision, over samples:    {found / claimed:.3f}")
