import torch

scores = torch.tensor([[2.0, 1.0], [3.0, 0.0], [1.0, 2.0], [2.0, 0.0]])
labels = torch.tensor([[0], [0], [1], [1]])  # a column, as from a file

guess = scores.argmax(dim=1)
wrong = (guess == labels).sum().item()
right = (guess == labels.squeeze(1)).sum().item()
print("shapes:", tuple(guess.shape), tuple(labels.shape))
print(f"compared with a column: {wrong / len(labels):.0%}, over 100%")
print(f"compared with a row:    {right / len(labels):.0%}")
