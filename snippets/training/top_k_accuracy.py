import torch


def top_k(logits, y, k):
    best = logits.topk(k, dim=1).indices  # (batch, k)
    return (best == y[:, None]).any(dim=1).float().mean()


torch.manual_seed(0)
y = torch.randint(10, (500,))
logits = torch.randn(500, 10)
logits[torch.arange(500), y] += 1.5  # the right class is a little higher
for k in (1, 3, 5, 10):
    print(f"top {k:2}: {top_k(logits, y, k):.3f}, guessing {k / 10}")
