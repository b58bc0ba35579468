import torch
from torch import nn

torch.manual_seed(0)
y = torch.arange(1800) % 10
centres = torch.rand(10, 64, dtype=torch.float64)
x = centres[y] + 2 * torch.rand(1800, 64, dtype=torch.float64)
batches = list(zip(x[:1344].split(64), y[:1344].split(64), strict=True))


def train(nudge=None):
    torch.manual_seed(10)
    layers = [nn.Linear(64, 64), nn.ReLU(), nn.Linear(64, 10)]
    model = nn.Sequential(*layers).double()
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    seen = []
    for step, (xb, yb) in enumerate(batches * 10):
        if nudge and nudge[0] == step:
            model[0].bias.data[nudge[1]] += nudge[2]
        z = model[0](xb)  # (64 samples, 64 units)
        sample, unit = divmod(z.abs().argmin().item(), 64)
        seen.append((z[sample, unit].item(), step, unit))
        loss = nn.functional.cross_entropy(model[1:](z), yb)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    weights = nn.utils.parameters_to_vector(model.parameters())
    nearest = min(seen, key=lambda entry: abs(entry[0]))
    return weights, model(x[1344:]).argmax(1), nearest


weights, answers, (z, step, unit) = train()
print(f"nearest to zero: step {step}, unit {unit}, z = {z:.0e}")
by = -2 * z  # to the other side
for one in unit, unit + 1:
    moved, other, _ = train(nudge=(step, one, by))
    print(f"bias of unit {one} moved by {by:.0e}:")
    print(f"  weights apart at the end: {abs(weights - moved).max():.0e}")
    print(f"  answers that differ: {(answers != other).sum()} of {len(other)}")
