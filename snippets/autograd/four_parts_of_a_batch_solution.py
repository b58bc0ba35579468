import torch
from torch import nn

torch.manual_seed(0)
x, y = torch.randn(8, 3), torch.randn(8, 1)
model = nn.Linear(3, 1)

# Your code:
# for inputs, targets in zip(x.split(2), y.split(2), strict=True):
#     ...  # the mean squared error of this part adds to the gradients
for inputs, targets in zip(x.split(2), y.split(2), strict=True):
    loss = nn.functional.mse_loss(model(inputs), targets) / 4
    loss.backward()


# Check:
def check(fine, words):
    if not fine:
        raise SystemExit(f"Not yet: {words}")


got = [p.grad for p in model.parameters()]
arrived = all(one is not None for one in got)
check(arrived, "no gradient arrived: call backward() in the loop.")
model.zero_grad()
nn.functional.mse_loss(model(x), y).backward()
whole = torch.cat([p.grad.flatten() for p in model.parameters()])
ratio = (torch.cat([one.flatten() for one in got]) / whole).tolist()
said = f"the gradients are {[round(one, 2) for one in ratio]} times those"
why = "four means add up to four times the mean."
check(min(ratio) < 3.9 or max(ratio) > 4.1, f"{said} of the batch: {why}")
check(max(abs(one - 1) for one in ratio) < 1e-4, f"{said} of the batch.")
print("Right: four parts give the gradient of the whole batch")
