import torch


def average_precision(scores, y):
    values, place = scores.unique(return_inverse=True)
    ones = torch.zeros(len(values)).index_add(0, place, y.float()).flip(0)
    every = place.bincount().flip(0)
    precision = ones.cumsum(0) / every.cumsum(0)
    return (precision * ones).sum() / ones.sum()


def roc_auc(scores, y):
    one, zero = scores[y == 1][:, None], scores[y == 0]
    return ((one > zero).float() + (one == zero) / 2).mean()


torch.manual_seed(0)
for rare in (1000, 100, 10):
    y = (torch.arange(2000) < rare).long()
    scores = torch.randn(2000) + 2 * y
    ap, noise = (average_precision(s, y) for s in (scores, torch.rand(2000)))
    print(f"{rare:4} of 2000: ROC AUC {roc_auc(scores, y):.2f}, ", end="")
    print(f"average precision {ap:.2f}, of noise {noise:.2f}")
