import torch


class SignSGD(torch.optim.Optimizer):
    def __init__(self, params, lr):
        super().__init__(params, {"lr": lr})

    @torch.no_grad()  # the whole method records no graph
    def step(self):
        for group in self.param_groups:
            for p in group["params"]:
                if p.grad is not None:
                    p -= group["lr"] * p.grad.sign()


w = torch.tensor(1.0, requires_grad=True)
optimizer = SignSGD([w], lr=0.5)
for _ in range(5):
    loss = (2 * w - 6) ** 2
    loss.backward()
    optimizer.step()
    print(w.item(), w.grad.item())
    optimizer.zero_grad()
