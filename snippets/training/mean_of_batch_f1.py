import torch


def f1(y, p):
    return 2 * (y & p).sum() / (y.sum() + p.sum())


torch.manual_seed(0)
y = torch.rand(400) < 0.2
p = torch.where(torch.rand(400) < 0.8, y, ~y)  # 80 % are right
print(f"all at once:      {f1(y, p):.3f}")
for size in (100, 20, 5):
    batches = zip(y.split(size), p.split(size), strict=True)
    parts = torch.stack([f1(*batch) for batch in batches])
    print(f"batches of {size:3}:   {parts.mean():.3f}")
    if parts.isnan().any():
        print(f"   without nan:   {parts.nanmean():.3f}")
