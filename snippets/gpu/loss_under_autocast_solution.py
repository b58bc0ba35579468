import torch
from torch import nn

torch.manual_seed(0)
x, y, model = torch.randn(8, 4), torch.randn(8, 1), nn.Linear(4, 1)


# Your code:
# def loss_of(model, x, y):
#     return ...  # the mean squared error, by mixed precision
def loss_of(model, x, y):
    with torch.autocast(x.device.type, torch.bfloat16):
        return nn.functional.mse_loss(model(x), y)


# Check:
def check(fine, words):
    if not fine:
        raise SystemExit(f"Not yet: {words}")


seen = []
model.register_forward_hook(lambda *all: seen.append(all[2].detach()))
loss = loss_of(model, x, y)
check(loss is not ..., "write the loss in place of the three dots.")
check(seen, "the model was not called.")
kept = model.weight.dtype
words = f"the weights are {kept} now: small steps vanish."
check(kept == torch.float32, words)
why = "call it inside of torch.autocast."
out = seen[-1]
check(out.dtype == torch.bfloat16, f"the model gave {out.dtype}: {why}")
check(torch.is_tensor(loss), "loss_of returns no tensor.")
check(loss.dtype == torch.float32, f"the loss is {loss.dtype}: adding rounds.")
check(loss.shape == (), "the loss is no single number.")
real, said = nn.functional.mse_loss(out.float(), y).item(), loss.item()
why = f"the mean squared error in float32 is {real:.5f}."
check(abs(said - real) < 1e-5, f"the loss is {said:.5f}, but {why}")
check(loss.requires_grad, "the loss has no graph.")
loss.backward()
print("Right: the loss and the gradient are", model.weight.grad.dtype)
