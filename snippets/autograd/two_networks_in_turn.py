import torch
from torch import nn
from torch.nn.functional import binary_cross_entropy_with_logits as bce

torch.manual_seed(0)
G = nn.Sequential(nn.Linear(1, 16), nn.ReLU(), nn.Linear(16, 1))
D = nn.Sequential(nn.Linear(1, 16), nn.ReLU(), nn.Linear(16, 1))
of_g = torch.optim.Adam(G.parameters(), lr=0.005, betas=(0.5, 0.999))
of_d = torch.optim.Adam(D.parameters(), lr=0.005, betas=(0.5, 0.999))
real, fake = torch.ones(128, 1), torch.zeros(128, 1)
for step in range(501):
    x, made = 3 + 0.5 * torch.randn(128, 1), G(torch.randn(128, 1))

    loss_d = bce(D(x), real) + bce(D(made.detach()), fake)
    of_d.zero_grad()
    loss_d.backward()
    of_d.step()

    loss_g = bce(D(made), real)
    of_g.zero_grad()
    loss_g.backward()
    of_g.step()
    if step % 250 == 0:
        losses = f"loss D {loss_d.item():.1f} G {loss_g.item():.1f}"
        print(f"{step:4}: {losses}, made {made.mean():.0f}")
