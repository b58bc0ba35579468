import torch
from torch.utils.data import DataLoader, TensorDataset

truth = torch.tensor([0, 0, 0, 0, 0, 0, 1, 1, 1, 2])
guess = torch.tensor([0, 0, 0, 0, 0, 1, 1, 1, 0, 1])
C = 3
matrix = torch.zeros(C, C, dtype=torch.long)
# With a model, for each x, y of its loader: p = model(x).argmax(1)
for y, p in DataLoader(TensorDataset(truth, guess), batch_size=4):
    pairs = y * C + p  # a number of its own for each pair
    matrix += pairs.bincount(minlength=C * C).reshape(C, C)
print(matrix)  # a row for each true class, a column for each guess

hits = matrix.diag()
guessed, true = matrix.sum(0), matrix.sum(1)
f1 = 2 * hits / (guessed + true)
print("accuracy ", hits.sum() / true.sum())
print("precision", hits / guessed)
print("recall   ", hits / true)
print("F1       ", f1)
print("macro F1 ", f1.mean())
print("micro F1 ", 2 * hits.sum() / (guessed + true).sum())
