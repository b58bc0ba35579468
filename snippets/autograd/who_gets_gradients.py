import torch
from torch import nn

torch.manual_seed(0)
G, D = nn.Linear(1, 2), nn.Linear(2, 1)  # generator, discriminator
z = torch.randn(8, 1)
for where in ("neither loss", "loss D", "loss G"):
    print(f"detach() in {where}")
    for name in ("loss D", "loss G"):
        made = G(z)
        loss = D(made.detach() if name == where else made).mean()
        G.zero_grad()
        D.zero_grad()
        loss.backward()
        print(f"  {name}: a gradient for G", G.weight.grad is not None)
        assert D.weight.grad is not None
