import torch

x, W = torch.ones(5, 8), torch.ones(8, 8)
for a, b in ((1, 0), (0, 0), (1, 1)):
    torch.manual_seed(0)
    A = (a * torch.randn(2, 8)).requires_grad_()
    B = (b * torch.randn(8, 2)).requires_grad_()
    y = x @ W.T + x @ A.T @ B.T
    y.square().mean().backward()
    changed = (y - x @ W.T).abs().max()
    sizes = f"A {A.grad.abs().max():.1f}, B {B.grad.abs().max():.1f}"
    print(
        f"A * {a}, B * {b}: output changes by {changed:.1f}, gradients {sizes}"
    )
