import torch


def roc_auc(scores, y):
    _, place, count = scores.unique(return_inverse=True, return_counts=True)
    rank = count.cumsum(0) - (count - 1) / 2  # equal scores share a rank
    ones, zeros = (y == 1).sum(), (y == 0).sum()
    above = rank[place][y == 1].double().sum() - ones * (ones + 1) / 2
    return above / (ones * zeros)


def without_ties(scores, y):
    rank = scores.argsort(stable=True).argsort() + 1
    ones, zeros = (y == 1).sum(), (y == 0).sum()
    return (rank[y == 1].sum() - ones * (ones + 1) / 2) / (ones * zeros)


y = torch.tensor([0, 0, 0, 0, 1, 1])
for scores in ([1, 2, 3, 5, 4, 6], [2, 2, 3, 5, 3, 6], [7, 7, 7, 7, 7, 7]):
    scores = torch.tensor(scores)
    right, wrong = roc_auc(scores, y), without_ties(scores, y)
    print(f"{scores.tolist()}: {right:.4f}, ties forgotten: {wrong:.4f}")
