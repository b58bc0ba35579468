import torch

scores = torch.tensor([[0.1, 0.9], [0.8, 0.2], [0.3, 0.7]])
labels = torch.tensor([1, 0, 0])

wrong = scores[:, labels]
right = scores.gather(1, labels.unsqueeze(1)).squeeze(1)
same = scores[torch.arange(3), labels]
print(wrong)
print(right)
print(same)
print(f"{wrong.mean():.2f} {right.mean():.2f}")
