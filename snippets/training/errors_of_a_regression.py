import torch


def report(name, pred, y):
    error = pred - y
    mae, rmse = error.abs().mean(), error.square().mean().sqrt()
    r2 = 1 - error.square().sum() / (y - y.mean()).square().sum()
    print(f"{name:15} MAE {mae:.2f}, RMSE {rmse:.2f}, R2 {r2:.2f}")


y = torch.tensor([1.0, 2.0, 3.0, 4.0, 5.0, 9.0])
good = torch.tensor([1.5, 2.0, 2.5, 4.0, 5.0, 8.0])
report("good", good, y)
report("the mean", y.mean().expand(6), y)
report("always 0", torch.zeros(6), y)
report("(6, 1) and (6,)", good[:, None], y)

parts = [(good - y)[:4], (good - y)[4:]]
means = torch.stack([e.square().mean().sqrt() for e in parts])
print(f"mean of the RMSE of two batches: {means.mean():.2f}")
