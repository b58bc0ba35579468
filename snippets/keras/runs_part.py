# takes: 10 s
# figure: Largest difference between the weights of two runs over 210 steps,
#   on a log axis. After a nudge of 3e-7 at step 8, two differences stay at
#   3e-7: tanh, and ReLU where a neighbouring unit was nudged. The third,
#   ReLU with a unit that changed sides, jumps a thousand times higher.
import matplotlib.pyplot as plt
import torch
from torch import nn

torch.manual_seed(0)
y = torch.arange(1800) % 10
centres = torch.rand(10, 64, dtype=torch.float64)
x = centres[y] + 2 * torch.rand(1800, 64, dtype=torch.float64)
batches = list(zip(x[:1344].split(64), y[:1344].split(64), strict=True))
STEP, UNIT, SIZE = 8, 49, -3.1022e-7


def train(activation, nudged=None):
    torch.manual_seed(10)
    layers = [nn.Linear(64, 64), activation(), nn.Linear(64, 10)]
    model = nn.Sequential(*layers).double()
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    path = []
    for step, (xb, yb) in enumerate(batches * 10):
        if nudged is not None and step == STEP:
            model[0].bias.data[nudged] += SIZE
        loss = nn.functional.cross_entropy(model(xb), yb)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        weights = nn.utils.parameters_to_vector(model.parameters())
        path.append(weights.detach())
    return torch.stack(path)


plt.figure(figsize=(5.4, 3.6))
for name, activation, unit, style in (
    ("ReLU, that unit", nn.ReLU, UNIT, "C1"),
    ("ReLU, the next unit", nn.ReLU, UNIT + 1, "C0"),
    ("tanh", nn.Tanh, UNIT, "C2--"),
):
    gap = train(activation) - train(activation, unit)
    apart = gap.abs().amax(1)[STEP:]
    plt.semilogy(range(STEP + 1, 211), apart, style, label=name)
plt.ylim(1e-8, 1e-2)
plt.xlabel("step")
plt.title("largest difference between weights", fontsize=11)
plt.legend()
plt.savefig("runs_part.svg")
