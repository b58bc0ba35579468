import torch

y = torch.tensor([0] * 95 + [1] * 5)
answer = torch.zeros(100, dtype=torch.long)  # never looks at the data

right = (answer == y).float()
print(f"accuracy: {right.mean():.2f}")
for label in (0, 1):
    print(f"recall of class {label}: {right[y == label].mean():.2f}")
