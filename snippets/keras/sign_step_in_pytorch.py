import torch


class SignStep(torch.optim.Optimizer):
    def __init__(self, params, lr):
        super().__init__(params, {"lr": lr})

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            for w in group["params"]:
                w -= group["lr"] * w.grad.sign()


x = torch.tensor([[1.0, -2.0], [3.0, 4.0], [-1.0, 1.0]])
y = torch.tensor([[1.0], [2.0], [-3.0]])
w = torch.zeros(2, 1, requires_grad=True)
optimizer = SignStep([w], lr=0.25)

for step in range(1, 6):
    optimizer.zero_grad()
    (x @ w - y).square().mean().backward()
    optimizer.step()
    print(step, w.flatten().tolist())
